//! The Cloud API: `messages`, media, the state and the profile of a number, and templates.

mod cards;
mod codes;
mod components;
mod envelope;
mod errors;
mod fill;
mod interactive;
mod limits;
mod number;
mod review;
mod send;
mod templates;
mod uploads;
mod validate;

use std::sync::{Arc, Mutex};

use axum::http::Method;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;
use uuid::Uuid;

pub(crate) use envelope::{echo, envelope, inbound};
pub use review::TemplateChange;
pub(crate) use review::change as change_template;
pub use templates::Template;
pub(crate) use templates::Templates;
pub(crate) use uploads::Uploads;

use crate::{
    World,
    delivery::Mailbox,
    lock,
    options::WhatsAppAccount,
    server::{Call, Content, Label, Reply},
};
use limits::{Pairs, Rate};

/// A phone number with its recent messages.
pub(crate) struct Number {
    pub account: WhatsAppAccount,
    pub mailbox: Arc<Mailbox>,
    rate: Rate,
    pairs: Pairs,
    /// What customers see of the business, as its owner has written it.
    profile: Mutex<Map<String, Value>>,
    /// The Unix time of the newest news of the account.
    last_news: Mutex<i64>,
}

impl Number {
    pub fn new(account: WhatsAppAccount, mailbox: Arc<Mailbox>) -> Self {
        Self {
            account,
            mailbox,
            rate: Rate::default(),
            pairs: Pairs::default(),
            profile: Mutex::default(),
            last_news: Mutex::default(),
        }
    }
}

/// Returns `sha256=<hex>` of the raw body.
pub(crate) fn signature(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length. The error type is for other algorithms.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Splits `/v25.0/106/messages` into `106` and `messages`.
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

/// Returns the answer for a fault.
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
        return errors::unknown_path(&call.path);
    };
    if uploads::is_one(call) {
        return uploads::answer(world, call, (object, edge));
    }
    let token = call.bearer().unwrap_or_default();
    // A token gives access to its own numbers only.
    let number = world
        .number(object)
        .filter(|number| number.account.token == token);
    if let (Some(number), &Method::POST, "messages") = (&number, &call.method, edge) {
        return send::messages(world, call, number);
    }
    let numbers: Vec<Arc<Number>> = lock(&world.numbers).values().cloned().collect();
    let mut own = numbers
        .iter()
        .map(|number| &number.account)
        .filter(|account| account.token == token)
        .peekable();
    if own.peek().is_none() {
        return errors::unknown_token(token);
    }
    if object == MEDIA_FILES {
        return match world.files.at(edge) {
            Some(file) => Reply {
                content: Content::File(Box::new(file)),
                ..Reply::json(200, Value::Null)
            },
            None => errors::unsupported("get", edge),
        };
    }
    let business = own
        .clone()
        .any(|account| account.business_account_id == object);
    match (&call.method, edge, number) {
        (&Method::GET, "", Some(number)) => number::state(&number.account, call),
        (_, "whatsapp_business_profile", Some(number)) => number::profile(&number, call),
        (&Method::POST, "media", Some(_)) => number::upload(world, call),
        (&Method::GET, "", None) if object.starts_with(MEDIA_PREFIX) => media(world, object),
        (&Method::DELETE, "", None) if world.files.remove(object) => {
            Reply::json(200, json!({"success": true}))
        }
        (_, "message_templates", None) if business => review::manage(world, call, object),
        (&Method::POST, "" | "unpause", None) => {
            let mut accounts = own.map(|account| account.business_account_id.as_str());
            let has = |business: &&str| lock(&world.templates).by_id(business, object).is_some();
            match (accounts.find(has), edge) {
                (None, _) => errors::unsupported("post", object),
                (Some(business), "") => review::edit(world, call, (business, object)),
                (Some(business), _) => review::unpause(world, (business, object)),
            }
        }
        (&Method::GET, "phone_numbers", None) if business => {
            let own = own.filter(|account| account.business_account_id == object);
            let data: Vec<Value> = own.map(number::short).collect();
            Reply::json(200, json!({"data": data}))
        }
        _ => errors::unsupported(call.method.as_str(), object),
    }
}

/// The types of messages of phones whose content stands below the name of the type.
pub(crate) const MESSAGES: [&str; 12] = [
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "interactive",
    "button",
    "order",
];

/// Ids of files that phones have sent begin with this prefix.
pub(crate) const MEDIA_PREFIX: &str = "77";
const MEDIA_FILES: &str = "media-files";

fn media(world: &World, id: &str) -> Reply {
    let Some(file) = world.files.get(id) else {
        return errors::unsupported("get", id);
    };
    let address = world.files.address(id);
    Reply::json(
        200,
        json!({
            "messaging_product": "whatsapp",
            "id": id,
            "url": format!("{}/whatsapp/v0.0/{MEDIA_FILES}/{address}", world.url()),
            "mime_type": file.mime,
            "sha256": hex::encode(file.sha256()),
            "file_size": file.bytes.len(),
        }),
    )
}

pub(crate) fn message_id() -> String {
    format!(
        "wamid.HBgM{}",
        Uuid::new_v4().simple().to_string().to_uppercase()
    )
}
