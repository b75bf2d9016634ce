//! The state of the pools.

use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::types::sql;

/// The state of a pool. Counts stop at 10,000, so the question is cheap however long the backlog is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QueuePool)]
pub struct PoolView {
    /// The name of the pool.
    pub pool: String,
    /// How many processes serve the pool.
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

/// All pools that have jobs, a process or a pause, by name.
pub async fn pools(conn: &mut PgConnection) -> Result<Vec<PoolView>, sqlx::Error> {
    sql!(query_as<PoolView>,
        r#"WITH RECURSIVE busy AS (
               (SELECT pool FROM queue.jobs ORDER BY pool LIMIT 1)
               UNION ALL
               SELECT (SELECT j.pool FROM queue.jobs j WHERE j.pool > b.pool ORDER BY j.pool LIMIT 1)
               FROM busy b WHERE b.pool IS NOT NULL
           ), names AS (
               SELECT pool FROM busy WHERE pool IS NOT NULL
               UNION SELECT unnest(pools) FROM queue.processes
               UNION SELECT name FROM queue.pauses WHERE scope = 'pool'
               UNION SELECT pool FROM (SELECT DISTINCT pool FROM queue.dead) d
           )
           SELECT n.pool AS "pool!",
               (SELECT count(*) FROM queue.processes p WHERE n.pool = ANY(p.pools)) AS "processes!",
               (SELECT coalesce(sum(p.slots[array_position(p.pools, n.pool)]), 0)
                FROM queue.processes p WHERE n.pool = ANY(p.pools)) AS "slots!",
               (SELECT coalesce(sum(p.rates[array_position(p.pools, n.pool)]), 0)
                FROM queue.processes p WHERE n.pool = ANY(p.pools)) AS "rate!",
               (SELECT count(*) FROM (SELECT FROM queue.jobs j WHERE j.pool = n.pool AND j.state = "# Ready r#" LIMIT 10000) c)
                   AS "ready!",
               (SELECT count(*) FROM queue.jobs j WHERE j.pool = n.pool AND j.state = "# Running r#") AS "running!",
               (SELECT count(*) FROM (SELECT FROM queue.jobs j WHERE j.pool = n.pool AND j.state = "# Scheduled r#" LIMIT 10000) c)
                   AS "scheduled!",
               (SELECT count(*) FROM (SELECT FROM queue.jobs j WHERE j.pool = n.pool AND j.state = "# Blocked r#" LIMIT 10000) c)
                   AS "blocked!",
               (SELECT count(*) FROM (SELECT FROM queue.dead d WHERE d.pool = n.pool LIMIT 10000) c) AS "dead!",
               (SELECT extract(epoch FROM now() - min(o.due))::float8
                FROM (SELECT j.due FROM queue.jobs j WHERE j.pool = n.pool AND j.state = "# Ready r#" LIMIT 10000) o)
                   AS oldest_due_seconds,
               EXISTS (SELECT FROM queue.pauses p WHERE p.scope = 'pool' AND p.name = n.pool) AS "paused!"
           FROM names n ORDER BY n.pool"#
    )
    .fetch_all(conn)
    .await
}
