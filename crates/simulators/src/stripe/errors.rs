//! Refusals in Stripe's form.

use serde_json::json;

use crate::server::Reply;

pub(super) fn refuse(status: u16, message: &str, code: Option<&str>, param: Option<&str>) -> Reply {
    Reply::json(
        status,
        json!({"error": {
            "type": "invalid_request_error", "code": code, "param": param, "message": message,
        }}),
    )
}

pub(super) fn bad(param: &str, message: &str) -> Reply {
    refuse(400, message, None, Some(param))
}

pub(super) fn no_such(what: &str, id: &str) -> Reply {
    refuse(
        404,
        &format!("No such {what}: '{id}'"),
        Some("resource_missing"),
        Some("id"),
    )
}

pub(super) fn idempotency(message: &str) -> Reply {
    Reply::json(
        400,
        json!({"error": {"type": "idempotency_error", "message": message}}),
    )
}

/// Returns the answer for a fault.
pub(crate) fn fault(status: Option<u16>, code: Option<i64>) -> Reply {
    let status = status.or_else(|| code?.try_into().ok()).unwrap_or(500);
    let (kind, code) = match status {
        402 => ("card_error", Some("card_declined")),
        409 => ("idempotency_error", Some("idempotency_key_in_use")),
        429 => ("invalid_request_error", Some("rate_limit")),
        500.. => ("api_error", None),
        _ => ("invalid_request_error", None),
    };
    Reply::json(
        status,
        json!({"error": {"type": kind, "code": code, "message": "Scripted fault"}}),
    )
}
