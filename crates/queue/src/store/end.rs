//! Takes ended jobs out of the live table.

use sqlx::PgConnection;

use crate::types::{Ack, FORGOTTEN, Outcome, State, sql};

/// What a job that has left the live table leaves behind.
#[derive(Debug)]
pub(crate) struct Gone {
    pub sequence_key: Option<String>,
    pub batch: Option<i64>,
}

/// Deletes jobs from the live table. The same statement writes their records and the counts of their batches. Answers
/// the jobs that leave a sequence or a batch; with `all`, every job that was deleted.
pub(crate) async fn end(
    conn: &mut PgConnection,
    acks: &[&Ack],
    all: bool,
) -> Result<Vec<Gone>, sqlx::Error> {
    let ids: Vec<i64> = acks.iter().map(|ack| ack.id).collect();
    let leases: Vec<i32> = acks.iter().map(|ack| ack.lease).collect();
    let mut states: Vec<i16> = Vec::with_capacity(acks.len());
    let mut classes = Vec::with_capacity(acks.len());
    let mut entries = Vec::with_capacity(acks.len());
    for ack in acks {
        let (state, class, entry) = match &ack.outcome {
            Outcome::Dead { error } => (
                State::Dead.number(),
                Some(error.class.clone()),
                Some(error.entry()),
            ),
            Outcome::Cancelled => (State::Cancelled.number(), None, None),
            Outcome::Done { keep: false } => (FORGOTTEN, None, None),
            _ => (State::Done.number(), None, None),
        };
        states.push(state);
        classes.push(class);
        entries.push(entry);
    }
    sql!(query_as<Gone>,
        r#"WITH gone AS (
               DELETE FROM queue.jobs j
               USING unnest($1::bigint[], $2::int[], $3::int2[], $4::text[], $5::text[])
                     AS a(id, lease, ending, class, entry)
               WHERE j.id = a.id AND j.lease = a.lease AND j."# StillRunning r#"
               RETURNING j.*, a.ending, a.class, a.entry
           ), kept AS (
               INSERT INTO queue.finished (id, enqueued_at, due, claimed_at, finished_at, tenant, state, attempt,
                                           max_attempts, kind, pool, lane, trace, payload, errors)
               SELECT id, enqueued_at, due, claimed_at, clock_timestamp(), tenant, ending, attempt,
                      max_attempts, kind, pool, lane, trace, payload, errors
               FROM gone WHERE ending IN ("# Done r#", "# Cancelled r#")
           ), dead AS (
               INSERT INTO queue.dead (id, enqueued_at, due, claimed_at, tenant, priority, attempt, max_attempts,
                                       kind, pool, lane, sequence_key, error_class, trace, payload, errors, lease, batch)
               SELECT id, enqueued_at, due, claimed_at, tenant, priority, attempt, max_attempts,
                      kind, pool, lane, sequence_key, class, trace, payload, coalesce(errors, '[]') || entry::jsonb,
                      lease, batch
               FROM gone WHERE ending = "# Dead r#"
           ), counted AS (
               INSERT INTO queue.batch_changes (batch, done, dead, cancelled)
               SELECT batch, count(*) FILTER (WHERE ending IN ("# Done r#", "# Forgotten r#")), count(*) FILTER (WHERE ending = "# Dead r#"),
                      count(*) FILTER (WHERE ending = "# Cancelled r#")
               FROM gone WHERE batch IS NOT NULL GROUP BY batch
           ), freed AS (
               DELETE FROM queue.unique_keys k USING gone g
               WHERE g.unique_scope < 2 AND k.kind = g.kind AND k.key = g.unique_key AND k.job_id = g.id
                 AND k.tenant = coalesce(g.tenant, '00000000-0000-0000-0000-000000000000')
           )
           SELECT sequence_key, batch FROM gone WHERE $6 OR sequence_key IS NOT NULL OR batch IS NOT NULL"#,
        &ids,
        &leases,
        &states,
        &classes as &[Option<String>],
        &entries as &[Option<String>],
        all
    )
    .fetch_all(conn)
    .await
}

/// As [`end`], in a cheaper statement, for jobs that are all done and have no unique key and no batch. False: some jobs
/// are left for [`end`], which does not touch those that ended here.
pub(crate) async fn end_simple(
    conn: &mut PgConnection,
    acks: &[&Ack],
) -> Result<bool, sqlx::Error> {
    let done = |ack: &Ack| match ack.outcome {
        Outcome::Done { keep } => Some(keep),
        _ => None,
    };
    let Some(keep) = acks.first().and_then(|ack| done(ack)) else {
        return Ok(false);
    };
    if acks.iter().any(|ack| done(ack) != Some(keep)) {
        return Ok(false);
    }
    let ids: Vec<i64> = acks.iter().map(|ack| ack.id).collect();
    let leases: Vec<i32> = acks.iter().map(|ack| ack.lease).collect();
    let ended = if keep {
        sql!(query,
        r#"WITH gone AS (
                   DELETE FROM queue.jobs j USING unnest($1::bigint[], $2::int[]) AS a(id, lease)
                   WHERE j.id = a.id AND j.lease = a.lease AND j."# StillRunning r#" AND j.unique_key IS NULL AND j.batch IS NULL
                   RETURNING j.*
               )
               INSERT INTO queue.finished (id, enqueued_at, due, claimed_at, finished_at, tenant, state, attempt,
                                           max_attempts, kind, pool, lane, trace, payload, errors)
               SELECT id, enqueued_at, due, claimed_at, clock_timestamp(), tenant, "# Done r#", attempt, max_attempts, kind,
                      pool, lane, trace, payload, errors
               FROM gone"#,
            &ids,
            &leases
        )
        .execute(conn)
        .await?
    } else {
        sql!(query,
        "DELETE FROM queue.jobs j USING unnest($1::bigint[], $2::int[]) AS a(id, lease)
             WHERE j.id = a.id AND j.lease = a.lease AND j." StillRunning " AND j.unique_key IS NULL AND j.batch IS NULL",
            &ids,
            &leases
        )
        .execute(conn)
        .await?
    };
    Ok(ended.rows_affected() == ids.len() as u64)
}
