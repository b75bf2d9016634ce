//! What all loops of an engine share.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
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
    pub wake: Wake,
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
