//! Stops runs from outside.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use tokio_util::sync::CancellationToken;

/// Stops a run from outside, and tells it why.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop {
    pub token: CancellationToken,
    why: Arc<AtomicU8>,
}

/// Why a run was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Somebody cancelled the job.
    Cancelled,
    /// The process ends and hands the job back.
    Shutdown,
    /// The lease is gone. The job belongs to another process, and nothing may be written.
    LeaseLost,
}

impl Stop {
    pub fn stop(&self, why: Why) {
        let code = match why {
            Why::Cancelled => 1,
            Why::Shutdown => 2,
            Why::LeaseLost => 3,
        };
        // A lost lease outranks the other reasons, because it forbids the ack.
        self.why.fetch_max(code, Ordering::SeqCst);
        self.token.cancel();
    }

    pub fn why(&self) -> Why {
        match self.why.load(Ordering::SeqCst) {
            1 => Why::Cancelled,
            2 => Why::Shutdown,
            _ => Why::LeaseLost,
        }
    }
}
