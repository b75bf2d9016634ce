//! The counts of a batch.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use crate::types::{BatchId, JobId, State};

/// The counts of a batch at one moment.
#[derive(Clone, Debug, Serialize)]
pub struct BatchView {
    /// The number of the batch.
    pub id: BatchId,
    /// When the batch was opened, by the database's clock.
    pub opened_at: DateTime<Utc>,
    /// When the batch was closed: from then on only its own jobs may add jobs.
    pub closed_at: Option<DateTime<Utc>>,
    /// When the last job had ended and the callback became ready.
    pub completed_at: Option<DateTime<Utc>>,
    /// The job that runs when the batch is complete.
    pub callback: Option<JobId>,
    /// How many jobs were ever enqueued into the batch.
    pub total: i64,
    /// How many jobs wait: scheduled, ready or blocked.
    pub pending: i64,
    /// How many jobs run now.
    pub running: i64,
    /// How many jobs ended well.
    pub done: i64,
    /// How many jobs are dead letters.
    pub dead: i64,
    /// How many jobs were cancelled.
    pub cancelled: i64,
}

/// The counts of a batch at one moment. `None`: there is no such batch. Only the running jobs are counted one by one,
/// and there are no more of them than slots.
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
        State::Running.number()
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
