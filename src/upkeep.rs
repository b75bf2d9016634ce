//! What every process does every few seconds for its metrics.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use kazi_jobs::{channels, payments, social};
use kazi_platform::database;
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
        if let Ok(Ok(mismatched)) = timeout(PATIENCE, mismatched(&db)).await {
            metrics::gauge!("kazi_payments_mismatched").set(figure(mismatched));
        }
        if let Ok(Ok((overdue, refused))) = timeout(PATIENCE, posts(&db)).await {
            metrics::gauge!("kazi_social_posts_overdue").set(figure(overdue));
            metrics::gauge!("kazi_social_accounts_refused").set(figure(refused));
        }
    }
}

async fn paused(db: &PgPool) -> Result<i64, sqlx::Error> {
    // Of all workspaces: the figure is the operator's.
    channels::count_paused(&mut *database::platform(db).await?).await
}

async fn mismatched(db: &PgPool) -> Result<i64, sqlx::Error> {
    // As above.
    payments::count_mismatched(&mut *database::platform(db).await?).await
}

/// A post that has neither appeared nor failed so long after its time wants a look.
const OVERDUE: TimeDelta = TimeDelta::minutes(15);

/// How many posts are overdue, and how many social accounts are refused.
async fn posts(db: &PgPool) -> Result<(i64, i64), sqlx::Error> {
    // Of all workspaces, as above.
    let mut tx = database::platform(db).await?;
    let overdue = social::count_overdue(&mut tx, Utc::now() - OVERDUE).await?;
    Ok((overdue, social::count_refused(&mut tx).await?))
}

#[expect(clippy::cast_precision_loss, reason = "a few")]
fn figure(count: i64) -> f64 {
    count as f64
}
