//! Members: who is what in a workspace. Every change holds the workspace's row, so that the last owner is seen to be the
//! last also by two who are removed at the same moment.

use kazi_platform::{
    Timestamp, WorkspaceId,
    actor::{Actor, ActorKind},
};
use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{WorkspaceError, store};
use crate::{
    Role,
    audit::{self, Change},
};

/// A member. Name and address are the user's.
#[derive(Clone, Debug, Serialize)]
pub struct MemberView {
    /// The user.
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
pub async fn role_of(
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
pub async fn authority(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
) -> Result<Role, WorkspaceError> {
    let role = match (actor.kind, actor.id) {
        (ActorKind::Operator | ActorKind::System, _) => Some(Role::Owner),
        (ActorKind::Member, Some(user)) => role_of(conn, workspace, user).await?,
        _ => None,
    };
    role.ok_or(WorkspaceError::Forbidden("only members may do this"))
}

/// The members in the order of their ids, from the one after `after`.
///
/// # Errors
/// The database failed.
pub async fn members(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<MemberView>, sqlx::Error> {
    store::members::list(conn, workspace, after, limit).await
}

/// Gives a member another role.
///
/// # Errors
/// See [`WorkspaceError`]: nobody gives or takes a role above their own, and an owner stays.
pub async fn change_role(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    user: Uuid,
    role: Role,
) -> Result<(), WorkspaceError> {
    let was = held(&mut *conn, workspace, user).await?;
    may(&mut *conn, workspace, actor, was.max(role)).await?;
    if was == role {
        return Ok(());
    }
    if was == Role::Owner {
        another_owner(&mut *conn, workspace).await?;
    }
    store::members::set_role(&mut *conn, workspace, user, role).await?;
    if role < was {
        store::invitations::revoke_of(&mut *conn, workspace, user).await?;
    }
    let (before, after) = (json!({"role": was}), json!({"role": role}));
    let roles = (Some(&before), Some(&after));
    record(conn, workspace, actor, "members.change_role", user, roles).await
}

/// Takes a member out of the workspace. Everybody may take themselves out: that is how one leaves.
///
/// # Errors
/// See [`WorkspaceError`]: nobody removes who is above them, and an owner stays.
pub async fn remove(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    user: Uuid,
) -> Result<(), WorkspaceError> {
    let was = held(&mut *conn, workspace, user).await?;
    let leaves = actor.kind == ActorKind::Member && actor.id == Some(user);
    if !leaves {
        may(&mut *conn, workspace, actor, was).await?;
    }
    if was == Role::Owner {
        another_owner(&mut *conn, workspace).await?;
    }
    store::members::remove(&mut *conn, workspace, user).await?;
    // Whoever is sent away must not come back by an invitation of their own.
    store::invitations::revoke_of(&mut *conn, workspace, user).await?;
    let action = if leaves {
        "members.leave"
    } else {
        "members.remove"
    };
    let before = json!({"role": was});
    record(conn, workspace, actor, action, user, (Some(&before), None)).await
}

/// Makes another member an owner, and the one who asks an admin.
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn transfer(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    to: Uuid,
) -> Result<(), WorkspaceError> {
    let was = held(&mut *conn, workspace, to).await?;
    may(&mut *conn, workspace, actor, Role::Owner).await?;
    let from = match (actor.kind, actor.id) {
        (ActorKind::Member, Some(from)) if from != to => from,
        _ => {
            return Err(WorkspaceError::Forbidden(
                "only an owner may hand the workspace over to another",
            ));
        }
    };
    store::members::set_role(&mut *conn, workspace, to, Role::Owner).await?;
    store::members::set_role(&mut *conn, workspace, from, Role::Admin).await?;
    let (before, after) = (
        json!({"role": was}),
        json!({"role": Role::Owner, "from": from}),
    );
    let roles = (Some(&before), Some(&after));
    record(conn, workspace, actor, "members.transfer", to, roles).await
}

/// The member's role, with the workspace held until the transaction ends.
async fn held(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    user: Uuid,
) -> Result<Role, WorkspaceError> {
    if !store::hold(&mut *conn, workspace).await? {
        return Err(WorkspaceError::NotFound("workspace"));
    }
    role_of(conn, workspace, user)
        .await?
        .ok_or(WorkspaceError::NotFound("member"))
}

/// Only an admin or owner, and only up to their own role.
pub(super) async fn may(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    up_to: Role,
) -> Result<(), WorkspaceError> {
    let own = authority(conn, workspace, actor).await?;
    if !own.allows(super::Permission::MembersManage) {
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

async fn another_owner(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
) -> Result<(), WorkspaceError> {
    match store::members::count_owners(conn, workspace).await? {
        0 | 1 => Err(WorkspaceError::LastOwner),
        _ => Ok(()),
    }
}

async fn record(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
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
    Ok(audit::record(conn, Some(workspace), actor, &change).await?)
}
