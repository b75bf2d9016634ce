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
use crate::{config::Http, observe::REQUEST_ID};

/// Browsers must not show data as a page.
const DATA: &str = "default-src 'none'; frame-ancestors 'none'";
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
    let mut tell = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    tell(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    tell(
        header::CONTENT_SECURITY_POLICY,
        if is_docs { DOCS } else { DATA },
    );
    tell(header::X_FRAME_OPTIONS, "DENY");
    tell(header::REFERRER_POLICY, "no-referrer");
    if !is_docs {
        tell(header::CACHE_CONTROL, "no-store");
    }
    if told.https {
        tell(
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=31536000; includeSubDomains",
        );
    }
    response
}
