//! What Meta sends to us. Every field that may be missing is optional, and what is not known is kept as it came.

use serde::Deserialize;
use serde_json::value::RawValue;

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
    #[serde(default)]
    pub phone_number_id: String,
}

/// Who wrote. Since 2026 the phone may be missing and `user_id` stands for the person.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Contact {
    /// Digits.
    pub wa_id: Option<String>,
    /// Like `US.1349…`.
    pub user_id: Option<String>,
    /// What the person calls themselves.
    pub profile: Option<Profile>,
}

/// A person's profile.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Profile {
    /// The name.
    pub name: Option<String>,
}

/// An inbound message, as far as every type has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Message {
    /// `wamid.…`
    #[serde(default)]
    pub id: String,
    /// Digits, where the phone is known.
    pub from: Option<String>,
    /// Like `US.1349…`.
    pub from_user_id: Option<String>,
    /// Seconds since 1970, as text.
    pub timestamp: Option<String>,
    /// `text`, `image`, `interactive` …
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Of `text`.
    pub text: Option<Text>,
    /// Of `interactive`.
    pub interactive: Option<Interactive>,
    /// Of `button`: a template's quick reply.
    pub button: Option<TemplateButton>,
    /// Of `image`.
    pub image: Option<Attachment>,
    /// Of `video`.
    pub video: Option<Attachment>,
    /// Of `document`.
    pub document: Option<Attachment>,
    /// Of `system`.
    pub system: Option<System>,
}

/// Text.
#[derive(Clone, Debug, Deserialize)]
pub struct Text {
    /// What they wrote.
    #[serde(default)]
    pub body: String,
}

/// A tap.
#[derive(Clone, Debug, Deserialize)]
pub struct Interactive {
    /// On a button.
    pub button_reply: Option<Reply>,
    /// On a row of a list.
    pub list_reply: Option<Reply>,
}

/// What was tapped.
#[derive(Clone, Debug, Deserialize)]
pub struct Reply {
    /// The id that we gave it.
    #[serde(default)]
    pub id: String,
    /// What it said.
    #[serde(default)]
    pub title: String,
}

/// A tap on a template's quick reply.
#[derive(Clone, Debug, Deserialize)]
pub struct TemplateButton {
    /// What we gave it.
    pub payload: Option<String>,
    /// What it said.
    pub text: Option<String>,
}

/// A picture, a film, a file.
#[derive(Clone, Debug, Deserialize)]
pub struct Attachment {
    /// To be looked up.
    pub id: Option<String>,
    /// What was written below it.
    pub caption: Option<String>,
}

/// Something that WhatsApp itself says.
#[derive(Clone, Debug, Deserialize)]
pub struct System {
    /// `user_changed_number` …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The new number's digits.
    pub wa_id: Option<String>,
}

/// What became of one of our messages.
#[derive(Clone, Debug, Deserialize)]
pub struct Status {
    /// `wamid.…`
    #[serde(default)]
    pub id: String,
    /// `sent`, `delivered`, `read`, `played`, `failed`.
    #[serde(default)]
    pub status: String,
    /// Seconds since 1970, as text.
    pub timestamp: Option<String>,
    /// What we sent along.
    pub biz_opaque_callback_data: Option<String>,
    /// Why it failed.
    #[serde(default)]
    pub errors: Vec<StatusError>,
}

/// Why a message failed.
#[derive(Clone, Debug, Deserialize)]
pub struct StatusError {
    /// See [`super::reaction_to`].
    #[serde(default)]
    pub code: i64,
    /// Meta's words.
    pub title: Option<String>,
}
