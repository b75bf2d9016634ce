//! SQL of idempotent calls.

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Call;

/// A call and its state.
pub(super) struct Kept {
    pub fingerprint: Vec<u8>,
    pub running_until: Timestamp,
    pub effective: bool,
    pub answer: Option<Vec<u8>>,
}

/// Returns true when the caller may run the call: it is new, its answer has expired, or its earlier attempt died
/// without an effect.
pub(super) async fn claim(
    conn: &mut PgConnection,
    call: &Call,
    attempt: Uuid,
    now: Timestamp,
    until: Timestamp,
    expires: Timestamp,
) -> Result<bool, sqlx::Error> {
    // One statement, so that of two calls at once the second waits for the first one's row and finds it taken.
    let claimed = sqlx::query!(
        "INSERT INTO idempotency_keys AS k
                (principal, key, workspace_id, fingerprint, attempt, running_until, expires_at)
         VALUES ($1, $2, $3, $4, $5, $7, $8)
         ON CONFLICT (principal, key) DO UPDATE
            SET workspace_id = EXCLUDED.workspace_id, fingerprint = EXCLUDED.fingerprint, attempt = EXCLUDED.attempt,
                running_until = EXCLUDED.running_until, expires_at = EXCLUDED.expires_at,
                effective = false, answer = NULL
          WHERE k.expires_at <= $6
             OR k.fingerprint = EXCLUDED.fingerprint AND k.answer IS NULL AND NOT k.effective
                AND k.running_until <= $6",
        call.principal,
        call.key,
        call.workspace.map(WorkspaceId::uuid),
        &call.fingerprint[..],
        attempt,
        now,
        until,
        expires
    )
    .execute(conn)
    .await?;
    Ok(claimed.rows_affected() > 0)
}

pub(super) async fn get(
    conn: &mut PgConnection,
    principal: &str,
    key: &str,
) -> Result<Option<Kept>, sqlx::Error> {
    sqlx::query_as!(
        Kept,
        "SELECT fingerprint, running_until, effective, answer FROM idempotency_keys
         WHERE principal = $1 AND key = $2",
        principal,
        key
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn mark(
    conn: &mut PgConnection,
    principal: &str,
    key: &str,
    attempt: Uuid,
) -> Result<(), sqlx::Error> {
    let marked = sqlx::query!(
        "UPDATE idempotency_keys SET effective = true WHERE principal = $1 AND key = $2 AND attempt = $3",
        principal,
        key,
        attempt
    )
    .execute(conn)
    .await?;
    // A later attempt has taken the call over and will run it.
    if marked.rows_affected() == 0 {
        return Err(sqlx::Error::RowNotFound);
    }
    Ok(())
}

pub(super) async fn keep(
    conn: &mut PgConnection,
    principal: &str,
    key: &str,
    attempt: Uuid,
    answer: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE idempotency_keys SET answer = $4 WHERE principal = $1 AND key = $2 AND attempt = $3",
        principal,
        key,
        attempt,
        answer
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn give_back(
    conn: &mut PgConnection,
    principal: &str,
    key: &str,
    attempt: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM idempotency_keys WHERE principal = $1 AND key = $2 AND attempt = $3 AND NOT effective",
        principal,
        key,
        attempt
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn forget(conn: &mut PgConnection, now: Timestamp) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query!(
        "DELETE FROM idempotency_keys WHERE (principal, key) IN
            (SELECT principal, key FROM idempotency_keys WHERE expires_at <= $1 LIMIT 5000)",
        now
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}
