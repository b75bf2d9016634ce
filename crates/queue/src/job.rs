//! What a job is, and how its run may end.

use std::{
    collections::BTreeSet,
    fmt::Display,
    future::Future,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::PgConnection;

use crate::{
    enqueue::{self, EnqueueError, Enqueued},
    options::Options,
    running::Running,
};

/// A named set of slots. Jobs of one pool share its concurrency in each process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pool(&'static str);

impl Pool {
    /// A pool by its name, which is stored in rows and shown in metrics.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// A pool by a name out of the database. Names live as long as the program: there is a handful of them.
    pub(crate) fn named(name: &str) -> Self {
        static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names.get(name) {
            return Self(known);
        }
        let name: &'static str = Box::leak(name.into());
        names.insert(name);
        Self(name)
    }

    /// The name as stored.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// How long to wait between attempts, and how many there are.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    first: Duration,
    cap: Duration,
    attempts: u16,
}

impl Retry {
    /// From 1 s, doubling, 10 attempts: four to eight minutes in all.
    pub const DEFAULT: Self = Self::exponential(Duration::from_secs(1), Duration::from_secs(600));

    /// Doubles from `first` up to `cap`, with full jitter; 10 attempts.
    pub const fn exponential(first: Duration, cap: Duration) -> Self {
        Self {
            first,
            cap,
            attempts: 10,
        }
    }

    /// The same waits with another number of attempts in all: 1 to 32,767, else each enqueue is refused.
    pub const fn attempts(mut self, attempts: u16) -> Self {
        self.attempts = attempts;
        self
    }

    pub(crate) const fn max_attempts(&self) -> u16 {
        self.attempts
    }

    /// The wait after failed attempt number `attempt` (from 1). `dice` is in 0..1: full jitter spreads the retries of
    /// jobs that failed together ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
    pub(crate) fn wait(&self, attempt: u32, dice: f64) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        let ceiling = self.first.saturating_mul(1_u32 << doublings).min(self.cap);
        // At least a tenth: a wait of zero is a busy loop.
        ceiling.mul_f64(0.1 + 0.9 * dice.clamp(0.0, 1.0))
    }
}

/// What becomes of the record of a job that ended well. Dead letters are always kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// In the finished table, until its day is dropped.
    All,
    /// Nowhere.
    Dead,
}

/// A unit of work: a small serialisable value, and what to do with it.
///
/// It carries ids, never rows: what it needs is read when it runs. It may run more than once, since a process can die
/// after any line; see the crate's front page.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What every run is given: database, clients, clock.
    type Context: Clone + Send + Sync + 'static;

    /// `domain.verb`. Stored in rows: never change it.
    const NAME: &'static str;
    /// Where it runs.
    const POOL: Pool;
    /// When it is tried again.
    const RETRY: Retry = Retry::DEFAULT;
    /// A run that takes longer is dropped and counts as failed with class `timeout`.
    const TIMEOUT: Duration = Duration::from_secs(60);
    /// What is kept of it.
    const KEEP: Keep = Keep::All;
    /// The form of the payload. Raise it when an old one does not parse any more and `#[serde(default)]` does not help;
    /// [`Job::upgrade`] then brings old ones up. A job of a newer version than this program's is kept for a newer
    /// program.
    const VERSION: u16 = 1;
    /// Payloads are encrypted where they are stored, by what [`seal_with`](crate::seal_with) was given; also those of
    /// schedules. Who looks at the job sees `"sealed"`. Jobs that were written before this was set still run.
    const SEALED: bool = false;

    /// Lane, uniqueness, order, delay: what depends on the value.
    fn options(&self) -> Options {
        Options::default()
    }

    /// Brings a payload of an older version (`from`, at least 1) to the form of [`Job::VERSION`].
    ///
    /// # Errors
    /// It cannot be brought up: the job becomes a dead letter of class `payload` with this text.
    fn upgrade(from: u16, payload: serde_json::Value) -> Result<serde_json::Value, String> {
        let _ = from;
        Ok(payload)
    }

    /// Does the work.
    fn run(
        &self,
        ctx: &Self::Context,
        job: &Running,
    ) -> impl Future<Output = Result<(), JobError>> + Send;

    /// Writes the job in the caller's transaction: it exists if and only if the transaction commits.
    ///
    /// # Errors
    /// The payload is refused (too large, a NUL character), or the database failed.
    fn enqueue(
        &self,
        conn: &mut PgConnection,
    ) -> impl Future<Output = Result<Enqueued, EnqueueError>> + Send {
        self.enqueue_with(conn, self.options())
    }

    /// As [`Job::enqueue`], with other options than the job's own.
    ///
    /// # Errors
    /// As [`Job::enqueue`].
    fn enqueue_with(
        &self,
        conn: &mut PgConnection,
        options: Options,
    ) -> impl Future<Output = Result<Enqueued, EnqueueError>> + Send {
        async move {
            let prepared = enqueue::Prepared::new(self, options)?;
            let mut all = enqueue::insert(conn, vec![prepared]).await?;
            all.pop()
                .ok_or(EnqueueError::Database(sqlx::Error::RowNotFound))
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_up_to_its_cap_and_never_waits_nothing() {
        let retry = Retry::exponential(Duration::from_secs(2), Duration::from_secs(60));
        assert_eq!(retry.wait(1, 1.0), Duration::from_secs(2));
        assert_eq!(retry.wait(3, 1.0), Duration::from_secs(8));
        assert_eq!(retry.wait(40, 1.0), Duration::from_secs(60));
        assert_eq!(retry.wait(1, 0.0), Duration::from_millis(200));
    }
}
