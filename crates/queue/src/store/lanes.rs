//! Lanes: their limits and their parking.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::notify;
use crate::types::{LimitError, Limits, Look, Pool, sql};

/// A lane that has a limit, a pause or a parking.
pub(crate) struct Limited {
    pub pool: String,
    pub lane: String,
    pub counted: bool,
}

pub(crate) async fn limits(
    conn: &mut PgConnection,
    pools: &[Pool],
) -> Result<Vec<Limited>, sqlx::Error> {
    let pools: Vec<String> = pools.iter().map(|pool| pool.name().to_owned()).collect();
    sqlx::query_as!(
        Limited,
        r#"SELECT pool, lane, max_running IS NOT NULL AS "counted!" FROM queue.lanes WHERE pool = ANY($1)"#,
        &pools
    )
    .fetch_all(conn)
    .await
}

/// Sets the limits of a lane, at once for all processes.
///
/// # Errors
/// A value is not allowed, or the statement failed.
pub async fn set(
    conn: &mut PgConnection,
    pool: Pool,
    lane: &str,
    limits: &Limits,
) -> Result<(), LimitError> {
    limits.check()?;
    let (rate, burst) = limits.rate.unzip();
    sqlx::query!(
        "INSERT INTO queue.lanes (pool, lane, rate, burst, reserved, max_running) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (pool, lane) DO UPDATE SET rate = $3, burst = $4, reserved = $5, max_running = $6, own_limits = true",
        pool.name(),
        lane,
        rate,
        burst.and_then(|burst| i32::try_from(burst).ok()),
        i32::try_from(limits.reserved).unwrap_or(0),
        limits.max_running.map(|most| i32::try_from(most).unwrap_or(i32::MAX))
    )
    .execute(&mut *conn)
    .await?;
    Ok(notify::look(conn, &Look::of_pool(pool.name()), None).await?)
}

/// Gives lanes the default limits of their pool, unless they have limits of their own. The fetcher calls it before it
/// claims from a new lane.
///
/// # Errors
/// A value is not allowed, or the statement failed.
pub(crate) async fn set_defaults(
    conn: &mut PgConnection,
    pool: Pool,
    lanes: &[String],
    limits: &Limits,
) -> Result<(), LimitError> {
    limits.check()?;
    let (rate, burst) = limits.rate.unzip();
    sqlx::query!(
        "INSERT INTO queue.lanes AS l (pool, lane, rate, burst, reserved, max_running, own_limits)
         SELECT $1, lane, $3, $4, $5, $6, false FROM unnest($2::text[]) AS lane ORDER BY lane
         ON CONFLICT (pool, lane) DO UPDATE SET rate = $3, burst = $4, reserved = $5, max_running = $6
             WHERE NOT l.own_limits AND (l.rate, l.burst, l.reserved, l.max_running) IS DISTINCT FROM ($3, $4, $5, $6)",
        pool.name(),
        lanes,
        rate,
        burst.and_then(|burst| i32::try_from(burst).ok()),
        i32::try_from(limits.reserved).unwrap_or(0),
        limits.max_running.map(|most| i32::try_from(most).unwrap_or(i32::MAX))
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets no job of a lane start before `until`, as a provider's `Retry-After` asks. A second call may only make it
/// later.
pub async fn park(
    conn: &mut PgConnection,
    pool: &str,
    lane: &str,
    until: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    // At most 30 days, whatever a clock or a header says.
    let until = until.min(Utc::now() + TimeDelta::days(30));
    sqlx::query!(
        "INSERT INTO queue.lanes AS l (pool, lane, parked_until, own_limits) VALUES ($1, $2, $3, false)
         ON CONFLICT (pool, lane) DO UPDATE SET parked_until = greatest(l.parked_until, $3)",
        pool,
        lane,
        until
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the parking of a lane. Its due jobs start at once.
pub async fn unpark(conn: &mut PgConnection, pool: Pool, lane: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE queue.lanes SET parked_until = NULL WHERE pool = $1 AND lane = $2",
        pool.name(),
        lane
    )
    .execute(&mut *conn)
    .await?;
    notify::look(conn, &Look::of_pool(pool.name()), None).await
}

/// A lane that has a limit, a pause or a parking.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QueueLaneLimits)]
pub struct LaneView {
    /// The name of the pool.
    pub pool: String,
    /// The name of the lane.
    pub lane: String,
    /// The rate in jobs a second.
    pub rate: Option<f64>,
    /// How many jobs may start at once.
    pub burst: Option<i32>,
    /// How many jobs of the burst `Priority::Low` may not use.
    pub reserved: i32,
    /// How many jobs may run at once.
    pub max_running: Option<i32>,
    /// Whether an operator has paused the lane.
    pub paused: bool,
    /// The time until which no job starts. `None`: the lane is not parked.
    pub parked_until: Option<DateTime<Utc>>,
}

/// All lanes that have a limit, a pause or a parking, by pool and name; at most 10,000.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<LaneView>, sqlx::Error> {
    sqlx::query_as!(
        LaneView,
        "SELECT pool, lane, rate, burst, reserved, max_running, paused,
                CASE WHEN parked_until > now() THEN parked_until END AS parked_until
         FROM queue.lanes ORDER BY pool, lane LIMIT 10000"
    )
    .fetch_all(conn)
    .await
}

/// Those of the given lanes that have a limit, a pause or a parking.
pub async fn some(
    conn: &mut PgConnection,
    pool: Pool,
    lanes: &[String],
) -> Result<Vec<LaneView>, sqlx::Error> {
    sqlx::query_as!(
        LaneView,
        "SELECT pool, lane, rate, burst, reserved, max_running, paused,
                CASE WHEN parked_until > now() THEN parked_until END AS parked_until
         FROM queue.lanes WHERE pool = $1 AND lane = ANY($2)",
        pool.name(),
        lanes
    )
    .fetch_all(conn)
    .await
}

/// A lane with its work.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QueueLane)]
pub struct BusyLane {
    /// What holds it.
    #[serde(flatten)]
    pub lane: LaneView,
    /// How many jobs are due. The count stops at 10,000.
    pub ready: i64,
    /// How many jobs run now.
    pub running: i64,
    /// For how many seconds the oldest of the due jobs has been due. `None`: no job is due.
    pub oldest_due_seconds: Option<f64>,
}

/// Which lanes to list.
#[derive(Clone, Copy, Debug)]
pub struct LaneFilter<'a> {
    /// The pools, in the order of the list.
    pub pools: &'a [Pool],
    /// Only lanes that are paused or parked.
    pub held: bool,
    /// The last lane of the page before: its pool and its name.
    pub after: Option<(&'a str, &'a str)>,
    /// How many lanes at most.
    pub limit: i64,
}

/// The lanes of these pools that have due jobs, a limit, a pause or a parking: pool by pool, by name.
///
/// It goes from lane to lane in the index of the due jobs, so its cost is that of the lanes on the page,
/// and of the running jobs, which are no more than the slots.
pub async fn busy(
    conn: &mut PgConnection,
    filter: LaneFilter<'_>,
) -> Result<Vec<BusyLane>, sqlx::Error> {
    let pools = filter.pools.iter().map(|pool| pool.name());
    let begins = |pool: &&str| filter.after.is_none_or(|(after, _)| *pool == after);
    let pools: Vec<String> = pools
        .skip_while(|pool| !begins(pool))
        .map(str::to_owned)
        .collect();
    let after = filter.after.map(|(_, lane)| lane);
    let rows = sql!(query,
        r#"WITH wanted AS (
               SELECT pool, place, CASE WHEN place = 1 THEN $2::text END AS after
               FROM unnest($1::text[]) WITH ORDINALITY AS p(pool, place)
           ), names AS (
               SELECT w.pool, w.place, n.lane FROM wanted w CROSS JOIN LATERAL (
                   (WITH RECURSIVE due AS (
                       SELECT coalesce(w.after, (SELECT j.lane FROM queue.jobs j
                                                 WHERE j.pool = w.pool AND j.state = "# Ready r#" ORDER BY j.lane LIMIT 1)) AS lane,
                              w.after IS NULL AS listed
                       UNION ALL
                       SELECT (SELECT j.lane FROM queue.jobs j
                               WHERE j.pool = w.pool AND j.state = "# Ready r#" AND j.lane > d.lane ORDER BY j.lane LIMIT 1), true
                       FROM due d WHERE d.lane IS NOT NULL
                    )
                    SELECT lane FROM due WHERE listed AND lane IS NOT NULL AND NOT $3 LIMIT $4)
                   UNION
                   (SELECT l.lane FROM queue.lanes l
                    WHERE l.pool = w.pool AND (w.after IS NULL OR l.lane > w.after)
                      AND (NOT $3 OR l.paused OR l.parked_until > now())
                    ORDER BY l.lane LIMIT $4)
               ) n
               ORDER BY w.place, n.lane LIMIT $4
           ), running AS (
               SELECT pool, lane, count(*) AS running FROM queue.jobs WHERE state = "# Running r#" GROUP BY pool, lane
           )
           SELECT n.pool AS "pool!", n.lane AS "lane!", l.rate AS "rate?", l.burst AS "burst?",
                  coalesce(l.reserved, 0) AS "reserved!", l.max_running AS "max_running?",
                  coalesce(l.paused, false) AS "paused!",
                  CASE WHEN l.parked_until > now() THEN l.parked_until END AS parked_until,
                  due.ready AS "ready!", due.oldest_due_seconds, coalesce(r.running, 0) AS "running!"
           FROM names n LEFT JOIN queue.lanes l ON l.pool = n.pool AND l.lane = n.lane
           LEFT JOIN running r ON r.pool = n.pool AND r.lane = n.lane
           CROSS JOIN LATERAL (
               SELECT count(*) AS ready, extract(epoch FROM now() - min(capped.due))::float8 AS oldest_due_seconds
               FROM (SELECT j.due FROM queue.jobs j
                     WHERE j.pool = n.pool AND j.lane = n.lane AND j.state = "# Ready r#" LIMIT 10000) capped
           ) due
           ORDER BY n.place, n.lane"#,
        &pools,
        after,
        filter.held,
        filter.limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| BusyLane {
            lane: LaneView {
                pool: row.pool,
                lane: row.lane,
                rate: row.rate,
                burst: row.burst,
                reserved: row.reserved,
                max_running: row.max_running,
                paused: row.paused,
                parked_until: row.parked_until,
            },
            ready: row.ready,
            running: row.running,
            oldest_due_seconds: row.oldest_due_seconds,
        })
        .collect())
}
