//! The layer in front of every handler: it authenticates the caller, limits the rate, checks the access and the query's
//! keys, and answers repeated calls.

use std::sync::Arc;

use axum::{
    Extension,
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kazi_jobs::idempotency::{self, Answer, Call, Claim, Outcome};
use kazi_platform::invalid::{FieldError, Invalid};
use sha2::{Digest, Sha256};
use tracing::Instrument;

use super::{
    Api, Shared,
    auth::{Principal, authenticate},
    extract,
    routes::Access,
};
use crate::problem::Problem;

/// The header that makes a POST safe to repeat.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header of a repeated answer.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Bytes of a key.
pub const KEY_LIMIT: usize = 255;
/// The headers of an answer that are repeated with it.
const KEPT_HEADERS: [HeaderName; 3] = [header::CONTENT_TYPE, header::ETAG, header::LOCATION];

const BAD_KEY: Problem = Problem::new(
    StatusCode::BAD_REQUEST,
    "bad_idempotency_key",
    "An Idempotency-Key is 1 to 255 visible characters.",
);
const OTHER_CALL: Problem = Problem::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "idempotency_key_reused",
    "This Idempotency-Key was used for another call.",
);
const RUNNING: Problem = Problem::new(
    StatusCode::CONFLICT,
    "idempotency_key_in_use",
    "The call with this Idempotency-Key is still being carried out: ask again.",
);
const LOST: Problem = Problem::new(
    StatusCode::CONFLICT,
    "answer_lost",
    "The call with this Idempotency-Key was carried out, and its answer is lost: look at what it has changed.",
);

pub async fn gate(
    Extension(api): Extension<Shared>,
    Extension(access): Extension<Access>,
    mut request: Request,
    next: Next,
) -> Response {
    if access == Access::Public {
        return match only_declared(&api, &request) {
            Ok(()) => next.run(request).await,
            Err(problem) => problem.into_response(),
        };
    }
    let principal = match authenticate(&api, access, request.headers()).await {
        Ok(principal) => Arc::new(principal),
        Err(problem) => return problem.into_response(),
    };
    let left = match api.per_caller.take(&principal.name()) {
        Ok(left) => left,
        Err(problem) => return problem.into_response(),
    };
    request.extensions_mut().insert(principal.clone());
    let ended = async {
        principal.check(access)?;
        only_declared(&api, &request)?;
        match request.headers().get(IDEMPOTENCY_KEY) {
            Some(key) if request.method() == Method::POST => {
                let key = key.clone();
                once(&api, &principal, &key, request, next).await
            }
            _ => Ok(next.run(request).await),
        }
    };
    let mut response = ended.await.unwrap_or_else(IntoResponse::into_response);
    left.write(response.headers_mut());
    response
}

/// Refuses query keys that the document lacks: a misspelt filter must not list everything.
fn only_declared(api: &Api, request: &Request) -> Result<(), Problem> {
    let Some(query) = request.uri().query().filter(|query| !query.is_empty()) else {
        return Ok(());
    };
    let path = request.extensions().get::<MatchedPath>();
    let operation = path.map(|path| (request.method().clone(), path.as_str().to_owned()));
    let declared = operation.and_then(|operation| api.declared.get(&operation));
    let unknown: Vec<FieldError> = form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| !declared.is_some_and(|declared| declared.contains(key.as_ref())))
        .take(10)
        .map(|(key, _)| FieldError {
            pointer: format!("/{}", key.chars().take(100).collect::<String>()),
            code: "unknown_parameter",
            detail: "this route has no such query parameter".to_owned(),
        })
        .collect();
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(Invalid(unknown).into())
    }
}

/// Runs a call once, and gives its repetitions the same answer.
async fn once(
    api: &Shared,
    principal: &Principal,
    key: &HeaderValue,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = key.to_str().map_err(|_| BAD_KEY)?.trim();
    if key.is_empty() || key.len() > KEY_LIMIT {
        return Err(BAD_KEY);
    }
    let (parts, body) = request.into_parts();
    let bytes = extract::read(&parts.extensions, body).await?;
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let call = Call {
        principal: principal.name(),
        key: key.to_owned(),
        workspace: principal.workspace(),
        fingerprint: fingerprint(&parts.method, path, principal, &bytes),
    };
    match idempotency::claim(&api.ctx, &call).await? {
        Outcome::Repeat(answer) => Ok(repeat(answer)),
        Outcome::Other => Err(OTHER_CALL),
        Outcome::Running => Err(RUNNING.header(header::RETRY_AFTER, HeaderValue::from_static("1"))),
        Outcome::Lost => Err(LOST),
        Outcome::Run(claim) => {
            let mut request = Request::from_parts(parts, Body::from(bytes));
            request.extensions_mut().insert(claim.clone());
            let (api, span) = (api.clone(), tracing::Span::current());
            // In a task of its own, so that it goes on when the caller hangs up, and a repetition finds the answer.
            let running = tokio::spawn(
                async move { conclude(&api, &claim, next.run(request).await).await }
                    .instrument(span),
            );
            match running.await {
                Ok(ended) => ended,
                Err(died) if died.is_panic() => std::panic::resume_unwind(died.into_panic()),
                Err(died) => Err(Problem::internal(died)),
            }
        }
    }
}

fn fingerprint(method: &Method, path: &str, principal: &Principal, body: &Bytes) -> [u8; 32] {
    let workspace = principal.workspace().map(|workspace| workspace.to_string());
    let mut hash = Sha256::new();
    for part in [method.as_str(), path, &workspace.unwrap_or_default()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.update(body);
    hash.finalize().into()
}

/// Keeps the answer of a call with an effect. A refused call has changed nothing and may be repeated with the same key.
async fn conclude(api: &Api, claim: &Claim, response: Response) -> Result<Response, Problem> {
    if !response.status().is_success() {
        claim.give_back(&api.ctx).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX)
        .await
        .map_err(Problem::internal)?;
    let text = |name: &HeaderName| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    };
    let answer = Answer {
        status: parts.status.as_u16(),
        headers: KEPT_HEADERS.iter().filter_map(text).collect(),
        body: body.to_vec(),
    };
    // If the answer is lost here, the call still does not run again: its own transaction has marked it.
    if let Err(error) = claim.keep(&api.ctx, &answer).await {
        tracing::error!(%error, "an answer is not kept");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn repeat(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
        .headers_mut()
        .insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
