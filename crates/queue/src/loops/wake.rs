//! How other parts of a process call its fetcher.

use std::{
    collections::HashSet,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use crate::types::Level;

/// How other parts call the fetcher.
#[derive(Debug, Default)]
pub(crate) struct Wake {
    pub notify: Notify,
    /// A sweep is wanted whatever the fetcher believes.
    pub sweep: AtomicBool,
    /// Where jobs have become ready.
    pub levels: Mutex<HashSet<Level>>,
    /// When a job falls due that the fetcher does not know of.
    pub due: Mutex<Option<Instant>>,
}

impl Wake {
    /// There may be due jobs anywhere.
    pub fn now(&self) {
        self.sweep.store(true, Ordering::SeqCst);
        self.notify.notify_one();
    }

    /// There are due jobs here.
    pub fn at(&self, levels: impl IntoIterator<Item = Level>) {
        lock(&self.levels).extend(levels);
        self.notify.notify_one();
    }

    /// A job falls due then.
    pub fn in_secs(&self, secs: f64) {
        // What lies further ahead is found by the poll, in time.
        let Ok(wait) = Duration::try_from_secs_f64(secs.clamp(0.0, 60.0)) else {
            return;
        };
        let at = Instant::now() + wait;
        let mut due = lock(&self.due);
        *due = Some(due.map_or(at, |other| other.min(at)));
        drop(due);
        self.notify.notify_one();
    }

    /// A slot is free: worth a look only if more was waiting.
    pub fn slot_free(&self) {
        self.notify.notify_one();
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
