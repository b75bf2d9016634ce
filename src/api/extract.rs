//! What a handler takes in: JSON, a query, an id in the path. Each fault is a problem that names its field.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::{Extensions, HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use kazi_platform::invalid::{FieldError, Invalid};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use serde_path_to_error::{Path as At, Segment};

use crate::{
    http,
    problem::{NOT_FOUND, Problem},
};

/// Of a body, unless its route says more.
pub const BODY_LIMIT: usize = 1024 * 1024;
/// Of what is said about a field, which may quote it.
const DETAIL_LIMIT: usize = 300;

/// Bytes of a body, for a route that takes more than most.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimit(pub usize);

/// JSON, in and out.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

const NOT_JSON: Problem = Problem::new(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "unsupported_media_type",
    "The body must be application/json.",
);
const MALFORMED: Problem = Problem::new(
    StatusCode::BAD_REQUEST,
    "malformed_json",
    "The body is not JSON.",
);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(NOT_JSON);
        }
        let (parts, body) = request.into_parts();
        let bytes = read(&parts.extensions, body).await?;
        // serde would take a list of its fields for a struct.
        if bytes.trim_ascii_start().starts_with(b"[") {
            return Err(Problem::field("", "wrong_type", "must be an object"));
        }
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().clone();
            let error = error.into_inner();
            if error.is_data() {
                explain(&path, &without_position(&error))
            } else {
                malformed(&error)
            }
        })?;
        json.end().map_err(|error| malformed(&error))?;
        storable(&bytes)?;
        Ok(Self(value))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
        || kind.len() > "application/+json".len()
            && kind.to_ascii_lowercase().starts_with("application/")
            && kind.to_ascii_lowercase().ends_with("+json")
}

/// PostgreSQL's texts have no U+0000: it is refused where it stands, whatever the field.
fn storable(json: &[u8]) -> Result<(), Problem> {
    // JSON can write it in this way only.
    if !json.windows(6).any(|six| six == br"\u0000") {
        return Ok(());
    }
    let value = serde_json::from_slice(json).map_err(|error| malformed(&error))?;
    nul_in(&value).map_or(Ok(()), |pointer| Err(not_storable(cut(pointer))))
}

/// Where the first U+0000 is. serde has bounded how deep it can be.
fn nul_in(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| Some(format!("/{index}{}", nul_in(item)?))),
        Value::Object(fields) => fields.iter().find_map(|(key, item)| {
            let rest = if key.contains('\0') {
                String::new()
            } else {
                nul_in(item)?
            };
            Some(format!("/{}{rest}", escaped(key)))
        }),
        _ => None,
    }
}

fn not_storable(pointer: String) -> Problem {
    Problem::field(pointer, "not_storable", "must not contain U+0000")
}

/// A key, as a part of a JSON pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn malformed(error: &serde_json::Error) -> Problem {
    MALFORMED.detail(cut(error.to_string()))
}

fn without_position(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    said.strip_suffix(&position).unwrap_or(&said).to_owned()
}

fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(DETAIL_LIMIT));
    text
}

/// What serde says of a field, with its pointer and a code.
fn explain(path: &At, said: &str) -> Problem {
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&escaped(key));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let quoted = || said.split('`').nth(1).unwrap_or_default();
    let code = if said.starts_with("missing field") {
        pointer.push('/');
        pointer.push_str(quoted());
        "missing"
    } else if said.starts_with("unknown field") {
        "unknown_field"
    } else if said.starts_with("duplicate field") {
        pointer.push('/');
        pointer.push_str(quoted());
        "duplicate_field"
    } else if said.starts_with("invalid type") {
        "wrong_type"
    } else {
        "invalid"
    };
    Problem::from(Invalid(vec![FieldError {
        pointer: cut(pointer),
        code,
        detail: cut(said.to_owned()),
    }]))
}

/// Reads a body within its route's limit.
pub async fn read(extensions: &Extensions, body: Body) -> Result<Bytes, Problem> {
    let limit = extensions.get::<BodyLimit>();
    let limit = limit.map_or(BODY_LIMIT, |limit| limit.0);
    Ok(http::read_body(body, limit).await?.into())
}

/// The query, as a type with `#[serde(deny_unknown_fields)]`. Lists take [`List`](super::page::List) instead.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        from_pairs(&pairs(parts)?).map(Self)
    }
}

/// The query's keys and values.
pub fn pairs(parts: &Parts) -> Result<Vec<(String, String)>, Problem> {
    let query = parts.uri.query().unwrap_or_default();
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| Problem::field("", "invalid", "the query cannot be read"))?;
    match pairs.iter().find(|(_, value)| value.contains('\0')) {
        Some((key, _)) => Err(not_storable(format!("/{}", escaped(key)))),
        None => Ok(pairs),
    }
}

/// Reads pairs as a type.
pub fn from_pairs<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T, Problem> {
    let rest = serde_urlencoded::to_string(pairs).map_err(Problem::internal)?;
    let query = serde_urlencoded::Deserializer::new(form_urlencoded::parse(rest.as_bytes()));
    serde_path_to_error::deserialize(query)
        .map_err(|error| explain(error.path(), &error.inner().to_string()))
}

/// What stands in the path. What is no id of the kind names nothing: 404.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(NOT_FOUND),
        }
    }
}
