//! Meta's webhooks. Every field that may be missing is optional. Unknown parts stay as raw JSON.

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

pub use super::parts::{
    Attachment, Card, CardName, Edit, FormReply, Location, Order, OrderItem, Quoted, Reaction,
    Revoke, Unsupported,
};
use crate::json;

/// The body of one webhook call.
#[derive(Debug, Deserialize)]
pub struct Envelope<'a> {
    /// One entry for each business account.
    #[serde(default, borrow, deserialize_with = "json::nullable")]
    pub entry: Vec<Entry<'a>>,
}

/// The changes of one business account.
#[derive(Debug, Deserialize)]
pub struct Entry<'a> {
    /// The id of the account (WABA).
    #[serde(default, deserialize_with = "json::word")]
    pub id: String,
    /// For a change of the whole account: when Meta first reported it, in Unix seconds. A repeated webhook has the same
    /// time.
    #[serde(borrow)]
    pub time: Option<&'a RawValue>,
    #[serde(default, borrow, deserialize_with = "json::nullable")]
    pub changes: Vec<Change<'a>>,
}

#[derive(Debug, Deserialize)]
pub struct Change<'a> {
    /// Like `messages` or `message_template_status_update`.
    #[serde(default, deserialize_with = "json::word")]
    pub field: String,
    /// The raw JSON.
    #[serde(default, borrow)]
    pub value: Option<&'a RawValue>,
}

/// The value of a `messages` or `smb_message_echoes` change, with its parts as raw JSON.
#[derive(Debug, Deserialize)]
pub struct Messages<'a> {
    /// The people who wrote.
    #[serde(default, borrow, deserialize_with = "json::parts")]
    pub contacts: Vec<&'a RawValue>,
    #[serde(default, borrow, deserialize_with = "json::parts")]
    pub messages: Vec<&'a RawValue>,
    /// Messages that the business wrote on its phone, when the number is also in the WhatsApp Business app.
    #[serde(default, borrow, deserialize_with = "json::parts")]
    pub message_echoes: Vec<&'a RawValue>,
    /// Statuses of messages that this program sent.
    #[serde(default, borrow, deserialize_with = "json::parts")]
    pub statuses: Vec<&'a RawValue>,
}

/// The fields of a message that name it, its sender and its recipient.
#[derive(Debug, Default, Deserialize)]
pub struct MessageHead {
    #[serde(default, deserialize_with = "json::text")]
    pub id: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub from: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub from_user_id: Option<String>,
    /// The customer, in an echo.
    #[serde(default, deserialize_with = "json::text")]
    pub to: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub to_user_id: Option<String>,
    #[serde(default, deserialize_with = "json::object")]
    pub system: Option<System>,
}

/// The number that a change belongs to.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    #[serde(default, deserialize_with = "json::word")]
    pub phone_number_id: String,
}

/// A person who wrote. Since 2026 the phone number may be missing; `user_id` identifies the person then.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Contact {
    /// Has only digits.
    #[serde(default, deserialize_with = "json::text")]
    pub wa_id: Option<String>,
    /// An id like `US.1349…`.
    #[serde(default, deserialize_with = "json::text")]
    pub user_id: Option<String>,
    #[serde(default, deserialize_with = "json::object")]
    pub profile: Option<Profile>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Profile {
    /// The name that the person has chosen.
    #[serde(default, deserialize_with = "json::text")]
    pub name: Option<String>,
}

/// An inbound message, with the fields that all types have.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Message {
    /// Begins with `wamid.`.
    #[serde(default, deserialize_with = "json::word")]
    pub id: String,
    /// Only digits. It is missing when Meta hides the phone number.
    #[serde(default, deserialize_with = "json::text")]
    pub from: Option<String>,
    /// An id like `US.1349…`.
    #[serde(default, deserialize_with = "json::text")]
    pub from_user_id: Option<String>,
    /// The group that the message was written in.
    #[serde(default, deserialize_with = "json::text")]
    pub group_id: Option<String>,
    /// In Unix seconds, as text.
    #[serde(default, deserialize_with = "json::text")]
    pub timestamp: Option<String>,
    /// Like `text`, `image` or `interactive`.
    #[serde(rename = "type", default, deserialize_with = "json::word")]
    pub kind: String,
    #[serde(default, deserialize_with = "json::object")]
    pub text: Option<Text>,
    #[serde(default, deserialize_with = "json::object")]
    pub interactive: Option<Interactive>,
    /// A tap on a quick reply of a template.
    #[serde(default, deserialize_with = "json::object")]
    pub button: Option<TemplateButton>,
    #[serde(default, deserialize_with = "json::object")]
    pub image: Option<Attachment>,
    #[serde(default, deserialize_with = "json::object")]
    pub video: Option<Attachment>,
    #[serde(default, deserialize_with = "json::object")]
    pub document: Option<Attachment>,
    #[serde(default, deserialize_with = "json::object")]
    pub audio: Option<Attachment>,
    #[serde(default, deserialize_with = "json::object")]
    pub sticker: Option<Attachment>,
    #[serde(default, deserialize_with = "json::object")]
    pub location: Option<Location>,
    #[serde(default, deserialize_with = "json::list")]
    pub contacts: Vec<Card>,
    #[serde(default, deserialize_with = "json::object")]
    pub order: Option<Order>,
    #[serde(default, deserialize_with = "json::object")]
    pub reaction: Option<Reaction>,
    #[serde(default, deserialize_with = "json::object")]
    pub edit: Option<Edit>,
    #[serde(default, deserialize_with = "json::object")]
    pub revoke: Option<Revoke>,
    #[serde(default, deserialize_with = "json::object")]
    pub unsupported: Option<Unsupported>,
    #[serde(default, deserialize_with = "json::object")]
    pub context: Option<Quoted>,
    /// The advertisement or the post that led to this message.
    #[serde(default)]
    pub referral: Value,
    /// The reasons why Meta cannot show the message.
    #[serde(default, deserialize_with = "json::list")]
    pub errors: Vec<StatusError>,
    /// The customer, in an echo. Only digits.
    #[serde(default, deserialize_with = "json::text")]
    pub to: Option<String>,
    /// The customer, in an echo. An id like `US.1349…`.
    #[serde(default, deserialize_with = "json::text")]
    pub to_user_id: Option<String>,
    #[serde(default, deserialize_with = "json::object")]
    pub system: Option<System>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Text {
    #[serde(default, deserialize_with = "json::word")]
    pub body: String,
}

/// A tap on a button or a row, or a filled form.
#[derive(Clone, Debug, Deserialize)]
pub struct Interactive {
    /// Like `button_reply` or `nfm_reply`.
    #[serde(rename = "type", default, deserialize_with = "json::text")]
    pub kind: Option<String>,
    #[serde(default, deserialize_with = "json::object")]
    pub nfm_reply: Option<FormReply>,
    #[serde(default, deserialize_with = "json::object")]
    pub button_reply: Option<Reply>,
    /// A tap on a row of a list.
    #[serde(default, deserialize_with = "json::object")]
    pub list_reply: Option<Reply>,
}

/// The tapped button or row.
#[derive(Clone, Debug, Deserialize)]
pub struct Reply {
    /// The id from this program's message.
    #[serde(default, deserialize_with = "json::word")]
    pub id: String,
    /// The text on the button or row.
    #[serde(default, deserialize_with = "json::word")]
    pub title: String,
}

/// A tap on a quick reply of a template.
#[derive(Clone, Debug, Deserialize)]
pub struct TemplateButton {
    /// The payload from this program's message.
    #[serde(default, deserialize_with = "json::text")]
    pub payload: Option<String>,
    /// The text on the button.
    #[serde(default, deserialize_with = "json::text")]
    pub text: Option<String>,
}

/// A message of WhatsApp itself.
#[derive(Clone, Debug, Deserialize)]
pub struct System {
    /// A name like `user_changed_number`.
    #[serde(rename = "type", default, deserialize_with = "json::text")]
    pub kind: Option<String>,
    /// The new number, only digits.
    #[serde(default, deserialize_with = "json::text")]
    pub wa_id: Option<String>,
    /// As `wa_id`, in the webhooks of older apps.
    #[serde(default, deserialize_with = "json::text")]
    pub new_wa_id: Option<String>,
    /// The new user id.
    #[serde(default, deserialize_with = "json::text")]
    pub user_id: Option<String>,
    /// The user id until now.
    #[serde(default, deserialize_with = "json::text")]
    pub previous_user_id: Option<String>,
}

impl System {
    /// The user id until now, if it is named, and the new one. Takes both out.
    pub fn take_renamed(&mut self) -> Option<(Option<String>, String)> {
        let current = self.user_id.take().filter(|id| !id.is_empty())?;
        let previous = self.previous_user_id.take().filter(|id| !id.is_empty());
        (previous.as_ref() != Some(&current)).then_some((previous, current))
    }

    /// The WhatsApp id that the sender has from now on, if the message tells of a new number.
    pub fn moved_to(&self) -> Option<String> {
        let kind = self.kind.as_deref().unwrap_or_default();
        // The second name is that of older apps.
        if !matches!(kind, "user_changed_number" | "customer_changed_number") {
            return None;
        }
        let named = [&self.new_wa_id, &self.wa_id];
        named
            .into_iter()
            .flatten()
            .find(|id| !id.is_empty())
            .cloned()
    }
}

/// The value of a `user_id_update` change. Since August 2026 Meta tells the same in a system message.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct UserIdUpdates {
    #[serde(default, deserialize_with = "json::list")]
    pub user_id_update: Vec<UserIdUpdate>,
}

/// A person who has another user id from now on.
#[derive(Clone, Debug, Deserialize)]
pub struct UserIdUpdate {
    /// Has only digits. It is missing when Meta hides the phone number.
    #[serde(default, deserialize_with = "json::text")]
    pub wa_id: Option<String>,
    #[serde(default, deserialize_with = "json::object")]
    pub user_id: Option<ChangedId>,
    /// In Unix seconds, as text.
    #[serde(default, deserialize_with = "json::text")]
    pub timestamp: Option<String>,
}

/// A value that has changed.
#[derive(Clone, Debug, Deserialize)]
pub struct ChangedId {
    #[serde(default, deserialize_with = "json::text")]
    pub previous: Option<String>,
    #[serde(default, deserialize_with = "json::text")]
    pub current: Option<String>,
}

/// The status of a message that this program sent.
#[derive(Clone, Debug, Deserialize)]
pub struct Status {
    /// Begins with `wamid.`.
    #[serde(default, deserialize_with = "json::word")]
    pub id: String,
    /// `sent`, `delivered`, `read`, `played` or `failed`.
    #[serde(default, deserialize_with = "json::word")]
    pub status: String,
    /// In Unix seconds, as text.
    #[serde(default, deserialize_with = "json::text")]
    pub timestamp: Option<String>,
    /// The callback text of this program's message.
    #[serde(default, deserialize_with = "json::text")]
    pub biz_opaque_callback_data: Option<String>,
    /// The reasons of a failure.
    #[serde(default, deserialize_with = "json::list")]
    pub errors: Vec<StatusError>,
}

/// The reason of a failure.
#[derive(Clone, Debug, Deserialize)]
pub struct StatusError {
    /// See [`super::reaction_to`]. Some failures have no code.
    #[serde(default, deserialize_with = "json::number")]
    pub code: Option<i64>,
    #[serde(default, deserialize_with = "json::text")]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "json::object")]
    pub error_data: Option<ErrorData>,
}

/// What Meta adds to an error.
#[derive(Clone, Debug, Deserialize)]
pub struct ErrorData {
    #[serde(default, deserialize_with = "json::text")]
    pub details: Option<String>,
}

/// The value of a `user_preferences` change.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Preferences {
    /// The people who chose.
    #[serde(default, deserialize_with = "json::list")]
    pub contacts: Vec<Contact>,
    #[serde(default, deserialize_with = "json::list")]
    pub user_preferences: Vec<Preference>,
}

/// A person's choice about messages of a business, made in WhatsApp.
#[derive(Clone, Debug, Deserialize)]
pub struct Preference {
    /// Has only digits.
    #[serde(default, deserialize_with = "json::text")]
    pub wa_id: Option<String>,
    /// An id like `US.1349…`.
    #[serde(default, deserialize_with = "json::text")]
    pub user_id: Option<String>,
    /// A name like `marketing_messages`.
    #[serde(default, deserialize_with = "json::word")]
    pub category: String,
    /// `stop` or `resume`.
    #[serde(default, deserialize_with = "json::word")]
    pub value: String,
}
