//! The job's end in the job's own transaction.

use sqlx::PgConnection;

use super::lease_lost;
use crate::{
    bells, store,
    types::{JobError, Running},
};

impl Running {
    /// Ends the job well in the caller's transaction. The effect that the transaction writes and the end of the job commit
    /// together, or neither does. Call it last, commit, and return `Ok`.
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
    /// If the transaction does not commit, nothing has happened: the job still belongs to this run. A run that answers
    /// `Ok` all the same is tried again. The job's sequence stays locked from here to the end of the transaction.
    ///
    /// # Errors
    /// The lease is gone. The transaction is aborted, and a commit of it writes nothing. Or a statement failed.
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
