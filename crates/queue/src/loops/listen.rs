//! One LISTEN connection a process. While it is lost the poll carries on; so it does behind PgBouncer in transaction
//! mode, which has no place for a listener.

use std::{
    collections::HashSet,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use sqlx::{PgPool, postgres::PgListener};
use tokio_util::sync::CancellationToken;

use super::{shared::Shared, stop::Why};
use crate::{
    store::notify::server_pid,
    types::{CHANNEL, backoff, parse_cancel, parse_look},
};

/// How often to look whether connections are shared.
const SHARED_LOOKS: usize = 20;
/// When to look again.
const RETRY_LISTEN: Duration = Duration::from_secs(600);

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
                RETRY_LISTEN
            }
            Ended::Failed(error) => {
                failures += 1;
                let wait = backoff(failures);
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
    for _ in 0..SHARED_LOOKS {
        let (a, b) = (server_pid(&mut one).await?, server_pid(&mut other).await?);
        if a == b || *first.get_or_insert(a) != a {
            return Ok(true);
        }
    }
    Ok(false)
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

/// Acts on a notification: a place to look at, or a job to stop.
fn heard(shared: &Shared, served: &HashSet<&str>, text: &str) {
    if let Some(job) = parse_cancel(text) {
        return shared.stop(Some(&[job]), Why::Cancelled);
    }
    let Some((sender, news)) = parse_look(text) else {
        return;
    };
    if sender == Some(shared.me()) {
        return;
    }
    // News of a form that only a newer program knows say at least that there is something.
    let Some(news) = news else {
        return shared.wake.now();
    };
    if news.is_everywhere() {
        shared.wake.now();
    }
    for (pool, levels) in news.into_levels() {
        if !served.contains(pool.as_str()) {
            continue;
        }
        if levels.is_empty() {
            shared.wake.now();
        }
        shared.wake.at(levels);
    }
}
