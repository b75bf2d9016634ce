//! A backlog, burnt down by one process.

use std::time::Instant;

use sqlx::PgPool;

use super::{Figure, Plan, clean, engine, fill, latency::Started};
use std::time::Duration;

pub(super) async fn measure(
    db: &PgPool,
    plan: &Plan,
    floor: f64,
) -> Result<Vec<Figure>, sqlx::Error> {
    clean(db).await?;
    let filled = fill(db, plan.jobs).await?;
    let rate = burn(db, plan).await?;
    // The same with an old snapshot held open: what a long report does to a queue.
    clean(db).await?;
    fill(db, plan.jobs).await?;
    let mut old = db.begin().await?;
    sqlx::raw_sql(
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM queue.jobs LIMIT 1",
    )
    .execute(&mut *old)
    .await?;
    let held = burn(db, plan).await?;
    old.rollback().await?;
    clean(db).await?;
    Ok(vec![
        Figure::new(
            "bulk enqueue",
            plan.jobs as f64 / filled.as_secs_f64(),
            "jobs/s",
        )
        .at_least(150_000.0),
        Figure::new("burn-down, one process", rate, "jobs/s").at_least(80_000.0),
        Figure::new("burn-down against bare SQL", rate / floor, "").at_least(0.7),
        Figure::new("burn-down with an old snapshot held", held, "jobs/s"),
        Figure::new("the same against without", held / rate, "").at_least(0.95),
    ])
}

async fn burn(db: &PgPool, plan: &Plan) -> Result<f64, sqlx::Error> {
    let started = Started::new(plan.jobs);
    let began = Instant::now();
    let engine = engine(db, &started, plan.slots).await?;
    started.all().await;
    // The acks are a part of the work: the shutdown waits for them.
    engine.shutdown(Duration::from_secs(60)).await;
    Ok(plan.jobs as f64 / began.elapsed().as_secs_f64())
}
