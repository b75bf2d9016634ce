//! The phone page and what it asks for.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Demo, activity};
use crate::problem::Problem;

const PAGE: &str = include_str!("page/index.html");
/// The letters that were sent.
const INBOX: &str = include_str!("page/inbox.html");
const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/app.js");

/// Pictures of the products.
const IMAGES: [(&str, &[u8]); 8] = [
    ("COF-250.jpg", include_bytes!("images/COF-250.jpg")),
    ("TEA-100.jpg", include_bytes!("images/TEA-100.jpg")),
    ("HON-500.jpg", include_bytes!("images/HON-500.jpg")),
    ("SHE-200.jpg", include_bytes!("images/SHE-200.jpg")),
    ("BAS-M.jpg", include_bytes!("images/BAS-M.jpg")),
    ("KIK-1.jpg", include_bytes!("images/KIK-1.jpg")),
    ("MAN-1K.jpg", include_bytes!("images/MAN-1K.jpg")),
    ("SPI-SET.jpg", include_bytes!("images/SPI-SET.jpg")),
];

struct Shown {
    db: PgPool,
    config: Value,
}

/// The page's routes.
pub fn routes(db: &PgPool, demo: Demo) -> Router {
    let channels: Vec<Value> = demo
        .channels
        .iter()
        .map(|channel| {
            json!({
                "kind": channel.kind,
                "external_id": channel.external_id,
                "name": channel.name,
                "display_phone": channel.display_phone,
            })
        })
        .collect();
    let config = json!({
        "simulators": demo.simulators,
        "channels": channels,
        "phones": [
            {"wa_id": "254712345678", "name": "Amina", "language": "en"},
            {"wa_id": "5511987654321", "name": "João", "language": "pt"},
            {"wa_id": "33612345678", "name": "Chloé", "language": "fr"},
            {"wa_id": "201001234567", "name": "ليلى", "language": "ar"},
        ],
    });
    let shown = Arc::new(Shown {
        db: db.clone(),
        config,
    });
    let file = |kind: &'static str, text: &'static str| get(([(header::CONTENT_TYPE, kind)], text));
    Router::new()
        .route("/", file("text/html; charset=utf-8", PAGE))
        .route("/inbox", file("text/html; charset=utf-8", INBOX))
        .route("/style.css", file("text/css; charset=utf-8", STYLE))
        .route("/app.js", file("text/javascript; charset=utf-8", SCRIPT))
        .route("/demo/images/{name}", get(image))
        .route(
            "/demo/config",
            get(async |State(shown): State<Arc<Shown>>| Json(shown.config.clone())),
        )
        .route("/demo/activity", get(recent))
        .with_state(shown)
}

async fn image(Path(name): Path<String>) -> Response {
    match IMAGES.iter().find(|(known, _)| *known == name) {
        Some((_, bytes)) => ([(header::CONTENT_TYPE, "image/jpeg")], *bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

const AWAY: Problem = Problem::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "unavailable",
    "The database does not answer just now.",
);

async fn recent(State(shown): State<Arc<Shown>>) -> Response {
    match activity::recent(&shown.db).await {
        Ok(activity) => Json(activity).into_response(),
        Err(error) => {
            tracing::warn!(%error, "no activity to show");
            AWAY.into_response()
        }
    }
}
