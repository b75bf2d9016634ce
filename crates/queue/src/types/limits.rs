//! The limits of a lane.

use uuid::Uuid;

/// The limits of a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// Jobs a second, and how many may come at once.
    pub rate: Option<(f64, u32)>,
    /// Of the burst, what jobs of low priority leave to the others, so that somebody who waits always finds a place.
    pub reserved: u32,
    /// How many may run at once.
    pub max_running: Option<u32>,
}

/// Why limits are refused.
#[derive(Debug, thiserror::Error)]
pub enum LimitError {
    /// A value makes no sense.
    #[error("{field} {rule}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Limits {
    pub(crate) fn check(&self) -> Result<(), LimitError> {
        let refuse = |field, rule| Err(LimitError::Invalid { field, rule });
        if let Some((rate, burst)) = self.rate {
            if !(rate.is_finite() && (0.001..=100_000.0).contains(&rate)) {
                return refuse(
                    "rate",
                    "must be 0.001 to 100000 a second; to stop a lane, pause it",
                );
            }
            if !(1..=100_000).contains(&burst) {
                return refuse("burst", "must be 1 to 100000");
            }
            if self.reserved >= burst {
                return refuse("reserved", "must be less than the burst");
            }
        } else if self.reserved > 0 {
            return refuse("reserved", "is a part of a burst: set a rate and a burst");
        }
        if self.max_running == Some(0) {
            return refuse(
                "max_running",
                "must be at least 1; to stop a lane, pause it",
            );
        }
        Ok(())
    }
}

/// What sort of lane it is, for metrics: a name of one's own, a tenant's, or that of whatever has neither. The names
/// themselves are too many.
pub(crate) fn class(lane: &str) -> &'static str {
    if lane.is_empty() {
        "shared"
    } else if Uuid::try_parse(lane).is_ok() {
        "tenant"
    } else {
        "named"
    }
}
