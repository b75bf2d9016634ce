//! Fires schedules that are due, and brings the table up to the code's schedules.

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection, PgPool};

use crate::{
    bells, enqueue,
    registry::Registry,
    store::schedules::{self as store, ScheduleRow},
    types::{CronError, EnqueueError, JobId, Timetable},
};

/// Seconds to wait after a refusal by the database: it may have been a deadlock or the time-out of a lock.
const DATABASE_RETRY_SECONDS: f64 = 1.0;
/// Seconds to wait after any other failure. It stays until somebody changes the schedule or the program.
const OTHER_RETRY_SECONDS: f64 = 60.0;

/// Fires every schedule that is due at `now`, or without it by the database's clock. Answers the number of jobs. A
/// schedule that cannot fire is postponed and does not hold up the others.
pub(crate) async fn fire_due<C: Clone + Send + Sync + 'static>(
    conn: &mut PgConnection,
    registry: &Registry<C>,
    now: Option<DateTime<Utc>>,
) -> Result<usize, sqlx::Error> {
    let kinds = registry.names();
    let mut jobs = 0;
    loop {
        match fire_next(conn, registry, &kinds, now).await {
            Ok(None) => return Ok(jobs),
            Ok(Some(fired)) => jobs += fired,
            Err(Failed { schedule, error }) => {
                // Without a schedule the connection itself has failed.
                let Some((id, name, kind)) = schedule else {
                    return Err(error.into());
                };
                // A database's refusal may be a deadlock or a lock's time-out; a payload does not mend itself.
                let seconds = if matches!(error, CronError::Database(_)) {
                    DATABASE_RETRY_SECONDS
                } else {
                    OTHER_RETRY_SECONDS
                };
                tracing::error!(schedule = name, kind, %error, seconds, "a schedule could not be fired; trying again later");
                metrics::counter!("kazi_queue_cron_failed_total", "kind" => kind).increment(1);
                store::postpone(conn, id, now, seconds, &error.to_string()).await?;
            }
        }
    }
}

/// Why a fire failed, and of which schedule.
struct Failed {
    schedule: Option<(i64, String, String)>,
    error: CronError,
}

impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Self {
        Self {
            schedule: None,
            error: error.into(),
        }
    }
}

/// Fires one due schedule. `None`: no schedule is due that is not locked.
///
/// Why each fire time is enqueued exactly once: the row is locked, so one process handles its next fire time. Others
/// skip the row. A process that gets the lock later sees the row as it was left, because PostgreSQL checks the
/// condition again on the newest version of a locked row. The jobs and the new `next_fire` become visible in one
/// commit. A process that dies before the commit leaves the row due and no job; one that dies after it leaves nothing
/// to do. If the result of the commit is unknown, the row tells what happened. If the clock or an edit leads back to a
/// time that was fired, its key in `queue.schedule_fires` is taken.
async fn fire_next<C: Clone + Send + Sync + 'static>(
    conn: &mut PgConnection,
    registry: &Registry<C>,
    kinds: &[String],
    now: Option<DateTime<Utc>>,
) -> Result<Option<usize>, Failed> {
    let mut tx = conn.begin().await?;
    let Some((row, now)) = store::take_due(&mut tx, kinds, now).await? else {
        return Ok(None);
    };
    match fire(&mut tx, registry, &row, now).await {
        Ok(fired) => {
            tx.commit().await?;
            if let Some(kind) = registry.get(&row.kind).filter(|_| fired > 0) {
                bells::ring(kind.pool);
                metrics::counter!("kazi_queue_cron_fires_total", "kind" => kind.name)
                    .increment(fired as u64);
                metrics::gauge!("kazi_queue_cron_last_fire_timestamp_seconds", "kind" => kind.name)
                    .set((now - DateTime::UNIX_EPOCH).as_seconds_f64());
            }
            Ok(Some(fired))
        }
        Err(error) => {
            tx.rollback().await?;
            Err(Failed {
                schedule: Some((row.id, row.name, row.kind)),
                error,
            })
        }
    }
}

async fn fire<C: Clone + Send + Sync + 'static>(
    conn: &mut PgConnection,
    registry: &Registry<C>,
    row: &ScheduleRow,
    now: DateTime<Utc>,
) -> Result<usize, CronError> {
    let Some(first) = row.next_fire else {
        return Ok(0);
    };
    let schedule = row.schedule();
    let timetable: Timetable = schedule.timetable()?;
    let due = timetable.due(first, now, schedule.missed);
    if due.first() != Some(&first) || due.len() > 1 {
        tracing::warn!(schedule = row.name, policy = schedule.missed.name(), since = %first, made_good = due.len(), "fire times were missed");
        // The label is the kind, which is registered. There may be any number of schedules.
        metrics::counter!("kazi_queue_cron_missed_total", "kind" => row.kind.clone()).increment(1);
    }
    let fires = if due.is_empty() {
        due
    } else {
        store::note_fires(&mut *conn, row.id, &due).await?
    };
    let jobs = fires
        .iter()
        .map(|fire| registry.prepare_fire(&schedule, &row.kind, row.payload.clone(), *fire))
        .collect::<Result<Vec<_>, EnqueueError>>()?;
    let enqueued = match jobs.is_empty() {
        true => Vec::new(),
        false => enqueue::insert(&mut *conn, jobs).await?,
    };
    let fired: Vec<(DateTime<Utc>, JobId)> = fires
        .into_iter()
        .zip(enqueued.iter().map(|job| job.id))
        .collect();
    if let Some((fire, _)) = fired.last() {
        metrics::histogram!("kazi_queue_cron_late_seconds")
            .record((now - *fire).as_seconds_f64().max(0.0));
    }
    store::advance(conn, row.id, &fired, timetable.next(now)).await?;
    Ok(fired.len())
}

/// Brings the table up to the code: writes new and changed schedules, and deletes those that are gone.
pub(crate) async fn synchronise<C: Clone + Send + Sync + 'static>(
    db: &PgPool,
    registry: &Registry<C>,
) -> Result<(), sqlx::Error> {
    let checked = registry.checked_schedules()?;
    let mut tx = db.begin().await?;
    store::lock_sync(&mut tx).await?;
    let now = store::now(&mut tx).await?;
    let mut kept = Vec::new();
    for (schedule, kind, payload) in checked {
        let next_fire = schedule.timetable()?.next(now);
        kept.extend(store::upsert(&mut tx, schedule, (kind, &payload), next_fire, "code").await?);
    }
    for name in store::remove_gone(&mut tx, &kept, &registry.names()).await? {
        tracing::info!(
            schedule = name,
            "removed a schedule that is no longer in the code"
        );
    }
    tx.commit().await
}
