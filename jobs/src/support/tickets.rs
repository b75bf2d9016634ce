//! Opening, writing, answering, assigning and closing.

use chrono::{SubsecRound, TimeDelta};
use kazi_clients::whatsapp::Body;
use kazi_platform::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::{
    Author, NewTicket, RemindUnanswered, Status, Ticket, TicketError, TicketId, TicketMessage,
    TicketMessageId, store,
};
use crate::{
    Work,
    audit::Change,
    contacts::{self, ContactError},
    conversations::MessageId,
    messages::{self, Cause, Notice, Notified, TemplateUse},
    violations::{Violations, invalid},
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
pub async fn open(work: &mut Work, new: &NewTicket) -> Result<Ticket, TicketError> {
    let mut violations = Violations::default();
    violations.text("/subject", &new.subject, 1, SUBJECT_LIMIT);
    violations.text("/message", &new.message, 1, MESSAGE_LIMIT);
    violations.end()?;
    match contacts::view(work, new.contact_id).await {
        Ok(_) => {}
        Err(ContactError::Database(error)) => return Err(error.into()),
        Err(_) => {
            let fault = ("unknown", "there is no such contact".to_owned());
            return Err(invalid("/contact_id", fault).into());
        }
    }
    let id = TicketId::at(work.now());
    store::insert(work, id, new.contact_id, &new.subject).await?;
    note(work, "support.open", id).await?;
    metrics::counter!("kazi_support_tickets_opened_total", "by" => work.actor().kind.name())
        .increment(1);
    write(work, id, &new.message).await?;
    there(work, id).await
}

/// Adds what the customer says to an open ticket, which waits for an answer from then on.
///
/// # Errors
/// There is no such ticket, it is closed, the text is too long, or the database failed.
pub async fn write(
    work: &mut Work,
    id: TicketId,
    body: &str,
) -> Result<TicketMessage, TicketError> {
    let mut ticket = open_one(work, id, body).await?;
    let message = message(work.now(), Author::Customer, None, body);
    store::append(work, id, &message).await?;
    if ticket.waiting_since.is_none() {
        // As it will be stored: the job names it, and compares it.
        let since = work.now().trunc_subsecs(6);
        ticket.waiting_since = Some(since);
        ticket.reminded_at = None;
        store::save(work, &ticket).await?;
        let job = RemindUnanswered {
            workspace: work.workspace(),
            ticket: id,
            since,
        };
        job.plan(work.conn(), since + PATIENCE).await?;
    }
    Ok(message)
}

/// Answers a ticket: the customer is told, and it waits no longer.
///
/// # Errors
/// As of [`write`].
pub async fn answer(
    work: &mut Work,
    id: TicketId,
    body: &str,
) -> Result<TicketMessage, TicketError> {
    let mut ticket = open_one(work, id, body).await?;
    let message = message(work.now(), Author::Team, work.actor().id, body);
    store::append(work, id, &message).await?;
    ticket.waiting_since = None;
    store::save(work, &ticket).await?;
    note(work, "support.answer", id).await?;
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
        at: work.now(),
    };
    if let Notified::Unreachable(why) = messages::notify(work, &notice).await? {
        tracing::warn!(workspace.id = %work.workspace(), ticket.id = %id, reason = why.name(),
                       "a customer could not be told the answer to a ticket");
    }
    Ok(message)
}

/// Gives a ticket to a member, or to nobody.
///
/// # Errors
/// There is no such ticket or member, or the database failed.
pub async fn assign(
    work: &mut Work,
    id: TicketId,
    user: Option<Uuid>,
) -> Result<Ticket, TicketError> {
    let found = store::lock(work, id).await?;
    let mut ticket = found.ok_or(TicketError::NotFound)?;
    if let Some(user) = user
        && workspaces::role_of(work, user).await?.is_none()
    {
        let fault = ("unknown", "there is no such member".to_owned());
        return Err(invalid("/assignee", fault).into());
    }
    ticket.assignee = user;
    store::save(work, &ticket).await?;
    note(work, "support.assign", id).await?;
    there(work, id).await
}

/// Closes a ticket, which waits for nothing then, or opens it again. One that is so already stays so.
///
/// # Errors
/// There is no such ticket, or the database failed.
pub async fn set_open(work: &mut Work, id: TicketId, open: bool) -> Result<Ticket, TicketError> {
    let found = store::lock(work, id).await?;
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
    store::save(work, &ticket).await?;
    note(work, action, id).await?;
    there(work, id).await
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
async fn open_one(work: &mut Work, id: TicketId, body: &str) -> Result<Ticket, TicketError> {
    let mut violations = Violations::default();
    violations.text("/message", body, 1, MESSAGE_LIMIT);
    violations.end()?;
    let found = store::lock(work, id).await?;
    let ticket = found.ok_or(TicketError::NotFound)?;
    match ticket.status {
        Status::Open => Ok(ticket),
        Status::Closed => Err(TicketError::Closed),
    }
}

async fn there(work: &mut Work, id: TicketId) -> Result<Ticket, TicketError> {
    store::ticket(work, id).await?.ok_or(TicketError::NotFound)
}

async fn note(work: &mut Work, action: &'static str, id: TicketId) -> Result<(), sqlx::Error> {
    // What was written stands in the ticket, not in the log.
    let after = json!({"ticket": id});
    let change = Change {
        action,
        subject_kind: "ticket",
        subject: id.uuid(),
        before: None,
        after: Some(&after),
    };
    work.audit(&change).await
}
