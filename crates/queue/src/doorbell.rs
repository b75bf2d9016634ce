//! The doorbell: who has written a job down tells who waits for one.
//!
//! A NOTIFY inside the caller's transaction would take a lock on the whole server at its commit, so none is sent there.
//! Instead an enqueue rings a bell inside the process. It may ring before the transaction commits, so a listener looks
//! several times, further and further apart ([`PROBES`]); whoever knows of the commit says [`ring`] and is served at
//! once. Other processes are told by one NOTIFY for all the rings of a few milliseconds. A bell that nobody hears only
//! costs latency: there is a poll behind it.

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock, atomic::Ordering},
    time::Duration,
};

use sqlx::PgPool;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::{engine::Shared, job::Pool};

/// The channel of LISTEN and NOTIFY.
pub(crate) const CHANNEL: &str = "kazi_queue";

/// When to look after a bell whose transaction may not have committed yet.
pub(crate) const PROBES: [Duration; 6] = [
    Duration::from_millis(1),
    Duration::from_millis(3),
    Duration::from_millis(8),
    Duration::from_millis(25),
    Duration::from_millis(80),
    Duration::from_millis(250),
];

#[derive(Clone, Copy, Debug)]
pub(crate) struct Bell {
    pub pool: Pool,
    pub committed: bool,
}

static BELLS: LazyLock<broadcast::Sender<Bell>> = LazyLock::new(|| broadcast::channel(1024).0);

/// Says that jobs of this pool have been committed: they start at once. Never needed, since an enqueue rings by itself
/// a few milliseconds later; worth it where somebody waits.
pub fn ring(pool: Pool) {
    // An error means that nobody listens in this process.
    let _ = BELLS.send(Bell {
        pool,
        committed: true,
    });
}

pub(crate) fn enqueued(pool: Pool) {
    let _ = BELLS.send(Bell {
        pool,
        committed: false,
    });
}

pub(crate) fn subscribe() -> broadcast::Receiver<Bell> {
    BELLS.subscribe()
}

/// Carries this process's bells to the others. An engine has its own; a process that only enqueues starts one.
#[derive(Debug)]
pub struct Doorbell {
    stop: CancellationToken,
}

impl Doorbell {
    /// Starts the carrier; it ends when the value is dropped.
    pub fn start(pool: PgPool) -> Self {
        let stop = CancellationToken::new();
        tokio::spawn(carry(pool, None, stop.clone()));
        Self { stop }
    }
}

impl Drop for Doorbell {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Sends one NOTIFY for all bells of a short while, and a second one for those that may have rung before their commit.
///
/// With an engine in this process nothing is sent while no other process runs jobs: its own fetcher hears the bells.
pub(crate) async fn carry(pool: PgPool, engine: Option<Arc<Shared>>, stop: CancellationToken) {
    const GATHER: Duration = Duration::from_millis(4);
    const AGAIN: Duration = Duration::from_millis(60);
    let mut bells = subscribe();
    let work = async {
        loop {
            let mut pools = BTreeSet::new();
            let mut uncommitted = false;
            match bells.recv().await {
                Ok(bell) => {
                    pools.insert(bell.pool.name());
                    uncommitted |= !bell.committed;
                }
                Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Err(broadcast::error::RecvError::Closed) => return,
            }
            tokio::time::sleep(GATHER).await;
            gather(&mut bells, &mut pools, &mut uncommitted);
            notify(&pool, engine.as_deref(), &pools).await;
            if uncommitted {
                tokio::time::sleep(AGAIN).await;
                gather(&mut bells, &mut pools, &mut uncommitted);
                notify(&pool, engine.as_deref(), &pools).await;
            }
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = work => {}
    }
}

fn gather(
    bells: &mut broadcast::Receiver<Bell>,
    pools: &mut BTreeSet<&'static str>,
    uncommitted: &mut bool,
) {
    while let Ok(bell) = bells.try_recv() {
        pools.insert(bell.pool.name());
        *uncommitted |= !bell.committed;
    }
}

async fn notify(pool: &PgPool, engine: Option<&Shared>, pools: &BTreeSet<&'static str>) {
    if engine.is_some_and(|engine| !engine.others.load(Ordering::Relaxed)) {
        return;
    }
    let process = engine.map_or(0, Shared::me);
    let names = pools.iter().copied().collect::<Vec<_>>().join(",");
    // Lost when the database is away: the poll finds the jobs.
    if let Err(error) = sqlx::query!(
        "SELECT pg_notify($1, $2)",
        CHANNEL,
        format!("look:{process}:{names}")
    )
    .execute(pool)
    .await
    {
        tracing::debug!(%error, "the doorbell did not ring");
    }
}
