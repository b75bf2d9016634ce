//! The state of the pools.

use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::types::{Pool, sql};

/// The state of a pool. Counts stop at 10,000, and blocked jobs are counted among 100,000 of all pools. So the cost stops
/// growing with the backlog.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QueuePool)]
pub struct PoolView {
    /// The name of the pool.
    pub pool: String,
    /// How many processes that are alive serve the pool.
    pub processes: i64,
    /// How many jobs may run at once in these processes together.
    pub slots: i64,
    /// How many runs ended in a second, as the processes counted between their last two heartbeats.
    pub rate: f64,
    /// How many jobs are due.
    pub ready: i64,
    /// How many jobs run now.
    pub running: i64,
    /// How many jobs wait for their due time.
    pub scheduled: i64,
    /// How many jobs wait for an earlier job of their sequence, or for their batch.
    pub blocked: i64,
    /// How many dead letters the pool has.
    pub dead: i64,
    /// For how many seconds the oldest ready job has been due. `None`: no job is ready.
    pub oldest_due_seconds: Option<f64>,
    /// Whether an operator has paused the pool.
    pub paused: bool,
}

/// How many blocked jobs are looked through. No index has them by pool.
const LOOKED_THROUGH: i64 = 100_000;

/// The state of these pools, in the order of the list.
pub async fn pools(conn: &mut PgConnection, pools: &[Pool]) -> Result<Vec<PoolView>, sqlx::Error> {
    let names: Vec<String> = pools.iter().map(|pool| pool.name().to_owned()).collect();
    sql!(query_as<PoolView>,
        r#"WITH running AS (
               SELECT pool, count(*) AS n FROM queue.jobs WHERE state = "# Running r#" GROUP BY pool
           ), blocked AS (
               SELECT pool, count(*) AS n
               FROM (SELECT pool FROM queue.jobs WHERE state = "# Blocked r#" LIMIT $2) looked_at GROUP BY pool
           )
           SELECT w.pool AS "pool!", served.processes AS "processes!", served.slots AS "slots!", served.rate AS "rate!",
               due.ready AS "ready!", due.oldest AS oldest_due_seconds,
               coalesce(r.n, 0) AS "running!", least(coalesce(b.n, 0), 10000) AS "blocked!",
               (SELECT count(*) FROM (SELECT FROM queue.dead d WHERE d.pool = w.pool LIMIT 10000) c) AS "dead!",
               (SELECT count(*) FROM (SELECT FROM queue.jobs j WHERE j.pool = w.pool AND j.state = "# Scheduled r#" LIMIT 10000) c)
                   AS "scheduled!",
               EXISTS (SELECT FROM queue.pauses p WHERE p.scope = 'pool' AND p.name = w.pool) AS "paused!"
           FROM unnest($1::text[]) WITH ORDINALITY AS w(pool, place)
           LEFT JOIN running r ON r.pool = w.pool
           LEFT JOIN blocked b ON b.pool = w.pool
           CROSS JOIN LATERAL (
               SELECT count(*) AS processes, coalesce(sum(p.slots[array_position(p.pools, w.pool)]), 0) AS slots,
                      coalesce(sum(p.rates[array_position(p.pools, w.pool)]), 0) AS rate
               FROM queue.processes p WHERE "# Alive r#" AND w.pool = ANY(p.pools)
           ) served
           CROSS JOIN LATERAL (
               SELECT count(*) AS ready, extract(epoch FROM now() - min(c.due))::float8 AS oldest
               FROM (SELECT j.due FROM queue.jobs j WHERE j.pool = w.pool AND j.state = "# Ready r#" LIMIT 10000) c
           ) due
           ORDER BY w.place"#,
        &names,
        LOOKED_THROUGH
    )
    .fetch_all(conn)
    .await
}
