//! The counts of a batch.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use crate::types::{BatchId, JobId, State};

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
