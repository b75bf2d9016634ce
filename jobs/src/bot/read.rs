//! Reads a provider's event. Every type of message is stored; the bot can act on a few types.

use kazi_clients::{
    greenapi::webhook::Notification,
    json::{self, lenient},
    whatsapp::webhook::{Contact, Message},
};
use kazi_platform::Phone;
use serde_json::{Value, json};

use super::decide::Input;
use crate::{
    channels::{ChannelKind, Event},
    contacts::Identity,
    conversations::fit,
};

#[derive(Debug)]
pub(super) struct Inbound {
    pub identity: Identity,
    /// The address for the answer.
    pub peer: String,
    pub provider_id: String,
    /// `text`, `image`, `interactive` …
    pub kind: String,
    /// The text that a person reads.
    pub body: String,
    /// The tapped choice, or the attachment.
    pub content: Value,
    /// The bot's view of it.
    pub said: Input,
    /// The customer's new WhatsApp id, when WhatsApp reports one.
    pub moved_to: Option<String>,
}

/// Reads an event. Returns `None` when there is nobody to answer, for example in a group.
///
/// # Errors
/// The payload is not the JSON of this provider.
pub(super) fn read(event: &Event) -> Result<Option<Inbound>, serde_json::Error> {
    // Removes what the database cannot store, once for all fields.
    let payload = lenient(&event.payload);
    let mut inbound = match event.provider {
        ChannelKind::WhatsApp => whatsapp(&payload),
        ChannelKind::GreenApi => greenapi(&payload),
    }?;
    if let Some(inbound) = &mut inbound {
        inbound.provider_id = fit(&inbound.provider_id, ID_LIMIT);
        inbound.kind = fit(&inbound.kind, ID_LIMIT);
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
fn name(said: Option<String>) -> Option<String> {
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

fn whatsapp(payload: &str) -> Result<Option<Inbound>, serde_json::Error> {
    let WhatsAppPayload { message, contact } = serde_json::from_str(payload)?;
    let (message, contact) = (message.unwrap_or_default(), contact.unwrap_or_default());
    let wa_id = name(message.from).or_else(|| name(contact.wa_id));
    let user_id = name(message.from_user_id).or_else(|| name(contact.user_id));
    let Some(peer) = wa_id.clone().or_else(|| user_id.clone()) else {
        return Ok(None);
    };
    let identity = Identity {
        phone: wa_id.as_deref().and_then(Phone::from_wa_id),
        user_id,
        chat_id: wa_id,
        name: contact.profile.and_then(|profile| profile.name),
    };
    let kind = if message.kind.is_empty() {
        "unknown".to_owned()
    } else {
        message.kind
    };
    let attached = [message.image, message.video, message.document]
        .into_iter()
        .flatten()
        .next();
    let tapped = message
        .interactive
        .and_then(|tap| tap.button_reply.or(tap.list_reply));
    let template = message.button.map(|tap| {
        (
            tap.payload.unwrap_or_default(),
            tap.text.unwrap_or_default(),
        )
    });
    let tapped = tapped.map(|reply| (reply.id, reply.title)).or(template);
    let mut content = Value::Null;
    let (said, body) = if let Some((id, title)) = tapped {
        content = json!({"id": id, "title": title});
        (
            Input::Tap {
                id,
                title: title.clone(),
            },
            title,
        )
    } else if let Some(text) = message.text {
        (Input::Text(text.body.clone()), text.body)
    } else if let Some(attachment) = attached {
        content = json!({"media_id": attachment.id});
        match attachment
            .caption
            .filter(|caption| !caption.trim().is_empty())
        {
            Some(caption) => (Input::Text(caption.clone()), caption),
            None => (Input::Unreadable, String::new()),
        }
    } else {
        match kind.as_str() {
            // These need no answer.
            "reaction" | "system" => (Input::Nothing, String::new()),
            _ => (Input::Unreadable, String::new()),
        }
    };
    let changed = message
        .system
        .filter(|system| system.kind.as_deref() == Some("user_changed_number"));
    let moved_to = changed.and_then(|system| name(system.wa_id));
    Ok(Some(Inbound {
        identity,
        peer,
        provider_id: message.id,
        kind,
        body,
        content,
        said,
        moved_to,
    }))
}

fn greenapi(payload: &str) -> Result<Option<Inbound>, serde_json::Error> {
    let said: Notification = serde_json::from_str(payload)?;
    let Some(sender) = said.sender_data else {
        return Ok(None);
    };
    let Some(chat) = name(sender.chat_id).or_else(|| name(sender.sender)) else {
        return Ok(None);
    };
    // `@g.us` is a group, and the bot does not answer groups.
    let Some(digits) = chat.strip_suffix("@c.us") else {
        return Ok(None);
    };
    let identity = Identity {
        phone: Phone::from_wa_id(digits),
        user_id: None,
        name: sender.sender_name.filter(|name| !name.is_empty()),
        chat_id: Some(chat.clone()),
    };
    let text = said
        .message_data
        .as_ref()
        .and_then(|data| data.text())
        .unwrap_or_default()
        .to_owned();
    let kind = match said.message_data {
        Some(data) if data.type_message == "reactionMessage" => "reaction".to_owned(),
        Some(data) if text.is_empty() || data.file_message_data.is_some() => data.type_message,
        Some(_) => "text".to_owned(),
        None => "unknown".to_owned(),
    };
    let spoken = match kind.as_str() {
        "reaction" => Input::Nothing,
        _ if text.trim().is_empty() => Input::Unreadable,
        _ => Input::Text(text.clone()),
    };
    Ok(Some(Inbound {
        identity,
        peer: chat,
        provider_id: said.id_message.unwrap_or_default(),
        kind,
        body: text,
        content: Value::Null,
        said: spoken,
        moved_to: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(message: Value) -> Inbound {
        whatsapp(
            &json!({"message": message, "contact": {"user_id": "US.1", "profile": {"name": "A"}}})
                .to_string(),
        )
        .unwrap()
        .unwrap()
    }

    #[test]
    fn every_type_of_message_is_read() {
        for (given, kind, said) in [
            (
                json!({"from": "9725", "type": "text", "text": {"body": "Hi"}}),
                "text",
                Input::Text("Hi".into()),
            ),
            (
                json!({"from": "9725", "type": "image", "image": {"id": "1", "caption": "this?"}}),
                "image",
                Input::Text("this?".into()),
            ),
            (
                json!({"from": "9725", "type": "image", "image": {"id": "1"}}),
                "image",
                Input::Unreadable,
            ),
            (
                json!({"from": "9725", "type": "audio", "audio": {"voice": true}}),
                "audio",
                Input::Unreadable,
            ),
            (
                json!({"from": "9725", "type": "reaction", "reaction": {}}),
                "reaction",
                Input::Nothing,
            ),
            (
                json!({"from": "9725", "type": "hologram", "hologram": [1]}),
                "hologram",
                Input::Unreadable,
            ),
            (json!({"from": "9725"}), "unknown", Input::Unreadable),
        ] {
            let read = message(given);
            assert_eq!((read.kind.as_str(), read.said), (kind, said));
        }
        let tap = json!({"from": "9725", "type": "interactive", "interactive": {"list_reply": {"id": "svc:shop", "title": "Shop"}}});
        assert_eq!(
            message(tap).said,
            Input::Tap {
                id: "svc:shop".into(),
                title: "Shop".into()
            }
        );
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
    fn a_group_is_not_answered() {
        let group = json!({"typeWebhook": "incomingMessageReceived", "senderData": {"chatId": "1-2@g.us", "sender": "9725@c.us"}});
        assert!(greenapi(&group.to_string()).unwrap().is_none());
    }
}
