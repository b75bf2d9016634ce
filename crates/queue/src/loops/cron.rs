//! The loop that fires schedules.

use std::{sync::Arc, time::Duration};

use sqlx::PgPool;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{connection::Own, shared::Shared};
use crate::{cron::fire_due, registry::Registry, store::schedules as store, types::backoff};

/// The longest wait between two looks. A change that another process made is noticed within this time. A look is one
/// statement.
const LOOK: Duration = Duration::from_secs(5);
/// The wait if another process has locked a due schedule.
const HELD: Duration = Duration::from_millis(250);
/// How often to report schedules that no process can run.
const REPORT: Duration = Duration::from_secs(60);

pub(crate) async fn run<C: Clone + Send + Sync + 'static>(
    shared: Arc<Shared>,
    registry: Registry<C>,
    stop: CancellationToken,
) {
    let kinds = registry.names();
    let mut own = Own::new(&shared.db);
    let mut failures = 0;
    let mut reported = Instant::now();
    loop {
        let wait = match look(&mut own, &registry, &kinds).await {
            Ok(wait) => {
                failures = 0;
                wait
            }
            Err(error) => {
                failures += 1;
                own.lose();
                let wait = backoff(failures);
                tracing::warn!(%error, retry_in_ms = wait.as_millis(), "cron cannot reach the database; fires will be late");
                metrics::counter!("kazi_queue_database_errors_total", "part" => "cron")
                    .increment(1);
                wait
            }
        };
        if failures == 0 && reported.elapsed() >= REPORT {
            reported = Instant::now();
            report_stranded(&shared.db, &kinds).await;
        }
        // Only the wait is cut short. A fire that has begun is finished.
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Fires what is due. Answers how long to wait before the next look.
async fn look<C: Clone + Send + Sync + 'static>(
    own: &mut Own,
    registry: &Registry<C>,
    kinds: &[String],
) -> Result<Duration, sqlx::Error> {
    let conn = own.get().await?;
    let mut seconds = store::seconds_to_next(&mut *conn, kinds).await?;
    // Looks again after a fire, because the next schedule may have become due meanwhile.
    while seconds.is_some_and(|seconds| seconds <= 0.0) {
        let fired = fire_due(&mut *conn, registry, None).await?;
        seconds = store::seconds_to_next(&mut *conn, kinds).await?;
        if fired == 0 {
            break;
        }
    }
    Ok(seconds.map_or(LOOK, |seconds| {
        Duration::try_from_secs_f64(seconds)
            .map_or(HELD, |wait| wait.clamp(Duration::from_millis(1), LOOK))
    }))
}

/// Reports late schedules of kinds that this process does not know. They may belong to a newer or to another program.
async fn report_stranded(db: &PgPool, kinds: &[String]) {
    let stranded = async { store::stranded(&mut *db.acquire().await?, kinds).await };
    for (name, kind) in stranded.await.unwrap_or_default() {
        tracing::warn!(
            schedule = name,
            kind,
            "a schedule is late; its kind is not registered in this process"
        );
        metrics::counter!("kazi_queue_unknown_kind_total", "pool" => "cron").increment(1);
    }
}
