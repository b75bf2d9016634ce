//! What a caller may say about one job when it is enqueued.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{BatchId, trace::TraceId};

/// Which of two due jobs of one lane starts first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i16)]
pub enum Priority {
    /// Somebody waits for the result.
    High = 0,
    /// The usual priority.
    #[default]
    Normal = 1,
    /// The job may wait until nothing else is due.
    Low = 2,
}

/// How long a unique key keeps other jobs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {
    /// Until the job starts to run.
    WhilePending,
    /// Until the job has ended, well or not.
    WhileUnfinished,
    /// For this time after the enqueue, whatever happens to the job.
    For(Duration),
}

/// When a job becomes due.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Due {
    #[default]
    Now,
    In(Duration),
    At(DateTime<Utc>),
}

/// The options of one job. By default it is due now, has normal priority and uses its tenant's lane.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Options {
    pub(crate) tenant: Option<Uuid>,
    pub(crate) lane: Option<String>,
    pub(crate) priority: Priority,
    pub(crate) unique: Option<(String, Unique)>,
    pub(crate) sequence: Option<String>,
    pub(crate) sequence_first: bool,
    pub(crate) due: Due,
    pub(crate) max_attempts: Option<u16>,
    pub(crate) trace: Option<TraceId>,
    pub(crate) batch: Option<BatchId>,
}

impl Options {
    /// Whether its enqueue locks rows that other callers may want.
    pub(crate) fn has_keys(&self) -> bool {
        self.sequence.is_some() || self.unique.is_some()
    }

    /// Sets the tenant that the job belongs to. Unique keys are per tenant and kind. The tenant is also the lane of a
    /// job that names no lane.
    pub fn tenant(mut self, tenant: impl Into<Uuid>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Sets the lane: jobs of one lane share its limits, and the lanes of a pool take turns.
    pub fn lane(mut self, lane: impl Into<String>) -> Self {
        self.lane = Some(lane.into());
        self
    }

    /// Sets the priority within the lane.
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// Allows one job of this kind and tenant with this key, for as long as the scope says. For a duplicate nothing is
    /// written, and the answer is the id of the job that holds the key.
    pub fn unique(mut self, key: impl Into<String>, scope: Unique) -> Self {
        self.unique = Some((key.into(), scope));
        self
    }

    /// Puts the job into a sequence. Jobs of one sequence run one at a time, in the order in which their transactions
    /// commit. The row of the key stays locked until the caller's transaction ends, so keep it short.
    ///
    /// One call takes all its locks in one order: sequences by key, then unique keys by key. Two bulk calls never
    /// deadlock. Several calls in one transaction lock in the order of the calls. If one transaction enqueues into `a`
    /// and then `b`, and another into `b` and then `a`, they deadlock. PostgreSQL ends that after a second and fails
    /// one of them (SQLSTATE 40P01); nothing of that transaction is written. Enqueue with one call, or in the order of
    /// the keys, or try the transaction again. A replay of dead letters ([`crate::inspect::retry`]) locks their
    /// sequences in the same way.
    pub fn sequence(mut self, key: impl Into<String>) -> Self {
        self.sequence = Some(key.into());
        self
    }

    /// Puts the job ahead of those that wait in its sequence: it continues the job that runs now.
    pub fn first_in_sequence(mut self) -> Self {
        self.sequence_first = true;
        self
    }

    /// Sets the due time, exact to the millisecond. A year before 1 is refused.
    pub fn due(mut self, at: DateTime<Utc>) -> Self {
        self.due = Due::At(at);
        self
    }

    /// Sets the due time to this long after the enqueue, by the database's clock.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.due = Due::In(delay);
        self
    }

    /// Sets the number of runs, instead of the kind's: 1 to 32,767.
    pub fn max_attempts(mut self, attempts: u16) -> Self {
        self.max_attempts = Some(attempts);
        self
    }

    /// Sets the trace. By default it is the trace of the running job. Use it for a bulk of jobs with a trace each.
    pub fn trace(mut self, trace: TraceId) -> Self {
        self.trace = Some(trace);
        self
    }

    /// Counts the job in this batch. A duplicate of a unique key is not counted, because no job is written. After
    /// [`Batch::close`](crate::Batch::close) only jobs of the batch itself may add to it.
    pub fn batch(mut self, batch: BatchId) -> Self {
        self.batch = Some(batch);
        self
    }
}

impl Unique {
    /// The number in the column `unique_scope`.
    pub(crate) const fn number(self) -> i16 {
        match self {
            Self::WhilePending => 0,
            Self::WhileUnfinished => 1,
            Self::For(_) => 2,
        }
    }
}

/// What is kept of a job that ended well. Dead letters are always kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The record goes to the finished table, until its day is dropped.
    All,
    /// Nothing is kept; only dead letters are.
    Dead,
}
