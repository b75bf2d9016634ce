//! SQL of the audit log.

use kazi_platform::{WorkspaceId, actor::Actor};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Change;

/// Writes a change down, in the transaction that makes it. No workspace where it concerns a user alone.
///
/// # Errors
/// The database failed.
pub async fn record(
    conn: &mut PgConnection,
    workspace: Option<WorkspaceId>,
    actor: &Actor,
    change: &Change<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO audit_log (id, workspace_id, actor_kind, actor_id, address, request_id, action, subject_kind,
                                subject_id, before, after)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        Uuid::now_v7(),
        workspace.map(WorkspaceId::uuid),
        actor.kind.word(),
        actor.id,
        actor.address.map(|address| address.to_string()),
        actor.request,
        change.action,
        change.subject_kind,
        change.subject,
        change.before,
        change.after
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Leaves only that, when and by whom something was changed, of the records of a subject: what it was is personal.
///
/// # Errors
/// The database failed.
pub async fn erase(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    subject: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE audit_log SET before = NULL, after = NULL
         WHERE workspace_id = $1 AND subject_id = $2 AND (before IS NOT NULL OR after IS NOT NULL)",
        workspace.uuid(),
        subject
    )
    .execute(conn)
    .await?;
    Ok(())
}
