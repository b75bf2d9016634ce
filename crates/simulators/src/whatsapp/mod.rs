//! The Cloud API: `messages`, media, the number's state, templates.

mod envelope;
mod errors;
mod limits;
mod templates;
mod validate;

use std::{sync::Arc, time::Duration};

use axum::http::Method;
use chrono::Utc;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::time::sleep;
use uuid::Uuid;

pub(crate) use envelope::{Outcome, envelope, inbound};
pub use templates::Template;
pub(crate) use templates::Templates;

use crate::{
    World,
    chats::ChatKey,
    delivery::{Event, Mailbox, News},
    lock,
    options::{Service, WhatsAppAccount},
    server::{Call, Content, Label, Reply},
};
use errors::Refusal;
use limits::{Pairs, Rate};

/// A phone number with what it has sent lately.
pub(crate) struct Number {
    pub account: WhatsAppAccount,
    pub mailbox: Arc<Mailbox>,
    rate: Rate,
    pairs: Pairs,
}

impl Number {
    pub fn new(account: WhatsAppAccount, mailbox: Arc<Mailbox>) -> Self {
        Self {
            account,
            mailbox,
            rate: Rate::default(),
            pairs: Pairs::default(),
        }
    }
}

/// `sha256=<hex>` over the raw body.
pub(crate) fn signature(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length; the error type is for other algorithms.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// `/v25.0/106/messages` → `106`, `messages`.
fn parts(path: &str) -> Option<(&str, &str)> {
    let (version, rest) = path.strip_prefix('/')?.split_once('/')?;
    let (major, minor) = version.strip_prefix('v')?.split_once('.')?;
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (object, edge) = rest.split_once('/').unwrap_or((rest, ""));
    (number(major) && number(minor) && !object.is_empty()).then_some((object, edge))
}

pub(crate) fn label(call: &Call) -> Label {
    Label {
        account: parts(&call.path)
            .map(|(object, _)| object.to_owned())
            .unwrap_or_default(),
        path: call.path.clone(),
        callback: call.json["biz_opaque_callback_data"]
            .as_str()
            .map(str::to_owned),
    }
}

/// What a fault answers.
pub(crate) fn fault(status: Option<u16>, code: Option<i64>) -> Reply {
    let code = code.unwrap_or_else(|| errors::code_of(status.unwrap_or(500)));
    errors::error(
        status.unwrap_or_else(|| errors::status_of(code)),
        code,
        "Scripted fault",
    )
}

pub(crate) fn answer(world: &Arc<World>, call: &Call) -> Reply {
    let Some((object, edge)) = parts(&call.path) else {
        return errors::error(404, 100, "Unknown path components");
    };
    if object == MEDIA_FILES {
        return Reply {
            content: Content::Bytes("image/png", PIXEL),
            ..Reply::json(200, Value::Null)
        };
    }
    let token = call.bearer().unwrap_or_default();
    // A token sees its own numbers only.
    let number = world
        .number(object)
        .filter(|number| number.account.token == token);
    if let (Some(number), &Method::POST, "messages") = (&number, &call.method, edge) {
        return messages(world, call, number);
    }
    let numbers: Vec<Arc<Number>> = lock(&world.numbers).values().cloned().collect();
    let mut own = numbers
        .iter()
        .map(|number| &number.account)
        .filter(|account| account.token == token)
        .peekable();
    if own.peek().is_none() {
        let details = "Invalid OAuth access token - Cannot parse access token";
        return Refusal::new(190, details).reply();
    }
    match (&call.method, edge, number) {
        (&Method::GET, "", Some(number)) => state(&number.account),
        (&Method::GET, "", None) if object.starts_with(MEDIA_PREFIX) => media(world, object),
        (_, "message_templates", None)
            if own.any(|account| account.business_account_id == object) =>
        {
            manage_templates(world, call, object)
        }
        _ => unknown_object(object),
    }
}

fn unknown_object(object: &str) -> Reply {
    let details = format!(
        "Object with ID '{object}' does not exist, cannot be loaded due to missing permissions, or does not support this operation"
    );
    Refusal::new(100, details).reply()
}

/// Ids of media that phones have sent begin with it.
pub(crate) const MEDIA_PREFIX: &str = "77";
const MEDIA_FILES: &str = "media-files";
/// A PNG of one pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

fn media(world: &World, id: &str) -> Reply {
    use sha2::Digest as _;
    Reply::json(
        200,
        json!({
            "messaging_product": "whatsapp",
            "id": id,
            "url": format!("{}/whatsapp/v0.0/{MEDIA_FILES}/{id}", world.url()),
            "mime_type": "image/png",
            "sha256": hex::encode(Sha256::digest(PIXEL)),
            "file_size": PIXEL.len(),
        }),
    )
}

fn state(account: &WhatsAppAccount) -> Reply {
    Reply::json(
        200,
        json!({
            "id": account.phone_number_id,
            "verified_name": "Test business",
            "display_phone_number": account.display_phone,
            "code_verification_status": "VERIFIED",
            "quality_rating": "GREEN",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
        }),
    )
}

fn messages(world: &Arc<World>, call: &Call, number: &Arc<Number>) -> Reply {
    if call.json["status"] == "read" {
        // Blue ticks and the typing indicator: nothing that the phone keeps.
        return match call.json["message_id"].as_str() {
            Some(_) => Reply::json(200, json!({"success": true})),
            None => Refusal::new(100, "The parameter message_id is required.").reply(),
        };
    }
    match accept(world, call, number) {
        Ok(reply) => reply,
        Err(refusal) => refusal.reply(),
    }
}

fn accept(world: &Arc<World>, call: &Call, number: &Arc<Number>) -> Result<Reply, Refusal> {
    let account = &number.account;
    if let Some(limit) = world.options.rate_per_second
        && !number.rate.take(limit)
    {
        return Err(Refusal::new(
            130_429,
            "Rate limit hit: too many messages sent from this phone number",
        ));
    }
    let mut asked = validate::outgoing(&call.json)?;
    let phone = match asked.recipient.contains('.') {
        true => world
            .chats
            .phone_of(&asked.recipient)
            .unwrap_or_else(|| asked.recipient.clone()),
        false => asked.recipient.clone(),
    };
    if account
        .display_phone
        .chars()
        .filter(char::is_ascii_digit)
        .eq(phone.chars())
    {
        return Err(Refusal::new(131_021, "Recipient cannot be sender"));
    }
    let filled = match &asked.template {
        Some(template) => {
            Some(lock(&world.templates).fill(&account.business_account_id, template)?)
        }
        None => None,
    };
    if world
        .limits_pairs
        .load(std::sync::atomic::Ordering::Relaxed)
        && !number.pairs.take(&phone)
    {
        return Err(Refusal::new(
            131_056,
            "Too many messages sent to this recipient in a short time",
        ));
    }
    let key = ChatKey {
        phone,
        service: Service::WhatsApp,
        account: account.phone_number_id.clone(),
    };
    let (id, now) = (message_id(), Utc::now());
    let category = filled
        .as_ref()
        .map_or_else(|| "service".to_owned(), |filled| filled.category.clone());
    let fails = call.fails.or_else(|| match &filled {
        None => (!world.chats.window_open(&key, now)).then_some(131_047),
        // Meta: no marketing templates to numbers of the United States.
        Some(filled) => {
            (filled.category == "marketing" && key.phone.len() == 11 && key.phone.starts_with('1'))
                .then_some(131_049)
        }
    });
    if let Some(filled) = filled {
        asked.line.text = filled.text;
    }
    let mut message = json!({"id": id});
    if asked.template.is_some() {
        message["message_status"] = "accepted".into();
    }
    let answer = json!({
        "messaging_product": "whatsapp",
        "contacts": [{"input": asked.to, "wa_id": key.phone}],
        "messages": [message],
    });
    asked.line.id.clone_from(&id);
    asked.line.at = now;
    asked.line.status = "accepted".into();
    asked.line.callback.clone_from(&asked.callback);
    world.chats.push(&key, asked.line);
    let outcome = Outcome {
        id: id.clone(),
        callback: asked.callback,
        category,
        fails,
    };
    world
        .office
        .spawn(report(world.clone(), number.clone(), key, outcome));
    Ok(Reply {
        message_id: Some(id),
        ..Reply::json(200, answer)
    })
}

/// The statuses of an accepted message, one after the other.
fn report(
    world: Arc<World>,
    number: Arc<Number>,
    key: ChatKey,
    outcome: Outcome,
) -> impl Future<Output = ()> {
    // Taken now: whoever settles right after the answer waits for these.
    let ticket = world.office.ticket();
    async move {
        let steps: &[&str] = match (outcome.fails, world.options.reads) {
            (Some(_), _) => &["failed"],
            (None, true) => &["sent", "delivered", "read"],
            (None, false) => &["sent", "delivered"],
        };
        for step in steps {
            pause(world.options.status_delay).await;
            world
                .chats
                .set_status(&key, &outcome.id, step, outcome.fails);
            let status = outcome.status(step, &key.phone, &world.chats.profile(&key.phone));
            number
                .mailbox
                .post(&world, Event::new(&world.office, News::Status(status)));
        }
        drop(ticket);
    }
}

async fn pause(delay: Duration) {
    // A timer rounds up to a millisecond: none at all is faster under load.
    if !delay.is_zero() {
        sleep(delay).await;
    }
}

pub(crate) fn message_id() -> String {
    format!(
        "wamid.HBgM{}",
        Uuid::new_v4().simple().to_string().to_uppercase()
    )
}

fn manage_templates(world: &World, call: &Call, business: &str) -> Reply {
    if call.method == Method::GET {
        let all = lock(&world.templates).of(business);
        let data: Vec<Value> = all
            .iter()
            .map(|template| {
                json!({
                    "name": template.name, "language": template.language, "status": template.status,
                    "category": template.category,
                    "components": [{"type": "BODY", "text": template.body}],
                })
            })
            .collect();
        return Reply::json(200, json!({"data": data, "paging": {}}));
    }
    let text = |key: &str| call.json[key].as_str().unwrap_or_default().to_owned();
    let (name, category) = (text("name"), text("category"));
    let body = call.json["components"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|part| part["type"] == "BODY");
    let body = body
        .and_then(|body| body["text"].as_str())
        .unwrap_or_default();
    let name_fits = (1..=512).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let details = match () {
        () if !name_fits => "name must be lower case letters, digits and underscores, at most 512",
        () if text("language").is_empty() => "language is required",
        () if !["UTILITY", "MARKETING", "AUTHENTICATION"].contains(&category.as_str()) => {
            "category must be one of {UTILITY, MARKETING, AUTHENTICATION}"
        }
        () if !(1..=1_024).contains(&body.chars().count()) => {
            "a BODY of at most 1024 characters is required"
        }
        () => "",
    };
    if !details.is_empty() {
        return Refusal::new(100, details).reply();
    }
    let answer = json!({"id": Uuid::new_v4().as_u128().to_string()[..15], "status": "APPROVED", "category": category});
    let template = Template {
        name,
        language: text("language"),
        category,
        body: body.to_owned(),
        status: "APPROVED".into(),
    };
    lock(&world.templates).add(business, template);
    Reply::json(200, answer)
}
