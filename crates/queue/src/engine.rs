//! The engine: starts the loops of a process and ends them in order.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64},
    },
    time::Duration,
};

use apalis_core::{
    monitor::{Monitor, context::MonitorContext},
    worker::builder::WorkerBuilder,
};
use sqlx::PgPool;
use tokio::{
    sync::{Notify, Semaphore, mpsc},
    task::JoinHandle,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    bells,
    cron::synchronise,
    loops::{
        acks,
        backend::{PoolBackend, Slotted},
        cron, doorbell, fetch, heartbeat, listen,
        shared::{Ended, Shared},
        stop::Why,
        upkeep,
        wake::Wake,
        worker::execute,
    },
    registry::Registry,
    store::{process, strays},
    types::EngineConfig,
};

/// A running engine. Call [`Engine::shutdown`] to end it. Without that, other processes take its jobs when the lease
/// runs out.
pub struct Engine {
    shared: Arc<Shared>,
    monitored: MonitorContext,
    workers: JoinHandle<()>,
    fetcher: JoinHandle<()>,
    acker: JoinHandle<()>,
    /// Ends heartbeat, listener, doorbell, cron and upkeep, after the last ack.
    stop_rest: CancellationToken,
    no_more_acks: Arc<Notify>,
    rest: Vec<JoinHandle<()>>,
}

impl Engine {
    /// Registers this process and starts to run jobs. It needs up to five connections of the pool beside those of the
    /// jobs.
    ///
    /// # Errors
    /// The database is away or has not been migrated. Or the configuration or a schedule is wrong
    /// ([`sqlx::Error::Configuration`]); [`Registry::check_schedules`] finds such a schedule without a database. A
    /// newer schema is fine, because migrations only add.
    pub async fn start<C: Clone + Send + Sync + 'static>(
        db: PgPool,
        registry: Registry<C>,
        context: C,
        config: EngineConfig,
    ) -> Result<Self, sqlx::Error> {
        config.check().map_err(sqlx::Error::config)?;
        upkeep::prepare(&db).await?;
        synchronise(&db, &registry).await?;
        let kinds = registry.names();
        let beaten = Instant::now();
        let process = process::register(&db, &config, &kinds).await?;
        let (ack_sender, ack_queue) = mpsc::unbounded_channel();
        let slots = config
            .pools
            .iter()
            .map(|(pool, slots)| (pool.name(), Arc::new(Semaphore::new(*slots))))
            .collect();
        let shared = Arc::new(Shared {
            db,
            ended: Ended::new(&config),
            config,
            kinds,
            process: AtomicI64::new(process),
            beaten: Mutex::new(beaten),
            others: AtomicBool::new(true),
            listening: AtomicBool::new(false),
            in_hand: Mutex::default(),
            slots,
            wake: Wake::default(),
            acks: ack_sender,
            stopping: CancellationToken::new(),
        });
        // Subscribed before any loop starts, so that no bell is missed before the first look.
        let bells = bells::subscribe();
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
        let acker = tokio::spawn(acks::run(shared.clone(), ack_queue, no_more_acks.clone()));
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
        tracing::info!(process, pools = ?shared.config.pools.iter().map(|(pool, _)| pool.name()).collect::<Vec<_>>(), "the queue is running");
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

    /// Ends the engine: it stops claiming, lets running jobs end for at most `deadline`, hands back the others without
    /// costing them an attempt, writes the last acks and deletes its row.
    pub async fn shutdown(self, deadline: Duration) {
        self.shared.stopping.cancel();
        log_end("fetcher", self.fetcher.await);
        // Each worker ends with its last job. The call only sets a flag and cannot fail.
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

    /// Looks for due jobs now, before the next poll.
    pub fn wake(&self) {
        self.shared.wake.now();
    }
}

/// Puts back jobs whose claim got no answer. They were not run, so it costs them no attempt.
async fn put_back_strays(shared: &Shared) -> Result<(), sqlx::Error> {
    let mut conn = shared.db.acquire().await?;
    strays::put_back(&mut conn, shared.me(), &shared.in_hand(), None).await?;
    Ok(())
}

fn log_end(part: &str, end: Result<(), tokio::task::JoinError>) {
    if let Err(error) = end {
        tracing::error!(part, %error, "a part of the queue ended badly");
    }
}
