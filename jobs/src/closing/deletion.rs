//! A workspace is deleted by an owner, and restored by one within 30 days. Meanwhile nobody is a member of it, and its
//! channels neither send nor receive.

use chrono::TimeDelta;
use kazi_platform::{
    Timestamp, WorkspaceId,
    actor::{Actor, ActorKind},
};
use sqlx::PgConnection;

use crate::{
    Role, channels,
    workspaces::{self, WorkspaceError, authority, record},
};

/// For how long a deleted workspace can be restored.
pub const RESTORABLE_DAYS: i64 = 30;

/// Deletes a workspace.
///
/// # Errors
/// See [`WorkspaceError`]: only an owner may.
pub async fn delete(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    actor: &Actor,
) -> Result<(), WorkspaceError> {
    if !workspaces::hold(&mut *conn, workspace).await? {
        return Err(WorkspaceError::NotFound("workspace"));
    }
    if authority(&mut *conn, workspace, actor).await? != Role::Owner {
        return Err(WorkspaceError::Forbidden(
            "only an owner may delete the workspace",
        ));
    }
    workspaces::set_deleted(&mut *conn, workspace, Some(now)).await?;
    channels::close_all(&mut *conn, workspace).await?;
    Ok(record(conn, workspace, actor, "workspaces.delete", None, None).await?)
}

/// Restores a deleted workspace. Its channels come back paused, but for those whose number another business has taken
/// meanwhile. In a transaction of the platform: to its members the workspace is not there.
///
/// # Errors
/// See [`WorkspaceError`]: only an owner may, and only within [`RESTORABLE_DAYS`].
pub async fn restore(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    actor: &Actor,
) -> Result<(), WorkspaceError> {
    let deleted_at = workspaces::hold_deleted(&mut *conn, workspace)
        .await?
        .filter(|at| now < *at + TimeDelta::days(RESTORABLE_DAYS))
        .ok_or(WorkspaceError::NotFound("workspace"))?;
    let role = match (actor.kind, actor.id) {
        (ActorKind::Operator, _) => Some(Role::Owner),
        (ActorKind::Member, Some(user)) => {
            workspaces::role_even_of_deleted(&mut *conn, workspace, user, true).await?
        }
        _ => None,
    };
    // Whoever does not belong to it is not told that there is one.
    if role.ok_or(WorkspaceError::NotFound("workspace"))? != Role::Owner {
        return Err(WorkspaceError::Forbidden(
            "only an owner may restore the workspace",
        ));
    }
    workspaces::set_deleted(&mut *conn, workspace, None).await?;
    channels::reopen_all(&mut *conn, workspace).await?;
    let before = serde_json::json!({"deleted_at": deleted_at});
    Ok(record(
        conn,
        workspace,
        actor,
        "workspaces.restore",
        Some(&before),
        None,
    )
    .await?)
}
