//! HTTP errors: RFC 9457 problem details with a stable code. Every error answer has this form.

use std::borrow::Cow;

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kazi_platform::invalid::{FieldError, Invalid};
use serde::Serialize;

/// A failed request.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Option<Cow<'static, str>>,
    errors: Vec<FieldError>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// The JSON of the answer.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// A stable code for programs.
    code: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

impl Problem {
    /// Makes a problem. The title is a sentence. A code always has the same title.
    pub const fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self {
            status,
            code,
            title,
            detail: None,
            errors: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// Adds a sentence about this case for a person. It must not show an error inside the program.
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds a violation of one field.
    pub fn about(mut self, pointer: &str, code: &'static str, detail: &str) -> Self {
        self.errors.push(FieldError {
            pointer: pointer.to_owned(),
            code,
            detail: detail.to_owned(),
        });
        self
    }

    /// Makes a 422 about one field.
    pub fn field(
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        INVALID.about(&pointer.into(), code, &detail.into())
    }

    /// Makes a 500 for a fault of the program. The log has the error, with the request's id. The client does not see
    /// it.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a call failed");
        INTERNAL
    }

    /// Makes a problem for a status that was not set by a handler.
    pub fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => NOT_FOUND,
            StatusCode::METHOD_NOT_ALLOWED => METHOD_NOT_ALLOWED,
            StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
            StatusCode::SERVICE_UNAVAILABLE => UNAVAILABLE,
            status if status.is_client_error() => {
                Self::new(status, "bad_request", "The request cannot be understood.")
            }
            _ => INTERNAL,
        }
    }

    /// Returns the code for metrics and logs.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Makes the answer. It names the request's id.
    pub fn respond(self, request_id: Option<&str>) -> Response {
        let body = Body {
            kind: format!("urn:kazi:problem:{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            detail: self.detail.as_deref(),
            code: self.code,
            errors: &self.errors,
            request_id,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, PROBLEM_JSON);
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        for (name, value) in self.headers.iter().cloned() {
            headers.insert(name, value);
        }
        // The layer that knows the request's id writes the body again, with the id.
        response.extensions_mut().insert(self);
        response
    }
}

const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

pub const NOT_FOUND: Problem = Problem::new(
    StatusCode::NOT_FOUND,
    "not_found",
    "There is nothing at this address.",
);
pub const METHOD_NOT_ALLOWED: Problem = Problem::new(
    StatusCode::METHOD_NOT_ALLOWED,
    "method_not_allowed",
    "This address does not take this method.",
);
pub const TOO_LARGE: Problem = Problem::new(
    StatusCode::PAYLOAD_TOO_LARGE,
    "body_too_large",
    "The body is larger than is taken here.",
);
pub const UNREADABLE: Problem = Problem::new(
    StatusCode::BAD_REQUEST,
    "body_unreadable",
    "The body did not arrive whole.",
);
pub const INVALID: Problem = Problem::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "invalid",
    "Some fields break their rules.",
);
pub const UNAVAILABLE: Problem = Problem::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "unavailable",
    "This cannot be done just now: try again.",
);
pub const TIMED_OUT: Problem = Problem::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "timed_out",
    "This took too long: try again.",
);
pub const INTERNAL: Problem = Problem::new(
    StatusCode::INTERNAL_SERVER_ERROR,
    "internal",
    "Something is wrong on our side.",
);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.respond(None)
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        Self {
            errors: invalid.0,
            ..INVALID
        }
    }
}
