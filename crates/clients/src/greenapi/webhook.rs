//! Green API's webhooks. Each call has one notification. Only its type is required.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{json, whatsapp::webhook::Location};

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

#[derive(Clone, Debug, Default, Deserialize)]
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
    /// The text of an `extendedTextMessage`, which has a link or a quotation, or the sign of a `reactionMessage`.
    #[serde(default, deserialize_with = "json::object")]
    pub extended_text_message_data: Option<ExtendedData>,
    #[serde(default, deserialize_with = "json::object")]
    pub edited_message_data: Option<EditedData>,
    #[serde(default, deserialize_with = "json::object")]
    pub deleted_message_data: Option<DeletedData>,
    /// The message that this one answers, or that a reaction is about.
    #[serde(default, deserialize_with = "json::object")]
    pub quoted_message: Option<DeletedData>,
    #[serde(default, deserialize_with = "json::object")]
    pub location_message_data: Option<Location>,
    #[serde(default, deserialize_with = "json::object")]
    pub live_location_message_data: Option<Location>,
    #[serde(default, deserialize_with = "json::object")]
    pub contact_message_data: Option<Card>,
    /// The cards of a `contactsArrayMessage`.
    #[serde(default, deserialize_with = "json::list")]
    pub contacts: Vec<Card>,
    /// A `contactsArrayMessage` has its cards in here.
    #[serde(default, deserialize_with = "json::object")]
    pub message_data: Option<Box<MessageData>>,
    #[serde(default, deserialize_with = "json::object")]
    pub poll_message_data: Option<Poll>,
    /// A menu, or a tap on one: Green API has an object for each kind of menu, and one for taps on it.
    #[serde(
        default,
        deserialize_with = "json::object",
        alias = "buttonsResponseMessage",
        alias = "listResponseMessage",
        alias = "templateButtonReplyMessage",
        alias = "templateButtonsReplyMessage",
        alias = "interactiveButtonsResponse",
        alias = "interactiveButtonsReply",
        alias = "interactiveButtons",
        alias = "buttonsMessage",
        alias = "listMessage",
        alias = "templateMessage"
    )]
    pub choice: Option<Choice>,
    #[serde(default, deserialize_with = "json::object")]
    pub group_invite_message_data: Option<GroupInvite>,
}

/// A correction of an earlier message.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EditedData {
    #[serde(default, deserialize_with = "json::text")]
    pub text_message: Option<String>,
    /// The id of the earlier message.
    #[serde(default, deserialize_with = "json::text")]
    pub stanza_id: Option<String>,
}

/// An earlier message, by its id.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletedData {
    #[serde(default, deserialize_with = "json::text")]
    pub stanza_id: Option<String>,
}

/// A contact card that a customer shares.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    #[serde(default, deserialize_with = "json::text")]
    pub display_name: Option<String>,
    /// In the form of RFC 6350.
    #[serde(default, deserialize_with = "json::word")]
    pub vcard: String,
}

impl Card {
    /// The name on the card, or that of the company.
    pub fn name(&self) -> Option<String> {
        let shown = self.display_name.as_deref().unwrap_or_default().trim();
        let of = |wanted: &str| {
            let mut all = self
                .fields()
                .filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
            all.find_map(|(_, value)| {
                let parts = value
                    .split(';')
                    .map(str::trim)
                    .filter(|part| !part.is_empty());
                let parts: Vec<&str> = parts.collect();
                (!parts.is_empty()).then(|| parts.join(" "))
            })
        };
        match shown {
            "" => of("FN").or_else(|| of("N")).or_else(|| of("ORG")),
            shown => Some(shown.to_owned()),
        }
    }

    /// The phone numbers and the addresses of the card.
    pub fn ways(&self) -> impl Iterator<Item = &str> {
        let known =
            |name: &str| name.eq_ignore_ascii_case("TEL") || name.eq_ignore_ascii_case("EMAIL");
        self.fields()
            .filter(move |(name, value)| known(name) && !value.is_empty())
            .map(|(_, value)| value)
    }

    fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.vcard.lines().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            // `item1.TEL;waid=…` is a TEL of the group `item1`.
            let name = name.split(';').next().unwrap_or_default();
            let name = name.rsplit('.').next().unwrap_or_default();
            Some((name, value.trim()))
        })
    }
}

/// A poll, or its state after a vote.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Poll {
    /// The question.
    #[serde(default, deserialize_with = "json::word")]
    pub name: String,
    #[serde(default, deserialize_with = "json::list")]
    pub options: Vec<PollOption>,
    /// Only after a vote.
    #[serde(default, deserialize_with = "json::list")]
    pub votes: Vec<PollOption>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PollOption {
    #[serde(default, deserialize_with = "json::word")]
    pub option_name: String,
    /// The people who chose it.
    #[serde(default, deserialize_with = "json::list")]
    pub option_voters: Vec<String>,
}

/// A menu, or a tapped choice of one. Each kind of menu has other names for the fields.
#[derive(Clone, Debug, Deserialize)]
pub struct Choice(Map<String, Value>);

impl Choice {
    /// Returns the id of the button or row.
    pub fn id(&self) -> Option<&str> {
        let ids = ["selectedButtonId", "selectedRowId", "selectedId"];
        let plain = self
            .first(&ids)
            .or_else(|| self.first(&["singleSelectReply"]));
        plain.or_else(|| self.0.get("singleSelectReply")?["selectedRowId"].as_str())
    }

    /// Returns the text on the button or row.
    pub fn title(&self) -> Option<&str> {
        self.first(&["selectedButtonText", "selectedDisplayText", "title"])
    }

    /// Returns the text of a menu and what can be chosen, or `None` for a tap.
    pub fn offered(&self) -> Option<String> {
        let text = self.first(&["contentText", "body"]);
        let (buttons, sections) = (self.list("buttons"), self.list("sections"));
        if text.is_none() && buttons.is_empty() && sections.is_empty() {
            return None;
        }
        let above = self.first(&["titleText", "header", "title"]);
        let below = self.first(&["footerText", "footer"]);
        let mut lines: Vec<String> = [above, text, below]
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect();
        let rows = sections
            .iter()
            .filter_map(|section| section["rows"].as_array());
        let choices = buttons.iter().chain(rows.flatten()).filter_map(|choice| {
            // Each kind of button of a template has an object of its own.
            let inside = ["urlButton", "callButton", "quickReplyButton"];
            let inside = inside.iter().map(|name| &choice[name]);
            let mut all = std::iter::once(choice).chain(inside);
            all.find_map(|of| {
                let names = ["buttonText", "displayText", "title"];
                let mut texts = names.iter().filter_map(|name| of[name].as_str());
                texts.find(|text| !text.is_empty())
            })
        });
        lines.extend(choices.map(|title| format!("[{title}]")));
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// Whether somebody has passed the message on.
    pub fn is_forwarded(&self) -> bool {
        self.0
            .get("isForwarded")
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    fn list(&self, name: &str) -> &[Value] {
        self.0
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    fn first(&self, names: &[&str]) -> Option<&str> {
        let mut said = names.iter().filter_map(|name| self.0.get(*name)?.as_str());
        said.find(|text| !text.is_empty())
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupInvite {
    #[serde(default, deserialize_with = "json::word")]
    pub group_name: String,
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
    #[serde(default, deserialize_with = "json::text")]
    pub download_url: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub file_name: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub mime_type: Option<String>,
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
