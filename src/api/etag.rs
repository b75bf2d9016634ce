//! ETags for rows that two people may edit: a change that did not see the other's change is refused (RFC 9110, section
//! 13).

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
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
/// The tag of a version: the number of changes, because two changes may have the same time.
fn tag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// An answer with the version of its content.
pub struct Tagged<T>(pub i64, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        with_tag(self.0, Json(self.1).into_response())
    }
}

/// An answer to a change that shows nothing but the new version.
pub struct Done(pub i64);

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        with_tag(self.0, StatusCode::NO_CONTENT.into_response())
    }
}

fn with_tag(version: i64, mut response: Response) -> Response {
    if let Ok(etag) = HeaderValue::from_str(&tag(version)) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

/// The version that a change is meant for. Without one, any version.
#[derive(Clone, Debug)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// Refuses a change for another version. Call it in the transaction of the change, with the row locked.
    pub fn check(&self, version: i64) -> Result<(), Problem> {
        let now = tag(version);
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
        self.check(shown)?;
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
        let now = tag(3);
        let check = |said: Option<&str>| IfMatch(said.map(str::to_owned)).check(3).is_ok();
        assert!(check(None) && check(Some("*")) && check(Some(&now)));
        assert!(check(Some(&format!("\"x\", {now}"))));
        for other in ["", "\"x\"", &format!("W/{now}"), "v3"] {
            assert!(!check(Some(other)), "{other}");
        }
    }
}
