//! Code that all domains share: typed ids, enum texts, phone numbers, money, time, encryption, the database and its
//! embedded server.

#![warn(missing_docs)]

pub mod actor;
pub mod clock;
pub mod crockford;
pub mod crypto;
pub mod database;
pub mod egress;
pub mod embedded;
pub mod ids;
pub mod invalid;
pub mod money;
pub mod partitions;
pub mod phone;
#[cfg(feature = "testing")]
pub mod testing;
pub mod texts;
pub mod token;
pub mod user;

pub use clock::{Clock, Timestamp};
pub use ids::{ConversationId, WorkspaceId};
pub use money::{Currency, Money};
pub use phone::Phone;
pub use user::UserId;

/// Removes U+0000 from a text. JSON of providers may contain it, and PostgreSQL does not store it.
pub fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}
