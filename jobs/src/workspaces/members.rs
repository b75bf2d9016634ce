//! Members and their roles. Every change locks the workspace's row first, so two removals at the same moment cannot take the
//! last two owners.

use kazi_platform::{Timestamp, UserId, WorkspaceId, actor::ActorKind, invalid::Invalid};
use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{WorkspaceError, store};
use crate::{
    Permission, Role, Work,
    audit::Change,
    domain::{Future, offers},
    notifications::{self, Kind, Notification, To},
    violations::invalid,
};

type Unassign = for<'a> fn(&'a mut Work, UserId) -> Future<'a, Result<u64, sqlx::Error>>;

/// Domains whose rows have assignees offer this table.
#[derive(Clone, Copy)]
pub(crate) struct Assigned {
    /// Takes from a member what they still see to. Returns the number of rows.
    pub unassign: Unassign,
}

/// A member. Name and address are the user's.
#[derive(Clone, Debug, Serialize)]
pub struct MemberView {
    pub user: Uuid,
    pub role: Role,
    /// Since when the member is suspended.
    pub suspended_at: Option<Timestamp>,
    /// When the user became a member.
    pub created_at: Timestamp,
    /// When their role was last changed.
    pub updated_at: Timestamp,
}

/// Returns the role of a user; `None` when the user is no member or a suspended one, or the workspace is deleted.
pub async fn role_of(work: &mut Work, user: Uuid) -> Result<Option<Role>, sqlx::Error> {
    let workspace = work.workspace();
    let found = role_in(work.conn(), workspace, user).await?;
    Ok(found.map(|(role, _)| role))
}

/// Like [`role_of`], and whether the platform has suspended the workspace. In a transaction that sees all workspaces: the API
/// calls it before it knows the caller's workspace.
pub async fn role_in(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    user: Uuid,
) -> Result<Option<(Role, bool)>, sqlx::Error> {
    store::members::role(conn, workspace, user, false).await
}

/// Whether a user is a suspended member, in a transaction like that of [`role_in`].
pub async fn is_suspended_member(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    user: Uuid,
) -> Result<bool, sqlx::Error> {
    let held = store::members::held(conn, workspace, user).await?;
    Ok(matches!(held, Some((_, Some(_)))))
}

/// Why a user cannot see to a conversation or a ticket: only an active member can. `None`: they can, or it is nobody.
pub async fn refused_assignee(
    work: &mut Work,
    user: Option<UserId>,
) -> Result<Option<Invalid>, sqlx::Error> {
    if user.is_none() || assignee(work, user).await?.is_some() {
        return Ok(None);
    }
    let fault = ("unknown", "there is no such active member".to_owned());
    Ok(Some(invalid("/assignee_id", fault)))
}

/// The assignee as whom to tell. `None`: nobody, or somebody who is no active member any more.
pub async fn assignee(work: &mut Work, user: Option<UserId>) -> Result<Option<To>, sqlx::Error> {
    let Some(user) = user else { return Ok(None) };
    let role = role_of(work, user.uuid()).await?;
    Ok(role.map(|_| To::User(user.uuid())))
}

/// Like [`assignee`]. Without one, all members who answer customers are told.
pub async fn assignee_or_all(work: &mut Work, user: Option<UserId>) -> Result<To, sqlx::Error> {
    let assignee = assignee(work, user).await?;
    Ok(assignee.unwrap_or(To::Role(Role::Agent)))
}

/// Returns the highest role that the actor may give or take. The operator and jobs may do all.
///
/// # Errors
/// [`WorkspaceError::Forbidden`]: the actor is an API key, a customer or no member.
pub async fn authority(work: &mut Work) -> Result<Role, WorkspaceError> {
    let role = match (work.actor().kind, work.actor().id) {
        (ActorKind::Operator | ActorKind::System, _) => Some(Role::Owner),
        (ActorKind::Member, Some(user)) => role_of(work, user).await?,
        _ => None,
    };
    role.ok_or(WorkspaceError::Forbidden("only members may do this"))
}

/// Lists the members in the order of their ids. The page begins behind `after`.
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
/// [`WorkspaceError::Forbidden`]: one of the two roles is above the actor's own. [`WorkspaceError::LastOwner`].
pub async fn change_role(work: &mut Work, user: Uuid, role: Role) -> Result<(), WorkspaceError> {
    let (was, suspended) = locked(work, user).await?;
    may(work, was.max(role)).await?;
    if was == role {
        return Ok(());
    }
    if was == Role::Owner && suspended.is_none() {
        another_owner(work).await?;
    }
    store::members::set_role(work, user, role).await?;
    if role < was {
        store::invitations::revoke_of(work, user).await?;
    }
    changed(work, "members.change_role", user, (was, role)).await
}

/// Removes a member. Every member may remove themselves: that is how they leave. The API keys that they made end with them.
///
/// # Errors
/// [`WorkspaceError::Forbidden`]: the member's role is above the actor's own. [`WorkspaceError::LastOwner`].
pub async fn remove(work: &mut Work, user: Uuid) -> Result<(), WorkspaceError> {
    let (was, suspended) = locked(work, user).await?;
    let leaves = work.actor().kind == ActorKind::Member && work.actor().id == Some(user);
    if !leaves {
        may(work, was).await?;
    }
    if was == Role::Owner && suspended.is_none() {
        another_owner(work).await?;
    }
    unassign(work, user).await?;
    store::members::remove(work, user).await?;
    // A removed member must not come back by an invitation that they sent.
    store::invitations::revoke_of(work, user).await?;
    let action = if leaves {
        "members.leave"
    } else {
        "members.remove"
    };
    let before = json!({"role": was});
    work.audit(&Change::deleted(action, ("user", user), &before))
        .await?;
    Ok(())
}

/// Suspends a member, or takes it back. A suspended member may do nothing in the workspace from the next call on, and neither
/// may the API keys that they made; what they saw to has no assignee, and the admins are told. Their log-in stays: it may be
/// that of other workspaces too.
///
/// # Errors
/// [`WorkspaceError::Forbidden`]: it is the actor, or the member's role is above the actor's own. [`WorkspaceError::LastOwner`].
pub async fn set_suspended(
    work: &mut Work,
    user: Uuid,
    suspended: bool,
) -> Result<(), WorkspaceError> {
    let (role, since) = locked(work, user).await?;
    may(work, role).await?;
    if suspended == since.is_some() {
        return Ok(());
    }
    let (action, at) = match suspended {
        true => ("members.suspend", Some(work.now())),
        false => ("members.reinstate", None),
    };
    if suspended {
        if work.actor().kind == ActorKind::Member && work.actor().id == Some(user) {
            return Err(WorkspaceError::Forbidden("nobody suspends themselves"));
        }
        if role == Role::Owner {
            another_owner(work).await?;
        }
        // A suspended member must not come back by an invitation that they sent.
        store::invitations::revoke_of(work, user).await?;
    }
    store::members::set_suspended(work, user, at).await?;
    let (before, after) = (json!({"suspended_at": since}), json!({"suspended_at": at}));
    work.audit(&Change::updated(action, ("user", user), &before, &after))
        .await?;
    if suspended {
        let freed = unassign(work, user).await?;
        let data = json!({"user_id": UserId::from(user), "unassigned": freed});
        let title = match freed {
            0 => "A member was suspended.".to_owned(),
            _ => format!("A member was suspended. Without an assignee now: {freed}."),
        };
        let notification = Notification {
            kind: Kind::MEMBER_SUSPENDED,
            title: &title,
            data: &data,
        };
        notifications::notify(work, To::Role(Role::Admin), &notification).await?;
    }
    Ok(())
}

/// Takes from a member what they see to. Returns how much it was.
async fn unassign(work: &mut Work, user: Uuid) -> Result<u64, sqlx::Error> {
    let mut freed = 0;
    for assigned in offers::<Assigned>() {
        freed += (assigned.unassign)(work, user.into()).await?;
    }
    Ok(freed)
}

/// Makes another member an owner, and the actor an admin.
pub async fn transfer(work: &mut Work, to: Uuid) -> Result<(), WorkspaceError> {
    let (was, since) = locked(work, to).await?;
    may(work, Role::Owner).await?;
    if since.is_some() {
        return Err(WorkspaceError::Forbidden(
            "a suspended member cannot become the owner",
        ));
    }
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
    let action = "members.transfer";
    changed(work, action, from, (Role::Owner, Role::Admin)).await?;
    changed(work, action, to, (was, Role::Owner)).await
}

/// Locks the workspace. Returns the member's role, and since when they are suspended.
async fn locked(work: &mut Work, user: Uuid) -> Result<(Role, Option<Timestamp>), WorkspaceError> {
    if !store::hold(work).await? {
        return Err(WorkspaceError::NotFound("workspace"));
    }
    let workspace = work.workspace();
    store::members::held(work.conn(), workspace, user)
        .await?
        .ok_or(WorkspaceError::NotFound("member"))
}

/// Refuses an actor who is neither admin nor owner, or whose role is below `up_to`.
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

async fn changed(
    work: &mut Work,
    action: &'static str,
    user: Uuid,
    (was, is): (Role, Role),
) -> Result<(), WorkspaceError> {
    let (before, after) = (json!({"role": was}), json!({"role": is}));
    work.audit(&Change::updated(action, ("user", user), &before, &after))
        .await?;
    Ok(())
}
