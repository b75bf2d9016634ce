//! `/media/{id}`: a file by its signed link. The file comes from a stranger, so a browser is told not to guess its type, to
//! run nothing in it, and to save what it cannot safely show.

use std::{ops::Range, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{self, InvalidHeaderValue},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use kazi_jobs::{
    Context,
    media::{self, Kept, LINK_MINUTES, Links, MediaId, UNKNOWN},
};
use serde::Deserialize;

use crate::problem::{NOT_FOUND, Problem};

const BAD_LINK: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "bad_link",
    "The link is not one of ours, or has expired: ask for a new one.",
);
const NO_SUCH_PART: Problem = Problem::new(
    StatusCode::RANGE_NOT_SATISFIABLE,
    "no_such_range",
    "The file ends before this range.",
);

struct Door {
    ctx: Context,
    links: Links,
}

pub fn routes(ctx: &Context) -> Router {
    let door = Arc::new(Door {
        ctx: ctx.clone(),
        links: Links::new(&ctx.keyring),
    });
    Router::new()
        .route("/media/{id}", get(give))
        .with_state(door)
}

#[derive(Deserialize)]
struct Signed {
    expires: i64,
    signature: String,
}

async fn give(
    State(door): State<Arc<Door>>,
    Path(id): Path<String>,
    signed: Result<Query<Signed>, QueryRejection>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let id: MediaId = id.parse().map_err(|_| NOT_FOUND)?;
    let Query(signed) = signed.map_err(|_| BAD_LINK)?;
    let now = door.ctx.clock.now();
    if !door
        .links
        .is_good(id, signed.expires, &signed.signature, now)
    {
        return Err(BAD_LINK);
    }
    let file = media::of_link(&door.ctx, id).await?.ok_or(NOT_FOUND)?;
    let range = match asked
        .get(header::RANGE)
        .map(|range| part(range, file.bytes))
    {
        Some(Part::None) => {
            let whole = HeaderValue::try_from(format!("bytes */{}", file.bytes));
            let whole = whole.map_err(Problem::internal)?;
            return Err(NO_SUCH_PART.header(header::CONTENT_RANGE, whole));
        }
        Some(Part::Of(range)) => Some(range),
        Some(Part::Whole) | None => None,
    };
    let bytes = door.ctx.files().read(&file.key, range.clone()).await;
    let bytes = bytes.map_err(|error| {
        tracing::error!(media.id = %id, error, "a stored file cannot be read");
        NOT_FOUND
    })?;
    let mut response = Body::from_stream(bytes).into_response();
    describe(response.headers_mut(), &file, range.as_ref()).map_err(Problem::internal)?;
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

fn describe(
    headers: &mut HeaderMap,
    file: &Kept,
    range: Option<&Range<u64>>,
) -> Result<(), InvalidHeaderValue> {
    let shown = media::is_shown(&file.mime);
    let kind = if shown { file.mime.as_str() } else { UNKNOWN };
    let way = if shown { "inline" } else { "attachment" };
    let disposition = match &file.name {
        Some(name) => format!("{way}; filename*=UTF-8''{}", escaped(name)),
        None => way.to_owned(),
    };
    let length = range.map_or(file.bytes, |range| range.end - range.start);
    for (name, value) in [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'; frame-ancestors 'self'".to_owned(),
        ),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        // Longer than the link lives nobody should have it.
        (
            header::CACHE_CONTROL,
            format!("private, max-age={}", LINK_MINUTES * 60),
        ),
    ] {
        headers.insert(name, HeaderValue::try_from(value)?);
    }
    if let Some(range) = range {
        let (from, to, whole) = (range.start, range.end - 1, file.bytes);
        let value = HeaderValue::try_from(format!("bytes {from}-{to}/{whole}"))?;
        headers.insert(header::CONTENT_RANGE, value);
    }
    Ok(())
}

/// A name in the form of RFC 8187. Everything but letters and digits of ASCII is escaped, line breaks too.
fn escaped(name: &str) -> String {
    let escape = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    name.bytes().map(escape).collect()
}

/// What a caller asks for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Of(Range<u64>),
    /// The file ends before it.
    None,
    /// Everything: several parts, or what nobody understands (RFC 9110, 14.2).
    Whole,
}

fn part(range: &HeaderValue, bytes: u64) -> Part {
    let asked = range
        .to_str()
        .ok()
        .and_then(|text| text.strip_prefix("bytes="));
    let Some((from, to)) = asked.and_then(|asked| asked.trim().split_once('-')) else {
        return Part::Whole;
    };
    let number = |text: &str| match text {
        "" => Some(None),
        text => text.parse::<u64>().ok().map(Some),
    };
    match (number(from), number(to)) {
        (Some(None), Some(Some(last))) if last > 0 => Part::Of(bytes.saturating_sub(last)..bytes),
        (Some(Some(from)), Some(to)) if to.is_none_or(|to| to >= from) => {
            if from >= bytes {
                return Part::None;
            }
            Part::Of(from..to.map_or(bytes, |to| bytes.min(to.saturating_add(1))))
        }
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_lies_within_the_file() {
        for (asked, expected) in [
            ("bytes=0-4", Part::Of(0..5)),
            ("bytes=5-", Part::Of(5..10)),
            ("bytes=-3", Part::Of(7..10)),
            ("bytes=-30", Part::Of(0..10)),
            ("bytes=8-18446744073709551615", Part::Of(8..10)),
            ("bytes=10-", Part::None),
            ("bytes=5-4", Part::Whole),
            ("bytes=-0", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("lines=0-1", Part::Whole),
            ("bytes=-", Part::Whole),
        ] {
            assert_eq!(
                part(&HeaderValue::from_static(asked), 10),
                expected,
                "{asked}"
            );
        }
    }

    #[test]
    fn a_name_cannot_end_its_header() {
        assert_eq!(
            escaped("a b\"\r\nX: é.pdf"),
            "a%20b%22%0D%0AX%3A%20%C3%A9.pdf"
        );
    }
}
