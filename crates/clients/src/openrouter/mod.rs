//! OpenRouter's chat completions, and [embeddings](Embedding).
//!
//! A model's answer is a text that is whole and meant for the reader, or calls of tools that were offered. Any other answer is an error, which keeps what it
//! cost: OpenRouter also charges for answers that nobody can use.

mod embeddings;
mod thoughts;
mod tools;

use std::time::Duration;

use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

pub use self::{
    embeddings::{Embedded, Embedding},
    tools::{Message, Tool, ToolCall},
};
use crate::{
    http::{Answer, Failure, read},
    json,
};

#[derive(Clone, Debug)]
pub struct OpenRouter {
    http: Client,
    base: String,
    key: SecretString,
    time_out: Duration,
}

/// A request for a completion.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    /// The model, and the models to use when it is not available.
    pub models: Vec<String>,
    pub messages: Vec<Message>,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
    /// From 0 to 2.
    pub temperature: f32,
    /// Which providers may receive the conversation.
    pub provider: Privacy,
    /// The tools that the model may call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Tool>,
    /// `None`: the model decides whether it calls tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<NoTool>,
}

/// The model must answer and may call no tool. Some providers want the tools all the same when the conversation has
/// calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoTool {
    None,
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
    /// The whole text without thoughts. It is empty only when the model calls tools.
    pub text: String,
    /// The calls, if the request offers tools. The text beside a call announces it and is no answer.
    pub calls: Vec<ToolCall>,
    pub usage: Usage,
}

/// The cost of a completion. A count that is missing or unreadable is 0: the answer is worth more than its bill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct Usage {
    /// Tokens of the request.
    #[serde(default, deserialize_with = "count")]
    pub prompt_tokens: u32,
    /// Tokens of the answer.
    #[serde(default, deserialize_with = "count")]
    pub completion_tokens: u32,
    /// The price in US dollars.
    #[serde(default, deserialize_with = "dollars")]
    pub cost: f64,
}

fn dollars<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let number = match Value::deserialize(from)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(number
        .filter(|number| number.is_finite() && *number > 0.0)
        .unwrap_or_default())
}

fn count<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number is positive; `as` saturates"
    )]
    dollars(from).map(|number| number as u32)
}

/// A request brought no answer that can be used. It may have been paid all the same.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct Unanswered {
    pub error: Error,
    /// The model that was at work, if OpenRouter names one.
    pub model: Option<String>,
    pub usage: Usage,
}

impl<E: Into<Error>> From<E> for Unanswered {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            model: None,
            usage: Usage::default(),
        }
    }
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
    /// 403, or a filter stopped the answer: the content is refused.
    #[error("moderation refused the question or the answer")]
    Moderated,
    /// 429 or 503: try again later.
    #[error("OpenRouter is busy ({status})")]
    Busy {
        status: i64,
        /// The value of `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// 408 or 5xx, or the model broke off: another try may succeed.
    #[error("OpenRouter failed ({0})")]
    Unavailable(i64),
    /// The answer has no text for the reader.
    #[error("OpenRouter answered with nothing")]
    Empty,
    /// The answer reached the limit of tokens before its end. The same request would be cut again.
    #[error("the answer was cut at the limit of tokens")]
    Cut,
    /// There is no usable answer.
    #[error(transparent)]
    Failed(#[from] Failure),
}

#[derive(Deserialize)]
struct Reply {
    #[serde(default, deserialize_with = "json::word")]
    id: String,
    #[serde(default, deserialize_with = "json::text")]
    model: Option<String>,
    #[serde(default, deserialize_with = "json::list")]
    choices: Vec<Choice>,
    #[serde(default, deserialize_with = "json::object")]
    usage: Option<Usage>,
    #[serde(default)]
    error: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Choice {
    message: Value,
    /// OpenRouter's word for how the answer ended.
    #[serde(deserialize_with = "json::text")]
    finish_reason: Option<String>,
    /// The provider's word.
    #[serde(deserialize_with = "json::text")]
    native_finish_reason: Option<String>,
    error: Value,
}

impl Choice {
    /// Returns the answer, if it is whole and for the reader, or the calls of tools, if they were offered.
    fn answer(&self, offered: bool) -> Result<(String, Vec<ToolCall>), Error> {
        if !self.error.is_null() {
            return Err(told(&self.error, None));
        }
        let reason = self.finish_reason.as_ref();
        let reason = reason.or(self.native_finish_reason.as_ref());
        let reason = reason.map(|reason| reason.trim().to_ascii_lowercase().replace('-', "_"));
        match reason.as_deref() {
            Some("error" | "failed" | "abort" | "aborted" | "cancelled" | "canceled") => {
                return Err(Error::Unavailable(BROKEN));
            }
            Some("length" | "max_tokens" | "max_output_tokens" | "model_length") => {
                return Err(Error::Cut);
            }
            Some(
                "content_filter" | "content_filtered" | "safety" | "recitation" | "refusal"
                | "blocklist" | "prohibited_content",
            ) => return Err(Error::Moderated),
            _ => {}
        }
        let calls = tools::calls(&self.message["tool_calls"]);
        if offered && !calls.is_empty() {
            return Ok((String::new(), calls));
        }
        if let Some("tool_calls" | "tool_use" | "function_call") = reason.as_deref() {
            return Err(Error::Empty);
        }
        let text = match &self.message["content"] {
            Value::String(text) => text.clone(),
            // Parts of other types are thoughts or pictures.
            Value::Array(parts) => parts
                .iter()
                .filter(|part| matches!(part["type"].as_str(), None | Some("text" | "output_text")))
                .filter_map(|part| part["text"].as_str())
                .collect(),
            _ => String::new(),
        };
        let text = thoughts::spoken(&text).unwrap_or_default();
        if !text.is_empty() {
            return Ok((text, Vec::new()));
        }
        let refuses = self.message["refusal"].as_str();
        Err(match refuses.filter(|words| !words.trim().is_empty()) {
            Some(_) => Error::Moderated,
            None => Error::Empty,
        })
    }
}

/// The code of a failure that has none of its own.
const BROKEN: i64 = 502;

/// Reads an error that stands in an answer.
fn told(error: &Value, retry_after: Option<Duration>) -> Error {
    let code = match &error["code"] {
        Value::Number(code) => code.as_i64(),
        Value::String(code) => code.trim().parse().ok(),
        _ => None,
    };
    classify(code.unwrap_or(BROKEN), retry_after, words(error))
}

fn words(error: &Value) -> &str {
    error["message"].as_str().unwrap_or_default()
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
    pub async fn complete(&self, request: &Request) -> Result<Completion, Unanswered> {
        let url = format!("{}/api/v1/chat/completions", self.base);
        let answer = self.answer(self.http.post(url).json(request)).await?;
        let reply: Reply = answer.parse()?;
        let usage = reply.usage.unwrap_or_default();
        // An answer with status 200 may carry an error, in the body or in the choice.
        let offered = !request.tools.is_empty() && request.tool_choice.is_none();
        let said = if reply.error.is_null() {
            let first = reply.choices.first();
            first.map_or(Err(Error::Empty), |first| first.answer(offered))
        } else {
            Err(told(&reply.error, answer.retry_after))
        };
        match said {
            Ok((text, calls)) => Ok(Completion {
                id: reply.id,
                model: reply.model.unwrap_or_default(),
                text,
                calls,
                usage,
            }),
            Err(error) => Err(Unanswered {
                error,
                model: reply.model,
                usage,
            }),
        }
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
        let said = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
        let status = i64::from(answer.status);
        Err(classify(status, answer.retry_after, words(&said["error"])))
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
