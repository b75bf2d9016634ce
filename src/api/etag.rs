//! ETags for rows that two people may edit: a change that did not see the other's change is refused (RFC 9110, section
//! 13).

use std::fmt::{self, Display};

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use kazi_platform::Timestamp;
use serde::Serialize;
use utoipa::{
    IntoParams, PartialSchema,
    openapi::path::{Parameter, ParameterBuilder, ParameterIn},
};

use super::extract::Json;
use crate::problem::Problem;

pub const CHANGED: Problem = Problem::new(
    StatusCode::PRECONDITION_FAILED,
    "changed_meanwhile",
    "Somebody else has changed this since you read it: read it again.",
);
/// The version of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// From the time of the last change.
    pub fn of(updated_at: Timestamp) -> Self {
        Self(format!("{:x}", updated_at.timestamp_micros()))
    }

    /// From the number of changes.
    pub fn version(version: i64) -> Self {
        Self(format!("v{version}"))
    }
}

impl Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// An answer with the version of its content.
pub struct Tagged<T>(pub ETag, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.1).into_response();
        if let Ok(etag) = HeaderValue::from_str(&self.0.to_string()) {
            response.headers_mut().insert(header::ETAG, etag);
        }
        response
    }
}

/// The version that a change is meant for. Without one, any version.
#[derive(Clone, Debug)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// Refuses a change for another version. Call it in the transaction of the change, with the row locked.
    pub fn check(&self, now: &ETag) -> Result<(), Problem> {
        let now = now.to_string();
        match &self.0 {
            Some(said)
                if said
                    .split(',')
                    .all(|tag| tag.trim() != now && tag.trim() != "*") =>
            {
                Err(CHANGED)
            }
            _ => Ok(()),
        }
    }

    /// The version that a change is meant for, of a row that was read without a lock. The domain refuses the change if
    /// the row has another version by then. `None`: any version.
    pub fn version(&self, shown: i64) -> Result<Option<i64>, Problem> {
        self.check(&ETag::version(shown))?;
        let one = self.0.as_ref().filter(|said| said.trim() != "*");
        Ok(one.map(|_| shown))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let said = parts.headers.get(header::IF_MATCH);
        // An unreadable value matches nothing.
        Ok(Self(
            said.map(|said| said.to_str().unwrap_or_default().to_owned()),
        ))
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            ParameterBuilder::new()
                .name("If-Match")
                .parameter_in(ParameterIn::Header)
                .description(Some(
                    "The ETag that was read: the change is refused when somebody else came first.",
                ))
                .schema(Some(String::schema()))
                .build(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_refused_unless_it_is_meant_for_this_state() {
        let now = ETag::of("2026-01-01T00:00:00.000001Z".parse().unwrap());
        let check = |said: Option<&str>| IfMatch(said.map(str::to_owned)).check(&now).is_ok();
        assert!(check(None) && check(Some("*")) && check(Some(&now.to_string())));
        assert!(check(Some(&format!("\"x\", {now}"))));
        for other in ["", "\"x\"", &format!("W/{now}"), &now.0] {
            assert!(!check(Some(other)), "{other}");
        }
    }
}
