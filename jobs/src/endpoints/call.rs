//! One call of an endpoint.

use std::time::{Duration, Instant};

use kazi_clients::http::Failure;
use kazi_platform::{Timestamp, egress::Sender};
use reqwest::{Response, header};

use super::{secret::signatures, store::deliveries::Due};
use crate::{Context, context::Shared};

/// The time-out of a call, with the look-up of the name and the answer.
pub(super) const TIME_OUT: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read.
const READ_BYTES: usize = 4 * 1024;
/// Bytes of an answer that are kept.
const KEPT_BYTES: usize = 1024;
/// The longest `Retry-After` that is kept to.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3_600);
/// The wait of an endpoint that asks for fewer calls without a time.
const SLOWER: Duration = Duration::from_secs(60);

/// The client that all deliveries of a process share. `None`: this system cannot make one.
#[derive(Clone)]
pub(super) struct Caller(Option<Sender>);

impl Shared for Caller {
    fn start(ctx: &Context) -> Self {
        let client = ctx.providers.endpoints.client();
        Self(
            client
                .inspect_err(|error| tracing::error!(%error, "no endpoint can be called"))
                .ok(),
        )
    }
}

/// What came of a call.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub duration: Duration,
    pub status: Option<u16>,
    pub answer: String,
    /// Why it failed; `None` after a 2xx. Without the URL, which may have a token.
    pub error: Option<String>,
    /// What metrics call it.
    pub class: &'static str,
    /// The endpoint wants no call before this time has passed.
    pub retry_after: Option<Duration>,
}

impl Caller {
    pub async fn call(&self, due: &Due, now: Timestamp) -> Outcome {
        let begun = Instant::now();
        let mut outcome = self.send(due, now).await;
        outcome.duration = begun.elapsed();
        outcome
    }

    async fn send(&self, due: &Due, now: Timestamp) -> Outcome {
        let failed = |class, error: String| Outcome {
            class,
            error: Some(error),
            ..Outcome::default()
        };
        let Some(client) = &self.0 else {
            return failed("unreachable", "this server cannot make calls".into());
        };
        let request = match client.post(&due.url) {
            Ok(request) => request,
            // The rules of the operator have changed since it was entered.
            Err(error) => return failed("refused_url", format!("the URL {error}")),
        };
        let seconds = now.timestamp();
        let request = request
            .timeout(TIME_OUT)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", due.announcement.to_string())
            .header("webhook-timestamp", seconds)
            .header(
                "webhook-signature",
                signatures(&due.secrets, due.announcement, seconds, &due.payload),
            )
            .body(due.payload.clone());
        match request.send().await {
            Ok(response) => read(response).await,
            Err(error) if error.is_timeout() => {
                let seconds = TIME_OUT.as_secs();
                let said = format!("the endpoint did not answer within {seconds} seconds");
                failed("timeout", said)
            }
            Err(error) => failed("unreachable", Failure::from(error).to_string()),
        }
    }
}

async fn read(mut response: Response) -> Outcome {
    let status = response.status();
    let asked = response.headers().get(header::RETRY_AFTER);
    let asked = asked
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(|seconds| Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER));
    let mut body = Vec::new();
    // The status counts. A body that breaks off, or never ends, changes nothing.
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() >= READ_BYTES {
            break;
        }
    }
    body.truncate(KEPT_BYTES);
    let answer = String::from_utf8_lossy(&body).replace('\0', "");
    let error = match status.as_u16() {
        _ if status.is_success() => None,
        410 => Some("the endpoint is gone".to_owned()),
        300..400 => Some("the endpoint redirects: Kazi follows no redirect".to_owned()),
        code => Some(format!("the endpoint answered {code}")),
    };
    let throttled = matches!(status.as_u16(), 429 | 502 | 503 | 504);
    let slower = (status.as_u16() == 429).then_some(SLOWER);
    Outcome {
        status: Some(status.as_u16()),
        answer,
        class: if error.is_none() { "ok" } else { "refused" },
        error,
        retry_after: asked.filter(|_| throttled).or(slower),
        ..Outcome::default()
    }
}
