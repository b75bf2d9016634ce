//! An operator's steps: retry, cancel, enqueue by name.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use super::show;
use crate::{
    JobId, ack, batch,
    doorbell::{self, News},
    enqueue::{self, BLOCKED, EnqueueError, Enqueued},
    registry::Registry,
};

/// What a step of an operator did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stepped {
    /// It was done.
    Done,
    /// The job runs; it is told to stop and ends as cancelled at its next step.
    Requested,
    /// There is such a job, but not in a state for this.
    NotNow,
    /// There is no such job.
    NotFound,
}

/// Runs a job again: a dead letter goes back with all its attempts, a waiting one becomes due now. One of a sequence
/// goes back into it, ahead of those that wait there, since it was enqueued before them; it does not run beside one that
/// runs. The sequence stays locked until the caller's transaction ends.
///
/// # Errors
/// The database failed.
pub async fn retry(conn: &mut PgConnection, id: JobId) -> Result<Stepped, sqlx::Error> {
    let woken = sqlx::query_scalar!(
        r#"WITH back AS (DELETE FROM queue.dead WHERE id = $1 RETURNING *), sequence AS (
               INSERT INTO queue.sequences AS s (key, pending)
               SELECT sequence_key, 1 FROM back WHERE sequence_key IS NOT NULL
               ON CONFLICT (key) DO UPDATE SET pending = s.pending + 1
               RETURNING pending
           ), job AS (
               INSERT INTO queue.jobs (id, due, enqueued_at, tenant, state, priority, max_attempts, kind, pool, lane,
                                       sequence_key, trace, payload, errors, lease, batch)
               OVERRIDING SYSTEM VALUE
               SELECT id, now(), enqueued_at, tenant,
                      CASE WHEN (SELECT pending FROM sequence) > 1 THEN 2 ELSE 0 END, priority, max_attempts, kind,
                      pool, lane, sequence_key, trace, payload, errors, lease, batch
               FROM back RETURNING pool
           ), counted AS (
               INSERT INTO queue.batch_changes (batch, dead) SELECT batch, -1 FROM back WHERE batch IS NOT NULL
           ), sooner AS (
               UPDATE queue.jobs SET due = now(), state = 0 WHERE id = $1 AND state = 7 RETURNING pool
           )
           SELECT pool AS "pool!" FROM job UNION ALL SELECT pool FROM sooner"#,
        id.0
    )
    .fetch_optional(&mut *conn)
    .await?;
    match woken {
        Some(pool) => {
            let news = News(BTreeMap::from([(pool, BTreeSet::new())]));
            doorbell::tell(conn, &news, 0).await?;
            Ok(Stepped::Done)
        }
        None => not_now(conn, id).await,
    }
}

/// Which dead letters to run again or to throw away.
#[derive(Clone, Debug, Default)]
pub struct DeadFilter {
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only what died of this class.
    pub class: Option<String>,
    /// Only what died at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Only what died before this time.
    pub until: Option<DateTime<Utc>>,
}

/// The dead letters that match, the oldest first, at most `limit`: for [`retry`] and [`cancel`], one by one.
///
/// # Errors
/// The database failed.
pub async fn dead(
    conn: &mut PgConnection,
    filter: &DeadFilter,
    limit: i64,
) -> Result<Vec<JobId>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM queue.dead
         WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR error_class = $2)
           AND ($3::timestamptz IS NULL OR finished_at >= $3) AND ($4::timestamptz IS NULL OR finished_at < $4)
         ORDER BY id LIMIT $5",
        filter.kind,
        filter.class,
        filter.since,
        filter.until,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(JobId).collect())
}

/// Throws a dead letter away: its record stays with those of the cancelled jobs.
async fn discard(conn: &mut PgConnection, id: JobId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "WITH gone AS (DELETE FROM queue.dead WHERE id = $1 RETURNING *)
         INSERT INTO queue.finished (id, enqueued_at, due, claimed_at, finished_at, tenant, state, attempt,
                                     max_attempts, kind, pool, lane, trace, payload, errors)
         SELECT id, enqueued_at, due, claimed_at, clock_timestamp(), tenant, 5, attempt, max_attempts, kind, pool, lane,
                trace, payload, errors FROM gone",
        id.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Cancels a job: a waiting one at once, a running one by asking its process; a dead letter is thrown away. Call it in a transaction: a job of a
/// sequence is cancelled in several steps.
///
/// # Errors
/// The database failed.
pub async fn cancel(conn: &mut PgConnection, id: JobId) -> Result<Stepped, sqlx::Error> {
    // In the order in which everybody locks: the sequence, then the job.
    sqlx::query!(
        "SELECT s.key FROM queue.sequences s JOIN queue.jobs j ON j.sequence_key = s.key WHERE j.id = $1 FOR UPDATE OF s",
        id.0
    )
    .fetch_optional(&mut *conn)
    .await?;
    let gone = sqlx::query!(
        r#"WITH gone AS (
               DELETE FROM queue.jobs WHERE id = $1 AND state IN (0, 2, 7) RETURNING *
           ), kept AS (
               INSERT INTO queue.finished (id, enqueued_at, due, claimed_at, finished_at, tenant, state, attempt,
                                           max_attempts, kind, pool, lane, trace, payload, errors)
               SELECT id, enqueued_at, due, claimed_at, clock_timestamp(), tenant, 5, attempt, max_attempts, kind,
                      pool, lane, trace, payload, errors FROM gone
           ), freed AS (
               DELETE FROM queue.unique_keys k USING gone g
               WHERE g.unique_scope < 2 AND k.kind = g.kind AND k.key = g.unique_key AND k.job_id = g.id
                 AND k.tenant = coalesce(g.tenant, '00000000-0000-0000-0000-000000000000')
           ), counted AS (
               INSERT INTO queue.batch_changes (batch, cancelled) SELECT batch, 1 FROM gone WHERE batch IS NOT NULL
           )
           SELECT state, sequence_key, batch FROM gone"#,
        id.0
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(gone) = gone {
        if let Some(key) = gone.sequence_key {
            if gone.state == BLOCKED {
                sqlx::query!(
                    "UPDATE queue.sequences SET pending = pending - 1 WHERE key = $1",
                    key
                )
                .execute(&mut *conn)
                .await?;
            } else {
                ack::promote(&mut *conn, vec![key]).await?;
            }
        }
        if let Some(id) = gone.batch {
            batch::settle_in(conn, id).await?;
        }
        return Ok(Stepped::Done);
    }
    let running = sqlx::query_scalar!(
        "UPDATE queue.jobs SET cancel_requested = true WHERE id = $1 AND state + 0 = 1 RETURNING id",
        id.0
    )
    .fetch_optional(&mut *conn)
    .await?;
    if running.is_some() {
        sqlx::query!("SELECT pg_notify('kazi_queue', $1)", format!("cancel:{id}"))
            .execute(conn)
            .await?;
        return Ok(Stepped::Requested);
    }
    if discard(&mut *conn, id).await? {
        return Ok(Stepped::Done);
    }
    not_now(conn, id).await
}

async fn not_now(conn: &mut PgConnection, id: JobId) -> Result<Stepped, sqlx::Error> {
    Ok(if show(conn, id).await?.is_some() {
        Stepped::NotNow
    } else {
        Stepped::NotFound
    })
}

/// Enqueues a job by its name, after checking that its payload parses: for the CLI.
///
/// # Errors
/// The kind is unknown, the payload is not one of it, or as [`crate::Job::enqueue`].
pub async fn enqueue_raw<C: Clone + Send + Sync + 'static>(
    conn: &mut PgConnection,
    registry: &Registry<C>,
    kind: &str,
    payload: serde_json::Value,
) -> Result<Enqueued, EnqueueError> {
    let prepared = registry.prepare(kind, payload)?;
    let mut all = enqueue::insert(conn, vec![prepared]).await?;
    all.pop()
        .ok_or(EnqueueError::Database(sqlx::Error::RowNotFound))
}
