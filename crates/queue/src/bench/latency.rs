//! How soon a job starts.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{TimeDelta, Utc};
use sqlx::PgPool;
use tokio::sync::Notify;

use super::{Figure, Noop, Plan, clean, engine};
use crate::{Job, Options, enqueue_all_with};

/// Which jobs have started, and when.
#[derive(Clone)]
pub(super) struct Started(Arc<Inner>);

struct Inner {
    expected: usize,
    count: AtomicUsize,
    all: Notify,
    times: Mutex<Vec<(u64, Instant)>>,
    timed: bool,
}

impl Started {
    pub fn new(expected: usize) -> Self {
        Self::build(expected, false)
    }

    fn timed(expected: usize) -> Self {
        Self::build(expected, true)
    }

    fn build(expected: usize, timed: bool) -> Self {
        Self(Arc::new(Inner {
            expected,
            count: AtomicUsize::new(0),
            all: Notify::new(),
            times: Mutex::default(),
            timed,
        }))
    }

    pub fn note(&self, n: u64) {
        if self.0.timed {
            self.0
                .times
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((n, Instant::now()));
        }
        if self.0.count.fetch_add(1, Ordering::Relaxed) + 1 == self.0.expected {
            self.0.all.notify_one();
        }
    }

    pub async fn all(&self) {
        self.0.all.notified().await;
    }

    fn times(&self) -> Vec<(u64, Instant)> {
        self.0
            .times
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// 500 jobs a second, each in a transaction of its own: from the commit to the start.
pub(super) async fn steady(db: &PgPool, plan: &Plan) -> Result<Vec<Figure>, sqlx::Error> {
    const RATE: u64 = 500;
    clean(db).await?;
    let jobs = RATE * plan.seconds;
    let started = Started::timed(usize::try_from(jobs).unwrap_or(usize::MAX));
    let engine = engine(db, &started, 100).await?;
    let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 / RATE));
    let mut committed = Vec::new();
    for n in 0..jobs {
        ticks.tick().await;
        let mut tx = db.begin().await?;
        Noop { n }
            .enqueue(&mut tx)
            .await
            .map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
        tx.commit().await?;
        committed.push(Instant::now());
    }
    started.all().await;
    engine.shutdown(Duration::from_secs(10)).await;
    let waits = started
        .times()
        .into_iter()
        .filter_map(|(n, at)| {
            Some(at.saturating_duration_since(*committed.get(usize::try_from(n).ok()?)?))
        })
        .collect();
    let (p50, p99) = percentiles(waits);
    Ok(vec![
        Figure::new("pick-up at 500 jobs/s, p50", p50, "ms").at_most(2.0),
        Figure::new("pick-up at 500 jobs/s, p99", p99, "ms").at_most(10.0),
    ])
}

/// Jobs spread over some seconds, all written ahead: how much later than due they start.
pub(super) async fn scheduled(db: &PgPool, plan: &Plan) -> Result<Vec<Figure>, sqlx::Error> {
    clean(db).await?;
    let jobs = 100 * plan.seconds;
    let started = Started::timed(usize::try_from(jobs).unwrap_or(usize::MAX));
    let engine = engine(db, &started, 100).await?;
    let (begin, begin_instant) = (Utc::now(), Instant::now());
    let offset = |n: u64| Duration::from_millis(1_500 + n * 10);
    let all = (0..jobs)
        .map(|n| {
            let due = begin + TimeDelta::from_std(offset(n)).unwrap_or_default();
            (Noop { n }, Options::default().due(due))
        })
        .collect();
    let mut conn = db.acquire().await?;
    enqueue_all_with(&mut conn, all)
        .await
        .map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
    drop(conn);
    started.all().await;
    engine.shutdown(Duration::from_secs(10)).await;
    let late = started
        .times()
        .into_iter()
        .map(|(n, at)| at.saturating_duration_since(begin_instant + offset(n)))
        .collect();
    let (p50, p99) = percentiles(late);
    clean(db).await?;
    Ok(vec![
        Figure::new("scheduled: start after due, p50", p50, "ms"),
        Figure::new("scheduled: start after due, p99", p99, "ms").at_most(20.0),
    ])
}

fn percentiles(mut waits: Vec<Duration>) -> (f64, f64) {
    waits.sort_unstable();
    let at = |share: usize| {
        waits
            .get(waits.len() * share / 100)
            .map_or(0.0, |wait| wait.as_secs_f64() * 1000.0)
    };
    (at(50), at(99))
}
