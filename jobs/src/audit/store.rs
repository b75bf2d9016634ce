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
