//! Events and cursors.

use std::{fmt, str::FromStr};

use kazi_platform::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Something that has happened in a workspace.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LiveEvent {
    /// The same when the event comes twice.
    pub id: i64,
    /// `message.received`, `message.sent`, `message.status`, `conversation.assigned`, `conversation.closed`,
    /// `conversation.reopened`, `conversation.changed`, `points.changed`, `credits.changed`, `credits.topped_up`, and
    /// `created` or `changed` of `ticket`, `order`,
    /// `payment`, `booking`, `campaign`, `feedback` and `template`.
    #[schema(example = "message.received")]
    pub kind: String,
    /// Ids and the status.
    #[schema(value_type = Object)]
    pub data: Value,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[serde(skip)]
    pub cursor: Cursor,
}

/// Where a stream stands. The client has seen all events of transactions older than `oldest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub oldest: i64,
    /// Its time, in seconds.
    pub at: i64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.oldest, self.at)
    }
}

impl FromStr for Cursor {
    type Err = LiveError;

    fn from_str(text: &str) -> Result<Self, LiveError> {
        let parts = text.split_once('-');
        let parts = parts.and_then(|(oldest, at)| Some((oldest.parse().ok()?, at.parse().ok()?)));
        let (oldest, at) = parts.ok_or(LiveError::Cursor)?;
        Ok(Self { oldest, at })
    }
}

/// What a stream tells.
#[derive(Clone, Debug)]
pub enum Told {
    /// The stream has begun here, without events before.
    Begun(Cursor),
    /// The client has been away for too long: it reads everything again.
    Reset(Cursor),
    Event(std::sync::Arc<LiveEvent>),
}

#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    #[error("the cursor is none of this stream")]
    Cursor,
    #[error("there are {0} open streams already")]
    TooMany(usize),
    #[error("the database does not answer in time")]
    Unavailable,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
