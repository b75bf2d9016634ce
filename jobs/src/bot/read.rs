//! Reads who wrote a provider's event, and what it says.

use kazi_clients::{
    greenapi::webhook::Notification,
    json::{self, lenient},
    whatsapp::webhook::{Contact, Message, System},
};
use kazi_platform::{Phone, phone};
use kazi_queue::JobError;

use crate::{
    channels::{ChannelKind, Event},
    contacts::{Identity, phone_of_chat},
    conversations::fit,
    messages::heard::{self, Heard},
};

#[derive(Debug)]
pub(super) struct Inbound {
    pub identity: Identity,
    /// The address for the answer.
    pub peer: String,
    pub provider_id: String,
    pub heard: Heard,
    /// The customer's new WhatsApp id, when WhatsApp reports one.
    pub moved_to: Option<String>,
    /// The customer's new user id, when WhatsApp reports one. The identity has the one until now.
    pub renamed_to: Option<String>,
    /// The time of the writing by the provider, in Unix seconds.
    pub at: Option<i64>,
}

/// Reads an event. Returns `None` when there is nobody to answer, for example in a group.
///
/// # Errors
/// The payload is not the JSON of this provider.
pub(super) fn read(event: &Event) -> Result<Option<Inbound>, serde_json::Error> {
    written_by(event, Writer::Customer)
}

/// Reads an event that the business wrote. The identity is that of the recipient.
///
/// # Errors
/// The payload is not the JSON of this provider.
pub(super) fn echo(event: &Event) -> Result<Option<Inbound>, serde_json::Error> {
    written_by(event, Writer::Business)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    Customer,
    Business,
}

/// The error for a payload that is not the provider's JSON. A retry would not help.
pub(super) fn unreadable(error: &serde_json::Error) -> JobError {
    // Only the place of the error: the text belongs to a customer.
    JobError::discard(
        "unreadable",
        format_args!("line {} column {}", error.line(), error.column()),
    )
}

fn written_by(event: &Event, writer: Writer) -> Result<Option<Inbound>, serde_json::Error> {
    // Removes what the database cannot store, once for all fields.
    let payload = lenient(&event.payload);
    let mut inbound = match event.provider {
        ChannelKind::WhatsApp => whatsapp(&payload, writer),
        ChannelKind::GreenApi => greenapi(&payload, writer),
    }?;
    if let Some(inbound) = &mut inbound {
        inbound.provider_id = fit(&inbound.provider_id, ID_LIMIT);
        inbound.heard.kind = fit(&inbound.heard.kind, ID_LIMIT);
        inbound.identity.name = inbound
            .identity
            .name
            .take()
            .map(|name| fit(&name, ID_LIMIT));
    }
    Ok(inbound)
}

/// The sender from the contact that came with the message, when the message does not name one.
pub(super) fn writer(payload: &str) -> Option<String> {
    let payload: WhatsAppPayload = serde_json::from_str(&lenient(payload)).ok()?;
    let contact = payload.contact?;
    name(contact.user_id).or_else(|| name(contact.wa_id))
}

/// A usable name from a provider: not empty, and short enough for an index.
pub(super) fn name(said: Option<String>) -> Option<String> {
    said.filter(|id| (1..=ID_LIMIT).contains(&id.len()))
}

/// Characters of a provider's id. Real ids have fewer than a hundred.
const ID_LIMIT: usize = 256;

/// The payload as the intake made it: one message, with the contact of its envelope.
#[derive(serde::Deserialize)]
struct WhatsAppPayload {
    #[serde(default, deserialize_with = "json::object")]
    message: Option<Message>,
    #[serde(default, deserialize_with = "json::object")]
    contact: Option<Contact>,
}

fn whatsapp(payload: &str, writer: Writer) -> Result<Option<Inbound>, serde_json::Error> {
    let WhatsAppPayload { message, contact } = serde_json::from_str(payload)?;
    let (mut message, contact) = (message.unwrap_or_default(), contact.unwrap_or_default());
    if message.group_id.as_deref().is_some_and(|id| !id.is_empty()) {
        count_unanswered(writer, "group");
        return Ok(None);
    }
    if writer == Writer::Business {
        message.from = message.to.take();
        message.from_user_id = message.to_user_id.take();
    }
    let wa_id = name(message.from.take()).or_else(|| name(contact.wa_id));
    let mut user_id = name(message.from_user_id.take()).or_else(|| name(contact.user_id));
    let renamed = message.system.as_mut().and_then(System::take_renamed);
    let mut renamed_to = None;
    if let Some((previous, current)) = renamed {
        renamed_to = name(Some(current));
        // Whoever is meant is known by the id until now. The sender may be named by the new one already.
        user_id = name(previous).or_else(|| user_id.filter(|id| Some(id) != renamed_to.as_ref()));
    }
    let Some(peer) = wa_id.clone().or_else(|| user_id.clone()) else {
        return Ok(None);
    };
    let identity = Identity {
        phone: wa_id.as_deref().and_then(Phone::from_wa_id),
        user_id,
        chat_id: wa_id,
        name: contact.profile.and_then(|profile| profile.name),
    };
    let moved_to = message.system.as_ref().and_then(System::moved_to);
    let moved_to = moved_to.and_then(|to| name(Some(phone::digits(&to))));
    let provider_id = message.id.clone();
    let at = message.timestamp.as_deref().and_then(|at| at.parse().ok());
    Ok(Some(Inbound {
        identity,
        peer,
        provider_id,
        heard: heard::whatsapp(message),
        moved_to,
        renamed_to,
        at,
    }))
}

/// Counts a message of a chat that the bot does not answer. The event stays in its table. An echo needs no answer in any
/// chat.
fn count_unanswered(writer: Writer, chat: &'static str) {
    if writer == Writer::Customer {
        metrics::counter!("kazi_conversations_chats_unanswered_total", "chat" => chat).increment(1);
    }
}

fn greenapi(payload: &str, writer: Writer) -> Result<Option<Inbound>, serde_json::Error> {
    let said: Notification = serde_json::from_str(payload)?;
    let Some(sender) = said.sender_data else {
        return Ok(None);
    };
    // The sender of an echo is the business, and its chat the customer's.
    let named = name(sender.sender).filter(|_| writer == Writer::Customer);
    let Some(chat) = name(sender.chat_id).or_else(|| named.clone()) else {
        return Ok(None);
    };
    let chat = match person(&chat) {
        Ok(chat) => chat,
        Err(what) => {
            count_unanswered(writer, what);
            return Ok(None);
        }
    };
    // The sender of a hidden chat may be named by the number, and the other way round.
    let names = [
        Some(chat.clone()),
        named.and_then(|name| person(&name).ok()),
    ];
    let of = |hidden| {
        let mut names = names.iter().flatten();
        names.find(|name| name.ends_with(HIDDEN) == hidden).cloned()
    };
    let number = of(false);
    let identity = Identity {
        phone: number.as_deref().and_then(phone_of_chat),
        user_id: of(true),
        // The sender of an echo is the business.
        name: sender
            .sender_name
            .filter(|name| !name.is_empty() && writer == Writer::Customer),
        chat_id: number,
    };
    Ok(Some(Inbound {
        identity,
        peer: chat,
        provider_id: said.id_message.unwrap_or_default(),
        heard: heard::greenapi(said.message_data.unwrap_or_default()),
        moved_to: None,
        renamed_to: None,
        at: said.timestamp,
    }))
}

/// The server of chats that hide the number. WhatsApp gives each person one such id, which stays.
const HIDDEN: &str = "@lid";

/// The chat of a person, without the number of a device behind the name (`7900…:3@c.us`). Else what the chat is: the bot
/// speaks in none of these.
fn person(chat: &str) -> Result<String, &'static str> {
    let (name, server) = chat.split_once('@').ok_or("unknown")?;
    match server {
        "c.us" | "s.whatsapp.net" => match phone_of_chat(chat) {
            Some(_) => {
                let digits = name.split_once(':').map_or(name, |(digits, _)| digits);
                Ok(format!("{digits}@c.us"))
            }
            // `null@c.us` and the like.
            None => Err("nobody"),
        },
        "lid" => {
            let id = name.split_once(':').map_or(name, |(id, _)| id);
            let fits = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
            fits.then(|| format!("{id}{HIDDEN}")).ok_or("nobody")
        }
        "g.us" => Err("group"),
        "broadcast" => Err("status"),
        "newsletter" => Err("channel"),
        _ => Err("unknown"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::messages::heard::Input;

    fn message(message: Value) -> Inbound {
        whatsapp(
            &json!({"message": message, "contact": {"user_id": "US.1", "profile": {"name": "A"}}})
                .to_string(),
            Writer::Customer,
        )
        .unwrap()
        .unwrap()
    }

    #[test]
    fn somebody_without_a_phone_is_known_by_the_user_id() {
        let read = message(json!({"from_user_id": "US.1", "type": "text", "text": {"body": "Hi"}}));
        assert_eq!(
            (
                read.peer.as_str(),
                read.identity.phone,
                read.identity.chat_id
            ),
            ("US.1", None, None)
        );
    }

    #[test]
    fn only_people_are_answered() {
        for chat in [
            "120363041234567890@g.us",
            "null@c.us",
            "undefined@c.us",
            "0@c.us",
            "@c.us",
            ":3@c.us",
            "status@broadcast",
            "120363041234567890@newsletter",
            "null@lid",
            "254711000001@bot",
            "254711000001",
        ] {
            let said = json!({"typeWebhook": "incomingMessageReceived",
                              "senderData": {"chatId": chat, "sender": "254711000001@c.us"}});
            for writer in [Writer::Customer, Writer::Business] {
                let read = greenapi(&said.to_string(), writer).unwrap();
                assert!(read.is_none(), "{chat}");
            }
        }
        let nobody = json!({"typeWebhook": "incomingMessageReceived", "senderData": {"chatId": "", "sender": ""}});
        let read = greenapi(&nobody.to_string(), Writer::Customer).unwrap();
        assert!(read.is_none());
        // An echo without a chat is not to the business itself.
        let nobody = json!({"typeWebhook": "outgoingMessageReceived",
                            "senderData": {"chatId": "", "sender": "254711000001@c.us"}});
        let read = greenapi(&nobody.to_string(), Writer::Business).unwrap();
        assert!(read.is_none());
    }

    #[test]
    fn nobody_is_answered_in_a_group_of_the_cloud_api() {
        let said = |group: Value| {
            let message = json!({"from": "254711000001", "to": "254711000002", "group_id": group, "type": "text",
                                 "text": {"body": "Who comes?"}});
            json!({"message": message, "contact": {"wa_id": "254711000001"}}).to_string()
        };
        for writer in [Writer::Customer, Writer::Business] {
            let read = whatsapp(&said(json!("Z3JvdXA6MTcwNTU1")), writer).unwrap();
            assert!(read.is_none());
            for none in [json!(""), Value::Null] {
                assert!(whatsapp(&said(none), writer).unwrap().is_some());
            }
        }
    }

    #[test]
    fn a_chat_is_its_persons_whichever_way_it_is_named() {
        for (chat, sender, number, hidden) in [
            (
                "254711000001@c.us",
                "254711000001@c.us",
                Some("254711000001@c.us"),
                None,
            ),
            (
                "254711000001:3@c.us",
                "254711000001:3@c.us",
                Some("254711000001@c.us"),
                None,
            ),
            (
                "254711000001@s.whatsapp.net",
                "",
                Some("254711000001@c.us"),
                None,
            ),
            ("", "254711000001@c.us", Some("254711000001@c.us"), None),
            (
                "98765432101234@lid",
                "98765432101234:7@lid",
                None,
                Some("98765432101234@lid"),
            ),
            (
                "98765432101234:7@lid",
                "98765432101234:7@lid",
                None,
                Some("98765432101234@lid"),
            ),
            (
                "98765432101234@lid",
                "254711000001@c.us",
                Some("254711000001@c.us"),
                Some("98765432101234@lid"),
            ),
            (
                "254711000001@c.us",
                "98765432101234@lid",
                Some("254711000001@c.us"),
                Some("98765432101234@lid"),
            ),
        ] {
            let said = json!({"typeWebhook": "incomingMessageReceived", "senderData": {"chatId": chat, "sender": sender}});
            let read = greenapi(&said.to_string(), Writer::Customer)
                .unwrap()
                .unwrap();
            let identity = read.identity;
            assert_eq!(
                (identity.chat_id.as_deref(), identity.user_id.as_deref()),
                (number, hidden),
                "{chat} {sender}"
            );
            assert_eq!(
                identity.phone.is_some(),
                number.is_some(),
                "{chat} {sender}"
            );
            assert!([number, hidden].contains(&Some(read.peer.as_str())));
        }
    }

    #[test]
    fn the_sender_of_an_echo_is_not_the_customer() {
        for (chat, number, hidden) in [
            ("254711000001:3@c.us", Some("254711000001@c.us"), None),
            ("98765432101234@lid", None, Some("98765432101234@lid")),
        ] {
            let said = json!({"typeWebhook": "outgoingMessageReceived", "senderData": {
                "chatId": chat, "sender": "254700000009@c.us", "senderName": "The Shop"}});
            let read = greenapi(&said.to_string(), Writer::Business)
                .unwrap()
                .unwrap();
            let identity = read.identity;
            assert_eq!(
                (identity.chat_id.as_deref(), identity.user_id.as_deref()),
                (number, hidden),
                "{chat}"
            );
            assert_eq!(identity.name, None);
            assert_eq!(Some(read.peer.as_str()), number.or(hidden));
        }
    }

    #[test]
    fn a_changed_number_is_read_in_both_forms() {
        for system in [
            json!({"type": "user_changed_number", "wa_id": "254799000001"}),
            json!({"type": "user_changed_number", "new_wa_id": "254799000001"}),
            json!({"type": "user_changed_number", "new_wa_id": 254_799_000_001_u64}),
            json!({"type": "customer_changed_number", "new_wa_id": "254799000001", "wa_id": "9725"}),
            json!({"type": "user_changed_number", "wa_id": "\u{200e}254799000001\u{200e}"}),
        ] {
            let moved = message(json!({"from": "9725", "type": "system", "system": system}));
            assert_eq!(moved.moved_to.as_deref(), Some("254799000001"), "{system}");
            assert_eq!(moved.heard.said, Input::Nothing);
        }
        let other = json!({"type": "customer_identity_changed", "wa_id": "254799000001"});
        let other = message(json!({"from": "9725", "type": "system", "system": other}));
        assert_eq!(other.moved_to, None);
    }
}
