//! Schedules: the clock enqueues jobs, durably.
//!
//! A schedule is a row that knows its next fire time. Every engine looks at the earliest of them by the database's clock.
//! The process that locks a due row first writes the jobs and moves the row on, in one transaction. So a fire time is
//! enqueued exactly once, however many processes run and whichever of them die (`fire::fire_next` says why). The job is
//! like any other: it is due at its fire time, with its kind's attempts and its tenant's lane.
//!
//! Schedules come from two sources. Those **in code** are given to the registry
//! ([`Registry::schedule`](crate::Registry::schedule)), and the engine writes them to the table at its start. A changed
//! schedule takes effect then, a missing one is deleted, and a paused one stays paused. Those **in the database**, such as
//! a tenant's own, are [`put`] and [`remove`]d at run time. Processes notice the change within seconds.
//!
//! An expression is read in an IANA time zone. [`Schedule::zone`] says what happens when the clocks change. [`Missed`]
//! says what happens to fire times that passed while no process ran.
//!
//! A job that must not overlap with its own earlier run uses
//! [`Unique::WhileUnfinished`](crate::Unique::WhileUnfinished). A fire during a run then enqueues nothing.
//!
//! ```
//! use kazi_queue::{Enqueued, Job, JobError, Pool, Registry, Running, cron::{self, Missed, Schedule}};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Report { yesterday: bool }
//!
//! impl Job for Report {
//!     type Context = ();
//!     const NAME: &'static str = "reports.daily";
//!     const POOL: Pool = Pool::new("bulk");
//!     async fn run(&self, _: &(), _: &Running) -> Result<(), JobError> { Ok(()) }
//! }
//!
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let database = kazi_platform::testing::TestDatabase::new("queue", |db| async move { kazi_queue::migrate(&db).await }).await;
//! # let mut conn = database.pool().acquire().await?;
//! // In code:
//! let registry = Registry::new().register::<Report>().schedule(
//!     Schedule::new("reports.daily", "0 8 * * *").zone("Africa/Nairobi").missed(Missed::One),
//!     &Report { yesterday: true },
//! );
//! // In the database:
//! let hourly = Schedule::new("mine", "@hourly");
//! let payload = serde_json::json!({ "yesterday": false });
//! cron::put(&mut conn, &registry, &hourly, "reports.daily", payload).await?;
//! let next: Vec<_> = cron::next_fires(&mut conn, None, "mine", 5).await?;
//! let job: Enqueued = cron::run_now(&mut conn, &registry, None, "mine").await?;
//! cron::pause(&mut conn, None, "mine").await?;
//! # Ok(()) }
//! ```

mod fire;
mod view;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

pub use crate::types::{CronError, MAX_CAP, MAX_NAME, Missed, Schedule};
use crate::{
    enqueue,
    registry::Registry,
    store::schedules::{self as store, ScheduleRow},
    types::Enqueued,
};
pub(crate) use fire::{fire_due, synchronise};
pub use view::{ScheduleView, Source};

/// Writes a schedule into the database, or changes the one of this tenant and name. A changed expression or zone counts
/// from now on. With both unchanged, a due fire stays due. A paused schedule stays paused.
///
/// # Errors
/// A field is not allowed, the kind is not registered, it refuses the payload, the name belongs to a schedule of the
/// program's code, or a statement failed.
pub async fn put<C: Clone + Send + Sync + 'static>(
    conn: &mut PgConnection,
    registry: &Registry<C>,
    schedule: &Schedule,
    kind: &str,
    payload: Value,
) -> Result<ScheduleView, CronError> {
    schedule.check()?;
    let payload = registry.scheduled_payload(schedule, kind, payload)?;
    let mut tx = conn.begin().await?;
    let now = store::now(&mut tx).await?;
    let next_fire = schedule.timetable()?.next(now);
    if next_fire.is_none() {
        return Err(CronError::Never {
            expression: schedule.expression.clone(),
        });
    }
    store::upsert(&mut tx, schedule, (kind, &payload), next_fire, "database")
        .await?
        .ok_or_else(|| CronError::FromCode {
            name: schedule.name.clone(),
        })?;
    let row = found(&mut tx, schedule.tenant, &schedule.name).await?;
    tx.commit().await?;
    Ok(row.into())
}

/// Deletes a schedule of the database. Jobs that it has enqueued stay.
///
/// # Errors
/// There is no such schedule, it belongs to the program's code (which would write it again), or a statement failed.
pub async fn remove(
    conn: &mut PgConnection,
    tenant: Option<Uuid>,
    name: &str,
) -> Result<(), CronError> {
    let mut tx = conn.begin().await?;
    let row = locked(&mut tx, tenant, name).await?;
    if row.source == "code" {
        return Err(CronError::FromCode { name: row.name });
    }
    store::remove(&mut tx, row.id).await?;
    Ok(tx.commit().await?)
}

/// The schedule of this tenant and name.
///
/// # Errors
/// There is no such schedule, or the statement failed.
pub async fn get(
    conn: &mut PgConnection,
    tenant: Option<Uuid>,
    name: &str,
) -> Result<ScheduleView, CronError> {
    Ok(found(conn, tenant, name).await?.into())
}

/// Schedules of one tenant, or of all of them, in the order in which they were made. It lists ids above `after`: pass
/// 0, then the last id of each page.
pub async fn list(
    conn: &mut PgConnection,
    tenant: Option<Uuid>,
    after: i64,
    limit: u16,
) -> Result<Vec<ScheduleView>, CronError> {
    let rows = store::list(conn, tenant, after, limit.into()).await?;
    Ok(rows.into_iter().map(ScheduleView::from).collect())
}

/// By how many seconds the latest schedule of any kind is late; 0 if none is. It also tells a watcher that no process
/// fires schedules.
pub async fn overdue(conn: &mut PgConnection) -> Result<f64, CronError> {
    Ok(store::overdue(conn).await?)
}

/// The next fire times of a schedule after the database's time, also of a paused one. [`Schedule::next_fires`] does the
/// same for a schedule that is not in the database.
///
/// # Errors
/// There is no such schedule, or a statement failed.
pub async fn next_fires(
    conn: &mut PgConnection,
    tenant: Option<Uuid>,
    name: &str,
    count: usize,
) -> Result<Vec<DateTime<Utc>>, CronError> {
    let now = store::now(&mut *conn).await?;
    let row = found(conn, tenant, name).await?;
    row.schedule().next_fires(now, count)
}

/// Enqueues the job of a schedule now, also of a paused one. The fire times do not change.
///
/// # Errors
/// There is no such schedule, its kind is not registered here, the kind refuses the payload, or a statement failed.
pub async fn run_now<C: Clone + Send + Sync + 'static>(
    conn: &mut PgConnection,
    registry: &Registry<C>,
    tenant: Option<Uuid>,
    name: &str,
) -> Result<Enqueued, CronError> {
    let row = found(&mut *conn, tenant, name).await?;
    let now = store::now(&mut *conn).await?;
    let job = registry.prepare_fire(&row.schedule(), &row.kind, row.payload, now)?;
    Ok(enqueue::insert_one(conn, job).await?)
}

/// Stops a schedule in all processes until it is resumed. It may be one of the program's code.
///
/// # Errors
/// There is no such schedule, or a statement failed.
pub async fn pause(
    conn: &mut PgConnection,
    tenant: Option<Uuid>,
    name: &str,
) -> Result<(), CronError> {
    let mut tx = conn.begin().await?;
    let row = locked(&mut tx, tenant, name).await?;
    store::set_paused(&mut tx, row.id, true, row.next_fire).await?;
    Ok(tx.commit().await?)
}

/// Lets a paused schedule fire again, from its next fire time on. The times that passed during the pause do not count
/// as missed. A schedule that is not paused does not change.
///
/// # Errors
/// There is no such schedule, or a statement failed.
pub async fn resume(
    conn: &mut PgConnection,
    tenant: Option<Uuid>,
    name: &str,
) -> Result<(), CronError> {
    let mut tx = conn.begin().await?;
    let row = locked(&mut tx, tenant, name).await?;
    if row.paused {
        let now = store::now(&mut tx).await?;
        let next_fire = row.schedule().timetable()?.next(now);
        store::set_paused(&mut tx, row.id, false, next_fire).await?;
    }
    Ok(tx.commit().await?)
}

/// The row, locked until the caller's transaction ends.
async fn locked(
    conn: &mut PgConnection,
    tenant: Option<Uuid>,
    name: &str,
) -> Result<ScheduleRow, CronError> {
    if !name.contains('\0') {
        store::lock(&mut *conn, tenant, name).await?;
    }
    found(conn, tenant, name).await
}

async fn found(
    conn: &mut PgConnection,
    tenant: Option<Uuid>,
    name: &str,
) -> Result<ScheduleRow, CronError> {
    // PostgreSQL has no NUL in a text, so there is no schedule of such a name.
    let row = match name.contains('\0') {
        true => None,
        false => store::get(conn, tenant, name).await?,
    };
    row.ok_or_else(|| CronError::NotFound {
        name: name.chars().take(MAX_NAME).collect(),
    })
}
