//! What Green API sends to us: one notification a call, everything optional but its type.

use serde::Deserialize;

/// A notification.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// `incomingMessageReceived`, `outgoingMessageStatus` …
    #[serde(default)]
    pub type_webhook: String,
    /// Which instance.
    pub instance_data: Option<Instance>,
    /// Seconds since 1970.
    pub timestamp: Option<i64>,
    /// The message, unique within its chat.
    pub id_message: Option<String>,
    /// Who wrote.
    pub sender_data: Option<Sender>,
    /// What they wrote.
    pub message_data: Option<MessageData>,
    /// Of `outgoingMessageStatus`.
    pub chat_id: Option<String>,
    /// Of `outgoingMessageStatus`: sent, delivered, read, failed, noAccount, notInGroup, yellowCard.
    pub status: Option<String>,
}

/// Which instance.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// A number in JSON.
    pub id_instance: serde_json::Number,
}

/// Who wrote.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sender {
    /// `7900…@c.us`, `…@g.us` for a group.
    pub chat_id: Option<String>,
    /// `7900…@c.us`.
    pub sender: Option<String>,
    /// What the person calls themselves.
    pub sender_name: Option<String>,
}

/// What was written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageData {
    /// `textMessage`, `extendedTextMessage`, `imageMessage` …
    #[serde(default)]
    pub type_message: String,
    /// Of `textMessage`.
    pub text_message_data: Option<TextData>,
    /// Of `extendedTextMessage`: text with a link or a quotation.
    pub extended_text_message_data: Option<ExtendedData>,
}

/// Text.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextData {
    /// What they wrote.
    pub text_message: Option<String>,
}

/// Text with more to it.
#[derive(Clone, Debug, Deserialize)]
pub struct ExtendedData {
    /// What they wrote.
    pub text: Option<String>,
}

impl MessageData {
    /// The text, whichever way it came.
    pub fn text(&self) -> Option<&str> {
        let plain = self
            .text_message_data
            .as_ref()
            .and_then(|data| data.text_message.as_deref());
        plain.or_else(|| self.extended_text_message_data.as_ref()?.text.as_deref())
    }
}
