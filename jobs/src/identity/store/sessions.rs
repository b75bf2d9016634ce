//! SQL of the sessions and their refresh tokens.

use std::net::IpAddr;

use kazi_platform::{Timestamp, UserId, WorkspaceId};
use sqlx::PgConnection;

use crate::{
    contacts::ContactId,
    identity::{
        SessionId, SessionView, UserState,
        model::{REFRESH_LIFE, Shown, Subject},
    },
};

/// A session to be written.
pub(in crate::identity) struct NewSession<'a> {
    pub id: SessionId,
    pub subject: Subject,
    pub device_hash: &'a [u8],
    pub user_agent: Option<&'a str>,
    pub address: Option<IpAddr>,
    pub stepped_up_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
}

pub(in crate::identity) async fn insert(
    conn: &mut PgConnection,
    now: Timestamp,
    new: &NewSession<'_>,
) -> Result<(), sqlx::Error> {
    let (user, workspace, contact) = new.subject.columns();
    sqlx::query!(
        "INSERT INTO sessions (id, user_id, workspace_id, contact_id, device_hash, user_agent, address, created_at,
                               last_used_at, stepped_up_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)",
        new.id.uuid(),
        user,
        workspace,
        contact,
        new.device_hash,
        new.user_agent,
        new.address.map(|address| address.to_string()),
        now,
        new.stepped_up_at,
        new.ends_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Says whether the user has logged in from this address or with this device, and has not lost that session to a thief.
pub(in crate::identity) async fn knows(
    conn: &mut PgConnection,
    user: UserId,
    since: Timestamp,
    address: Option<IpAddr>,
    device_hash: Option<&[u8]>,
) -> Result<(bool, bool), sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT coalesce(bool_or(address = $3), false) AS "address!",
                  coalesce(bool_or(device_hash = $4), false) AS "device!"
           FROM sessions
           WHERE user_id = $1 AND created_at > $2 AND coalesce(revoked_reason, '') <> 'reuse'"#,
        user.uuid(),
        since,
        address.map(|address| address.to_string()),
        device_hash
    )
    .fetch_one(conn)
    .await?;
    Ok((row.address, row.device))
}

pub(in crate::identity) async fn insert_token(
    conn: &mut PgConnection,
    session: SessionId,
    generation: i32,
    hash: &[u8],
    expires_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO refresh_tokens (hash, session_id, generation, expires_at) VALUES ($1, $2, $3, $4)",
        hash,
        session.uuid(),
        generation,
        expires_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The token with this hash and its session, both locked: of two who show it at once the second sees what the first did.
pub(in crate::identity) async fn shown(
    conn: &mut PgConnection,
    hash: &[u8],
) -> Result<Option<Shown>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT s.id AS "session: SessionId", s.user_id AS "user: UserId", s.workspace_id AS "workspace: WorkspaceId",
                  s.contact_id AS "contact: ContactId", s.revoked_at, s.ends_at, t.generation, t.expires_at, t.used_at
           FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = $1 FOR UPDATE OF s, t"#,
        hash
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(subject) = Subject::of(row.user, row.workspace, row.contact) else {
        return Ok(None);
    };
    // A statement of its own: it must see what was committed while the one before waited.
    let next = sqlx::query!(
        "SELECT used_at, expires_at FROM refresh_tokens WHERE session_id = $1 AND generation = $2",
        row.session.uuid(),
        row.generation + 1
    )
    .fetch_optional(conn)
    .await?;
    Ok(Some(Shown {
        session: row.session,
        subject,
        generation: row.generation,
        revoked: row.revoked_at.is_some(),
        ends_at: row.ends_at,
        expires_at: row.expires_at,
        used_at: row.used_at,
        next_used: next.as_ref().is_some_and(|next| next.used_at.is_some()),
        next_expires_at: next.map(|next| next.expires_at),
    }))
}

pub(in crate::identity) async fn rotate(
    conn: &mut PgConnection,
    now: Timestamp,
    hash: &[u8],
    session: SessionId,
    address: Option<IpAddr>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1",
        hash,
        now
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE sessions SET last_used_at = $2, address = coalesce($3, address) WHERE id = $1",
        session.uuid(),
        now,
        address.map(|address| address.to_string())
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends sessions: the one named, or all of the subject's; never `except`. Answers those that were alive.
pub(in crate::identity) async fn revoke(
    conn: &mut PgConnection,
    now: Timestamp,
    subject: Subject,
    only: Option<SessionId>,
    except: Option<SessionId>,
    reason: &str,
) -> Result<Vec<SessionId>, sqlx::Error> {
    let (user, workspace, contact) = subject.columns();
    sqlx::query_scalar!(
        r#"UPDATE sessions SET revoked_at = $1, revoked_reason = $2
           WHERE revoked_at IS NULL AND (user_id = $3 OR (workspace_id = $4 AND contact_id = $5))
             AND ($6::uuid IS NULL OR id = $6) AND ($7::uuid IS NULL OR id <> $7)
           RETURNING id AS "id: SessionId""#,
        now,
        reason,
        user,
        workspace,
        contact,
        only.map(SessionId::uuid),
        except.map(SessionId::uuid)
    )
    .fetch_all(conn)
    .await
}

pub(in crate::identity) async fn of_user(
    conn: &mut PgConnection,
    user: UserId,
    now: Timestamp,
    after: Option<SessionId>,
    limit: i64,
) -> Result<Vec<SessionView>, sqlx::Error> {
    sqlx::query_as!(
        SessionView,
        r#"SELECT id AS "id: SessionId", user_agent, address, created_at, last_used_at, ends_at
           FROM sessions
           WHERE user_id = $1 AND revoked_at IS NULL AND last_used_at > $2 AND (ends_at IS NULL OR ends_at > $3)
             AND ($4::uuid IS NULL OR id < $4)
           ORDER BY id DESC LIMIT $5"#,
        user.uuid(),
        now - REFRESH_LIFE,
        now,
        after.map(SessionId::uuid),
        limit
    )
    .fetch_all(conn)
    .await
}

pub(in crate::identity) async fn user_state(
    conn: &mut PgConnection,
    session: SessionId,
    now: Timestamp,
) -> Result<Option<UserState>, sqlx::Error> {
    sqlx::query_as!(
        UserState,
        r#"SELECT u.id AS "user: UserId", s.id AS "session: SessionId", u.is_staff, u.locale, s.stepped_up_at,
                  EXISTS (SELECT FROM totp_secrets t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS "totp!"
           FROM sessions s JOIN users u ON u.id = s.user_id
           WHERE s.id = $1 AND s.revoked_at IS NULL AND s.last_used_at > $2 AND (s.ends_at IS NULL OR s.ends_at > $3)
             AND u.disabled_at IS NULL"#,
        session.uuid(),
        now - REFRESH_LIFE,
        now
    )
    .fetch_optional(conn)
    .await
}

pub(in crate::identity) async fn customer(
    conn: &mut PgConnection,
    session: SessionId,
    now: Timestamp,
) -> Result<Option<(WorkspaceId, ContactId)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", contact_id AS "contact: ContactId" FROM sessions
           WHERE id = $1 AND contact_id IS NOT NULL AND revoked_at IS NULL AND last_used_at > $2
             AND (ends_at IS NULL OR ends_at > $3)"#,
        session.uuid(),
        now - REFRESH_LIFE,
        now
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| Some((row.workspace?, row.contact?))))
}

pub(in crate::identity) async fn step_up(
    conn: &mut PgConnection,
    now: Timestamp,
    user: UserId,
    session: SessionId,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE sessions SET stepped_up_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL",
        session.uuid(),
        user.uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
