//! SQL of the automations.

pub(super) mod course;
pub(super) mod credits;
pub(super) mod enrolments;
pub(super) mod figures;
pub(super) mod steps;

use kazi_platform::{Timestamp, WorkspaceId, texts::TextError, without_nul};
use sqlx::{PgConnection, types::Json};

use super::{
    Automation, AutomationId, AutomationStatus,
    model::{Definition, Trigger},
};
use crate::Work;

struct Row {
    id: AutomationId,
    name: String,
    status: String,
    reason: Option<String>,
    reason_detail: Option<String>,
    revision: i32,
    next_at: Option<Timestamp>,
    looked_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
    definition: Json<Definition>,
}

fn read(stored: &str) -> Result<AutomationStatus, sqlx::Error> {
    stored
        .parse()
        .map_err(|error: TextError| sqlx::Error::Decode(error.into()))
}

impl TryFrom<Row> for Automation {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let definition = row.definition.0;
        Ok(Self {
            id: row.id,
            name: row.name,
            status: read(&row.status)?,
            reason: row.reason,
            reason_detail: row.reason_detail,
            trigger: definition.trigger,
            steps: definition.steps,
            stop_when_answered: definition.stop_when_answered,
            reentry_after_days: definition.reentry_after_days,
            daily_entries: definition.daily_entries,
            revision: row.revision,
            next_at: row.next_at,
            looked_at: row.looked_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

macro_rules! automations {
    ($rest:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT a.id AS "id: AutomationId", a.name, a.status, a.reason, a.reason_detail, a.revision, a.next_at, a.looked_at,
                      a.created_at, a.updated_at, a.version, r.definition AS "definition: Json<Definition>"
               FROM automations a
               JOIN automation_revisions r ON r.workspace_id = a.workspace_id AND r.automation_id = a.id AND r.revision = a.revision "#
                + $rest,
            $($argument),*
        )
    };
}

/// The automations, newest first, from the given one on.
pub async fn list(
    work: &mut Work,
    status: Option<AutomationStatus>,
    after: Option<AutomationId>,
    limit: i64,
) -> Result<Vec<Automation>, sqlx::Error> {
    let rows = automations!(
        "WHERE a.workspace_id = $1 AND ($2::text IS NULL OR a.status = $2) AND ($3::uuid IS NULL OR a.id < $3)
         ORDER BY a.id DESC LIMIT $4",
        work.workspace().uuid(),
        status.map(AutomationStatus::name),
        after.map(AutomationId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(Automation::try_from).collect()
}

pub async fn count(work: &mut Work) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM automations WHERE workspace_id = $1"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

pub async fn get(work: &mut Work, id: AutomationId) -> Result<Option<Automation>, sqlx::Error> {
    let row = automations!(
        "WHERE a.workspace_id = $1 AND a.id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(Automation::try_from).transpose()
}

/// Locks and reads an automation. Every change of an automation, and every entry, holds its row.
pub async fn lock(work: &mut Work, id: AutomationId) -> Result<Option<Automation>, sqlx::Error> {
    // Alone first: a change that this waits for may give the row another revision.
    sqlx::query!(
        "SELECT FROM automations WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    get(work, id).await
}

/// Reads an automation, which stays as it is until the transaction ends. Many steps hold it at once.
pub(super) async fn hold(
    work: &mut Work,
    id: AutomationId,
) -> Result<Option<AutomationStatus>, sqlx::Error> {
    let status = sqlx::query_scalar!(
        "SELECT status FROM automations WHERE workspace_id = $1 AND id = $2 FOR SHARE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    status.as_deref().map(read).transpose()
}

/// What a revision does.
pub(super) async fn definition(
    work: &mut Work,
    id: AutomationId,
    revision: i32,
) -> Result<Option<Definition>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT definition AS "definition: Json<Definition>" FROM automation_revisions
           WHERE workspace_id = $1 AND automation_id = $2 AND revision = $3"#,
        work.workspace().uuid(),
        id.uuid(),
        revision
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(found.map(|found| found.0))
}

pub(super) async fn insert(
    work: &mut Work,
    id: AutomationId,
    name: &str,
    trigger: &Trigger,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO automations (workspace_id, id, name, trigger, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)",
        work.workspace().uuid(),
        id.uuid(),
        name,
        trigger.name(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Writes a revision, and deletes older ones that nobody has entered with.
pub(super) async fn write_revision(
    work: &mut Work,
    id: AutomationId,
    revision: i32,
    definition: &Definition,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO automation_revisions (workspace_id, automation_id, revision, definition) VALUES ($1, $2, $3, $4)",
        work.workspace().uuid(),
        id.uuid(),
        revision,
        Json(definition) as _
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM automation_revisions r WHERE workspace_id = $1 AND automation_id = $2 AND revision < $3
           AND NOT EXISTS (SELECT FROM enrolments e WHERE e.workspace_id = $1 AND e.automation_id = $2
                             AND e.revision = r.revision)",
        work.workspace().uuid(),
        id.uuid(),
        revision
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Writes a locked automation's name, and which revision it is at.
pub(super) async fn save(
    work: &mut Work,
    id: AutomationId,
    name: &str,
    revision: i32,
    trigger: &Trigger,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE automations SET name = $3, revision = $4, trigger = $5, updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        name,
        revision,
        trigger.name()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn delete(work: &mut Work, id: AutomationId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM automations WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn set_status(
    work: &mut Work,
    id: AutomationId,
    status: AutomationStatus,
    why: Option<(&str, &str)>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE automations SET status = $3, reason = $4, reason_detail = $5, updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        status.name(),
        why.map(|why| why.0),
        why.map(|why| without_nul(why.1))
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Sets the last and the next look of the trigger. That is no change that a member makes, so the version stays.
pub(super) async fn set_looks(
    work: &mut Work,
    id: AutomationId,
    looked_at: Option<Timestamp>,
    next_at: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE automations SET looked_at = $3, next_at = $4 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        looked_at,
        next_at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Active automations of all workspaces whose trigger is due. Needs a transaction of the platform.
pub(super) async fn due(
    conn: &mut PgConnection,
    now: Timestamp,
    after: Option<(Timestamp, AutomationId)>,
    limit: i64,
) -> Result<Vec<(WorkspaceId, AutomationId, Timestamp)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", id AS "id: AutomationId", next_at AS "next_at!" FROM automations
           WHERE status = 'active' AND next_at <= $1 AND ($2::timestamptz IS NULL OR (next_at, id) > ($2, $3))
           ORDER BY next_at, id LIMIT $4"#,
        now,
        after.map(|after| after.0),
        after.map(|after| after.1.uuid()),
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.workspace, row.id, row.next_at))
        .collect())
}

/// The revisions that send a template, of automations that are no drafts, in the order of their ids.
pub(super) async fn with_template(
    work: &mut Work,
    template: &str,
) -> Result<Vec<(AutomationId, i32, Definition)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT r.automation_id AS "id: AutomationId", r.revision, r.definition AS "definition: Json<Definition>"
           FROM automations a
           JOIN automation_revisions r ON r.workspace_id = a.workspace_id AND r.automation_id = a.id
           WHERE a.workspace_id = $1 AND a.status <> 'draft'
             AND r.definition->'steps' @> jsonb_build_array(jsonb_build_object('action', jsonb_build_object(
                     'content', jsonb_build_object('kind', 'template', 'name', $2::text))))
           ORDER BY r.automation_id, r.revision"#,
        work.workspace().uuid(),
        template
    )
    .fetch_all(work.conn())
    .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| (row.id, row.revision, row.definition.0))
        .collect())
}

pub(super) async fn name_of(
    work: &mut Work,
    id: AutomationId,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT name FROM automations WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The automations that are paused for a reason, the oldest first.
pub(super) async fn paused_for(
    work: &mut Work,
    reason: &str,
) -> Result<Vec<AutomationId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: AutomationId" FROM automations
           WHERE workspace_id = $1 AND status = 'paused' AND reason = $2 ORDER BY id"#,
        work.workspace().uuid(),
        reason
    )
    .fetch_all(work.conn())
    .await
}

/// Active automations whose trigger is of a kind.
pub(super) async fn waiting_for(
    work: &mut Work,
    trigger: &str,
) -> Result<Vec<AutomationId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: AutomationId" FROM automations
           WHERE workspace_id = $1 AND status = 'active' AND trigger = $2 ORDER BY id"#,
        work.workspace().uuid(),
        trigger
    )
    .fetch_all(work.conn())
    .await
}
