//! SQL of the tickets.

mod attached;

use kazi_platform::{Timestamp, UserId, without_nul};
use sqlx::{Postgres, QueryBuilder, types::Json};

use super::{
    Author, Fields, Priority, Status, Ticket, TicketId, TicketMessage, TicketMessageId, files,
};
use crate::{
    Work,
    contacts::ContactId,
    conversations::{Assigned, ConversationId, MessageId},
};

pub(super) use attached::{attach, files as files_of};

const TICKET: &str = "SELECT t.id, t.number, t.contact_id, t.conversation_id, t.subject, t.status, t.priority, t.category, t.tags,
    t.fields, t.assignee AS assignee_id, t.waiting_since, t.first_response_at, t.resolved_at, t.closed_at, t.created_at, t.updated_at,
    t.reminded_at, t.version FROM tickets t WHERE t.workspace_id = ";

fn tickets_where(work: &Work) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new(TICKET);
    sql.push_bind(work.workspace().uuid());
    sql
}

/// The words of a new ticket and what members sort it by.
pub(super) struct Stored<'a> {
    pub subject: &'a str,
    pub priority: Priority,
    pub category: Option<&'a str>,
    pub tags: &'a [String],
    pub fields: &'a Fields,
}

pub(super) async fn insert(
    work: &mut Work,
    id: TicketId,
    contact: ContactId,
    new: &Stored<'_>,
) -> Result<(), sqlx::Error> {
    // A trigger of the table gives the number.
    sqlx::query!(
        "INSERT INTO tickets (workspace_id, id, contact_id, subject, priority, category, tags, fields, status, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9)",
        work.workspace().uuid(),
        id.uuid(),
        contact.uuid(),
        without_nul(new.subject),
        new.priority.name(),
        new.category,
        new.tags,
        Json(new.fields) as _,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores the words of a locked ticket, and what members sort it by.
pub(super) async fn describe(
    work: &mut Work,
    id: TicketId,
    new: &Stored<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE tickets SET subject = $3, priority = $4, category = $5, tags = $6, fields = $7, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        without_nul(new.subject),
        new.priority.name(),
        new.category,
        new.tags,
        Json(new.fields) as _
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn ticket(work: &mut Work, id: TicketId) -> Result<Option<Ticket>, sqlx::Error> {
    let mut sql = tickets_where(work);
    sql.push(" AND t.id = ").push_bind(id.uuid());
    sql.build_query_as().fetch_optional(work.conn()).await
}

/// Locks the ticket until the transaction ends.
pub async fn lock(work: &mut Work, id: TicketId) -> Result<Option<Ticket>, sqlx::Error> {
    let mut sql = tickets_where(work);
    sql.push(" AND t.id = ")
        .push_bind(id.uuid())
        .push(" FOR UPDATE");
    sql.build_query_as().fetch_optional(work.conn()).await
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct TicketFilter {
    pub contact: Option<ContactId>,
    pub status: Option<Status>,
    pub assigned: Option<Assigned>,
    pub priority: Option<Priority>,
    pub category: Option<String>,
    pub tag: Option<String>,
    pub number: Option<i64>,
    /// The subject or a message has these words. Each may be the beginning of a longer word.
    pub q: Option<String>,
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
    let mut sql = tickets_where(work);
    if let Some(contact) = filter.contact {
        sql.push(" AND t.contact_id = ").push_bind(contact.uuid());
    }
    if let Some(status) = filter.status {
        sql.push(" AND t.status = ").push_bind(status.name());
    }
    match filter.assigned {
        None => {}
        Some(Assigned::Nobody) => {
            sql.push(" AND t.assignee IS NULL");
        }
        Some(Assigned::To(user)) => {
            sql.push(" AND t.assignee = ").push_bind(user.uuid());
        }
    }
    if let Some(priority) = filter.priority {
        sql.push(" AND t.priority = ").push_bind(priority.name());
    }
    if let Some(category) = &filter.category {
        sql.push(" AND t.category = ").push_bind(category.clone());
    }
    if let Some(number) = filter.number {
        sql.push(" AND t.number = ").push_bind(number);
    }
    if let Some(waiting) = filter.waiting {
        sql.push(match waiting {
            true => " AND t.waiting_since IS NOT NULL",
            false => " AND t.waiting_since IS NULL",
        });
    }
    // Views, whose indexes a policy would keep from the table.
    if let Some(tag) = &filter.tag {
        sql.push(" AND t.id IN (SELECT s.id FROM tickets_search s WHERE s.tags @> ARRAY[")
            .push_bind(tag.to_lowercase())
            .push("])");
    }
    if let Some(q) = &filter.q {
        let query = |sql: &mut QueryBuilder<Postgres>| {
            sql.push(
                "(SELECT string_agg(quote_literal(lexeme) || ':*', ' & ') FROM unnest(to_tsvector('simple', searchable(",
            )
            .push_bind(q.clone())
            .push("))))::tsquery");
        };
        sql.push(" AND t.id IN (SELECT s.id FROM tickets_search s WHERE s.search @@ ");
        query(&mut sql);
        sql.push(" UNION ALL SELECT s.ticket_id FROM ticket_messages_search s WHERE s.search @@ ");
        query(&mut sql);
        sql.push(")");
    }
    if let Some(after) = after {
        sql.push(" AND t.id < ").push_bind(after.uuid());
    }
    sql.push(" ORDER BY t.id DESC LIMIT ").push_bind(limit);
    // How many a filter lets through decides the plan: a plan for any value would be the wrong one for many.
    let query = sql.build_query_as().persistent(false);
    query.fetch_all(work.conn()).await
}

/// The newest ticket of a contact to which a text of theirs belongs: an active one, or one that was resolved after a time.
pub(super) async fn taking_answers(
    work: &mut Work,
    contact: ContactId,
    resolved_after: Timestamp,
) -> Result<Option<Ticket>, sqlx::Error> {
    let mut sql = tickets_where(work);
    sql.push(" AND t.contact_id = ")
        .push_bind(contact.uuid())
        .push(
            " AND (t.status IN ('open', 'pending') OR (t.status = 'resolved' AND t.resolved_at > ",
        )
        .push_bind(resolved_after)
        .push(")) ORDER BY t.id DESC LIMIT 1");
    sql.build_query_as().fetch_optional(work.conn()).await
}

/// Whether members still have to see to another ticket of a conversation.
pub(super) async fn has_another_active(
    work: &mut Work,
    conversation: ConversationId,
    id: TicketId,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM tickets WHERE workspace_id = $1 AND conversation_id = $2 AND id <> $3
                          AND status IN ('open', 'pending')) AS "found!""#,
        work.workspace().uuid(),
        conversation.uuid(),
        id.uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// Takes from a member the tickets that are not closed. Returns them.
pub(super) async fn unassign(work: &mut Work, user: UserId) -> Result<Vec<TicketId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"UPDATE tickets SET assignee = NULL, updated_at = clock_timestamp()
           WHERE workspace_id = $1 AND assignee = $2 AND status <> 'closed' RETURNING id AS "id: TicketId""#,
        work.workspace().uuid(),
        user.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// Stores the state of a locked ticket.
pub(super) async fn save(work: &mut Work, ticket: &Ticket) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE tickets SET status = $3, assignee = $4, waiting_since = $5, reminded_at = $6, conversation_id = $7,
                first_response_at = $8, resolved_at = $9, closed_at = $10, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        ticket.id.uuid(),
        ticket.status.name(),
        ticket.assignee_id.map(UserId::uuid),
        ticket.waiting_since,
        ticket.reminded_at,
        ticket.conversation_id.map(ConversationId::uuid),
        ticket.first_response_at,
        ticket.resolved_at,
        ticket.closed_at
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
        "INSERT INTO ticket_messages (workspace_id, id, ticket_id, author, author_id, body, internal, created_at, message_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        work.workspace().uuid(),
        message.id.uuid(),
        ticket.uuid(),
        message.author.name(),
        message.author_id,
        without_nul(&message.body),
        message.internal,
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
        r#"SELECT id AS "id: TicketMessageId", author = 'customer' AS "by_customer!", author_id, body, internal, created_at
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
        internal: row.internal,
        media: Vec::new(),
        created_at: row.created_at,
    });
    let mut messages: Vec<TicketMessage> = messages.collect();
    files::fill(work, &mut messages).await?;
    Ok(messages)
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
        "UPDATE tickets SET subject = '', tags = '{}', fields = '{}', status = 'closed', waiting_since = NULL,
                resolved_at = coalesce(resolved_at, $3), closed_at = coalesce(closed_at, $3), updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
