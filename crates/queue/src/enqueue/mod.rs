//! Writing jobs down, one or many, in the caller's transaction.
//!
//! Everything is one path: a single job is a bulk of one. Rows go in as arrays (UNNEST), in chunks, so that a million
//! jobs cost neither a million round trips nor a statement of unbounded size.

mod prepared;
mod rows;
mod simple;
mod unique;

use std::collections::{BTreeMap, HashMap};

use sqlx::{Connection, PgConnection};

use crate::{
    JobId, doorbell,
    job::Job,
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
/// # Errors
/// As [`Job::enqueue`]; the payloads are checked before anything is written.
pub async fn enqueue_all<J: Job>(
    conn: &mut PgConnection,
    jobs: &[J],
) -> Result<Vec<Enqueued>, EnqueueError> {
    let prepared = jobs
        .iter()
        .map(|job| Prepared::new(job, job.options()))
        .collect::<Result<Vec<_>, _>>()?;
    insert(conn, prepared).await
}

/// As [`enqueue_all`], with options given for each.
///
/// # Errors
/// As [`enqueue_all`].
pub async fn enqueue_all_with<J: Job>(
    conn: &mut PgConnection,
    jobs: Vec<(J, Options)>,
) -> Result<Vec<Enqueued>, EnqueueError> {
    let prepared = jobs
        .into_iter()
        .map(|(job, options)| Prepared::new(&job, options))
        .collect::<Result<Vec<_>, _>>()?;
    insert(conn, prepared).await
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    jobs: Vec<Prepared>,
) -> Result<Vec<Enqueued>, EnqueueError> {
    let mut written = doorbell::Enqueued::default();
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for job in &jobs {
        written.add(job.pool, job.lane(), job.options.priority as i16);
        written.scheduled |= !matches!(job.options.due, Due::Now);
        *kinds.entry(job.kind).or_default() += 1;
    }
    for (kind, jobs) in kinds {
        metrics::counter!("kazi_queue_enqueued_total", "kind" => kind).increment(jobs);
    }
    let unique = jobs.iter().any(|job| job.options.unique.is_some());
    let answers = if jobs.len() <= CHUNK && !unique {
        insert_chunk(conn, &jobs).await?
    } else {
        // Several statements: all or none of them, also for a caller without a transaction.
        let mut tx = conn.begin().await?;
        let mut answers = Vec::with_capacity(jobs.len());
        for chunk in jobs.chunks(CHUNK) {
            answers.extend(insert_chunk(&mut tx, chunk).await?);
        }
        tx.commit().await?;
        answers
    };
    if !answers.is_empty() {
        doorbell::enqueued(written);
    }
    Ok(answers)
}

async fn insert_chunk(
    conn: &mut PgConnection,
    chunk: &[Prepared],
) -> Result<Vec<Enqueued>, sqlx::Error> {
    // Sequences before unique keys, as the acks lock: whoever ends a job with both must not wait for us while we wait
    // for them.
    if chunk.iter().any(|job| job.options.unique.is_some()) {
        rows::lock_sequences(&mut *conn, chunk).await?;
    }
    let duplicates = unique::reserve(&mut *conn, chunk).await?;
    let mut answers = Vec::with_capacity(chunk.len());
    let fresh: Vec<&Prepared> = chunk
        .iter()
        .enumerate()
        .filter(|(at, _)| !duplicates.contains_key(at))
        .map(|(_, job)| job)
        .collect();
    let ids = if fresh.is_empty() {
        Vec::new()
    } else if simple::is_simple(&fresh) {
        simple::insert(&mut *conn, &fresh).await?
    } else {
        rows::insert(&mut *conn, &fresh).await?
    };
    let mut by_key: HashMap<Key<'_>, i64> = HashMap::new();
    for (job, id) in fresh.iter().zip(&ids) {
        if let Some((key, _)) = unique_of(job) {
            by_key.insert(key, *id);
        }
    }
    let mut ids = ids.into_iter();
    for (at, job) in chunk.iter().enumerate() {
        let answer = match duplicates.get(&at) {
            None => Enqueued {
                id: JobId(ids.next().unwrap_or_default()),
                duplicate: false,
            },
            Some(0) => Enqueued {
                id: JobId(
                    unique_of(job)
                        .and_then(|(key, _)| by_key.get(&key).copied())
                        .unwrap_or_default(),
                ),
                duplicate: true,
            },
            Some(held) => Enqueued {
                id: JobId(*held),
                duplicate: true,
            },
        };
        answers.push(answer);
    }
    if !by_key.is_empty() {
        unique::note_jobs(conn, by_key).await?;
    }
    Ok(answers)
}
