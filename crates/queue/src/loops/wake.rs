//! How other loops call the fetcher.

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

/// What other loops have called for.
#[derive(Debug, Default)]
pub(crate) struct Wake {
    pub notify: Notify,
    /// The fetcher is to look over all lanes.
    pub sweep: AtomicBool,
    /// Levels where jobs became ready.
    pub levels: Mutex<HashSet<Level>>,
    /// When a job is due that the fetcher does not know of.
    pub due: Mutex<Option<Instant>>,
}

impl Wake {
    /// Calls the fetcher: jobs may be due in any lane.
    pub fn now(&self) {
        self.sweep.store(true, Ordering::SeqCst);
        self.notify.notify_one();
    }

    /// Calls the fetcher: jobs are ready at these levels.
    pub fn at(&self, levels: impl IntoIterator<Item = Level>) {
        lock(&self.levels).extend(levels);
        self.notify.notify_one();
    }

    /// Calls the fetcher in time for a job that is due in `secs` seconds.
    pub fn in_secs(&self, secs: f64) {
        // The poll finds in time what is due later.
        let Ok(wait) = Duration::try_from_secs_f64(secs.clamp(0.0, 60.0)) else {
            return;
        };
        let at = Instant::now() + wait;
        let mut due = lock(&self.due);
        *due = Some(due.map_or(at, |other| other.min(at)));
        drop(due);
        self.notify.notify_one();
    }

    /// Calls the fetcher: a slot is free. It looks only if more jobs were waiting.
    pub fn slot_free(&self) {
        self.notify.notify_one();
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
