//! Lanes: their limits, their parking, and what an operator has stopped.
//!
//! A lane is `(pool, name)`: by default a workspace, for messages the sending number. Lanes take turns, so that one
//! workspace's million jobs delay another's next job by one round. A lane may have a rate (the generic cell rate
//! algorithm, ITU-T I.371: so many a second, so many at once), a limit on how many of its jobs run at once, and may be
//! parked until a time. All of this holds across processes, since it is decided in the statement that claims.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    doorbell::{self, News},
    job::Pool,
};

/// The limits of a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// Jobs a second, and how many may come at once.
    pub rate: Option<(f64, u32)>,
    /// Of the burst, what jobs of low priority leave to the others, so that somebody who waits always finds a place.
    pub reserved: u32,
    /// How many may run at once.
    pub max_running: Option<u32>,
}

/// Why limits are refused.
#[derive(Debug, thiserror::Error)]
pub enum LimitError {
    /// A value makes no sense.
    #[error("{field} {rule}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Limits {
    pub(crate) fn check(&self) -> Result<(), LimitError> {
        let refuse = |field, rule| Err(LimitError::Invalid { field, rule });
        if let Some((rate, burst)) = self.rate {
            if !(rate.is_finite() && (0.001..=100_000.0).contains(&rate)) {
                return refuse(
                    "rate",
                    "must be 0.001 to 100000 a second; to stop a lane, pause it",
                );
            }
            if !(1..=100_000).contains(&burst) {
                return refuse("burst", "must be 1 to 100000");
            }
            if self.reserved >= burst {
                return refuse("reserved", "must be less than the burst");
            }
        } else if self.reserved > 0 {
            return refuse("reserved", "is a part of a burst: set a rate and a burst");
        }
        if self.max_running == Some(0) {
            return refuse(
                "max_running",
                "must be at least 1; to stop a lane, pause it",
            );
        }
        Ok(())
    }
}

/// What sort of lane it is, for metrics: a name of one's own, a tenant's, or that of whatever has neither. The names
/// themselves are too many.
pub(crate) fn class(lane: &str) -> &'static str {
    if lane.is_empty() {
        "shared"
    } else if Uuid::try_parse(lane).is_ok() {
        "tenant"
    } else {
        "named"
    }
}

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
    Ok(look_again(conn, pool.name()).await?)
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
    look_again(conn, pool.name()).await
}

/// What can be stopped and let go again, durably and for all processes. Running jobs go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// All jobs of a pool.
    Pool(Pool),
    /// All jobs of a kind.
    Kind(&'a str),
    /// A lane.
    Lane(Pool, &'a str),
}

/// Stops something.
///
/// # Errors
/// The database failed.
pub async fn pause(conn: &mut PgConnection, scope: Scope<'_>) -> Result<(), sqlx::Error> {
    let (what, name) = match scope {
        Scope::Pool(pool) => ("pool", pool.name()),
        Scope::Kind(kind) => ("kind", kind),
        Scope::Lane(pool, lane) => {
            sqlx::query!(
                "INSERT INTO queue.lanes (pool, lane, paused, own_limits) VALUES ($1, $2, true, false)
                 ON CONFLICT (pool, lane) DO UPDATE SET paused = true",
                pool.name(),
                lane
            )
            .execute(conn)
            .await?;
            return Ok(());
        }
    };
    sqlx::query!(
        "INSERT INTO queue.pauses (scope, name) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        what,
        name
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets it go again.
///
/// # Errors
/// The database failed.
pub async fn resume(conn: &mut PgConnection, scope: Scope<'_>) -> Result<(), sqlx::Error> {
    let (what, name) = match scope {
        Scope::Pool(pool) => ("pool", pool.name()),
        Scope::Kind(kind) => ("kind", kind),
        Scope::Lane(pool, lane) => {
            sqlx::query!(
                "UPDATE queue.lanes SET paused = false WHERE pool = $1 AND lane = $2",
                pool.name(),
                lane
            )
            .execute(&mut *conn)
            .await?;
            return look_again(conn, pool.name()).await;
        }
    };
    sqlx::query!(
        "DELETE FROM queue.pauses WHERE scope = $1 AND name = $2",
        what,
        name
    )
    .execute(&mut *conn)
    .await?;
    // A kind may stand in any pool: everybody looks.
    look_again(
        conn,
        if what == "pool" {
            name
        } else {
            doorbell::EVERYWHERE
        },
    )
    .await
}

async fn look_again(conn: &mut PgConnection, pool: &str) -> Result<(), sqlx::Error> {
    let news = News(BTreeMap::from([(pool.to_owned(), BTreeSet::new())]));
    doorbell::tell(conn, &news, 0).await
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

/// What is paused: `("pool" | "kind", name)`.
///
/// # Errors
/// The database failed.
pub async fn pauses(conn: &mut PgConnection) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!("SELECT scope, name FROM queue.pauses ORDER BY scope, name")
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.scope, row.name)).collect())
}
