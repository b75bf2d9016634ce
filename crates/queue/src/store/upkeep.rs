//! Statements of the upkeep: locks, sweeping, depths.

use sqlx::PgConnection;

use crate::types::{Pool, sql};

/// "kaziqueu" in ASCII.
const LOCK: i64 = 0x6b61_7a69_7175_6575;
/// Counting stops here: enough for an alert, and cheap however long the backlog is.
const DEPTH_CAP: i64 = 10_000;

/// Waits for the lock of the upkeep and holds it until the transaction ends.
pub(crate) async fn lock(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_advisory_xact_lock($1)", LOCK)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes the lock of the upkeep until the transaction ends. False: another process has it.
pub(crate) async fn try_lock(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let mine = sqlx::query_scalar!(r#"SELECT pg_try_advisory_xact_lock($1) AS "mine!""#, LOCK)
        .fetch_one(&mut *conn)
        .await?;
    if mine {
        // Rows that others have locked are left for the next time: upkeep must not hold up an ack.
        sqlx::query!("SET LOCAL lock_timeout = '200ms'")
            .execute(conn)
            .await?;
    }
    Ok(mine)
}

/// Deletes sequences without jobs, and unique keys whose window has passed.
pub(crate) async fn sweep_keys(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sql!(query,
        "DELETE FROM queue.sequences WHERE key IN
           (SELECT key FROM queue.sequences WHERE pending = " Ready " LIMIT 5000 FOR UPDATE SKIP LOCKED)"
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "DELETE FROM queue.unique_keys k USING
           (SELECT kind, tenant, key FROM queue.unique_keys WHERE until <= now() LIMIT 5000 FOR UPDATE SKIP LOCKED) old
         WHERE k.kind = old.kind AND k.tenant = old.tenant AND k.key = old.key"
    )
    .execute(&mut *conn)
    .await?;
    Ok(())
}

/// Of these ready jobs: the pools and kinds that no process of the pool has known for a minute. Shorter gaps are
/// ignored, because processes come and go.
pub(crate) async fn unknown_kinds(
    conn: &mut PgConnection,
    heads: &[i64],
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sql!(query,
        "SELECT DISTINCT j.pool, j.kind FROM queue.jobs j
         WHERE j.id = ANY($1) AND j.state = " Ready " AND j.due < now() - interval '1 minute'
           AND NOT EXISTS (SELECT FROM queue.processes p WHERE j.pool = ANY(p.pools) AND j.kind = ANY(p.kinds))",
        heads
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.pool, row.kind)).collect())
}

/// What waits in a pool. Counts stop at [`DEPTH_CAP`].
pub(crate) struct Depth {
    pub pool: String,
    /// Jobs that are due.
    pub ready: i64,
    /// Lanes that are parked.
    pub parked: i64,
    /// Dead letters of all pools.
    pub dead: i64,
}

/// The depths of these pools.
pub(crate) async fn depths(
    conn: &mut PgConnection,
    pools: &[Pool],
) -> Result<Vec<Depth>, sqlx::Error> {
    let names: Vec<String> = pools.iter().map(|pool| pool.name().to_owned()).collect();
    sql!(query_as<Depth>,
        r#"SELECT w.pool AS "pool!",
                  (SELECT count(*) FROM (SELECT FROM queue.jobs j WHERE j.pool = w.pool AND j.state = "# Ready r#" LIMIT $2) capped)
                      AS "ready!",
                  (SELECT count(*) FROM queue.lanes l WHERE l.pool = w.pool AND l.parked_until > now()) AS "parked!",
                  (SELECT count(*) FROM (SELECT FROM queue.dead LIMIT $2) capped) AS "dead!"
           FROM unnest($1::text[]) AS w(pool)"#,
        &names,
        DEPTH_CAP
    )
    .fetch_all(conn)
    .await
}
