//! `/{account}/message_templates`: lists, makes and deletes templates, as strict as Meta, and reviews them. A review
//! ends by itself or when a test ends it.
//!
//! Source: Meta, "Message templates" of the WhatsApp Business Management API.

use std::sync::Arc;

use axum::http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{Number, errors::Refusal, templates::Template};
use crate::{
    World,
    delivery::{Content, Event},
    lock,
    server::{Call, Reply},
};

/// Templates on one page, unless the request asks for another number.
const PAGE_TEMPLATES: usize = 25;
/// The most templates of one account (Meta).
const MAX_TEMPLATES: usize = 250;
const BODY: usize = 1_024;
const HEADER_FOOTER: usize = 60;
const BUTTONS: usize = 10;
const BUTTON_TEXT: usize = 25;

/// A change of a template: Meta decides about it, or customers rate it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateChange {
    pub name: String,
    /// A code like `en_US`.
    pub language: String,
    /// Like `APPROVED`, `REJECTED`, `PAUSED` or `DISABLED`.
    pub status: Option<String>,
    pub reason: Option<String>,
    /// `GREEN`, `YELLOW` or `RED`.
    pub quality: Option<String>,
    /// Meta's category, when it differs from the request.
    pub category: Option<String>,
}

pub(super) fn manage(world: &Arc<World>, call: &Call, business: &str) -> Reply {
    let answer = match call.method {
        Method::GET => list(world, call, business),
        Method::DELETE => delete(world, call, business),
        _ => create(world, call, business),
    };
    answer.unwrap_or_else(|refusal| refusal.reply())
}

fn refused<T>(details: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(100, details))
}

/// Returns a decoded value of the query.
pub(super) fn asked(call: &Call, key: &str) -> Option<String> {
    let url = reqwest::Url::parse(&format!("http://localhost/?{}", call.query)).ok()?;
    url.query_pairs()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value.into_owned())
}

/// `after` is the id of the last template on the page before.
fn list(world: &World, call: &Call, business: &str) -> Result<Reply, Refusal> {
    let limit = match asked(call, "limit").map(|limit| limit.parse::<usize>()) {
        None => PAGE_TEMPLATES,
        Some(Ok(limit)) if (1..=1_000).contains(&limit) => limit,
        Some(_) => return refused("Param limit must be a number between 1 and 1000"),
    };
    let (name, status) = (asked(call, "name"), asked(call, "status"));
    let mut templates = lock(&world.templates);
    let all: Vec<&super::templates::Kept> = templates
        .of(business)
        .iter()
        .filter(|kept| {
            name.as_deref()
                .is_none_or(|name| kept.template.name == name)
                && status
                    .as_deref()
                    .is_none_or(|status| kept.template.status == status)
        })
        .collect();
    let start = match asked(call, "after") {
        None => 0,
        Some(after) => match all.iter().position(|kept| kept.id == after) {
            Some(at) => at + 1,
            None => return refused("Param after is not a cursor of this list"),
        },
    };
    let page = all.iter().skip(start).take(limit);
    let data: Vec<Value> = page.map(|kept| kept.view()).collect();
    let mut paging = json!({});
    if let Some(last) = data.last() {
        paging["cursors"] = json!({"before": data[0]["id"], "after": last["id"]});
        if start + data.len() < all.len() {
            paging["next"] = format!("{}{}", world.url(), call.path).into();
        }
    }
    Ok(Reply::json(200, json!({"data": data, "paging": paging})))
}

fn delete(world: &World, call: &Call, business: &str) -> Result<Reply, Refusal> {
    let Some(name) = asked(call, "name") else {
        return refused("The parameter name is required.");
    };
    let id = asked(call, "hsm_id");
    let mut templates = lock(&world.templates);
    let all = templates.of(business);
    let before = all.len();
    all.retain(|kept| kept.template.name != name || id.as_ref().is_some_and(|id| *id != kept.id));
    match all.len() == before {
        true => refused("Message Template was not found"),
        false => Ok(Reply::json(200, json!({"success": true}))),
    }
}

fn create(world: &Arc<World>, call: &Call, business: &str) -> Result<Reply, Refusal> {
    let template = read(&call.json)?;
    let (name, language) = (template.name.clone(), template.language.clone());
    let category = template.category.clone();
    let id = {
        let mut templates = lock(&world.templates);
        if templates.find(business, &name, &language).is_some() {
            return refused("Content in this language already exists for this template");
        }
        if templates.of(business).len() >= MAX_TEMPLATES {
            return refused("The account has the most templates that it may have");
        }
        templates.add(business, template)
    };
    if let Some(wait) = world.options.template_review {
        let (later, business) = (world.clone(), business.to_owned());
        let ticket = world.office.ticket();
        world.office.spawn(async move {
            sleep(wait).await;
            let approved = TemplateChange {
                name,
                language,
                status: Some("APPROVED".into()),
                ..TemplateChange::default()
            };
            change(&later, &business, &approved);
            drop(ticket);
        });
    }
    Ok(Reply::json(
        200,
        json!({"id": id, "status": "PENDING", "category": category}),
    ))
}

fn read(asked: &Value) -> Result<Template, Refusal> {
    let text = |key: &str| asked[key].as_str().unwrap_or_default().to_owned();
    let (name, language, category) = (text("name"), text("language"), text("category"));
    let small = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if !(1..=512).contains(&name.len()) || !name.bytes().all(small) {
        return refused("name must be lower case letters, digits and underscores, at most 512");
    }
    let locale = language.split('_').enumerate().all(|(n, part)| {
        let letters = part.bytes().all(|b| b.is_ascii_alphabetic());
        letters && part.len() >= 2 && (n > 0 || part.len() <= 3)
    });
    if !locale {
        return refused("language is required, like en or en_US");
    }
    if !["UTILITY", "MARKETING", "AUTHENTICATION"].contains(&category.as_str()) {
        return refused("category must be one of {UTILITY, MARKETING, AUTHENTICATION}");
    }
    let mut template = Template {
        name,
        language,
        category,
        status: "PENDING".into(),
        ..Template::default()
    };
    let mut seen = Vec::new();
    for part in asked["components"].as_array().into_iter().flatten() {
        let kind = part["type"].as_str().unwrap_or_default();
        if seen.contains(&kind) {
            return refused(format!("components: more than one {kind}"));
        }
        seen.push(kind);
        let text = part["text"].as_str().unwrap_or_default().to_owned();
        let length = text.chars().count();
        match kind {
            "HEADER" => {
                if part["format"] != "TEXT" || !(1..=HEADER_FOOTER).contains(&length) {
                    return refused("HEADER: format TEXT with 1 to 60 characters is supported");
                }
                let example = part["example"]["header_text"]
                    .as_array()
                    .map_or(0, Vec::len);
                if variables("HEADER", &text)? > 1 || variables("HEADER", &text)? != example {
                    return refused("HEADER: one variable at most, with its example");
                }
                template.header = Some(text);
            }
            "BODY" => {
                if !(1..=BODY).contains(&length) {
                    return refused("a BODY of at most 1024 characters is required");
                }
                let trimmed = text.trim();
                if trimmed.starts_with("{{") || trimmed.ends_with("}}") {
                    return refused("BODY: a variable cannot be at the start or the end");
                }
                let example = &part["example"]["body_text"][0];
                let given = example.as_array().map_or(0, Vec::len);
                let empty = example.as_array().into_iter().flatten();
                let empty = empty.filter(|one| one.as_str().is_none_or(str::is_empty));
                if variables("BODY", &text)? != given || empty.count() > 0 {
                    return refused("BODY: each variable needs an example");
                }
                template.body = text;
            }
            "FOOTER" => {
                if !(1..=HEADER_FOOTER).contains(&length) || text.contains("{{") {
                    return refused("FOOTER: 1 to 60 characters without variables");
                }
                template.footer = Some(text);
            }
            "BUTTONS" => {
                template.buttons = part["buttons"].as_array().cloned().unwrap_or_default();
                if !(1..=BUTTONS).contains(&template.buttons.len()) {
                    return refused("BUTTONS: 1 to 10 buttons");
                }
                for button in &template.buttons {
                    check_button(button)?;
                }
            }
            other => return refused(format!("components: unknown type {other:?}")),
        }
    }
    match template.body.is_empty() {
        true => refused("a BODY of at most 1024 characters is required"),
        false => Ok(template),
    }
}

fn check_button(button: &Value) -> Result<(), Refusal> {
    let kind = button["type"].as_str().unwrap_or_default();
    let text = button["text"].as_str().unwrap_or_default();
    if !(1..=BUTTON_TEXT).contains(&text.chars().count()) {
        return refused("BUTTONS: a text of 1 to 25 characters is required");
    }
    match kind {
        "QUICK_REPLY" => Ok(()),
        "PHONE_NUMBER" if button["phone_number"].is_string() => Ok(()),
        "URL" => {
            let url = button["url"].as_str().unwrap_or_default();
            let variables = variables("URL", url)?;
            let example = button["example"].as_array().map_or(0, Vec::len);
            let ends = variables == 0 || url.ends_with("{{1}}");
            if !url.starts_with("https://") || variables > 1 || variables != example || !ends {
                return refused(
                    "BUTTONS: an https URL, with at most one variable at its end and an example of it",
                );
            }
            Ok(())
        }
        _ => refused("BUTTONS: type must be one of {QUICK_REPLY, URL, PHONE_NUMBER}"),
    }
}

/// Counts the variables of a text. They must be `{{1}}`, `{{2}}` … without a gap.
fn variables(part: &str, text: &str) -> Result<usize, Refusal> {
    let wanted = (1..)
        .take_while(|n| text.contains(&format!("{{{{{n}}}}}")))
        .count();
    let marks = text.matches("{{").count();
    let known = (1..=wanted).map(|n| text.matches(&format!("{{{{{n}}}}}")).count());
    match marks == known.sum::<usize>() {
        true => Ok(wanted),
        false => refused(format!(
            "{part}: variables must be {{{{1}}}}, {{{{2}}}} … without a gap"
        )),
    }
}

/// Changes a template and tells the business. Returns `false` when the template does not exist.
pub(crate) fn change(world: &Arc<World>, business: &str, change: &TemplateChange) -> bool {
    let (id, old) = {
        let mut templates = lock(&world.templates);
        let Some(kept) = templates.find(business, &change.name, &change.language) else {
            return false;
        };
        if let Some(status) = &change.status {
            kept.template.status.clone_from(status);
            kept.reason.clone_from(&change.reason);
        }
        if let Some(quality) = &change.quality {
            kept.quality.clone_from(quality);
        }
        let old = kept.template.category.clone();
        if let Some(category) = &change.category {
            kept.template.category.clone_from(category);
        }
        (kept.id.clone(), old)
    };
    let about = |field: &str, more: Value| {
        let mut value = json!({
            "message_template_id": id.parse::<u64>().unwrap_or_default(),
            "message_template_name": change.name,
            "message_template_language": change.language,
        });
        if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
            value.extend(more);
        }
        tell(world, business, field, value);
    };
    if let Some(status) = &change.status {
        let reason = change.reason.as_deref().unwrap_or("NONE");
        about(
            "message_template_status_update",
            json!({"event": status, "reason": reason}),
        );
    }
    if let Some(quality) = &change.quality {
        about(
            "message_template_quality_update",
            json!({"previous_quality_score": "UNKNOWN", "new_quality_score": quality}),
        );
    }
    if let Some(category) = &change.category {
        about(
            "template_category_update",
            json!({"previous_category": old, "new_category": category}),
        );
    }
    true
}

/// Sends a webhook of the account through one of its numbers.
fn tell(world: &Arc<World>, business: &str, field: &str, value: Value) {
    let numbers: Vec<Arc<Number>> = lock(&world.numbers).values().cloned().collect();
    let own = numbers
        .iter()
        .filter(|number| number.account.business_account_id == business)
        .min_by(|a, b| a.account.phone_number_id.cmp(&b.account.phone_number_id));
    if let Some(number) = own {
        // Meta's time has whole seconds, so a receiver takes the same news of the same second for a repetition. Nobody at
        // Meta decides twice in a second, but a test does.
        let mut last = lock(&number.last_news);
        let time = chrono::Utc::now().timestamp().max(*last + 1);
        *last = time;
        let content = Content::Account {
            field: field.to_owned(),
            value,
            time,
        };
        number
            .mailbox
            .post(world, Event::new(&world.office, content));
    }
}
