//! A contact as a value.

use kazi_platform::{Phone, Timestamp, id, invalid::Invalid};
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A contact.
    pub struct ContactId, "ctc_"
);

id!(
    /// A tag of contacts.
    pub struct TagId, "tag_"
);

/// The most tags of one contact.
pub const MAX_TAGS: usize = 50;

/// The names that a provider has for the person who wrote.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// A user id that hides the phone, like `US.1349…`.
    pub user_id: Option<String>,
    /// A WhatsApp id or a chat id.
    pub chat_id: Option<String>,
    /// The phone, where it is known.
    pub phone: Option<Phone>,
    /// What they call themselves.
    pub name: Option<String>,
}

/// A contact, as far as the bot needs to know them.
#[derive(Clone, Debug)]
pub struct Contact {
    pub id: ContactId,
    /// What they are called.
    pub name: Option<String>,
    pub phone: Option<Phone>,
    /// A language of ours, once chosen.
    pub language: Option<String>,
    /// When the greeting was done.
    pub registered_at: Option<Timestamp>,
    /// Since when nothing is said to them.
    pub blocked_at: Option<Timestamp>,
}

/// A contact as an admin sees it.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, ToSchema)]
pub struct ContactView {
    pub id: ContactId,
    /// What they are called.
    #[schema(example = "Amina Otieno")]
    pub name: Option<String>,
    /// E.164. Absent for a contact who shows only a user id.
    #[schema(value_type = Option<String>, example = "+254712345678")]
    pub phone: Option<Phone>,
    /// In lower case.
    #[schema(example = "amina@example.com")]
    pub email: Option<String>,
    /// A language of ours.
    #[schema(example = "en")]
    pub language: Option<String>,
    /// ISO 3166, by the phone.
    #[schema(example = "KE")]
    pub country: Option<String>,
    /// By name, in order.
    #[schema(example = json!(["vip"]))]
    pub tags: Vec<String>,
    /// The custom fields by key.
    #[schema(value_type = std::collections::BTreeMap<String, Value>, example = json!({"city": "Nairobi"}))]
    pub attributes: Json<Map<String, Value>>,
    /// Whether they want marketing; `null` when they have never said.
    pub marketing: Option<bool>,
    /// Since when nothing is said to them.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub blocked_at: Option<Timestamp>,
    /// When the greeting was done.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub registered_at: Option<Timestamp>,
    /// When they last wrote; else when they were made.
    #[schema(value_type = String, format = DateTime)]
    pub last_activity_at: Timestamp,
    /// When they were made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When they were last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with every change.
    pub version: i64,
    /// What the sort by name goes by.
    #[serde(skip)]
    pub sort_name: String,
}

/// One change of a consent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Consent {
    pub id: Uuid,
    /// `marketing`.
    #[schema(example = "marketing")]
    pub category: String,
    /// True when it was given, false when it was withdrawn.
    pub granted: bool,
    /// keyword, provider, operator, import.
    #[schema(example = "operator")]
    pub source: String,
    /// Where the operator has it from.
    pub note: Option<String>,
    /// The user or key that wrote it down.
    pub actor_id: Option<Uuid>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A tag and how many have it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Tag {
    pub id: TagId,
    /// In lower case, with single spaces.
    #[schema(example = "vip")]
    pub name: String,
    /// Contacts that have it.
    pub contacts: i64,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// There is no such contact, tag, field or import.
    #[error("there is none with this id")]
    NotFound,
    /// The contact has another version by now.
    #[error("it has been changed since this version")]
    Stale,
    /// Another contact has this phone.
    #[error("another contact has this phone")]
    PhoneTaken {
        /// Which one, where that is known.
        holder: Option<ContactId>,
    },
    /// Another tag or field is called so.
    #[error("there is one with this name already")]
    NameTaken,
    /// The input breaks rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("the database failed: {0}")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for ContactError {
    fn from(error: sqlx::Error) -> Self {
        let constraint = error
            .as_database_error()
            .and_then(|error| error.constraint());
        match constraint {
            Some("contacts_workspace_id_phone_key") => Self::PhoneTaken { holder: None },
            Some("contact_tags_workspace_id_name_key" | "contact_fields_pkey") => Self::NameTaken,
            _ => Self::Database(error),
        }
    }
}

/// The phone behind a WhatsApp id or a chat of Green API, if it names one. A chat may also name one of a person's devices:
/// `7900…:3@c.us`.
pub fn phone_of_chat(chat: &str) -> Option<Phone> {
    let (name, server) = chat.split_once('@').unwrap_or((chat, "c.us"));
    let digits = name.split_once(':').map_or(name, |(digits, _)| digits);
    matches!(server, "c.us" | "s.whatsapp.net")
        .then(|| Phone::from_wa_id(digits))
        .flatten()
}

/// Tells whether two names are of one chat: they are the same, or forms of one number.
pub fn is_same_chat(one: &str, other: &str) -> bool {
    one == other || phone_of_chat(one).is_some_and(|phone| phone_of_chat(other) == Some(phone))
}

/// The name that a channel has for a contact.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KnownAs {
    pub channel: crate::channels::ChannelId,
    /// A user id, a WhatsApp id or a chat.
    pub name: String,
    /// user, chat.
    pub kind: String,
    /// When it was first seen.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}
