//! What a job is, and how a program enqueues it.

use std::{future::Future, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Connection, PgConnection};

use crate::{
    enqueue::{self, Written},
    store::enqueue::CHUNK,
    types::{
        EnqueueError, Enqueued, Form, JobError, Keep, Options, Pool, Prepared, Retry, Running,
        trace,
    },
};

/// A unit of work: a small value that can be serialised, and the code that runs it.
///
/// A job carries ids, never rows; it reads what it needs when it runs. It may run more than once, because a process can
/// die after any line. The front page of the crate says how to deal with that.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What each run gets: the database, clients, the clock.
    type Context: Clone + Send + Sync + 'static;

    /// The name of the kind, as `domain.verb`. It is stored in rows: never change it.
    const NAME: &'static str;
    /// The pool whose slots run the job.
    const POOL: Pool;
    /// The waits between attempts, and their number.
    const RETRY: Retry = Retry::DEFAULT;
    /// A run that takes longer is dropped. It counts as failed, with class `timeout`.
    const TIMEOUT: Duration = Duration::from_secs(60);
    /// What is kept of a job that ended well.
    const KEEP: Keep = Keep::All;
    /// The version of the payload's form. Raise it if an old payload no longer parses and `#[serde(default)]` does not
    /// help; [`Job::upgrade`] then converts the old ones. A job of a newer version is kept for a newer program.
    const VERSION: u16 = 1;
    /// Whether payloads are stored encrypted, by the seal of [`seal_with`](crate::seal_with). This also holds for
    /// schedules. People who look at the job see `"sealed"`. Jobs that were written before this was set still run.
    const SEALED: bool = false;

    /// The options of this job: what depends on its value, such as lane, unique key, sequence and delay.
    fn options(&self) -> Options {
        Options::default()
    }

    /// Converts a payload of an older version (`from`, at least 1) to the form of [`Job::VERSION`].
    ///
    /// # Errors
    /// The payload cannot be converted. The job becomes a dead letter of class `payload` with this text.
    fn upgrade(from: u16, payload: serde_json::Value) -> Result<serde_json::Value, String> {
        let _ = from;
        Ok(payload)
    }

    /// Does the work. An error decides what happens next; see [`JobError`].
    fn run(
        &self,
        ctx: &Self::Context,
        job: &Running,
    ) -> impl Future<Output = Result<(), JobError>> + Send;

    /// Writes the job in the caller's transaction. The job exists if and only if that transaction commits.
    ///
    /// # Errors
    /// The payload or an option is refused, or the statement failed.
    fn enqueue(
        &self,
        conn: &mut PgConnection,
    ) -> impl Future<Output = Result<Enqueued, EnqueueError>> + Send {
        self.enqueue_with(conn, self.options())
    }

    /// As [`Job::enqueue`], with other options than the job's own.
    ///
    /// # Errors
    /// As [`Job::enqueue`].
    fn enqueue_with(
        &self,
        conn: &mut PgConnection,
        options: Options,
    ) -> impl Future<Output = Result<Enqueued, EnqueueError>> + Send {
        async move { enqueue::insert_one(conn, prepare(self, options)?).await }
    }
}

/// Checks and serialises a job. It needs no database.
pub(crate) fn prepare<J: Job>(job: &J, options: Options) -> Result<Prepared, EnqueueError> {
    let payload = serde_json::to_string(job).map_err(|error| EnqueueError::Serialise {
        kind: J::NAME.into(),
        error: error.to_string(),
    })?;
    Prepared {
        kind: J::NAME,
        pool: J::POOL,
        payload,
        form: Form {
            version: J::VERSION.max(1),
            sealed: J::SEALED,
        },
        max_attempts: options.max_attempts.unwrap_or(J::RETRY.max_attempts()),
        trace: options.trace.or_else(trace::current),
        options,
    }
    .checked()
}

/// Writes many jobs in the caller's transaction, in their order. An empty slice does nothing.
///
/// A million jobs are fine: they are written in chunks, all of them or none, and only one chunk is in memory. Jobs with
/// sequences or unique keys are all prepared first, because their locks are taken in one order ([`Options::sequence`]).
///
/// # Errors
/// As [`Job::enqueue`]. Nothing is written then.
pub async fn enqueue_all<J: Job>(
    conn: &mut PgConnection,
    jobs: &[J],
) -> Result<Vec<Enqueued>, EnqueueError> {
    bulk(conn, jobs, |job| (job, job.options())).await
}

/// As [`enqueue_all`], with options for each job.
///
/// # Errors
/// As [`enqueue_all`].
pub async fn enqueue_all_with<J: Job>(
    conn: &mut PgConnection,
    jobs: Vec<(J, Options)>,
) -> Result<Vec<Enqueued>, EnqueueError> {
    bulk(conn, &jobs, |(job, options)| (job, options.clone())).await
}

async fn bulk<T, J: Job>(
    conn: &mut PgConnection,
    all: &[T],
    take: impl Fn(&T) -> (&J, Options),
) -> Result<Vec<Enqueued>, EnqueueError> {
    let all_of = |some: &[T]| {
        some.iter()
            .map(|one| {
                let (job, options) = take(one);
                prepare(job, options)
            })
            .collect::<Result<Vec<_>, _>>()
    };
    if all.len() <= CHUNK || all.iter().any(|one| take(one).1.has_keys()) {
        let prepared = all_of(all)?;
        return enqueue::insert(conn, prepared).await;
    }
    let mut written = Written::default();
    let mut answers = Vec::with_capacity(all.len());
    let mut tx = conn.begin().await?;
    for chunk in all.chunks(CHUNK) {
        let prepared = all_of(chunk)?;
        answers.extend(enqueue::write(&mut tx, prepared, &mut written).await?);
    }
    tx.commit().await?;
    written.tell();
    Ok(answers)
}
