//! The web app: the files that `npm run build` makes in `web/`, carried by the program and served at `/app`.
//!
//! The names under `assets/` contain a hash of the content, so browsers keep these files for a year. The page names them,
//! so browsers ask for the page each time.

use std::{
    collections::HashMap,
    io::{self, Read},
    sync::{LazyLock, OnceLock},
};

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use flate2::{Compression, read::GzEncoder};

use crate::{http::protect, problem::NOT_FOUND};

include!(concat!(env!("CARGO_MANIFEST_DIR"), "/web/dist/files.rs"));

const PAGE: &str = "index.html";
/// Scripts come from files alone. Styles may stand in elements: dialogs write them there.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; \
    font-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct File {
    plain: &'static [u8],
    /// Packed when it is asked for first, and only where that is smaller.
    gzip: OnceLock<Option<Vec<u8>>>,
}

impl File {
    fn gzip(&self) -> Option<&[u8]> {
        let packed = self.gzip.get_or_init(|| {
            let packed = gzip(self.plain).ok();
            packed.filter(|packed| packed.len() < self.plain.len())
        });
        packed.as_deref()
    }
}

static BY_NAME: LazyLock<HashMap<&str, File>> = LazyLock::new(|| {
    FILES
        .into_iter()
        .map(|(name, plain)| {
            let gzip = OnceLock::new();
            (name, File { plain, gzip })
        })
        .collect()
});

fn gzip(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    GzEncoder::new(plain, Compression::best()).read_to_end(&mut packed)?;
    Ok(packed)
}

pub fn routes() -> Router {
    Router::new()
        .route("/app", get(async || Redirect::permanent("/app/")))
        .route("/app/", get(async |asked: HeaderMap| answer(PAGE, &asked)))
        .route(
            "/app/{*name}",
            get(async |Path(name): Path<String>, asked: HeaderMap| answer(&name, &asked)),
        )
}

/// A path that is no file is one of the app's own pages, which the app shows. A file that is missing is missing: a page
/// in its place would be run as a script.
fn answer(name: &str, asked: &HeaderMap) -> Response {
    let is_asset = name.starts_with("assets/");
    let (name, file) = match (BY_NAME.get_key_value(name), BY_NAME.get_key_value(PAGE)) {
        (Some(found), _) => found,
        (None, Some(page)) if !is_asset => page,
        _ => return NOT_FOUND.into_response(),
    };
    let takes_gzip = asked
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|one| one.trim() == "gzip"));
    let cache = if is_asset {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = match takes_gzip.then(|| file.gzip()).flatten() {
        Some(packed) => ([(header::CONTENT_ENCODING, "gzip")], packed).into_response(),
        None => file.plain.into_response(),
    };
    let headers = response.headers_mut();
    protect(headers, HeaderValue::from_static(POLICY));
    for (header, value) in [
        (header::CONTENT_TYPE, kind(name)),
        (header::CACHE_CONTROL, cache),
        (header::VARY, "accept-encoding"),
    ] {
        headers.insert(header, HeaderValue::from_static(value));
    }
    response
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, StatusCode};

    use super::*;

    fn get(name: &str, encoding: &'static str) -> Response {
        let mut asked = HeaderMap::new();
        asked.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(encoding));
        answer(name, &asked)
    }

    fn told(response: &Response, name: HeaderName) -> &str {
        response
            .headers()
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn the_page_has_no_script_of_its_own_and_is_asked_for_anew() {
        let (_, page) = FILES.into_iter().find(|(name, _)| *name == PAGE).unwrap();
        let page = std::str::from_utf8(page).unwrap();
        for script in page.split("<script").skip(1) {
            assert!(
                script
                    .split('>')
                    .next()
                    .unwrap()
                    .contains("src=\"/app/assets/"),
                "{script}"
            );
        }
        for path in [PAGE, "contacts/ctc_1"] {
            let response = get(path, "");
            assert_eq!(
                told(&response, header::CONTENT_TYPE),
                "text/html; charset=utf-8"
            );
            assert_eq!(told(&response, header::CACHE_CONTROL), "no-cache");
            let policy = told(&response, header::CONTENT_SECURITY_POLICY);
            for part in ["script-src 'self';", "media-src 'self';"] {
                assert!(policy.contains(part), "{policy}");
            }
        }
    }

    #[test]
    fn what_the_page_names_is_there_packed_and_kept() {
        let (_, page) = FILES.into_iter().find(|(name, _)| *name == PAGE).unwrap();
        let page = std::str::from_utf8(page).unwrap();
        let named: Vec<&str> = page
            .split("\"/app/")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        assert!(named.iter().any(|name| name.ends_with(".js")), "{named:?}");
        for name in named.into_iter().filter(|name| name.starts_with("assets/")) {
            let response = get(name, "br, gzip");
            assert_eq!(response.status(), StatusCode::OK, "{name}");
            let (_, plain) = FILES.into_iter().find(|(file, _)| *file == name).unwrap();
            // A file of a few bytes grows when it is packed.
            if plain.len() > 1_000 {
                assert_eq!(told(&response, header::CONTENT_ENCODING), "gzip", "{name}");
            }
            assert!(
                told(&response, header::CACHE_CONTROL).contains("immutable"),
                "{name}"
            );
        }
    }

    #[test]
    fn a_missing_file_is_not_the_page() {
        assert_eq!(
            get("assets/old-1234.js", "").status(),
            StatusCode::NOT_FOUND
        );
    }
}
