//! The processes that run jobs, for whoever looks at them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::types::sql;

/// A process that runs jobs.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QueueProcess)]
pub struct ProcessView {
    /// The number of the process. It gets another one when its lease was lost.
    pub id: i64,
    /// The name of its machine.
    pub host: String,
    /// Its number on this machine.
    pub pid: i32,
    /// The version of its program; empty if the program names none.
    pub version: String,
    /// When it began, by the database's clock.
    pub started_at: DateTime<Utc>,
    /// When its last heartbeat arrived.
    pub beat_at: DateTime<Utc>,
    /// How many seconds ago that was. Another process takes its jobs after 15 s without a heartbeat.
    pub silent_seconds: f64,
    /// The pools that it serves.
    pub pools: Vec<ProcessPool>,
}

/// A pool in a process.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QueueProcessPool)]
pub struct ProcessPool {
    /// The name of the pool.
    pub pool: String,
    /// How many of its jobs may run at once in the process.
    pub slots: i32,
    /// How many of its jobs run there now.
    pub running: i64,
    /// How many runs ended in a second, between the last two heartbeats.
    pub rate: f64,
}

/// All processes, the oldest first, at most 1,000.
pub async fn processes(conn: &mut PgConnection) -> Result<Vec<ProcessView>, sqlx::Error> {
    let rows = sql!(query,
        r#"WITH running AS (
               SELECT owner, pool, count(*) AS running FROM queue.jobs WHERE state = "# Running r#" GROUP BY owner, pool
           )
           SELECT id, host, pid, version, started_at, beat_at, pools, slots, rates,
                  extract(epoch FROM now() - beat_at)::float8 AS "silent_seconds!",
                  ARRAY(SELECT coalesce((SELECT r.running FROM running r WHERE r.owner = p.id AND r.pool = served.pool), 0)
                        FROM unnest(p.pools) WITH ORDINALITY AS served(pool, place) ORDER BY served.place) AS "running!"
           FROM queue.processes p ORDER BY id LIMIT 1000"#
    )
    .fetch_all(conn)
    .await?;
    let views = rows.into_iter().map(|row| ProcessView {
        id: row.id,
        host: row.host,
        pid: row.pid,
        version: row.version,
        started_at: row.started_at,
        beat_at: row.beat_at,
        silent_seconds: row.silent_seconds,
        pools: row
            .pools
            .into_iter()
            .enumerate()
            .map(|(place, pool)| ProcessPool {
                pool,
                slots: row.slots.get(place).copied().unwrap_or_default(),
                running: row.running.get(place).copied().unwrap_or_default(),
                rate: row.rates.get(place).copied().unwrap_or_default(),
            })
            .collect(),
    });
    Ok(views.collect())
}
