//! What every call goes through, whatever it is about: its id, its time-out, its figures and its line in the log; and
//! that a panic or an error without a body becomes a problem like all others.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use kazi_queue::trace::TraceId;
use tracing::Instrument;

use crate::problem::{INTERNAL, Problem, TIMED_OUT};

/// A request that takes longer is answered with 503: whoever sent it sends it again.
const TIME_OUT: Duration = Duration::from_secs(15);
/// The same for the routes whose body is a whole file.
const FILE_TIME_OUT: Duration = Duration::from_secs(300);
const FILES: [&str; 2] = ["/api/v1/media", "/api/v1/templates/samples"];
/// Where the caller says how it calls the call, and where we do.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ID_LIMIT: usize = 64;

/// What a call is called: as its caller says, or by us.
#[derive(Clone, Debug)]
pub struct RequestId(Arc<str>);

impl RequestId {
    fn of(headers: &HeaderMap) -> Self {
        let said = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
        Self(match said.filter(|id| is_sane(id)) {
            Some(id) => id.into(),
            None => TraceId::random().to_string().into(),
        })
    }

    /// As a text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_sane(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=ID_LIMIT).contains(&id.len()) && id.bytes().all(plain)
}

/// The layer.
pub async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId::of(request.headers());
    let method = name(request.method());
    // The pattern, never the path: it may carry a token, and each path would be a series of its own.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str)
        .to_owned();
    let is_api = request.uri().path().starts_with("/api");
    request.extensions_mut().insert(id.clone());

    let span = tracing::info_span!("call", request.id = id.as_str());
    let call = AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .instrument(span);
    let time_out = if FILES.contains(&route.as_str()) {
        FILE_TIME_OUT
    } else {
        TIME_OUT
    };
    let response = match tokio::time::timeout(time_out, call).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!(
                http.route = route,
                request.id = id.as_str(),
                "a call panicked"
            );
            INTERNAL.into_response()
        }
        Err(_) => TIMED_OUT.into_response(),
    };
    let mut response = name_the_call(response, &id, is_api);
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }

    let status = response.status();
    let took = started.elapsed();
    metrics::counter!("kazi_http_requests_total", "method" => method, "route" => route.clone(), "status" => class(status))
        .increment(1);
    metrics::histogram!("kazi_http_request_seconds", "route" => route.clone()).record(took);
    if is_api {
        tracing::info!(
            http.method = method,
            http.route = route,
            http.status = status.as_u16(),
            http.ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            request.id = id.as_str(),
            "call"
        );
    }
    response
}

/// Writes a problem's body again, with the call's id in it. The API answers every error with one.
fn name_the_call(mut response: Response, id: &RequestId, is_api: bool) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if is_api && is_error => Problem::of(status),
        None => return response,
    };
    let named = problem.respond(Some(id.as_str()));
    let (mut parts, body) = named.into_parts();
    // What layers have set on the way (Allow, CORS …) stays.
    for (name, value) in response.headers() {
        if *name != header::CONTENT_LENGTH && !parts.headers.contains_key(name) {
            parts.headers.append(name, value.clone());
        }
    }
    Response::from_parts(parts, body)
}

fn name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, middleware::from_fn, routing::get};
    use serde_json::Value;
    use tokio::net::TcpListener;

    use super::*;

    async fn panics() -> StatusCode {
        panic!("a secret")
    }

    #[tokio::test]
    async fn a_panic_and_a_bare_status_are_problems_that_tell_nothing() {
        let routes = Router::new()
            .route("/api/panics", get(panics))
            .route("/api/bare", get(async || StatusCode::BAD_GATEWAY))
            .route("/other", get(async || StatusCode::IM_A_TEAPOT))
            .layer(from_fn(observe));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async { axum::serve(listener, routes).await });
        let http = kazi_clients::http::client().unwrap();
        for path in ["panics", "bare"] {
            let url = format!("http://{address}/api/{path}");
            let response = http
                .get(url)
                .header(REQUEST_ID, "mine")
                .send()
                .await
                .unwrap();
            assert_eq!(response.status(), 500);
            let body = response.text().await.unwrap();
            assert!(!body.contains("secret"), "{body}");
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(
                (&body["code"], &body["request_id"]),
                (&"internal".into(), &"mine".into())
            );
        }
        let other = http
            .get(format!("http://{address}/other"))
            .send()
            .await
            .unwrap();
        assert_eq!(other.status(), 418);
        assert_eq!(other.text().await.unwrap(), "");
    }

    #[test]
    fn an_id_is_a_short_word() {
        assert!(is_sane("abc-1_2.3") && is_sane(&"a".repeat(64)));
        for insane in ["", "a b", "a\nb", "é", &"a".repeat(65)] {
            assert!(!is_sane(insane), "{insane:?}");
        }
    }
}
