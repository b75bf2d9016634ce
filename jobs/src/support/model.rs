//! Tickets as values.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kazi_platform::{Timestamp, UserId, id, invalid::Invalid};
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    contacts::ContactId,
    conversations::ConversationId,
    media::{MediaId, MessageMedia},
    violations::named,
};

/// Days in which a customer's answer opens a resolved ticket again. Then Kazi closes the ticket.
pub(super) const REOPENING_DAYS: i64 = 7;
pub(super) const REOPENING: TimeDelta = TimeDelta::days(REOPENING_DAYS);

id!(
    pub struct TicketId, "tkt_"
);

id!(
    /// A message of a ticket.
    pub struct TicketMessageId, "tkm_"
);

kazi_platform::texts! {
    /// How far a ticket has come.
    pub enum Status as "TicketStatus" {
        /// Members still work on it.
        Open = "open",
        /// The customer is to answer.
        Pending = "pending",
        /// Done. The customer's answer within seven days opens it again.
        Resolved = "resolved",
        Closed = "closed",
    }
}

impl Status {
    /// Whether a ticket may go from this status to another one.
    pub(super) const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Open, Self::Pending | Self::Resolved | Self::Closed)
                | (Self::Pending, Self::Open | Self::Resolved | Self::Closed)
                | (Self::Resolved, Self::Open | Self::Closed)
                | (Self::Closed, Self::Open)
        )
    }

    /// Whether members still have to see to the ticket.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Open | Self::Pending)
    }
}

kazi_platform::texts! {
    pub enum Priority as "TicketPriority" {
        Low = "low",
        Normal = "normal",
        High = "high",
        Urgent = "urgent",
    }
}

kazi_platform::texts! {
    /// Who has written something.
    pub enum Author as "TicketAuthor" {
        /// The contact of the ticket.
        Customer = "customer",
        /// A member or a program of the business.
        Team = "team",
    }
}

/// The business's own values of a ticket.
pub type Fields = BTreeMap<String, Value>;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    pub contact_id: ContactId,
    /// 1 to 120 characters.
    #[schema(example = "No picture", min_length = 1, max_length = 120)]
    pub subject: String,
    /// The customer's text: 1 to 4,000 characters.
    #[schema(
        example = "Since this morning the screen is black.",
        min_length = 1,
        max_length = 4000
    )]
    pub message: String,
    /// Default: `normal`.
    #[serde(default)]
    #[schema(inline)]
    pub priority: Option<Priority>,
    /// At most 60 characters.
    #[serde(default)]
    #[schema(example = "delivery", max_length = 60)]
    pub category: Option<String>,
    /// At most 20, with at most 50 characters each. They are kept in small letters.
    #[serde(default)]
    #[schema(example = json!(["tv"]), max_items = 20)]
    pub tags: Vec<String>,
    /// At most 20 values of the business's own: texts of at most 500 characters, numbers and booleans.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>, example = json!({"serial": "A-77"}))]
    pub fields: Fields,
}

impl NewTicket {
    /// A ticket with a customer's text, and defaults.
    pub fn plain(contact_id: ContactId, subject: String, message: String) -> Self {
        Self {
            contact_id,
            subject,
            message,
            priority: None,
            category: None,
            tags: Vec::new(),
            fields: Fields::new(),
        }
    }
}

/// Fields that are left out stay, and `null` empties a field.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TicketPatch {
    /// 1 to 120 characters.
    #[schema(example = "No picture", min_length = 1, max_length = 120)]
    pub subject: Option<String>,
    #[schema(inline)]
    pub priority: Option<Priority>,
    /// At most 60 characters.
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<String>, example = "delivery", max_length = 60)]
    pub category: Option<Option<String>>,
    /// Replaces all tags.
    #[schema(example = json!(["tv"]), max_items = 20)]
    pub tags: Option<Vec<String>>,
    /// Replaces all fields.
    #[schema(value_type = Option<BTreeMap<String, Value>>, example = json!({"serial": "A-77"}))]
    pub fields: Option<Fields>,
}

/// What a member writes into a ticket.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TicketAnswer)]
pub struct Reply {
    /// 1 to 4,000 characters. With files it may be left out.
    #[serde(default)]
    #[schema(example = "Please switch it off and on again.", max_length = 4000)]
    pub message: String,
    /// At most 5 stored files. The customer of an answer gets them after the text: see `POST /api/v1/media`.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub media_ids: Vec<MediaId>,
    /// A note for members: the customer never gets it.
    #[serde(default)]
    pub internal: bool,
    /// The status of the ticket afterwards. Without one it stays.
    #[serde(default)]
    #[schema(inline)]
    pub status: Option<Status>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, sqlx::FromRow)]
pub struct Ticket {
    pub id: TicketId,
    /// How people call it. Numbers grow within a workspace.
    #[schema(example = 12)]
    pub number: i64,
    pub contact_id: ContactId,
    /// Where the customer last wrote for it, or was last answered.
    pub conversation_id: Option<ConversationId>,
    #[schema(example = "No picture")]
    pub subject: String,
    #[schema(inline)]
    pub status: Status,
    #[schema(inline)]
    pub priority: Priority,
    #[schema(example = "delivery")]
    pub category: Option<String>,
    /// In small letters, in order.
    #[schema(example = json!(["tv"]))]
    pub tags: Vec<String>,
    /// The business's own values.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({"serial": "A-77"}))]
    pub fields: Json<Fields>,
    /// The user who works on it.
    pub assignee_id: Option<UserId>,
    /// The time of the first customer message without an answer.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub waiting_since: Option<Timestamp>,
    /// When a member first answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_response_at: Option<Timestamp>,
    /// When it was resolved, or closed without that.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// When the members were reminded of it.
    #[serde(skip)]
    pub reminded_at: Option<Timestamp>,
    /// For the ETag.
    #[serde(skip)]
    pub version: i64,
}

impl Ticket {
    /// Whether a text of the customer belongs to this ticket. A resolved one takes it for some days, and opens again.
    pub(super) fn takes_answers(&self, now: Timestamp) -> bool {
        match self.status {
            Status::Open | Status::Pending => true,
            Status::Resolved => self.resolved_at.is_some_and(|at| now - at < REOPENING),
            Status::Closed => false,
        }
    }

    /// Changes the status, with its times.
    pub(super) fn become_at(&mut self, next: Status, now: Timestamp) {
        self.status = next;
        if next != Status::Open {
            self.waiting_since = None;
        }
        match next {
            Status::Open | Status::Pending => (self.resolved_at, self.closed_at) = (None, None),
            Status::Resolved => (self.resolved_at, self.closed_at) = (Some(now), None),
            Status::Closed => {
                self.resolved_at = self.resolved_at.or(Some(now));
                self.closed_at = Some(now);
            }
        }
    }
}

/// A message of a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TicketMessage {
    pub id: TicketMessageId,
    pub author: Author,
    /// The member or the API key.
    pub author_id: Option<Uuid>,
    #[schema(example = "Since this morning the screen is black.")]
    pub body: String,
    /// A note for members: the customer never gets it.
    pub internal: bool,
    /// Its files, in order.
    pub media: Vec<MessageMedia>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such ticket")]
    NotFound,
    #[error("the ticket is resolved or closed: reopen it")]
    Closed,
    #[error("a ticket that is {0} cannot become {1}")]
    Move(Status, Status),
    /// A template brings no file.
    #[error("a file reaches only a customer who has written within the last 24 hours")]
    WindowClosed,
    #[error("no channel reaches the customer, or the contact is blocked")]
    Unreachable,
    /// A job or a message cannot be stored.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_ticket_can_only_be_opened_and_a_resolved_one_waits_for_nobody() {
        let moves = |from: Status| -> Vec<Status> {
            let all = Status::ALL.into_iter();
            all.filter(|next| from.may_become(*next)).collect()
        };
        let (open, pending) = (Status::Open, Status::Pending);
        let (resolved, closed) = (Status::Resolved, Status::Closed);
        assert_eq!(moves(open), [pending, resolved, closed]);
        assert_eq!(moves(pending), [open, resolved, closed]);
        assert_eq!(moves(resolved), [open, closed]);
        assert_eq!(moves(closed), [open]);
    }
}
