//! Members: who is what in a workspace. Every change holds the workspace's row, so that the last owner is seen to be the
//! last also by two who are removed at the same moment.

use kazi_platform::{Timestamp, WorkspaceId, actor::ActorKind};
use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{WorkspaceError, store};
use crate::{Permission, Role, Work, audit::Change};

/// A member. Name and address are the user's.
#[derive(Clone, Debug, Serialize)]
pub struct MemberView {
    pub user: Uuid,
    /// What they are.
    pub role: Role,
    /// When they came.
    pub created_at: Timestamp,
    /// When their role was last changed.
    pub updated_at: Timestamp,
}

/// What a user is in a workspace; `None` for one who does not belong to it, and in a deleted one.
///
/// # Errors
/// The database failed.
pub async fn role_of(work: &mut Work, user: Uuid) -> Result<Option<Role>, sqlx::Error> {
    let workspace = work.workspace();
    role_in(work.conn(), workspace, user).await
}

/// As [`role_of`], in a transaction that sees all workspaces: when somebody calls, nobody knows yet where they belong.
///
/// # Errors
/// The database failed.
pub async fn role_in(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    user: Uuid,
) -> Result<Option<Role>, sqlx::Error> {
    store::members::role(conn, workspace, user, false).await
}

/// Up to which role somebody may give and take roles. The operator and jobs may do all.
///
/// # Errors
/// The database failed, or it is somebody who manages no members.
pub async fn authority(work: &mut Work) -> Result<Role, WorkspaceError> {
    let role = match (work.actor().kind, work.actor().id) {
        (ActorKind::Operator | ActorKind::System, _) => Some(Role::Owner),
        (ActorKind::Member, Some(user)) => role_of(work, user).await?,
        _ => None,
    };
    role.ok_or(WorkspaceError::Forbidden("only members may do this"))
}

/// The members in the order of their ids, from the one after `after`.
///
/// # Errors
/// The database failed.
pub async fn members(
    work: &mut Work,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<MemberView>, sqlx::Error> {
    store::members::list(work, after, limit).await
}

/// Gives a member another role.
///
/// # Errors
/// See [`WorkspaceError`]: nobody gives or takes a role above their own, and an owner stays.
pub async fn change_role(work: &mut Work, user: Uuid, role: Role) -> Result<(), WorkspaceError> {
    let was = held(work, user).await?;
    may(work, was.max(role)).await?;
    if was == role {
        return Ok(());
    }
    if was == Role::Owner {
        another_owner(work).await?;
    }
    store::members::set_role(work, user, role).await?;
    if role < was {
        store::invitations::revoke_of(work, user).await?;
    }
    let (before, after) = (json!({"role": was}), json!({"role": role}));
    let roles = (Some(&before), Some(&after));
    record(work, "members.change_role", user, roles).await
}

/// Takes a member out of the workspace. Everybody may take themselves out: that is how one leaves.
///
/// # Errors
/// See [`WorkspaceError`]: nobody removes who is above them, and an owner stays.
pub async fn remove(work: &mut Work, user: Uuid) -> Result<(), WorkspaceError> {
    let was = held(work, user).await?;
    let leaves = work.actor().kind == ActorKind::Member && work.actor().id == Some(user);
    if !leaves {
        may(work, was).await?;
    }
    if was == Role::Owner {
        another_owner(work).await?;
    }
    store::members::remove(work, user).await?;
    // Whoever is sent away must not come back by an invitation of their own.
    store::invitations::revoke_of(work, user).await?;
    let action = if leaves {
        "members.leave"
    } else {
        "members.remove"
    };
    let before = json!({"role": was});
    record(work, action, user, (Some(&before), None)).await
}

/// Makes another member an owner, and the one who asks an admin.
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn transfer(work: &mut Work, to: Uuid) -> Result<(), WorkspaceError> {
    let was = held(work, to).await?;
    may(work, Role::Owner).await?;
    let from = match (work.actor().kind, work.actor().id) {
        (ActorKind::Member, Some(from)) if from != to => from,
        _ => {
            return Err(WorkspaceError::Forbidden(
                "only an owner may hand the workspace over to another",
            ));
        }
    };
    store::members::set_role(work, to, Role::Owner).await?;
    store::members::set_role(work, from, Role::Admin).await?;
    let (before, after) = (
        json!({"role": was}),
        json!({"role": Role::Owner, "from": from}),
    );
    let roles = (Some(&before), Some(&after));
    record(work, "members.transfer", to, roles).await
}

/// The member's role, with the workspace held until the transaction ends.
async fn held(work: &mut Work, user: Uuid) -> Result<Role, WorkspaceError> {
    if !store::hold(work).await? {
        return Err(WorkspaceError::NotFound("workspace"));
    }
    role_of(work, user)
        .await?
        .ok_or(WorkspaceError::NotFound("member"))
}

/// Only an admin or owner, and only up to their own role.
pub(super) async fn may(work: &mut Work, up_to: Role) -> Result<(), WorkspaceError> {
    let own = authority(work).await?;
    if !own.allows(Permission::MEMBERS_MANAGE) {
        return Err(WorkspaceError::Forbidden(
            "only admins and owners manage members",
        ));
    }
    if up_to > own {
        return Err(WorkspaceError::Forbidden(
            "only an owner may do this with an owner",
        ));
    }
    Ok(())
}

async fn another_owner(work: &mut Work) -> Result<(), WorkspaceError> {
    match store::members::count_owners(work).await? {
        0 | 1 => Err(WorkspaceError::LastOwner),
        _ => Ok(()),
    }
}

async fn record(
    work: &mut Work,
    action: &'static str,
    user: Uuid,
    (before, after): (Option<&serde_json::Value>, Option<&serde_json::Value>),
) -> Result<(), WorkspaceError> {
    let change = Change {
        action,
        subject_kind: "user",
        subject: user,
        before,
        after,
    };
    Ok(work.audit(&change).await?)
}
