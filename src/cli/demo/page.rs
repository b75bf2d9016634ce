//! The demo's pages and their data.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Demo, PHONES, activity, business};
use crate::{CliError, http, problem::Problem};

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The pages and their files: path, type, content.
const FILES: [(&str, &str, &str); 6] = [
    ("/", HTML, include_str!("page/index.html")),
    ("/open/{role}", HTML, include_str!("page/open.html")),
    (
        "/style.css",
        "text/css; charset=utf-8",
        include_str!("page/style.css"),
    ),
    ("/common.js", SCRIPT, include_str!("page/common.js")),
    ("/app.js", SCRIPT, include_str!("page/app.js")),
    ("/open.js", SCRIPT, include_str!("page/open.js")),
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

/// The policy of the pages' content: their own scripts and styles, calls to Kazi and to the simulators, and the pictures
/// of customers, which may come from any host.
fn policy(simulators: &str) -> Result<HeaderValue, CliError> {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: http: https:; \
         media-src {simulators}; \
         connect-src 'self' {simulators}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    Ok(HeaderValue::try_from(policy)?)
}

async fn protect(State(policy): State<HeaderValue>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    http::protect(response.headers_mut(), policy);
    response
}

pub fn routes(db: &PgPool, demo: Demo) -> Result<Router, CliError> {
    let policy = policy(&demo.simulators)?;
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
    let phones = PHONES
        .map(|(wa_id, name, language)| json!({"wa_id": wa_id, "name": name, "language": language}));
    let people = business::PEOPLE.map(
        |(role, email, _)| json!({"role": role, "email": email, "password": business::PASSWORD}),
    );
    let simulators = Redirect::temporary(&demo.simulators);
    let config = json!({
        "simulators": demo.simulators,
        "channels": channels,
        "phones": phones,
        "people": people,
    });
    let shown = Arc::new(Shown {
        db: db.clone(),
        config,
    });
    let files = FILES.into_iter().fold(Router::new(), |router, file| {
        let (path, kind, text) = file;
        router.route(path, get(([(header::CONTENT_TYPE, kind)], text)))
    });
    let routes = files
        .route("/demo/images/{name}", get(image))
        .route(
            "/demo/config",
            get(async |State(shown): State<Arc<Shown>>| Json(shown.config.clone())),
        )
        .route("/demo/activity", get(recent))
        .route("/simulators", get(simulators))
        .with_state(shown);
    Ok(routes.layer(from_fn_with_state(policy, protect)))
}

/// Finds the picture of a product.
pub fn image_of(name: &str) -> Option<&'static [u8]> {
    let found = IMAGES.iter().find(|(known, _)| *known == name);
    found.map(|(_, bytes)| *bytes)
}

async fn image(Path(name): Path<String>) -> Response {
    match image_of(&name) {
        Some(bytes) => ([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api;

    fn text(path: &str) -> &'static str {
        let file = FILES.into_iter().find(|(known, ..)| *known == path);
        file.unwrap().2
    }

    #[test]
    fn a_link_logs_in_where_the_api_and_the_app_look() {
        let script = text("/open.js");
        let document = serde_json::to_value(api::document("http://localhost")).unwrap();
        assert!(script.contains("json('/api/v1/auth/login', {"));
        assert!(document["paths"]["/api/v1/auth/login"]["post"].is_object());
        let app = include_str!("../../../web/src/api/client.ts");
        for shared in ["const REMEMBERED = 'kazi.session';", "'x-session-cookie'"] {
            assert!(script.contains(shared) && app.contains(shared), "{shared}");
        }
        let page = text("/");
        for (role, ..) in business::PEOPLE {
            assert!(page.contains(&format!("href=\"/open/{role}\"")), "{role}");
        }
    }

    #[test]
    fn a_page_has_no_script_of_its_own_that_the_policy_forbids() {
        for (page, kind, text) in FILES {
            if kind != HTML {
                continue;
            }
            for after in text.split("<script").skip(1) {
                let tag = after.split('>').next().unwrap();
                assert!(tag.contains("src=\"/"), "{page}: {tag}");
            }
        }
    }

    #[tokio::test]
    async fn a_page_has_the_headers_of_the_api() {
        let policy = policy("http://127.0.0.1:9").unwrap();
        let page = Router::new()
            .route("/", get(async || "page"))
            .layer(from_fn_with_state(policy, protect));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, page).await });
        let answer = kazi_clients::http::client()
            .unwrap()
            .get(url)
            .send()
            .await
            .unwrap();
        let told = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert!(told("content-security-policy").contains("connect-src 'self' http://127.0.0.1:9;"));
        assert_eq!(told("x-content-type-options"), "nosniff");
        assert_eq!(told("x-frame-options"), "DENY");
        assert_eq!(told("referrer-policy"), "no-referrer");
        assert_eq!(told("cache-control"), "no-store");
    }

    #[test]
    fn what_a_page_refers_to_is_served() {
        for (page, kind, text) in FILES {
            let marks = match kind {
                HTML => ["href=\"", "src=\""],
                _ => ["from '", "fetch(\""],
            };
            for after in marks.iter().flat_map(|mark| text.split(mark).skip(1)) {
                let to = after.split(['"', '\'', '?', '#']).next().unwrap();
                let elsewhere = ["/api/docs", "/app/login", "/metrics", "/simulators"];
                let ours = to.starts_with('/') && !elsewhere.contains(&to);
                let opens = |path: &str| {
                    let role = path.strip_prefix("/open/");
                    role.is_some_and(|role| {
                        business::PEOPLE
                            .iter()
                            .any(|(known, ..)| known.name() == role)
                    })
                };
                let served = FILES.iter().any(|(path, ..)| *path == to) || opens(to);
                assert!(!ours || served, "{page} refers to {to}");
            }
        }
    }
}
