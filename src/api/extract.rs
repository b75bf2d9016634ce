//! The inputs of handlers: JSON, a query, an id in the path. Each violation is a problem that names its field.

use std::marker::PhantomData;

use axum::{
    body::{Body, Bytes},
    extract::{
        FromRequest, FromRequestParts, RawPathParams, Request, path::ErrorKind as PathError,
        rejection::PathRejection,
    },
    http::{Extensions, HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use kazi_jobs::violations::member;
use kazi_platform::invalid::{FieldError, Invalid};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use serde_path_to_error::{Path as At, Segment};

use super::ranges;
use crate::{
    http,
    problem::{NOT_FOUND, Problem},
};

/// Bytes of a body, unless the route sets another limit.
pub const BODY_LIMIT: usize = 1024 * 1024;
/// Characters of a detail, which may quote the field.
const DETAIL_LIMIT: usize = 300;

/// Bytes of a body, for a route that takes more.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimit(pub usize);

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
        // serde would accept a list of the fields for a struct.
        if bytes.trim_ascii_start().starts_with(b"[") {
            return Err(Problem::field("", "wrong_type", "must be an object"));
        }
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().clone();
            let error = error.into_inner();
            if error.is_data() {
                let said = without_position(&error);
                explain(&path, &said, |pointer| {
                    let beyond = said.starts_with("invalid value: integer");
                    beyond.then(|| ranges::rule(&parts, pointer)).flatten()
                })
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
    let kind = kind_of(headers);
    kind.eq_ignore_ascii_case("application/json")
        || kind.len() > "application/+json".len()
            && kind.to_ascii_lowercase().starts_with("application/")
            && kind.to_ascii_lowercase().ends_with("+json")
}

/// Refuses U+0000 in any field, because PostgreSQL's texts cannot hold it.
fn storable(json: &[u8]) -> Result<(), Problem> {
    // JSON has only this form for it.
    if !json.windows(6).any(|six| six == br"\u0000") {
        return Ok(());
    }
    let value = serde_json::from_slice(json).map_err(|error| malformed(&error))?;
    nul_in(&value).map_or(Ok(()), |pointer| Err(not_storable(cut(pointer))))
}

/// The pointer of the first U+0000. serde has limited the depth.
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
            Some(member("", key) + &rest)
        }),
        _ => None,
    }
}

fn not_storable(pointer: String) -> Problem {
    Problem::field(pointer, "not_storable", "must not contain U+0000")
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

/// Turns serde's message about a field into a problem with a pointer and a code. `rule`: what is known of a field by its
/// pointer, in place of the message.
fn explain(path: &At, said: &str, rule: impl Fn(&str) -> Option<String>) -> Problem {
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push_str(&member("", key));
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
    let detail = rule(&pointer).unwrap_or_else(|| plain(said));
    Problem::from(Invalid(vec![FieldError {
        pointer: cut(pointer),
        code,
        detail: cut(detail),
    }]))
}

/// serde's message without Rust's type names, which tell a caller nothing.
fn plain(said: &str) -> String {
    let expected = || {
        said.rsplit_once(", expected ")
            .map(|(_, expected)| expected)
    };
    if said.starts_with("invalid ")
        && let Some(expected) = expected()
    {
        return format!("must be {}", kind(expected));
    }
    if said.starts_with("unknown variant ")
        && let Some(expected) = expected()
    {
        return format!("must be {expected}");
    }
    if said.starts_with("data did not match any variant") {
        return "has none of the documented forms".to_owned();
    }
    match said {
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            "must be a whole number".to_owned()
        }
        "number too large to fit in target type" | "number too small to fit in target type" => {
            "must be a smaller number, or one nearer to 0".to_owned()
        }
        "provided string was not `true` or `false`" => "must be true or false".to_owned(),
        said => said.to_owned(),
    }
}

/// The kind of JSON value that serde expects.
fn kind(expected: &str) -> &str {
    match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "u128" | "usize" => "a whole number, 0 or more",
        "i8" => "a whole number from -128 to 127",
        "i16" => "a whole number from -32768 to 32767",
        "i32" => "a whole number from -2147483648 to 2147483647",
        "i64" | "i128" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a string" | "a borrowed string" | "str" | "string" => "a text",
        "a boolean" => "true or false",
        "a map" | "map" => "an object",
        "a sequence" | "sequence" => "a list",
        "option" => "a value or null",
        "unit" | "null" => "null",
        other if other.starts_with("struct ") => "an object",
        other if other.contains("tagged enum ") => "an object",
        other if other.contains("tuple") => "a list",
        other if other.contains("enum ") || other.contains("variant") => "a documented value",
        // The message of one of our own types. A message that still names a Rust type says nothing.
        other if other.contains("::") || other.contains("struct ") => "as documented",
        other => other,
    }
}

/// The files that a route takes.
pub trait Takes {
    /// Their media types. Empty: the route looks at the bytes alone.
    const KINDS: &'static [&'static str] = &[];
    /// What is said of a body of another type.
    const OTHERWISE: &'static str = "";
}

/// The body as a file. One of a wrong type is refused before it is read.
pub struct File<K> {
    pub bytes: Bytes,
    takes: PhantomData<K>,
}

impl<K: Takes, S: Send + Sync> FromRequest<S> for File<K> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = kind_of(request.headers());
        let mut known = K::KINDS.iter();
        if !K::KINDS.is_empty() && !known.any(|known| kind.eq_ignore_ascii_case(known)) {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Problem::new(status, "unsupported_media_type", K::OTHERWISE));
        }
        let (parts, body) = request.into_parts();
        Ok(Self {
            bytes: read(&parts.extensions, body).await?,
            takes: PhantomData,
        })
    }
}

/// The media type of a body, without its parameters.
fn kind_of(headers: &HeaderMap) -> &str {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim()
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
        Some((key, _)) => Err(not_storable(member("", key))),
        None => Ok(pairs),
    }
}

pub fn from_pairs<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T, Problem> {
    let rest = serde_urlencoded::to_string(pairs).map_err(Problem::internal)?;
    let query = serde_urlencoded::Deserializer::new(form_urlencoded::parse(rest.as_bytes()));
    serde_path_to_error::deserialize(query)
        .map_err(|error| explain(error.path(), &error.inner().to_string(), |_| None))
}

/// The path's variables. A value that is not an id of the kind is answered with 404, which names the variable and the rule.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => {
                let names = RawPathParams::from_request_parts(parts, state).await;
                let names = names.map_err(|_| NOT_FOUND)?;
                let names: Vec<&str> = names.iter().map(|(name, _)| name).collect();
                Err(not_readable(&names, error.into_kind()))
            }
            Err(_) => Err(NOT_FOUND),
        }
    }
}

/// Says which variable of the path is wrong.
fn not_readable(names: &[&str], kind: PathError) -> Problem {
    let number = || "must be a whole number".to_owned();
    // Only a path with one variable has errors without a name.
    let only = || names.first().map(|name| (*name).to_owned());
    let (name, said) = match kind {
        PathError::DeserializeError { key, message, .. } => (Some(key), message),
        PathError::ParseErrorAtKey { key, .. } => (Some(key), number()),
        PathError::ParseErrorAtIndex { index, .. } => {
            (names.get(index).map(|name| (*name).to_owned()), number())
        }
        PathError::ParseError { .. } => (only(), number()),
        PathError::Message(said) => (only(), said),
        _ => (None, String::new()),
    };
    match name {
        Some(name) => NOT_FOUND.about(&member("", &name), "invalid", &cut(plain(&said))),
        None => NOT_FOUND,
    }
}
