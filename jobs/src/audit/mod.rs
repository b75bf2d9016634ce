//! The audit log: who changed what, from where, before and after. A domain records a change in the transaction that
//! makes it, so that there is no change without its record.

mod store;

use kazi_platform::{Timestamp, partitions};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

pub use store::{erase, record};

/// What was changed.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// `contacts.update`: the domain and what was done.
    pub action: &'static str,
    /// What kind of thing: `contact`.
    pub subject_kind: &'static str,
    /// Which one.
    pub subject: Uuid,
    /// The fields that change, as they were. Never a secret.
    pub before: Option<&'a Value>,
    /// The same as they are now.
    pub after: Option<&'a Value>,
}

/// Makes the months of the log to come.
///
/// # Errors
/// The database failed.
pub async fn make_partitions(conn: &mut PgConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    partitions::ensure(conn, "audit_log", partitions::Period::Month, now, 2).await
}
