//! One LISTEN connection a process. While it is lost (or behind PgBouncer in transaction mode, where it never hears
//! anything) the poll carries on.

use std::{collections::HashSet, sync::Arc};

use sqlx::postgres::PgListener;
use tokio_util::sync::CancellationToken;

use crate::{
    doorbell::{CHANNEL, EVERYWHERE, News},
    engine::Shared,
    rounds::Level,
    run::Why,
};

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

/// `look:<process>:<news>` or `cancel:<job>`. Anything else is not for us.
fn heard(shared: &Shared, served: &HashSet<&str>, payload: &str) {
    if let Some((process, news)) = payload
        .strip_prefix("look:")
        .and_then(|rest| rest.split_once(':'))
    {
        if process.parse() == Ok(shared.me()) {
            return;
        }
        let Ok(News(pools)) = serde_json::from_str(news) else {
            return shared.wake.now();
        };
        if pools.contains_key(EVERYWHERE) {
            shared.wake.now();
        }
        for (pool, places) in pools
            .into_iter()
            .filter(|(pool, _)| served.contains(pool.as_str()))
        {
            if places.is_empty() {
                shared.wake.now();
            }
            let levels = places.into_iter().map(|(lane, priority)| Level {
                pool: pool.clone(),
                lane,
                priority,
            });
            shared.wake.at(levels);
        }
    } else if let Some(id) = payload
        .strip_prefix("cancel:")
        .and_then(|id| id.parse().ok())
    {
        shared.stop(Some(&[id]), Why::Cancelled);
    }
}
