//! Jobs that belong together: live counts, and one job that is called when the last of them has ended.
//!
//! What is counted is inserted as a row of changes in the transaction that enqueues or ends the jobs: one row a
//! statement, never an update, so that nobody waits for anybody, however long that transaction is open. After the
//! commit, whoever ended jobs of the batch adds up the changes under the lock of the batch's row ([`settle`]), and the
//! one who finds that all have ended lets the callback go. Changes become visible by commit only and the adding up goes
//! by turns, so the last one sees all: exactly one finds the end. If it dies before it looks, upkeep looks.

mod cancel;
mod count;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection};

pub use count::{BatchView, view};
pub(crate) use count::{purge, settle, settle_all, settle_in};

use crate::{
    JobId,
    enqueue::{self, BLOCKED, EnqueueError, Prepared},
    job::Job,
    options::Options,
};

/// A batch's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchId(pub i64);

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for BatchId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// The steps of a batch's life: open it, enqueue with [`Options::batch`], close it.
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
    /// Opens a batch. The callback is written down at once and becomes ready when the batch is closed and its last job
    /// has ended, well or not: it runs once for the batch, and reads the counts by [`crate::inspect::batch`]. A dead
    /// letter that is replayed afterwards is counted, and calls nobody again.
    ///
    /// # Errors
    /// As [`Job::enqueue`]; the callback asks for a sequence or a unique key.
    pub async fn open<J: Job>(
        conn: &mut PgConnection,
        callback: &J,
    ) -> Result<BatchId, EnqueueError> {
        Self::open_with(conn, callback, callback.options()).await
    }

    /// As [`Batch::open`], with other options than the callback's own. Its due time, if it has one, counts from here.
    ///
    /// # Errors
    /// As [`Batch::open`].
    pub async fn open_with<J: Job>(
        conn: &mut PgConnection,
        callback: &J,
        options: Options,
    ) -> Result<BatchId, EnqueueError> {
        // It would enter the sequence or take the key now, for the whole life of the batch, and could be a duplicate.
        if options.sequence.is_some() || options.unique.is_some() {
            return Err(EnqueueError::Callback {
                kind: J::NAME.into(),
            });
        }
        let prepared = Prepared::new(callback, options)?;
        // In one transaction also for a caller without one: nobody may claim the callback before it is held back.
        let mut tx = conn.begin().await?;
        let mut enqueued = enqueue::insert(&mut tx, vec![prepared]).await?;
        let callback = enqueued.pop().ok_or(sqlx::Error::RowNotFound)?.id;
        sqlx::query!(
            "UPDATE queue.jobs SET state = $2 WHERE id = $1",
            callback.0,
            BLOCKED
        )
        .execute(&mut *tx)
        .await?;
        let id = insert(&mut tx, Some(callback)).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Opens a batch that calls nobody: for its counts, or to cancel its jobs together.
    ///
    /// # Errors
    /// The database failed.
    pub async fn open_without_callback(conn: &mut PgConnection) -> Result<BatchId, sqlx::Error> {
        insert(conn, None).await
    }

    /// Says that no more jobs come, but from jobs of the batch itself. An empty batch is complete with this. Until the
    /// caller's transaction ends nobody else can find the batch's end: close it last.
    ///
    /// # Errors
    /// The database failed.
    pub async fn close(conn: &mut PgConnection, id: BatchId) -> Result<(), sqlx::Error> {
        let mut tx = conn.begin().await?;
        close_and_settle(&mut tx, id).await?;
        tx.commit().await
    }

    /// Cancels the jobs of a batch: the waiting ones at once, the running ones by asking their processes. It is closed
    /// with this, and the callback runs when the last of them has ended. Answers how many had been waiting.
    ///
    /// In a transaction it is all one step; without one, a large batch goes in steps that may be repeated.
    ///
    /// # Errors
    /// The database failed.
    pub async fn cancel(conn: &mut PgConnection, id: BatchId) -> Result<u64, sqlx::Error> {
        cancel::all(conn, id).await
    }
}

async fn insert(conn: &mut PgConnection, callback: Option<JobId>) -> Result<BatchId, sqlx::Error> {
    sqlx::query_scalar!(
        "INSERT INTO queue.batches (callback) VALUES ($1) RETURNING id",
        callback.map(|job| job.0)
    )
    .fetch_one(conn)
    .await
    .map(BatchId)
}

async fn close_and_settle(conn: &mut PgConnection, id: BatchId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO queue.batch_changes (batch, closes) VALUES ($1, true)",
        id.0
    )
    .execute(&mut *conn)
    .await?;
    settle_in(conn, id.0).await
}
