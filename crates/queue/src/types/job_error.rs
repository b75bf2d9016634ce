//! How a run may fail.

use std::{fmt::Display, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use super::EnqueueError;

/// How a run failed, and what is to happen next. The failure states its own decision.
#[derive(Debug, Clone)]
pub enum JobError {
    /// Try again after the kind's backoff, while attempts are left; then a dead letter.
    Retry {
        /// A short stable name, for metrics and for replaying by class.
        class: &'static str,
        /// For a person. No secret and no customer's text may be in it.
        message: String,
    },
    /// As `Retry`, but not before `after`: what a provider's `Retry-After` asks for.
    RetryAfter {
        /// As in `Retry`.
        class: &'static str,
        /// As in `Retry`.
        message: String,
        /// The least wait.
        after: Duration,
    },
    /// Not yet: run again at `until`. No attempt is counted.
    Snooze {
        /// When to look again.
        until: DateTime<Utc>,
        /// Why, for a person.
        reason: String,
    },
    /// Not yet, and nothing else of this lane either: a provider has refused the sender, not this one job. The lane
    /// starts nothing before `until`; no attempt is counted.
    Park {
        /// When the lane may go on.
        until: DateTime<Utc>,
        /// Why, for a person.
        reason: String,
    },
    /// Never again: a dead letter at once.
    Discard {
        /// As in `Retry`.
        class: &'static str,
        /// As in `Retry`.
        message: String,
    },
}

impl JobError {
    /// Try again after the kind's backoff.
    pub fn retry(class: &'static str, message: impl Display) -> Self {
        Self::Retry {
            class,
            message: message.to_string(),
        }
    }

    /// Try again, but not before `after`.
    pub fn retry_after(after: Duration, class: &'static str, message: impl Display) -> Self {
        Self::RetryAfter {
            class,
            message: message.to_string(),
            after,
        }
    }

    /// Look again in `wait`, by this process's clock.
    pub fn snooze(wait: Duration, reason: impl Display) -> Self {
        let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
        Self::snooze_until(
            Utc::now()
                .checked_add_signed(wait)
                .unwrap_or(DateTime::<Utc>::MAX_UTC),
            reason,
        )
    }

    /// Look again at `until`.
    pub fn snooze_until(until: DateTime<Utc>, reason: impl Display) -> Self {
        Self::Snooze {
            until,
            reason: reason.to_string(),
        }
    }

    /// Leave the whole lane alone for `wait`, by this process's clock.
    pub fn park(wait: Duration, reason: impl Display) -> Self {
        match Self::snooze(wait, reason) {
            Self::Snooze { until, reason } => Self::Park { until, reason },
            other => other,
        }
    }

    /// Give up at once.
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
