//! The jobs of the bench. They do nothing but note that they have started.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use crate::{
    engine::Engine,
    job::Job,
    registry::Registry,
    types::{EngineConfig, JobError, Keep, Pool, Running},
};

pub(super) const POOL: Pool = Pool::new("bench");

#[derive(Serialize, Deserialize)]
pub(super) struct Noop {
    pub n: u64,
}

impl Job for Noop {
    type Context = Started;
    const NAME: &'static str = "bench.noop";
    const POOL: Pool = POOL;
    const KEEP: Keep = Keep::Dead;

    async fn run(&self, started: &Started, _: &Running) -> Result<(), JobError> {
        started.note(self.n);
        Ok(())
    }
}

/// Counts started jobs, and notes the start of some of them.
#[derive(Clone)]
pub(super) struct Started(Arc<Inner>);

struct Inner {
    count: AtomicUsize,
    /// Jobs with this number and above are timed; `None` times none.
    timed_from: Option<u64>,
    times: Mutex<Vec<(u64, Instant)>>,
}

impl Started {
    /// Counts, and times no job.
    pub fn counted() -> Self {
        Self::new(None)
    }

    /// Also notes when jobs from number `n` on start.
    pub fn timed_from(n: u64) -> Self {
        Self::new(Some(n))
    }

    fn new(timed_from: Option<u64>) -> Self {
        Self(Arc::new(Inner {
            count: AtomicUsize::new(0),
            timed_from,
            times: Mutex::default(),
        }))
    }

    fn note(&self, n: u64) {
        if self.0.timed_from.is_some_and(|from| n >= from) {
            self.0
                .times
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((n, Instant::now()));
        }
        self.0.count.fetch_add(1, Ordering::Relaxed);
    }

    pub fn count(&self) -> usize {
        self.0.count.load(Ordering::Relaxed)
    }

    /// p50 and p99, in milliseconds, between the time that `since` answers for a job and its start.
    pub fn waits(&self, since: impl Fn(u64) -> Option<Instant>) -> (f64, f64) {
        let times = self.0.times.lock().unwrap_or_else(PoisonError::into_inner);
        percentiles(
            times
                .iter()
                .filter_map(|(n, at)| Some(at.saturating_duration_since(since(*n)?)))
                .collect(),
        )
    }
}

/// Without a measurement the answer is NaN, which meets no target.
fn percentiles(mut waits: Vec<Duration>) -> (f64, f64) {
    waits.sort_unstable();
    let at = |share: usize| {
        waits
            .get(waits.len() * share / 100)
            .map_or(f64::NAN, |wait| wait.as_secs_f64() * 1000.0)
    };
    (at(50), at(99))
}

/// Starts an engine with this many slots.
pub(super) async fn engine(
    db: &PgPool,
    started: &Started,
    slots: usize,
) -> Result<Engine, sqlx::Error> {
    let config = EngineConfig {
        pools: vec![(POOL, slots)],
        ..EngineConfig::default()
    };
    let registry = Registry::new().register::<Noop>();
    Engine::start(db.clone(), registry, started.clone(), config).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_sorted_and_none_are_no_number() {
        let waits = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(percentiles(waits), (51.0, 100.0));
        assert!(percentiles(Vec::new()).0.is_nan());
    }
}
