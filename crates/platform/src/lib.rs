//! What the domains share: typed ids, phones, money, time, encryption, the database and its embedded server.

pub mod actor;
pub mod clock;
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
pub mod token;
pub mod user;

pub use clock::{Clock, Timestamp};
pub use ids::WorkspaceId;
pub use money::{Currency, Money};
pub use phone::Phone;
pub use user::UserId;

/// Text as PostgreSQL can store it: without U+0000, which providers' JSON may carry.
pub fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}
