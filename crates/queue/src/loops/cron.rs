//! The loop that fires schedules.

use std::{sync::Arc, time::Duration};

use sqlx::PgPool;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{connection::Own, shared::Shared};
use crate::{cron::fire_due, registry::Registry, store::schedules as store, types::backoff};

/// How often to look without knowing of a fire: within this time a change made elsewhere is noticed. One statement.
const LOOK: Duration = Duration::from_secs(5);
/// The wait where a due schedule is in another process's hands.
const HELD: Duration = Duration::from_millis(250);
/// How often to say which schedules nobody can run.
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
        // Only the wait is cut short: a fire that has begun comes to its end.
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Fires what is due; answers for how long there is nothing to do.
async fn look<C: Clone + Send + Sync + 'static>(
    own: &mut Own,
    registry: &Registry<C>,
    kinds: &[String],
) -> Result<Duration, sqlx::Error> {
    let conn = own.get().await?;
    let mut seconds = store::seconds_to_next(&mut *conn, kinds).await?;
    // Again while there was something to do: firing takes time, in which the next one may fall due.
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

/// A schedule of another program, or of a newer one, is left to whoever knows its kind; when nobody does, say so.
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
