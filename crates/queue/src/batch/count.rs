//! Adding up what has changed, finding the end, and looking at the counts.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{Connection, PgConnection, PgPool};

use super::BatchId;
use crate::{
    JobId, doorbell,
    enqueue::{BLOCKED, RUNNING},
    rounds::Level,
};

/// Batches that one look of upkeep adds up.
const MANY: i64 = 1_000;

/// Adds up what has committed in these batches, and lets the callbacks of those go which are complete. Answers the
/// batches whose rows were locked: whoever has jobs of them ended has to look again, since the one who holds the lock
/// may not see those ends.
pub(crate) async fn settle(conn: &mut PgConnection, ids: &[i64]) -> Result<Vec<i64>, sqlx::Error> {
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
    if !woken.is_empty() {
        doorbell::ready(woken);
    }
    Ok(others.into_iter().map(|row| row.id).collect())
}

/// As [`settle`] in the caller's transaction, which is the only one that sees its own changes so far: it waits for the
/// lock and holds it, so that whoever ends the last job meanwhile looks again after the commit.
pub(crate) async fn settle_in(conn: &mut PgConnection, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "SELECT id FROM queue.batches WHERE id = $1 FOR NO KEY UPDATE",
        id
    )
    .fetch_optional(&mut *conn)
    .await?;
    // It rings before the commit, as an enqueue does.
    doorbell::enqueued_at(add_up(conn, &[id]).await?);
    Ok(())
}

/// For batches whose rows the transaction has locked. Its statements begin after the lock, so they see all that was
/// committed before it, by whoever held it last as well.
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
    // Once: `completed_at` is set in the same statement, and from then on no sum is complete. A callback that somebody
    // has cancelled is not there any more.
    let woken = sqlx::query_as!(
        Level,
        r#"WITH complete AS (
               UPDATE queue.batches SET completed_at = clock_timestamp() WHERE id = ANY($1) RETURNING callback
           )
           UPDATE queue.jobs j SET state = 0, due = greatest(j.due, clock_timestamp())
           FROM complete c WHERE j.id = c.callback AND j.state = $2
           RETURNING j.pool, j.lane, j.priority"#,
        &complete,
        BLOCKED
    )
    .fetch_all(conn)
    .await?;
    Ok(woken.into_iter().collect())
}

/// Adds up whatever nobody has added up so far. True when there was something.
pub(crate) async fn settle_all(db: &PgPool) -> Result<bool, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "SELECT DISTINCT batch FROM queue.batch_changes ORDER BY batch LIMIT $1",
        MANY
    )
    .fetch_all(db)
    .await?;
    if ids.is_empty() {
        return Ok(false);
    }
    let mut conn = db.acquire().await?;
    let locked = settle(&mut conn, &ids).await?;
    // Of batches that were forgotten long ago: a dead letter of theirs was replayed.
    sqlx::query!(
        "DELETE FROM queue.batch_changes c
         WHERE c.batch = ANY($1) AND NOT EXISTS (SELECT FROM queue.batches b WHERE b.id = c.batch)",
        &ids
    )
    .execute(&mut *conn)
    .await?;
    Ok(locked.len() < ids.len())
}

/// Forgets batches that were complete long ago.
pub(crate) async fn purge(conn: &mut PgConnection, keep_days: u16) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM queue.batches WHERE id IN
           (SELECT id FROM queue.batches WHERE completed_at < now() - make_interval(days => $1)
            ORDER BY completed_at LIMIT 5000 FOR UPDATE SKIP LOCKED)",
        i32::from(keep_days)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Where a batch stands.
#[derive(Clone, Debug, Serialize)]
pub struct BatchView {
    /// Its number.
    pub id: BatchId,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was said that no more jobs come.
    pub closed_at: Option<DateTime<Utc>>,
    /// When the last job had ended, and the callback was let go.
    pub completed_at: Option<DateTime<Utc>>,
    /// The job that is called then.
    pub callback: Option<JobId>,
    /// All jobs that were ever enqueued into it.
    pub total: i64,
    /// Waiting: scheduled, ready or blocked.
    pub pending: i64,
    /// Running now.
    pub running: i64,
    /// Ended well.
    pub done: i64,
    /// Dead letters.
    pub dead: i64,
    /// Cancelled.
    pub cancelled: i64,
}

/// A batch's counts as of one moment: its row, and the few changes that are not added up yet. Only the running jobs are
/// counted, and of those there are no more than slots.
///
/// # Errors
/// The database failed.
pub async fn view(conn: &mut PgConnection, id: BatchId) -> Result<Option<BatchView>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT b.opened_at, b.closed_at, b.completed_at, b.callback,
                  b.total + coalesce(c.total, 0) AS "total!", b.done + coalesce(c.done, 0) AS "done!",
                  b.dead + coalesce(c.dead, 0) AS "dead!", b.cancelled + coalesce(c.cancelled, 0) AS "cancelled!",
                  (SELECT count(*) FROM queue.jobs j WHERE j.state = $2 AND j.batch = b.id) AS "running!"
           FROM queue.batches b
           CROSS JOIN LATERAL (
               SELECT sum(total)::bigint AS total, sum(done)::bigint AS done, sum(dead)::bigint AS dead,
                      sum(cancelled)::bigint AS cancelled
               FROM queue.batch_changes WHERE batch = b.id
           ) c
           WHERE b.id = $1"#,
        id.0,
        RUNNING
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| BatchView {
        id,
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        completed_at: row.completed_at,
        callback: row.callback.map(JobId),
        total: row.total,
        pending: row.total - row.done - row.dead - row.cancelled - row.running,
        running: row.running,
        done: row.done,
        dead: row.dead,
        cancelled: row.cancelled,
    }))
}
