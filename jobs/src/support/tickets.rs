//! Opening, writing, answering, assigning and closing.

use chrono::{SubsecRound, TimeDelta};
use kazi_clients::whatsapp::Body;
use kazi_platform::{Timestamp, WorkspaceId, actor::Actor};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    Author, NewTicket, RemindUnanswered, Status, Ticket, TicketError, TicketId, TicketMessage,
    TicketMessageId, store,
};
use crate::{
    audit::{self, Change},
    contacts::{self, ContactError},
    conversations::MessageId,
    faults::{Faults, invalid},
    messages::{self, Cause, Notice, Notified, TemplateUse},
    workspaces,
};

/// The template of an answer to whoever has not written for a day. `{{1}}`: the subject; `{{2}}`: the answer.
pub const ANSWER: &str = "ticket_answer";
/// Characters of a subject.
pub(super) const SUBJECT_LIMIT: usize = 120;
/// Characters of a message.
pub(super) const MESSAGE_LIMIT: usize = 4_000;
/// How long a customer may wait.
const PATIENCE: TimeDelta = TimeDelta::hours(4);

/// Opens a ticket with what the customer says.
///
/// # Errors
/// There is no such contact, a text is too long, or the database failed.
pub async fn open(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    actor: &Actor,
    new: &NewTicket,
) -> Result<Ticket, TicketError> {
    let mut faults = Faults::default();
    faults.text("/subject", &new.subject, 1, SUBJECT_LIMIT);
    faults.text("/message", &new.message, 1, MESSAGE_LIMIT);
    faults.end()?;
    match contacts::view(&mut *conn, workspace, new.contact_id).await {
        Ok(_) => {}
        Err(ContactError::Database(error)) => return Err(error.into()),
        Err(_) => {
            let fault = ("unknown", "there is no such contact".to_owned());
            return Err(invalid("/contact_id", fault).into());
        }
    }
    let id = TicketId::at(now);
    store::insert(&mut *conn, workspace, id, new.contact_id, &new.subject, now).await?;
    note(&mut *conn, workspace, actor, "support.open", id).await?;
    metrics::counter!("kazi_support_tickets_opened_total", "by" => actor.kind.word()).increment(1);
    write(&mut *conn, now, workspace, id, &new.message).await?;
    there(conn, workspace, id).await
}

/// Adds what the customer says to an open ticket, which waits for an answer from then on.
///
/// # Errors
/// There is no such ticket, it is closed, the text is too long, or the database failed.
pub async fn write(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    id: TicketId,
    body: &str,
) -> Result<TicketMessage, TicketError> {
    let mut ticket = open_one(&mut *conn, workspace, id, body).await?;
    let message = message(now, Author::Customer, None, body);
    store::append(&mut *conn, workspace, id, &message).await?;
    if ticket.waiting_since.is_none() {
        // As it will be stored: the job names it, and compares it.
        let since = now.trunc_subsecs(6);
        ticket.waiting_since = Some(since);
        ticket.reminded_at = None;
        store::save(&mut *conn, workspace, &ticket).await?;
        let job = RemindUnanswered {
            workspace,
            ticket: id,
            since,
        };
        job.plan(conn, since + PATIENCE).await?;
    }
    Ok(message)
}

/// Answers a ticket: the customer is told, and it waits no longer.
///
/// # Errors
/// As of [`write`].
pub async fn answer(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    actor: &Actor,
    id: TicketId,
    body: &str,
) -> Result<TicketMessage, TicketError> {
    let mut ticket = open_one(&mut *conn, workspace, id, body).await?;
    let message = message(now, Author::Team, actor.id, body);
    store::append(&mut *conn, workspace, id, &message).await?;
    ticket.waiting_since = None;
    store::save(&mut *conn, workspace, &ticket).await?;
    note(&mut *conn, workspace, actor, "support.answer", id).await?;
    let text = body.to_owned();
    let notice = Notice {
        // One message in the chat for each in the ticket.
        id: MessageId::derived(message.id.uuid(), 0),
        contact: ticket.contact_id,
        channel: None,
        body: Body::Text { text: text.clone() },
        template: TemplateUse {
            name: ANSWER,
            parameters: vec![ticket.subject, text],
            buttons: Vec::new(),
        },
        cause: Cause::System,
        marketing: false,
        at: now,
    };
    if let Notified::Unreachable(why) = messages::notify(conn, workspace, &notice).await? {
        tracing::warn!(workspace.id = %workspace, ticket.id = %id, reason = why.name(),
                       "a customer could not be told the answer to a ticket");
    }
    Ok(message)
}

/// Gives a ticket to a member, or to nobody.
///
/// # Errors
/// There is no such ticket or member, or the database failed.
pub async fn assign(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    id: TicketId,
    user: Option<Uuid>,
) -> Result<Ticket, TicketError> {
    let found = store::lock(&mut *conn, workspace, id).await?;
    let mut ticket = found.ok_or(TicketError::NotFound)?;
    if let Some(user) = user
        && workspaces::role_of(&mut *conn, workspace, user)
            .await?
            .is_none()
    {
        let fault = ("unknown", "there is no such member".to_owned());
        return Err(invalid("/assignee", fault).into());
    }
    ticket.assignee = user;
    store::save(&mut *conn, workspace, &ticket).await?;
    note(&mut *conn, workspace, actor, "support.assign", id).await?;
    there(conn, workspace, id).await
}

/// Closes a ticket, which waits for nothing then, or opens it again. One that is so already stays so.
///
/// # Errors
/// There is no such ticket, or the database failed.
pub async fn set_open(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    id: TicketId,
    open: bool,
) -> Result<Ticket, TicketError> {
    let found = store::lock(&mut *conn, workspace, id).await?;
    let mut ticket = found.ok_or(TicketError::NotFound)?;
    let (status, action) = match open {
        true => (Status::Open, "support.reopen"),
        false => (Status::Closed, "support.close"),
    };
    if ticket.status == status {
        return Ok(ticket);
    }
    ticket.status = status;
    ticket.waiting_since = None;
    store::save(&mut *conn, workspace, &ticket).await?;
    note(&mut *conn, workspace, actor, action, id).await?;
    there(conn, workspace, id).await
}

fn message(now: Timestamp, author: Author, author_id: Option<Uuid>, body: &str) -> TicketMessage {
    TicketMessage {
        id: TicketMessageId::at(now),
        author,
        author_id,
        body: body.to_owned(),
        created_at: now,
    }
}

/// The ticket that something can be written into.
async fn open_one(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: TicketId,
    body: &str,
) -> Result<Ticket, TicketError> {
    let mut faults = Faults::default();
    faults.text("/message", body, 1, MESSAGE_LIMIT);
    faults.end()?;
    let found = store::lock(conn, workspace, id).await?;
    let ticket = found.ok_or(TicketError::NotFound)?;
    match ticket.status {
        Status::Open => Ok(ticket),
        Status::Closed => Err(TicketError::Closed),
    }
}

async fn there(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: TicketId,
) -> Result<Ticket, TicketError> {
    store::ticket(conn, workspace, id)
        .await?
        .ok_or(TicketError::NotFound)
}

async fn note(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    action: &'static str,
    id: TicketId,
) -> Result<(), sqlx::Error> {
    // What was written stands in the ticket, not in the log.
    let after = json!({"ticket": id});
    let change = Change {
        action,
        subject_kind: "ticket",
        subject: id.uuid(),
        before: None,
        after: Some(&after),
    };
    audit::record(conn, Some(workspace), actor, &change).await
}
