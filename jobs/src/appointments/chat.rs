//! Booking in the chat.

use kazi_queue::JobError;
use serde_json::Value;
use sqlx::PgConnection;

use crate::conversations::{Heard, Talk, TalkReply};

/// Answers what a customer says in this scene; `None` when it is not for it.
///
/// # Errors
/// The database failed.
pub async fn hear(
    _conn: &mut PgConnection,
    _talk: &Talk<'_>,
    _at: Option<&Value>,
    _heard: Heard<'_>,
) -> Result<Option<TalkReply>, JobError> {
    Ok(None)
}
