//! SQL of the failed tries.

use kazi_platform::Timestamp;
use sqlx::PgConnection;

/// What is counted for a key.
#[derive(Clone, Copy, Debug)]
pub(in crate::identity) struct Count {
    pub failures: f64,
    pub updated_at: Timestamp,
    pub locked_until: Timestamp,
}

/// Locks the counts of these keys, which must be sorted and distinct, and answers them in this order; those that are not
/// there are made.
pub(in crate::identity) async fn lock(
    conn: &mut PgConnection,
    now: Timestamp,
    keys: &[Vec<u8>],
) -> Result<Vec<Count>, sqlx::Error> {
    sqlx::query!(
        "INSERT INTO login_attempts (key, updated_at, locked_until) SELECT key, $2, 'epoch' FROM unnest($1::bytea[]) AS key
         ON CONFLICT DO NOTHING",
        keys,
        now
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_as!(
        Count,
        "SELECT failures, updated_at, locked_until FROM login_attempts WHERE key = ANY($1) ORDER BY key FOR UPDATE",
        keys
    )
    .fetch_all(conn)
    .await
}

pub(in crate::identity) async fn write(
    conn: &mut PgConnection,
    keys: &[Vec<u8>],
    counts: &[Count],
) -> Result<(), sqlx::Error> {
    let failures: Vec<f64> = counts.iter().map(|count| count.failures).collect();
    let updated: Vec<Timestamp> = counts.iter().map(|count| count.updated_at).collect();
    let locked: Vec<Timestamp> = counts.iter().map(|count| count.locked_until).collect();
    sqlx::query!(
        "UPDATE login_attempts a SET failures = n.failures, updated_at = n.updated_at, locked_until = n.locked_until
         FROM unnest($1::bytea[], $2::float8[], $3::timestamptz[], $4::timestamptz[])
              AS n(key, failures, updated_at, locked_until)
         WHERE a.key = n.key",
        keys,
        &failures,
        &updated,
        &locked
    )
    .execute(conn)
    .await?;
    Ok(())
}
