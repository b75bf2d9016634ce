//! A contact as a value.

use kazi_platform::{Phone, Timestamp, id};

id!(
    /// A contact.
    pub struct ContactId, "ctc_"
);

/// How a provider names somebody who wrote.
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

/// A contact.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// What they are called.
    pub name: Option<String>,
    /// Their phone.
    pub phone: Option<Phone>,
    /// A language of ours, once chosen.
    pub language: Option<String>,
    /// When the greeting was done.
    pub registered_at: Option<Timestamp>,
    /// Since when nothing is said to them.
    pub blocked_at: Option<Timestamp>,
}
