//! Filling in the parts of a template, with the codes that Meta refuses a message with.

use serde_json::{Value, json};

use super::{errors::Refusal, templates::Template};
use crate::chats::Choice;

/// Returns the URLs of the buttons, and the quick replies. Meta makes the button of an authentication template itself.
pub(super) fn buttons(
    template: &Template,
    asked: &Value,
) -> Result<(Vec<String>, Vec<Choice>), Refusal> {
    let given = |index: usize, kind: &str| {
        let components = asked["components"].as_array().into_iter().flatten();
        let mut own = components.filter(|part| {
            let at = part["index"].as_str().and_then(|at| at.parse().ok());
            part["type"] == "button" && at.or(part["index"].as_u64()) == Some(index as u64)
        });
        own.find(|part| part["sub_type"] == kind)
            .map(|part| part["parameters"][0].clone())
    };
    let parts = asked["components"].as_array().into_iter().flatten();
    for part in parts.filter(|part| part["type"] == "button") {
        let at = part["index"].as_str().and_then(|at| at.parse().ok());
        let at = at.or(part["index"].as_u64()).unwrap_or(u64::MAX);
        let button = usize::try_from(at)
            .ok()
            .and_then(|at| template.buttons.get(at));
        let kind = button.and_then(|button| button["type"].as_str());
        let takes = matches!(
            (part["sub_type"].as_str(), kind),
            (Some("quick_reply"), Some("QUICK_REPLY"))
                | (Some("url"), Some("URL" | "OTP"))
                | (Some("copy_code"), Some("COPY_CODE"))
                | (Some("flow"), Some("FLOW"))
                | (Some("catalog"), Some("CATALOG"))
        );
        // Meta makes the button of an authentication template itself: it is in no list.
        if !takes && template.category != "AUTHENTICATION" {
            let details = format!("buttons: the button at index {at} takes no such parameter");
            return Err(Refusal::new(132_018, details));
        }
    }
    let (mut links, mut choices) = (Vec::new(), Vec::new());
    for (index, button) in template.buttons.iter().enumerate() {
        let title = button["text"].as_str().unwrap_or_default().to_owned();
        match button["type"].as_str() {
            Some("QUICK_REPLY") => {
                let payload = given(index, "quick_reply");
                let payload = payload.as_ref().and_then(|given| given["payload"].as_str());
                choices.push(Choice {
                    // Meta: without a payload, the button's text comes back.
                    id: payload.unwrap_or(&title).to_owned(),
                    title,
                    description: None,
                });
            }
            Some("URL") => {
                let url = button["url"].as_str().unwrap_or_default();
                let end = given(index, "url");
                let end = end.as_ref().and_then(|given| given["text"].as_str());
                let url = match (url.contains("{{1}}"), end) {
                    (false, _) => url.to_owned(),
                    (true, Some(end)) if !end.is_empty() => url.replace("{{1}}", end),
                    (true, _) => {
                        let details = format!(
                            "buttons: Button at index {index} of type Url requires a parameter"
                        );
                        return Err(Refusal::new(131_008, details));
                    }
                };
                links.push(format!("{title}: {url}"));
            }
            Some("COPY_CODE") => {
                let code = given(index, "copy_code");
                let code = code
                    .as_ref()
                    .and_then(|given| given["coupon_code"].as_str());
                match code.filter(|code| !code.is_empty()) {
                    Some(code) => links.push(format!("{title}: {code}")),
                    None => {
                        let details = format!(
                            "buttons: Button at index {index} of type CopyCode requires a parameter"
                        );
                        return Err(Refusal::new(131_008, details));
                    }
                }
            }
            Some("FLOW") => {
                if given(index, "flow").is_none_or(|given| given["type"] != "action") {
                    let details = format!(
                        "buttons: Button at index {index} of type Flow requires a parameter"
                    );
                    return Err(Refusal::new(131_008, details));
                }
                links.push(title);
            }
            _ => {}
        }
    }
    Ok((links, choices))
}

/// The part of a message for a part of the template.
pub(super) fn component<'a>(asked: &'a Value, part: &Value) -> Option<&'a Value> {
    let kind = part["type"].as_str()?;
    let all = asked["components"].as_array()?;
    let mut all = all.iter();
    all.find(|one| {
        one["type"]
            .as_str()
            .is_some_and(|given| given.eq_ignore_ascii_case(kind))
    })
}

/// The line above the body.
pub(super) fn header(template: &Template, asked: &Value) -> Result<Option<String>, Refusal> {
    let Some(format) = &template.header_format else {
        let text = template.header.as_deref();
        return text.map(|text| part("header", text, asked)).transpose();
    };
    let given = component(asked, &json!({"type": "header"}));
    let given = given.map(|part| &part["parameters"][0]);
    let kind = format.to_lowercase();
    let received = given.and_then(|given| given["type"].as_str());
    if received != Some(kind.as_str()) {
        let received = received.unwrap_or("UNKNOWN").to_uppercase();
        let details = format!("header: Format mismatch, expected {format}, received {received}");
        return Err(Refusal::new(132_012, details));
    }
    let file = given.map(|given| &given[kind.as_str()]);
    if kind == "location" {
        return place(file.unwrap_or(&Value::Null)).map(Some);
    }
    let link = file.and_then(|file| file["link"].as_str().or(file["id"].as_str()));
    match link {
        Some(link) if !link.is_empty() => Ok(Some(format!("[{kind}] {link}"))),
        _ => {
            let details = format!("Parameter '{kind}' must have 'link' or 'id'");
            Err(Refusal::new(131_008, details))
        }
    }
}

/// The line of a map. Meta takes the degrees as numbers or as their texts.
fn place(given: &Value) -> Result<String, Refusal> {
    for (key, most) in [("latitude", 90.0), ("longitude", 180.0)] {
        let degrees = match &given[key] {
            Value::String(text) => text.parse().ok(),
            number => number.as_f64(),
        };
        if degrees.is_none_or(|degrees: f64| degrees.abs() > most) {
            let details = format!("Parameter 'location' must have '{key}' in degrees");
            return Err(Refusal::new(131_008, details));
        }
    }
    match (given["name"].as_str(), given["address"].as_str()) {
        (Some(name), Some(address)) if !name.is_empty() && !address.is_empty() => {
            Ok(format!("[location] {name}, {address}"))
        }
        _ => {
            let details = "Parameter 'location' must have 'name' and 'address'";
            Err(Refusal::new(131_008, details))
        }
    }
}

/// Fills in a part of text.
pub(super) fn part(kind: &str, text: &str, asked: &Value) -> Result<String, Refusal> {
    let names = variables(text);
    let named = names.iter().any(|name| name.parse::<u32>().is_err());
    let given = parameters(kind, asked, named)?;
    if given.len() != names.len() {
        let details = format!(
            "{kind}: number of localizable_params ({}) does not match the expected number of params ({})",
            given.len(),
            names.len()
        );
        return Err(Refusal::new(132_000, details));
    }
    if named
        && let Some(missing) = names
            .iter()
            .find(|name| given.iter().all(|(n, _)| n != *name))
    {
        let details = format!("{kind}: no parameter named {missing}");
        return Err(Refusal::new(132_000, details));
    }
    Ok(filled(text, &given))
}

/// The variables of a text, each once: numbers in their order, names in that of the text.
pub(super) fn variables(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        let name = name.trim().to_owned();
        if !all.contains(&name) {
            all.push(name);
        }
        rest = after;
    }
    if all.iter().all(|name| name.parse::<u32>().is_ok()) {
        all.sort_by_key(|name| name.parse::<u32>().unwrap_or_default());
    }
    all
}

/// Fills in the parameters in one pass, so that a parameter's text is not filled in again.
fn filled(body: &str, parameters: &[(String, String)]) -> String {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let end = after.find("}}");
        let name = end.map(|end| after[..end].trim());
        let value = name.and_then(|name| parameters.iter().find(|(known, _)| known == name));
        match (end, value) {
            (Some(end), Some((_, value))) => {
                text.push_str(value);
                rest = &after[end + 2..];
            }
            _ => {
                text.push_str("{{");
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

/// Returns the text parameters of a part, with their numbers or names.
fn parameters(kind: &str, asked: &Value, named: bool) -> Result<Vec<(String, String)>, Refusal> {
    let part = component(asked, &json!({"type": kind}));
    let given = part.and_then(|part| part["parameters"].as_array());
    let mut texts = Vec::new();
    for (parameter, number) in given.into_iter().flatten().zip(1..) {
        if parameter["type"] != "text" {
            let details = format!("{kind}: expected a parameter of type text");
            return Err(Refusal::new(132_012, details));
        }
        let name = match (named, parameter["parameter_name"].as_str()) {
            (false, _) => number.to_string(),
            (true, Some(name)) if !name.is_empty() => name.to_owned(),
            (true, _) => return Err(Refusal::new(100, "Parameter name is missing or empty")),
        };
        let text = parameter["text"].as_str().unwrap_or_default();
        if text.is_empty() {
            return Err(Refusal::new(
                131_008,
                "Parameter of type text is missing text value",
            ));
        }
        if text.contains(['\n', '\r', '\t']) || text.contains("     ") {
            let details =
                "Param text cannot have new-line/tab characters or more than 4 consecutive spaces";
            return Err(Refusal::new(132_018, details));
        }
        texts.push((name, text.to_owned()));
    }
    Ok(texts)
}
