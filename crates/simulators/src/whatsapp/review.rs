//! `/{account}/message_templates` and `/{template}`: lists, makes, changes and deletes templates, as strict as Meta, and
//! reviews them. A review ends by itself or when a test ends it.
//!
//! Source: Meta, "Message templates" of the WhatsApp Business Management API.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{Number, components, errors::Refusal};
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
/// Changes of an approved template: one in the first time, and so many in the second (Meta).
const ONE_IN: Duration = Duration::from_secs(24 * 3_600);
const SOME_IN: Duration = Duration::from_secs(30 * 24 * 3_600);
const SOME: usize = 10;

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
    /// Of a pause for its quality: `FIRST_PAUSE` or `SECOND_PAUSE`. A pause by pacing has none.
    pub title: Option<String>,
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
    let made = components::read(world, &call.json)?;
    let template = made.template.clone();
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
        templates.add_made(business, made)
    };
    let answer = json!({"id": id, "status": "PENDING", "category": category});
    later(world, business, (name, language));
    Ok(Reply::json(200, answer))
}

/// Approves a template after the time of a review, if reviews end by themselves.
fn later(world: &Arc<World>, business: &str, (name, language): (String, String)) {
    let Some(wait) = world.options.template_review else {
        return;
    };
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
        // Somebody may have decided meanwhile.
        let waits = lock(&later.templates)
            .find(&business, &approved.name, &approved.language)
            .is_some_and(|kept| kept.template.status == "PENDING");
        if waits {
            change(&later, &business, &approved);
        }
        drop(ticket);
    });
}

/// `POST /{template}`: replaces all parts.
pub(super) fn edit(world: &Arc<World>, call: &Call, (business, id): (&str, &str)) -> Reply {
    match edited(world, call, (business, id)) {
        Ok((name, language)) => {
            later(world, business, (name, language));
            Reply::json(200, json!({"success": true}))
        }
        Err(refusal) => refusal.reply(),
    }
}

fn edited(
    world: &World,
    call: &Call,
    (business, id): (&str, &str),
) -> Result<(String, String), Refusal> {
    let old = lock(&world.templates).by_id(business, id).cloned();
    let Some(old) = old else {
        return refused("Message Template was not found");
    };
    let is = |status: &str| old.template.status == status;
    if !is("APPROVED") && !is("REJECTED") && !is("PAUSED") {
        return refused("Only approved, rejected and paused templates can be edited");
    }
    let category = call.json["category"].as_str();
    if is("APPROVED") && category.is_some_and(|new| new != old.template.category) {
        return refused("The category of an approved template cannot be edited");
    }
    let now = Instant::now();
    let within = |time: Duration| {
        let all = old.edits.iter();
        all.filter(|at| now.duration_since(**at) < time).count()
    };
    if is("APPROVED") && (within(ONE_IN) >= 1 || within(SOME_IN) >= SOME) {
        return refused(
            "Approved templates can be edited once in 24 hours and 10 times in 30 days",
        );
    }
    let mut whole = json!({
        "name": old.template.name, "language": old.template.language, "category": old.template.category,
        "parameter_format": old.format(),
    });
    for key in ["category", "components", "message_send_ttl_seconds"] {
        if !call.json[key].is_null() {
            whole[key] = call.json[key].clone();
        }
    }
    let made = components::read(world, &whole)?;
    let mut templates = lock(&world.templates);
    let Some(kept) = templates.by_id(business, id) else {
        return refused("Message Template was not found");
    };
    if is("APPROVED") {
        kept.edits.push(now);
    }
    kept.template = made.template;
    kept.components = Some(made.components);
    kept.reason = None;
    Ok((kept.template.name.clone(), kept.template.language.clone()))
}

/// `POST /{template}/unpause`: ends a pause by pacing.
pub(super) fn unpause(world: &Arc<World>, (business, id): (&str, &str)) -> Reply {
    let old = lock(&world.templates).by_id(business, id).cloned();
    let refused = |reason: &str| Reply::json(200, json!({"success": false, "reason": reason}));
    match old {
        Some(old) if old.template.status != "PAUSED" => refused("The template is not paused"),
        Some(old) if old.paused_for.is_some() => {
            refused("The template is paused for its quality: wait until the pause has ended")
        }
        Some(old) => {
            let approved = TemplateChange {
                name: old.template.name,
                language: old.template.language,
                status: Some("APPROVED".into()),
                ..TemplateChange::default()
            };
            change(world, business, &approved);
            Reply::json(200, json!({"success": true}))
        }
        None => refused("The template does not exist"),
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
            kept.paused_for.clone_from(&change.title);
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
        let mut value = json!({"event": status, "reason": reason});
        if let Some(title) = &change.title {
            value["other_info"] = json!({"title": title});
        }
        about("message_template_status_update", value);
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
