//! Tools: what a request may say of them, and when the simulated model calls one by itself.
//!
//! Source: OpenRouter, "Tool & Function Calling".

use serde_json::{Value, json};
use uuid::Uuid;

/// Returns the names of the tools that the model may call.
pub(super) fn offered(request: &Value) -> Result<Vec<&str>, String> {
    let tools = match &request["tools"] {
        Value::Null => return Ok(Vec::new()),
        Value::Array(tools) if !tools.is_empty() => tools,
        _ => return Err("tools must be an array of at least one tool".to_owned()),
    };
    let mut names = Vec::new();
    for tool in tools {
        let function = &tool["function"];
        let name = function["name"].as_str().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let fits = tool["type"] == "function"
            && (1..=64).contains(&name.len())
            && name.chars().all(plain)
            && function["parameters"]["type"] == "object";
        if !fits || names.contains(&name) {
            return Err(format!("Invalid tool {name:?}"));
        }
        names.push(name);
    }
    match request["tool_choice"].as_str() {
        Some("none") => Ok(Vec::new()),
        None | Some("auto" | "required") => Ok(names),
        Some(other) => Err(format!("Invalid tool_choice {other:?}")),
    }
}

/// Refuses calls without their results, and results without their calls.
pub(super) fn check(messages: &[Value]) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    for message in messages {
        if message["role"] == "tool" {
            let id = message["tool_call_id"].as_str().unwrap_or_default();
            let place = open.iter().position(|one| *one == id);
            let place = place.ok_or(
                "messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
            )?;
            open.remove(place);
            continue;
        }
        if !open.is_empty() {
            break;
        }
        let calls = message["tool_calls"].as_array().into_iter().flatten();
        open.extend(calls.filter_map(|call| call["id"].as_str()));
    }
    match open.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id': {open:?}"
        )),
    }
}

/// A model's message that calls tools, each by its name and its arguments in JSON.
pub(crate) fn message(calls: &[(&str, &str)]) -> Value {
    let calls = calls.iter().zip(0..).map(|((name, arguments), index)| {
        let id = format!("call_{}", Uuid::now_v7().simple());
        let function = json!({"name": name, "arguments": arguments});
        json!({"id": id, "index": index, "type": "function", "function": function})
    });
    let calls: Vec<Value> = calls.collect();
    json!({"role": "assistant", "content": null, "tool_calls": calls})
}

/// The results since the customer's last words: the tool, and what it returned.
fn results(messages: &[Value]) -> Vec<(&str, Value)> {
    let last = messages.iter().rposition(|one| one["role"] == "user");
    let since = &messages[last.map_or(0, |last| last + 1)..];
    let calls = || {
        let calls = since.iter().filter_map(|one| one["tool_calls"].as_array());
        calls.flatten()
    };
    let results = since.iter().filter(|one| one["role"] == "tool");
    let results = results.filter_map(|result| {
        let call = calls().find(|call| call["id"] == result["tool_call_id"])?;
        let name = call["function"]["name"].as_str()?;
        let text = result["content"].as_str().unwrap_or_default();
        let value = serde_json::from_str(text).unwrap_or_else(|_| json!(text));
        Some((name, value))
    });
    results.collect()
}

/// The calls that the model makes by itself.
pub(super) fn calls(messages: &[Value], offered: &[&str]) -> Vec<(&'static str, Value)> {
    let asked = messages.iter().rfind(|one| one["role"] == "user");
    let asked = asked.and_then(|one| one["content"].as_str());
    let asked = asked.unwrap_or_default().to_lowercase();
    let done = results(messages);
    let mut calls = wishes(&asked, &done);
    calls.retain(|(name, _)| offered.contains(name) && !done.iter().any(|(done, _)| done == name));
    calls
}

fn wishes(asked: &str, done: &[(&str, Value)]) -> Vec<(&'static str, Value)> {
    let says = |words: &[&str]| words.iter().any(|word| asked.contains(word));
    let found = |tool: &str, list: &str| {
        let (_, value) = done.iter().find(|(name, _)| *name == tool)?;
        value[list].as_array().cloned()
    };
    let cart = says(&["cart", "basket"]);
    if cart && says(&["add ", "put "]) {
        return match found("search_products", "products") {
            Some(products) => products.first().map_or_else(Vec::new, |product| {
                let with = json!({"product_id": product["product_id"], "quantity": number(asked)});
                vec![("add_to_cart", with)]
            }),
            None => vec![("search_products", json!({"query": product(asked)}))],
        };
    }
    if says(&["book ", "appointment", "free time"]) {
        let Some(services) = found("bookable_services", "services") else {
            return vec![("bookable_services", json!({}))];
        };
        let fits = |one: &&Value| {
            let name = one["name"].as_str().unwrap_or_default().to_lowercase();
            name.split(' ')
                .any(|word| word.len() > 3 && asked.contains(word))
        };
        let service = services.iter().find(fits).or_else(|| services.first());
        let Some(service) = service else {
            return Vec::new();
        };
        let offering = &service["offering_id"];
        let Some(times) = found("free_times", "free_times") else {
            return vec![("free_times", json!({"offering_id": offering}))];
        };
        return match times.first() {
            Some(time) if says(&["book "]) => {
                let with = json!({
                    "offering_id": offering, "staff_id": time["staff_id"], "starts_at": time["starts_at"],
                });
                vec![("ask_to_book", with)]
            }
            _ => Vec::new(),
        };
    }
    let mut all = Vec::new();
    if cart {
        all.push(("show_cart", json!({})));
    }
    if says(&["my order", "my last order", "my parcel"]) {
        all.push(("order_status", json!({})));
    }
    if says(&["my subscription", "my plan"]) {
        all.push(("subscription_status", json!({})));
    }
    if says(&["real person", "human being", "speak to somebody"]) {
        all.push(("hand_over", json!({})));
    }
    all
}

/// The words of a wish that may name a product.
fn product(asked: &str) -> String {
    const OTHER: [&str; 22] = [
        "add", "put", "please", "can", "you", "to", "my", "the", "into", "in", "cart", "basket",
        "of", "some", "a", "an", "one", "two", "three", "bags", "and", "me",
    ];
    let words = asked.split(|c: char| !c.is_alphanumeric());
    let words = words
        .filter(|word| !word.is_empty() && !OTHER.contains(word) && word.parse::<u32>().is_err());
    words.collect::<Vec<_>>().join(" ")
}

fn number(asked: &str) -> u32 {
    let words = asked.split(|c: char| !c.is_alphanumeric());
    let mut numbers = words.filter_map(|word| match word {
        "two" => Some(2),
        "three" => Some(3),
        digits => digits.parse().ok(),
    });
    numbers.next().unwrap_or(1)
}

/// What the model says of the results of its calls. `None`: it has called nothing for these words.
pub(super) fn told(messages: &[Value]) -> Option<String> {
    let done = results(messages);
    let (_, last) = done.last()?;
    let mut lines = Vec::new();
    tell(last, &mut lines);
    lines.truncate(6);
    if lines.is_empty() {
        lines.push("Here it is.".into());
    }
    Some(lines.join("\n"))
}

/// One line for each object, without ids and notes to the model.
fn tell(value: &Value, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let plain = |value: &Value| match value {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
            let said = fields
                .iter()
                .filter(|(name, _)| !name.ends_with("_id") && *name != "note");
            let said: Vec<String> = said
                .filter_map(|(name, value)| {
                    Some(format!("{}: {}", name.replace('_', " "), plain(value)?))
                })
                .collect();
            if !said.is_empty() {
                lines.push(said.join(", "));
            }
            for value in fields.values() {
                if plain(value).is_none() {
                    tell(value, lines);
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|one| tell(one, lines)),
        Value::String(text) => lines.push(text.clone()),
        _ => {}
    }
}
