//! Workspaces: the tenants. Everything that a business owns belongs to one.
//!
//! A user makes a workspace and is its first owner ([`create_for`]). Other users come by invitation. Every workspace that is
//! not deleted has an owner: each change of members locks the workspace's row, so two removals at the same time see each
//! other.

mod frequency;
mod hours;
mod invitations;
mod members;
mod profile;
mod send_invitation;
mod store;
mod tenants;

use kazi_platform::{
    Currency, Timestamp, WorkspaceId, actor::Actor, crypto::CryptoError, invalid::Invalid,
};
use kazi_queue::Registry;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Context, Role, Work,
    audit::Change,
    domain::{Domain, Future},
    notifications::{Members, kinds},
    permission::permissions,
};
pub use frequency::FrequencyCap;
pub use hours::{BusinessClock, BusinessHours, DayTime, Hours, Opening, SpecialDay, Stretch};
pub(crate) use hours::{check_day, check_week, joined, openings};
pub use invitations::{
    InvitationId, InvitationView, Invite, Invited, Offer, accept, by_token, decline, invitations,
    invite, resend, revoke,
};
pub(crate) use members::Assigned;
pub use members::{
    MemberView, assignee, assignee_or_all, authority, change_role, is_suspended_member, members,
    refused_assignee, remove, role_in, role_of, set_suspended, transfer,
};
pub use profile::{
    Changes, Profile, QuietHours, Settings, WorkspaceView, business_clock, closed_text, lock,
    time_zone, today, update, view,
};
pub use send_invitation::SendInvitation;
pub use store::{
    create, get,
    members::{in_role, memberships},
    tenants::{is_suspended, names},
};
pub(crate) use store::{
    deleted_before, hold, hold_deleted, media_keep_days,
    members::role as role_even_of_deleted,
    purge, set_deleted,
    tenants::{set_suspension, suspension},
};
pub use tenants::{Tenant, TenantFilter, TenantStatus, tenant, tenants};

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
            business: |work| Box::pin(profile::business(work)),
        },
    ],
};

/// What a domain keeps outside of the database, for the purge of a deleted workspace.
pub(crate) struct Purges {
    /// Deletes it. The rows of the workspace are still there.
    pub purge: for<'a> fn(&'a Context, WorkspaceId) -> Future<'a, Result<(), String>>,
}

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
    /// A member was suspended. What they saw to has no assignee.
    MEMBER_SUSPENDED = "member_suspended";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<SendInvitation>()
}

/// A workspace as the domains see it.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub id: WorkspaceId,
    /// The name of the business.
    pub name: String,
    /// The language for contacts whose own is unknown.
    pub default_language: String,
    /// Languages that both the business and Kazi speak.
    pub languages: Vec<String>,
    /// ISO 3166: the country of phone numbers that name none.
    pub country: Option<String>,
    /// The currency of its prices.
    pub currency: String,
    /// The platform's staff has suspended it: nothing is sent, and nobody is asked on its cost.
    pub suspended: bool,
}

/// A workspace to be made.
#[derive(Clone, Debug)]
pub struct NewWorkspace<'a> {
    /// The name of the business.
    pub name: &'a str,
    /// The language for contacts whose own is unknown.
    pub default_language: &'a str,
    /// All languages of the business, the default among them.
    pub languages: &'a [String],
    /// ISO 3166.
    pub country: Option<&'a str>,
    /// The currency of its prices.
    pub currency: Currency,
}

kazi_platform::texts! {
    /// Why a member cannot open a workspace.
    pub enum ShutOut {
        /// An admin of the workspace has suspended the member.
        MemberSuspended = "member_suspended",
        /// The platform's staff has suspended the workspace.
        WorkspaceSuspended = "workspace_suspended",
        /// An owner has deleted the workspace. It is not purged yet.
        WorkspaceDeleted = "workspace_deleted",
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Membership {
    pub workspace_id: WorkspaceId,
    /// The name of the business.
    #[schema(example = "Zuri Shop")]
    pub name: String,
    pub role: Role,
    /// Absent: the user can open it.
    pub shut_out: Option<ShutOut>,
    /// When it was deleted. It is not purged yet, so its owners can restore it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deleted_at: Option<Timestamp>,
    /// For owners of a deleted workspace. From this time on nobody can restore it, and Kazi purges it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub restorable_until: Option<Timestamp>,
}

/// Days in which an owner can restore a deleted workspace.
pub const RESTORABLE_DAYS: i64 = 30;

#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// A field breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no such workspace, member or invitation, or it is deleted.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The actor lacks the role for it.
    #[error("{0}")]
    Forbidden(&'static str),
    /// It would leave the workspace without an owner.
    #[error("a workspace needs an owner: make somebody else one first")]
    LastOwner,
    #[error("this user is a member already")]
    AlreadyMember,
    /// There is an open invitation for this address.
    #[error("this address is invited already: send the invitation again, or revoke it")]
    AlreadyInvited,
    /// The invitation has expired, or was accepted, declined or revoked.
    #[error("this invitation is over: ask for another")]
    InvitationOver,
    #[error("this invitation was sent to another address")]
    OtherAddress,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// What is stored does not open with this program's master key.
    #[error(transparent)]
    Sealed(CryptoError),
}

/// Makes a workspace in a transaction of its own. The user `founder` is its first owner.
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

/// Like [`create_for`], in the transaction of the caller: one of the platform or of the new workspace.
pub async fn create_in(
    work: &mut Work,
    founder: Uuid,
    profile: &Profile,
) -> Result<(), WorkspaceError> {
    let profile = profile.checked()?;
    store::insert(work, &profile).await?;
    store::members::add(work, founder, Role::Owner).await?;
    let after = serde_json::json!({"name": profile.name, "owner": founder});
    let (action, subject) = ("workspaces.create", ("workspace", work.workspace()));
    work.audit(&Change::created(action, subject, &after))
        .await?;
    Ok(())
}

/// Says whether the workspace exists and is not deleted.
pub async fn exists(conn: &mut PgConnection, workspace: WorkspaceId) -> Result<bool, sqlx::Error> {
    Ok(store::find(conn, workspace).await?.is_some())
}

/// Finds a workspace by its name. The demo uses it to make its workspace once.
pub async fn by_name(
    conn: &mut PgConnection,
    name: &str,
) -> Result<Option<WorkspaceId>, sqlx::Error> {
    store::by_name(conn, name).await
}

/// Makes a user a member without an invitation, for the demo and tests. Returns false when the user is a member already.
pub async fn join(work: &mut Work, user: Uuid, role: Role) -> Result<bool, sqlx::Error> {
    store::members::add(work, user, role).await
}

#[cfg(test)]
mod tests;
