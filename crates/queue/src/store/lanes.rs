//! Lanes: their limits and their parking.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use super::notify;
use crate::types::{LimitError, Limits, News, Pool};

/// A lane that has a row.
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

/// Sets a lane's limits, at once for all processes.
///
/// # Errors
/// A value makes no sense, or the database failed.
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
    Ok(notify::look(conn, &News::of_pool(pool.name()), None).await?)
}

/// Gives lanes of a pool its default limits, where they have none of their own. Called before they are claimed from.
///
/// # Errors
/// A value makes no sense, or the database failed.
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

/// Lets nothing of a lane start before `until`: what a provider's `Retry-After` asks for, once for all its jobs. A
/// parking is only ever prolonged.
///
/// # Errors
/// The database failed.
pub async fn park(
    conn: &mut PgConnection,
    pool: &str,
    lane: &str,
    until: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    // Not for ever, whatever somebody's clock or header says.
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

/// Ends a lane's parking.
///
/// # Errors
/// The database failed.
pub async fn unpark(conn: &mut PgConnection, pool: Pool, lane: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE queue.lanes SET parked_until = NULL WHERE pool = $1 AND lane = $2",
        pool.name(),
        lane
    )
    .execute(&mut *conn)
    .await?;
    notify::look(conn, &News::of_pool(pool.name()), None).await
}

/// A lane with a limit, a pause or a parking.
#[derive(Clone, Debug, Serialize)]
pub struct LaneView {
    /// Its pool.
    pub pool: String,
    /// Its name.
    pub lane: String,
    /// Jobs a second.
    pub rate: Option<f64>,
    /// How many may come at once.
    pub burst: Option<i32>,
    /// What low priority leaves of them.
    pub reserved: i32,
    /// How many may run at once.
    pub max_running: Option<i32>,
    /// Stopped by an operator.
    pub paused: bool,
    /// Until when nothing starts.
    pub parked_until: Option<DateTime<Utc>>,
}

/// The lanes that have a limit, a pause or a parking.
///
/// # Errors
/// The database failed.
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

/// Those of some lanes that have a limit, a pause or a parking.
///
/// # Errors
/// The database failed.
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
