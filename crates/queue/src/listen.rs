//! One LISTEN connection a process. While it is lost (or behind PgBouncer in transaction mode, where it never hears
//! anything) the poll carries on.

use std::{collections::HashSet, sync::Arc};

use sqlx::postgres::PgListener;
use tokio_util::sync::CancellationToken;

use crate::{doorbell::CHANNEL, engine::Shared, run::Why};

pub(crate) async fn run(shared: Arc<Shared>, stop: CancellationToken) {
    let mut failures = 0;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            error = listen(&shared, &mut failures) => {
                failures += 1;
                let wait = crate::backoff(failures);
                tracing::warn!(%error, retry_in_ms = wait.as_millis(), "the listener lost its connection; polling meanwhile");
                metrics::counter!("kazi_queue_database_errors_total", "part" => "listen").increment(1);
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(wait) => {}
                }
            }
        }
    }
}

/// Listens until the connection fails.
async fn listen(shared: &Shared, failures: &mut u32) -> sqlx::Error {
    let mut listener = match PgListener::connect_with(&shared.db).await {
        Ok(listener) => listener,
        Err(error) => return error,
    };
    if let Err(error) = listener.listen(CHANNEL).await {
        return error;
    }
    *failures = 0;
    // Bells that rang while nobody listened.
    shared.wake.now();
    let served: HashSet<&str> = shared
        .config
        .pools
        .iter()
        .map(|(pool, _)| pool.name())
        .collect();
    loop {
        match listener.try_recv().await {
            Ok(Some(notification)) => heard(shared, &served, notification.payload()),
            // The connection was lost and is made anew by the next call.
            Ok(None) => shared.wake.now(),
            Err(error) => return error,
        }
    }
}

/// `look:<process>:<pool>,<pool>` or `cancel:<job>`. Anything else is not for us.
fn heard(shared: &Shared, served: &HashSet<&str>, payload: &str) {
    if let Some((process, pools)) = payload
        .strip_prefix("look:")
        .and_then(|rest| rest.split_once(':'))
    {
        let own = process.parse() == Ok(shared.me());
        if !own && pools.split(',').any(|pool| served.contains(pool)) {
            shared.wake.now();
        }
    } else if let Some(id) = payload
        .strip_prefix("cancel:")
        .and_then(|id| id.parse().ok())
    {
        shared.stop(Some(&[id]), Why::Cancelled);
    }
}
