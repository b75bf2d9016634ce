//! Who wrote a provider's event, and what it says.

use kazi_clients::{
    greenapi::webhook::Notification,
    json::{self, lenient},
    whatsapp::webhook::{Contact, Message},
};
use kazi_platform::Phone;
use kazi_queue::JobError;

use crate::{
    channels::{ChannelKind, Event},
    contacts::Identity,
    conversations::fit,
    messages::heard::{self, Heard},
};

/// An inbound message.
#[derive(Debug)]
pub(super) struct Inbound {
    pub identity: Identity,
    /// Where an answer goes.
    pub peer: String,
    /// The provider's id.
    pub provider_id: String,
    /// What it says.
    pub heard: Heard,
    /// WhatsApp tells that the customer has this new WhatsApp id.
    pub moved_to: Option<String>,
    /// When it was written, in Unix seconds, as the provider says.
    pub at: Option<i64>,
}

/// Reads an event. `None`: nobody to answer (a group, or no sender).
///
/// # Errors
/// It is not what this provider sends.
pub(super) fn read(event: &Event) -> Result<Option<Inbound>, serde_json::Error> {
    written_by(event, Writer::Customer)
}

/// As [`read`], of what the business wrote: the identity is that of whom it wrote to.
pub(super) fn echo(event: &Event) -> Result<Option<Inbound>, serde_json::Error> {
    written_by(event, Writer::Business)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    Customer,
    Business,
}

/// An event that its provider cannot have meant so.
pub(super) fn unreadable(error: &serde_json::Error) -> JobError {
    // Only where it breaks: the text is a customer's.
    JobError::discard(
        "unreadable",
        format_args!("line {} column {}", error.line(), error.column()),
    )
}

fn written_by(event: &Event, writer: Writer) -> Result<Option<Inbound>, serde_json::Error> {
    // Once for all fields: nothing that the database cannot store gets any further.
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

/// Who wrote a message that does not say it, by the contact that came with it.
pub(super) fn writer(payload: &str) -> Option<String> {
    let payload: WhatsAppPayload = serde_json::from_str(&lenient(payload)).ok()?;
    let contact = payload.contact?;
    name(contact.user_id).or_else(|| name(contact.wa_id))
}

/// How a provider names somebody: not empty, and not so long that no index takes it.
fn name(said: Option<String>) -> Option<String> {
    said.filter(|id| (1..=ID_LIMIT).contains(&id.len()))
}

/// The most characters of what a provider names things by; real ones have less than a hundred.
const ID_LIMIT: usize = 256;

/// The payload is what the intake put together: one message with the contact that its envelope named.
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
    if writer == Writer::Business {
        message.from = message.to.take();
        message.from_user_id = message.to_user_id.take();
    }
    let wa_id = name(message.from.take()).or_else(|| name(contact.wa_id));
    let user_id = name(message.from_user_id.take()).or_else(|| name(contact.user_id));
    let Some(peer) = wa_id.clone().or_else(|| user_id.clone()) else {
        return Ok(None);
    };
    let identity = Identity {
        phone: wa_id.as_deref().and_then(Phone::from_wa_id),
        user_id,
        chat_id: wa_id,
        name: contact.profile.and_then(|profile| profile.name),
    };
    let changed = message
        .system
        .as_ref()
        .filter(|system| system.kind.as_deref() == Some("user_changed_number"));
    let moved_to = changed.and_then(|system| name(system.wa_id.clone()));
    let provider_id = message.id.clone();
    let at = message.timestamp.as_deref().and_then(|at| at.parse().ok());
    Ok(Some(Inbound {
        identity,
        peer,
        provider_id,
        heard: heard::whatsapp(message),
        moved_to,
        at,
    }))
}

fn greenapi(payload: &str, writer: Writer) -> Result<Option<Inbound>, serde_json::Error> {
    let said: Notification = serde_json::from_str(payload)?;
    let Some(sender) = said.sender_data else {
        return Ok(None);
    };
    let Some(chat) = name(sender.chat_id).or_else(|| name(sender.sender)) else {
        return Ok(None);
    };
    // `@g.us` is a group: the bot does not speak there.
    let Some(digits) = chat.strip_suffix("@c.us") else {
        return Ok(None);
    };
    let identity = Identity {
        phone: Phone::from_wa_id(digits),
        user_id: None,
        // Of what the business wrote, the sender is the business.
        name: sender
            .sender_name
            .filter(|name| !name.is_empty() && writer == Writer::Customer),
        chat_id: Some(chat.clone()),
    };
    Ok(Some(Inbound {
        identity,
        peer: chat,
        provider_id: said.id_message.unwrap_or_default(),
        heard: heard::greenapi(said.message_data.unwrap_or_default()),
        moved_to: None,
        at: said.timestamp,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

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
    fn a_group_is_not_answered() {
        let group = json!({"typeWebhook": "incomingMessageReceived", "senderData": {"chatId": "1-2@g.us", "sender": "9725@c.us"}});
        assert!(
            greenapi(&group.to_string(), Writer::Customer)
                .unwrap()
                .is_none()
        );
    }
}
