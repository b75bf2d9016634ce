//! What all loops of an engine share.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::PgPool;
use tokio::{
    sync::{Semaphore, mpsc},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    stop::{Stop, Why},
    wake::Wake,
};
use crate::types::{Ack, Claimed, EngineConfig};

/// The state that all loops of an engine share.
pub(crate) struct Shared {
    pub db: PgPool,
    pub config: EngineConfig,
    /// The kinds that this process can run.
    pub kinds: Vec<String>,
    /// The number of our row in `queue.processes`. After a lost lease it is another one.
    pub process: AtomicI64,
    /// When the last heartbeat began that reached the database.
    pub beaten: Mutex<Instant>,
    /// Whether other processes run jobs and must be told of our bells.
    pub others: AtomicBool,
    /// Whether notifications are heard.
    pub listening: AtomicBool,
    /// The jobs under our lease, from the claim until their ack is written, with their lease numbers.
    pub in_hand: Mutex<HashMap<i64, (i32, Stop)>>,
    pub slots: HashMap<&'static str, Arc<Semaphore>>,
    pub ended: Ended,
    /// Wakes the fetcher.
    pub wake: Wake,
    pub acks: mpsc::UnboundedSender<Ack>,
    /// Cancelled when no new jobs may be claimed.
    pub stopping: CancellationToken,
}

/// How many runs have ended in each pool, in the order of the configuration.
pub(crate) struct Ended {
    pools: Vec<(&'static str, AtomicU64)>,
    /// The counts at the last heartbeat, and its time.
    before: Mutex<(Vec<u64>, Instant)>,
}

impl Ended {
    pub fn new(config: &EngineConfig) -> Self {
        let pools = config.pools.iter();
        let pools: Vec<_> = pools
            .map(|(pool, _)| (pool.name(), AtomicU64::new(0)))
            .collect();
        let before = Mutex::new((vec![0; pools.len()], Instant::now()));
        Self { pools, before }
    }

    pub fn count(&self, pool: &str) {
        let counted = self.pools.iter().find(|(name, _)| *name == pool);
        if let Some((_, count)) = counted {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Shared {
    /// How many runs ended in a second in each pool since the last call.
    pub fn rates(&self, now: Instant) -> Vec<f64> {
        let counts = self.ended.pools.iter();
        let counts: Vec<u64> = counts
            .map(|(_, count)| count.load(Ordering::Relaxed))
            .collect();
        let mut before = self
            .ended
            .before
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // The first heartbeat comes at once, and an interval of nothing has no rate.
        let secs = now.duration_since(before.1).as_secs_f64().max(0.1);
        #[expect(
            clippy::cast_precision_loss,
            reason = "few runs end between two heartbeats"
        )]
        let rates = counts
            .iter()
            .zip(&before.0)
            .map(|(now, before)| (now - before) as f64 / secs)
            .collect();
        *before = (counts, now);
        rates
    }

    pub fn me(&self) -> i64 {
        self.process.load(Ordering::SeqCst)
    }

    /// The time between two looks without a call. While notifications are heard it is three times as long: one is
    /// missed only if a process dies between its commit and its bell.
    pub fn poll(&self) -> Duration {
        if self.listening.load(Ordering::Relaxed) {
            self.config.poll * 3
        } else {
            self.config.poll
        }
    }

    /// Whether others may have taken our jobs. The time counts from the start of the last heartbeat, by a clock that
    /// goes on while the process is frozen.
    pub fn lease_is_over(&self) -> bool {
        let beaten = *self.beaten.lock().unwrap_or_else(PoisonError::into_inner);
        beaten.elapsed() >= self.config.lease
    }

    /// Notes claimed jobs. Answers for each the means to stop its run.
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

    /// Forgets jobs whose end is written, or that are no longer ours. A later claim of the same job stays.
    pub fn let_go(&self, jobs: impl IntoIterator<Item = (i64, i32)>) {
        let mut hands = self.hands();
        for (id, lease) in jobs {
            if hands.get(&id).is_some_and(|(held, _)| *held == lease) {
                hands.remove(&id);
            }
        }
    }

    /// The jobs under our lease, with their lease numbers.
    pub fn in_hand(&self) -> Vec<(i64, i32)> {
        let hands = self.hands();
        hands.iter().map(|(id, (lease, _))| (*id, *lease)).collect()
    }

    /// Stops the runs of these jobs. `None` stops all of them.
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
