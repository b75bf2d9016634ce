//! The job that is running now, as its own code sees it.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{JobId, trace::TraceId};

/// One run of one job.
#[derive(Clone, Debug)]
pub struct Running {
    /// The job's number.
    pub id: JobId,
    /// Its kind.
    pub kind: Arc<str>,
    /// Whom it belongs to.
    pub tenant: Option<Uuid>,
    /// Its sequence: what continues it belongs there too, ahead of the others.
    pub sequence: Option<String>,
    /// This run, counted from 1.
    pub attempt: u32,
    /// How many runs there may be.
    pub max_attempts: u32,
    /// When it was enqueued.
    pub enqueued_at: DateTime<Utc>,
    /// What it belongs to.
    pub trace: TraceId,
    pub(crate) cancel: CancellationToken,
    pub(crate) deadline: watch::Sender<Instant>,
    pub(crate) fence: Fence,
}

/// What a run needs to write its own end.
#[derive(Clone, Debug)]
pub(crate) struct Fence {
    /// The number of the lease under which it runs.
    pub lease: i32,
    /// Whether a record of its good end is kept.
    pub keep: bool,
    /// Set when the end stands in a transaction of the job's own, with the batch that it leaves.
    completed: Arc<OnceLock<Option<i64>>>,
}

impl Fence {
    pub fn new(lease: i32, keep: bool) -> Self {
        Self {
            lease,
            keep,
            completed: Arc::default(),
        }
    }

    /// Notes that a transaction of the job's own has the end. Whether it commits is not known here.
    pub fn completed_in_transaction(&self, batch: Option<i64>) {
        // A second time after a rollback: it is the same batch.
        let _ = self.completed.set(batch);
    }

    /// The batch that the end in a transaction leaves; `None` when there was no such end.
    pub fn completed(&self) -> Option<Option<i64>> {
        self.completed.get().copied()
    }
}

impl Running {
    /// True when no attempt is left after this one.
    pub fn is_last_attempt(&self) -> bool {
        self.attempt >= self.max_attempts
    }

    /// Ends when the job is cancelled or its lease was lost. The run is dropped then at its next `.await`: this is for
    /// work outside of the future.
    pub fn cancelled(&self) -> impl Future<Output = ()> + Send + use<> {
        self.cancel.clone().cancelled_owned()
    }

    /// Moves the deadline to `from_now`, for a job that works in steps.
    pub fn extend_deadline(&self, from_now: Duration) {
        self.deadline.send_replace(Instant::now() + from_now);
    }
}
