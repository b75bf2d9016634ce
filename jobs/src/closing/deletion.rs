//! An owner deletes a workspace, and can restore it within 30 days. Until then the workspace looks gone to its members, and
//! its channels neither send nor receive.

use chrono::TimeDelta;
use kazi_platform::actor::ActorKind;
use serde_json::json;

use crate::{
    Role, Work,
    audit::Change,
    channels,
    workspaces::{self, RESTORABLE_DAYS, WorkspaceError, authority},
};

/// Marks the workspace as deleted and takes its channels out of use.
///
/// # Errors
/// See [`WorkspaceError`]: only an owner may.
pub async fn delete(work: &mut Work) -> Result<(), WorkspaceError> {
    if !workspaces::hold(work).await? {
        return Err(WorkspaceError::NotFound("workspace"));
    }
    if authority(work).await? != Role::Owner {
        return Err(WorkspaceError::Forbidden(
            "only an owner may delete the workspace",
        ));
    }
    workspaces::set_deleted(work, Some(work.now())).await?;
    channels::close_all(work).await?;
    let (before, after) = (
        json!({"deleted_at": null}),
        json!({"deleted_at": work.now()}),
    );
    let subject = ("workspace", work.workspace());
    work.audit(&Change::updated(
        "workspaces.delete",
        subject,
        &before,
        &after,
    ))
    .await?;
    Ok(())
}

/// Restores a deleted workspace. Its channels come back paused. A channel stays out of use when another workspace has
/// connected its number. The transaction is the platform's, because row-level security hides a deleted workspace.
///
/// # Errors
/// See [`WorkspaceError`]: only an owner may, and only within [`RESTORABLE_DAYS`].
pub async fn restore(work: &mut Work) -> Result<(), WorkspaceError> {
    let deleted_at = workspaces::hold_deleted(work)
        .await?
        .filter(|at| work.now() < *at + TimeDelta::days(RESTORABLE_DAYS))
        .ok_or(WorkspaceError::NotFound("workspace"))?;
    let role = match (work.actor().kind, work.actor().id) {
        (ActorKind::Operator, _) => Some(Role::Owner),
        (ActorKind::Member, Some(user)) => {
            let workspace = work.workspace();
            let found =
                workspaces::role_even_of_deleted(work.conn(), workspace, user, true).await?;
            found.map(|(role, _)| role)
        }
        _ => None,
    };
    // A caller who is not a member must not learn that the workspace exists.
    if role.ok_or(WorkspaceError::NotFound("workspace"))? != Role::Owner {
        return Err(WorkspaceError::Forbidden(
            "only an owner may restore the workspace",
        ));
    }
    workspaces::set_deleted(work, None).await?;
    channels::reopen_all(work).await?;
    let (before, after) = (
        json!({"deleted_at": deleted_at}),
        json!({"deleted_at": null}),
    );
    let subject = ("workspace", work.workspace());
    work.audit(&Change::updated(
        "workspaces.restore",
        subject,
        &before,
        &after,
    ))
    .await?;
    Ok(())
}
