//! Tickets as values.

use kazi_platform::{Timestamp, id, invalid::Invalid};
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::contacts::ContactId;

id!(
    pub struct TicketId, "tkt_"
);

id!(
    /// A message of a ticket.
    pub struct TicketMessageId, "tkm_"
);

kazi_platform::texts! {
    /// Whether a ticket is seen to.
    pub enum Status as "TicketStatus" {
        /// Members still work on it.
        Open = "open",
        Closed = "closed",
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
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Ticket {
    pub id: TicketId,
    pub contact_id: ContactId,
    #[schema(example = "No picture")]
    pub subject: String,
    pub status: Status,
    /// The user who works on it.
    pub assignee: Option<Uuid>,
    /// The time of the first customer message without an answer.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub waiting_since: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// When the members were reminded of it.
    #[serde(skip)]
    pub reminded_at: Option<Timestamp>,
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
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such ticket")]
    NotFound,
    #[error("the ticket is closed: reopen it")]
    Closed,
    /// A job or a message cannot be stored.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
