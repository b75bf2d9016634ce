//! A claimed job.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Ack, JobId, Outcome, trace::TraceId};

/// A job under lease, with everything that its run and its ack need.
#[derive(Debug)]
pub(crate) struct Claimed {
    pub id: i64,
    pub lease: i32,
    pub kind: String,
    pub pool: String,
    pub lane: String,
    pub priority: i16,
    pub tenant: Option<Uuid>,
    pub attempt: i16,
    pub max_attempts: i16,
    pub enqueued_at: DateTime<Utc>,
    pub due: DateTime<Utc>,
    pub claimed_at: Option<DateTime<Utc>>,
    pub cancel_requested: bool,
    pub sequence_key: Option<String>,
    pub trace: Option<String>,
    pub payload: serde_json::Value,
}

impl Claimed {
    pub fn job_id(&self) -> JobId {
        JobId(self.id)
    }

    pub fn ack(&self, outcome: Outcome) -> Ack {
        Ack {
            id: self.id,
            lease: self.lease,
            sequence_key: self.sequence_key.clone(),
            outcome,
        }
    }

    pub fn trace_id(&self) -> TraceId {
        self.trace
            .as_deref()
            .and_then(|trace| trace.parse().ok())
            .unwrap_or_else(TraceId::random)
    }
}
