//! For tests of programs that use the queue: runs everything that is due, without a background task and without
//! waiting.

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
    types::{Ask, EngineConfig, EnqueueError, Fence, Keep, Outcome, Pool, Running, trace::TraceId},
};

/// How many runs of a [`drain`] ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Runs that ended well, or were cancelled.
    pub done: usize,
    /// Runs that failed and are tried again after `now`.
    pub retried: usize,
    /// Jobs that became dead letters.
    pub dead: usize,
    /// Runs that asked to run later.
    pub snoozed: usize,
}

/// Runs all jobs that are due at `now`, or by the database's clock if that is later. They run one by one, in order,
/// together with the due jobs that they enqueue. A job that asks for a later time waits for a later drain.
pub async fn drain<C: Clone + Send + Sync + 'static>(
    db: &PgPool,
    registry: &Registry<C>,
    context: &C,
    now: DateTime<Utc>,
) -> Result<Drained, sqlx::Error> {
    let pools: Vec<Pool> = registry.pools();
    let kinds = registry.names();
    // One slot each, because the jobs run one by one.
    let config = EngineConfig {
        pools: pools.iter().map(|pool| (*pool, 1)).collect(),
        ..EngineConfig::default()
    };
    let me = process::register(db, &config, &kinds).await?;
    // The lanes go by the clock of the database, which is behind the clock of the test.
    store::testing::unpark(db, now).await?;
    let mut drained = Drained::default();
    loop {
        let mut conn = db.acquire().await?;
        due::ripen(&mut conn, &pools, Some(now)).await?;
        // The job that would be first without lanes, among lanes that let a job through. So tests can rely on the
        // order.
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
            // A callback may become ready, if the end of its batch was not found so far.
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
                    // After the time of the drain, whatever the jitter and the two clocks say.
                    let ahead = (now - Utc::now()).as_seconds_f64().max(0.0);
                    *secs = secs.max(0.001) + ahead;
                }
                // If its own transaction was rolled back, the job is retried.
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
                    // A slow test may take longer than the wait. By the database's clock the job would then be due at
                    // once, again and again. So the same wait begins now.
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

/// Begins one job in the caller's transaction, for a run by hand. Run it with a context that uses the same transaction,
/// look at what it did, and roll back. Nobody else ever sees it.
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

/// Fires every schedule that is due at `now`, as an engine would. Answers the number of jobs. The schedules of the
/// registry are written to the database first.
///
/// # Errors
/// A statement failed, or a schedule of the registry is wrong ([`sqlx::Error::Configuration`]).
pub async fn fire_schedules<C: Clone + Send + Sync + 'static>(
    db: &PgPool,
    registry: &Registry<C>,
    now: DateTime<Utc>,
) -> Result<usize, sqlx::Error> {
    cron::synchronise(db, registry).await?;
    cron::fire_due(&mut *db.acquire().await?, registry, Some(now)).await
}

/// All jobs that have not ended, oldest first.
pub async fn pending(db: &PgPool) -> Result<Vec<JobView>, sqlx::Error> {
    store::list::unfinished(&mut *db.acquire().await?).await
}
