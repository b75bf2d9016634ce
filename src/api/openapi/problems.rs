//! The problems that all operations share.

use axum::http::StatusCode;
use utoipa::ToSchema;

pub const PROBLEM_JSON: &str = "application/problem+json";

/// The form of an error.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "documents what `problem` writes")]
pub struct ProblemBody {
    /// Names the kind. It is not an address.
    #[schema(example = "urn:kazi:problem:invalid")]
    r#type: String,
    /// Always the same for a code.
    #[schema(example = "Some fields break their rules.")]
    title: String,
    /// The HTTP status.
    #[schema(example = 422)]
    status: u16,
    /// What is special about this occurrence.
    #[schema(nullable = false)]
    detail: Option<String>,
    /// Stable, for programs.
    #[schema(example = "invalid")]
    code: String,
    #[schema(nullable = false)]
    errors: Option<Vec<FieldProblem>>,
    /// The id of the call, as in the log.
    #[schema(nullable = false)]
    request_id: Option<String>,
}

/// A violation of one field.
#[derive(ToSchema)]
#[schema(as = FieldError)]
#[expect(dead_code, reason = "documents what `problem` writes")]
pub struct FieldProblem {
    /// A JSON pointer into the body, or `/` and the query's key.
    #[schema(example = "/phone")]
    pointer: String,
    /// Stable, for programs.
    #[schema(example = "invalid")]
    code: String,
    detail: String,
}

/// The shared problems: status, name of the response, and when it is given.
pub const PROBLEMS: [(StatusCode, &str, &str); 12] = [
    (
        StatusCode::BAD_REQUEST,
        "BadRequest",
        "The body is not JSON, or a header cannot be read.",
    ),
    (
        StatusCode::UNAUTHORIZED,
        "Unauthorized",
        "No token or key, or not a good one.",
    ),
    (
        StatusCode::FORBIDDEN,
        "Forbidden",
        "The role or the key's scopes lack the permission, or a fresh second factor is needed.",
    ),
    (
        StatusCode::NOT_FOUND,
        "NotFound",
        "There is none, or it belongs to another workspace.",
    ),
    (
        StatusCode::CONFLICT,
        "Conflict",
        "It exists already, or the call with this Idempotency-Key is being carried out.",
    ),
    (
        StatusCode::PRECONDITION_FAILED,
        "PreconditionFailed",
        "Somebody else has changed it since.",
    ),
    (
        StatusCode::PAYLOAD_TOO_LARGE,
        "PayloadTooLarge",
        "The body is larger than is taken.",
    ),
    (
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "UnsupportedMediaType",
        "The body is of another type.",
    ),
    (
        StatusCode::UNPROCESSABLE_ENTITY,
        "UnprocessableEntity",
        "A field or a query key breaks its rule: `errors` says which.",
    ),
    (
        StatusCode::TOO_MANY_REQUESTS,
        "TooManyRequests",
        "More calls than are taken: wait for `Retry-After` seconds.",
    ),
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "InternalServerError",
        "Our fault; `request_id` finds it in the log.",
    ),
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "ServiceUnavailable",
        "Not just now: try again after `Retry-After` seconds.",
    ),
];
