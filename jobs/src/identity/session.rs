//! Sessions: families of refresh tokens, each good once.
//!
//! A token follows from its session, its number and the platform's key, so that one whose answer was lost can be given
//! again. A used token that is shown later is a copy: the session ends for the owner and the thief.

use kazi_platform::{Timestamp, UserId, WorkspaceId, actor::Actor, crypto::Keyring, database};
use secrecy::SecretString;
use serde_json::json;
use sqlx::PgConnection;

use super::{
    IdentityError, LoggedIn, Origin, Refreshed, SessionId, SessionView, UserState, audited,
    customers,
    model::{KNOWN_FOR, RefreshOutcome, Subject, end_of_session, end_of_token},
    secret,
    store::{
        sessions::{self, NewSession},
        users,
    },
};
use crate::{Context, audit::Change};

/// What a browser calls itself is cut here.
const USER_AGENT_LIMIT: usize = 300;

/// Begins a session, in the caller's transaction.
pub(super) async fn start(
    ctx: &Context,
    conn: &mut PgConnection,
    subject: Subject,
    stepped_up_at: Option<Timestamp>,
    remember: bool,
    origin: &Origin,
) -> Result<LoggedIn, IdentityError> {
    let now = ctx.clock.now();
    let id = SessionId::at(now);
    // A device that is known keeps what it has; any other gets its own, whatever it shows.
    let mut device = None;
    if let (Subject::User(user), Some(shown)) = (subject, &origin.device) {
        let hash = secret::hash(shown);
        let since = now - KNOWN_FOR;
        let (_, known) = sessions::knows(&mut *conn, user, since, None, Some(&hash)).await?;
        device = known.then(|| shown.clone());
    }
    let device = device.unwrap_or_else(secret::random);
    let user_agent = origin.user_agent.as_deref().map(|text| {
        let text: String = text.chars().take(USER_AGENT_LIMIT).collect();
        kazi_platform::without_nul(&text)
    });
    let ends_at = end_of_session(now, remember);
    let new = NewSession {
        id,
        subject,
        device_hash: &secret::hash(&device),
        user_agent: user_agent.as_deref(),
        address: origin.address,
        stepped_up_at,
        ends_at,
    };
    sessions::insert(&mut *conn, now, &new).await?;
    let refresh_token = derive(&mut *conn, &ctx.keyring, id, 1).await?;
    let refresh_expires_at = end_of_token(now, ends_at);
    let hash = secret::hash(&refresh_token);
    sessions::insert_token(conn, id, 1, &hash, refresh_expires_at).await?;
    Ok(LoggedIn {
        subject,
        session: id,
        refresh_token,
        refresh_expires_at,
        is_remembered: ends_at.is_none(),
        device,
    })
}

async fn derive(
    conn: &mut PgConnection,
    keyring: &Keyring,
    session: SessionId,
    generation: i32,
) -> Result<SecretString, IdentityError> {
    let data = [
        session.uuid().as_bytes().as_slice(),
        &generation.to_be_bytes(),
    ]
    .concat();
    let mac = keyring
        .mac(conn, WorkspaceId::PLATFORM, "refresh token", &data)
        .await?;
    Ok(secret::encode(&mac))
}

/// Turns a refresh token into the next one.
///
/// # Errors
/// [`IdentityError::SessionEnded`]: the token is none, too old, or was used before (then the session has ended just now);
/// the user is shut out. The database failed.
pub async fn refresh(
    ctx: &Context,
    token: &SecretString,
    origin: &Origin,
) -> Result<Refreshed, IdentityError> {
    let now = ctx.clock.now();
    let hash = secret::hash(token);
    // A token names no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let shown = sessions::shown(&mut tx, &hash).await?;
    let shown = shown.ok_or(IdentityError::SessionEnded)?;
    let alive = match shown.subject {
        Subject::User(user) => users::by_id(&mut tx, user)
            .await?
            .is_some_and(|user| user.disabled_at.is_none()),
        Subject::Customer { workspace, contact } => {
            customers::exists(&mut tx, workspace, contact).await?
        }
    };
    if !alive {
        return Err(IdentityError::SessionEnded);
    }
    let next = shown.generation.saturating_add(1);
    let refresh_token = derive(&mut tx, &ctx.keyring, shown.session, next).await?;
    let refresh_expires_at = match shown.turn(now) {
        RefreshOutcome::Next => {
            let expires_at = end_of_token(now, shown.ends_at);
            let hash_of_next = secret::hash(&refresh_token);
            sessions::rotate(&mut tx, now, &hash, shown.session, origin.address).await?;
            sessions::insert_token(&mut tx, shown.session, next, &hash_of_next, expires_at).await?;
            expires_at
        }
        RefreshOutcome::Again { expires_at } => expires_at,
        RefreshOutcome::Dead => return Err(IdentityError::SessionEnded),
        RefreshOutcome::Stolen => {
            tracing::warn!(session.id = %shown.session, "a used refresh token was shown: its session ends");
            let only = Some(shown.session);
            sessions::revoke(&mut tx, now, shown.subject, only, None, "reuse").await?;
            let change = revoked("identity.refresh_reused", shown.session, now);
            audited(&mut tx, &Actor::SYSTEM, &change).await?;
            tx.commit().await?;
            return Err(IdentityError::SessionEnded);
        }
    };
    tx.commit().await?;
    Ok(Refreshed {
        subject: shown.subject,
        session: shown.session,
        refresh_token,
        refresh_expires_at,
        is_remembered: shown.ends_at.is_none(),
    })
}

/// Ends a session of its owner: by logging out of it, or from another one.
///
/// # Errors
/// It is not theirs, or has ended.
pub async fn revoke_session(
    ctx: &Context,
    actor: &Actor,
    subject: Subject,
    session: SessionId,
) -> Result<(), IdentityError> {
    // A user's session belongs to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let now = ctx.clock.now();
    let ended = sessions::revoke(&mut tx, now, subject, Some(session), None, "revoked").await?;
    if ended.is_empty() {
        return Err(IdentityError::NotFound("session"));
    }
    let change = revoked("identity.revoke_session", session, now);
    audited(&mut tx, actor, &change).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all sessions of a user or customer. Returns their number.
pub async fn revoke_all_sessions(
    ctx: &Context,
    actor: &Actor,
    subject: Subject,
) -> Result<usize, IdentityError> {
    // A user's sessions belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let now = ctx.clock.now();
    let ended = sessions::revoke(&mut tx, now, subject, None, None, "revoked").await?;
    for session in &ended {
        let change = revoked("identity.revoke_session", *session, now);
        audited(&mut tx, actor, &change).await?;
    }
    tx.commit().await?;
    Ok(ended.len())
}

fn revoked(action: &'static str, session: SessionId, now: Timestamp) -> Change {
    let (before, after) = (json!({"revoked_at": null}), json!({"revoked_at": now}));
    Change::updated(action, ("session", session), &before, &after)
}

/// The sessions of a user that are alive, the newest first. `after`: the last id of the page before.
pub async fn list_sessions(
    conn: &mut PgConnection,
    now: Timestamp,
    user: UserId,
    after: Option<SessionId>,
    limit: i64,
) -> Result<Vec<SessionView>, sqlx::Error> {
    sessions::of_user(conn, user, now, after, limit).await
}

/// The user of a session; `None` when it has ended or the user is shut out. In a transaction of the platform.
pub async fn session_alive(
    conn: &mut PgConnection,
    now: Timestamp,
    session: SessionId,
) -> Result<Option<UserState>, sqlx::Error> {
    sessions::user_state(conn, session, now).await
}
