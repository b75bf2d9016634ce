//! What Meta sends to us. Every field that may be missing is optional, and what is not known is kept as it came.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json;

/// The body of one webhook call.
#[derive(Debug, Deserialize)]
pub struct Envelope<'a> {
    /// Businesses.
    #[serde(default, borrow)]
    pub entry: Vec<Entry<'a>>,
}

/// What concerns one business account.
#[derive(Debug, Deserialize)]
pub struct Entry<'a> {
    /// The account (WABA).
    #[serde(default)]
    pub id: String,
    /// When Meta told it first, in seconds since 1970, where it is about the whole account; the same when it is told again.
    #[serde(borrow)]
    pub time: Option<&'a RawValue>,
    /// What happened.
    #[serde(default, borrow)]
    pub changes: Vec<Change<'a>>,
}

/// One change.
#[derive(Debug, Deserialize)]
pub struct Change<'a> {
    /// `messages`, `message_template_status_update` …
    #[serde(default)]
    pub field: String,
    /// As it came.
    #[serde(borrow)]
    pub value: Option<&'a RawValue>,
}

/// The value of a `messages` change, its parts as they came.
#[derive(Debug, Deserialize)]
pub struct Messages<'a> {
    /// Which number.
    pub metadata: Option<Metadata>,
    /// Who wrote.
    #[serde(default, borrow)]
    pub contacts: Vec<&'a RawValue>,
    /// What they wrote.
    #[serde(default, borrow)]
    pub messages: Vec<&'a RawValue>,
    /// What became of ours.
    #[serde(default, borrow)]
    pub statuses: Vec<&'a RawValue>,
}

/// Which number a change is about.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// The number's id.
    #[serde(default, deserialize_with = "json::word")]
    pub phone_number_id: String,
}

/// Who wrote. Since 2026 the phone may be missing and `user_id` stands for the person.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Contact {
    /// Digits.
    #[serde(default, deserialize_with = "json::text")]
    pub wa_id: Option<String>,
    /// Like `US.1349…`.
    #[serde(default, deserialize_with = "json::text")]
    pub user_id: Option<String>,
    /// What the person calls themselves.
    #[serde(default, deserialize_with = "json::object")]
    pub profile: Option<Profile>,
}

/// A person's profile.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Profile {
    /// The name.
    #[serde(default, deserialize_with = "json::text")]
    pub name: Option<String>,
}

/// An inbound message, as far as every type has it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Message {
    /// `wamid.…`
    #[serde(default, deserialize_with = "json::word")]
    pub id: String,
    /// Digits, where the phone is known.
    #[serde(default, deserialize_with = "json::text")]
    pub from: Option<String>,
    /// Like `US.1349…`.
    #[serde(default, deserialize_with = "json::text")]
    pub from_user_id: Option<String>,
    /// Seconds since 1970, as text.
    #[serde(default, deserialize_with = "json::text")]
    pub timestamp: Option<String>,
    /// `text`, `image`, `interactive` …
    #[serde(rename = "type", default, deserialize_with = "json::word")]
    pub kind: String,
    /// Of `text`.
    #[serde(default, deserialize_with = "json::object")]
    pub text: Option<Text>,
    /// Of `interactive`.
    #[serde(default, deserialize_with = "json::object")]
    pub interactive: Option<Interactive>,
    /// Of `button`: a template's quick reply.
    #[serde(default, deserialize_with = "json::object")]
    pub button: Option<TemplateButton>,
    /// Of `image`.
    #[serde(default, deserialize_with = "json::object")]
    pub image: Option<Attachment>,
    /// Of `video`.
    #[serde(default, deserialize_with = "json::object")]
    pub video: Option<Attachment>,
    /// Of `document`.
    #[serde(default, deserialize_with = "json::object")]
    pub document: Option<Attachment>,
    /// Of `system`.
    #[serde(default, deserialize_with = "json::object")]
    pub system: Option<System>,
}

/// Text.
#[derive(Clone, Debug, Deserialize)]
pub struct Text {
    /// What they wrote.
    #[serde(default, deserialize_with = "json::word")]
    pub body: String,
}

/// A tap.
#[derive(Clone, Debug, Deserialize)]
pub struct Interactive {
    /// On a button.
    #[serde(default, deserialize_with = "json::object")]
    pub button_reply: Option<Reply>,
    /// On a row of a list.
    #[serde(default, deserialize_with = "json::object")]
    pub list_reply: Option<Reply>,
}

/// What was tapped.
#[derive(Clone, Debug, Deserialize)]
pub struct Reply {
    /// The id that we gave it.
    #[serde(default, deserialize_with = "json::word")]
    pub id: String,
    /// What it said.
    #[serde(default, deserialize_with = "json::word")]
    pub title: String,
}

/// A tap on a template's quick reply.
#[derive(Clone, Debug, Deserialize)]
pub struct TemplateButton {
    /// What we gave it.
    #[serde(default, deserialize_with = "json::text")]
    pub payload: Option<String>,
    /// What it said.
    #[serde(default, deserialize_with = "json::text")]
    pub text: Option<String>,
}

/// A picture, a film, a file.
#[derive(Clone, Debug, Deserialize)]
pub struct Attachment {
    /// To be looked up.
    #[serde(default, deserialize_with = "json::text")]
    pub id: Option<String>,
    /// What was written below it.
    #[serde(default, deserialize_with = "json::text")]
    pub caption: Option<String>,
}

/// Something that WhatsApp itself says.
#[derive(Clone, Debug, Deserialize)]
pub struct System {
    /// `user_changed_number` …
    #[serde(rename = "type", default, deserialize_with = "json::text")]
    pub kind: Option<String>,
    /// The new number's digits.
    #[serde(default, deserialize_with = "json::text")]
    pub wa_id: Option<String>,
}

/// What became of one of our messages.
#[derive(Clone, Debug, Deserialize)]
pub struct Status {
    /// `wamid.…`
    #[serde(default, deserialize_with = "json::word")]
    pub id: String,
    /// `sent`, `delivered`, `read`, `played`, `failed`.
    #[serde(default, deserialize_with = "json::word")]
    pub status: String,
    /// Seconds since 1970, as text.
    #[serde(default, deserialize_with = "json::text")]
    pub timestamp: Option<String>,
    /// What we sent along.
    #[serde(default, deserialize_with = "json::text")]
    pub biz_opaque_callback_data: Option<String>,
    /// Why it failed.
    #[serde(default, deserialize_with = "json::list")]
    pub errors: Vec<StatusError>,
}

/// Why a message failed.
#[derive(Clone, Debug, Deserialize)]
pub struct StatusError {
    /// See [`super::reaction_to`]; some failures come without one.
    #[serde(default, deserialize_with = "json::number")]
    pub code: Option<i64>,
    /// Meta's words.
    #[serde(default, deserialize_with = "json::text")]
    pub title: Option<String>,
}

/// The value of a `user_preferences` change.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Preferences {
    /// Who they are of.
    #[serde(default, deserialize_with = "json::list")]
    pub contacts: Vec<Contact>,
    /// What they want.
    #[serde(default, deserialize_with = "json::list")]
    pub user_preferences: Vec<Preference>,
}

/// What a person wants of a business, said to WhatsApp.
#[derive(Clone, Debug, Deserialize)]
pub struct Preference {
    /// Digits.
    #[serde(default, deserialize_with = "json::text")]
    pub wa_id: Option<String>,
    /// Like `US.1349…`.
    #[serde(default, deserialize_with = "json::text")]
    pub user_id: Option<String>,
    /// `marketing_messages`.
    #[serde(default, deserialize_with = "json::word")]
    pub category: String,
    /// `stop` or `resume`.
    #[serde(default, deserialize_with = "json::word")]
    pub value: String,
}
