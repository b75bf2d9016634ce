//! How long lanes with limits have to wait.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::types::{Ask, sql};

/// For lanes with limits: the seconds until each lets the next job through. A lane with too many running jobs counts as
/// one that has to wait for 20 ms.
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
    // A paused lane has no time to wait for: its resume rings. A lane without a rate and with room for another job
    // waits for 0 s.
    Ok(rows
        .into_iter()
        .filter(|row| !row.paused)
        .map(|row| ((row.pool, row.lane), row.secs.unwrap_or(0.0)))
        .collect())
}
