//! A long backlog that is scheduled for tomorrow must not slow down today's jobs.

use std::time::Duration;

use super::{
    Bench, BenchError, Figure,
    burn::{Base, burn, rate},
    latency,
    table::{clean, enqueue, fill, tidy},
    thousands,
};
use crate::types::Options;

const TOMORROW: Duration = Duration::from_secs(24 * 3_600);

pub(super) async fn measure(
    bench: &Bench<'_>,
    base: &Base,
    steady: (f64, f64),
) -> Result<Vec<Figure>, BenchError> {
    let (backlog, jobs) = (bench.plan.backlog(), bench.plan.jobs);
    clean(bench.db).await?;
    (bench.hear)("a backlog for tomorrow", 0, 0);
    fill(bench.db, backlog, |_| Options::default().delay(TOMORROW)).await?;
    tidy(bench.db).await?;
    (bench.hear)("bulk enqueue", 0, 0);
    let enqueued = rate(jobs, enqueue(bench.db, jobs).await?);
    let burnt = burn(bench, "burn-down beside those that wait", jobs).await?;
    tidy(bench.db).await?;
    let (p50, p99) = latency::steady(bench).await?;
    let name = format!("{} waiting for tomorrow", thousands(backlog));
    Ok(vec![
        Figure::new(format!("{name}: bulk enqueue"), enqueued, "jobs/s"),
        Figure::new(
            format!("{name}: bulk enqueue against without"),
            enqueued / base.enqueue,
            "",
        )
        .at_least(NOISE),
        Figure::new(format!("{name}: burn-down"), burnt, "jobs/s"),
        Figure::new(
            format!("{name}: burn-down against without"),
            burnt / base.burn,
            "",
        )
        .at_least(NOISE),
        Figure::new(format!("{name}: pick-up, p50"), p50, "ms").at_most(2.0),
        Figure::new(format!("{name}: pick-up, p99"), p99, "ms").at_most(10.0),
        Figure::new(
            format!("{name}: pick-up against without, p50"),
            p50 / steady.0,
            "",
        ),
        Figure::new(
            format!("{name}: pick-up against without, p99"),
            p99 / steady.1,
            "",
        ),
    ])
}

/// Two runs of the same measurement may differ by this factor.
const NOISE: f64 = 0.9;
