//! The work that every process repeats every few seconds for its metrics.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use kazi_jobs::{appointments, campaigns, channels, endpoints, orders, payments, social};
use kazi_platform::database;
use kazi_queue::cron;
use metrics_exporter_prometheus::PrometheusHandle;
use sqlx::PgPool;
use tokio::time::{MissedTickBehavior, interval, timeout};

const EVERY: Duration = Duration::from_secs(15);
/// The database must answer within this time. If it does not, the metrics keep their values.
const PATIENCE: Duration = Duration::from_secs(3);

/// A post needs attention when it has neither appeared nor failed this long after its time.
const OVERDUE: TimeDelta = TimeDelta::minutes(15);

/// Runs until the task is dropped.
pub async fn run(db: PgPool, metrics: PrometheusHandle) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // A histogram keeps every value until somebody reads it. Without a scraper it would grow for ever.
        metrics.run_upkeep();
        if let Ok(Err(error)) = timeout(PATIENCE, look(&db)).await {
            tracing::debug!(%error, "the domains' figures stay as they were");
        }
    }
}

async fn look(db: &PgPool) -> Result<(), crate::CliError> {
    // The metrics are the operator's and cover all workspaces.
    let mut tx = database::platform(db).await?;
    let paused = channels::count_paused(&mut tx).await?;
    metrics::gauge!("kazi_channels_paused").set(figure(paused));
    let unreachable = appointments::count_unreachable(&mut tx).await?;
    metrics::gauge!("kazi_appointments_unreachable").set(figure(unreachable));
    let overdue = orders::count_overdue(&mut tx, Utc::now()).await?;
    metrics::gauge!("kazi_orders_overdue").set(figure(overdue));
    let mismatched = payments::count_mismatched(&mut tx).await?;
    metrics::gauge!("kazi_payments_mismatched").set(figure(mismatched));
    let overdue = social::count_overdue(&mut tx, Utc::now() - OVERDUE).await?;
    metrics::gauge!("kazi_social_posts_overdue").set(figure(overdue));
    let refused = social::count_refused(&mut tx).await?;
    metrics::gauge!("kazi_social_accounts_refused").set(figure(refused));
    let stopped = endpoints::count_stopped(&mut tx).await?;
    metrics::gauge!("kazi_endpoints_stopped").set(figure(stopped));
    let (campaigns, waiting) = campaigns::count_under_way(&mut tx).await?;
    for (status, count) in campaigns {
        metrics::gauge!("kazi_campaigns", "status" => status).set(figure(count));
    }
    metrics::gauge!("kazi_campaigns_messages_waiting").set(figure(waiting));
    let late = cron::overdue(&mut tx).await?;
    metrics::gauge!("kazi_queue_cron_overdue_seconds").set(late);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a few")]
fn figure(count: i64) -> f64 {
    count as f64
}
