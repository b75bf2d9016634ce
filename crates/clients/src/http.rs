//! The HTTP client of all providers, and the meaning of a failed request.

use std::time::Duration;

use reqwest::{Client, Response, header};
use serde::de::DeserializeOwned;

/// The largest answer that the program reads, in bytes. No provider sends a larger one.
const MAX_ANSWER_BYTES: usize = 2 * 1024 * 1024;
/// The longest accepted `Retry-After`. A longer one comes from a broken proxy, and adding years to a time could
/// overflow.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// Makes the client that all providers share. It pools connections, follows no redirects (a token must not follow one),
/// and uses no proxy.
///
/// # Errors
/// The client finds no root certificates on this system.
pub fn client() -> Result<Client, reqwest::Error> {
    // The second call in a process fails, because the first has installed the provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .pool_idle_timeout(Duration::from_secs(60))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("kazi/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// A request ended without a usable answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No connection: the provider has not received the request.
    #[error("not sent: {0}")]
    NotSent(String),
    /// The provider may have received the request. The answer is missing, incomplete or unreadable.
    #[error("sent, but no usable answer: {0}")]
    Ambiguous(String),
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        // The URL may contain a token.
        let before = error.is_connect() || error.is_builder();
        let text = causes(&error.without_url());
        if before {
            Self::NotSent(text)
        } else {
            Self::Ambiguous(text)
        }
    }
}

/// Joins the chain of causes in one line. The text of reqwest alone is "error sending request".
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// A file could not be had.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// 403, 404 or 410: the address has no such file (any more).
    #[error("HTTP {0}")]
    Gone(u16),
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Asks for a file. The caller limits the size of the body.
pub async fn download(request: reqwest::RequestBuilder) -> Result<Response, DownloadError> {
    let response = request.send().await.map_err(Failure::from)?;
    match response.status().as_u16() {
        200 => Ok(response),
        // The buckets of Green API answer 403 when an address has expired.
        status @ (403 | 404 | 410) => Err(DownloadError::Gone(status)),
        status => Err(Failure::Ambiguous(format!("HTTP {status}")).into()),
    }
}

/// A status, its `Retry-After`, and the body, read up to a limit.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub retry_after: Option<Duration>,
    pub body: Vec<u8>,
}

pub(crate) async fn read(mut response: Response) -> Result<Answer, Failure> {
    let status = response.status().as_u16();
    // The value is in seconds. These providers do not use the form with a date.
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(|seconds| Duration::from_secs(seconds).min(LONGEST_WAIT));
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(Failure::Ambiguous(format!(
                "the answer has more than {MAX_ANSWER_BYTES} bytes"
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
    /// Parses the body as JSON. The error names the place of the fault and never the content.
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
