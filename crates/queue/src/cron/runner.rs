//! The part of an engine that fires schedules, and what brings the table up to the code at its start.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{Connection, PgConnection, PgPool};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{CronError, Schedule, checked_payload, model::Timetable, prepare, store};
use crate::{
    JobId,
    connection::Own,
    doorbell,
    engine::Shared,
    enqueue::{self, EnqueueError},
    registry::Registry,
};

/// How often to look without knowing of a fire: within this time a change made elsewhere is noticed. One statement.
const LOOK: Duration = Duration::from_secs(5);
/// The wait where a due schedule is in another process's hands.
const HELD: Duration = Duration::from_millis(250);
/// How often to say which schedules nobody can run.
const REPORT: Duration = Duration::from_secs(60);

pub(crate) async fn run<C: Clone + Send + Sync + 'static>(
    shared: Arc<Shared>,
    registry: Registry<C>,
    stop: CancellationToken,
) {
    let kinds = registry.names();
    let mut own = Own::new(&shared.db);
    let mut failures = 0;
    let mut reported = Instant::now();
    loop {
        let wait = match look(&mut own, &registry, &kinds).await {
            Ok(wait) => {
                failures = 0;
                wait
            }
            Err(error) => {
                failures += 1;
                own.lose();
                let wait = crate::backoff(failures);
                tracing::warn!(%error, retry_in_ms = wait.as_millis(), "cron cannot reach the database; fires will be late");
                metrics::counter!("kazi_queue_database_errors_total", "part" => "cron")
                    .increment(1);
                wait
            }
        };
        if failures == 0 && reported.elapsed() >= REPORT {
            reported = Instant::now();
            report_stranded(&shared.db, &kinds).await;
        }
        // Only the wait is cut short: a fire that has begun comes to its end.
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Fires what is due; answers for how long there is nothing to do.
async fn look<C: Clone + Send + Sync + 'static>(
    own: &mut Own,
    registry: &Registry<C>,
    kinds: &[String],
) -> Result<Duration, sqlx::Error> {
    let conn = own.get().await?;
    let mut seconds = store::seconds_to_next(&mut *conn, kinds).await?;
    // Again while there was something to do: firing takes time, in which the next one may fall due.
    while seconds.is_some_and(|seconds| seconds <= 0.0) {
        let fired = fire_due(&mut *conn, registry, None).await?;
        seconds = store::seconds_to_next(&mut *conn, kinds).await?;
        if fired == 0 {
            break;
        }
    }
    Ok(seconds.map_or(LOOK, |seconds| {
        Duration::try_from_secs_f64(seconds)
            .map_or(HELD, |wait| wait.clamp(Duration::from_millis(1), LOOK))
    }))
}

/// Fires every schedule that is due at `now`, or by the database's clock; answers the number of jobs. A schedule that
/// cannot be fired is put off and stands in no other's way.
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
                // What has no schedule is the connection's own trouble.
                let Some((id, name, kind)) = schedule else {
                    return Err(error.into());
                };
                // A database's refusal may be a deadlock or a lock's time-out; a payload does not mend itself.
                let seconds = if matches!(error, CronError::Database(_)) {
                    1.0
                } else {
                    60.0
                };
                tracing::error!(schedule = name, kind, %error, seconds, "a schedule could not be fired; trying again later");
                metrics::counter!("kazi_queue_cron_failed_total", "kind" => kind).increment(1);
                store::postpone(conn, id, now, seconds, &error.to_string()).await?;
            }
        }
    }
}

/// A fire that did not come about, and whose it was.
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

/// Fires one due schedule; none where none is due that nobody else is at.
///
/// Why each fire time is enqueued exactly once: the row is locked, so one process alone deals with its next fire time;
/// others skip it, and whoever gets the lock later sees the row as it was left (PostgreSQL evaluates the condition
/// anew on the newest version of a row that it has locked). The jobs and the row's new `next_fire` become visible in
/// one commit: a process that dies before it leaves the row due and no job, one that dies after it leaves nothing to
/// do. An unknown outcome of the commit needs no care, since whatever happened is read from the row. And where the
/// clock or an edit leads back to a time that has been fired, its key in `queue.schedule_fires` is taken.
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
                doorbell::ring(kind.pool);
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
    row: &store::Row,
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
        // By its kind, which is registered: schedules are without number.
        metrics::counter!("kazi_queue_cron_missed_total", "kind" => row.kind.clone()).increment(1);
    }
    let fires = if due.is_empty() {
        due
    } else {
        store::note_fires(&mut *conn, row.id, &due).await?
    };
    let jobs = fires
        .iter()
        .map(|fire| prepare(registry, row, *fire))
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

/// A schedule of another program, or of a newer one, is left to whoever knows its kind; when nobody does, say so.
async fn report_stranded(db: &PgPool, kinds: &[String]) {
    let stranded = async { store::stranded(&mut *db.acquire().await?, kinds).await };
    for (name, kind) in stranded.await.unwrap_or_default() {
        tracing::warn!(
            schedule = name,
            kind,
            "a schedule is late; its kind is not registered in this process"
        );
        metrics::counter!("kazi_queue_unknown_kind_total", "pool" => "cron").increment(1);
    }
}

/// A schedule of the code, with the job that it enqueues.
#[derive(Clone, Debug)]
pub(crate) struct InCode {
    pub schedule: Schedule,
    pub kind: &'static str,
    pub payload: Result<Value, String>,
}

/// Everything about the code's schedules that needs no database, in the order of their names.
pub(crate) fn check<C: Clone + Send + Sync + 'static>(
    registry: &Registry<C>,
) -> Result<Vec<(&Schedule, &'static str, Value)>, CronError> {
    let mut checked = Vec::new();
    let mut names = BTreeSet::new();
    for InCode {
        schedule,
        kind,
        payload,
    } in registry.schedules()
    {
        schedule.check()?;
        if !names.insert((schedule.tenant, &schedule.name)) {
            return Err(CronError::Twice {
                name: schedule.name.clone(),
            });
        }
        let payload = payload.clone().map_err(|error| EnqueueError::Serialise {
            kind: (*kind).into(),
            error,
        })?;
        checked.push((
            schedule,
            *kind,
            checked_payload(registry, schedule, kind, payload)?,
        ));
    }
    checked.sort_by_key(|(schedule, ..)| (schedule.tenant, &schedule.name));
    Ok(checked)
}

/// Brings the table up to the code: new and changed schedules are written, those that are gone are removed.
pub(crate) async fn synchronise<C: Clone + Send + Sync + 'static>(
    db: &PgPool,
    registry: &Registry<C>,
) -> Result<(), sqlx::Error> {
    let checked = check(registry)?;
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
