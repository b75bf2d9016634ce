//! Invitations: a random token goes to an address; whoever comes back with it, and has that address, becomes a member.
//! Only the token's hash is stored.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, WorkspaceId, actor::Actor, id};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Role, WorkspaceError, members, store};
use crate::{
    audit::{self, Change},
    faults::Faults,
    notifications::{self, Kind, To},
};

id!(
    /// An invitation.
    pub struct InvitationId, "inv_"
);

/// How long one may be accepted.
const VALID_DAYS: i64 = 7;
/// RFC 5321, 4.5.3.1.3.
const MAX_ADDRESS: usize = 254;

/// Who is to be invited.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Where the invitation goes: the user who accepts it must have this address.
    pub email: String,
    /// What they become.
    pub role: Role,
}

/// An invitation as the members see it.
#[derive(Clone, Debug, Serialize)]
pub struct InvitationView {
    /// Its id.
    pub id: InvitationId,
    /// Where it went.
    pub email: String,
    /// What they become.
    pub role: Role,
    /// `open`, `accepted`, `declined` or `revoked`.
    pub status: String,
    /// Who sent it.
    pub invited_by: Option<Uuid>,
    /// Until when it may be accepted.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A fresh invitation with what is to be sent to the address, and shown to nobody else.
#[derive(Debug)]
pub struct Invited {
    /// The invitation.
    pub invitation: InvitationView,
    /// For the link.
    pub token: SecretString,
}

/// An invitation as the invited person sees it.
#[derive(Clone, Debug, Serialize)]
pub struct Offer {
    /// Where to.
    pub workspace: WorkspaceId,
    /// What the business is called.
    pub workspace_name: String,
    /// Which invitation.
    pub id: InvitationId,
    /// Whom it was sent to.
    pub email: String,
    /// What they become.
    pub role: Role,
    /// Who sent it.
    pub invited_by: Option<Uuid>,
    /// Until when.
    pub expires_at: Timestamp,
}

fn token() -> SecretString {
    hex(&rand::random::<[u8; 32]>()).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A random token of 256 bits needs no slow hash.
fn hash(token: &SecretString) -> Vec<u8> {
    Sha256::digest(token.expose_secret()).to_vec()
}

fn address(email: &str) -> String {
    email.trim().to_lowercase()
}

fn is_address(email: &str) -> bool {
    let Some((name, host)) = email.rsplit_once('@') else {
        return false;
    };
    email.len() <= MAX_ADDRESS
        && !email.contains(|c: char| c.is_whitespace() || c.is_control())
        && (1..=64).contains(&name.len())
        && !name.contains('@')
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
}

/// Invites an address.
///
/// # Errors
/// See [`WorkspaceError`]: nobody invites to a role above their own, and an address has one open invitation.
pub async fn invite(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    actor: &Actor,
    invite: &Invite,
) -> Result<Invited, WorkspaceError> {
    let email = address(&invite.email);
    let mut faults = Faults::default();
    faults.unless(
        is_address(&email),
        "/email",
        "email",
        "must be an e-mail address, like amina@example.com",
    );
    faults.end()?;
    members::may(&mut *conn, workspace, actor, invite.role).await?;
    if !store::hold(&mut *conn, workspace).await? {
        return Err(WorkspaceError::NotFound("workspace"));
    }
    store::invitations::revoke_expired(&mut *conn, workspace, &email, now).await?;
    let (id, token) = (InvitationId::new(), token());
    let fresh = store::invitations::Fresh {
        id,
        email: &email,
        role: invite.role,
        hash: &hash(&token),
        invited_by: actor.id,
        now,
        expires_at: now + TimeDelta::days(VALID_DAYS),
    };
    if !store::invitations::insert(&mut *conn, workspace, &fresh).await? {
        return Err(WorkspaceError::AlreadyInvited);
    }
    let after = json!({"email": email, "role": invite.role});
    record(
        &mut *conn,
        workspace,
        actor,
        "invitations.create",
        id,
        Some(&after),
    )
    .await?;
    let invitation = open(conn, workspace, id).await?;
    Ok(Invited { invitation, token })
}

/// Makes an open invitation's link anew, for another week; the one before is dead.
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn resend(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    actor: &Actor,
    id: InvitationId,
) -> Result<Invited, WorkspaceError> {
    let there = open(&mut *conn, workspace, id).await?;
    members::may(&mut *conn, workspace, actor, there.role).await?;
    let token = token();
    let until = now + TimeDelta::days(VALID_DAYS);
    store::invitations::renew(&mut *conn, workspace, id, &hash(&token), until, now).await?;
    record(&mut *conn, workspace, actor, "invitations.resend", id, None).await?;
    let invitation = open(conn, workspace, id).await?;
    Ok(Invited { invitation, token })
}

/// Takes an open invitation back.
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn revoke(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    actor: &Actor,
    id: InvitationId,
) -> Result<(), WorkspaceError> {
    let there = open(&mut *conn, workspace, id).await?;
    members::may(&mut *conn, workspace, actor, there.role).await?;
    store::invitations::end(&mut *conn, workspace, id, "revoked", now).await?;
    Ok(record(conn, workspace, actor, "invitations.revoke", id, None).await?)
}

/// The invitations of a workspace, newest first, from the one before `after`.
///
/// # Errors
/// The database failed.
pub async fn invitations(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    after: Option<InvitationId>,
    limit: i64,
) -> Result<Vec<InvitationView>, sqlx::Error> {
    store::invitations::list(conn, workspace, after, limit).await
}

/// What a token invites to. Whoever holds it belongs to no workspace yet, so this wants a transaction of the platform.
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn by_token(
    conn: &mut PgConnection,
    now: Timestamp,
    token: &SecretString,
) -> Result<Offer, WorkspaceError> {
    let (offer, status) = store::invitations::by_token(conn, &hash(token))
        .await?
        .ok_or(WorkspaceError::NotFound("invitation"))?;
    if status != "open" || offer.expires_at <= now {
        return Err(WorkspaceError::InvitationOver);
    }
    Ok(offer)
}

/// Makes the user a member. `email` is the user's confirmed address. In a transaction of the platform, as [`by_token`].
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn accept(
    conn: &mut PgConnection,
    now: Timestamp,
    token: &SecretString,
    user: Uuid,
    email: &str,
    actor: &Actor,
) -> Result<WorkspaceId, WorkspaceError> {
    let offer = addressed(&mut *conn, now, token, email).await?;
    let workspace = offer.workspace;
    // The row decides: of two who accept at the same moment, one changes it.
    if !store::invitations::end(&mut *conn, workspace, offer.id, "accepted", now).await? {
        return Err(WorkspaceError::InvitationOver);
    }
    if !store::members::add(&mut *conn, workspace, user, offer.role).await? {
        return Err(WorkspaceError::AlreadyMember);
    }
    let after = json!({"user": user, "role": offer.role});
    record(
        &mut *conn,
        workspace,
        actor,
        "invitations.accept",
        offer.id,
        Some(&after),
    )
    .await?;
    if let Some(inviter) = offer.invited_by {
        let title = format!("{} has joined", offer.email);
        let data = json!({"user": user, "role": offer.role});
        let news = notifications::News {
            kind: Kind::InvitationAccepted,
            title: &title,
            data: &data,
        };
        notifications::notify(conn, now, workspace, To::User(inviter), &news).await?;
    }
    Ok(workspace)
}

/// Says no. In a transaction of the platform, as [`by_token`].
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn decline(
    conn: &mut PgConnection,
    now: Timestamp,
    token: &SecretString,
    email: &str,
    actor: &Actor,
) -> Result<(), WorkspaceError> {
    let offer = addressed(&mut *conn, now, token, email).await?;
    store::invitations::end(&mut *conn, offer.workspace, offer.id, "declined", now).await?;
    let (workspace, id) = (offer.workspace, offer.id);
    Ok(record(conn, workspace, actor, "invitations.decline", id, None).await?)
}

async fn addressed(
    conn: &mut PgConnection,
    now: Timestamp,
    token: &SecretString,
    email: &str,
) -> Result<Offer, WorkspaceError> {
    let offer = by_token(conn, now, token).await?;
    if offer.email != address(email) {
        return Err(WorkspaceError::OtherAddress);
    }
    Ok(offer)
}

async fn open(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: InvitationId,
) -> Result<InvitationView, WorkspaceError> {
    let there = store::invitations::get(conn, workspace, id)
        .await?
        .ok_or(WorkspaceError::NotFound("invitation"))?;
    match there.status.as_str() {
        "open" => Ok(there),
        _ => Err(WorkspaceError::InvitationOver),
    }
}

async fn record(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    action: &'static str,
    id: InvitationId,
    after: Option<&serde_json::Value>,
) -> Result<(), sqlx::Error> {
    let change = Change {
        action,
        subject_kind: "invitation",
        subject: id.uuid(),
        before: None,
        after,
    };
    audit::record(conn, Some(workspace), actor, &change).await
}
