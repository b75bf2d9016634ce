//! OpenRouter's chat completions.

use std::time::Duration;

use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::http::{Answer, Failure, read};

#[derive(Clone, Debug)]
pub struct OpenRouter {
    http: Client,
    base: String,
    key: SecretString,
    time_out: Duration,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatTurn {
    /// `system`, `user` or `assistant`.
    pub role: String,
    pub content: String,
}

/// A request for a completion.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    /// The model, and the models to use when it is not available.
    pub models: Vec<String>,
    pub messages: Vec<ChatTurn>,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
    /// From 0 to 2.
    pub temperature: f32,
    /// Which providers may receive the conversation.
    pub provider: Privacy,
}

/// Accepts only providers that do not store requests.
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

/// The answer of a model.
#[derive(Clone, Debug)]
pub struct Completion {
    /// The id of the generation, to look up its cost.
    pub id: String,
    /// The model that answered.
    pub model: String,
    /// The text. It is not empty.
    pub text: String,
    pub usage: Usage,
}

/// The cost of a completion.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Usage {
    /// Tokens of the request.
    #[serde(default)]
    pub prompt_tokens: u32,
    /// Tokens of the answer.
    #[serde(default)]
    pub completion_tokens: u32,
    /// The price in US dollars.
    #[serde(default)]
    pub cost: f64,
}

/// A request brought no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: the request is longer than the model can read.
    #[error("OpenRouter refused the request: {0}")]
    BadRequest(String),
    /// 401: the key is invalid.
    #[error("OpenRouter does not accept the key")]
    Credential,
    /// 402: the account has no credit left.
    #[error("no credit is left at OpenRouter")]
    NoCredit,
    /// 403: OpenRouter refused the content of the request.
    #[error("OpenRouter's moderation refused the input")]
    Moderated,
    /// 429 or 503: try again later.
    #[error("OpenRouter is busy ({status})")]
    Busy {
        status: i64,
        /// The value of `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// 408 or 5xx: another try may succeed.
    #[error("OpenRouter failed ({0})")]
    Unavailable(i64),
    /// The answer has no text.
    #[error("OpenRouter answered with nothing")]
    Empty,
    /// There is no usable answer.
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

/// The limit of a key.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Key {
    /// The remaining amount in US dollars. `None` means no limit.
    pub limit_remaining: Option<f64>,
}

impl OpenRouter {
    /// `base` is like `https://openrouter.ai`.
    pub fn new(http: Client, base: &str, key: SecretString, time_out: Duration) -> Self {
        Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
            key,
            time_out,
        }
    }

    /// Asks the models for an answer.
    pub async fn complete(&self, request: &Request) -> Result<Completion, Error> {
        let url = format!("{}/api/v1/chat/completions", self.base);
        let answer = self.answer(self.http.post(url).json(request)).await?;
        let reply: Reply = answer.parse()?;
        // An answer with status 200 may carry an error, in the body or in the choice.
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

    /// Looks up the key. This cheap call shows whether the key is valid and how much of its limit is left.
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
