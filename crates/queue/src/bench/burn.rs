//! The burn-down of a backlog.

use std::time::{Duration, Instant};

use super::{
    Bench, BenchError, Figure, floor,
    table::{clean, enqueue},
    thousands,
    usage::Usage,
    work::{Started, engine},
};

/// The figures of the plain burn-down. Other measurements are compared with them.
pub(super) struct Base {
    /// Jobs a second by bare SQL.
    floor: f64,
    /// Jobs a second of the bulk enqueue.
    pub enqueue: f64,
    /// Jobs a second of the burn-down.
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

/// The same with a much longer backlog. There the dead rows behind the snapshot have time to slow the queue down.
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

/// The burn-down while an old snapshot is held, as by a long report.
async fn held(bench: &Bench<'_>, jobs: usize) -> Result<f64, BenchError> {
    let mut old = bench.db.begin().await?;
    // The connections of the program do not allow a transaction to be idle for this long.
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

/// Runs the jobs that wait. Answers jobs a second, from the start of the engines to their orderly end, because the acks
/// are a part of the work.
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
    // It has connections of its own, like a process. When they close, the server's statistics are complete.
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
