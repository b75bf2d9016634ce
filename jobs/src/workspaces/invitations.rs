//! Invitations: Kazi sends a token to an e-mail address. A user who shows the token and has that address becomes a member.
//!
//! A token is derived from its row's id and the workspace's key. So no row and no job contains it, and a repeated job sends
//! the same token. The row has the hash of the token, by which it is found.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, UserId, WorkspaceId, crypto::Keyring, id};
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
    Across, Role, Work,
    audit::Change,
    notifications::{self, Kind, To},
    violations::Violations,
};

id!(
    /// An invitation.
    pub struct InvitationId, "inv_"
);

/// Days in which an invitation can be accepted.
const VALID_DAYS: i64 = 7;
/// RFC 5321, 4.5.3.1.3.
const MAX_ADDRESS: usize = 254;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Where the invitation goes: the user who accepts it must have this address.
    #[schema(format = Email, example = "amina@example.com", max_length = 254)]
    pub email: String,
    /// The role of the new member: at most the inviter's own.
    pub role: Role,
    /// The language of the letter: `en`, `fr`, `es`, `pt`, `ar` or `hi`. Without one, the workspace's default.
    #[serde(default)]
    #[schema(example = "fr")]
    pub language: Option<String>,
}

/// An invitation as the members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitationView {
    pub id: InvitationId,
    pub email: String,
    /// The role of the new member.
    pub role: Role,
    /// The language of the letter.
    #[schema(example = "fr")]
    pub language: String,
    /// `open`, `accepted`, `declined` or `revoked`.
    #[schema(example = "open")]
    pub status: String,
    /// The member who sent it.
    pub invited_by_id: Option<UserId>,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A fresh invitation with its token, which only the invited person may see.
#[derive(Debug)]
pub struct Invited {
    pub invitation: InvitationView,
    pub token: SecretString,
}

/// An invitation as the invited person sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Offer {
    pub workspace_id: WorkspaceId,
    #[schema(example = "Zuri Shop")]
    pub workspace_name: String,
    pub id: InvitationId,
    pub email: String,
    /// The role of the new member.
    pub role: Role,
    /// The member who sent it.
    pub invited_by_id: Option<UserId>,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// A token has 256 random bits. It cannot be guessed, so it needs no slow hash.
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
/// [`WorkspaceError::Forbidden`]: the role is above the actor's own. [`WorkspaceError::AlreadyInvited`].
pub async fn invite(
    work: &mut Work,
    keyring: &Keyring,
    invite: &Invite,
) -> Result<Invited, WorkspaceError> {
    let email = address(&invite.email);
    let mut violations = Violations::default();
    violations.unless(
        is_address(&email),
        "/email",
        "email",
        "must be an e-mail address, like amina@example.com",
    );
    if let Some(language) = &invite.language {
        violations.language("/language", language);
    }
    violations.end()?;
    members::may(work, invite.role).await?;
    let there = store::view(work, true)
        .await?
        .ok_or(WorkspaceError::NotFound("workspace"))?;
    store::invitations::revoke_expired(work, &email).await?;
    let id = InvitationId::at(work.now());
    let token = derive(work, keyring, id, 0).await?;
    let fresh = store::invitations::Fresh {
        id,
        email: &email,
        role: invite.role,
        language: invite
            .language
            .as_deref()
            .unwrap_or(&there.default_language),
        hash: &hash(&token),
        invited_by: work.actor().id,
        now: work.now(),
        expires_at: work.now() + TimeDelta::days(VALID_DAYS),
    };
    if !store::invitations::insert(work, &fresh).await? {
        return Err(WorkspaceError::AlreadyInvited);
    }
    post(work, id, 0).await?;
    let (invitation, _) = open(work, id).await?;
    let (action, subject) = ("invitations.create", ("invitation", id));
    work.audit(&Change::created(action, subject, &invitation))
        .await?;
    Ok(Invited { invitation, token })
}

/// Enqueues the letter in the caller's transaction.
async fn post(
    work: &mut Work,
    invitation: InvitationId,
    generation: i32,
) -> Result<(), WorkspaceError> {
    let job = SendInvitation {
        workspace: work.workspace(),
        invitation,
        generation,
    };
    let enqueued = job.enqueue(work.conn()).await;
    enqueued.map_err(sqlx::Error::from)?;
    Ok(())
}

/// Sends an open invitation again with a new token, for another week. The earlier token is void.
pub async fn resend(
    work: &mut Work,
    keyring: &Keyring,
    id: InvitationId,
) -> Result<Invited, WorkspaceError> {
    let (there, generation) = open(work, id).await?;
    members::may(work, there.role).await?;
    let generation = generation + 1;
    let token = derive(work, keyring, id, generation).await?;
    let until = work.now() + TimeDelta::days(VALID_DAYS);
    let renewed = (generation, hash(&token), until);
    store::invitations::renew(work, id, &renewed).await?;
    post(work, id, generation).await?;
    let (invitation, _) = open(work, id).await?;
    let (action, subject) = ("invitations.resend", ("invitation", id));
    work.audit(&Change::updated(action, subject, &there, &invitation))
        .await?;
    Ok(Invited { invitation, token })
}

/// Revokes an open invitation.
pub async fn revoke(work: &mut Work, id: InvitationId) -> Result<(), WorkspaceError> {
    let (there, _) = open(work, id).await?;
    members::may(work, there.role).await?;
    store::invitations::end(work, id, "revoked").await?;
    Ok(ended(work, "invitations.revoke", id, "revoked").await?)
}

/// Lists the invitations of a workspace, the newest first. The page begins behind `after`.
pub async fn invitations(
    work: &mut Work,
    after: Option<InvitationId>,
    limit: i64,
) -> Result<Vec<InvitationView>, sqlx::Error> {
    store::invitations::list(work, after, limit).await
}

/// Finds the invitation of a token. The transaction is the platform's, because the invited person has no workspace yet.
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

/// Makes the user a member. `email` is the user's confirmed address. The caller commits the work.
pub async fn accept(
    across: Across,
    token: &SecretString,
    user: Uuid,
    email: &str,
) -> Result<Work, WorkspaceError> {
    let (mut work, offer) = addressed(across, token, email).await?;
    // Of two calls that accept at the same moment, one changes the row.
    if !store::invitations::end(&mut work, offer.id, "accepted").await? {
        return Err(WorkspaceError::InvitationOver);
    }
    if !store::members::add(&mut work, user, offer.role).await? {
        return Err(WorkspaceError::AlreadyMember);
    }
    ended(&mut work, "invitations.accept", offer.id, "accepted").await?;
    let after = json!({"role": offer.role});
    work.audit(&Change::created("members.join", ("user", user), &after))
        .await?;
    if let Some(inviter) = offer.invited_by_id {
        let title = format!("{} has joined", offer.email);
        let data = json!({"user": user, "role": offer.role});
        let notification = notifications::Notification {
            kind: Kind::INVITATION_ACCEPTED,
            title: &title,
            data: &data,
        };
        let to = To::User(inviter.uuid());
        notifications::notify(&mut work, to, &notification).await?;
    }
    Ok(work)
}

/// Declines an invitation. The caller commits the work.
pub async fn decline(
    across: Across,
    token: &SecretString,
    email: &str,
) -> Result<Work, WorkspaceError> {
    let (mut work, offer) = addressed(across, token, email).await?;
    if store::invitations::end(&mut work, offer.id, "declined").await? {
        ended(&mut work, "invitations.decline", offer.id, "declined").await?;
    }
    Ok(work)
}

async fn addressed(
    mut across: Across,
    token: &SecretString,
    email: &str,
) -> Result<(Work, Offer), WorkspaceError> {
    let now = across.now();
    let offer = by_token(across.conn(), now, token).await?;
    if offer.email != address(email) {
        return Err(WorkspaceError::OtherAddress);
    }
    Ok((across.within(offer.workspace_id), offer))
}

async fn open(work: &mut Work, id: InvitationId) -> Result<(InvitationView, i32), WorkspaceError> {
    let (there, generation) = store::invitations::get(work, id)
        .await?
        .ok_or(WorkspaceError::NotFound("invitation"))?;
    match there.status.as_str() {
        "open" => Ok((there, generation)),
        _ => Err(WorkspaceError::InvitationOver),
    }
}

async fn ended(
    work: &mut Work,
    action: &'static str,
    id: InvitationId,
    status: &str,
) -> Result<(), sqlx::Error> {
    let (before, after) = (json!({"status": "open"}), json!({"status": status}));
    work.audit(&Change::updated(
        action,
        ("invitation", id),
        &before,
        &after,
    ))
    .await
}
