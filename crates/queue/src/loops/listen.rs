//! The LISTEN connection of a process. While it is lost, the poll finds the jobs. PgBouncer in transaction mode allows
//! no listener at all; there only the poll is used.

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

/// How many times to compare two connections.
const SHARED_LOOKS: usize = 20;
/// When to look again whether a listener is possible.
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
                // Logged once, because it is a property of how the database is reached.
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
    /// A pooler in transaction mode is in between.
    Deaf,
}

impl From<sqlx::Error> for Ended {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error)
    }
}

/// Opens the listener. `None`: a pooler in transaction mode is in between. There a LISTEN must not even be tried,
/// because it stays with a connection of the server. The next client of that connection would get notifications that it
/// does not expect, and its statement would fail.
pub(crate) async fn open(db: &PgPool) -> Result<Option<PgListener>, sqlx::Error> {
    if is_shared(db).await? {
        return Ok(None);
    }
    let mut listener = PgListener::connect_with(db).await?;
    listener.listen(CHANNEL).await?;
    Ok(Some(listener))
}

/// Whether a pooler shares the server's connections between clients. Without one, a connection always answers with the
/// same server process, and no other connection does. A pooler gives out either the connection that was used last, or
/// the next in turn. In the first case two of our connections get the same process; in the second one connection gets
/// several. Other traffic may hide this, but not in so many looks.
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
    // Bells may have rung while nobody listened.
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
            // The connection was lost. The next call opens it again.
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
    let Some((sender, look)) = parse_look(text) else {
        return;
    };
    if sender == Some(shared.me()) {
        return;
    }
    // A newer program may send a form that we do not know. It still means that there is something.
    let Some(look) = look else {
        return shared.wake.now();
    };
    if look.is_everywhere() {
        shared.wake.now();
    }
    for (pool, levels) in look.into_levels() {
        if !served.contains(pool.as_str()) {
            continue;
        }
        if levels.is_empty() {
            shared.wake.now();
        }
        shared.wake.at(levels);
    }
}
