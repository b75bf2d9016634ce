//! How soon a job starts.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};

use super::{
    Bench, BenchError, Figure,
    table::clean,
    work::{Noop, Started, engine},
};
use crate::{
    job::{Job, enqueue_all_with},
    types::Options,
};

const SLOTS: usize = 100;
const GRACE: Duration = Duration::from_secs(10);

/// Enqueues 500 jobs a second, each in its own transaction. Answers p50 and p99 from the commit to the start, in
/// milliseconds.
pub(super) async fn steady(bench: &Bench<'_>) -> Result<(f64, f64), BenchError> {
    const RATE: u64 = 500;
    let jobs = RATE * bench.plan.seconds;
    let total = usize::try_from(jobs).unwrap_or(usize::MAX);
    let started = Started::timed_from(0);
    let engine = engine(bench.db, &started, SLOTS).await?;
    let mut ticks = tokio::time::interval(Duration::from_micros(1_000_000 / RATE));
    let mut committed = Vec::with_capacity(total);
    for n in 0..jobs {
        ticks.tick().await;
        if n.is_multiple_of(50) {
            (bench.hear)("pick-up at 500 jobs/s", committed.len(), total);
        }
        let mut tx = bench.db.begin().await?;
        Noop { n }.enqueue(&mut tx).await?;
        tx.commit().await?;
        committed.push(Instant::now());
    }
    bench
        .reached("pick-up at 500 jobs/s", total, || Ok(started.count()))
        .await?;
    engine.shutdown(GRACE).await;
    Ok(started.waits(|n| committed.get(usize::try_from(n).ok()?).copied()))
}

/// Schedules jobs over some seconds in advance, and measures how late they start.
pub(super) async fn scheduled(bench: &Bench<'_>) -> Result<Vec<Figure>, BenchError> {
    clean(bench.db).await?;
    let jobs = 100 * bench.plan.seconds;
    let started = Started::timed_from(0);
    let engine = engine(bench.db, &started, SLOTS).await?;
    let (begin, begin_instant) = (Utc::now(), Instant::now());
    let offset = |n: u64| Duration::from_millis(1_500 + n * 10);
    let all = (0..jobs)
        .map(|n| {
            let due = begin + TimeDelta::from_std(offset(n)).unwrap_or_default();
            (Noop { n }, Options::default().due(due))
        })
        .collect();
    enqueue_all_with(&mut *bench.db.acquire().await?, all).await?;
    let total = usize::try_from(jobs).unwrap_or(usize::MAX);
    bench
        .reached("scheduled jobs", total, || Ok(started.count()))
        .await?;
    engine.shutdown(GRACE).await;
    let (p50, p99) = started.waits(|n| Some(begin_instant + offset(n)));
    Ok(vec![
        Figure::new("scheduled: start after due, p50", p50, "ms"),
        Figure::new("scheduled: start after due, p99", p99, "ms").at_most(20.0),
    ])
}
