//! The limits of a lane.

use uuid::Uuid;

/// The limits of a lane. They hold across all processes. The default is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// The rate in jobs a second, and the burst: how many jobs may start at once.
    pub rate: Option<(f64, u32)>,
    /// How many jobs of the burst `Priority::Low` may not use. So an urgent job always finds a place. Less than the
    /// burst.
    pub reserved: u32,
    /// How many jobs may run at once. More than `reserved`, which is kept from `Priority::Low` here too.
    pub max_running: Option<u32>,
}

/// Why limits were refused.
#[derive(Debug, thiserror::Error)]
pub enum LimitError {
    /// A value is not allowed.
    #[error("{field} {rule}")]
    Invalid {
        /// The name of the field.
        field: &'static str,
        /// The rule that it breaks, as the end of a sentence: "must be …".
        rule: &'static str,
    },
    /// The statement failed.
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
        if self.max_running.is_some_and(|most| most <= self.reserved) {
            return refuse(
                "max_running",
                "must be more than the reserved jobs, or jobs of low priority never run",
            );
        }
        Ok(())
    }
}

/// The class of a lane for metrics: `tenant`, `named`, or `shared` for the lane without a name. There are too many
/// names for a metric.
pub(crate) fn class(lane: &str) -> &'static str {
    if lane.is_empty() {
        "shared"
    } else if Uuid::try_parse(lane).is_ok() {
        "tenant"
    } else {
        "named"
    }
}
