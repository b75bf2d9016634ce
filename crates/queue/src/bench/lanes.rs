//! Many lanes, one of them with a long backlog: how long the others wait, and what they cost.

use std::time::{Duration, Instant};

use super::{
    Bench, BenchError, Figure,
    burn::{Base, rate},
    table::{clean, fill, tidy},
    thousands,
    work::{Noop, Started, engine},
};
use crate::{job::Job, types::Options};

/// Jobs from this number on were enqueued while the long backlog was running.
const NEW: u64 = 1 << 40;
/// The time between two new jobs of small lanes. They are enough to measure and too few to be a load.
const EVERY: Duration = Duration::from_millis(10);
/// The least number of new jobs, even if the backlog ends early.
const LEAST: u64 = 20;

fn lane(n: u64) -> Options {
    Options::default().lane(format!("small-{n}"))
}

pub(super) async fn measure(bench: &Bench<'_>, base: &Base) -> Result<Vec<Figure>, BenchError> {
    let (backlog, lanes) = (bench.plan.backlog(), bench.plan.lanes);
    let small = lanes - 1;
    clean(bench.db).await?;
    (bench.hear)("bulk enqueue", 0, 0);
    fill(bench.db, backlog, |_| Options::default().lane("big")).await?;
    // Each lane has work, so each takes its turn.
    fill(bench.db, small, lane).await?;
    tidy(bench.db).await?;

    let what = "lanes, one with a long backlog";
    let started = Started::timed_from(NEW);
    let began = Instant::now();
    let engine = engine(bench.db, &started, bench.plan.slots).await?;
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut committed = Vec::new();
    for n in 0_u64.. {
        ticks.tick().await;
        let done = started.count();
        if n >= LEAST && done >= backlog {
            break;
        }
        (bench.hear)(what, done, backlog + small);
        let mut tx = bench.db.begin().await?;
        Noop { n: NEW + n }
            .enqueue_with(&mut tx, lane(n % small as u64))
            .await?;
        tx.commit().await?;
        committed.push(Instant::now());
    }
    let jobs = backlog + small + committed.len();
    bench.reached(what, jobs, || Ok(started.count())).await?;
    engine.shutdown(Duration::from_secs(60)).await;
    let total = rate(jobs, began.elapsed());
    let (p50, p99) = started.waits(|n| committed.get(usize::try_from(n - NEW).ok()?).copied());

    let name = format!(
        "{} lanes, one with {}",
        thousands(lanes),
        thousands(backlog)
    );
    Ok(vec![
        Figure::new(format!("{name}: wait in a small lane, p50"), p50, "ms"),
        Figure::new(format!("{name}: wait in a small lane, p99"), p99, "ms").at_most(200.0),
        Figure::new(format!("{name}: total rate"), total, "jobs/s"),
        Figure::new(
            format!("{name}: total rate against one lane"),
            total / base.burn,
            "",
        )
        .at_least(0.8),
    ])
}
