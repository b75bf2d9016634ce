//! The pages to which Stripe sends a customer back. Customers use the chat, so the pages only tell them to return
//! there. Links that lead nowhere have such a page too.

use axum::{
    Router,
    http::HeaderValue,
    response::{Html, IntoResponse, Response},
    routing::get,
};

use crate::http::protect;

/// The pages have styles in their elements, and nothing else.
const PAGE: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// Makes the pages for a customer who has paid, and for one who has not.
pub fn routes() -> Router {
    Router::new()
        .route(
            "/payments/thanks",
            get(async || page("en", "✓", "Thank you. You can go back to the chat.")),
        )
        .route(
            "/payments/back",
            get(async || page("en", "←", "Nothing was paid. You can go back to the chat.")),
        )
}

/// A page that says one thing.
pub fn page(language: &str, sign: &str, words: &str) -> Response {
    let direction = if language == "ar" { "rtl" } else { "ltr" };
    let page = format!(
        "<!doctype html><html lang={language} dir={direction}><meta charset=utf-8><meta name=viewport content='width=device-width'><title>{words}</title>
<body style='font:20px system-ui;text-align:center;margin:20vh 1rem'><p style='font-size:4rem;margin:0'>{sign}</p><p>{words}</p>"
    );
    let mut response = Html(page).into_response();
    protect(response.headers_mut(), HeaderValue::from_static(PAGE));
    response
}
