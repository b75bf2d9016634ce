//! How long limited lanes have to wait.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::types::{Ask, sql};

/// Of the lanes that have limits: in how many seconds each lets the next job through. What runs now counts as one that
/// ends soon.
pub(crate) async fn waits(
    conn: &mut PgConnection,
    asks: &[Ask],
) -> Result<HashMap<(String, String), f64>, sqlx::Error> {
    let (pools, lanes): (Vec<String>, Vec<String>) = asks
        .iter()
        .map(|ask| (ask.level.pool.clone(), ask.level.lane.clone()))
        .unzip();
    let priorities: Vec<i16> = asks.iter().map(|ask| ask.level.priority).collect();
    let rows = sql!(query,
        r#"SELECT l.pool, l.lane, l.paused, CASE
               WHEN l.parked_until > now() THEN extract(epoch FROM l.parked_until - clock_timestamp())
               ELSE greatest(
                   extract(epoch FROM l.spent_until - clock_timestamp())::float8
                       + (1 + CASE WHEN a.priority > 1 THEN l.reserved ELSE 0 END) / l.rate,
                   CASE WHEN l.max_running <= (SELECT count(*) FROM queue.jobs r
                        WHERE r.pool = l.pool AND r.lane = l.lane AND r.state = "# Running r#" AND r.counted) THEN 0.02 END)
               END::float8 AS secs
           FROM queue.lanes l JOIN unnest($1::text[], $2::text[], $3::int2[]) AS a(pool, lane, priority)
                USING (pool, lane)"#,
        &pools,
        &lanes,
        &priorities
    )
    .fetch_all(conn)
    .await?;
    // Of a paused lane there is nothing to wait for: its resume rings. No rate and room to run: at once.
    Ok(rows
        .into_iter()
        .filter(|row| !row.paused)
        .map(|row| ((row.pool, row.lane), row.secs.unwrap_or(0.0)))
        .collect())
}
