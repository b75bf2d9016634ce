//! OpenRouter: chat completions that use only the given context ([`answer`](mod@answer)), and call [tools] that are
//! offered; and [embeddings] by the words and letters of a text.
//!
//! Source: OpenRouter, "API Reference", "Errors".

mod answer;
mod embeddings;
mod tools;

use axum::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    World, lock,
    server::{Call, Label, Reply},
};

/// The most tokens of a request and its answer together.
const CONTEXT_TOKENS: usize = 128_000;
/// US dollars for one token, read and written. A small model has such prices.
const PROMPT_DOLLARS_PER_TOKEN: f64 = 0.000_000_15;
const COMPLETION_DOLLARS_PER_TOKEN: f64 = 0.000_000_6;

pub(crate) fn label(call: &Call) -> Label {
    let key: Vec<char> = call.bearer().unwrap_or_default().chars().collect();
    Label {
        account: key[key.len().saturating_sub(4)..].iter().collect(),
        path: call.path.clone(),
        callback: None,
    }
}

/// Returns the answer for a fault.
pub(crate) fn fault(status: Option<u16>, code: Option<i64>) -> Reply {
    let status = status.or_else(|| code?.try_into().ok()).unwrap_or(500);
    error(status, "Scripted fault")
}

fn error(status: u16, message: &str) -> Reply {
    Reply::json(
        status,
        json!({"error": {"code": status, "message": message}}),
    )
}

pub(crate) fn answer(world: &World, call: &Call) -> Reply {
    let key = call.bearer().unwrap_or_default();
    if !lock(&world.keys).contains(key) {
        return error(401, "User not found.");
    }
    match (&call.method, call.path.as_str()) {
        (&Method::POST, "/api/v1/chat/completions") => {
            completion(&call.json).unwrap_or_else(|refusal| refusal)
        }
        (&Method::POST, "/api/v1/embeddings") => {
            embeddings::embed(&call.json).unwrap_or_else(|refusal| error(400, &refusal))
        }
        (&Method::GET, "/api/v1/key") => Reply::json(
            200,
            json!({"data": {
                "label": "simulated", "usage": 0.0, "limit": 100.0, "limit_remaining": 100.0, "is_free_tier": false,
            }}),
        ),
        _ => error(404, "Not Found"),
    }
}

fn completion(request: &Value) -> Result<Reply, Reply> {
    let refuse = |message: &str| error(400, message);
    let models = request["models"].as_array().into_iter().flatten();
    let mut models = [&request["model"]]
        .into_iter()
        .filter(|model| !model.is_null())
        .chain(models);
    let model = models
        .next()
        .and_then(Value::as_str)
        .ok_or_else(|| refuse("No models provided"))?;
    if !model.contains('/') {
        return Err(refuse(&format!("{model} is not a valid model ID")));
    }
    if request["stream"] == true {
        return Err(refuse("The simulator does not stream"));
    }
    if request["temperature"]
        .as_f64()
        .is_some_and(|value| !(0.0..=2.0).contains(&value))
    {
        return Err(refuse("temperature must be between 0 and 2"));
    }
    let max_tokens = match &request["max_tokens"] {
        Value::Null => CONTEXT_TOKENS,
        given => given
            .as_u64()
            .filter(|given| *given > 0)
            .and_then(|given| usize::try_from(given).ok())
            .ok_or_else(|| refuse("max_tokens must be a positive integer"))?,
    };
    let turns = turns(request).map_err(|message| refuse(&message))?;
    let prompt_tokens: usize = turns.iter().map(|(_, text)| tokens(text)).sum();
    let asked = if request["max_tokens"].is_null() {
        prompt_tokens
    } else {
        prompt_tokens + max_tokens
    };
    if asked > CONTEXT_TOKENS {
        return Err(refuse(&format!(
            "This endpoint's maximum context length is {CONTEXT_TOKENS} tokens. However, you requested about {asked} tokens."
        )));
    }
    let messages = request["messages"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let offered = tools::offered(request).map_err(|message| refuse(&message))?;
    tools::check(messages).map_err(|message| refuse(&message))?;
    let calls = tools::calls(messages, &offered);
    if !calls.is_empty() {
        let calls: Vec<(&str, String)> = calls
            .into_iter()
            .map(|(name, arguments)| (name, arguments.to_string()))
            .collect();
        let calls: Vec<(&str, &str)> = calls
            .iter()
            .map(|(name, arguments)| (*name, arguments.as_str()))
            .collect();
        let message = tools::message(&calls);
        return Ok(reply(said(model, message, "tool_calls", prompt_tokens)));
    }
    let mut text = tools::told(messages).unwrap_or_else(|| answer::answer(&turns));
    let cut = tokens(&text) > max_tokens;
    if cut {
        text = text.chars().take(max_tokens.saturating_mul(4)).collect();
    }
    let message = json!({"role": "assistant", "content": text});
    let reason = if cut { "length" } else { "stop" };
    Ok(reply(said(model, message, reason, prompt_tokens)))
}

fn reply(body: Value) -> Reply {
    Reply {
        message_id: body["id"].as_str().map(str::to_owned),
        ..Reply::json(200, body)
    }
}

/// The answer to a request: the model's message, and why it ends.
fn said(model: &str, message: Value, reason: &str, prompt_tokens: usize) -> Value {
    let completion_tokens = match &message["content"] {
        Value::String(text) => tokens(text),
        _ => tokens(&message["tool_calls"].to_string()),
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of tokens are far below 2^52"
    )]
    let cost = prompt_tokens as f64 * PROMPT_DOLLARS_PER_TOKEN
        + completion_tokens as f64 * COMPLETION_DOLLARS_PER_TOKEN;
    let id = format!("gen-{}", Uuid::now_v7().simple());
    json!({
        "id": id,
        "object": "chat.completion",
        "model": model,
        "provider": "Simulator",
        "choices": [{
            "index": 0, "message": message, "finish_reason": reason, "native_finish_reason": reason,
        }],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
            "total_tokens": prompt_tokens + completion_tokens,
            "cost": cost,
            "prompt_tokens_details": {"cached_tokens": 0},
        },
    })
}

/// An answer that calls these tools, each by its name and its arguments, for a [`Fault`](crate::Fault).
pub(crate) fn calling(calls: &[(&str, &str)]) -> Value {
    said("vendor/scripted", tools::message(calls), "tool_calls", 200)
}

/// Returns the role and text of each message.
fn turns(request: &Value) -> Result<Vec<(String, String)>, String> {
    let messages = request["messages"]
        .as_array()
        .filter(|messages| !messages.is_empty());
    let messages = messages.ok_or("messages must not be empty")?;
    messages
        .iter()
        .map(|message| {
            let role = message["role"].as_str().unwrap_or_default();
            if !["system", "developer", "user", "assistant", "tool"].contains(&role) {
                return Err(format!("{role:?} is not a role"));
            }
            let text = match &message["content"] {
                Value::String(text) => text.clone(),
                // The content has parts. Parts that are not text are ignored.
                Value::Array(parts) => parts
                    .iter()
                    .filter_map(|part| part["text"].as_str())
                    .collect(),
                // The message has calls of tools.
                Value::Null if message["tool_calls"].is_array() => {
                    message["tool_calls"].to_string()
                }
                _ => return Err("content must be a string or an array of parts".to_owned()),
            };
            Ok((role.to_owned(), text))
        })
        .collect()
}

/// Estimates the tokens: one for about four characters.
fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(4)
}
