//! Green API: an instance sends to chats. Each webhook call carries one notification.
//!
//! The token is part of the path and never appears in the ledger. Source: Green API, "SendMessage", "SendFileByUrl",
//! "SendFileByUpload", "DownloadFile", "GetStateInstance", "Incoming webhooks format".

use std::sync::{Arc, Mutex};

use axum::http::Method;
use chrono::Utc;
use serde_json::{Value, json};
use tokio::time::{Duration, Instant, sleep};
use uuid::Uuid;

use crate::{
    World,
    chats::{ChatKey, Line, LineFile},
    delivery::{Content, Event, Mailbox},
    lock, media,
    options::{GreenApiAccount, Service},
    server::{Call, Content as Body, Label, Reply},
};

const TEXT_CHARACTERS: usize = 20_000;
const CAPTION_CHARACTERS: usize = 20_000;
/// Green API accepts this many requests in a second for a sending method.
const REQUESTS_PER_SECOND: u32 = 50;

/// An instance, and the number of its requests in this second.
pub(crate) struct Instance {
    pub account: GreenApiAccount,
    pub mailbox: Arc<Mailbox>,
    second: Mutex<Option<(Instant, u32)>>,
}

impl Instance {
    pub fn new(account: GreenApiAccount, mailbox: Arc<Mailbox>) -> Self {
        Self {
            account,
            mailbox,
            second: Mutex::default(),
        }
    }

    fn may_send(&self) -> bool {
        let mut second = lock(&self.second);
        let now = Instant::now();
        let (start, count) = match *second {
            Some((start, count)) if now - start < Duration::from_secs(1) => (start, count + 1),
            _ => (now, 1),
        };
        *second = Some((start, count));
        count <= REQUESTS_PER_SECOND
    }

    /// Makes the fields that all notifications have.
    fn notification(&self, kind: &str, id: &str) -> Value {
        let instance: Value = self
            .account
            .instance
            .parse::<u64>()
            .map_or_else(|_| self.account.instance.as_str().into(), Value::from);
        json!({
            "typeWebhook": kind,
            "instanceData": {"idInstance": instance, "wid": self.wid(), "typeInstance": "whatsapp"},
            "timestamp": Utc::now().timestamp(),
            "idMessage": id,
        })
    }

    /// Invents a phone number for the instance.
    fn wid(&self) -> String {
        format!("{}@c.us", self.account.instance)
    }
}

/// Returns the value of the webhook's `Authorization`.
pub(crate) fn authorization(token: &str) -> String {
    match token.split_once(' ') {
        Some(_) => token.to_owned(),
        None => format!("Bearer {token}"),
    }
}

/// Splits `/waInstance1101/sendMessage/TOKEN` into `1101`, `sendMessage` and `TOKEN`.
fn parts(path: &str) -> Option<(&str, &str, &str)> {
    let (instance, rest) = path.strip_prefix("/waInstance")?.split_once('/')?;
    let (method, token) = rest.split_once('/')?;
    Some((instance, method, token))
}

pub(crate) fn label(call: &Call) -> Label {
    let (account, path) = match parts(&call.path) {
        Some((instance, method, _)) => (
            instance.to_owned(),
            format!("/waInstance{instance}/{method}"),
        ),
        None if call.path.starts_with("/files/") => (String::new(), "/files".into()),
        None => (String::new(), "(not a path of Green API)".into()),
    };
    Label {
        account,
        path,
        callback: None,
    }
}

/// Returns the answer for a fault.
pub(crate) fn fault(status: Option<u16>, code: Option<i64>) -> Reply {
    let status = status.or_else(|| code?.try_into().ok()).unwrap_or(500);
    refusal(status, "Scripted fault")
}

fn refusal(status: u16, message: &str) -> Reply {
    Reply::json(
        status,
        json!({"statusCode": status, "timestamp": Utc::now(), "message": message}),
    )
}

pub(crate) fn answer(world: &Arc<World>, call: &Call) -> Reply {
    if let Some(address) = call.path.strip_prefix("/files/") {
        // Anybody who has the address gets the file.
        return match world.files.at(address) {
            Some(file) => Reply {
                content: Body::File(Box::new(file)),
                ..Reply::json(200, Value::Null)
            },
            None => refusal(404, "Not Found"),
        };
    }
    let Some((instance, method, token)) = parts(&call.path) else {
        return refusal(404, "Not Found");
    };
    let instance = world
        .instance(instance)
        .filter(|instance| instance.account.token == token);
    let Some(instance) = instance else {
        return refusal(401, "Unauthorized");
    };
    match (&call.method, method) {
        (&Method::GET, "getStateInstance") => {
            Reply::json(200, json!({"stateInstance": "authorized"}))
        }
        // The phone keeps neither.
        (&Method::POST, "readChat") => Reply::json(200, json!({"setRead": true})),
        (&Method::POST, "sendTyping") => Reply::json(200, json!({"idMessage": ""})),
        (&Method::POST, "downloadFile") => {
            let message = call.json["idMessage"].as_str().unwrap_or_default();
            if call.json["chatId"].as_str().is_none_or(str::is_empty) {
                return refusal(400, "Validation failed. Details: 'chatId' is required");
            }
            match world.files.of_message(message) {
                Some(id) => {
                    let address = world.files.address(&id);
                    let url = format!("{}/greenapi/files/{address}", world.url());
                    Reply::json(200, json!({"downloadUrl": url}))
                }
                None => refusal(400, "Message not found"),
            }
        }
        (&Method::POST, "sendFileByUpload") => match uploaded(world, call) {
            Ok((chat, line)) => accept(world, call, &instance, chat, line),
            Err(details) => refusal(400, &format!("Validation failed. Details: {details}")),
        },
        (&Method::POST, "sendMessage" | "sendFileByUrl") => {
            if world.options.rate_per_second.is_some() && !instance.may_send() {
                return Reply {
                    retry_after: Some(1),
                    ..refusal(429, "Too Many Requests")
                };
            }
            match message(&call.json, method) {
                Ok((chat, line)) => accept(world, call, &instance, chat, line),
                Err(details) => refusal(400, &format!("Validation failed. Details: {details}")),
            }
        }
        _ => refusal(404, "Not Found"),
    }
}

/// Reads the form of `sendFileByUpload`.
fn uploaded(world: &World, call: &Call) -> Result<(String, Line), String> {
    let parts = media::form(&call.headers, &call.body).ok_or("the body must be a form")?;
    let part = |name: &str| parts.iter().find(|part| part.name == name);
    let text = |name: &str| part(name).map(media::Part::text);
    let file = part("file").ok_or("'file' is required")?;
    let mime = file.mime.clone().ok_or("'file' must have a type")?;
    let name = text("fileName").filter(|name| !name.is_empty());
    let name = name.ok_or("'fileName' is required")?;
    let body = json!({
        "chatId": text("chatId"), "fileName": name, "caption": text("caption"), "urlFile": "https://green.test/",
    });
    let (chat, mut line) = message(&body, "sendFileByUrl")?;
    let id = world.files.put(
        "",
        media::File {
            mime: mime.clone(),
            name: Some(name.clone()),
            bytes: file.bytes.clone(),
        },
    );
    let url = format!("{}/_files/{id}", world.url());
    line.image_url = (line.kind == "image").then(|| url.clone());
    line.file = Some(LineFile {
        url,
        mime,
        name: Some(name),
    });
    Ok((chat, line))
}

/// Returns the chat, and the message as the phone will show it.
fn message(body: &Value, method: &str) -> Result<(String, Line), String> {
    let text = |key: &str| body[key].as_str().filter(|text| !text.trim().is_empty());
    let chat = text("chatId").ok_or("'chatId' is required")?;
    let (digits, kind) = chat.split_once('@').unwrap_or((chat, ""));
    let digits_fit = !digits.is_empty()
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    if !digits_fit || !["c.us", "g.us", "lid"].contains(&kind) {
        return Err(
            "'chatId' must be one of the following formats: phone_number@c.us, group_id@g.us or lid@lid"
                .into(),
        );
    }
    let mut line = Line {
        direction: "in".into(),
        ..Line::default()
    };
    line.context = text("quotedMessageId").map(str::to_owned);
    if method == "sendMessage" {
        let message = text("message").ok_or("'message' is required")?;
        if message.chars().count() > TEXT_CHARACTERS {
            return Err(format!(
                "'message' length must be less than or equal to {TEXT_CHARACTERS} characters long"
            ));
        }
        line.kind = "text".into();
        line.text = message.to_owned();
    } else {
        let url = text("urlFile").ok_or("'urlFile' is required")?;
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err("'urlFile' must be a valid uri".into());
        }
        let name = text("fileName").ok_or("'fileName' is required")?;
        let caption = body["caption"].as_str().unwrap_or_default();
        if caption.chars().count() > CAPTION_CHARACTERS {
            return Err(format!(
                "'caption' length must be less than or equal to {CAPTION_CHARACTERS} characters long"
            ));
        }
        let is_image = [".png", ".jpg", ".jpeg", ".webp", ".svg"]
            .iter()
            .any(|end| name.to_lowercase().ends_with(end));
        line.kind = if is_image { "image" } else { "document" }.into();
        line.text = caption.to_owned();
        line.image_url = Some(url.to_owned());
    }
    let phone = if kind == "c.us" { digits } else { chat };
    Ok((phone.to_owned(), line))
}

fn accept(
    world: &Arc<World>,
    call: &Call,
    instance: &Arc<Instance>,
    phone: String,
    mut line: Line,
) -> Reply {
    let id = message_id();
    line.id.clone_from(&id);
    line.at = Utc::now();
    line.status = "accepted".into();
    let chat = match call.json["chatId"].as_str() {
        Some(chat) => chat.to_owned(),
        None => format!("{phone}@c.us"),
    };
    let mut received = instance.notification("outgoingAPIMessageReceived", &id);
    received["senderData"] = json!({
        "chatId": chat, "sender": instance.wid(), "chatName": "", "senderName": "",
    });
    let sent = line.file.as_ref().map(|file| &file.url);
    received["messageData"] = match sent.or(line.image_url.as_ref()) {
        None => json!({
            "typeMessage": "extendedTextMessage",
            "extendedTextMessageData": {"text": line.text, "isForwarded": false, "forwardingScore": 0},
        }),
        Some(url) => json!({
            "typeMessage": if line.kind == "image" { "imageMessage" } else { "documentMessage" },
            "fileMessageData": {"downloadUrl": url, "caption": line.text, "fileName": call.json["fileName"]},
        }),
    };
    let key = ChatKey {
        phone,
        service: Service::GreenApi,
        account: instance.account.instance.clone(),
    };
    world.chats.push(&key, line);
    instance.mailbox.post(
        world,
        Event::new(&world.office, Content::Notification(received)),
    );
    let fails = call.fails.is_some();
    world.office.spawn(report(
        world.clone(),
        instance.clone(),
        key,
        id.clone(),
        chat,
        fails,
    ));
    Reply {
        message_id: Some(id.clone()),
        ..Reply::json(200, json!({"idMessage": id}))
    }
}

/// Sends the statuses of a message one after the other.
fn report(
    world: Arc<World>,
    instance: Arc<Instance>,
    key: ChatKey,
    id: String,
    chat: String,
    fails: bool,
) -> impl Future<Output = ()> {
    // The ticket is taken before the answer, so that a test that settles right after the answer waits for these
    // statuses.
    let ticket = world.office.ticket();
    async move {
        let steps: &[&str] = match (fails, world.options.reads) {
            (true, _) => &["failed"],
            (false, true) => &["sent", "delivered", "read"],
            (false, false) => &["sent", "delivered"],
        };
        for step in steps {
            sleep(world.options.status_delay).await;
            world.chats.set_status(&key, &id, step, None);
            let mut status = instance.notification("outgoingMessageStatus", &id);
            status["chatId"] = chat.as_str().into();
            status["status"] = (*step).into();
            status["sendByApi"] = true.into();
            instance.mailbox.post(
                &world,
                Event::new(&world.office, Content::Notification(status)),
            );
        }
        drop(ticket);
    }
}

/// Sends a customer's message to the business. `message` is a `messageData`, or any part of a notification.
pub(crate) fn inbound(
    instance: &Instance,
    phone: &str,
    name: &str,
    id: &str,
    message: Value,
) -> Content {
    let mut notification = instance.notification("incomingMessageReceived", id);
    let chat = if phone.contains('@') {
        phone.to_owned()
    } else {
        format!("{phone}@c.us")
    };
    notification["senderData"] = json!({
        "chatId": chat, "sender": chat, "chatName": name, "senderName": name,
    });
    if message.get("typeMessage").is_some() {
        notification["messageData"] = message;
    } else if let (Value::Object(all), Value::Object(given)) = (&mut notification, message) {
        all.extend(given);
    }
    Content::Notification(notification)
}

/// Makes the notification of a text that the business wrote to a customer on its own phone.
pub(crate) fn echo(instance: &Instance, phone: &str, id: &str, text: &str) -> Content {
    let mut notification = instance.notification("outgoingMessageReceived", id);
    notification["senderData"] = json!({
        "chatId": format!("{phone}@c.us"), "sender": instance.wid(), "chatName": "", "senderName": "",
    });
    notification["messageData"] =
        json!({"typeMessage": "textMessage", "textMessageData": {"textMessage": text}});
    Content::Notification(notification)
}

pub(crate) fn message_id() -> String {
    Uuid::new_v4().simple().to_string()[..20].to_uppercase()
}
