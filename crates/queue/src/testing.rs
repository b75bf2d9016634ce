//! For tests of programs that use the queue: run everything that is due, with no background task and no waiting.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    cron,
    job::Job,
    loops::{run, stop::Stop},
    registry::Registry,
    store::{self, ack, batch, claim, due, lanes, list::JobView, process, sweep},
    types::{Ask, EnqueueError, Fence, Keep, Outcome, Pool, Running, trace::TraceId},
};

/// How the runs of a [`drain`] ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Ended well.
    pub done: usize,
    /// Failed, to be tried again later than `now`.
    pub retried: usize,
    /// Became dead letters.
    pub dead: usize,
    /// Asked to be run later.
    pub snoozed: usize,
}

/// Runs everything that is due at `now` (or by the database's clock, if that is later), one by one and in order, also
/// what these jobs enqueue. What asks for a later time waits for a later drain.
///
/// # Errors
/// The database failed.
pub async fn drain<C: Clone + Send + Sync + 'static>(
    db: &PgPool,
    registry: &Registry<C>,
    context: &C,
    now: DateTime<Utc>,
) -> Result<Drained, sqlx::Error> {
    let pools: Vec<Pool> = registry.pools();
    let kinds = registry.names();
    let me = process::register(db, &pools, &kinds).await?;
    // The lanes go by the clock of the database, which is behind the clock of the test.
    store::testing::unpark(db, now).await?;
    let mut drained = Drained::default();
    loop {
        let mut conn = db.acquire().await?;
        due::ripen(&mut conn, &pools, Some(now)).await?;
        // The job that would be the first without lanes, of those whose lanes let one through: an order that tests can
        // tell.
        let mut levels = sweep::sweep(&mut conn, &pools).await?.levels;
        levels.sort_by_key(|(level, place)| (level.priority, *place));
        let mut claimed = Vec::new();
        for (level, (due, id)) in levels {
            let ask = Ask {
                level,
                after: Some((due, Some(id - 1))),
                quota: 1,
            };
            claimed = claim::claim(&mut conn, me, &[ask], &kinds, true).await?;
            if !claimed.is_empty() {
                break;
            }
        }
        drop(conn);
        if claimed.is_empty() {
            // A batch whose end nobody has found so far may let its callback go.
            if batch::settle_all(db).await?.is_some() {
                continue;
            }
            break;
        }
        for mut job in claimed {
            let Some(kind) = registry.get(&job.kind) else {
                continue;
            };
            let ended = run::run(kind, context.clone(), &mut job, &Stop::default()).await;
            if let Some(until) = ended.park {
                lanes::park(&mut *db.acquire().await?, &job.pool, &job.lane, until).await?;
            }
            let Some(mut outcome) = ended.outcome else {
                continue;
            };
            match &mut outcome {
                Outcome::Retry { secs, .. } => {
                    drained.retried += 1;
                    // Strictly after the drain's time, whatever the jitter and the two clocks say.
                    let ahead = (now - Utc::now()).as_seconds_f64().max(0.0);
                    *secs = secs.max(0.001) + ahead;
                }
                // As a retry, should its own transaction have been rolled back.
                Outcome::Completed { secs, .. } => {
                    drained.done += 1;
                    *secs = secs.max(0.001) + (now - Utc::now()).as_seconds_f64().max(0.0);
                }
                Outcome::Keep { secs, .. } => {
                    drained.snoozed += 1;
                    *secs += (now - Utc::now()).as_seconds_f64().max(0.0);
                }
                Outcome::Snooze { until } => {
                    drained.snoozed += 1;
                    // Where a test took longer than the wait, it would be due at once by the database's clock, and run
                    // again and again before what it waits for: it waits as long from then on.
                    let wait = (*until - now).max(TimeDelta::milliseconds(1));
                    let latest = now.max(Utc::now());
                    if *until <= latest {
                        *until = latest + wait;
                    }
                }
                Outcome::Dead { .. } => drained.dead += 1,
                _ => drained.done += 1,
            }
            // A batch that a transaction of the test holds locked is not waited for: the test has to end it first.
            let mut held = vec![job.ack(outcome)];
            while !held.is_empty() {
                held = ack::write(&mut *db.acquire().await?, &held, &[])
                    .await?
                    .held;
            }
        }
    }
    process::deregister(db, me).await?;
    Ok(drained)
}

/// Begins one job in the caller's transaction, for its run by hand: write it, run it with a context that works in the same
/// transaction, look at what it did, roll back. Nobody else ever sees it.
///
/// # Errors
/// As [`Job::enqueue`].
pub async fn begin<J: Job>(conn: &mut PgConnection, job: &J) -> Result<Running, EnqueueError> {
    let id = job.enqueue(&mut *conn).await?.id;
    let row = store::testing::begin(conn, id).await?;
    Ok(Running {
        id,
        kind: J::NAME.into(),
        tenant: row.tenant,
        sequence: row.sequence_key,
        attempt: 1,
        max_attempts: u32::try_from(row.max_attempts).unwrap_or(1),
        enqueued_at: row.enqueued_at,
        trace: row
            .trace
            .and_then(|trace| trace.parse().ok())
            .unwrap_or_else(TraceId::random),
        cancel: CancellationToken::new(),
        deadline: watch::Sender::new(Instant::now() + J::TIMEOUT),
        fence: Fence::new(1, J::KEEP == Keep::All),
    })
}

/// Fires every schedule in the database that is due at `now`, as an engine would; answers the number of jobs enqueued.
/// The schedules of the registry's own code are brought into the database first.
///
/// # Errors
/// The database failed, or a schedule of the registry is wrong ([`sqlx::Error::Configuration`]).
pub async fn fire_schedules<C: Clone + Send + Sync + 'static>(
    db: &PgPool,
    registry: &Registry<C>,
    now: DateTime<Utc>,
) -> Result<usize, sqlx::Error> {
    cron::synchronise(db, registry).await?;
    cron::fire_due(&mut *db.acquire().await?, registry, Some(now)).await
}

/// Jobs that have not ended, oldest first.
///
/// # Errors
/// The database failed.
pub async fn pending(db: &PgPool) -> Result<Vec<JobView>, sqlx::Error> {
    store::list::unfinished(&mut *db.acquire().await?).await
}
