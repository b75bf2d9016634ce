//! The bells inside a process: an enqueue tells the fetcher of the same process.
//!
//! A NOTIFY inside the caller's transaction would take a lock on the whole server at its commit, so an enqueue sends
//! none. It rings a bell inside the process instead, often before its transaction commits. So the fetcher looks several
//! times, at growing distances. A caller who knows of the commit calls [`ring`], and its jobs start at once. Other
//! processes are told by one NOTIFY for all bells of a few milliseconds. A lost bell costs only latency: the poll finds
//! the job.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock},
};

use tokio::sync::broadcast;

use crate::types::{Level, Pool};

/// A bell: news for the fetcher of this process.
#[derive(Clone, Debug)]
pub(crate) enum Bell {
    /// Jobs were written, in a transaction that may still be open.
    Enqueued(Arc<Placed>),
    /// The jobs that were written for this pool are committed.
    Committed(Pool),
    /// A committed change made jobs ready at these levels.
    Ready(Arc<HashSet<Level>>),
}

/// Where an enqueue has written jobs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placed {
    /// For each pool the lanes and priorities. `None`: too many to name them.
    pub levels: HashMap<&'static str, Option<HashSet<(String, i16)>>>,
    /// Whether some of the jobs wait for a due time.
    pub scheduled: bool,
}

/// The largest number of places that a bell names. With more, the fetcher looks everywhere.
const MAX_PLACES: usize = 64;

impl Placed {
    pub fn add(&mut self, pool: Pool, lane: String, priority: i16) {
        let places = self
            .levels
            .entry(pool.name())
            .or_insert_with(|| Some(HashSet::new()));
        if let Some(named) = places {
            named.insert((lane, priority));
            if named.len() > MAX_PLACES {
                *places = None;
            }
        }
    }
}

static BELLS: LazyLock<broadcast::Sender<Bell>> = LazyLock::new(|| broadcast::channel(1024).0);

/// Says that jobs of this pool are committed, so that they start at once. It is never necessary: an enqueue rings by
/// itself a few milliseconds later. Use it where somebody waits for the job.
pub fn ring(pool: Pool) {
    // It is an error if nobody in this process listens. That is fine.
    let _ = BELLS.send(Bell::Committed(pool));
}

pub(crate) fn enqueued(written: Placed) {
    let _ = BELLS.send(Bell::Enqueued(Arc::new(written)));
}

/// As [`enqueued`], for jobs that the caller's transaction makes ready.
pub(crate) fn enqueued_at(levels: HashSet<Level>) {
    let mut written = Placed::default();
    for level in levels {
        written.add(Pool::named(&level.pool), level.lane, level.priority);
    }
    if !written.levels.is_empty() {
        enqueued(written);
    }
}

/// Rings for jobs that a committed change has made ready.
pub(crate) fn ready(levels: HashSet<Level>) {
    if !levels.is_empty() {
        let _ = BELLS.send(Bell::Ready(Arc::new(levels)));
    }
}

pub(crate) fn subscribe() -> broadcast::Receiver<Bell> {
    BELLS.subscribe()
}
