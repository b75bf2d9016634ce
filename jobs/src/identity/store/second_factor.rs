//! SQL of authenticators, recovery codes and log-ins that wait for them.

use kazi_platform::{Timestamp, UserId};
use sqlx::PgConnection;

/// A secret that does not count yet, in the place of an earlier one that does not. `false` when there is one that does.
pub(in crate::identity) async fn enrol(
    conn: &mut PgConnection,
    now: Timestamp,
    user: UserId,
    sealed: &[u8],
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO totp_secrets AS t (user_id, secret, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET secret = $2, created_at = $3, last_step = 0 WHERE t.confirmed_at IS NULL",
        user.uuid(),
        sealed,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The sealed secret, and whether it counts.
pub(in crate::identity) async fn secret(
    conn: &mut PgConnection,
    user: UserId,
) -> Result<Option<(Vec<u8>, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT secret, confirmed_at IS NOT NULL AS "confirmed!" FROM totp_secrets WHERE user_id = $1"#,
        user.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.secret, row.confirmed)))
}

/// Accepts a step, once: of two at the same time the second waits, and finds it taken.
pub(in crate::identity) async fn accept(
    conn: &mut PgConnection,
    user: UserId,
    sealed: &[u8],
    step: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE totp_secrets SET last_step = $3 WHERE user_id = $1 AND secret = $2 AND last_step < $3",
        user.uuid(),
        sealed,
        step
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// It counts from now on. `false` when it does already.
pub(in crate::identity) async fn confirm(
    conn: &mut PgConnection,
    now: Timestamp,
    user: UserId,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE totp_secrets SET confirmed_at = $2 WHERE user_id = $1 AND confirmed_at IS NULL",
        user.uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes the authenticator and the recovery codes away.
pub(in crate::identity) async fn remove(
    conn: &mut PgConnection,
    user: UserId,
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM totp_secrets WHERE user_id = $1", user.uuid())
        .execute(&mut *conn)
        .await?;
    sqlx::query!("DELETE FROM recovery_codes WHERE user_id = $1", user.uuid())
        .execute(conn)
        .await?;
    Ok(())
}

/// New recovery codes in the place of all earlier ones.
pub(in crate::identity) async fn replace_recovery_codes(
    conn: &mut PgConnection,
    user: UserId,
    hashes: &[Vec<u8>],
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM recovery_codes WHERE user_id = $1", user.uuid())
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "INSERT INTO recovery_codes (user_id, hash) SELECT $1, hash FROM unnest($2::bytea[]) AS hash",
        user.uuid(),
        hashes
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(in crate::identity) async fn use_recovery_code(
    conn: &mut PgConnection,
    now: Timestamp,
    user: UserId,
    hash: &[u8],
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND hash = $2 AND used_at IS NULL",
        user.uuid(),
        hash,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::identity) async fn count_recovery_codes(
    conn: &mut PgConnection,
    user: UserId,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL"#,
        user.uuid()
    )
    .fetch_one(conn)
    .await
}

pub(in crate::identity) async fn insert_challenge(
    conn: &mut PgConnection,
    user: UserId,
    hash: &[u8],
    expires_at: Timestamp,
    remember: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO login_challenges (hash, user_id, expires_at, remember) VALUES ($1, $2, $3, $4)",
        hash,
        user.uuid(),
        expires_at,
        remember
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whose log-in waits for a second factor, and whether the device remembers them.
pub(in crate::identity) async fn challenged(
    conn: &mut PgConnection,
    now: Timestamp,
    hash: &[u8],
) -> Result<Option<(UserId, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT user_id AS "user: UserId", remember FROM login_challenges
           WHERE hash = $1 AND used_at IS NULL AND expires_at > $2"#,
        hash,
        now
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.user, row.remember)))
}

/// Uses a challenge up, once.
pub(in crate::identity) async fn use_challenge(
    conn: &mut PgConnection,
    now: Timestamp,
    hash: &[u8],
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE login_challenges SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2",
        hash,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all log-ins of a user that wait.
pub(in crate::identity) async fn drop_challenges(
    conn: &mut PgConnection,
    user: UserId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM login_challenges WHERE user_id = $1",
        user.uuid()
    )
    .execute(conn)
    .await?;
    Ok(())
}
