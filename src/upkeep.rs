//! What every process does every few seconds for its metrics.

use std::time::Duration;

use kazi_jobs::{channels, orders};
use kazi_platform::{Clock, database};
use metrics_exporter_prometheus::PrometheusHandle;
use sqlx::PgPool;
use tokio::time::{MissedTickBehavior, interval, timeout};

const EVERY: Duration = Duration::from_secs(15);
/// For the database to answer; else the figures stay as they were.
const PATIENCE: Duration = Duration::from_secs(3);

/// Goes on until it is dropped.
pub async fn run(db: PgPool, metrics: PrometheusHandle) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // Histograms gather every single value until somebody asks for them: without a scraper, for ever.
        metrics.run_upkeep();
        if let Ok(Ok(paused)) = timeout(PATIENCE, paused(&db)).await {
            metrics::gauge!("kazi_channels_paused").set(figure(paused));
        }
        if let Ok(Ok(overdue)) = timeout(PATIENCE, overdue(&db)).await {
            metrics::gauge!("kazi_orders_overdue").set(figure(overdue));
        }
    }
}

async fn paused(db: &PgPool) -> Result<i64, sqlx::Error> {
    // Of all workspaces: the figure is the operator's.
    channels::count_paused(&mut *database::platform(db).await?).await
}

async fn overdue(db: &PgPool) -> Result<i64, sqlx::Error> {
    // Of all workspaces: the figure is the operator's.
    let mut tx = database::platform(db).await?;
    orders::count_overdue(&mut tx, Clock::system().now()).await
}

#[expect(clippy::cast_precision_loss, reason = "a few")]
fn figure(count: i64) -> f64 {
    count as f64
}
