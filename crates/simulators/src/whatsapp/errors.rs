//! Meta's errors: codes, texts and HTTP statuses, in Meta's envelope.
//!
//! Source: Meta, "Cloud API error codes" and "Handling errors" of the Graph API.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::server::Reply;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub code: i64,
    pub details: String,
}

impl Refusal {
    pub fn new(code: i64, details: impl Into<String>) -> Self {
        Self {
            code,
            details: details.into(),
        }
    }

    pub fn reply(&self) -> Reply {
        error(status_of(self.code), self.code, &self.details)
    }
}

pub(crate) fn error(status: u16, code: i64, details: &str) -> Reply {
    Reply::json(
        status,
        json!({"error": {
            "message": format!("(#{code}) {}", title_of(code)),
            "type": "OAuthException",
            "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": details},
            "fbtrace_id": trace(),
        }}),
    )
}

/// Refuses an object that the token does not see, or that cannot do this: the Graph API's own error, which WhatsApp does
/// not see.
pub(super) fn unsupported(method: &str, object: &str) -> Reply {
    let method = method.to_ascii_lowercase();
    let message = format!(
        "Unsupported {method} request. Object with ID '{object}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api"
    );
    graph(400, "GraphMethodException", (100, Some(33)), &message)
}

/// Refuses a path that no version of the Graph API has.
pub(super) fn unknown_path(path: &str) -> Reply {
    let message = format!("Unknown path components: {path}");
    graph(400, "OAuthException", (2_500, None), &message)
}

/// Refuses a field that an object does not have.
pub(super) fn no_field(field: &str, node: &str) -> Reply {
    let message =
        format!("(#100) Tried accessing nonexisting field ({field}) on node type ({node})");
    graph(400, "OAuthException", (100, None), &message)
}

/// Refuses a request without a token, or with one that nobody has.
pub(super) fn unknown_token(token: &str) -> Reply {
    if token.is_empty() {
        let message = "An access token is required to request this resource.";
        return graph(401, "OAuthException", (104, None), message);
    }
    let message = "Invalid OAuth access token - Cannot parse access token";
    graph(401, "OAuthException", (190, None), message)
}

fn graph(status: u16, kind: &str, (code, subcode): (i64, Option<i64>), message: &str) -> Reply {
    let mut error = json!({"message": message, "type": kind, "code": code, "fbtrace_id": trace()});
    if let Some(subcode) = subcode {
        error["error_subcode"] = subcode.into();
    }
    Reply::json(status, json!({"error": error}))
}

fn trace() -> String {
    format!("A{}", &Uuid::new_v4().simple().to_string()[..22])
}

/// Makes an element of `errors` in a status webhook.
pub(crate) fn status_error(code: i64) -> Value {
    let title = title_of(code);
    json!({
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details_of(code)},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    })
}

/// Returns the HTTP status that Meta sends with a code.
pub(crate) const fn status_of(code: i64) -> u16 {
    match code {
        0 | 190 => 401,
        10 | 131_005 | 131_031 | 200..=299 | 368 => 403,
        132_001 => 404,
        3 | 131_000 | 131_057 => 500,
        2 | 131_016 | 133_004 => 503,
        _ => 400,
    }
}

/// Returns a code for a fault that has only a status.
pub(crate) const fn code_of(status: u16) -> i64 {
    match status {
        400 => 100,
        401 => 190,
        403 => 10,
        429 => 130_429,
        503 => 131_016,
        _ => 131_000,
    }
}

const fn title_of(code: i64) -> &'static str {
    match code {
        0 => "AuthException",
        1 => "API Unknown",
        2 => "API Service",
        3 => "API Method",
        4 => "Application request limit reached",
        10 => "Permission Denied",
        100 => "Invalid parameter",
        190 => "Invalid OAuth access token",
        368 => "Temporarily blocked for policies violations",
        80_007 => "Rate limit issues",
        130_429 => "Rate limit hit",
        130_472 => "User's number is part of an experiment",
        130_497 => "Business account is restricted from messaging users in this country",
        131_000 => "Something went wrong",
        131_005 => "Access denied",
        131_008 => "Required parameter is missing",
        131_009 => "Parameter value is not valid",
        131_016 => "Service unavailable",
        131_021 => "Recipient cannot be sender",
        131_026 => "Message undeliverable",
        131_030 => "Recipient phone number not in allowed list",
        131_031 => "Account has been locked",
        131_037 => "Display name approval needed",
        131_042 => "Business eligibility payment issue",
        131_045 => "Incorrect certificate",
        131_047 => "Re-engagement message",
        131_048 => "Spam rate limit hit",
        131_049 => "This message was not delivered to maintain healthy ecosystem engagement",
        131_050 => "User has stopped receiving marketing messages from this business",
        131_051 => "Unsupported message type",
        131_052 => "Media download error",
        131_053 => "Media upload error",
        131_056 => "(Business Account, Consumer Account) pair rate limit hit",
        131_057 => "Account in maintenance mode",
        131_062 => "Business-scoped User ID (BSUID) recipients are not supported for this message",
        132_000 => "Template Param Count Mismatch",
        132_001 => "Template does not exist",
        132_005 => "Template Hydrated Text Too Long",
        132_007 => "Template Format Character Policy Violated",
        132_008 => "Template Params Type Not Valid",
        132_012 => "Template Parameter Format Mismatch",
        132_015 => "Template is Paused",
        132_016 => "Template is Disabled",
        132_018 => "There's an issue with the parameters in your template",
        133_004 => "Server Temporarily Unavailable",
        133_010 => "Phone number Not Registered",
        _ => "Unknown error",
    }
}

const fn details_of(code: i64) -> &'static str {
    match code {
        131_026 => "Message undeliverable.",
        131_047 => {
            "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
        }
        _ => title_of(code),
    }
}
