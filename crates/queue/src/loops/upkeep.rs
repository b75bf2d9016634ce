//! What the queue does for itself: it makes the next days' partitions and drops old ones, sweeps empty sequences and old
//! unique keys, and measures the depth of the pools. An advisory lock lets one process at a time do it.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::shared::Shared;
use crate::{
    bells,
    store::{batch, effects, partitions, sweep, upkeep},
    types::Pool,
};

const EVERY: Duration = Duration::from_secs(30);

pub(crate) async fn run(shared: Arc<Shared>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = once(&shared).await {
            tracing::warn!(%error, "the queue's upkeep failed; it is tried again");
            metrics::counter!("kazi_queue_database_errors_total", "part" => "upkeep").increment(1);
        }
    }
}

async fn once(shared: &Shared) -> Result<(), sqlx::Error> {
    let heads = measure(shared).await?;
    let mut tx = shared.db.begin().await?;
    if !upkeep::try_lock(&mut tx).await? {
        return Ok(());
    }
    let (today, keep_days) = (Utc::now().date_naive(), shared.config.keep_days);
    partitions::make_partitions(&mut tx, today).await?;
    partitions::drop_partitions(&mut tx, today, keep_days).await?;
    upkeep::sweep_keys(&mut tx).await?;
    effects::purge(&mut tx, keep_days).await?;
    batch::purge(&mut tx, keep_days).await?;
    tx.commit().await?;
    report_unknown_kinds(&shared.db, &heads).await?;
    // Nobody looked for the end of these batches: a process died, or a caller's transaction ended the last job.
    if let Some(settled) = batch::settle_all(&shared.db).await? {
        bells::ready(settled.woken);
    }
    Ok(())
}

/// Makes the partitions of the next days, before any job can end in them.
pub(crate) async fn prepare(db: &PgPool) -> Result<(), sqlx::Error> {
    let mut tx = db.begin().await?;
    upkeep::lock(&mut tx).await?;
    partitions::make_partitions(&mut tx, Utc::now().date_naive()).await?;
    tx.commit().await
}

/// Reports kinds whose jobs no process can run. The jobs are kept for a program that can. It is enough to look at the
/// first job of each lane, because jobs that nobody claims end up there.
async fn report_unknown_kinds(db: &PgPool, heads: &[i64]) -> Result<(), sqlx::Error> {
    if heads.is_empty() {
        return Ok(());
    }
    for (pool, kind) in upkeep::unknown_kinds(&mut *db.acquire().await?, heads).await? {
        tracing::error!(%pool, %kind, "no process knows this kind; its jobs are kept until one does");
        metrics::counter!("kazi_queue_unknown_kind_total", "pool" => pool, "kind" => kind)
            .increment(1);
    }
    Ok(())
}

/// Measures the pools. Answers the first ready job of each lane and priority.
async fn measure(shared: &Shared) -> Result<Vec<i64>, sqlx::Error> {
    let pools: Vec<Pool> = shared.config.pools.iter().map(|(pool, _)| *pool).collect();
    let mut conn = shared.db.acquire().await?;
    let swept = sweep::sweep(&mut conn, &pools).await?;
    let depths = upkeep::depths(&mut conn, &pools).await?;
    drop(conn);
    let now = Utc::now();
    for depth in depths {
        let mine = swept
            .levels
            .iter()
            .filter(|(level, _)| level.pool == depth.pool);
        let oldest = mine
            .map(|(_, (due, _))| (now - *due).as_seconds_f64())
            .fold(0.0, f64::max);
        metrics::gauge!("kazi_queue_oldest_due_seconds", "pool" => depth.pool.clone()).set(oldest);
        metrics::gauge!("kazi_queue_ready_jobs", "pool" => depth.pool.clone())
            .set(figure(depth.ready));
        metrics::gauge!("kazi_queue_parked_lanes", "pool" => depth.pool).set(figure(depth.parked));
        metrics::gauge!("kazi_queue_dead_letters").set(figure(depth.dead));
    }
    let leases = i64::try_from(shared.in_hand().len()).unwrap_or(i64::MAX);
    metrics::gauge!("kazi_queue_leases").set(figure(leases));
    Ok(swept.levels.iter().map(|(_, (_, id))| *id).collect())
}

#[expect(clippy::cast_precision_loss, reason = "these are capped, or few")]
fn figure(count: i64) -> f64 {
    count as f64
}
