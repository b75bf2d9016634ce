//! Writing jobs down, one or many, in the caller's transaction.
//!
//! Everything is one path: a single job is a bulk of one. Rows go in as arrays (UNNEST), in chunks, so that a million
//! jobs cost neither a million round trips nor a statement of unbounded size.

mod prepared;
mod rows;
mod simple;
mod unique;

use std::collections::HashMap;

use sqlx::{Connection, PgConnection};

use crate::{
    JobId, doorbell,
    job::{Job, Pool},
    lanes,
    options::{Due, Options},
};
pub(crate) use prepared::Prepared;
pub(crate) use rows::{BLOCKED, RUNNING, SCHEDULED};
use unique::{Key, unique_of};

/// The largest payload, in bytes of JSON. Jobs carry ids, not documents.
pub const MAX_PAYLOAD: usize = 256 * 1024;
/// The largest key (unique, sequence, lane), in bytes: they stand in indexes.
pub const MAX_KEY: usize = 512;
/// Rows a statement. Measured: beyond a few thousand nothing is gained but memory.
const CHUNK: usize = 5_000;

/// What an enqueue answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enqueued {
    /// The job, or with `duplicate` the one that holds the unique key.
    pub id: JobId,
    /// True when a job with this unique key was there: nothing was written.
    pub duplicate: bool,
}

impl Enqueued {
    const fn new(id: i64) -> Self {
        Self {
            id: JobId(id),
            duplicate: false,
        }
    }
}

/// Why a job was not written down.
#[derive(Debug, thiserror::Error)]
pub enum EnqueueError {
    /// The payload cannot be written as JSON.
    #[error("the payload of {kind} cannot be serialised: {error}")]
    Serialise {
        /// The kind.
        kind: String,
        /// What serde said.
        error: String,
    },
    /// More than [`MAX_PAYLOAD`].
    #[error(
        "the payload of {kind} has {bytes} bytes; at most {MAX_PAYLOAD} are allowed: carry ids, not documents"
    )]
    TooLarge {
        /// The kind.
        kind: String,
        /// Its size.
        bytes: usize,
    },
    /// The kind is sealed, and there is no key to seal it with.
    #[error("the payload of {kind} cannot be sealed: {error}")]
    Seal {
        /// The kind.
        kind: String,
        /// What is missing.
        error: String,
    },
    /// PostgreSQL's jsonb cannot hold U+0000.
    #[error("the payload of {kind} contains a NUL character, which cannot be stored")]
    Nul {
        /// The kind.
        kind: String,
    },
    /// A key is longer than [`MAX_KEY`] or contains a NUL.
    #[error(
        "the {which} key of {kind} must have 1 to {MAX_KEY} bytes and no NUL character; it has {bytes} bytes"
    )]
    Key {
        /// The kind.
        kind: String,
        /// unique, sequence or lane.
        which: &'static str,
        /// Its size.
        bytes: usize,
    },
    /// An option makes no sense.
    #[error("{field} of {kind} {rule}")]
    Option {
        /// The kind.
        kind: String,
        /// Which.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// No job of this name is registered.
    #[error("there is no job kind {kind:?}; known: {known}")]
    UnknownKind {
        /// What was asked for.
        kind: String,
        /// What there is.
        known: String,
    },
    /// The payload does not parse as this kind.
    #[error("the payload is not one of {kind}: {error}")]
    Payload {
        /// The kind.
        kind: String,
        /// What serde said, with the path.
        error: String,
    },
    /// The callback of a batch asks for what it cannot have.
    #[error("{kind} cannot be the callback of a batch with a sequence or a unique key")]
    Callback {
        /// The kind.
        kind: String,
    },
    /// The database failed; the transaction is aborted.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Writes many jobs in the caller's transaction, in their order. An empty slice is nothing to do.
///
/// A million at once is fine: they are written in chunks, all of them or none, and what lies in memory is one chunk.
/// Only jobs with sequences or unique keys are all made ready first, since their locks are taken in one order
/// ([`Options::sequence`]).
///
/// # Errors
/// As [`Job::enqueue`]; nothing is written then.
pub async fn enqueue_all<J: Job>(
    conn: &mut PgConnection,
    jobs: &[J],
) -> Result<Vec<Enqueued>, EnqueueError> {
    bulk(conn, jobs, |job| (job, job.options())).await
}

/// As [`enqueue_all`], with options given for each.
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
    let prepare = |some: &[T]| {
        some.iter()
            .map(|one| {
                let (job, options) = take(one);
                Prepared::new(job, options)
            })
            .collect::<Result<Vec<_>, _>>()
    };
    if all.len() <= CHUNK || all.iter().any(|one| take(one).1.has_keys()) {
        let prepared = prepare(all)?;
        return insert(conn, prepared).await;
    }
    let mut written = Written::default();
    let mut answers = Vec::with_capacity(all.len());
    let mut tx = conn.begin().await?;
    for chunk in all.chunks(CHUNK) {
        let prepared = prepare(chunk)?;
        answers.extend(write(&mut tx, prepared, &mut written).await?);
    }
    tx.commit().await?;
    written.tell();
    Ok(answers)
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    jobs: Vec<Prepared>,
) -> Result<Vec<Enqueued>, EnqueueError> {
    let mut written = Written::default();
    let answers = write(conn, jobs, &mut written).await?;
    written.tell();
    Ok(answers)
}

/// What has been written and is still to be told.
#[derive(Default)]
struct Written {
    bells: doorbell::Enqueued,
    counts: HashMap<(&'static str, Pool, &'static str), u64>,
}

impl Written {
    fn add(&mut self, job: &Prepared) {
        let lane = job.lane();
        let class = lanes::class(&lane);
        *self.counts.entry((job.kind, job.pool, class)).or_default() += 1;
        self.bells.add(job.pool, lane, job.options.priority as i16);
        self.bells.scheduled |= !matches!(job.options.due, Due::Now);
    }

    fn tell(self) {
        if self.counts.is_empty() {
            return;
        }
        for ((kind, pool, lane), count) in self.counts {
            metrics::counter!("kazi_queue_enqueued_total", "kind" => kind, "pool" => pool.name(), "lane" => lane)
                .increment(count);
        }
        doorbell::enqueued(self.bells);
    }
}

async fn write(
    conn: &mut PgConnection,
    mut jobs: Vec<Prepared>,
    written: &mut Written,
) -> Result<Vec<Enqueued>, EnqueueError> {
    for job in &mut jobs {
        job.seal()?;
    }
    let unique = jobs.iter().any(|job| job.options.unique.is_some());
    let answers = if jobs.len() <= CHUNK && !unique {
        let all: Vec<&Prepared> = jobs.iter().collect();
        let ids = match all.is_empty() {
            true => Vec::new(),
            false => rows::insert(conn, &all).await?,
        };
        ids.into_iter().map(Enqueued::new).collect()
    } else {
        // Several statements: all or none of them, also for a caller without a transaction.
        let mut tx = conn.begin().await?;
        // All locks before the first row, each kind in the order of its keys, and sequences before unique keys as the
        // acks lock: whoever else needs several of them waits for us, or we for them, but never both.
        rows::lock_sequences(&mut tx, &jobs).await?;
        let duplicates = unique::reserve(&mut tx, &jobs).await?;
        let answers = insert_fresh(&mut tx, &jobs, &duplicates).await?;
        tx.commit().await?;
        answers
    };
    for (job, _) in jobs
        .iter()
        .zip(&answers)
        .filter(|(_, answer)| !answer.duplicate)
    {
        written.add(job);
    }
    Ok(answers)
}

/// Writes those that are no duplicates, in chunks.
async fn insert_fresh(
    conn: &mut PgConnection,
    jobs: &[Prepared],
    duplicates: &HashMap<usize, i64>,
) -> Result<Vec<Enqueued>, sqlx::Error> {
    let fresh: Vec<&Prepared> = jobs
        .iter()
        .enumerate()
        .filter(|(at, _)| !duplicates.contains_key(at))
        .map(|(_, job)| job)
        .collect();
    let mut ids = Vec::with_capacity(fresh.len());
    for chunk in fresh.chunks(CHUNK) {
        ids.extend(if simple::is_simple(chunk) {
            simple::insert(&mut *conn, chunk).await?
        } else {
            rows::insert(&mut *conn, chunk).await?
        });
    }
    let by_key: HashMap<Key<'_>, i64> = fresh
        .iter()
        .zip(&ids)
        .filter_map(|(job, id)| Some((unique_of(job)?.0, *id)))
        .collect();
    let mut ids = ids.into_iter();
    let answers = jobs
        .iter()
        .enumerate()
        .map(|(at, job)| match duplicates.get(&at) {
            None => Enqueued::new(ids.next().unwrap_or_default()),
            Some(held) => Enqueued {
                id: JobId(match held {
                    // Of one in this very call.
                    0 => unique_of(job)
                        .and_then(|(key, _)| by_key.get(&key).copied())
                        .unwrap_or_default(),
                    held => *held,
                }),
                duplicate: true,
            },
        })
        .collect();
    unique::note_jobs(conn, by_key).await?;
    Ok(answers)
}
