//! What Green API sends to us: one notification a call, everything optional but its type.

use serde::Deserialize;

use crate::json;

/// A notification.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// `incomingMessageReceived`, `outgoingMessageStatus` …
    #[serde(default, deserialize_with = "json::word")]
    pub type_webhook: String,
    /// Which instance.
    #[serde(default, deserialize_with = "json::object")]
    pub instance_data: Option<Instance>,
    /// Seconds since 1970.
    #[serde(default, deserialize_with = "json::number")]
    pub timestamp: Option<i64>,
    /// The message, unique within its chat.
    #[serde(default, deserialize_with = "json::text")]
    pub id_message: Option<String>,
    /// Who wrote.
    #[serde(default, deserialize_with = "json::object")]
    pub sender_data: Option<Sender>,
    /// What they wrote.
    #[serde(default, deserialize_with = "json::object")]
    pub message_data: Option<MessageData>,
    /// Of `outgoingMessageStatus`.
    #[serde(default, deserialize_with = "json::text")]
    pub chat_id: Option<String>,
    /// Of `outgoingMessageStatus`: sent, delivered, read, failed, noAccount, notInGroup, yellowCard.
    #[serde(default, deserialize_with = "json::text")]
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
    #[serde(default, deserialize_with = "json::text")]
    pub chat_id: Option<String>,
    /// `7900…@c.us`.
    #[serde(default, deserialize_with = "json::text")]
    pub sender: Option<String>,
    /// What the person calls themselves.
    #[serde(default, deserialize_with = "json::text")]
    pub sender_name: Option<String>,
}

/// What was written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageData {
    /// `textMessage`, `extendedTextMessage`, `imageMessage` …
    #[serde(default, deserialize_with = "json::word")]
    pub type_message: String,
    /// Of `textMessage`.
    #[serde(default, deserialize_with = "json::object")]
    pub text_message_data: Option<TextData>,
    /// Of `imageMessage`, `documentMessage` …: files, also those that we sent.
    #[serde(default, deserialize_with = "json::object")]
    pub file_message_data: Option<FileData>,
    /// Of `extendedTextMessage`: text with a link or a quotation.
    #[serde(default, deserialize_with = "json::object")]
    pub extended_text_message_data: Option<ExtendedData>,
}

/// Text.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextData {
    /// What they wrote.
    #[serde(default, deserialize_with = "json::text")]
    pub text_message: Option<String>,
}

/// Text with more to it.
#[derive(Clone, Debug, Deserialize)]
pub struct ExtendedData {
    /// What they wrote.
    #[serde(default, deserialize_with = "json::text")]
    pub text: Option<String>,
}

/// A file.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileData {
    /// What stands below it.
    #[serde(default, deserialize_with = "json::word")]
    pub caption: String,
}

impl MessageData {
    /// The text, whichever way it came; a file's is its caption, empty when it has none.
    pub fn text(&self) -> Option<&str> {
        let plain = self
            .text_message_data
            .as_ref()
            .and_then(|data| data.text_message.as_deref());
        let extended = || self.extended_text_message_data.as_ref()?.text.as_deref();
        let caption = || Some(self.file_message_data.as_ref()?.caption.as_str());
        plain.or_else(extended).or_else(caption)
    }
}
