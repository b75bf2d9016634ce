//! The one HTTP client, and what a request's failure means.

use std::time::Duration;

use reqwest::{Client, Response, header};
use serde::de::DeserializeOwned;

/// No answer of a provider that we ask for is larger.
const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// Nobody means a longer `Retry-After`: years in it come from a broken proxy, and no clock can count them.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// The client that all providers share: pooled connections, no redirects (a token must not follow one), no proxy from
/// the environment.
///
/// # Errors
/// The system has no certificates.
pub fn client() -> Result<Client, reqwest::Error> {
    // The second call of a process finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .pool_idle_timeout(Duration::from_secs(60))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("kazi/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// How a request ended without a usable answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No connection: the provider has not seen the request.
    #[error("not sent: {0}")]
    NotSent(String),
    /// It may have arrived: the answer did not come, was cut off, or cannot be read.
    #[error("sent, but no usable answer: {0}")]
    Ambiguous(String),
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        // The address may contain a token.
        let before = error.is_connect() || error.is_builder();
        let text = causes(&error.without_url());
        if before {
            Self::NotSent(text)
        } else {
            Self::Ambiguous(text)
        }
    }
}

/// The chain of causes in one line: reqwest's own text says only "error sending request".
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// A status, its `Retry-After`, and the body, read within limits.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub retry_after: Option<Duration>,
    pub body: Vec<u8>,
}

pub(crate) async fn read(mut response: Response) -> Result<Answer, Failure> {
    let status = response.status().as_u16();
    // Seconds; the form with a date is not used by these providers.
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(|seconds| Duration::from_secs(seconds).min(LONGEST_WAIT));
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(Failure::Ambiguous(format!(
                "the answer has more than {MAX_ANSWER} bytes"
            )));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status,
        retry_after,
        body,
    })
}

impl Answer {
    /// The body as JSON. The error says where it breaks, never what it says.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body).map_err(|error| {
            Failure::Ambiguous(format!(
                "unreadable answer, line {} column {}",
                error.line(),
                error.column()
            ))
        })
    }
}
