//! SQL of the workspaces.

use kazi_platform::WorkspaceId;
use sqlx::PgConnection;

use super::{NewWorkspace, Workspace};

/// Makes a workspace.
///
/// # Errors
/// The database failed.
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

/// One workspace.
///
/// # Errors
/// The database failed, or there is none.
pub async fn get(conn: &mut PgConnection, id: WorkspaceId) -> Result<Workspace, sqlx::Error> {
    sqlx::query_as!(
        Workspace,
        r#"SELECT id AS "id: WorkspaceId", name, default_language, languages, country, currency
           FROM workspaces WHERE id = $1 AND deleted_at IS NULL"#,
        id.uuid()
    )
    .fetch_one(conn)
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
