//! Workspaces: the tenants. Everything a business owns hangs on one.
//!
//! A user makes one and is its first owner ([`create_for`]); others come by invitation. Every workspace that is not
//! deleted has an owner: whoever changes members holds the workspace's row, so that two removals at the same time see one
//! another.

mod invitations;
mod members;
mod profile;
mod send_invitation;
mod store;

use kazi_platform::{
    Currency, Timestamp, WorkspaceId, actor::Actor, crypto::CryptoError, invalid::Invalid,
};
use kazi_queue::Registry;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Context, Role, Work, audit::Change, domain::Domain, notifications::Members,
    notifications::kinds, permission::permissions,
};
pub use invitations::{
    InvitationId, InvitationView, Invite, Invited, Offer, accept, by_token, decline, invitations,
    invite, resend, revoke,
};
pub use members::{
    MemberView, authority, change_role, members, remove, role_in, role_of, transfer,
};
pub use profile::{Changes, Profile, QuietHours, Settings, WorkspaceView, lock, update, view};
pub use send_invitation::SendInvitation;
pub use store::{create, get, members::in_role, members::memberships};
pub(crate) use store::{
    deleted_before, hold, hold_deleted, members::role as role_even_of_deleted, purge, set_deleted,
};

pub(crate) const DOMAIN: Domain = Domain {
    name: "workspaces",
    floor: 2,
    jobs,
    tables: &["invitations", "members"],
    offers: &[
        &PERMISSIONS,
        &NOTIFICATIONS,
        &Members {
            in_role: |work, least| Box::pin(in_role(work, least)),
        },
    ],
};

permissions! {
    /// Its name, languages and settings.
    WORKSPACE_READ = "workspace.read", Viewer;
    /// Changes them.
    WORKSPACE_WRITE = "workspace.write", Admin;
    /// Deletes the workspace.
    WORKSPACE_DELETE = "workspace.delete", Owner, step_up, not_for_keys;
    /// Makes another member the owner in one's own place.
    WORKSPACE_TRANSFER = "workspace.transfer", Owner, step_up, not_for_keys;
    /// Who belongs to it, and who is invited.
    MEMBERS_READ = "members.read", Viewer;
    /// Invites, changes roles up to one's own, removes.
    MEMBERS_MANAGE = "members.manage", Admin, not_for_keys;
    /// Credits, plan and invoices.
    BILLING_READ = "billing.read", Owner;
    /// Pays, and changes the plan.
    BILLING_MANAGE = "billing.manage", Owner, step_up, not_for_keys;
}

kinds! {
    /// Somebody has accepted an invitation.
    INVITATION_ACCEPTED = "invitation_accepted";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<SendInvitation>()
}

/// What the domains need to know of a workspace.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub id: WorkspaceId,
    /// What the business is called.
    pub name: String,
    /// What it speaks when a contact's language is not known.
    pub default_language: String,
    /// What it speaks: languages of ours.
    pub languages: Vec<String>,
    /// ISO 3166, for phone numbers without one.
    pub country: Option<String>,
    /// Of its prices.
    pub currency: String,
}

/// A workspace to be made.
#[derive(Clone, Debug)]
pub struct NewWorkspace<'a> {
    /// What the business is called.
    pub name: &'a str,
    /// What it speaks when a contact's language is not known.
    pub default_language: &'a str,
    /// All that it speaks, the default among them.
    pub languages: &'a [String],
    /// ISO 3166.
    pub country: Option<&'a str>,
    /// Of its prices.
    pub currency: Currency,
}

/// A workspace of a user.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Membership {
    /// Its id.
    pub workspace: WorkspaceId,
    /// What the business is called.
    #[schema(example = "Zuri Shop")]
    pub name: String,
    /// What the user is in it.
    pub role: Role,
    /// Deleted, but not purged: its owners can restore it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deleted_at: Option<Timestamp>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// A field breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no such workspace, member or invitation, or it is deleted.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Who asks may not.
    #[error("{0}")]
    Forbidden(&'static str),
    /// It would leave the workspace without an owner.
    #[error("a workspace needs an owner: make somebody else one first")]
    LastOwner,
    /// They belong to it already.
    #[error("this user is a member already")]
    AlreadyMember,
    /// There is an open invitation for this address.
    #[error("this address is invited already: send the invitation again, or revoke it")]
    AlreadyInvited,
    /// Whose time is over, or that is accepted, declined or revoked.
    #[error("this invitation is over: ask for another")]
    InvitationOver,
    /// It was sent to somebody else.
    #[error("this invitation was sent to another address")]
    OtherAddress,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// What is stored does not open with this program's master key.
    #[error(transparent)]
    Sealed(CryptoError),
}

/// Makes a workspace, whose first owner is the user, in a transaction of its own.
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn create_for(
    db: &PgPool,
    now: Timestamp,
    actor: &Actor,
    founder: Uuid,
    profile: &Profile,
) -> Result<WorkspaceId, WorkspaceError> {
    let id = WorkspaceId::new();
    let mut work = Work::begin(db, id, now, actor.clone()).await?;
    create_in(&mut work, founder, profile).await?;
    work.commit().await?;
    Ok(id)
}

/// As [`create_for`], in a transaction of the platform or of the workspace to be.
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn create_in(
    work: &mut Work,
    founder: Uuid,
    profile: &Profile,
) -> Result<(), WorkspaceError> {
    let profile = profile.checked()?;
    store::insert(work, &profile).await?;
    store::members::add(work, founder, Role::Owner).await?;
    let after = serde_json::json!({"name": profile.name, "owner": founder});
    Ok(record(work, "workspaces.create", None, Some(&after)).await?)
}

/// Whether there is such a workspace, and it is not deleted.
///
/// # Errors
/// The database failed.
pub async fn exists(conn: &mut PgConnection, workspace: WorkspaceId) -> Result<bool, sqlx::Error> {
    Ok(store::find(conn, workspace).await?.is_some())
}

/// The workspace of this name, if there is one: for the demo, which makes its own once.
///
/// # Errors
/// The database failed.
pub async fn by_name(
    conn: &mut PgConnection,
    name: &str,
) -> Result<Option<WorkspaceId>, sqlx::Error> {
    store::by_name(conn, name).await
}

/// Records a change of the workspace itself.
pub(crate) async fn record(
    work: &mut Work,
    action: &'static str,
    before: Option<&serde_json::Value>,
    after: Option<&serde_json::Value>,
) -> Result<(), sqlx::Error> {
    let change = Change {
        action,
        subject_kind: "workspace",
        subject: work.workspace().uuid(),
        before,
        after,
    };
    work.audit(&change).await
}

/// Makes a user a member without an invitation: for the demo and for tests. False for one who is one already.
///
/// # Errors
/// The database failed.
pub async fn join(work: &mut Work, user: Uuid, role: Role) -> Result<bool, sqlx::Error> {
    store::members::add(work, user, role).await
}

#[cfg(test)]
mod tests;
