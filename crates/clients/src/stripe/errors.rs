//! Stripe's errors and the reaction to them (Stripe, "Errors", "Error low-level", "Idempotent requests").

use std::time::Duration;

use serde::Deserialize;

use crate::http::{Answer, Failure};

/// The program keeps this many characters of Stripe's message.
const MAX_MESSAGE_CHARACTERS: usize = 300;

/// A request to Stripe failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Stripe refuses the request, and would refuse it again.
    #[error(transparent)]
    Refused(Refusal),
    /// 401 or 403: the key is invalid, or lacks a right.
    #[error("Stripe does not accept the key ({0})")]
    Credential(u16),
    /// 409: another request with this key or on this object is running. Make the same request again.
    #[error("Stripe is busy with this object")]
    Conflict,
    /// 429: make the same request later.
    #[error("too many requests for Stripe")]
    TooFast(Option<Duration>),
    /// 5xx: Stripe repeats this answer for the same key. It is unknown whether Stripe has made the object: look for it
    /// before you use another key.
    #[error("Stripe failed ({status})")]
    Unavailable {
        status: u16,
        /// The value of `Stripe-Should-Retry`.
        should_retry: Option<bool>,
    },
    /// The idempotency key belongs to another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// There is no usable answer. The request can be made again with the same key.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Stripe's reason to refuse a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("Stripe refused ({status} {kind} {code}): {message}", code = code.as_deref().unwrap_or("-"))]
pub struct Refusal {
    /// The HTTP status: 400, 402, 404 …
    pub status: u16,
    /// Like `invalid_request_error` or `card_error`.
    pub kind: String,
    /// Like `resource_missing` or `charge_already_refunded`.
    pub code: Option<String>,
    /// The field with the error.
    pub param: Option<String>,
    /// A message for a person, shortened.
    pub message: String,
}

impl Refusal {
    /// Tells whether the object does not exist.
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
        // A lock time-out also has status 429. In both cases the caller tries again later.
        429 => Error::TooFast(answer.retry_after),
        _ if said.kind == "idempotency_error" => {
            // 409 with this type: the first request with the key has not ended.
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
            message: said.message.chars().take(MAX_MESSAGE_CHARACTERS).collect(),
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
