//! The running job, as its own code sees it.

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
    /// The number of the job.
    pub id: JobId,
    /// The job's `NAME`.
    pub kind: Arc<str>,
    /// The tenant that the job belongs to.
    pub tenant: Option<Uuid>,
    /// The key of the job's sequence. A continuation of the job belongs into the same sequence, ahead of the others.
    pub sequence: Option<String>,
    /// The number of this run, from 1.
    pub attempt: u32,
    /// How many runs the job may have.
    pub max_attempts: u32,
    /// When the job was enqueued, by the database's clock.
    pub enqueued_at: DateTime<Utc>,
    /// The trace that the job belongs to.
    pub trace: TraceId,
    pub(crate) cancel: CancellationToken,
    pub(crate) deadline: watch::Sender<Instant>,
    pub(crate) fence: Fence,
}

/// What a run needs to write its own end.
#[derive(Clone, Debug)]
pub(crate) struct Fence {
    /// The number of the lease under which the job runs.
    pub lease: i32,
    /// Whether a record is kept if the job ends well.
    pub keep: bool,
    /// Set if a transaction of the job's own wrote the end; holds the batch that the job left with it.
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

    /// Notes that a transaction of the job's own wrote the end. It may still be rolled back.
    pub fn completed_in_transaction(&self, batch: Option<i64>) {
        // A second call, after a rollback, has the same batch.
        let _ = self.completed.set(batch);
    }

    /// The batch that the job left with its own end. `None`: the job wrote no end.
    pub fn completed(&self) -> Option<Option<i64>> {
        self.completed.get().copied()
    }
}

impl Running {
    /// Whether no attempt is left after this one.
    pub fn is_last_attempt(&self) -> bool {
        self.attempt >= self.max_attempts
    }

    /// Completes when the job is cancelled or its lease is lost. The run itself is then dropped at its next `.await`.
    /// Use this for work outside of the run's future.
    pub fn cancelled(&self) -> impl Future<Output = ()> + Send + use<> {
        self.cancel.clone().cancelled_owned()
    }

    /// Moves the deadline of this run to `from_now` from now. For a job that works in steps.
    pub fn extend_deadline(&self, from_now: Duration) {
        self.deadline.send_replace(Instant::now() + from_now);
    }
}
