//! A customer's phone. It writes, taps, and waits for messages.

mod files;

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use serde_json::{Value, json};
use tokio::{sync::oneshot, time::Instant};

use crate::{
    World,
    chats::{ChatKey, Line},
    delivery::Event,
    greenapi,
    media::SentFile,
    options::Service,
    whatsapp,
};

/// A customer's phone in a chat with one account of a business.
#[derive(Clone)]
pub struct Phone {
    world: Arc<World>,
    key: ChatKey,
}

/// A message on its way to the business.
pub(crate) struct Posted {
    pub id: String,
    /// Resolves when the webhook's target has answered with 2xx, or when delivery has failed for good.
    pub taken: oneshot::Receiver<()>,
}

impl Phone {
    pub(crate) const fn new(world: Arc<World>, key: ChatKey) -> Self {
        Self { world, key }
    }

    /// Sets the person's name in all chats of this phone.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        self.world
            .chats
            .set_profile(&self.key.phone, |profile| profile.name = Some(name.into()));
        self
    }

    /// Gives the person a username: WhatsApp's webhooks then carry this user id (`US.1349…`) and no phone number.
    #[must_use]
    pub fn hidden(self, user_id: &str) -> Self {
        self.world.chats.set_profile(&self.key.phone, |profile| {
            profile.user_id = Some(user_id.into());
            profile.hidden = true;
        });
        self
    }

    /// Writes a text and waits until the business has accepted the webhook, or delivery has failed for good. Returns
    /// the message's id.
    pub async fn say(&self, text: &str) -> String {
        self.send_raw(self.text_message(text)).await
    }

    /// Taps the button or row with this id on the newest message that has buttons or rows. Otherwise it works like
    /// [`Self::say`].
    ///
    /// # Errors
    /// The chat has no such message, or the message has no such button or row.
    pub async fn tap(&self, id: &str) -> Result<String, String> {
        let message = self.tap_message(id, None)?;
        Ok(self.send_raw(message).await)
    }

    /// Sends a message in the provider's form (WhatsApp: an element of `messages`; Green API: `messageData` or parts of
    /// a notification). It adds the id, the time and the sender, and otherwise works like [`Self::say`].
    pub async fn send_raw(&self, message: Value) -> String {
        let Posted { id, taken } = self.post(message);
        // The channel is closed when a fault has dropped the webhook, or delivery has failed for good.
        let _ = taken.await;
        id
    }

    /// Sends a file, and otherwise works like [`Self::say`].
    pub async fn send_file(&self, file: SentFile) -> String {
        self.send_raw(self.file_message(file)).await
    }

    /// Returns all lines of this chat, the oldest first.
    pub fn transcript(&self) -> Vec<Line> {
        self.world.chats.lines(&self.key)
    }

    /// Waits until the transcript fulfils the condition. Returns `None` after `limit`.
    pub async fn wait_for(
        &self,
        limit: Duration,
        predicate: impl Fn(&[Line]) -> bool,
    ) -> Option<Vec<Line>> {
        let end = Instant::now() + limit;
        let mut changes = self.world.chats.watch(&self.key);
        loop {
            let lines = self.transcript();
            if predicate(&lines) {
                return Some(lines);
            }
            tokio::time::timeout_at(end, changes.changed())
                .await
                .ok()?
                .ok()?;
        }
    }

    /// Returns how many messages this phone has got.
    pub fn heard(&self) -> usize {
        count_heard(&self.transcript())
    }

    /// Waits until the phone has got more than `before` messages. Returns the newest one, or `None` after `patience`.
    pub async fn wait_for_more(&self, before: usize, patience: Duration) -> Option<Line> {
        let lines = self.wait_for(patience, |lines| count_heard(lines) > before);
        lines.await?.into_iter().rfind(Line::is_heard)
    }

    /// The owner of the business writes to this phone, on the phone of the number. Waits until the business has accepted
    /// the echo, or delivery has failed for good. Returns the message's id.
    pub async fn hear_from_owner(&self, text: &str) -> String {
        let Posted { id, taken } = self.echo(text);
        let _ = taken.await;
        id
    }

    /// Shows the owner's message on this phone, and reports it to the business.
    pub(crate) fn echo(&self, text: &str) -> Posted {
        let ChatKey {
            phone,
            service,
            account,
        } = &self.key;
        let (told, taken) = oneshot::channel();
        let (id, sent) = match service {
            Service::GreenApi => {
                let id = greenapi::message_id();
                let sent = self.world.instance(account).map(|instance| {
                    let content = greenapi::echo(&instance, phone, &id, text);
                    (instance.mailbox.clone(), content)
                });
                (id, sent)
            }
            Service::WhatsApp | Service::OpenRouter | Service::Stripe | Service::Graph => {
                let id = whatsapp::message_id();
                let profile = self.world.chats.profile(phone);
                let sent = self.world.number(account).map(|number| {
                    let shown = &number.account.display_phone;
                    let business: String = shown.chars().filter(char::is_ascii_digit).collect();
                    let content = whatsapp::echo(&business, phone, &profile, &id, text);
                    (number.mailbox.clone(), content)
                });
                (id, sent)
            }
        };
        let line = Line {
            id: id.clone(),
            direction: "in".into(),
            kind: "text".into(),
            text: text.to_owned(),
            status: "delivered".into(),
            at: Utc::now(),
            ..Line::default()
        };
        self.world.chats.push(&self.key, line);
        if let Some((mailbox, content)) = sent {
            let mut event = Event::new(&self.world.office, content);
            event.taken = Some(told);
            mailbox.post(&self.world, event);
        }
        Posted { id, taken }
    }

    pub(crate) fn text_message(&self, text: &str) -> Value {
        match self.key.service {
            Service::GreenApi => {
                json!({"typeMessage": "textMessage", "textMessageData": {"textMessage": text}})
            }
            Service::WhatsApp | Service::OpenRouter | Service::Stripe | Service::Graph => {
                json!({"type": "text", "text": {"body": text}})
            }
        }
    }

    /// Makes the message of a tap: on the message `context`, or else on the newest message with buttons or rows.
    pub(crate) fn tap_message(&self, id: &str, context: Option<&str>) -> Result<Value, String> {
        let lines = self.transcript();
        let mut newest = lines.iter().rev().filter(|line| line.is_interactive());
        let line = match context {
            Some(context) => newest.find(|line| line.id == context),
            None => newest.next(),
        };
        let line = line.ok_or("there is nothing to tap")?;
        let button = line.buttons.iter().find(|button| button.id == id);
        let row = line.rows.iter().find(|row| row.id == id);
        if let (Some(button), "template") = (button, line.kind.as_str()) {
            // A quick reply of a template has another form than a button of an interactive message.
            return Ok(json!({
                "type": "button",
                "button": {"payload": id, "text": button.title},
                "context": {"from": self.key.account, "id": line.id},
            }));
        }
        let tapped = match (button, row) {
            (Some(button), _) => json!({
                "type": "button_reply",
                "button_reply": {"id": id, "title": button.title},
            }),
            (None, Some(row)) => {
                let mut reply = json!({"id": id, "title": row.title});
                if let Some(description) = &row.description {
                    reply["description"] = description.as_str().into();
                }
                json!({"type": "list_reply", "list_reply": reply})
            }
            (None, None) => {
                let mut all = line
                    .buttons
                    .iter()
                    .chain(&line.rows)
                    .map(|choice| choice.id.as_str());
                let first = all.next().unwrap_or_default().to_owned();
                let ids = all.fold(first, |ids, id| format!("{ids}, {id}"));
                return Err(format!("there is no button or row {id:?}, only {ids}"));
            }
        };
        Ok(json!({
            "type": "interactive",
            "interactive": tapped,
            "context": {"from": self.key.account, "id": line.id},
        }))
    }

    /// Sends the message to the business.
    pub(crate) fn post(&self, mut message: Value) -> Posted {
        let ChatKey {
            phone,
            service,
            account,
        } = &self.key;
        let profile = self.world.chats.profile(phone);
        // The phone is known from now on, also by its user id.
        self.world.chats.set_profile(phone, |_| {});
        let (told, taken) = oneshot::channel();
        let (id, sent) = match service {
            Service::GreenApi => {
                let id = greenapi::message_id();
                let mut line = spoken_green(&message);
                if let Some(data) = message["fileMessageData"].as_object_mut()
                    && let Some(Value::String(file)) = data.remove("_id")
                {
                    self.world.files.belongs(&id, &file);
                    line.file = self.shown(&file);
                }
                self.push(&id, line);
                let name = profile.name.as_deref().unwrap_or_default();
                let sent = self.world.instance(account).map(|instance| {
                    (
                        instance.mailbox.clone(),
                        greenapi::inbound(&instance, phone, name, &id, message),
                    )
                });
                (id, sent)
            }
            Service::WhatsApp | Service::OpenRouter | Service::Stripe | Service::Graph => {
                let id = whatsapp::message_id();
                self.complete_media(&mut message);
                let mut line = spoken(&message);
                let kind = message["type"].as_str().unwrap_or_default();
                line.file = message[kind]["id"].as_str().and_then(|id| self.shown(id));
                self.push(&id, line);
                let sent = self.world.number(account).map(|number| {
                    (
                        number.mailbox.clone(),
                        whatsapp::inbound(phone, &profile, &id, message),
                    )
                });
                (id, sent)
            }
        };
        match sent {
            Some((mailbox, content)) => {
                let mut event = Event::new(&self.world.office, content);
                event.line = Some((self.key.clone(), id.clone()));
                event.taken = Some(told);
                mailbox.post(&self.world, event);
            }
            None => {
                tracing::warn!(account = %account, "a phone writes to an account that nobody has added")
            }
        }
        Posted { id, taken }
    }

    fn push(&self, id: &str, mut line: Line) {
        line.id = id.to_owned();
        line.direction = "out".into();
        line.status = "sending".into();
        line.at = Utc::now();
        self.world.chats.push(&self.key, line);
    }
}

fn count_heard(lines: &[Line]) -> usize {
    lines.iter().filter(|line| line.is_heard()).count()
}

/// Makes the transcript's line for a WhatsApp message.
fn spoken(message: &Value) -> Line {
    let kind = message["type"].as_str().unwrap_or("unknown");
    let interactive = &message["interactive"];
    let (kind, text) = match kind {
        "text" => (kind, &message["text"]["body"]),
        "interactive" => {
            let reply = interactive["type"].as_str().unwrap_or(kind);
            (reply, &interactive[reply]["title"])
        }
        "button" => (kind, &message["button"]["text"]),
        "reaction" => (kind, &message["reaction"]["emoji"]),
        other => (kind, &message[other]["caption"]),
    };
    Line {
        kind: kind.to_owned(),
        text: text.as_str().unwrap_or_default().to_owned(),
        context: message["context"]["id"].as_str().map(str::to_owned),
        ..Line::default()
    }
}

/// Makes the transcript's line for a message to Green API.
fn spoken_green(message: &Value) -> Line {
    let data = message.get("messageData").unwrap_or(message);
    let kind = data["typeMessage"].as_str().unwrap_or("unknown");
    let text = [
        &data["textMessageData"]["textMessage"],
        &data["extendedTextMessageData"]["text"],
        &data["fileMessageData"]["caption"],
    ];
    let text = text.into_iter().find_map(Value::as_str).unwrap_or_default();
    let kind = if kind.ends_with("extMessage") {
        "text"
    } else {
        kind.trim_end_matches("Message")
    };
    Line {
        kind: kind.to_owned(),
        text: text.to_owned(),
        ..Line::default()
    }
}
