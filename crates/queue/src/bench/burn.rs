//! A backlog, burnt down.

use std::time::{Duration, Instant};

use super::{
    Bench, BenchError, Figure, floor,
    table::{clean, enqueue},
    thousands,
    usage::Usage,
    work::{Started, engine},
};

/// The plain burn-down, which others are compared with.
pub(super) struct Base {
    /// Bare SQL, jobs a second.
    floor: f64,
    /// Bulk enqueue, jobs a second.
    pub enqueue: f64,
    /// Burn-down, jobs a second.
    pub burn: f64,
    enqueued: Vec<Figure>,
    burnt: Vec<Figure>,
}

pub(super) async fn base(bench: &Bench<'_>) -> Result<Base, BenchError> {
    let (db, jobs) = (bench.db, bench.plan.jobs);
    (bench.hear)("bare SQL", 0, 0);
    let floor = floor::burn(db, jobs).await?;
    clean(db).await?;
    (bench.hear)("bulk enqueue", 0, 0);
    let before = Usage::now(db).await?;
    let took = enqueue(db, jobs).await?;
    let enqueued = before.costs(db, "bulk enqueue", jobs).await?;
    let before = Usage::now(db).await?;
    let burn = burn(bench, "burn-down", jobs).await?;
    let mut burnt = before.costs(db, "burn-down", jobs).await?;
    burnt.extend(before.left(db, jobs).await?);
    Ok(Base {
        floor,
        enqueue: rate(jobs, took),
        burn,
        enqueued,
        burnt,
    })
}

pub(super) async fn measure(bench: &Bench<'_>, base: &Base) -> Result<Vec<Figure>, BenchError> {
    clean(bench.db).await?;
    enqueue(bench.db, bench.plan.jobs).await?;
    let held = held(bench, bench.plan.jobs).await?;
    let who = match bench.plan.processes {
        1 => "one process".to_owned(),
        many => format!("{many} processes"),
    };
    let mut figures = vec![
        Figure::new(
            "bare SQL, one connection: claim 500 and delete",
            base.floor,
            "jobs/s",
        ),
        Figure::new("bulk enqueue", base.enqueue, "jobs/s").at_least(150_000.0),
        Figure::new(format!("burn-down, {who}"), base.burn, "jobs/s").at_least(80_000.0),
        Figure::new("burn-down against bare SQL", base.burn / base.floor, "").at_least(0.7),
        Figure::new("burn-down with an old snapshot held", held, "jobs/s"),
        Figure::new("the same against without", held / base.burn, "").at_least(0.95),
    ];
    figures.extend(base.enqueued.iter().cloned());
    figures.extend(base.burnt.iter().cloned());
    Ok(figures)
}

/// The same at length: what piles up behind the snapshot has the time to hurt.
pub(super) async fn longest(bench: &Bench<'_>) -> Result<Vec<Figure>, BenchError> {
    let jobs = bench.plan.longest();
    clean(bench.db).await?;
    (bench.hear)("bulk enqueue", 0, 0);
    enqueue(bench.db, jobs).await?;
    let without = burn(bench, "burn-down of the longest backlog", jobs).await?;
    clean(bench.db).await?;
    (bench.hear)("bulk enqueue", 0, 0);
    enqueue(bench.db, jobs).await?;
    let held = held(bench, jobs).await?;
    let jobs = thousands(jobs);
    Ok(vec![
        Figure::new(format!("burn-down of {jobs}"), without, "jobs/s"),
        Figure::new(
            format!("burn-down of {jobs} with an old snapshot held"),
            held,
            "jobs/s",
        ),
        Figure::new(
            format!("the same against without, {jobs}"),
            held / without,
            "",
        )
        .at_least(0.95),
    ])
}

/// With an old snapshot held open: what a long report does to a queue.
async fn held(bench: &Bench<'_>, jobs: usize) -> Result<f64, BenchError> {
    let mut old = bench.db.begin().await?;
    // The program's connections do not let a transaction idle for so long.
    sqlx::raw_sql(
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL idle_in_transaction_session_timeout = 0;
         SELECT 1 FROM queue.jobs LIMIT 1",
    )
    .execute(&mut *old)
    .await?;
    let rate = burn(bench, "burn-down with an old snapshot held", jobs).await?;
    old.rollback().await?;
    Ok(rate)
}

/// Runs what waits. Jobs a second, from the start of the engines to their orderly end: the acks are a part of the work.
pub(super) async fn burn(
    bench: &Bench<'_>,
    what: &'static str,
    jobs: usize,
) -> Result<f64, BenchError> {
    if bench.plan.processes > 1 {
        let mut fleet = bench.fleet(bench.plan.processes).await?;
        let began = Instant::now();
        fleet.go().await?;
        bench.reached(what, jobs, || fleet.started()).await?;
        fleet.stop().await?;
        return Ok(rate(jobs, began.elapsed()));
    }
    // Connections of its own, as a process of its own has them. When they end, the server's statistics are complete.
    let options = bench.db.connect_options();
    let db = bench
        .db
        .options()
        .clone()
        .connect_with(options.as_ref().clone())
        .await?;
    let started = Started::counted();
    let began = Instant::now();
    let engine = engine(&db, &started, bench.plan.slots).await?;
    bench.reached(what, jobs, || Ok(started.count())).await?;
    engine.shutdown(Duration::from_secs(60)).await;
    let took = began.elapsed();
    db.close().await;
    Ok(rate(jobs, took))
}

pub(super) fn rate(jobs: usize, took: Duration) -> f64 {
    jobs as f64 / took.as_secs_f64()
}
