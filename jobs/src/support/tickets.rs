//! Opens, sorts and assigns tickets, and writes into them what customers say.

use std::collections::BTreeSet;

use chrono::{SubsecRound, TimeDelta};
use kazi_platform::{Timestamp, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Author, Fields, NewTicket, Priority, RemindUnanswered, Status, Ticket, TicketError, TicketId,
    TicketMessage, TicketMessageId, TicketPatch, files,
    moves::log_status,
    store::{self, Stored},
};
use crate::{
    Work,
    audit::Change,
    contacts::{self, ContactError},
    conversations::{ConversationId, MessageId},
    endpoints::{Type, announce},
    notifications::{self, Kind, Notification},
    violations::{Violations, invalid, member},
    workspaces,
};

/// What the audit log calls a ticket.
pub(super) const KIND: &str = "ticket";
/// Characters of a subject.
pub(super) const SUBJECT_LIMIT: usize = 120;
/// Characters of a message.
pub(super) const MESSAGE_LIMIT: usize = 4_000;
const CATEGORY_LIMIT: usize = 60;
const MAX_TAGS: usize = 20;
const TAG_LIMIT: usize = 50;
const MAX_FIELDS: usize = 20;
const FIELD_KEY_LIMIT: usize = 40;
const FIELD_LIMIT: usize = 500;
/// Stands before the text of a line that the customer has deleted in the chat.
const DELETED: &str = "[deleted]";
/// Time that a customer may wait before the members are reminded.
const PATIENCE: TimeDelta = TimeDelta::hours(4);

/// A message of the chat that becomes a message of a ticket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub message: MessageId,
    pub conversation: ConversationId,
}

/// Opens a ticket with the customer's text.
pub async fn open(work: &mut Work, new: &NewTicket) -> Result<Ticket, TicketError> {
    let (ticket, _) = open_with(work, new, None).await?;
    Ok(ticket)
}

/// Opens a ticket with the customer's text, perhaps from the chat. Also says whether a file has come with the text.
pub(super) async fn open_with(
    work: &mut Work,
    new: &NewTicket,
    said: Option<Said>,
) -> Result<(Ticket, bool), TicketError> {
    let mut violations = Violations::default();
    violations.text("/subject", &new.subject, 1, SUBJECT_LIMIT);
    violations.text("/message", &new.message, 1, MESSAGE_LIMIT);
    let tags = sorting(
        &mut violations,
        new.category.as_deref(),
        &new.tags,
        &new.fields,
    );
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
    let stored = Stored {
        subject: &new.subject,
        priority: new.priority.unwrap_or(Priority::Normal),
        category: new.category.as_deref(),
        tags: &tags,
        fields: &new.fields,
    };
    store::insert(work, id, new.contact_id, &stored).await?;
    // The subject and the messages stand in the ticket, where an erasure finds them, and not in the log.
    let after =
        json!({"contact_id": new.contact_id, "status": Status::Open, "priority": stored.priority});
    work.audit(&Change::created("support.open", (KIND, id), &after))
        .await?;
    metrics::counter!("kazi_support_tickets_opened_total", "by" => work.actor().kind.name())
        .increment(1);
    let written = put_down(work, id, &new.message, said).await?;
    announce(work, Type::TICKET_OPENED, id).await?;
    Ok((there(work, id).await?, written.has_file))
}

/// Changes the words of a locked ticket, and what members sort it by.
pub async fn update(
    work: &mut Work,
    before: Ticket,
    patch: TicketPatch,
) -> Result<Ticket, TicketError> {
    let id = before.id;
    let subject = patch.subject.unwrap_or_else(|| before.subject.clone());
    let priority = patch.priority.unwrap_or(before.priority);
    let category = patch.category.unwrap_or_else(|| before.category.clone());
    let tags = patch.tags.unwrap_or_else(|| before.tags.clone());
    let fields = patch.fields.unwrap_or_else(|| before.fields.0.clone());
    let mut violations = Violations::default();
    // An erasure empties the subject.
    if subject != before.subject {
        violations.text("/subject", &subject, 1, SUBJECT_LIMIT);
    }
    let tags = sorting(&mut violations, category.as_deref(), &tags, &fields);
    violations.end()?;
    let stored = Stored {
        subject: &subject,
        priority,
        category: category.as_deref(),
        tags: &tags,
        fields: &fields,
    };
    store::describe(work, id, &stored).await?;
    let after = there(work, id).await?;
    // Subject and fields may name a person: the log says that they changed, and not to what.
    let logged = |one: &Ticket| json!({"priority": one.priority, "category": one.category, "tags": one.tags});
    let (was, is) = (logged(&before), logged(&after));
    work.audit(&match was == is {
        true => Change::done("support.update", (KIND, id)),
        false => Change::updated("support.update", (KIND, id), &was, &is),
    })
    .await?;
    Ok(after)
}

/// Checks what members sort tickets by. Returns the tags as they are stored.
fn sorting(
    violations: &mut Violations,
    category: Option<&str>,
    tags: &[String],
    fields: &Fields,
) -> Vec<String> {
    if let Some(category) = category {
        violations.text("/category", category, 1, CATEGORY_LIMIT);
    }
    let rule = format!("must be at most {MAX_TAGS} tags");
    violations.unless(tags.len() <= MAX_TAGS, "/tags", "too_many", rule);
    for (place, tag) in tags.iter().enumerate() {
        violations.text(&format!("/tags/{place}"), tag, 1, TAG_LIMIT);
    }
    let rule = format!("must be at most {MAX_FIELDS} fields");
    violations.unless(fields.len() <= MAX_FIELDS, "/fields", "too_many", rule);
    for (key, value) in fields {
        let pointer = member("/fields", key);
        violations.text(&pointer, key, 1, FIELD_KEY_LIMIT);
        match value {
            Value::String(text) => violations.text(&pointer, text, 0, FIELD_LIMIT),
            Value::Number(_) | Value::Bool(_) => {}
            _ => {
                let rule = "must be a text, a number or a boolean".to_owned();
                violations.add(pointer, ("invalid", rule));
            }
        }
    }
    let tags: BTreeSet<String> = tags.iter().map(|tag| tag.trim().to_lowercase()).collect();
    tags.into_iter().collect()
}

/// A customer's text in a ticket.
pub(super) struct Written {
    /// It has opened the ticket again.
    pub reopened: bool,
    /// A file has come with it.
    pub has_file: bool,
}

/// Adds a customer's text to a ticket that takes answers, with the file of its message. The ticket then waits for an answer.
pub(super) async fn write(
    work: &mut Work,
    id: TicketId,
    body: &str,
    said: Option<Said>,
) -> Result<Written, TicketError> {
    let written = put_down(work, id, body, said).await?;
    if written.reopened {
        announce(work, Type::TICKET_REOPENED, id).await?;
    }
    announce(work, Type::TICKET_WRITTEN, id).await?;
    Ok(written)
}

async fn put_down(
    work: &mut Work,
    id: TicketId,
    body: &str,
    said: Option<Said>,
) -> Result<Written, TicketError> {
    check_message(body)?;
    let found = store::lock(work, id).await?;
    let mut ticket = found.ok_or(TicketError::NotFound)?;
    if !ticket.takes_answers(work.now()) {
        return Err(TicketError::Closed);
    }
    let message = message(work.now(), Author::Customer, None, body);
    store::append(work, id, &message, said.map(|said| said.message)).await?;
    let has_file = match said {
        Some(said) => files::attach_said(work, message.id, said.message).await?,
        None => false,
    };
    let before = ticket.clone();
    ticket.conversation_id = said
        .map(|said| said.conversation)
        .or(ticket.conversation_id);
    let reopens = ticket.status != Status::Open;
    if reopens {
        ticket.become_at(Status::Open, work.now());
        log_status(work, "support.reopen", &before, &ticket).await?;
        tell(
            work,
            &ticket,
            Kind::TICKET_ANSWERED,
            "A customer has answered a ticket.",
        )
        .await?;
    }
    wait(work, &mut ticket).await?;
    if ticket != before {
        store::save(work, &ticket).await?;
    }
    Ok(Written {
        reopened: reopens,
        has_file,
    })
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
    if text.is_some() && ticket.status == Status::Open && ticket.waiting_since.is_none() {
        let mut ticket = ticket;
        wait(work, &mut ticket).await?;
        store::save(work, &ticket).await?;
    }
    Ok(true)
}

/// The first line, shortened.
pub(super) fn subject(words: &str) -> String {
    let line = words.trim().lines().next().unwrap_or_default();
    line.chars().take(SUBJECT_LIMIT).collect()
}

/// Makes the ticket wait for an answer, unless it waits already. The caller stores it.
async fn wait(work: &mut Work, ticket: &mut Ticket) -> Result<(), TicketError> {
    if ticket.waiting_since.is_none() {
        // As PostgreSQL stores it, because the job compares it with the row.
        let since = work.now().trunc_subsecs(6);
        ticket.waiting_since = Some(since);
        ticket.reminded_at = None;
        let job = RemindUnanswered {
            workspace: work.workspace(),
            ticket: ticket.id,
            since,
        };
        job.plan(work.conn(), since + PATIENCE).await?;
    }
    Ok(())
}

/// Assigns a ticket to a member, who is told of it, or to nobody.
pub async fn assign(
    work: &mut Work,
    id: TicketId,
    user: Option<UserId>,
) -> Result<Ticket, TicketError> {
    let found = store::lock(work, id).await?;
    let mut ticket = found.ok_or(TicketError::NotFound)?;
    if let Some(fault) = workspaces::refused_assignee(work, user).await? {
        return Err(fault.into());
    }
    let before = json!({"assignee_id": ticket.assignee_id});
    let is_news = ticket.assignee_id != user;
    ticket.assignee_id = user;
    store::save(work, &ticket).await?;
    let (action, after) = ("support.assign", json!({"assignee_id": user}));
    work.audit(&Change::updated(action, (KIND, id), &before, &after))
        .await?;
    if is_news && user.is_some() && work.actor().id != user.map(UserId::uuid) {
        tell(
            work,
            &ticket,
            Kind::TICKET_ASSIGNED,
            "A ticket was assigned to you.",
        )
        .await?;
    }
    announce(work, Type::TICKET_ASSIGNED, id).await?;
    there(work, id).await
}

/// Takes from a member the tickets that are not closed. Returns their number.
pub(super) async fn unassign(work: &mut Work, user: UserId) -> Result<u64, sqlx::Error> {
    let mut count = 0;
    for id in store::unassign(work, user).await? {
        announce(work, Type::TICKET_ASSIGNED, id).await?;
        count += 1;
    }
    Ok(count)
}

/// Tells the assignee of a ticket, or else all who may answer.
pub(super) async fn tell(
    work: &mut Work,
    ticket: &Ticket,
    kind: Kind,
    title: &str,
) -> Result<(), sqlx::Error> {
    let data = json!({"ticket": ticket.id});
    let notification = Notification {
        kind,
        title,
        data: &data,
    };
    let to = workspaces::assignee_or_all(work, ticket.assignee_id).await?;
    notifications::notify(work, to, &notification).await
}

pub(super) fn message(
    now: Timestamp,
    author: Author,
    author_id: Option<Uuid>,
    body: &str,
) -> TicketMessage {
    TicketMessage {
        id: TicketMessageId::at(now),
        author,
        author_id,
        body: body.to_owned(),
        internal: false,
        media: Vec::new(),
        created_at: now,
    }
}

fn check_message(body: &str) -> Result<(), TicketError> {
    let mut violations = Violations::default();
    violations.text("/message", body, 1, MESSAGE_LIMIT);
    Ok(violations.end()?)
}

pub(super) async fn there(work: &mut Work, id: TicketId) -> Result<Ticket, TicketError> {
    store::ticket(work, id).await?.ok_or(TicketError::NotFound)
}
