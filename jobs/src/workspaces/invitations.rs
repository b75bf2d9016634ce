//! Invitations: a token goes to an address; whoever comes back with it, and has that address, becomes a member.
//!
//! A token follows from its row's id and the workspace's key, so none stands in a row or in a job, and a job that sends it
//! again sends the same. By its hash the row is found.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, UserId, WorkspaceId, actor::Actor, crypto::Keyring, id};
use kazi_queue::Job;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{SendInvitation, WorkspaceError, members, send_invitation::derive, store};
use crate::{
    Role,
    audit::{self, Change},
    faults::Faults,
    locale::LANGUAGES,
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
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Where the invitation goes: the user who accepts it must have this address.
    #[schema(format = Email, example = "amina@example.com", max_length = 254)]
    pub email: String,
    /// What they become: up to the inviter's own role.
    pub role: Role,
    /// In which the letter is written: `en`, `fr`, `es`, `pt`, `ar` or `hi`. Without one, the workspace's default.
    #[serde(default)]
    #[schema(example = "fr")]
    pub language: Option<String>,
}

/// An invitation as the members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitationView {
    /// Its id.
    #[schema(value_type = String, example = "inv_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub id: InvitationId,
    /// Where it went.
    pub email: String,
    /// What they become.
    pub role: Role,
    /// In which the letter is written.
    #[schema(example = "fr")]
    pub language: String,
    /// `open`, `accepted`, `declined` or `revoked`.
    #[schema(example = "open")]
    pub status: String,
    /// Who sent it.
    #[schema(value_type = Option<String>, example = "usr_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub invited_by: Option<UserId>,
    /// Until when it may be accepted.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
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
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Offer {
    /// Where to.
    #[schema(value_type = String, example = "wsp_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub workspace: WorkspaceId,
    /// What the business is called.
    #[schema(example = "Zuri Shop")]
    pub workspace_name: String,
    /// Which invitation.
    #[schema(value_type = String, example = "inv_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub id: InvitationId,
    /// Whom it was sent to.
    pub email: String,
    /// What they become.
    pub role: Role,
    /// Who sent it.
    #[schema(value_type = Option<String>, example = "usr_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub invited_by: Option<UserId>,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// A token of 256 bits that nobody can guess needs no slow hash.
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
    keyring: &Keyring,
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
    let asked = invite.language.as_deref();
    faults.unless(
        asked.is_none_or(|language| LANGUAGES.contains(&language)),
        "/language",
        "unknown_language",
        format!("must be of {}", LANGUAGES.join(", ")),
    );
    faults.end()?;
    members::may(&mut *conn, workspace, actor, invite.role).await?;
    let there = store::view(&mut *conn, workspace, true)
        .await?
        .ok_or(WorkspaceError::NotFound("workspace"))?;
    store::invitations::revoke_expired(&mut *conn, workspace, &email, now).await?;
    let id = InvitationId::at(now);
    let token = derive(&mut *conn, keyring, workspace, id, 0).await?;
    let fresh = store::invitations::Fresh {
        id,
        email: &email,
        role: invite.role,
        language: asked.unwrap_or(&there.default_language),
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
    post(&mut *conn, workspace, id, 0).await?;
    let (invitation, _) = open(conn, workspace, id).await?;
    Ok(Invited { invitation, token })
}

/// Has the letter sent, when the caller's transaction ends.
async fn post(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    invitation: InvitationId,
    generation: i32,
) -> Result<(), WorkspaceError> {
    let job = SendInvitation {
        workspace,
        invitation,
        generation,
    };
    let enqueued = job.enqueue(conn).await;
    enqueued.map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
    Ok(())
}

/// Sends an open invitation with a token anew, for another week; the one before is dead.
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn resend(
    conn: &mut PgConnection,
    keyring: &Keyring,
    now: Timestamp,
    workspace: WorkspaceId,
    actor: &Actor,
    id: InvitationId,
) -> Result<Invited, WorkspaceError> {
    let (there, generation) = open(&mut *conn, workspace, id).await?;
    members::may(&mut *conn, workspace, actor, there.role).await?;
    let generation = generation + 1;
    let token = derive(&mut *conn, keyring, workspace, id, generation).await?;
    let until = now + TimeDelta::days(VALID_DAYS);
    let renewed = (generation, hash(&token), until);
    store::invitations::renew(&mut *conn, workspace, id, &renewed, now).await?;
    record(&mut *conn, workspace, actor, "invitations.resend", id, None).await?;
    post(&mut *conn, workspace, id, generation).await?;
    let (invitation, _) = open(conn, workspace, id).await?;
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
    let (there, _) = open(&mut *conn, workspace, id).await?;
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
        let to = To::User(inviter.uuid());
        notifications::notify(conn, now, workspace, to, &news).await?;
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
) -> Result<(InvitationView, i32), WorkspaceError> {
    let (there, generation) = store::invitations::get(conn, workspace, id)
        .await?
        .ok_or(WorkspaceError::NotFound("invitation"))?;
    match there.status.as_str() {
        "open" => Ok((there, generation)),
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
