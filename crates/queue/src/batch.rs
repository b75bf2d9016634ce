//! Jobs that belong together: live counts, and one job that runs when the last of them has ended.
//!
//! A statement that enqueues or ends jobs of a batch inserts one row of changes, in its own transaction. It never updates
//! the batch, so nobody waits for anybody, however long that transaction is open. After the commit, the process that ended
//! the jobs adds the changes up under the lock of the batch's row, and makes the callback ready if all jobs have ended.
//! Changes become visible only by a commit, and the adding up goes one by one. So the last one sees all changes, and
//! exactly one finds the end. If a process dies before it looks, upkeep looks.

use sqlx::{Connection, PgConnection};

use crate::{
    bells, enqueue,
    job::{Job, prepare},
    store,
    types::{BatchId, EnqueueError, Options},
};

/// Opens, closes and cancels batches. Open a batch, enqueue with [`Options::batch`], and close it:
///
/// ```
/// # use kazi_queue::{Batch, Job, JobError, Pool, Running, enqueue_all_with};
/// # use serde::{Deserialize, Serialize};
/// # const MAIL: Pool = Pool::new("mail");
/// # #[derive(Serialize, Deserialize)] struct Letter { to: i64 }
/// # impl Job for Letter {
/// #     type Context = (); const NAME: &'static str = "letters.send"; const POOL: Pool = MAIL;
/// #     async fn run(&self, _: &(), _: &Running) -> Result<(), JobError> { Ok(()) }
/// # }
/// # #[derive(Serialize, Deserialize)] struct Report;
/// # impl Job for Report {
/// #     type Context = (); const NAME: &'static str = "letters.report"; const POOL: Pool = MAIL;
/// #     async fn run(&self, _: &(), _: &Running) -> Result<(), JobError> { Ok(()) }
/// # }
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let database = kazi_platform::testing::TestDatabase::new("queue", |db| async move { kazi_queue::migrate(&db).await }).await;
/// # let db = database.pool().clone();
/// let mut tx = db.begin().await?;
/// let batch = Batch::open(&mut tx, &Report).await?;
/// let letters = (1..=3).map(|to| (Letter { to }, Letter { to }.options().batch(batch)));
/// enqueue_all_with(&mut tx, letters.collect()).await?;
/// Batch::close(&mut tx, batch).await?;
/// tx.commit().await?;
/// let counts = kazi_queue::inspect::batch(&mut *db.acquire().await?, batch).await?;
/// # assert!(counts.is_some());
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Batch;

impl Batch {
    /// Opens a batch. The callback is written now. It becomes ready when the batch is closed and its last job has
    /// ended, well or not. It runs once for the batch, and reads the counts by [`crate::inspect::batch`]. A dead letter
    /// that is replayed afterwards is counted, but the callback does not run again.
    ///
    /// # Errors
    /// As [`Job::enqueue`]. Also if the callback has a sequence or a unique key.
    pub async fn open<J: Job>(
        conn: &mut PgConnection,
        callback: &J,
    ) -> Result<BatchId, EnqueueError> {
        Self::open_with(conn, callback, callback.options()).await
    }

    /// As [`Batch::open`], with other options than the callback's own. A delay counts from here.
    ///
    /// # Errors
    /// As [`Batch::open`].
    pub async fn open_with<J: Job>(
        conn: &mut PgConnection,
        callback: &J,
        options: Options,
    ) -> Result<BatchId, EnqueueError> {
        // The callback would enter the sequence or take the key now and keep it for the whole life of the batch. It
        // could also be a duplicate.
        if options.sequence.is_some() || options.unique.is_some() {
            return Err(EnqueueError::Callback {
                kind: J::NAME.into(),
            });
        }
        let prepared = prepare(callback, options)?;
        // One transaction, also for a caller without one: nobody may claim the callback before it is held back.
        let mut tx = conn.begin().await?;
        let callback = enqueue::insert_one(&mut tx, prepared).await?.id;
        let id = store::batch::insert(&mut tx, Some(callback)).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Opens a batch without a callback, for its counts or to cancel its jobs together.
    pub async fn open_without_callback(conn: &mut PgConnection) -> Result<BatchId, sqlx::Error> {
        store::batch::insert(conn, None).await
    }

    /// Closes a batch: from now on only its own jobs may add jobs. An empty batch is complete with this. Close it last,
    /// because nobody else can find the batch's end until the caller's transaction ends.
    pub async fn close(conn: &mut PgConnection, id: BatchId) -> Result<(), sqlx::Error> {
        let mut tx = conn.begin().await?;
        store::batch::note_close(&mut tx, id).await?;
        // The bell rings before the commit, as an enqueue's does.
        bells::enqueued_at(store::batch::settle_in(&mut tx, id.0).await?);
        tx.commit().await
    }

    /// Cancels the jobs of a batch: waiting ones at once, running ones by asking their processes. It also closes the
    /// batch; the callback runs when the last job has ended. Answers how many jobs had been waiting.
    ///
    /// In a transaction this is one step. Without one, a large batch is cancelled in several steps, and the call may be
    /// repeated.
    pub async fn cancel(conn: &mut PgConnection, id: BatchId) -> Result<u64, sqlx::Error> {
        let mut cancelled = 0;
        loop {
            let pass = store::batch::cancel(&mut *conn, id).await?;
            cancelled += pass.removed;
            if pass.removed + pass.told == 0 {
                break;
            }
        }
        Self::close(conn, id).await?;
        Ok(cancelled)
    }
}
