//! Refusals in Stripe's form.

use serde_json::json;

use crate::server::Reply;

pub(super) fn refuse(status: u16, message: &str, code: Option<&str>, param: Option<&str>) -> Reply {
    said(status, "invalid_request_error", message, code, param)
}

/// Stripe leaves out what an error does not have.
fn said(status: u16, kind: &str, message: &str, code: Option<&str>, param: Option<&str>) -> Reply {
    let mut error = json!({"type": kind, "message": message});
    if let Some(code) = code {
        error["code"] = code.into();
        error["doc_url"] = format!(
            "https://stripe.com/docs/error-codes/{}",
            code.replace('_', "-")
        )
        .into();
    }
    if let Some(param) = param {
        error["param"] = param.into();
    }
    Reply::json(status, json!({"error": error}))
}

/// 401 for a request without a key, or with a key that nobody has. Only the key's ends are shown.
pub(super) fn unknown_key(key: &str) -> Reply {
    if key.is_empty() {
        let words = "You did not provide an API key. You need to provide your API key in the Authorization header, using \
                     Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";
        return refuse(401, words, None, None);
    }
    let letters: Vec<char> = key.chars().collect();
    let shown = |part: &[char]| part.iter().collect::<String>();
    let ends = (
        shown(&letters[..letters.len().min(7)]),
        shown(&letters[letters.len().saturating_sub(4)..]),
    );
    let words = format!("Invalid API Key provided: {}****{}", ends.0, ends.1);
    refuse(401, &words, None, None)
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
    said(400, "idempotency_error", message, None, None)
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
    said(status, kind, "Scripted fault", code, None)
}
