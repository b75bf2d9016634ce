//! The part of a process that runs jobs: fetcher, workers, acks, heartbeat, listener, upkeep, and their orderly end.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use apalis_core::{
    monitor::{Monitor, context::MonitorContext},
    worker::builder::WorkerBuilder,
};
use chrono::{DateTime, Utc};
use sqlx::PgPool;
use tokio::{
    sync::{Notify, Semaphore, mpsc},
    task::JoinHandle,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    ack::{Ack, Outcome},
    ack_loop,
    backend::{PoolBackend, Slotted},
    claim::Claimed,
    config::EngineConfig,
    cron::runner as cron,
    doorbell, fetch,
    figures::Labels,
    heartbeat,
    job::Pool,
    lanes, listen, process,
    registry::Registry,
    run::{self, Stop, Why},
    strays, upkeep,
};

/// What all parts of an engine share.
pub(crate) struct Shared {
    pub db: PgPool,
    pub config: EngineConfig,
    /// What this process can run.
    pub kinds: Vec<String>,
    /// Our row in `queue.processes`; another one after a lost lease.
    pub process: AtomicI64,
    /// When the last heartbeat reached the database.
    pub beaten: Mutex<Instant>,
    /// Whether other processes have to be told of our enqueues.
    pub others: AtomicBool,
    /// Notifications are heard.
    pub listening: AtomicBool,
    /// Jobs under our lease, from the claim until their ack is written, with the lease's number.
    pub in_hand: Mutex<HashMap<i64, (i32, Stop)>>,
    pub slots: HashMap<&'static str, Arc<Semaphore>>,
    /// Rung when the fetcher has a reason to look.
    pub wake: fetch::Wake,
    pub acks: mpsc::UnboundedSender<Ack>,
    /// No new jobs.
    pub stopping: CancellationToken,
}

impl Shared {
    pub fn me(&self) -> i64 {
        self.process.load(Ordering::SeqCst)
    }

    /// How often to look without having been called: seldom while calls are heard, since then one is only missed when a
    /// process dies between its commit and its call.
    pub fn poll(&self) -> Duration {
        if self.listening.load(Ordering::Relaxed) {
            self.config.poll * 3
        } else {
            self.config.poll
        }
    }

    /// The lease can no longer be relied upon: others may have taken our jobs. Counted from the start of the last
    /// heartbeat, by a clock that goes on while the process is frozen.
    pub fn lease_is_over(&self) -> bool {
        let beaten = *self.beaten.lock().unwrap_or_else(PoisonError::into_inner);
        beaten.elapsed() >= self.config.lease
    }

    /// Notes claimed jobs, each with the means to stop its run.
    pub fn take_in_hand(&self, jobs: &[Claimed]) -> Vec<Stop> {
        let mut hands = self.hands();
        jobs.iter()
            .map(|job| {
                let stop = Stop::default();
                hands.insert(job.id, (job.lease, stop.clone()));
                stop
            })
            .collect()
    }

    /// The jobs' ends are written, or are no business of ours any more. A later claim of the same job stays.
    pub fn let_go(&self, jobs: impl IntoIterator<Item = (i64, i32)>) {
        let mut hands = self.hands();
        for (id, lease) in jobs {
            if hands.get(&id).is_some_and(|(held, _)| *held == lease) {
                hands.remove(&id);
            }
        }
    }

    /// The jobs under our lease, each with the lease's number.
    pub fn in_hand(&self) -> Vec<(i64, i32)> {
        let hands = self.hands();
        hands.iter().map(|(id, (lease, _))| (*id, *lease)).collect()
    }

    /// Stops runs. `None`: all of them.
    pub fn stop(&self, ids: Option<&[i64]>, why: Why) {
        let hands = self.hands();
        match ids {
            None => hands.values().for_each(|(_, stop)| stop.stop(why)),
            Some(ids) => ids
                .iter()
                .filter_map(|id| hands.get(id))
                .for_each(|(_, stop)| stop.stop(why)),
        }
    }

    fn hands(&self) -> MutexGuard<'_, HashMap<i64, (i32, Stop)>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running engine. [`Engine::shutdown`] ends it in order; without that, its jobs are taken back by others when the
/// lease runs out.
pub struct Engine {
    shared: Arc<Shared>,
    monitored: MonitorContext,
    workers: JoinHandle<()>,
    fetcher: JoinHandle<()>,
    acker: JoinHandle<()>,
    /// Ends heartbeat, listener, doorbell and upkeep, after the acks.
    stop_rest: CancellationToken,
    no_more_acks: Arc<Notify>,
    rest: Vec<JoinHandle<()>>,
}

impl Engine {
    /// Registers the process and starts to run jobs. Needs up to five connections of the pool beside those of the jobs.
    ///
    /// # Errors
    /// The database is away or has not been migrated; or the configuration or a schedule of the registry is wrong
    /// ([`sqlx::Error::Configuration`]; schedules are foreseen by [`Registry::check_schedules`]). A schema newer than
    /// this program is good enough: migrations only add.
    pub async fn start<C: Clone + Send + Sync + 'static>(
        db: PgPool,
        registry: Registry<C>,
        context: C,
        config: EngineConfig,
    ) -> Result<Self, sqlx::Error> {
        config.check().map_err(sqlx::Error::config)?;
        let pools: Vec<Pool> = config.pools.iter().map(|(pool, _)| *pool).collect();
        upkeep::prepare(&db).await?;
        cron::synchronise(&db, &registry).await?;
        let kinds = registry.names();
        let beaten = Instant::now();
        let process = process::register(&db, &pools, &kinds).await?;
        let (acks, ack_queue) = mpsc::unbounded_channel();
        let slots = config
            .pools
            .iter()
            .map(|(pool, slots)| (pool.name(), Arc::new(Semaphore::new(*slots))))
            .collect();
        let shared = Arc::new(Shared {
            db,
            config,
            kinds,
            process: AtomicI64::new(process),
            beaten: Mutex::new(beaten),
            others: AtomicBool::new(true),
            listening: AtomicBool::new(false),
            in_hand: Mutex::default(),
            slots,
            wake: fetch::Wake::default(),
            acks,
            stopping: CancellationToken::new(),
        });
        // Subscribed before anything runs: no bell is missed between here and the fetcher's first look.
        let bells = doorbell::subscribe();
        let mut lines = HashMap::new();
        let mut monitor = Monitor::new().should_restart(|_, _| true);
        for (pool, _) in &shared.config.pools {
            let (line, jobs) = mpsc::unbounded_channel();
            lines.insert(pool.name(), line);
            let backend = PoolBackend::new(jobs, shared.acks.clone());
            let (shared, registry, context) = (shared.clone(), registry.clone(), context.clone());
            let name = pool.name();
            monitor = monitor.register(move |restart| {
                let (shared, registry, context) =
                    (shared.clone(), registry.clone(), context.clone());
                WorkerBuilder::new(format!("{name}-{restart}"))
                    .backend(backend.clone())
                    .build(move |slotted: Slotted| {
                        execute(shared.clone(), registry.clone(), context.clone(), slotted)
                    })
            });
        }
        let monitored = monitor.context();
        let workers = tokio::spawn(async move {
            if let Err(error) = monitor.run().await {
                tracing::error!(%error, "a worker ended with an error");
            }
        });
        let stop_rest = CancellationToken::new();
        let no_more_acks = Arc::new(Notify::new());
        let fetcher = tokio::spawn(fetch::run(shared.clone(), lines, bells));
        let acker = tokio::spawn(ack_loop::run(
            shared.clone(),
            ack_queue,
            no_more_acks.clone(),
        ));
        let rest = vec![
            tokio::spawn(heartbeat::run(shared.clone(), stop_rest.clone())),
            tokio::spawn(listen::run(shared.clone(), stop_rest.clone())),
            tokio::spawn(upkeep::run(shared.clone(), stop_rest.clone())),
            tokio::spawn(cron::run(shared.clone(), registry, stop_rest.clone())),
            tokio::spawn(doorbell::carry(
                shared.db.clone(),
                Some(shared.clone()),
                stop_rest.clone(),
            )),
        ];
        tracing::info!(process, pools = ?pools.iter().map(|p| p.name()).collect::<Vec<_>>(), "the queue is running");
        Ok(Self {
            shared,
            monitored,
            workers,
            fetcher,
            acker,
            stop_rest,
            no_more_acks,
            rest,
        })
    }

    /// Stops claiming, lets running jobs end for at most `deadline`, hands the others back without costing them an
    /// attempt, writes the last acks and leaves.
    pub async fn shutdown(self, deadline: Duration) {
        self.shared.stopping.cancel();
        log_end("fetcher", self.fetcher.await);
        // Each worker ends with its last job. The call itself cannot fail: it sets a flag.
        let _ = self.monitored.shutdown();
        let mut workers = self.workers;
        if tokio::time::timeout(deadline, &mut workers).await.is_err() {
            self.shared.stop(None, Why::Shutdown);
            log_end("workers", workers.await);
        }
        self.no_more_acks.notify_one();
        log_end("acks", self.acker.await);
        self.stop_rest.cancel();
        for task in self.rest {
            log_end("engine", task.await);
        }
        if let Err(error) = put_back_strays(&self.shared).await {
            tracing::warn!(%error, "could not look for jobs whose claim was lost; they are taken back with an attempt");
        }
        if let Err(error) = process::deregister(&self.shared.db, self.shared.me()).await {
            tracing::warn!(%error, "the process could not sign off; its lease will run out");
        }
    }

    /// Starts jobs that are due now without waiting for the next poll.
    pub fn wake(&self) {
        self.shared.wake.now();
    }
}

/// What was claimed without an answer was not run: it costs no attempt.
async fn put_back_strays(shared: &Shared) -> Result<(), sqlx::Error> {
    let mut conn = shared.db.acquire().await?;
    strays::put_back(&mut conn, shared.me(), &shared.in_hand(), None).await?;
    Ok(())
}

async fn park(shared: &Shared, job: &Claimed, until: DateTime<Utc>) -> Result<(), sqlx::Error> {
    lanes::park(
        &mut *shared.db.acquire().await?,
        &job.pool,
        &job.lane,
        until,
    )
    .await
}

fn log_end(part: &str, end: Result<(), tokio::task::JoinError>) {
    if let Err(error) = end {
        tracing::error!(part, %error, "a part of the queue ended badly");
    }
}

/// Runs one claimed job and sends its ack on its way.
async fn execute<C: Clone + Send + Sync + 'static>(
    shared: Arc<Shared>,
    registry: Registry<C>,
    context: C,
    slotted: Slotted,
) {
    let Slotted {
        mut job,
        stop,
        slot,
    } = slotted;
    // Nothing is started on a lease that may be gone: this process may have been frozen since the claim.
    if shared.lease_is_over() {
        shared.let_go([(job.id, job.lease)]);
        return;
    }
    if shared.stopping.is_cancelled() {
        let _ = shared.acks.send(job.ack(Outcome::HandBack));
        return;
    }
    // Only registered kinds are claimed.
    let Some(kind) = registry.get(&job.kind) else {
        let _ = shared.acks.send(job.ack(Outcome::HandBack));
        return;
    };
    let labels = Labels {
        kind: kind.name,
        pool: kind.pool.name(),
        lane: lanes::class(&job.lane),
    };
    labels.waited(&job);
    let started = Instant::now();
    let ended = run::run(kind, context, &mut job, &stop).await;
    labels.ended(&ended, started.elapsed());
    if let Some(class) = &ended.class {
        tracing::warn!(
            kind = kind.name,
            job = job.id,
            attempt = job.attempt,
            of = job.max_attempts,
            outcome = ended.label,
            class,
            "a job failed"
        );
    }
    if let Some(until) = ended.park {
        // Before the ack: whoever claims next finds the lane parked. If it fails, the next job says the same.
        if let Err(error) = park(&shared, &job, until).await {
            tracing::warn!(%error, lane = %job.lane, "could not park the lane");
        }
    }
    match ended.outcome {
        Some(outcome) => {
            let _ = shared.acks.send(job.ack(outcome));
        }
        None => shared.let_go([(job.id, job.lease)]),
    }
    drop(slot);
    // What the job enqueued is committed by now, and a slot is free.
    shared.wake.slot_free();
}
