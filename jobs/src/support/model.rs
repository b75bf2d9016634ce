//! Tickets as values.

use kazi_platform::{Timestamp, id, invalid::Invalid};
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::contacts::ContactId;

id!(
    /// A ticket.
    pub struct TicketId, "tkt_"
);

id!(
    /// Something that was written in a ticket.
    pub struct TicketMessageId, "tkm_"
);

kazi_platform::texts! {
    /// Whether a ticket is seen to.
    pub enum Status as "TicketStatus" {
        /// Somebody sees to it.
        Open = "open",
        /// Nothing is left to do.
        Closed = "closed",
    }
}

kazi_platform::texts! {
    /// Who has written something.
    pub enum Author as "TicketAuthor" {
        /// Whose ticket it is.
        Customer = "customer",
        /// A member, or a program of the business.
        Team = "team",
    }
}

/// A ticket to be opened.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    /// Whose.
    pub contact_id: ContactId,
    /// 1 to 120 characters.
    #[schema(example = "No picture", min_length = 1, max_length = 120)]
    pub subject: String,
    /// What the customer says: 1 to 4,000 characters.
    #[schema(
        example = "Since this morning the screen is black.",
        min_length = 1,
        max_length = 4000
    )]
    pub message: String,
}

/// A ticket.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Whose.
    pub contact_id: ContactId,
    /// What it is about.
    #[schema(example = "No picture")]
    pub subject: String,
    /// Whether it is seen to.
    pub status: Status,
    /// The user who sees to it.
    pub assignee: Option<Uuid>,
    /// When the customer wrote what nobody has answered yet.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub waiting_since: Option<Timestamp>,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// When the members were reminded of it.
    #[serde(skip)]
    pub reminded_at: Option<Timestamp>,
}

/// Something that was written in a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TicketMessage {
    /// Its id.
    pub id: TicketMessageId,
    /// By whom.
    pub author: Author,
    /// The member or the key.
    pub author_id: Option<Uuid>,
    /// What.
    #[schema(example = "Since this morning the screen is black.")]
    pub body: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// A field breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no such ticket.
    #[error("there is no such ticket")]
    NotFound,
    /// It is closed.
    #[error("the ticket is closed: reopen it")]
    Closed,
    /// A job or a message cannot be written.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
