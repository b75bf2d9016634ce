//! The problems that operations have in common, as the document shows them.

use axum::http::StatusCode;
use utoipa::ToSchema;

pub const PROBLEM_JSON: &str = "application/problem+json";

/// What an error looks like.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "documents what `problem` writes")]
pub struct ProblemBody {
    /// Names the kind, and leads nowhere.
    #[schema(example = "urn:kazi:problem:invalid")]
    r#type: String,
    /// Always the same for its code.
    #[schema(example = "Some fields break their rules.")]
    title: String,
    /// HTTP's.
    #[schema(example = 422)]
    status: u16,
    /// What is particular about this one.
    #[schema(nullable = false)]
    detail: Option<String>,
    /// Stable, for programs.
    #[schema(example = "invalid")]
    code: String,
    /// The fields.
    #[schema(nullable = false)]
    errors: Option<Vec<FieldProblem>>,
    /// Of the call, as in the log.
    #[schema(nullable = false)]
    request_id: Option<String>,
}

/// One field's fault.
#[derive(ToSchema)]
#[schema(as = FieldError)]
#[expect(dead_code, reason = "documents what `problem` writes")]
pub struct FieldProblem {
    /// JSON pointer into the body, or `/` and the query's key.
    #[schema(example = "/phone")]
    pointer: String,
    /// Stable, for programs.
    #[schema(example = "invalid")]
    code: String,
    /// The rule.
    detail: String,
}

/// The problems that operations have in common: status, the name of the response, when.
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
