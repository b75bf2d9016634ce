//! Batches: their rows, and the changes that are still to be added up.

mod cancel;
mod settle;
mod view;

use sqlx::PgConnection;

pub(crate) use cancel::{cancel, remove};
pub(crate) use settle::{settle, settle_all, settle_in};
pub use view::{BatchView, view};

use crate::types::{BatchId, JobId, State};

/// Writes a new batch, with the callback that is held back until the batch ends.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    callback: Option<JobId>,
) -> Result<BatchId, sqlx::Error> {
    if let Some(callback) = callback {
        sqlx::query!(
            "UPDATE queue.jobs SET state = $2 WHERE id = $1",
            callback.0,
            State::Blocked.number()
        )
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query_scalar!(
        "INSERT INTO queue.batches (callback) VALUES ($1) RETURNING id",
        callback.map(|job| job.0)
    )
    .fetch_one(conn)
    .await
    .map(BatchId)
}

/// Notes that the batch is closed. The next adding up sees it.
pub(crate) async fn note_close(conn: &mut PgConnection, id: BatchId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO queue.batch_changes (batch, closes) VALUES ($1, true)",
        id.0
    )
    .execute(&mut *conn)
    .await?;
    Ok(())
}

/// Deletes batches that were complete more than `keep_days` ago.
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
