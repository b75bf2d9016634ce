//! Lanes: their limits and their parking.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use super::notify;
use crate::types::{LimitError, Limits, Look, Pool};

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
#[derive(Clone, Debug, Serialize)]
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
