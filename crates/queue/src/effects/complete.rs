//! The job's end in the job's own transaction.

use sqlx::PgConnection;

use super::lease_lost;
use crate::{
    ack::{self, Ack, Outcome},
    doorbell,
    job::JobError,
    running::Running,
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
        // In the order in which everybody locks: the sequence, then the job.
        if let Some(key) = &self.sequence {
            sqlx::query!(
                "SELECT key FROM queue.sequences WHERE key = $1 FOR UPDATE",
                key
            )
            .fetch_optional(&mut *conn)
            .await?;
        }
        let end = Ack {
            id: self.id.0,
            lease: self.fence.lease,
            sequence_key: self.sequence.clone(),
            outcome: Outcome::Done {
                keep: self.fence.keep,
            },
        };
        // The lease number is the fence: from here to the commit the row is locked, so nobody can take the job back,
        // and if somebody has done so, no row is found.
        let gone = ack::end(&mut *conn, &[&end], true).await?;
        let Some(gone) = gone.into_iter().next() else {
            // The server refuses the transaction from here on, also to a caller who overlooks our error.
            return match sqlx::query!("SELECT queue.lease_lost()")
                .execute(conn)
                .await
            {
                Err(error) if is_lease_lost(&error) => Err(lease_lost()),
                Err(error) => Err(error.into()),
                Ok(_) => Err(lease_lost()),
            };
        };
        // It rings before the commit, as an enqueue does.
        doorbell::enqueued_at(ack::promote(conn, gone.sequence_key.into_iter().collect()).await?);
        self.fence.completed_in_transaction(gone.batch);
        Ok(())
    }
}

fn is_lease_lost(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| code == "KZ001")
}
