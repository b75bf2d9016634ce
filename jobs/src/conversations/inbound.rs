//! What a provider's event says, in our words. Every type of message is kept; those that the bot can act on are few.

use kazi_clients::{
    greenapi::webhook::Notification,
    whatsapp::webhook::{Contact, Message},
};
use kazi_platform::Phone;
use serde_json::{Value, json};

use super::bot::Said;
use crate::{
    channels::{ChannelKind, Event},
    contacts::Identity,
};

/// An inbound message.
#[derive(Debug)]
pub(super) struct Inbound {
    /// Who wrote.
    pub identity: Identity,
    /// Where an answer goes.
    pub peer: String,
    /// The provider's id.
    pub provider_id: String,
    /// `text`, `image`, `interactive` …
    pub kind: String,
    /// What a person would read.
    pub body: String,
    /// What was tapped or attached.
    pub content: Value,
    /// What the bot makes of it.
    pub said: Said,
    /// WhatsApp tells that the customer has a new number.
    pub new_phone: Option<Phone>,
}

/// Reads an event. `None`: nobody to answer (a group, or no sender).
///
/// # Errors
/// It is not what this provider sends.
pub(super) fn read(event: &Event) -> Result<Option<Inbound>, serde_json::Error> {
    match event.provider {
        ChannelKind::WhatsApp => whatsapp(&event.payload),
        ChannelKind::GreenApi => greenapi(&event.payload),
    }
}

/// The payload is what the intake put together: one message with the contact that its envelope named.
#[derive(serde::Deserialize)]
struct WhatsAppPayload {
    message: Message,
    contact: Option<Contact>,
}

fn whatsapp(payload: &str) -> Result<Option<Inbound>, serde_json::Error> {
    let WhatsAppPayload { message, contact } = serde_json::from_str(payload)?;
    let contact = contact.unwrap_or_default();
    let wa_id = message.from.or(contact.wa_id).filter(|id| !id.is_empty());
    let user_id = message
        .from_user_id
        .or(contact.user_id)
        .filter(|id| !id.is_empty());
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
            Said::Tap {
                id,
                title: title.clone(),
            },
            title,
        )
    } else if let Some(text) = message.text {
        (Said::Text(text.body.clone()), text.body)
    } else if let Some(attachment) = attached {
        content = json!({"media_id": attachment.id});
        match attachment
            .caption
            .filter(|caption| !caption.trim().is_empty())
        {
            Some(caption) => (Said::Text(caption.clone()), caption),
            None => (Said::Unreadable, String::new()),
        }
    } else {
        match kind.as_str() {
            // Nobody expects an answer to these.
            "reaction" | "system" => (Said::Nothing, String::new()),
            _ => (Said::Unreadable, String::new()),
        }
    };
    let changed = message
        .system
        .filter(|system| system.kind.as_deref() == Some("user_changed_number"));
    let new_phone = changed.and_then(|system| Phone::from_wa_id(&system.wa_id?));
    Ok(Some(Inbound {
        identity,
        peer,
        provider_id: message.id,
        kind,
        body,
        content,
        said,
        new_phone,
    }))
}

fn greenapi(payload: &str) -> Result<Option<Inbound>, serde_json::Error> {
    let said: Notification = serde_json::from_str(payload)?;
    let Some(sender) = said.sender_data else {
        return Ok(None);
    };
    let Some(chat) = sender.chat_id.or(sender.sender) else {
        return Ok(None);
    };
    // `@g.us` is a group: the bot does not speak there.
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
        Some(_) if !text.is_empty() => "text".to_owned(),
        Some(data) if data.type_message == "reactionMessage" => "reaction".to_owned(),
        Some(data) => data.type_message,
        None => "unknown".to_owned(),
    };
    let spoken = match kind.as_str() {
        "text" => Said::Text(text.clone()),
        "reaction" => Said::Nothing,
        _ => Said::Unreadable,
    };
    Ok(Some(Inbound {
        identity,
        peer: chat,
        provider_id: said.id_message.unwrap_or_default(),
        kind,
        body: text,
        content: Value::Null,
        said: spoken,
        new_phone: None,
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
                Said::Text("Hi".into()),
            ),
            (
                json!({"from": "9725", "type": "image", "image": {"id": "1", "caption": "this?"}}),
                "image",
                Said::Text("this?".into()),
            ),
            (
                json!({"from": "9725", "type": "image", "image": {"id": "1"}}),
                "image",
                Said::Unreadable,
            ),
            (
                json!({"from": "9725", "type": "audio", "audio": {"voice": true}}),
                "audio",
                Said::Unreadable,
            ),
            (
                json!({"from": "9725", "type": "reaction", "reaction": {}}),
                "reaction",
                Said::Nothing,
            ),
            (
                json!({"from": "9725", "type": "hologram", "hologram": [1]}),
                "hologram",
                Said::Unreadable,
            ),
            (json!({"from": "9725"}), "unknown", Said::Unreadable),
        ] {
            let read = message(given);
            assert_eq!((read.kind.as_str(), read.said), (kind, said));
        }
        let tap = json!({"from": "9725", "type": "interactive", "interactive": {"list_reply": {"id": "svc:shop", "title": "Shop"}}});
        assert_eq!(
            message(tap).said,
            Said::Tap {
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
