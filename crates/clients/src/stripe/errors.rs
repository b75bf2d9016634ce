//! What Stripe refuses, and what to do about it (Stripe, "Errors", "Error low-level", "Idempotent requests").

use std::time::Duration;

use serde::Deserialize;

use crate::http::{Answer, Failure};

/// Characters of Stripe's sentence that are kept.
const MAX_WORDS: usize = 300;

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Stripe refuses it, and would again.
    #[error(transparent)]
    Refused(Refusal),
    /// 401, 403: the key is no good, or may not do this.
    #[error("Stripe does not accept the key ({0})")]
    Credential(u16),
    /// 409: another request with this key or on this object is under way. Make the same request again.
    #[error("Stripe is busy with this object")]
    Conflict,
    /// 429: make the same request later.
    #[error("too many requests for Stripe")]
    TooFast(Option<Duration>),
    /// 5xx. The same key gets this answer again; whether something was made is not known: look before another key is used.
    #[error("Stripe failed ({status})")]
    Unavailable {
        /// The status.
        status: u16,
        /// What `Stripe-Should-Retry` said of making the same request again.
        should_retry: Option<bool>,
    },
    /// The key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// No usable answer. With the same key the request can be made again.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// What Stripe says against a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("Stripe refused ({status} {kind} {code}): {message}", code = code.as_deref().unwrap_or("-"))]
pub struct Refusal {
    /// 400, 402, 404 …
    pub status: u16,
    /// `invalid_request_error`, `card_error` …
    pub kind: String,
    /// `resource_missing`, `charge_already_refunded` …
    pub code: Option<String>,
    /// The field that it is about.
    pub param: Option<String>,
    /// For a person, shortened.
    pub message: String,
}

impl Refusal {
    /// There is no such object.
    pub fn is_missing(&self) -> bool {
        self.status == 404 || self.code.as_deref() == Some("resource_missing")
    }
}

#[derive(Deserialize)]
struct Body {
    error: Said,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    #[serde(rename = "type")]
    kind: String,
    code: Option<String>,
    param: Option<String>,
    message: String,
}

pub(super) fn classify(answer: &Answer, should_retry: Option<bool>) -> Error {
    let said = answer
        .parse::<Body>()
        .map(|body| body.error)
        .unwrap_or_default();
    match answer.status {
        401 | 403 => Error::Credential(answer.status),
        // A lock timeout comes as 429 too: later, in either case.
        429 => Error::TooFast(answer.retry_after),
        _ if said.kind == "idempotency_error" => {
            // 409 with this type: the first request with the key has not ended yet.
            if answer.status == 409 {
                Error::Conflict
            } else {
                Error::KeyReused
            }
        }
        409 => Error::Conflict,
        status if status >= 500 => Error::Unavailable {
            status,
            should_retry,
        },
        status => Error::Refused(Refusal {
            status,
            kind: said.kind,
            code: said.code,
            param: said.param,
            message: said.message.chars().take(MAX_WORDS).collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Error {
        let answer = Answer {
            status,
            retry_after: None,
            body: body.as_bytes().to_vec(),
        };
        classify(&answer, Some(false))
    }

    #[test]
    fn each_answer_has_its_reaction() {
        let missing = r#"{"error":{"type":"invalid_request_error","code":"resource_missing","param":"session","message":"No such session"}}"#;
        assert!(matches!(of(404, missing), Error::Refused(refusal) if refusal.is_missing()));
        let reused = r#"{"error":{"type":"idempotency_error","message":"Keys …"}}"#;
        assert!(matches!(of(400, reused), Error::KeyReused));
        assert!(matches!(of(409, reused), Error::Conflict));
        assert!(matches!(of(401, ""), Error::Credential(401)));
        assert!(matches!(of(429, "busy"), Error::TooFast(None)));
        assert!(matches!(
            of(500, "<html>"),
            Error::Unavailable {
                status: 500,
                should_retry: Some(false)
            }
        ));
        assert!(matches!(of(402, "{}"), Error::Refused(refusal) if refusal.status == 402));
    }
}
