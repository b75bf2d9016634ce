//! SQL of the tickets.

use kazi_platform::{Timestamp, UserId, without_nul};

use super::{Author, Status, Ticket, TicketId, TicketMessage, TicketMessageId};
use crate::{Work, contacts::ContactId, conversations::MessageId};

struct Row {
    id: TicketId,
    contact_id: ContactId,
    subject: String,
    open: bool,
    assignee: Option<UserId>,
    waiting_since: Option<Timestamp>,
    reminded_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Ticket {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            contact_id: row.contact_id,
            subject: row.subject,
            status: if row.open {
                Status::Open
            } else {
                Status::Closed
            },
            assignee_id: row.assignee,
            waiting_since: row.waiting_since,
            reminded_at: row.reminded_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

pub(super) async fn insert(
    work: &mut Work,
    id: TicketId,
    contact: ContactId,
    subject: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO tickets (workspace_id, id, contact_id, subject, status, created_at) VALUES ($1, $2, $3, $4, 'open', $5)",
        work.workspace().uuid(),
        id.uuid(),
        contact.uuid(),
        without_nul(subject),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn ticket(work: &mut Work, id: TicketId) -> Result<Option<Ticket>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: TicketId", contact_id AS "contact_id: ContactId", subject, status = 'open' AS "open!", assignee AS "assignee: UserId",
                  waiting_since, reminded_at, created_at, updated_at
           FROM tickets WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(Ticket::from))
}

/// Locks the ticket until the transaction ends.
pub(super) async fn lock(work: &mut Work, id: TicketId) -> Result<Option<Ticket>, sqlx::Error> {
    sqlx::query!(
        "SELECT id FROM tickets WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    ticket(work, id).await
}

/// All given conditions must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct TicketFilter {
    pub contact: Option<ContactId>,
    pub status: Option<Status>,
    /// Whether the customer waits for an answer.
    pub waiting: Option<bool>,
}

/// The tickets, newest first.
pub async fn tickets(
    work: &mut Work,
    filter: &TicketFilter,
    after: Option<TicketId>,
    limit: i64,
) -> Result<Vec<Ticket>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: TicketId", contact_id AS "contact_id: ContactId", subject, status = 'open' AS "open!", assignee AS "assignee: UserId",
                  waiting_since, reminded_at, created_at, updated_at
           FROM tickets
           WHERE workspace_id = $1 AND ($2::uuid IS NULL OR contact_id = $2) AND ($3::text IS NULL OR status = $3)
             AND ($4::boolean IS NULL OR (waiting_since IS NOT NULL) = $4) AND ($5::uuid IS NULL OR id < $5)
           ORDER BY id DESC LIMIT $6"#,
        work.workspace().uuid(),
        filter.contact.map(ContactId::uuid),
        filter.status.map(Status::name),
        filter.waiting,
        after.map(TicketId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(Ticket::from).collect())
}

/// Stores the state of a locked ticket.
pub(super) async fn save(work: &mut Work, ticket: &Ticket) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE tickets SET status = $3, assignee = $4, waiting_since = $5, reminded_at = $6,
                updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        ticket.id.uuid(),
        ticket.status.name(),
        ticket.assignee_id.map(UserId::uuid),
        ticket.waiting_since,
        ticket.reminded_at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn append(
    work: &mut Work,
    ticket: TicketId,
    message: &TicketMessage,
    said: Option<MessageId>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO ticket_messages (workspace_id, id, ticket_id, author, author_id, body, created_at, message_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        work.workspace().uuid(),
        message.id.uuid(),
        ticket.uuid(),
        message.author.name(),
        message.author_id,
        without_nul(&message.body),
        message.created_at,
        said.map(MessageId::uuid)
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The line that a message of the chat became, with its ticket and its text.
pub(super) async fn line_of(
    work: &mut Work,
    said: MessageId,
) -> Result<Option<(TicketMessageId, TicketId, String)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT id AS "id: TicketMessageId", ticket_id AS "ticket: TicketId", body FROM ticket_messages
           WHERE workspace_id = $1 AND message_id = $2 LIMIT 1"#,
        work.workspace().uuid(),
        said.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| (row.id, row.ticket, row.body)))
}

/// Changes the text of a line, and the subject of its ticket.
pub(super) async fn set_line(
    work: &mut Work,
    (ticket, line): (TicketId, TicketMessageId),
    body: &str,
    subject: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE ticket_messages SET body = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        line.uuid(),
        without_nul(body)
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE tickets SET subject = $3, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2 AND subject <> $3",
        work.workspace().uuid(),
        ticket.uuid(),
        without_nul(subject)
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The messages of a ticket, oldest first.
pub async fn messages(
    work: &mut Work,
    ticket: TicketId,
    after: Option<TicketMessageId>,
    limit: i64,
) -> Result<Vec<TicketMessage>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: TicketMessageId", author = 'customer' AS "by_customer!", author_id, body, created_at
           FROM ticket_messages
           WHERE workspace_id = $1 AND ticket_id = $2 AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4"#,
        work.workspace().uuid(),
        ticket.uuid(),
        after.map(TicketMessageId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    let messages = rows.into_iter().map(|row| TicketMessage {
        id: row.id,
        author: if row.by_customer {
            Author::Customer
        } else {
            Author::Team
        },
        author_id: row.author_id,
        body: row.body,
        created_at: row.created_at,
    });
    Ok(messages.collect())
}

/// Gives a contact's tickets to another contact. The caller has locked both contacts.
pub async fn change_contact(
    work: &mut Work,
    from: ContactId,
    to: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE tickets SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Closes a contact's tickets and removes personal data.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE ticket_messages SET body = '' WHERE workspace_id = $1 AND ticket_id IN
             (SELECT id FROM tickets WHERE workspace_id = $1 AND contact_id = $2)",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE tickets SET subject = '', status = 'closed', waiting_since = NULL, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
