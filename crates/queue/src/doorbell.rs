//! The doorbell: who has written a job down tells who waits for one.
//!
//! A NOTIFY inside the caller's transaction would take a lock on the whole server at its commit, so none is sent there.
//! Instead an enqueue rings a bell inside the process. It may ring before the transaction commits, so a listener looks
//! several times, further and further apart ([`PROBES`]); whoever knows of the commit says [`ring`] and is served at
//! once. Other processes are told by one NOTIFY for all the rings of a few milliseconds. A bell that nobody hears only
//! costs latency: there is a poll behind it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Arc, LazyLock, atomic::Ordering},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::{engine::Shared, job::Pool, rounds::Level};

/// The channel of LISTEN and NOTIFY.
pub(crate) const CHANNEL: &str = "kazi_queue";

/// Stands for all pools.
pub(crate) const EVERYWHERE: &str = "*";

/// When to look after a bell whose transaction may not have committed yet.
pub(crate) const PROBES: [Duration; 6] = [
    Duration::from_millis(1),
    Duration::from_millis(3),
    Duration::from_millis(8),
    Duration::from_millis(25),
    Duration::from_millis(80),
    Duration::from_millis(250),
];

/// A ring inside the process.
#[derive(Clone, Debug)]
pub(crate) enum Bell {
    /// Jobs have been written, in a transaction that may not have committed yet.
    Enqueued(Arc<Enqueued>),
    /// What was written for this pool has been committed.
    Committed(Pool),
    /// A committed change made jobs ready here.
    Ready(Arc<HashSet<Level>>),
}

/// What an enqueue has written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Enqueued {
    /// Where ready jobs may wait; `None`: at too many places to name them.
    pub levels: HashMap<&'static str, Option<HashSet<(String, i16)>>>,
    /// Some wait for their time.
    pub scheduled: bool,
}

/// Places that one ring names. Beyond that the listener looks for itself.
const NAMED: usize = 64;

impl Enqueued {
    pub fn add(&mut self, pool: Pool, lane: String, priority: i16) {
        let places = self
            .levels
            .entry(pool.name())
            .or_insert_with(|| Some(HashSet::new()));
        if let Some(named) = places {
            named.insert((lane, priority));
            if named.len() > NAMED {
                *places = None;
            }
        }
    }
}

static BELLS: LazyLock<broadcast::Sender<Bell>> = LazyLock::new(|| broadcast::channel(1024).0);

/// Says that jobs of this pool have been committed: they start at once. Never needed, since an enqueue rings by itself
/// a few milliseconds later; worth it where somebody waits.
pub fn ring(pool: Pool) {
    // An error means that nobody listens in this process.
    let _ = BELLS.send(Bell::Committed(pool));
}

pub(crate) fn enqueued(written: Enqueued) {
    let _ = BELLS.send(Bell::Enqueued(Arc::new(written)));
}

/// As [`enqueued`], for jobs that the caller's transaction lets go.
pub(crate) fn enqueued_at(levels: HashSet<Level>) {
    let mut written = Enqueued::default();
    for level in levels {
        written.add(Pool::named(&level.pool), level.lane, level.priority);
    }
    if !written.levels.is_empty() {
        enqueued(written);
    }
}

pub(crate) fn ready(levels: HashSet<Level>) {
    let _ = BELLS.send(Bell::Ready(Arc::new(levels)));
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
            let mut news = News::default();
            let mut uncommitted = false;
            match bells.recv().await {
                Ok(bell) => news.add(&bell, &mut uncommitted),
                Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Err(broadcast::error::RecvError::Closed) => return,
            }
            tokio::time::sleep(GATHER).await;
            gather(&mut bells, &mut news, &mut uncommitted);
            notify(&pool, engine.as_deref(), &news).await;
            if uncommitted {
                tokio::time::sleep(AGAIN).await;
                gather(&mut bells, &mut news, &mut uncommitted);
                notify(&pool, engine.as_deref(), &news).await;
            }
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = work => {}
    }
}

/// What one NOTIFY tells: pools, each with the lanes and priorities at which to look; with none, everywhere.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct News(pub BTreeMap<String, BTreeSet<(String, i16)>>);

impl News {
    /// The largest payload of a NOTIFY is 8,000 bytes.
    const LONGEST: usize = 7_000;

    fn add(&mut self, bell: &Bell, uncommitted: &mut bool) {
        match bell {
            Bell::Enqueued(written) => {
                *uncommitted = true;
                for (pool, places) in &written.levels {
                    let known = self.0.entry((*pool).to_owned()).or_default();
                    known.extend(places.iter().flatten().cloned());
                }
            }
            Bell::Committed(pool) => {
                self.0.entry(pool.name().to_owned()).or_default();
            }
            Bell::Ready(levels) => {
                for level in levels.iter() {
                    let known = self.0.entry(level.pool.clone()).or_default();
                    known.insert((level.lane.clone(), level.priority));
                }
            }
        }
    }

    fn payload(&self, process: i64) -> String {
        let told = serde_json::to_string(self).unwrap_or_default();
        if told.len() <= Self::LONGEST {
            return format!("look:{process}:{told}");
        }
        let pools: BTreeMap<&String, [(); 0]> = self.0.keys().map(|pool| (pool, [])).collect();
        format!(
            "look:{process}:{}",
            serde_json::to_string(&pools).unwrap_or_default()
        )
    }
}

fn gather(bells: &mut broadcast::Receiver<Bell>, news: &mut News, uncommitted: &mut bool) {
    while let Ok(bell) = bells.try_recv() {
        news.add(&bell, uncommitted);
    }
}

async fn notify(pool: &PgPool, engine: Option<&Shared>, news: &News) {
    if engine.is_some_and(|engine| !engine.others.load(Ordering::Relaxed)) {
        return;
    }
    let process = engine.map_or(0, Shared::me);
    // Lost when the database is away: the poll finds the jobs.
    if let Err(error) = tell(
        &mut *match pool.acquire().await {
            Ok(conn) => conn,
            Err(error) => return tracing::debug!(%error, "the doorbell did not ring"),
        },
        news,
        process,
    )
    .await
    {
        tracing::debug!(%error, "the doorbell did not ring");
    }
}

/// Tells all processes of a change. An operator's step may do so inside its transaction: it is rare.
pub(crate) async fn tell(
    conn: &mut PgConnection,
    news: &News,
    process: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, news.payload(process))
        .execute(conn)
        .await?;
    Ok(())
}
