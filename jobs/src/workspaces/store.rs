//! SQL of the workspaces.

pub(super) mod invitations;
pub mod members;
pub mod tenants;

use crate::Work;
use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::{AssertSqlSafe, PgConnection, types::Json};

use super::{NewWorkspace, Profile, Settings, Workspace, WorkspaceView};

pub async fn create(
    conn: &mut PgConnection,
    new: &NewWorkspace<'_>,
) -> Result<WorkspaceId, sqlx::Error> {
    let id = WorkspaceId::new();
    sqlx::query!(
        "INSERT INTO workspaces (id, name, default_language, languages, country, currency)
         VALUES ($1, $2, $3, $4, $5, $6)",
        id.uuid(),
        new.name,
        new.default_language,
        new.languages,
        new.country,
        new.currency.code()
    )
    .execute(conn)
    .await?;
    Ok(id)
}

pub async fn get(work: &mut Work) -> Result<Workspace, sqlx::Error> {
    let workspace = work.workspace();
    let found = find(work.conn(), workspace).await?;
    found.ok_or(sqlx::Error::RowNotFound)
}

/// The zone of the workspace's clock, even of a deleted one.
pub(super) async fn time_zone(work: &mut Work) -> Result<String, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT time_zone FROM workspaces WHERE id = $1",
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

pub(super) async fn name_and_zone(work: &mut Work) -> Result<(String, String), sqlx::Error> {
    let row = sqlx::query!(
        "SELECT name, time_zone FROM workspaces WHERE id = $1",
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await?;
    Ok((row.name, row.time_zone))
}

/// The zone of the workspace's clock, and its settings.
pub(super) async fn hours(work: &mut Work) -> Result<(String, Settings), sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT time_zone, settings AS "settings: Json<Settings>" FROM workspaces WHERE id = $1"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await?;
    Ok((row.time_zone, row.settings.0))
}

/// Finds any workspace, in a transaction that sees it; `None` when it is deleted.
pub(super) async fn find(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
) -> Result<Option<Workspace>, sqlx::Error> {
    sqlx::query_as!(
        Workspace,
        r#"SELECT id AS "id: WorkspaceId", name, default_language, languages, country, currency,
                  suspended_at IS NOT NULL AS "suspended!"
           FROM workspaces WHERE id = $1 AND deleted_at IS NULL"#,
        workspace.uuid()
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn by_name(
    conn: &mut PgConnection,
    name: &str,
) -> Result<Option<WorkspaceId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: WorkspaceId" FROM workspaces WHERE name = $1 AND deleted_at IS NULL ORDER BY id LIMIT 1"#,
        name
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn insert(work: &mut Work, profile: &Profile) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO workspaces (id, name, default_language, languages, country, time_zone, currency, settings)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        work.workspace().uuid(),
        profile.name,
        profile.default_language,
        &profile.languages,
        profile.country,
        profile.time_zone,
        profile.currency,
        Json(&profile.settings) as Json<&Settings>
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn update(work: &mut Work, profile: &Profile) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE workspaces SET name = $2, default_language = $3, languages = $4, country = $5, time_zone = $6,
                               currency = $7, settings = $8, updated_at = clock_timestamp() WHERE id = $1",
        work.workspace().uuid(),
        profile.name,
        profile.default_language,
        &profile.languages,
        profile.country,
        profile.time_zone,
        profile.currency,
        Json(&profile.settings) as Json<&Settings>
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn view(
    work: &mut Work,
    to_change: bool,
) -> Result<Option<WorkspaceView>, sqlx::Error> {
    if to_change && !hold(work).await? {
        return Ok(None);
    }
    let row = sqlx::query!(
        r#"SELECT name, default_language, languages, country, time_zone, currency,
                  settings AS "settings: Json<Settings>", created_at, updated_at, version
           FROM workspaces WHERE id = $1 AND deleted_at IS NULL"#,
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| WorkspaceView {
        id: work.workspace(),
        name: row.name,
        default_language: row.default_language,
        languages: row.languages,
        country: row.country,
        time_zone: row.time_zone,
        currency: row.currency,
        settings: row.settings.0,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    }))
}

/// Locks a workspace that is not deleted, and returns whether there is one. Other transactions can still write rows that
/// point to it.
pub(crate) async fn hold(work: &mut Work) -> Result<bool, sqlx::Error> {
    let row = sqlx::query_scalar!(
        r#"SELECT 1 AS "one!" FROM workspaces WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE"#,
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.is_some())
}

/// Locks a deleted workspace and returns when it was deleted.
pub(crate) async fn hold_deleted(work: &mut Work) -> Result<Option<Timestamp>, sqlx::Error> {
    let deleted_at = sqlx::query_scalar!(
        "SELECT deleted_at FROM workspaces WHERE id = $1 AND deleted_at IS NOT NULL FOR NO KEY UPDATE",
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(deleted_at.flatten())
}

pub(crate) async fn set_deleted(work: &mut Work, at: Option<Timestamp>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE workspaces SET deleted_at = $2, updated_at = clock_timestamp() WHERE id = $1",
        work.workspace().uuid(),
        at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(crate) async fn deleted_before(
    conn: &mut PgConnection,
    before: Timestamp,
) -> Result<Vec<WorkspaceId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: WorkspaceId" FROM workspaces WHERE deleted_at <= $1 ORDER BY deleted_at LIMIT 1000"#,
        before
    )
    .fetch_all(conn)
    .await
}

/// All workspaces, each with the days for which it keeps the files of messages. `None`: it has not said.
pub(crate) async fn media_keep_days(
    conn: &mut PgConnection,
) -> Result<Vec<(WorkspaceId, Option<u32>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: WorkspaceId", (settings ->> 'media_keep_days')::int AS days
           FROM workspaces WHERE deleted_at IS NULL ORDER BY id"#
    )
    .fetch_all(conn)
    .await?;
    let days = rows
        .into_iter()
        .map(|row| (row.id, row.days.and_then(|days| u32::try_from(days).ok())));
    Ok(days.collect())
}

/// Deletes a batch of a workspace's rows. Returns their number.
pub(crate) async fn purge(
    work: &mut Work,
    table: &'static str,
    most: i64,
) -> Result<u64, sqlx::Error> {
    let column = if table == "workspaces" {
        "id"
    } else {
        "workspace_id"
    };
    // A ctid occurs in each partition. The other rows that it hits belong to the same workspace, and are to go as well.
    let statement = format!(
        "DELETE FROM {table} WHERE {column} = $1
         AND ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {column} = $1 LIMIT $2))"
    );
    let done = sqlx::query(AssertSqlSafe(statement))
        .bind(work.workspace().uuid())
        .bind(most)
        .execute(work.conn())
        .await?;
    Ok(done.rows_affected())
}
