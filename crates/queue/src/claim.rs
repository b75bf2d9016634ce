//! Taking due jobs: one statement for all pools of the process.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    JobId,
    ack::{Ack, Outcome},
    job::Pool,
    trace::TraceId,
};

/// A job under lease, with all that its run and its ack need.
#[derive(Debug)]
pub(crate) struct Claimed {
    pub id: i64,
    pub lease: i32,
    pub kind: String,
    pub pool: String,
    pub tenant: Option<Uuid>,
    pub attempt: i16,
    pub max_attempts: i16,
    pub enqueued_at: DateTime<Utc>,
    pub due: DateTime<Utc>,
    pub claimed_at: Option<DateTime<Utc>>,
    pub cancel_requested: bool,
    pub sequence_key: Option<String>,
    pub trace: Option<String>,
    pub payload: serde_json::Value,
}

impl Claimed {
    pub fn job_id(&self) -> JobId {
        JobId(self.id)
    }

    pub fn ack(&self, outcome: Outcome) -> Ack {
        Ack {
            id: self.id,
            lease: self.lease,
            sequence_key: self.sequence_key.clone(),
            outcome,
        }
    }

    pub fn trace_id(&self) -> TraceId {
        self.trace
            .as_deref()
            .and_then(|trace| trace.parse().ok())
            .unwrap_or_else(TraceId::random)
    }
}

/// Claims at most `slots` due jobs of each pool for the process `owner`. The attempt is counted here, so that a job which
/// kills its process still comes to an end.
///
/// `as_of` lets tests run what is due later; the database's clock counts otherwise.
pub(crate) async fn claim(
    conn: &mut PgConnection,
    owner: i64,
    wanted: &[(Pool, i32)],
    as_of: Option<DateTime<Utc>>,
) -> Result<Vec<Claimed>, sqlx::Error> {
    let pools: Vec<String> = wanted
        .iter()
        .map(|(pool, _)| pool.name().to_owned())
        .collect();
    let slots: Vec<i32> = wanted.iter().map(|(_, slots)| *slots).collect();
    // MATERIALIZED: without it the planner may run the LIMIT more than once and claim more than asked for.
    let mut claimed = sqlx::query_as!(
        Claimed,
        r#"WITH picked AS MATERIALIZED (
               SELECT due.id
               FROM unnest($1::text[], $2::int[]) AS wanted(pool, slots)
               CROSS JOIN LATERAL (
                   SELECT j.id FROM queue.jobs j
                   WHERE j.pool = wanted.pool AND j.state = 0 AND j.due <= greatest(now(), $3)
                   ORDER BY j.priority, j.due, j.id
                   LIMIT wanted.slots
                   FOR UPDATE SKIP LOCKED
               ) due
           ), claimed AS (
               UPDATE queue.jobs j
               SET state = 1, attempt = j.attempt + 1, lease = j.lease + 1, owner = $4, claimed_at = clock_timestamp()
               FROM picked WHERE j.id = picked.id
               RETURNING j.*
           ), freed AS (
               DELETE FROM queue.unique_keys k USING claimed c
               WHERE c.unique_scope = 0 AND k.kind = c.kind AND k.key = c.unique_key AND k.job_id = c.id
                 AND k.tenant = coalesce(c.tenant, '00000000-0000-0000-0000-000000000000')
           )
           SELECT id AS "id!", lease AS "lease!", kind AS "kind!", pool AS "pool!", tenant, attempt AS "attempt!",
                  max_attempts AS "max_attempts!", enqueued_at AS "enqueued_at!", due AS "due!", claimed_at,
                  cancel_requested AS "cancel_requested!", sequence_key, trace, payload AS "payload!"
           FROM claimed ORDER BY priority, due, id"#,
        &pools,
        &slots,
        as_of,
        owner
    )
    .fetch_all(conn)
    .await?;
    // The time of the claim is measured, not the time at which a batch was decoded.
    for job in &mut claimed {
        job.claimed_at.get_or_insert(job.due);
    }
    Ok(claimed)
}

/// Puts back what this process has claimed without knowing: a claim can commit and its answer be lost with the
/// connection. `in_hand` is what it does know of. The attempt is given back, since nothing was run.
pub(crate) async fn put_back_strays(
    conn: &mut PgConnection,
    owner: i64,
    in_hand: &[i64],
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        r#"UPDATE queue.jobs SET state = 0, owner = NULL, attempt = attempt - 1, due = greatest(due, clock_timestamp())
           WHERE owner = $1 AND state = 1 AND id <> ALL($2)"#,
        owner,
        in_hand
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// When the next job of these pools falls due, if it is not due yet.
pub(crate) async fn next_due(
    conn: &mut PgConnection,
    pools: &[Pool],
) -> Result<Option<f64>, sqlx::Error> {
    let pools: Vec<String> = pools.iter().map(|pool| pool.name().to_owned()).collect();
    // One index probe for each pool and priority, however many jobs wait for tomorrow.
    let row = sqlx::query!(
        r#"SELECT extract(epoch FROM min(next.due) - clock_timestamp())::float8 AS secs
           FROM unnest($1::text[]) AS wanted(pool)
           CROSS JOIN unnest(ARRAY[0, 1, 2]::int2[]) AS level(priority)
           CROSS JOIN LATERAL (
               SELECT j.due FROM queue.jobs j
               WHERE j.pool = wanted.pool AND j.priority = level.priority AND j.state = 0 AND j.due > now()
               ORDER BY j.due LIMIT 1
           ) next"#,
        &pools
    )
    .fetch_one(conn)
    .await?;
    Ok(row.secs)
}
