//! One LISTEN connection a process. While it is lost the poll carries on; so it does behind PgBouncer in transaction
//! mode, which has no place for a listener.

use std::{
    collections::HashSet,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use sqlx::{PgConnection, PgPool, postgres::PgListener};
use tokio_util::sync::CancellationToken;

use crate::{
    doorbell::{CHANNEL, EVERYWHERE, News},
    engine::Shared,
    rounds::Level,
    run::Why,
};

/// How often to look whether connections are shared.
const LOOKS: usize = 20;
/// When to look again.
const DEAF: Duration = Duration::from_secs(600);

pub(crate) async fn run(shared: Arc<Shared>, stop: CancellationToken) {
    let mut failures = 0;
    let mut told = false;
    loop {
        let ended = tokio::select! {
            () = stop.cancelled() => return,
            ended = listen(&shared, &mut failures, &mut told) => ended,
        };
        shared.listening.store(false, Ordering::Relaxed);
        metrics::gauge!("kazi_queue_listening").set(0.0);
        let wait = match ended {
            Ended::Deaf => {
                // Said once: it is how this database is reached, and nobody's fault.
                if !told {
                    tracing::warn!(
                        poll_ms = shared.config.poll.as_millis(),
                        "a pooler in transaction mode stands before the database: no notifications, polling instead"
                    );
                    told = true;
                }
                DEAF
            }
            Ended::Failed(error) => {
                failures += 1;
                let wait = crate::backoff(failures);
                tracing::warn!(%error, retry_in_ms = wait.as_millis(), "the listener lost its connection; polling meanwhile");
                metrics::counter!("kazi_queue_database_errors_total", "part" => "listen")
                    .increment(1);
                wait
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

enum Ended {
    Failed(sqlx::Error),
    /// There is no place for a listener.
    Deaf,
}

impl From<sqlx::Error> for Ended {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error)
    }
}

/// Opens the listener; `None` behind a pooler in transaction mode. There a LISTEN must not even be tried: it stays with a
/// connection of the server, and whoever is given that one next hears what he never asked for, which fails his statement.
pub(crate) async fn open(db: &PgPool) -> Result<Option<PgListener>, sqlx::Error> {
    if is_shared(db).await? {
        return Ok(None);
    }
    let mut listener = PgListener::connect_with(db).await?;
    listener.listen(CHANNEL).await?;
    Ok(Some(listener))
}

/// Whether connections of ours share those of the server. One that is ours alone answers with one number for good, and
/// no other has that number. A pooler hands out the connection that was used last, or the next in turn: the one shows in
/// two of ours having the same, the other in one having several; other traffic may hide it for a while, not so often.
async fn is_shared(db: &PgPool) -> Result<bool, sqlx::Error> {
    let (mut one, mut other) = (db.acquire().await?, db.acquire().await?);
    let mut first = None;
    for _ in 0..LOOKS {
        let (a, b) = (number(&mut one).await?, number(&mut other).await?);
        if a == b || *first.get_or_insert(a) != a {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn number(conn: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT pg_backend_pid() AS "pid!""#)
        .fetch_one(conn)
        .await
}

/// Listens until the connection fails.
async fn listen(shared: &Shared, failures: &mut u32, told: &mut bool) -> Ended {
    let mut listener = match open(&shared.db).await {
        Ok(Some(listener)) => listener,
        Ok(None) => return Ended::Deaf,
        Err(error) => return error.into(),
    };
    *failures = 0;
    if std::mem::take(told) {
        tracing::info!(
            "the database is reached without a pooler in transaction mode again: notifications are heard"
        );
    }
    shared.listening.store(true, Ordering::Relaxed);
    metrics::gauge!("kazi_queue_listening").set(1.0);
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
            Err(error) => return error.into(),
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
