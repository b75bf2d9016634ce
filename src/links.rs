//! `/l/{code}`: the tracked links of campaigns. They lead to the address that a campaign names, and never to one of the
//! request.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::get,
};
use kazi_jobs::{Context, campaigns, locale};

use crate::{
    api::limits::{Addresses, per_address},
    config::Http,
    problem::Problem,
    returns::page,
};

/// Programs that fetch a link to show a preview of it, to check it or to index it, in lower case.
const NOT_PEOPLE: [&str; 24] = [
    "whatsapp/",
    "facebookexternalhit",
    "facebookcatalog",
    "facebot",
    "meta-externalagent",
    "meta-externalfetcher",
    "telegrambot",
    "twitterbot",
    "slackbot",
    "slack-imgproxy",
    "discordbot",
    "linkedinbot",
    "skypeuripreview",
    "googlebot",
    "google-pagerenderer",
    "google-safety",
    "googleother",
    "bingbot",
    "bingpreview",
    "applebot",
    "yandexbot",
    "petalbot",
    "bytespider",
    "headlesschrome",
];

pub fn routes(ctx: &Context, config: &Http) -> Router {
    let limits = Arc::new(Addresses::new(config));
    let path = format!("{}{{code}}", campaigns::LINK_PATH);
    Router::new()
        .route(&path, get(lead))
        .with_state(ctx.clone())
        // It also slows down the guessing of codes.
        .layer(from_fn_with_state(limits, per_address))
}

async fn lead(
    State(ctx): State<Context>,
    Path(code): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let counts = method == Method::GET && is_person(&headers);
    let Some(target) = campaigns::follow(&ctx, &code, counts).await? else {
        let language = language(&headers);
        let words = locale::text(language, "link-unknown", &[]);
        return Ok((StatusCode::NOT_FOUND, page(language, "?", &words)).into_response());
    };
    let target = HeaderValue::try_from(target).map_err(Problem::internal)?;
    Ok((StatusCode::FOUND, [(header::LOCATION, target)]).into_response())
}

/// Whether a person opens the link. Browsers have a name, and say when they only fetch ahead.
fn is_person(headers: &HeaderMap) -> bool {
    let of = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_ascii_lowercase()
    };
    let agent = of("user-agent");
    let ahead = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
    let ahead = ahead.map(|name| of(name).contains("prefetch") || of(name).contains("preview"));
    !agent.is_empty()
        && !NOT_PEOPLE.iter().any(|name| agent.contains(name))
        && !ahead.contains(&true)
}

/// The first language of the browser that we have. Browsers name the best one first.
fn language(headers: &HeaderMap) -> &'static str {
    let wanted = headers.get(header::ACCEPT_LANGUAGE);
    let wanted = wanted.and_then(|value| value.to_str().ok());
    let mut tags = wanted.unwrap_or_default().split(',');
    let known = tags.find_map(|tag| {
        let primary = tag.trim().split(['-', ';']).next()?;
        let mut all = locale::LANGUAGES.into_iter();
        all.find(|language| language.eq_ignore_ascii_case(primary))
    });
    known.unwrap_or("en")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        let all = all.iter();
        all.map(|(name, value)| {
            (
                header::HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        })
        .collect()
    }

    #[test]
    fn a_preview_is_no_person() {
        let chrome =
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36";
        // A maker of phones.
        let cubot = "Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 Chrome/124.0";
        for agent in [chrome, cubot] {
            assert!(is_person(&headers(&[("user-agent", agent)])), "{agent}");
        }
        for all in [
            &[][..],
            &[("user-agent", "WhatsApp/2.24.9.78 A")],
            &[(
                "user-agent",
                "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            )],
            &[("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1)")],
            &[
                ("user-agent", chrome),
                ("sec-purpose", "prefetch;prerender"),
            ],
        ] {
            assert!(!is_person(&headers(all)), "{all:?}");
        }
    }

    #[test]
    fn the_browsers_first_language_that_we_have_counts() {
        for (wanted, got) in [
            ("sw-KE,fr;q=0.8,en;q=0.5", "fr"),
            ("AR", "ar"),
            ("pt-BR", "pt"),
            ("de", "en"),
            ("", "en"),
        ] {
            let language = language(&headers(&[("accept-language", wanted)]));
            assert_eq!(language, got, "{wanted}");
        }
    }
}
