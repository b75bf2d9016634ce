//! Cancels the jobs of a batch.

use std::collections::BTreeMap;

use sqlx::{Connection, PgConnection};

use crate::{
    store::sequences,
    types::{BatchId, State, sql},
};

/// The largest number of jobs or sequences in one statement.
const CHUNK: i64 = 5_000;

/// What one pass over a batch did.
pub(crate) struct Cancelled {
    /// Jobs that waited and are cancelled now.
    pub removed: u64,
    /// Running jobs that were asked to stop.
    pub told: u64,
}

/// Cancels jobs of a batch: waiting ones at once, running ones by a mark and a NOTIFY. One pass takes a bounded number;
/// the caller repeats it until it finds nothing, because jobs may be claimed or put back meanwhile.
pub(crate) async fn cancel(conn: &mut PgConnection, id: BatchId) -> Result<Cancelled, sqlx::Error> {
    let removed = plain(&mut *conn, id).await? + sequenced(&mut *conn, id).await?;
    let told = tell_running(conn, id).await?;
    Ok(Cancelled { removed, told })
}

/// Cancels waiting jobs that are in no sequence.
async fn plain(conn: &mut PgConnection, id: BatchId) -> Result<u64, sqlx::Error> {
    let ids = sql!(query_scalar,
        "SELECT id FROM queue.jobs WHERE batch = $1 AND state IN (" Ready ", " Blocked ", " Scheduled ") AND sequence_key IS NULL
         ORDER BY id LIMIT $2 FOR UPDATE",
        id.0,
        CHUNK
    )
    .fetch_all(&mut *conn)
    .await?;
    Ok(remove(conn, &ids).await?.len() as u64)
}

/// Cancels waiting jobs of sequences. It locks the sequences first, then the jobs.
async fn sequenced(conn: &mut PgConnection, id: BatchId) -> Result<u64, sqlx::Error> {
    let mut tx = conn.begin().await?;
    let keys = sql!(query_scalar,
        r#"SELECT s.key FROM queue.sequences s WHERE s.key IN (
               SELECT j.sequence_key FROM queue.jobs j
               WHERE j.batch = $1 AND j.state IN ("# Ready r#", "# Blocked r#", "# Scheduled r#") AND j.sequence_key IS NOT NULL ORDER BY j.id LIMIT $2)
           ORDER BY s.key COLLATE "C" FOR UPDATE"#,
        id.0,
        CHUNK
    )
    .fetch_all(&mut *tx)
    .await?;
    if keys.is_empty() {
        return Ok(0);
    }
    let ids = sql!(query_scalar,
        "SELECT id FROM queue.jobs WHERE batch = $1 AND state IN (" Ready ", " Blocked ", " Scheduled ") AND sequence_key = ANY($2)
         ORDER BY id FOR UPDATE",
        id.0,
        &keys
    )
    .fetch_all(&mut *tx)
    .await?;
    let removed = remove(&mut tx, &ids).await?;
    let count = removed.len() as u64;
    // If a sequence has lost its head, its next job becomes ready. If it has lost only blocked jobs, they wait for the
    // head as before.
    let mut sequences: BTreeMap<String, (i32, bool)> = BTreeMap::new();
    for (key, state) in removed {
        let of_this = sequences.entry(key.unwrap_or_default()).or_default();
        of_this.0 += 1;
        of_this.1 |= state != State::Blocked.number();
    }
    let mut headless = Vec::new();
    let (mut blocked, mut counts) = (Vec::new(), Vec::new());
    for (key, (count, head)) in sequences {
        if head {
            headless.extend((0..count).map(|_| key.clone()));
        } else {
            blocked.push(key);
            counts.push(count);
        }
    }
    sequences::count_out(&mut tx, &blocked, &counts).await?;
    sequences::promote(&mut tx, headless).await?;
    tx.commit().await?;
    Ok(count)
}

/// Moves waiting jobs to the finished table as cancelled. Answers the sequence and the former state of each.
pub(crate) async fn remove(
    conn: &mut PgConnection,
    ids: &[i64],
) -> Result<Vec<(Option<String>, i16)>, sqlx::Error> {
    // The statement checks the state again: without a transaction around it, a job may have been claimed since it was
    // found.
    let gone = sql!(query,
        r#"WITH gone AS (
               DELETE FROM queue.jobs WHERE id = ANY($1) AND state IN ("# Ready r#", "# Blocked r#", "# Scheduled r#") RETURNING *
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
               INSERT INTO queue.batch_changes (batch, cancelled)
               SELECT batch, count(*) FROM gone WHERE batch IS NOT NULL GROUP BY batch
           )
           SELECT sequence_key, state FROM gone"#,
        ids
    )
    .fetch_all(conn)
    .await?;
    Ok(gone
        .into_iter()
        .map(|job| (job.sequence_key, job.state))
        .collect())
}

/// Asks running jobs to stop: at once by NOTIFY, and durably by a mark that the heartbeat of their process reads.
async fn tell_running(conn: &mut PgConnection, id: BatchId) -> Result<u64, sqlx::Error> {
    let told = sql!(query,
        r#"WITH told AS (
               UPDATE queue.jobs SET cancel_requested = true
               WHERE batch = $1 AND state = "# Running r#" AND NOT cancel_requested RETURNING id
           )
           SELECT pg_notify('kazi_queue', 'cancel:' || id) FROM told"#,
        id.0
    )
    .fetch_all(conn)
    .await?;
    Ok(told.len() as u64)
}
