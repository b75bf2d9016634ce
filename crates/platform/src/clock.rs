//! Time comes from here, so that tests can set it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// A point in time, UTC.
pub type Timestamp = DateTime<Utc>;

/// The system's time, or one that a test sets. Clones share it.
#[derive(Clone, Debug)]
pub struct Clock(Option<Arc<Mutex<Timestamp>>>);

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until it is moved.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Some(Arc::new(Mutex::new(at))))
    }

    /// Now, to the microsecond: the database keeps no more, and what was just written reads the same as what is read.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            // Everything else asks here.
            None => Utc::now().trunc_subsecs(6),
            Some(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a fixed clock; the system's goes by itself.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(at) = &self.0 {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}
