//! Bells whose jobs may not be committed yet.

use std::time::Duration;

use tokio::time::Instant;

/// When to look after a bell whose transaction may not have committed yet.
const PROBES: [Duration; 6] = [
    Duration::from_millis(1),
    Duration::from_millis(3),
    Duration::from_millis(8),
    Duration::from_millis(25),
    Duration::from_millis(80),
    Duration::from_millis(250),
];
/// A bell that may have rung before its commit. The fetcher looks again at each of [`PROBES`]; then the poll takes over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hint {
    pub rung: Instant,
    next: usize,
}

impl Hint {
    pub fn new(rung: Instant) -> Self {
        Self { rung, next: 0 }
    }

    /// The time of the next probe; `None` after the last one.
    pub fn at(&self) -> Option<Instant> {
        Some(self.rung + *PROBES.get(self.next)?)
    }

    /// Whether a probe is due. It is used up then.
    pub fn take(&mut self, now: Instant) -> bool {
        let due = self.at().is_some_and(|at| now >= at);
        while self.at().is_some_and(|at| now >= at) {
            self.next += 1;
        }
        due
    }
}
