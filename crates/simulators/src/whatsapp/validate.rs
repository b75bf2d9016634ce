//! What Meta accepts in a request to `messages`, and what it refuses with which code.
//!
//! Source: Meta, "Messages" reference, "Interactive reply buttons", "Interactive lists". Lengths are in characters.

use std::collections::HashSet;

use serde_json::Value;

use super::errors::Refusal;
use crate::chats::{Choice, Line};

const TEXT: usize = 4_096;
const CAPTION: usize = 1_024;
const CALLBACK: usize = 512;
const BUTTONS_BODY: usize = 1_024;
const LIST_BODY: usize = 4_096;
const HEADER_FOOTER: usize = 60;
const BUTTONS: usize = 3;
const BUTTON_ID: usize = 256;
const BUTTON_TITLE: usize = 20;
const ROWS: usize = 10;
const ROW_ID: usize = 200;
const ROW_TITLE: usize = 24;
const ROW_DESCRIPTION: usize = 72;

type Checked<T = ()> = Result<T, Refusal>;

/// A message that Meta would accept, as the phone will show it.
#[derive(Debug)]
pub(crate) struct Outgoing {
    /// As asked.
    pub to: String,
    /// Digits, or a user id.
    pub recipient: String,
    /// Without id, time, status; a template's text is not filled in.
    pub line: Line,
    pub callback: Option<String>,
    /// The request's `template`.
    pub template: Option<Value>,
}

pub(crate) fn outgoing(body: &Value) -> Checked<Outgoing> {
    match body["messaging_product"].as_str() {
        Some(product) if product.eq_ignore_ascii_case("whatsapp") => {}
        None => return Err(invalid("The parameter messaging_product is required.")),
        Some(_) => return Err(invalid("Param messaging_product must be one of {WHATSAPP}")),
    }
    if let Some(kind) = body["recipient_type"].as_str()
        && kind != "individual"
    {
        return Err(value("recipient_type must be individual"));
    }
    let to = required(body, "to", "to", usize::MAX)?;
    let recipient = recipient(to)?;
    let callback = optional(body, "biz_opaque_callback_data", CALLBACK)?;
    let mut line = Line {
        direction: "in".into(),
        ..Line::default()
    };
    line.context = body["context"]["message_id"].as_str().map(str::to_owned);
    let kind = body["type"].as_str().unwrap_or("text");
    let content = &body[kind];
    if MESSAGE_TYPES.contains(&kind) && !content.is_object() {
        return Err(missing(&format!(
            "Parameter '{kind}' is required for type {kind}"
        )));
    }
    kind.clone_into(&mut line.kind);
    match kind {
        "text" => {
            only(content, kind, &["body", "preview_url"])?;
            line.text = required(content, "body", "text['body']", TEXT)?.to_owned();
        }
        "image" | "video" | "document" | "audio" | "sticker" => media(content, kind, &mut line)?,
        "interactive" => interactive(content, &mut line)?,
        "location" => {
            for key in ["latitude", "longitude"] {
                if content[key].is_null() {
                    return Err(missing(&format!("Parameter 'location.{key}' is required")));
                }
            }
        }
        "reaction" => {
            let message = required(content, "message_id", "reaction['message_id']", usize::MAX)?;
            line.context = Some(message.to_owned());
            line.text = content["emoji"].as_str().unwrap_or_default().to_owned();
        }
        "contacts" => {}
        "template" => {
            only(
                content,
                kind,
                &["name", "language", "components", "namespace"],
            )?;
            required(content, "name", "template['name']", TEXT)?;
            required(
                &content["language"],
                "code",
                "template['language']['code']",
                TEXT,
            )?;
        }
        other => {
            return Err(Refusal::new(
                131_051,
                format!("Message type {other} is not supported"),
            ));
        }
    }
    let template = (kind == "template").then(|| content.clone());
    let to = to.to_owned();
    Ok(Outgoing {
        to,
        recipient,
        line,
        callback: callback.map(str::to_owned),
        template,
    })
}

const MESSAGE_TYPES: [&str; 11] = [
    "text",
    "image",
    "video",
    "document",
    "audio",
    "sticker",
    "interactive",
    "location",
    "reaction",
    "contacts",
    "template",
];

/// A phone in any usual spelling, or a user id like `US.1349…`.
fn recipient(to: &str) -> Checked<String> {
    if let Some((country, rest)) = to.split_once('.')
        && country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        return Ok(to.to_owned());
    }
    let digits: String = to.chars().filter(char::is_ascii_digit).collect();
    let others = to
        .chars()
        .any(|c| !c.is_ascii_digit() && !"+-() ".contains(c));
    // E.164: at most 15.
    if others || !(7..=15).contains(&digits.len()) {
        return Err(value("Param to is not a valid phone number"));
    }
    Ok(digits)
}

fn media(content: &Value, kind: &str, line: &mut Line) -> Checked {
    let known: &[&str] = match kind {
        "document" => &["id", "link", "caption", "filename"],
        "audio" | "sticker" => &["id", "link", "voice"],
        _ => &["id", "link", "caption"],
    };
    only(content, kind, known)?;
    match (content["link"].as_str(), content["id"].as_str()) {
        (Some(link), None) if link.starts_with("http://") || link.starts_with("https://") => {
            line.image_url = (kind == "image").then(|| link.to_owned());
        }
        (Some(_), None) => return Err(value(&format!("Param {kind}['link'] is not a valid URL"))),
        (None, Some(id)) if !id.is_empty() => {}
        (Some(_), Some(_)) => {
            return Err(invalid(&format!(
                "Param {kind} must have either 'link' or 'id', not both"
            )));
        }
        _ => {
            return Err(missing(&format!(
                "Parameter '{kind}' must have 'link' or 'id'"
            )));
        }
    }
    line.text = optional(content, "caption", CAPTION)?
        .unwrap_or_default()
        .to_owned();
    Ok(())
}

fn interactive(content: &Value, line: &mut Line) -> Checked {
    only(
        content,
        "interactive",
        &["type", "header", "body", "footer", "action"],
    )?;
    let kind = required(content, "type", "interactive['type']", TEXT)?;
    let limit = match kind {
        "button" => BUTTONS_BODY,
        "list" => LIST_BODY,
        other => {
            return Err(invalid(&format!(
                "Param interactive['type'] {other} is not supported"
            )));
        }
    };
    line.text = required(
        &content["body"],
        "text",
        "interactive['body']['text']",
        limit,
    )?
    .to_owned();
    if !content["header"].is_null() {
        let header = required(
            &content["header"],
            "type",
            "interactive['header']['type']",
            TEXT,
        )?;
        if header == "text" {
            required(
                &content["header"],
                "text",
                "interactive['header']['text']",
                HEADER_FOOTER,
            )?;
        } else if kind == "list" {
            return Err(value("The header of a list must be of type text"));
        }
    }
    if !content["footer"].is_null() {
        required(
            &content["footer"],
            "text",
            "interactive['footer']['text']",
            HEADER_FOOTER,
        )?;
    }
    let action = &content["action"];
    if !action.is_object() {
        return Err(missing("Parameter 'interactive.action' is required"));
    }
    if kind == "button" {
        line.kind = "buttons".into();
        line.buttons = buttons(action)?;
    } else {
        line.kind = "list".into();
        let label = required(
            action,
            "button",
            "interactive['action']['button']",
            BUTTON_TITLE,
        )?;
        line.list_button = Some(label.to_owned());
        line.rows = rows(action)?;
    }
    Ok(())
}

fn buttons(action: &Value) -> Checked<Vec<Choice>> {
    only(action, "action", &["buttons"])?;
    let given = action["buttons"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if !(1..=BUTTONS).contains(&given.len()) {
        return Err(value(&format!(
            "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {BUTTONS}"
        )));
    }
    let mut buttons = Vec::new();
    for button in given {
        if button["type"] != "reply" {
            return Err(value("Button type must be reply"));
        }
        let reply = &button["reply"];
        only(reply, "reply", &["id", "title"])?;
        let id = required(reply, "id", "button reply['id']", BUTTON_ID)?;
        if id.trim() != id {
            return Err(value("Button id cannot have leading or trailing spaces"));
        }
        let title = required(reply, "title", "button reply['title']", BUTTON_TITLE)?;
        buttons.push(Choice {
            id: id.to_owned(),
            title: title.to_owned(),
            description: None,
        });
    }
    distinct(buttons.iter().map(|button| &button.id), "button id")?;
    distinct(buttons.iter().map(|button| &button.title), "button title")?;
    Ok(buttons)
}

fn rows(action: &Value) -> Checked<Vec<Choice>> {
    only(action, "action", &["button", "sections"])?;
    let sections = action["sections"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if !(1..=ROWS).contains(&sections.len()) {
        return Err(value(&format!(
            "Sections count must be between 1 and {ROWS}"
        )));
    }
    let mut rows = Vec::new();
    for section in sections {
        only(section, "section", &["title", "rows"])?;
        if sections.len() > 1 {
            required(section, "title", "section['title']", ROW_TITLE)?;
        } else {
            optional(section, "title", ROW_TITLE)?;
        }
        let given = section["rows"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        if given.is_empty() {
            return Err(missing("Parameter 'rows' is required in every section"));
        }
        for row in given {
            only(row, "row", &["id", "title", "description"])?;
            let description = optional(row, "description", ROW_DESCRIPTION)?;
            rows.push(Choice {
                id: required(row, "id", "row['id']", ROW_ID)?.to_owned(),
                title: required(row, "title", "row['title']", ROW_TITLE)?.to_owned(),
                description: description.map(str::to_owned),
            });
        }
    }
    if rows.len() > ROWS {
        return Err(value(&format!(
            "Total row count exceed max allowed count: {ROWS}"
        )));
    }
    distinct(rows.iter().map(|row| &row.id), "row id")?;
    Ok(rows)
}

fn distinct<'a>(mut all: impl Iterator<Item = &'a String>, what: &str) -> Checked {
    let mut seen = HashSet::new();
    match all.find(|one| !seen.insert(one.as_str())) {
        Some(_) => Err(value(&format!("Duplicated {what}"))),
        None => Ok(()),
    }
}

fn required<'a>(object: &'a Value, key: &str, name: &str, limit: usize) -> Checked<&'a str> {
    let text = match &object[key] {
        Value::String(text) => text.as_str(),
        Value::Null => "",
        _ => return Err(invalid(&format!("Param {name} must be a string."))),
    };
    if text.trim().is_empty() {
        // The top level is checked by the Graph API itself, before WhatsApp sees it.
        let details = format!("The parameter {name} is required.");
        return Err(if name == key {
            invalid(&details)
        } else {
            missing(&details)
        });
    }
    within(text, name, limit)
}

fn optional<'a>(object: &'a Value, key: &str, limit: usize) -> Checked<Option<&'a str>> {
    match &object[key] {
        Value::Null => Ok(None),
        Value::String(text) => within(text, key, limit).map(Some),
        _ => Err(invalid(&format!("Param {key} must be a string."))),
    }
}

fn within<'a>(text: &'a str, name: &str, limit: usize) -> Checked<&'a str> {
    if text.chars().count() > limit {
        return Err(invalid(&format!(
            "Param {name} must be at most {limit} characters long."
        )));
    }
    Ok(text)
}

fn only(object: &Value, name: &str, known: &[&str]) -> Checked {
    let mut keys = object.as_object().into_iter().flat_map(|map| map.keys());
    match keys.find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(invalid(&format!(
            "Unexpected key \"{key}\" on param \"{name}\"."
        ))),
        None => Ok(()),
    }
}

fn invalid(details: &str) -> Refusal {
    Refusal::new(100, details)
}

fn missing(details: &str) -> Refusal {
    Refusal::new(131_008, details)
}

fn value(details: &str) -> Refusal {
    Refusal::new(131_009, details)
}
