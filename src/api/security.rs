//! The headers for browsers: which pages may call the API, and what Kazi's pages may do.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use tower_http::cors::CorsLayer;

use super::{
    auth::WORKSPACE,
    caller::DEVICE,
    gate::{IDEMPOTENCY_KEY, REPLAYED},
};
use crate::{
    config::Http,
    http::{DATA, protect},
    observe::REQUEST_ID,
};

/// The documentation's pages have their own scripts, and styles in their elements.
const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/// Pages of the configured origins may call the API. Without configured origins, none may.
pub fn cors(config: &Http) -> CorsLayer {
    let origins = config.cors_origins.iter();
    let origins: Vec<HeaderValue> = origins.filter_map(|origin| origin.parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            IDEMPOTENCY_KEY,
            WORKSPACE,
            DEVICE,
            REQUEST_ID,
        ])
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            REPLAYED,
            REQUEST_ID,
            HeaderName::from_static("ratelimit-limit"),
            HeaderName::from_static("ratelimit-remaining"),
        ])
        .max_age(Duration::from_secs(600))
}

#[derive(Clone, Copy)]
pub struct Headers {
    /// Whether Kazi is reached by https only.
    https: bool,
}

impl Headers {
    pub fn new(config: &Http) -> Self {
        Self {
            https: config.public_url.starts_with("https://"),
        }
    }
}

pub async fn headers(State(told): State<Headers>, request: Request, next: Next) -> Response {
    let is_docs = request.uri().path().starts_with("/api/docs");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let cached = headers.get(header::CACHE_CONTROL).cloned();
    protect(
        headers,
        HeaderValue::from_static(if is_docs { DOCS } else { DATA }),
    );
    // A page of the documentation sets its own time in a cache.
    if let Some(cached) = cached.filter(|_| is_docs) {
        headers.insert(header::CACHE_CONTROL, cached);
    }
    if told.https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    response
}
