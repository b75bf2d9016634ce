//! The program's clock. Tests set it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// A point in time, in UTC.
pub type Timestamp = DateTime<Utc>;

/// A clock that returns the system's time, or the time that a test has set. Clones share the time.
#[derive(Clone, Debug)]
pub struct Clock(Option<Arc<Mutex<Timestamp>>>);

impl Clock {
    /// Returns a clock with the system's time.
    pub const fn system() -> Self {
        Self(None)
    }

    /// Returns a clock that stands still at `at`, until a test moves it.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Some(Arc::new(Mutex::new(at))))
    }

    /// Returns the current time, cut to whole microseconds. The database stores no finer time, so a value is the same
    /// before it is written and after it is read.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            // This is the only place that asks the system for the time.
            None => Utc::now().trunc_subsecs(6),
            Some(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a fixed clock forward by `by`. It does not change the system's clock.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(at) = &self.0 {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}
