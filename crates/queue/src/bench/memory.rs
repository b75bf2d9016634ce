//! The memory of a worker process that does nothing else.

use std::time::Duration;

use super::{
    Bench, BenchError, Figure,
    table::{clean, enqueue},
    thousands,
};

/// How long to wait until memory that only the start needed is given back.
const SETTLE: Duration = Duration::from_secs(3);

pub(super) async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, BenchError> {
    let jobs = bench.plan.jobs;
    clean(bench.db).await?;
    let mut fleet = bench.fleet(1).await?;
    fleet.go().await?;
    bench.pass("an idle worker process", SETTLE).await;
    let idle = status(&fleet.pids(), "VmRSS:");
    fleet.stop().await?;

    enqueue(bench.db, jobs).await?;
    let mut fleet = bench.fleet(1).await?;
    fleet.go().await?;
    bench
        .reached("a worker process with a backlog", jobs, || fleet.started())
        .await?;
    let most = status(&fleet.pids(), "VmHWM:");
    fleet.stop().await?;
    let backlog = format!(
        "memory (RSS) of a worker process with {} in the backlog, at most",
        thousands(jobs)
    );
    // Only Linux tells it. Elsewhere the row is missing.
    Ok([
        idle.map(|mb| {
            Figure::new("memory (RSS) of an idle worker process", mb, "MB").at_most(40.0)
        }),
        most.map(|mb| Figure::new(backlog, mb, "MB").at_most(80.0)),
    ]
    .into_iter()
    .flatten()
    .collect())
}

/// A line of `/proc/<pid>/status`, in megabytes.
fn status(pids: &[u32], line: &str) -> Option<f64> {
    let page = std::fs::read_to_string(format!("/proc/{}/status", pids.first()?)).ok()?;
    let kilobytes = page.lines().find_map(|l| l.strip_prefix(line))?;
    let kilobytes: f64 = kilobytes.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1_024.0)
}
