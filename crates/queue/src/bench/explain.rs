//! The plan of the claim: the program's own statement, with the arguments of a real process.

use sqlx::{AssertSqlSafe, Execute, Row};
use tokio::time::Instant;

use super::{
    Bench, BenchError,
    table::{clean, fill, tidy},
    work::POOL,
};
use crate::{
    job::Job,
    loops::rounds::Rounds,
    store::{claim, process, sweep},
    types::{EngineConfig, Options},
};

/// `EXPLAIN (ANALYZE, BUFFERS)` of the claim, with the lanes of the bench's plan: one lane has a long backlog and the
/// others one job each. The claim is rolled back.
pub async fn explain(bench: &Bench<'_>) -> Result<String, BenchError> {
    let small = bench.plan.lanes - 1;
    clean(bench.db).await?;
    (bench.hear)("a backlog", 0, 0);
    fill(bench.db, bench.plan.backlog().saturating_sub(small), |_| {
        Options::default().lane("big")
    })
    .await?;
    fill(bench.db, small, |n| {
        Options::default().lane(format!("small-{n}"))
    })
    .await?;
    tidy(bench.db).await?;
    let mut tx = bench.db.begin().await?;
    let mut rounds = Rounds::default();
    for (level, first) in sweep::sweep(&mut tx, &[POOL]).await?.levels {
        rounds.found(&level, first);
    }
    let asks = rounds.asks(POOL.name(), bench.plan.slots, Instant::now());
    let kinds = [<super::work::Noop as Job>::NAME.to_owned()];
    let config = EngineConfig {
        pools: vec![(POOL, 1)],
        ..EngineConfig::default()
    };
    let process = process::register(bench.db, &config, &kinds).await?;
    let mut claim = claim::statement(process, &asks, &kinds, false);
    let arguments = claim
        .take_arguments()
        .map_err(sqlx::Error::Encode)?
        .unwrap_or_default();
    // The text is our own statement behind a constant prefix.
    let explain = AssertSqlSafe(format!(
        "EXPLAIN (ANALYZE, BUFFERS) {}",
        claim.sql().as_str()
    ));
    let plan = sqlx::query_with(explain, arguments)
        .fetch_all(&mut *tx)
        .await?;
    tx.rollback().await?;
    process::deregister(bench.db, process).await?;
    clean(bench.db).await?;
    let lines = plan
        .iter()
        .map(|row| row.try_get::<String, _>(0))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(lines.join("\n"))
}
