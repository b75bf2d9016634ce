//! Cancels one job.

use std::collections::HashSet;

use sqlx::PgConnection;

use super::{
    batch, notify, sequences,
    show::{Stepped, not_now},
};
use crate::types::{JobId, Level, State, sql};

/// Cancels a job, also a dead letter. Answers what was done, and where other jobs became ready.
pub(crate) async fn cancel(
    conn: &mut PgConnection,
    id: JobId,
) -> Result<(Stepped, HashSet<Level>), sqlx::Error> {
    // The sequence is locked before the job, as everywhere.
    sqlx::query!(
        "SELECT s.key FROM queue.sequences s JOIN queue.jobs j ON j.sequence_key = s.key WHERE j.id = $1 FOR UPDATE OF s",
        id.0
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(gone) = remove_waiting(&mut *conn, id).await? {
        let mut woken = HashSet::new();
        if let Some(key) = gone.sequence_key {
            if gone.state == State::Blocked.number() {
                sequences::count_out(&mut *conn, &[key], &[1]).await?;
            } else {
                woken.extend(sequences::promote(&mut *conn, vec![key]).await?);
            }
        }
        if let Some(id) = gone.batch {
            woken.extend(batch::settle_in(conn, id).await?);
        }
        return Ok((Stepped::Done, woken));
    }
    let stepped = if ask_to_stop(&mut *conn, id).await? {
        notify::cancel(conn, id).await?;
        Stepped::Requested
    } else if !discard(&mut *conn, &[id]).await?.is_empty() {
        Stepped::Done
    } else {
        not_now(conn, id).await?
    };
    Ok((stepped, HashSet::new()))
}

/// A waiting job that was taken out of the live table.
struct Gone {
    state: i16,
    sequence_key: Option<String>,
    batch: Option<i64>,
}

async fn remove_waiting(conn: &mut PgConnection, id: JobId) -> Result<Option<Gone>, sqlx::Error> {
    sql!(query_as<Gone>,
        r#"WITH gone AS (
               DELETE FROM queue.jobs WHERE id = $1 AND state IN ("# Ready r#", "# Blocked r#", "# Scheduled r#") RETURNING *
           ), kept AS (
               INSERT INTO queue.finished (id, enqueued_at, due, claimed_at, finished_at, tenant, state, attempt,
                                           max_attempts, kind, pool, lane, trace, payload, errors)
               SELECT id, enqueued_at, due, claimed_at, clock_timestamp(), tenant, "# Cancelled r#", attempt, max_attempts, kind,
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
    .fetch_optional(conn)
    .await
}

/// Marks a running job. The heartbeat of its process reads the mark. False: the job does not run.
async fn ask_to_stop(conn: &mut PgConnection, id: JobId) -> Result<bool, sqlx::Error> {
    let running = sql!(query_scalar,
        "UPDATE queue.jobs SET cancel_requested = true WHERE id = $1 AND " StillRunning " RETURNING id",
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(running.is_some())
}

/// Throws dead letters away. Answers which there were. Their records stay with those of the cancelled jobs.
pub async fn discard(conn: &mut PgConnection, ids: &[JobId]) -> Result<Vec<JobId>, sqlx::Error> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let gone = sql!(query_scalar,
        "WITH gone AS (DELETE FROM queue.dead WHERE id = ANY($1) RETURNING *)
         INSERT INTO queue.finished (id, enqueued_at, due, claimed_at, finished_at, tenant, state, attempt,
                                     max_attempts, kind, pool, lane, trace, payload, errors)
         SELECT id, enqueued_at, due, claimed_at, clock_timestamp(), tenant, " Cancelled ", attempt, max_attempts, kind, pool, lane,
                trace, payload, errors FROM gone ORDER BY id
         RETURNING id",
        &ids
    )
    .fetch_all(conn)
    .await?;
    Ok(gone.into_iter().map(JobId).collect())
}
