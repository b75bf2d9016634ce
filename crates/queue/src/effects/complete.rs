//! The job's end in the job's own transaction.

use sqlx::PgConnection;

use super::lease_lost;
use crate::{
    bells, store,
    types::{JobError, Running},
};

impl Running {
    /// Ends the job well in the caller's transaction: the effect which that transaction writes and the end of the job
    /// commit together, or neither does. Call it last, commit, and return `Ok`.
    ///
    /// ```no_run
    /// # use kazi_queue::{JobError, Running};
    /// async fn run(db: &sqlx::PgPool, job: &Running) -> Result<(), JobError> {
    ///     let mut tx = db.begin().await?;
    ///     sqlx::query("UPDATE accounts SET balance = balance + 1").execute(&mut *tx).await?;
    ///     job.complete_in(&mut tx).await?;
    ///     Ok(tx.commit().await?)
    /// }
    /// ```
    ///
    /// When the transaction does not commit the job is as if nothing had been said: it is still this run's to end, and a
    /// run that says `Ok` all the same is tried again. For a job of a sequence the sequence stays locked from here to the
    /// end of the transaction.
    ///
    /// # Errors
    /// The lease is gone: the transaction is aborted, and a commit of it writes nothing. Or the database failed.
    pub async fn complete_in(&self, conn: &mut PgConnection) -> Result<(), JobError> {
        let Some(completed) = store::effects::complete(conn, self).await? else {
            return Err(lease_lost());
        };
        // The bell rings before the commit, as an enqueue's does.
        bells::enqueued_at(completed.woken);
        self.fence.completed_in_transaction(completed.batch);
        Ok(())
    }
}
