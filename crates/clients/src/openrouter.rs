//! OpenRouter: chat completions.

use std::time::Duration;

use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::http::{Answer, Failure, read};

/// An account at OpenRouter.
#[derive(Clone, Debug)]
pub struct OpenRouter {
    http: Client,
    base: String,
    key: SecretString,
    time_out: Duration,
}

/// One turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// `system`, `user` or `assistant`.
    pub role: String,
    /// What was said.
    pub content: String,
}

/// What is asked.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    /// The model, and others for when it is not available.
    pub models: Vec<String>,
    /// The conversation.
    pub messages: Vec<Turn>,
    /// Of the answer.
    pub max_tokens: u32,
    /// 0 to 2.
    pub temperature: f32,
    /// Which providers may see the conversation.
    pub provider: Privacy,
}

/// Only providers that do not keep what they are sent.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Privacy {
    data_collection: &'static str,
}

impl Default for Privacy {
    fn default() -> Self {
        Self {
            data_collection: "deny",
        }
    }
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Completion {
    /// The generation, to look its cost up.
    pub id: String,
    /// The model that served it.
    pub model: String,
    /// The text, not empty.
    pub text: String,
    /// What it took.
    pub usage: Usage,
}

/// What a completion took.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Usage {
    /// Of the question.
    #[serde(default)]
    pub prompt_tokens: u32,
    /// Of the answer.
    #[serde(default)]
    pub completion_tokens: u32,
    /// US dollars.
    #[serde(default)]
    pub cost: f64,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: more than the model can read.
    #[error("OpenRouter refused the request: {0}")]
    BadRequest(String),
    /// 401: the key is no good.
    #[error("OpenRouter does not accept the key")]
    Credential,
    /// 402: no credit.
    #[error("no credit is left at OpenRouter")]
    NoCredit,
    /// 403: the input was flagged.
    #[error("OpenRouter's moderation refused the input")]
    Moderated,
    /// 429, 503: later.
    #[error("OpenRouter is busy ({status})")]
    Busy {
        /// The code.
        status: i64,
        /// What it asked to wait.
        retry_after: Option<Duration>,
    },
    /// 408, 5xx: once more may help.
    #[error("OpenRouter failed ({0})")]
    Unavailable(i64),
    /// It answered with nothing.
    #[error("OpenRouter answered with nothing")]
    Empty,
    /// No usable answer.
    #[error(transparent)]
    Failed(#[from] Failure),
}

#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    id: String,
    #[serde(default)]
    model: String,
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
    error: Option<ApiError>,
}

#[derive(Deserialize)]
struct Choice {
    message: Option<Said>,
    error: Option<ApiError>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
}

#[derive(Deserialize)]
struct ApiError {
    code: Option<serde_json::Value>,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct KeyReply {
    data: Key,
}

/// What is left on the key.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Key {
    /// US dollars; `None` is without limit.
    pub limit_remaining: Option<f64>,
}

impl OpenRouter {
    /// At `base` (`https://openrouter.ai`).
    pub fn new(http: Client, base: &str, key: SecretString, time_out: Duration) -> Self {
        Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
            key,
            time_out,
        }
    }

    /// Asks for an answer.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn complete(&self, request: &Request) -> Result<Completion, Error> {
        let url = format!("{}/api/v1/chat/completions", self.base);
        let answer = self.answer(self.http.post(url).json(request)).await?;
        let reply: Reply = answer.parse()?;
        // A 200 may carry an error, in the body or in the choice.
        let mut choices = reply.choices;
        let inner = choices.first_mut().and_then(|choice| choice.error.take());
        if let Some(error) = reply.error.or(inner) {
            let code = error
                .code
                .as_ref()
                .and_then(serde_json::Value::as_i64)
                .unwrap_or(502);
            return Err(classify(code, answer.retry_after, &error.message));
        }
        let text = choices
            .into_iter()
            .next()
            .and_then(|choice| choice.message?.content)
            .unwrap_or_default();
        if text.trim().is_empty() {
            return Err(Error::Empty);
        }
        Ok(Completion {
            id: reply.id,
            model: reply.model,
            text,
            usage: reply.usage.unwrap_or_default(),
        })
    }

    /// Looks the key up: a cheap call that tells whether it is good and what is left on it.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn key(&self) -> Result<Key, Error> {
        let answer = self
            .answer(self.http.get(format!("{}/api/v1/key", self.base)))
            .await?;
        Ok(answer.parse::<KeyReply>()?.data)
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Answer, Error> {
        let response = request
            .bearer_auth(self.key.expose_secret())
            .timeout(self.time_out)
            .send()
            .await
            .map_err(Failure::from)?;
        let answer = read(response).await?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        let said = serde_json::from_slice::<Reply>(&answer.body)
            .ok()
            .and_then(|reply| reply.error);
        let message = said.map(|error| error.message).unwrap_or_default();
        Err(classify(
            i64::from(answer.status),
            answer.retry_after,
            &message,
        ))
    }
}

fn classify(code: i64, retry_after: Option<Duration>, message: &str) -> Error {
    match code {
        400 | 413 | 422 => Error::BadRequest(message.chars().take(200).collect()),
        401 => Error::Credential,
        402 => Error::NoCredit,
        403 => Error::Moderated,
        429 | 503 => Error::Busy {
            status: code,
            retry_after,
        },
        other => Error::Unavailable(other),
    }
}
