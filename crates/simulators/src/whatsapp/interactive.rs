//! Checks buttons, lists, links and requests for a location as Meta does.
//!
//! Source: Meta, "Interactive reply buttons messages", "Interactive list messages",
//! "Interactive call-to-action URL button messages", "Location request messages". Lengths are in characters.

use std::collections::HashSet;

use serde_json::Value;

use super::validate::{Checked, TEXT, invalid, missing, only, optional, required, value};
use crate::chats::{Choice, Line};

const BUTTONS_BODY: usize = 1_024;
const LIST_BODY: usize = 4_096;
const HEADER_FOOTER: usize = 60;
const BUTTONS: usize = 3;
const BUTTON_ID: usize = 256;
const BUTTON_TITLE: usize = 20;
const URL: usize = 2_000;
const ROWS: usize = 10;
const ROW_ID: usize = 200;
const ROW_TITLE: usize = 24;
const ROW_DESCRIPTION: usize = 72;

pub(super) fn interactive(content: &Value, line: &mut Line) -> Checked {
    only(
        content,
        "interactive",
        &["type", "header", "body", "footer", "action"],
    )?;
    let kind = required(content, "type", "interactive['type']", TEXT)?;
    let limit = match kind {
        "button" | "cta_url" | "location_request_message" => BUTTONS_BODY,
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
    match kind {
        "button" => {
            line.kind = "buttons".into();
            line.buttons = buttons(action)?;
        }
        "cta_url" => {
            line.kind = "cta_url".into();
            let (title, url) = link(action)?;
            line.text = format!("{}\n{title}: {url}", line.text);
        }
        "location_request_message" => {
            line.kind = "location_request".into();
            if action["name"] != "send_location" {
                return Err(value(
                    "Param interactive['action']['name'] must be send_location",
                ));
            }
        }
        _ => {
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
    }
    Ok(())
}

/// Returns the text and the URL of the one button that opens a page.
fn link(action: &Value) -> Checked<(&str, &str)> {
    only(action, "action", &["name", "parameters"])?;
    if action["name"] != "cta_url" {
        return Err(value("Param interactive['action']['name'] must be cta_url"));
    }
    let given = &action["parameters"];
    only(given, "parameters", &["display_text", "url"])?;
    let title = required(
        given,
        "display_text",
        "parameters['display_text']",
        BUTTON_TITLE,
    )?;
    let url = required(given, "url", "parameters['url']", URL)?;
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(value("Param parameters['url'] is not a valid URL"));
    }
    Ok((title, url))
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
