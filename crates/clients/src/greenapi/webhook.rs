//! Green API's webhooks. Each call has one notification. Only its type is required.

use serde::Deserialize;

use crate::json;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// Like `incomingMessageReceived` or `outgoingMessageStatus`.
    #[serde(default, deserialize_with = "json::word")]
    pub type_webhook: String,
    #[serde(default, deserialize_with = "json::object")]
    pub instance_data: Option<Instance>,
    /// In Unix seconds.
    #[serde(default, deserialize_with = "json::number")]
    pub timestamp: Option<i64>,
    /// The id of the message, unique within its chat.
    #[serde(default, deserialize_with = "json::text")]
    pub id_message: Option<String>,
    #[serde(default, deserialize_with = "json::object")]
    pub sender_data: Option<Sender>,
    #[serde(default, deserialize_with = "json::object")]
    pub message_data: Option<MessageData>,
    /// Only in `outgoingMessageStatus`.
    #[serde(default, deserialize_with = "json::text")]
    pub chat_id: Option<String>,
    /// Only in `outgoingMessageStatus`: sent, delivered, read, failed, noAccount, notInGroup or yellowCard.
    #[serde(default, deserialize_with = "json::text")]
    pub status: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// JSON has a number here.
    pub id_instance: serde_json::Number,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sender {
    /// `7900…@c.us`, or `…@g.us` for a group.
    #[serde(default, deserialize_with = "json::text")]
    pub chat_id: Option<String>,
    /// An id like `7900…@c.us`.
    #[serde(default, deserialize_with = "json::text")]
    pub sender: Option<String>,
    /// The name that the person has chosen.
    #[serde(default, deserialize_with = "json::text")]
    pub sender_name: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageData {
    /// Like `textMessage`, `extendedTextMessage` or `imageMessage`.
    #[serde(default, deserialize_with = "json::word")]
    pub type_message: String,
    #[serde(default, deserialize_with = "json::object")]
    pub text_message_data: Option<TextData>,
    /// The file of an `imageMessage`, `documentMessage` and the like. Files from this program come too.
    #[serde(default, deserialize_with = "json::object")]
    pub file_message_data: Option<FileData>,
    /// The text of an `extendedTextMessage`, which has a link or a quotation.
    #[serde(default, deserialize_with = "json::object")]
    pub extended_text_message_data: Option<ExtendedData>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextData {
    #[serde(default, deserialize_with = "json::text")]
    pub text_message: Option<String>,
}

/// A text with a link or a quotation.
#[derive(Clone, Debug, Deserialize)]
pub struct ExtendedData {
    #[serde(default, deserialize_with = "json::text")]
    pub text: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileData {
    /// The text below the file.
    #[serde(default, deserialize_with = "json::word")]
    pub caption: String,
}

impl MessageData {
    /// Returns the text of any kind of message. For a file it is the caption, which may be empty.
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
