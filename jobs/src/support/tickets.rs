//! Opens, answers, assigns and closes tickets.

use chrono::{SubsecRound, TimeDelta};
use kazi_clients::whatsapp::Body;
use kazi_platform::{Timestamp, UserId};
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
    endpoints::{Type, announce},
    messages::{self, Cause, Notice, Notified, TemplateUse},
    violations::{Violations, invalid},
    workspaces,
};

/// The template of an answer to a customer who has not written for 24 hours. `{{1}}`: the subject. `{{2}}`: the answer.
pub const ANSWER: &str = "ticket_answer";
/// Characters of a subject.
pub(super) const SUBJECT_LIMIT: usize = 120;
/// Characters of a message.
pub(super) const MESSAGE_LIMIT: usize = 4_000;
/// Stands before the text of a line that the customer has deleted in the chat.
const DELETED: &str = "[deleted]";
/// Time that a customer may wait before the members are reminded.
const PATIENCE: TimeDelta = TimeDelta::hours(4);

/// Opens a ticket with the customer's text.
pub async fn open(work: &mut Work, new: &NewTicket) -> Result<Ticket, TicketError> {
    open_with(work, new, None).await
}

/// Opens a ticket with the customer's text, which is a message of the chat.
pub(super) async fn open_with(
    work: &mut Work,
    new: &NewTicket,
    said: Option<MessageId>,
) -> Result<Ticket, TicketError> {
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
    // The subject and the messages stand in the ticket, where an erasure finds them, and not in the log.
    let after = json!({"contact_id": new.contact_id, "status": Status::Open});
    work.audit(&Change::created("support.open", ("ticket", id), &after))
        .await?;
    metrics::counter!("kazi_support_tickets_opened_total", "by" => work.actor().kind.name())
        .increment(1);
    put_down(work, id, &new.message, said).await?;
    announce(work, Type::TICKET_OPENED, id).await?;
    there(work, id).await
}

/// Adds a customer's text to an open ticket, which then waits for an answer. `said` is its message in the chat.
pub(super) async fn write(
    work: &mut Work,
    id: TicketId,
    body: &str,
    said: Option<MessageId>,
) -> Result<TicketMessage, TicketError> {
    let message = put_down(work, id, body, said).await?;
    announce(work, Type::TICKET_WRITTEN, id).await?;
    Ok(message)
}

async fn put_down(
    work: &mut Work,
    id: TicketId,
    body: &str,
    said: Option<MessageId>,
) -> Result<TicketMessage, TicketError> {
    let ticket = open_one(work, id, body).await?;
    let message = message(work.now(), Author::Customer, None, body);
    store::append(work, id, &message, said).await?;
    wait(work, ticket).await?;
    Ok(message)
}

/// The customer has corrected a message of the chat (`text`), or has deleted it: changes the line that it became, and the
/// subject if that came from it. Returns false when it is in no ticket.
pub(super) async fn rewrite(
    work: &mut Work,
    said: MessageId,
    text: Option<&str>,
) -> Result<bool, TicketError> {
    let Some((line, id, before)) = store::line_of(work, said).await? else {
        return Ok(false);
    };
    let Some(ticket) = store::lock(work, id).await? else {
        return Ok(false);
    };
    let body = match text {
        Some(text) => format!("✏️ {text}"),
        // Members may have answered it already, so they still see what it was.
        None if before.starts_with(DELETED) => before.clone(),
        None => format!("{DELETED} {before}"),
    };
    let body: String = body.chars().take(MESSAGE_LIMIT).collect();
    let subject = match ticket.subject == subject(&before) {
        true => subject(&body),
        false => ticket.subject.clone(),
    };
    store::set_line(work, (id, line), &body, &subject).await?;
    if text.is_some() && ticket.status == Status::Open {
        wait(work, ticket).await?;
    }
    Ok(true)
}

/// The first line, shortened.
pub(super) fn subject(words: &str) -> String {
    let line = words.trim().lines().next().unwrap_or_default();
    line.chars().take(SUBJECT_LIMIT).collect()
}

/// The ticket waits for an answer, unless it does already.
async fn wait(work: &mut Work, mut ticket: Ticket) -> Result<(), TicketError> {
    if ticket.waiting_since.is_none() {
        // As PostgreSQL stores it, because the job compares it with the row.
        let since = work.now().trunc_subsecs(6);
        ticket.waiting_since = Some(since);
        ticket.reminded_at = None;
        store::save(work, &ticket).await?;
        let job = RemindUnanswered {
            workspace: work.workspace(),
            ticket: ticket.id,
            since,
        };
        job.plan(work.conn(), since + PATIENCE).await?;
    }
    Ok(())
}

/// Answers a ticket: the customer gets the text, and the ticket no longer waits.
pub async fn answer(
    work: &mut Work,
    id: TicketId,
    body: &str,
) -> Result<TicketMessage, TicketError> {
    let mut ticket = open_one(work, id, body).await?;
    let message = message(work.now(), Author::Team, work.actor().id, body);
    store::append(work, id, &message, None).await?;
    ticket.waiting_since = None;
    store::save(work, &ticket).await?;
    work.audit(&Change::done("support.answer", ("ticket", id)))
        .await?;
    announce(work, Type::TICKET_ANSWERED, id).await?;
    let text = body.to_owned();
    let notice = Notice {
        // Each message of the ticket becomes one message in the chat.
        id: MessageId::derived(message.id.uuid(), 0),
        contact: ticket.contact_id,
        channel: None,
        body: Body::Text { text: text.clone() },
        template: TemplateUse {
            name: ANSWER,
            parameters: vec![ticket.subject, text],
            buttons: Vec::new(),
        },
        cause: Cause::Agent,
        marketing: false,
        at: work.now(),
    };
    if let Notified::Unreachable(why) = messages::notify(work, &notice).await? {
        tracing::warn!(workspace.id = %work.workspace(), ticket.id = %id, reason = why.name(),
                       "a customer could not be told the answer to a ticket");
    }
    Ok(message)
}

/// Assigns a ticket to a member, or to nobody.
pub async fn assign(
    work: &mut Work,
    id: TicketId,
    user: Option<UserId>,
) -> Result<Ticket, TicketError> {
    let found = store::lock(work, id).await?;
    let mut ticket = found.ok_or(TicketError::NotFound)?;
    if let Some(user) = user
        && workspaces::role_of(work, user.uuid()).await?.is_none()
    {
        let fault = ("unknown", "there is no such member".to_owned());
        return Err(invalid("/assignee_id", fault).into());
    }
    let before = json!({"assignee_id": ticket.assignee_id});
    ticket.assignee_id = user;
    store::save(work, &ticket).await?;
    let (action, after) = ("support.assign", json!({"assignee_id": user}));
    work.audit(&Change::updated(action, ("ticket", id), &before, &after))
        .await?;
    announce(work, Type::TICKET_ASSIGNED, id).await?;
    there(work, id).await
}

/// Closes a ticket, which then no longer waits, or opens it again. Returns the ticket unchanged when nothing is to be
/// done.
pub async fn set_open(work: &mut Work, id: TicketId, open: bool) -> Result<Ticket, TicketError> {
    let found = store::lock(work, id).await?;
    let mut ticket = found.ok_or(TicketError::NotFound)?;
    let (status, action, event) = match open {
        true => (Status::Open, "support.reopen", Type::TICKET_REOPENED),
        false => (Status::Closed, "support.close", Type::TICKET_CLOSED),
    };
    if ticket.status == status {
        return Ok(ticket);
    }
    let (before, after) = (json!({"status": ticket.status}), json!({"status": status}));
    ticket.status = status;
    ticket.waiting_since = None;
    store::save(work, &ticket).await?;
    work.audit(&Change::updated(action, ("ticket", id), &before, &after))
        .await?;
    announce(work, event, id).await?;
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

/// Locks a ticket that is open.
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
