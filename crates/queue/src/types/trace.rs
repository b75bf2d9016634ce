//! The trace that connects a job with its cause. Jobs that a running job enqueues get its trace.

use std::{fmt, future::Future, str::FromStr};

use serde::{Deserialize, Serialize};

tokio::task_local! {
    static CURRENT: TraceId;
}

/// A W3C trace id (Trace Context, section 3.2.2.3): 16 bytes, 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TraceId(u128);

/// The text is not a trace id.
#[derive(Debug, thiserror::Error)]
#[error("a trace id is 32 hex digits")]
pub struct NotATraceId;

impl TraceId {
    /// A new random id.
    pub fn random() -> Self {
        Self(rand::random())
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TraceId {
    type Err = NotATraceId;

    fn from_str(text: &str) -> Result<Self, NotATraceId> {
        if text.len() != 32 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NotATraceId);
        }
        u128::from_str_radix(text, 16)
            .map(Self)
            .map_err(|_| NotATraceId)
    }
}

impl From<TraceId> for String {
    fn from(id: TraceId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for TraceId {
    type Error = NotATraceId;

    fn try_from(text: String) -> Result<Self, NotATraceId> {
        text.parse()
    }
}

/// The trace of the running job, or of [`with`]. `None` outside of both.
pub fn current() -> Option<TraceId> {
    CURRENT.try_with(|id| *id).ok()
}

/// Runs a future. The jobs that it enqueues belong to this trace.
pub async fn with<F: Future>(id: TraceId, future: F) -> F::Output {
    CURRENT.scope(id, future).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_id_reads_back_as_written() {
        let id = TraceId::random();
        assert_eq!(id.to_string().parse::<TraceId>().unwrap(), id);
        assert!("xyz".parse::<TraceId>().is_err());
        assert!("+".repeat(32).parse::<TraceId>().is_err());
    }
}
