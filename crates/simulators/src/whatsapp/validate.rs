//! Checks requests to `messages`: which ones Meta accepts, and with which code it refuses the others.
//!
//! Source: Meta, "Messages" reference. Lengths are in characters.

use serde_json::Value;

use super::{errors::Refusal, interactive::interactive};
use crate::chats::Line;

pub(super) const TEXT: usize = 4_096;
const CAPTION: usize = 1_024;
const CALLBACK: usize = 512;

pub(super) type Checked<T = ()> = Result<T, Refusal>;

/// A message that Meta would accept, as the phone will show it.
#[derive(Debug)]
pub(crate) struct Outgoing {
    /// The recipient as the request wrote it.
    pub to: String,
    /// Only digits, or a user id.
    pub recipient: String,
    /// The line without id, time and status. A template's text is not filled in yet.
    pub line: Line,
    pub callback: Option<String>,
    /// The request's `template`.
    pub template: Option<Value>,
    /// The id of an uploaded file.
    pub media: Option<String>,
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
    // With both, Meta goes by `to`.
    let (to, recipient) = match (&body["to"], &body["recipient"]) {
        (Value::Null, Value::String(user)) => (user.as_str(), user_id(user)?),
        _ => {
            let to = required(body, "to", "to", usize::MAX)?;
            (to, number(to)?)
        }
    };
    let callback = optional(body, "biz_opaque_callback_data", CALLBACK)?;
    let mut line = Line {
        direction: "in".into(),
        ..Line::default()
    };
    line.context = body["context"]["message_id"].as_str().map(str::to_owned);
    let kind = body["type"].as_str().unwrap_or("text");
    let content = &body[kind];
    if MESSAGE_TYPES.contains(&kind) && kind != "contacts" && !content.is_object() {
        return Err(missing(&format!(
            "Parameter '{kind}' is required for type {kind}"
        )));
    }
    kind.clone_into(&mut line.kind);
    match kind {
        "text" => {
            only(content, kind, &["body", "preview_url"])?;
            let preview = &content["preview_url"];
            if !(preview.is_null()
                || preview.is_boolean()
                || preview == "true"
                || preview == "false")
            {
                return Err(invalid("Param text['preview_url'] must be a boolean."));
            }
            line.text = required(content, "body", "text['body']", TEXT)?.to_owned();
        }
        "image" | "video" | "document" | "audio" | "sticker" => media(content, kind, &mut line)?,
        "interactive" => interactive(content, &mut line)?,
        "location" => {
            for (key, most) in [("latitude", 90.0), ("longitude", 180.0)] {
                // Meta takes numbers and their texts.
                let degrees = match &content[key] {
                    Value::Null => {
                        return Err(missing(&format!("Parameter 'location.{key}' is required")));
                    }
                    Value::String(text) => text.parse().ok(),
                    number => number.as_f64(),
                };
                if !degrees.is_some_and(|degrees: f64| degrees.abs() <= most) {
                    let words = format!("Param location['{key}'] must be a number of degrees");
                    return Err(value(&words));
                }
            }
        }
        "reaction" => {
            let message = required(content, "message_id", "reaction['message_id']", usize::MAX)?;
            line.context = Some(message.to_owned());
            line.text = content["emoji"].as_str().unwrap_or_default().to_owned();
        }
        "contacts" => line.text = cards(content)?,
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
    let media = MEDIA_TYPES.contains(&kind).then(|| content["id"].as_str());
    let media = media.flatten().map(str::to_owned);
    let to = to.to_owned();
    Ok(Outgoing {
        to,
        recipient,
        line,
        callback: callback.map(str::to_owned),
        template,
        media,
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

const MEDIA_TYPES: [&str; 5] = ["image", "video", "document", "audio", "sticker"];

/// Returns the names on the cards of contacts.
fn cards(content: &Value) -> Checked<String> {
    let cards = match content {
        Value::Array(cards) if !cards.is_empty() => cards,
        Value::Array(_) | Value::Null => {
            return Err(missing(
                "Parameter 'contacts' is required for type contacts",
            ));
        }
        _ => return Err(invalid("Param contacts must be an array.")),
    };
    let names = cards.iter().map(|card| {
        let name = &card["name"];
        required(
            name,
            "formatted_name",
            "contacts['name']['formatted_name']",
            TEXT,
        )
    });
    Ok(names.collect::<Checked<Vec<&str>>>()?.join(", "))
}

/// Reads a user id like `US.1349…`.
fn user_id(user: &str) -> Checked<String> {
    let fits = user.split_once('.').is_some_and(|(country, rest)| {
        country.len() == 2
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
            && !rest.is_empty()
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
    });
    match fits {
        true => Ok(user.to_owned()),
        false => Err(value(
            "Param recipient is not a valid business-scoped user ID",
        )),
    }
}

/// Reads a phone number in any usual spelling. A user id is none: it belongs into `recipient`.
fn number(to: &str) -> Checked<String> {
    let digits: String = to.chars().filter(char::is_ascii_digit).collect();
    let others = to
        .chars()
        .any(|c| !c.is_ascii_digit() && !"+-() ".contains(c));
    // E.164 allows at most 15 digits.
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

pub(super) fn required<'a>(
    object: &'a Value,
    key: &str,
    name: &str,
    limit: usize,
) -> Checked<&'a str> {
    let text = match &object[key] {
        Value::String(text) => text.as_str(),
        Value::Null => "",
        _ => return Err(invalid(&format!("Param {name} must be a string."))),
    };
    if text.trim().is_empty() {
        // The Graph API itself checks the top level, before WhatsApp reads the request.
        let details = format!("The parameter {name} is required.");
        return Err(if name == key {
            invalid(&details)
        } else {
            missing(&details)
        });
    }
    within(text, name, limit)
}

pub(super) fn optional<'a>(object: &'a Value, key: &str, limit: usize) -> Checked<Option<&'a str>> {
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

pub(super) fn only(object: &Value, name: &str, known: &[&str]) -> Checked {
    let mut keys = object.as_object().into_iter().flat_map(|map| map.keys());
    match keys.find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(invalid(&format!(
            "Unexpected key \"{key}\" on param \"{name}\"."
        ))),
        None => Ok(()),
    }
}

pub(super) fn invalid(details: &str) -> Refusal {
    Refusal::new(100, details)
}

pub(super) fn missing(details: &str) -> Refusal {
    Refusal::new(131_008, details)
}

pub(super) fn missing_media(details: &str) -> Refusal {
    Refusal::new(131_053, details)
}

pub(super) fn value(details: &str) -> Refusal {
    Refusal::new(131_009, details)
}
