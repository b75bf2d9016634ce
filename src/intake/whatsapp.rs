//! Meta's webhooks.

use std::{sync::Arc, time::Instant};

use axum::{
    body::Body,
    extract::{Query, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use kazi_clients::{
    json,
    whatsapp::webhook::{Contact, Envelope, MessageHead, Messages, Metadata, Status},
};
use kazi_jobs::channels::{ChannelKind, EventKind, NewEvent};
use kazi_queue::trace::TraceId;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    BODY_LIMIT_BYTES, Intake, NOT_JSON, UNSIGNED, conclude, digest, id, is, key_of, read_body,
    trust::{About, routes},
};
use crate::problem::Problem;

/// The query that Meta sends when somebody enters the webhook's URL in Meta's dashboard.
#[derive(Deserialize)]
pub(super) struct Challenge {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
    #[serde(rename = "hub.verify_token", default)]
    verify_token: String,
}

/// Answers Meta's challenge, if the call knows the verify token of the app or of a channel.
pub(super) async fn challenge(
    State(intake): State<Arc<Intake>>,
    Query(asked): Query<Challenge>,
) -> Response {
    match known(&intake, &asked).await {
        Ok(true) => asked.challenge.into_response(),
        Ok(false) => UNSIGNED.into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn known(intake: &Intake, asked: &Challenge) -> Result<bool, Problem> {
    if asked.mode != "subscribe" || asked.verify_token.is_empty() {
        return Ok(false);
    }
    let said =
        |token: Option<&SecretString>| token.is_some_and(|token| is(token, &asked.verify_token));
    if said(intake.verify_token.as_ref()) {
        return Ok(true);
    }
    let channels = intake.directory.all(ChannelKind::WhatsApp).await?;
    let own = channels
        .iter()
        .find(|channel| said(channel.credentials.verify_token.as_ref()));
    let Some(channel) = own else {
        return Ok(false);
    };
    intake.verified(channel).await?;
    Ok(true)
}

pub(super) async fn receive(
    State(intake): State<Arc<Intake>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let started = Instant::now();
    let ended = async {
        let bytes = read_body(body, BODY_LIMIT_BYTES).await?;
        let signature = headers
            .get("x-hub-signature-256")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        intake.write(read(&intake, signature, &bytes).await?).await
    };
    conclude(ChannelKind::WhatsApp.name(), started, ended.await)
}

/// One change of the body, with its topic.
struct Change<'a> {
    about: About,
    /// `None` if the change is not about messages.
    messages: Option<Messages<'a>>,
    field: &'a str,
    /// When Meta first reported the change, as Meta writes it.
    time: &'a str,
    raw: &'a RawValue,
}

/// The part of a change that names its number. All kinds of changes have it.
#[derive(Default, Deserialize)]
struct Numbered {
    #[serde(default, deserialize_with = "json::object")]
    metadata: Option<Metadata>,
}

async fn read(intake: &Intake, signature: &str, bytes: &[u8]) -> Result<Vec<NewEvent>, Problem> {
    let envelope: Envelope<'_> = serde_json::from_slice(bytes).map_err(|_| NOT_JSON)?;
    let changes: Vec<Change<'_>> = envelope
        .entry
        .iter()
        .flat_map(|entry| entry.changes.iter().map(move |change| (entry, change)))
        .filter_map(|(entry, change)| {
            let raw = change.value?;
            let messages = serde_json::from_str::<Messages<'_>>(raw.get())
                .ok()
                .filter(|_| matches!(change.field.as_str(), "messages" | "smb_message_echoes"));
            let numbered: Numbered = serde_json::from_str(raw.get()).unwrap_or_default();
            let number = numbered
                .metadata
                .map(|metadata| metadata.phone_number_id)
                .filter(|number| !number.is_empty());
            Some(Change {
                // A change of a whole business account has no number.
                about: match number {
                    Some(number) => About::Number(id(&number)),
                    None => About::Account(id(&entry.id)),
                },
                messages,
                field: &change.field,
                time: entry.time.map_or("", RawValue::get),
                raw,
            })
        })
        .collect();
    let about = changes.iter().map(|change| &change.about).collect();
    let routes = routes(intake, signature, bytes, about).await?;
    let mut events = Vec::new();
    for change in &changes {
        let name = change.about.name();
        let route = routes.get(&change.about).copied().flatten();
        let mut add = |kind: EventKind, key: String, sender: String, payload: String| {
            events.push(NewEvent {
                provider: ChannelKind::WhatsApp,
                kind,
                key: key_of(key, route),
                external_id: name.to_owned(),
                route,
                sender,
                payload,
                trace: TraceId::random(),
            });
        };
        match &change.messages {
            Some(messages)
                if !messages.messages.is_empty()
                    || !messages.message_echoes.is_empty()
                    || !messages.statuses.is_empty() =>
            {
                for raw in &messages.messages {
                    let (key, sender, payload) =
                        message(name, raw, &messages.contacts, Writer::Customer);
                    add(EventKind::Message, key, sender, payload);
                }
                for raw in &messages.message_echoes {
                    let (key, sender, payload) =
                        message(name, raw, &messages.contacts, Writer::Business);
                    add(EventKind::Echo, key, sender, payload);
                }
                for raw in &messages.statuses {
                    add(
                        EventKind::Status,
                        status_key(name, raw),
                        String::new(),
                        raw.get().to_owned(),
                    );
                }
            }
            // Changes of templates, quality, errors and unknown kinds are stored.
            _ => {
                // The key contains the time, because a second approval has the same content as the first.
                let said = digest(&format!("{} {}", change.time, change.raw.get()));
                let key = format!("{name}:{}:{said}", id(change.field));
                add(
                    EventKind::Other,
                    key,
                    String::new(),
                    change.raw.get().to_owned(),
                );
            }
        }
    }
    Ok(events)
}

#[derive(Clone, Copy)]
enum Writer {
    Customer,
    Business,
}

/// Returns the key, the customer, and the message together with the contact that wrote it, both as raw JSON.
fn message(
    number: &str,
    raw: &RawValue,
    contacts: &[&RawValue],
    writer: Writer,
) -> (String, String, String) {
    let head: MessageHead = serde_json::from_str(raw.get()).unwrap_or_default();
    let (from, user) = match writer {
        Writer::Customer => (head.from, head.from_user_id),
        Writer::Business => (head.to, head.to_user_id),
    };
    let (from, user) = (from.unwrap_or_default(), user.unwrap_or_default());
    // A change of the user id stands in the order of the new id, so that no message by it runs at the same time.
    let renamed = head.system.and_then(|system| system.user_id);
    let wrote = |contact: &&&RawValue| {
        let contact: Contact = serde_json::from_str(contact.get()).unwrap_or_default();
        let is = |said: Option<String>, id: &str| !id.is_empty() && said.as_deref() == Some(id);
        is(contact.user_id, &user) || is(contact.wa_id, &from)
    };
    let contact = match contacts {
        [only] => Some(only),
        many => many.iter().find(wrote),
    };
    let key = match head.id.filter(|id| !id.is_empty()) {
        Some(message) => format!("{number}:message:{}", id(&message)),
        None => format!("{number}:message:{}", digest(raw.get())),
    };
    let wrote: Contact = contact
        .and_then(|contact| serde_json::from_str(contact.get()).ok())
        .unwrap_or_default();
    let contact = contact.map_or("null", |contact| contact.get());
    // A person's user id stays when the phone number changes or is hidden. If the message names nobody, its contact
    // names the sender.
    let named = [renamed, Some(user), Some(from), wrote.user_id, wrote.wa_id];
    let sender = named.into_iter().flatten().find(|name| !name.is_empty());
    let sender = id(&sender.unwrap_or_default());
    (
        key,
        sender,
        format!(r#"{{"message":{},"contact":{contact}}}"#, raw.get()),
    )
}

fn status_key(number: &str, raw: &RawValue) -> String {
    let head: Option<Status> = serde_json::from_str(raw.get()).ok();
    let (message, status) = head.map(|head| (head.id, head.status)).unwrap_or_default();
    match message.as_str() {
        "" => format!("{number}:status:{}", digest(raw.get())),
        message => format!("{number}:status:{}:{}", id(message), id(&status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_beside_a_message_can_lose_it() {
        let message = r#"{"id": "wamid.x", "from": "447700900001", "type": "text"}"#;
        for beside in [
            r#""contacts": null, "statuses": null, "errors": null"#,
            r#""contacts": {}, "statuses": "none""#,
            r#""contacts": [null], "metadata": null"#,
            r#""contacts": [{"wa_id": 447700900001}]"#,
            r#""metadata": 7"#,
        ] {
            let value = format!(r#"{{"messages": [{message}], {beside}}}"#);
            let said: Messages<'_> = serde_json::from_str(&value).unwrap();
            assert_eq!(said.messages.len(), 1, "{beside}");
            let (_, sender, _) =
                super::message("1", said.messages[0], &said.contacts, Writer::Customer);
            assert_eq!(sender, "447700900001", "{beside}");
        }
        for whole in [
            r#"{"entry": null}"#,
            r#"{"entry": [{"id": 102290129340398, "changes": null}]}"#,
            r#"{"entry": [{"id": null, "changes": [{"field": null, "value": null}]}]}"#,
        ] {
            assert!(
                serde_json::from_str::<Envelope<'_>>(whole).is_ok(),
                "{whole}"
            );
        }
    }

    #[test]
    fn a_message_is_in_the_order_of_whoever_wrote_it() {
        let sender = |said: &str, contact: &str| {
            let said: &RawValue = serde_json::from_str(said).unwrap();
            let contact: &RawValue = serde_json::from_str(contact).unwrap();
            message("1", said, &[contact], Writer::Customer).1
        };
        let contact = r#"{"wa_id": "254711", "user_id": "US.1"}"#;
        assert_eq!(
            sender(r#"{"from": "254711", "from_user_id": "US.1"}"#, contact),
            "US.1"
        );
        assert_eq!(sender(r#"{"from": "254711"}"#, contact), "254711");
        // Since 2026 the phone number may be missing. The contact beside the message then names the sender.
        assert_eq!(sender(r#"{"id": "x"}"#, contact), "US.1");
        assert_eq!(sender(r#"{"id": "x"}"#, r#"{"wa_id": "254711"}"#), "254711");
        let renamed = r#"{"from_user_id": "US.1", "system": {"previous_user_id": "US.1", "user_id": "US.2"}}"#;
        assert_eq!(sender(renamed, "null"), "US.2");
    }
}
