//! Writes jobs.
//!
//! A single job is a bulk of one. Rows go in as arrays (UNNEST) and in chunks, so that a million jobs cost neither a
//! million round trips nor a statement of unbounded size.

mod rows;
mod simple;
mod unique;

use std::collections::HashMap;

use sqlx::{Connection, PgConnection};

use crate::types::{Enqueued, JobId, Prepared};
use unique::{Duplicate, Key, unique_of};

/// Jobs of one statement. Measured: more than a few thousand only cost memory.
pub(crate) const CHUNK: usize = 5_000;

/// Writes jobs whose payloads are sealed, and answers for each of them in the same order.
pub(crate) async fn write(
    conn: &mut PgConnection,
    jobs: &[Prepared],
) -> Result<Vec<Enqueued>, sqlx::Error> {
    let unique = jobs.iter().any(|job| job.options.unique.is_some());
    if jobs.len() <= CHUNK && !unique {
        let all: Vec<&Prepared> = jobs.iter().collect();
        let ids = match all.is_empty() {
            true => Vec::new(),
            false => rows::insert(conn, &all).await?,
        };
        return Ok(ids.into_iter().map(fresh).collect());
    }
    // Several statements: all or none of them, also for a caller without a transaction.
    let mut tx = conn.begin().await?;
    // All locks come before the first row: sequences by key, then unique keys by key. Two callers who need the same
    // ones then wait for each other and never deadlock.
    rows::lock_sequences(&mut tx, jobs).await?;
    let duplicates = unique::reserve(&mut tx, jobs).await?;
    let answers = insert_fresh(&mut tx, jobs, &duplicates).await?;
    tx.commit().await?;
    Ok(answers)
}

const fn fresh(id: i64) -> Enqueued {
    Enqueued {
        id: JobId(id),
        duplicate: false,
    }
}

/// Writes the jobs that are no duplicates, in chunks.
async fn insert_fresh(
    conn: &mut PgConnection,
    jobs: &[Prepared],
    duplicates: &HashMap<usize, Duplicate>,
) -> Result<Vec<Enqueued>, sqlx::Error> {
    let new: Vec<&Prepared> = jobs
        .iter()
        .enumerate()
        .filter(|(at, _)| !duplicates.contains_key(at))
        .map(|(_, job)| job)
        .collect();
    let mut ids = Vec::with_capacity(new.len());
    for chunk in new.chunks(CHUNK) {
        ids.extend(if simple::is_simple(chunk) {
            simple::insert(&mut *conn, chunk).await?
        } else {
            rows::insert(&mut *conn, chunk).await?
        });
    }
    let by_key: HashMap<Key<'_>, i64> = new
        .iter()
        .zip(&ids)
        .filter_map(|(job, id)| Some((unique_of(job)?.0, *id)))
        .collect();
    unique::note_jobs(conn, by_key).await?;
    let mut ids = ids.into_iter();
    let mut answers: Vec<Enqueued> = Vec::with_capacity(jobs.len());
    for at in 0..jobs.len() {
        let answer = match duplicates.get(&at) {
            None => ids.next().map(fresh),
            Some(Duplicate::OfJob(id)) => Some(Enqueued {
                id: JobId(*id),
                duplicate: true,
            }),
            // The first of them stands before this one in the same call.
            Some(Duplicate::OfEarlier(first)) => answers.get(*first).map(|first| Enqueued {
                id: first.id,
                duplicate: true,
            }),
        };
        answers.push(answer.ok_or(sqlx::Error::RowNotFound)?);
    }
    Ok(answers)
}
