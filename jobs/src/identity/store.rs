//! SQL of identity, a file for each kind of row. All of it runs as `kazi_platform`: who logs in belongs to no workspace yet.

pub(super) mod api_keys;
pub(super) mod attempts;
pub(super) mod codes;
pub(super) mod second_factor;
pub(super) mod sessions;
pub(super) mod users;

use kazi_platform::Timestamp;
use sqlx::PgConnection;

/// Rows of one statement of a purge: none holds its locks for long.
const BATCH: i64 = 5_000;

/// What is older than these is of no use any more.
pub(super) struct Limits {
    pub codes: Timestamp,
    pub tokens: Timestamp,
    pub attempts: Timestamp,
}

/// Deletes a batch of each kind; answers how many rows went.
pub(super) async fn purge(conn: &mut PgConnection, limits: &Limits) -> Result<u64, sqlx::Error> {
    let codes = sqlx::query!(
        "DELETE FROM one_time_codes WHERE id IN (SELECT id FROM one_time_codes WHERE created_at < $1 LIMIT $2)",
        limits.codes,
        BATCH
    )
    .execute(&mut *conn)
    .await?;
    let challenges = sqlx::query!(
        "DELETE FROM login_challenges WHERE hash IN (SELECT hash FROM login_challenges WHERE expires_at < $1 LIMIT $2)",
        limits.codes,
        BATCH
    )
    .execute(&mut *conn)
    .await?;
    let attempts = sqlx::query!(
        "DELETE FROM login_attempts WHERE key IN (SELECT key FROM login_attempts WHERE updated_at < $1 LIMIT $2)",
        limits.attempts,
        BATCH
    )
    .execute(&mut *conn)
    .await?;
    let tokens = sqlx::query!(
        "DELETE FROM refresh_tokens WHERE hash IN (SELECT hash FROM refresh_tokens WHERE expires_at < $1 LIMIT $2)",
        limits.tokens,
        BATCH
    )
    .execute(&mut *conn)
    .await?;
    // The tokens go first, so a session without any is one whose last token has been useless for as long.
    let sessions = sqlx::query!(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions s WHERE last_used_at < $1
             AND NOT EXISTS (SELECT FROM refresh_tokens t WHERE t.session_id = s.id) LIMIT $2)",
        limits.tokens,
        BATCH
    )
    .execute(conn)
    .await?;
    Ok([codes, challenges, attempts, tokens, sessions]
        .iter()
        .map(sqlx::postgres::PgQueryResult::rows_affected)
        .sum())
}
