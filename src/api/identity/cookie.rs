//! The refresh token of a browser. It lies in a cookie that no script can read, so a page that is taken over cannot carry
//! the session away.
//!
//! A page asks for the cookie with the header `X-Session-Cookie`. The cookie counts only beside this header: another site
//! cannot send it, because the browser asks the API first (CORS), and with `SameSite=Strict` it does not send the cookie
//! either. A program keeps its refresh token itself and sends no such header.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
};
use kazi_platform::Timestamp;
use secrecy::SecretString;
use utoipa::IntoParams;

use crate::api::{Api, Shared};
use crate::problem::Problem;

pub const SESSION_COOKIE: HeaderName = HeaderName::from_static("x-session-cookie");
const NAME: &str = "kazi_session";
/// Only these calls need it.
const PATH: &str = "/api/v1/auth";

/// Where the refresh token of the session is kept.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it is the documentation of a header")]
pub struct Browser {
    /// `1`: the refresh token comes and goes in a cookie that scripts cannot read, and not in the body.
    #[param(rename = "X-Session-Cookie")]
    session_cookie: Option<String>,
}

/// Where the caller keeps its refresh token.
#[derive(Clone)]
pub enum Keeper {
    Caller,
    Cookie(Option<SecretString>),
}

impl FromRequestParts<Shared> for Keeper {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Infallible> {
        if !parts.headers.contains_key(SESSION_COOKIE) {
            return Ok(Self::Caller);
        }
        let all = parts.headers.get_all(header::COOKIE).into_iter();
        let all = all.filter_map(|cookies| cookies.to_str().ok());
        let token = all
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .find(|(name, _)| *name == NAME);
        Ok(Self::Cookie(token.map(|(_, token)| token.into())))
    }
}

impl Keeper {
    /// Moves a refresh token from the answer into the cookie, if it is kept there.
    pub fn keep(
        &self,
        api: &Api,
        token: &mut Option<String>,
        expires_at: Timestamp,
        is_remembered: bool,
    ) -> Result<HeaderMap, Problem> {
        match self {
            Self::Caller => Ok(HeaderMap::new()),
            Self::Cookie(_) => {
                let left = expires_at - api.ctx.clock.now();
                let life = is_remembered.then(|| left.num_seconds());
                set(api, &token.take().unwrap_or_default(), life)
            }
        }
    }

    /// Takes the cookie away at the end of a session.
    pub fn forget(&self, api: &Api) -> Result<HeaderMap, Problem> {
        match self {
            Self::Caller => Ok(HeaderMap::new()),
            Self::Cookie(_) => set(api, "", Some(0)),
        }
    }
}

/// Sets the cookie. Without `seconds` the browser forgets it when it closes.
fn set(api: &Api, token: &str, seconds: Option<i64>) -> Result<HeaderMap, Problem> {
    let life = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    // Without a configured address it is https: a cookie that is too strict is the safer mistake.
    let secure = if api.public_url.starts_with("https://") {
        "; Secure"
    } else {
        ""
    };
    let cookie = format!("{NAME}={token}; Path={PATH}{life}; HttpOnly; SameSite=Strict{secure}");
    let mut cookie = HeaderValue::try_from(cookie).map_err(Problem::internal)?;
    cookie.set_sensitive(true);
    Ok(HeaderMap::from_iter([(header::SET_COOKIE, cookie)]))
}
