//! How a run may fail.

use std::{fmt::Display, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use super::EnqueueError;

/// Why a run failed, and what is to happen next. The failing code decides.
#[derive(Debug, Clone)]
pub enum JobError {
    /// Run again after the kind's backoff. Without attempts left the job becomes a dead letter.
    Retry {
        /// A short stable name, for metrics and for replaying dead letters by class.
        class: &'static str,
        /// The reason, for a person. It may contain no secret and no text of a customer.
        message: String,
    },
    /// As `Retry`, but after `after` at the earliest, as a provider's `Retry-After` asks.
    RetryAfter {
        /// A short stable name, as in `Retry`.
        class: &'static str,
        /// The reason, as in `Retry`.
        message: String,
        /// The shortest wait.
        after: Duration,
    },
    /// Run again at `until`. The attempt is not counted.
    Snooze {
        /// The time of the next run.
        until: DateTime<Utc>,
        /// The reason, for a person.
        reason: String,
    },
    /// Run again at `until`, and start no other job of this lane before. For a provider that refuses the sender, not
    /// only this job. The attempt is not counted.
    Park {
        /// The time at which the lane may go on.
        until: DateTime<Utc>,
        /// The reason, for a person.
        reason: String,
    },
    /// Do not run again: the job becomes a dead letter at once.
    Discard {
        /// A short stable name, as in `Retry`.
        class: &'static str,
        /// The reason, as in `Retry`.
        message: String,
    },
}

impl JobError {
    /// Asks for a run after the kind's backoff.
    pub fn retry(class: &'static str, message: impl Display) -> Self {
        Self::Retry {
            class,
            message: message.to_string(),
        }
    }

    /// Asks for a run after the kind's backoff, and after `after` at the earliest.
    pub fn retry_after(after: Duration, class: &'static str, message: impl Display) -> Self {
        Self::RetryAfter {
            class,
            message: message.to_string(),
            after,
        }
    }

    /// Asks for a run after `wait`, by this process's clock. The attempt is not counted.
    pub fn snooze(wait: Duration, reason: impl Display) -> Self {
        let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
        Self::snooze_until(
            Utc::now()
                .checked_add_signed(wait)
                .unwrap_or(DateTime::<Utc>::MAX_UTC),
            reason,
        )
    }

    /// Asks for a run at `until`. The attempt is not counted.
    pub fn snooze_until(until: DateTime<Utc>, reason: impl Display) -> Self {
        Self::Snooze {
            until,
            reason: reason.to_string(),
        }
    }

    /// Asks the whole lane to wait for `wait`, by this process's clock. The attempt is not counted.
    pub fn park(wait: Duration, reason: impl Display) -> Self {
        match Self::snooze(wait, reason) {
            Self::Snooze { until, reason } => Self::Park { until, reason },
            other => other,
        }
    }

    /// Makes the job a dead letter at once.
    pub fn discard(class: &'static str, message: impl Display) -> Self {
        Self::Discard {
            class,
            message: message.to_string(),
        }
    }
}

impl From<sqlx::Error> for JobError {
    fn from(error: sqlx::Error) -> Self {
        Self::retry("database", error)
    }
}

impl From<EnqueueError> for JobError {
    fn from(error: EnqueueError) -> Self {
        match error {
            EnqueueError::Database(error) => error.into(),
            // The same payload would be refused again.
            refused => Self::discard("enqueue", refused),
        }
    }
}
