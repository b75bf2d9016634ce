//! Tools: functions that a model may call instead of answering, in the form of OpenAI, which OpenRouter passes on. The
//! caller runs them, adds the [call](Message::calls) and its [result](Message::result) to the conversation, and asks
//! again.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Message(Value);

impl Message {
    /// Somebody has said something. The role is `system`, `user` or `assistant`.
    pub fn turn(role: &str, content: &str) -> Self {
        Self(json!({"role": role, "content": content}))
    }

    /// The model has called tools. A result of each call must follow.
    pub fn calls<'a>(calls: impl IntoIterator<Item = &'a ToolCall>) -> Self {
        let calls = calls.into_iter().map(|call| {
            let function = json!({"name": call.name, "arguments": call.arguments});
            json!({"id": call.id, "type": "function", "function": function})
        });
        let calls: Vec<Value> = calls.collect();
        Self(json!({"role": "assistant", "content": null, "tool_calls": calls}))
    }

    /// The result of a call, for the model.
    pub fn result(call: &ToolCall, content: &str) -> Self {
        Self(json!({"role": "tool", "tool_call_id": call.id, "content": content}))
    }
}

/// A tool that is offered to a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tool {
    #[serde(rename = "type")]
    kind: &'static str,
    function: Function,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Function {
    name: String,
    description: String,
    parameters: Value,
}

impl Tool {
    /// `parameters` is a JSON schema of an object.
    pub fn new(name: &str, description: &str, parameters: Value) -> Self {
        Self {
            kind: "function",
            function: Function {
                name: name.to_owned(),
                description: description.to_owned(),
                parameters,
            },
        }
    }
}

/// A model's call of a tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    pub id: String,
    pub name: String,
    /// As the model wrote them. They should be a JSON object, and may be anything.
    pub arguments: String,
}

/// Reads the calls of an answer. Providers differ: some leave out the id, and some write the arguments as an object. No
/// text keeps a NUL, which PostgreSQL does not store.
pub(super) fn calls(list: &Value) -> Vec<ToolCall> {
    let list = list.as_array().into_iter().flatten().enumerate();
    let calls = list.filter_map(|(number, call)| {
        let function = &call["function"];
        let id = call["id"].as_str().filter(|id| !id.is_empty());
        Some(ToolCall {
            id: id.map_or_else(|| format!("call_{number}"), without_nul),
            name: without_nul(function["name"].as_str()?),
            arguments: match &function["arguments"] {
                Value::Null => String::new(),
                Value::String(text) => without_nul(text),
                other => other.to_string(),
            },
        })
    });
    calls.collect()
}

fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_in_every_form() {
        let list = json!([
            {"id": "a", "type": "function", "function": {"name": "find", "arguments": "{\"query\": \"tea\"}"}},
            {"function": {"name": "find", "arguments": {"query": "tea"}}},
            {"id": "", "function": {"name": "ho\u{0}urs"}},
            {"id": "d", "function": {"arguments": "{}"}},
            7,
        ]);
        let read: Vec<(String, String, String)> = calls(&list)
            .into_iter()
            .map(|call| (call.id, call.name, call.arguments))
            .collect();
        let wanted = [
            ("a", "find", "{\"query\": \"tea\"}"),
            ("call_1", "find", "{\"query\":\"tea\"}"),
            ("call_2", "hours", ""),
        ];
        let wanted = wanted
            .map(|(id, name, arguments)| (id.to_owned(), name.to_owned(), arguments.to_owned()));
        assert_eq!(read, wanted);
        assert_eq!(calls(&Value::Null), []);
    }
}
