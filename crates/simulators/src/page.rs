//! The simulators' own page, for a person: what the outside world has seen, and what it can be told to do wrong. It uses
//! the endpoints of `control`, which a program may use too.

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderName, header},
    response::IntoResponse,
    routing::get,
};

use crate::World;

/// Path, type, content.
const FILES: [(&str, &str, &str); 3] = [
    (
        "/",
        "text/html; charset=utf-8",
        include_str!("page/index.html"),
    ),
    (
        "/page.js",
        "text/javascript; charset=utf-8",
        include_str!("page/page.js"),
    ),
    (
        "/page.css",
        "text/css; charset=utf-8",
        include_str!("page/page.css"),
    ),
];

/// The page has its own script and style only. Posts show pictures from any host.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data: http: https:; connect-src 'self'; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

pub(crate) fn router() -> Router<Arc<World>> {
    FILES
        .into_iter()
        .fold(Router::new(), |router, (path, kind, text)| {
            let file = move || async move {
                (HEADERS, [(header::CONTENT_TYPE, kind)], text).into_response()
            };
            router.route(path, get(file))
        })
}
