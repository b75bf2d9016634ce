//! The demo's pages and what they ask for.

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

use super::{Demo, PHONES, activity, business};
use crate::problem::Problem;

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The pages and what they need: path, type, content.
const FILES: [(&str, &str, &str); 7] = [
    ("/", HTML, include_str!("page/index.html")),
    ("/desk", HTML, include_str!("page/desk.html")),
    ("/inbox", HTML, include_str!("page/inbox.html")),
    (
        "/style.css",
        "text/css; charset=utf-8",
        include_str!("page/style.css"),
    ),
    ("/common.js", SCRIPT, include_str!("page/common.js")),
    ("/app.js", SCRIPT, include_str!("page/app.js")),
    ("/desk.js", SCRIPT, include_str!("page/desk.js")),
];

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
    let phones = PHONES.map(|(wa_id, name, language)| {
        json!({"wa_id": wa_id, "name": name, "language": language})
    });
    let config = json!({
        "simulators": demo.simulators,
        "channels": channels,
        "phones": phones,
        "owner": business::OWNER,
        "password": business::PASSWORD,
    });
    let shown = Arc::new(Shown {
        db: db.clone(),
        config,
    });
    let files = FILES.into_iter().fold(Router::new(), |router, file| {
        let (path, kind, text) = file;
        router.route(path, get(([(header::CONTENT_TYPE, kind)], text)))
    });
    files
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
