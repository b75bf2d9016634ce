//! Adds up what has changed in batches, and finds their ends.

use std::collections::HashSet;

use sqlx::{Connection, PgConnection, PgPool};

use crate::types::{Level, State, sql};

/// The largest number of batches that one call adds up.
const MANY: i64 = 1_000;

/// What adding up did.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// Batches that an open transaction has locked. The caller has to add them up again: the transaction that holds the
    /// lock may not see the newest ends.
    pub locked: Vec<i64>,
    /// Where callbacks became ready.
    pub woken: HashSet<Level>,
}

/// Adds up what has committed in these batches, and makes the callbacks of complete ones ready.
pub(crate) async fn settle(conn: &mut PgConnection, ids: &[i64]) -> Result<Settled, sqlx::Error> {
    let mut tx = conn.begin().await?;
    let rows = sqlx::query!(
        r#"WITH locked AS MATERIALIZED (
               SELECT id FROM queue.batches WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
           )
           SELECT b.id, EXISTS (SELECT FROM locked l WHERE l.id = b.id) AS "locked!"
           FROM queue.batches b WHERE b.id = ANY($1)"#,
        ids
    )
    .fetch_all(&mut *tx)
    .await?;
    let (mine, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.locked);
    let mine: Vec<i64> = mine.into_iter().map(|row| row.id).collect();
    let woken = add_up(&mut tx, &mine).await?;
    tx.commit().await?;
    Ok(Settled {
        locked: others.into_iter().map(|row| row.id).collect(),
        woken,
    })
}

/// Adds up one batch in the caller's transaction. It waits for the lock of the batch and holds it. A process that ends the
/// last job meanwhile finds the lock and looks again after the commit. Answers where the callback became ready.
pub(crate) async fn settle_in(
    conn: &mut PgConnection,
    id: i64,
) -> Result<HashSet<Level>, sqlx::Error> {
    sqlx::query!(
        "SELECT id FROM queue.batches WHERE id = $1 FOR NO KEY UPDATE",
        id
    )
    .fetch_optional(&mut *conn)
    .await?;
    add_up(conn, &[id]).await
}

/// Adds up batches whose rows the transaction has locked. Its statements begin after the lock, so they see everything
/// that was committed before, also by the last holder of the lock.
async fn add_up(conn: &mut PgConnection, locked: &[i64]) -> Result<HashSet<Level>, sqlx::Error> {
    if locked.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = sqlx::query!(
        r#"WITH changes AS (
               DELETE FROM queue.batch_changes WHERE batch = ANY($1) RETURNING *
           ), sums AS (
               SELECT batch, sum(total)::bigint AS total, sum(done)::bigint AS done, sum(dead)::bigint AS dead,
                      sum(cancelled)::bigint AS cancelled, bool_or(closes) AS closes
               FROM changes GROUP BY batch
           )
           UPDATE queue.batches b
           SET total = b.total + s.total, done = b.done + s.done, dead = b.dead + s.dead,
               cancelled = b.cancelled + s.cancelled,
               closed_at = coalesce(b.closed_at, CASE WHEN s.closes THEN clock_timestamp() END)
           FROM sums s WHERE b.id = s.batch
           RETURNING b.id, b.closed_at IS NOT NULL AND b.completed_at IS NULL
                     AND b.total = b.done + b.dead + b.cancelled AS "complete!""#,
        locked
    )
    .fetch_all(&mut *conn)
    .await?;
    let complete: Vec<i64> = rows
        .into_iter()
        .filter(|row| row.complete)
        .map(|row| row.id)
        .collect();
    if complete.is_empty() {
        return Ok(HashSet::new());
    }
    // This happens once for a batch: the same statement sets `completed_at`, and from then on the batch does not count
    // as complete again. If somebody has cancelled the callback, it is not found.
    let woken = sql!(query_as<Level>,
        r#"WITH complete AS (
               UPDATE queue.batches SET completed_at = clock_timestamp() WHERE id = ANY($1) RETURNING callback
           )
           UPDATE queue.jobs j SET state = "# Ready r#", due = greatest(j.due, clock_timestamp())
           FROM complete c WHERE j.id = c.callback AND j.state = $2
           RETURNING j.pool, j.lane, j.priority"#,
        &complete,
        State::Blocked.number()
    )
    .fetch_all(conn)
    .await?;
    Ok(woken.into_iter().collect())
}

/// Adds up every batch that has changes, at most [`MANY`] of them. `None`: there was nothing to add up.
pub(crate) async fn settle_all(db: &PgPool) -> Result<Option<Settled>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "SELECT DISTINCT batch FROM queue.batch_changes ORDER BY batch LIMIT $1",
        MANY
    )
    .fetch_all(db)
    .await?;
    if ids.is_empty() {
        return Ok(None);
    }
    let mut conn = db.acquire().await?;
    let settled = settle(&mut conn, &ids).await?;
    // Changes of batches that were purged: a dead letter of theirs was replayed.
    sqlx::query!(
        "DELETE FROM queue.batch_changes c
         WHERE c.batch = ANY($1) AND NOT EXISTS (SELECT FROM queue.batches b WHERE b.id = c.batch)",
        &ids
    )
    .execute(&mut *conn)
    .await?;
    Ok(Some(settled).filter(|settled| settled.locked.len() < ids.len()))
}
