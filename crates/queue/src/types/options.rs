//! What a caller may say about one job when it is enqueued.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{BatchId, trace::TraceId};

/// Which of two due jobs of one pool goes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i16)]
pub enum Priority {
    /// Somebody is waiting for it.
    High = 0,
    /// The rule.
    #[default]
    Normal = 1,
    /// When there is nothing better to do.
    Low = 2,
}

/// For how long a unique key keeps others out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {
    /// Until the job starts.
    WhilePending,
    /// Until the job has ended, well or not.
    WhileUnfinished,
    /// For this long after the enqueue, whatever becomes of the job.
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

/// Options of one job. The default: due now, normal priority, the tenant's lane.
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
    /// Its enqueue locks rows that other callers may want.
    pub(crate) fn has_keys(&self) -> bool {
        self.sequence.is_some() || self.unique.is_some()
    }

    /// Whom the job belongs to. Unique keys are per tenant and kind; without a lane of its own the tenant is the lane.
    pub fn tenant(mut self, tenant: impl Into<Uuid>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// The unit of fairness and pacing within the pool; the tenant by default.
    pub fn lane(mut self, lane: impl Into<String>) -> Self {
        self.lane = Some(lane.into());
        self
    }

    /// Before or after others of the pool.
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// At most one job of this kind and tenant with this key, within the scope. A duplicate is a quiet no-op which
    /// returns the id of the job that is there.
    pub fn unique(mut self, key: impl Into<String>, scope: Unique) -> Self {
        self.unique = Some((key.into(), scope));
        self
    }

    /// Jobs with the same key run one at a time, in the order in which their transactions commit. The row of the key
    /// stays locked until the caller's transaction ends: keep it short.
    ///
    /// One call takes all its locks in one order (sequences by key, then unique keys), so two bulks never deadlock.
    /// Several calls in one transaction do so in the order of the calls: a transaction that enqueues into `a` and then
    /// `b`, beside one that does so the other way round, is a deadlock, which PostgreSQL ends after a second by failing
    /// one of them (SQLSTATE 40P01; nothing of it is written). Enqueue them by one call, or in the order of their keys,
    /// or try the transaction again. A replay of dead
    /// letters ([`crate::inspect::retry`]) locks their sequences in the same way.
    pub fn sequence(mut self, key: impl Into<String>) -> Self {
        self.sequence = Some(key.into());
        self
    }

    /// Goes ahead of the jobs that wait in the same sequence: the continuation of the job that runs now.
    pub fn first_in_sequence(mut self) -> Self {
        self.sequence_first = true;
        self
    }

    /// Due at this time, to the millisecond; not before the year 1.
    pub fn due(mut self, at: DateTime<Utc>) -> Self {
        self.due = Due::At(at);
        self
    }

    /// Due this long after the enqueue, by the database's clock.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.due = Due::In(delay);
        self
    }

    /// Another number of attempts than the kind's: 1 to 32,767.
    pub fn max_attempts(mut self, attempts: u16) -> Self {
        self.max_attempts = Some(attempts);
        self
    }

    /// The trace it belongs to, where that is not the running job's: a bulk of jobs with a trace each.
    pub fn trace(mut self, trace: TraceId) -> Self {
        self.trace = Some(trace);
        self
    }

    /// Counts it in this batch. A duplicate of a unique key is not counted: it is no job of its own. After
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

/// What becomes of the record of a job that ended well. Dead letters are always kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// In the finished table, until its day is dropped.
    All,
    /// Nowhere.
    Dead,
}
