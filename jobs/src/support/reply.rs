//! What members write into a ticket: answers to the customer, and notes.

use kazi_clients::whatsapp::Body;
use serde_json::json;
use uuid::Uuid;

use super::{
    Author, Reply, Ticket, TicketError, TicketId, TicketMessage,
    chat::SCENE,
    files,
    moves::move_to,
    store,
    tickets::{KIND, MESSAGE_LIMIT, message},
};
use crate::{
    Work,
    audit::Change,
    contacts,
    conversations::{self, Chat, MessageId},
    endpoints::{Type, announce},
    media::MediaId,
    messages::{self, Cause, Notice, Notified, TemplateUse},
    violations::Violations,
};

/// The template of an answer to a customer who has not written for 24 hours. `{{1}}`: the subject. `{{2}}`: the answer.
pub const ANSWER: &str = "ticket_answer";

/// Writes a member's message into a ticket. The customer gets an answer, and the ticket no longer waits. A note stays among
/// the members.
pub async fn answer(
    work: &mut Work,
    id: TicketId,
    reply: &Reply,
) -> Result<TicketMessage, TicketError> {
    check(reply)?;
    let written = match reply.internal {
        true => note(work, id, reply).await?,
        false => answer_customer(work, id, reply).await?,
    };
    if let Some(status) = reply.status {
        move_to(work, id, status).await?;
    }
    Ok(written)
}

fn check(reply: &Reply) -> Result<(), TicketError> {
    let mut violations = Violations::default();
    let least = usize::from(reply.media_ids.is_empty());
    violations.text("/message", &reply.message, least, MESSAGE_LIMIT);
    files::check(&mut violations, &reply.media_ids);
    Ok(violations.end()?)
}

async fn note(work: &mut Work, id: TicketId, reply: &Reply) -> Result<TicketMessage, TicketError> {
    let found = store::lock(work, id).await?;
    let ticket = found.ok_or(TicketError::NotFound)?;
    files::take(work, &reply.media_ids, ticket.contact_id, None).await?;
    let mut written = TicketMessage {
        internal: true,
        ..message(work.now(), Author::Team, work.actor().id, &reply.message)
    };
    store::append(work, id, &written, None).await?;
    files::attach(work, &mut written, &reply.media_ids).await?;
    work.audit(&Change::done("support.note", (KIND, id)))
        .await?;
    Ok(written)
}

async fn answer_customer(
    work: &mut Work,
    id: TicketId,
    reply: &Reply,
) -> Result<TicketMessage, TicketError> {
    let found = store::ticket(work, id).await?;
    let ticket = found.ok_or(TicketError::NotFound)?;
    let chat = chat_of(work, &ticket, true).await?;
    let found = store::lock(work, id).await?;
    let mut ticket = found.ok_or(TicketError::NotFound)?;
    if !ticket.status.is_active() {
        return Err(TicketError::Closed);
    }
    let bodies = bodies(work, &ticket, &reply.media_ids).await?;
    let body = reply.message.as_str();
    let mut written = message(work.now(), Author::Team, work.actor().id, body);
    store::append(work, id, &written, None).await?;
    files::attach(work, &mut written, &reply.media_ids).await?;
    ticket.waiting_since = None;
    ticket.first_response_at = ticket.first_response_at.or(Some(work.now()));
    ticket.conversation_id = chat.as_ref().map(|chat| chat.id).or(ticket.conversation_id);
    store::save(work, &ticket).await?;
    work.audit(&Change::done("support.answer", (KIND, id)))
        .await?;
    announce(work, Type::TICKET_ANSWERED, id).await?;
    if !body.is_empty() {
        let told = Told {
            message: written.id.uuid(),
            text: body.to_owned(),
            template: ANSWER,
            parameters: vec![ticket.subject.clone(), body.to_owned()],
            cause: Cause::Agent,
        };
        tell_customer(work, &ticket, told).await?;
    }
    send_files(work, &ticket, &written, bodies).await?;
    await_answer(work, &ticket, chat.as_ref()).await?;
    Ok(written)
}

/// The messages that bring files to the customer. They must reach the customer now: no template brings a file later.
async fn bodies(
    work: &mut Work,
    ticket: &Ticket,
    files: &[MediaId],
) -> Result<Vec<Body>, TicketError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let contacts = contacts::get_all(work, &[ticket.contact_id]).await?;
    let contact = contacts.get(&ticket.contact_id);
    let contact = contact.filter(|contact| contact.blocked_at.is_none());
    let contact = contact.ok_or(TicketError::Unreachable)?;
    let reach = conversations::reach(work, contact, None).await?;
    let reach = reach.ok_or(TicketError::Unreachable)?;
    if !reach.open {
        return Err(TicketError::WindowClosed);
    }
    files::take(work, files, contact.id, Some(reach.sender.kind)).await
}

/// Sends files after the text, in their order.
async fn send_files(
    work: &mut Work,
    ticket: &Ticket,
    written: &TicketMessage,
    bodies: Vec<Body>,
) -> Result<(), TicketError> {
    let at = work.now();
    let notices = (1..).zip(bodies).map(|(n, body)| Notice {
        id: MessageId::derived(written.id.uuid(), n),
        contact: ticket.contact_id,
        channel: None,
        body,
        // The window is open, so no template is looked up.
        template: TemplateUse {
            name: ANSWER,
            parameters: Vec::new(),
            buttons: Vec::new(),
        },
        cause: Cause::Agent,
        marketing: false,
        at,
    });
    let notices: Vec<_> = notices.collect();
    let notified = messages::notify_all(work, &notices).await?;
    match notified
        .iter()
        .any(|one| matches!(one, Notified::Unreachable(_)))
    {
        true => Err(TicketError::Unreachable),
        false => Ok(()),
    }
}

/// A message of a ticket for its customer.
pub(super) struct Told {
    /// What it is about: a second run sends nothing.
    pub message: Uuid,
    pub text: String,
    pub template: &'static str,
    pub parameters: Vec<String>,
    pub cause: Cause,
}

pub(super) async fn tell_customer(
    work: &mut Work,
    ticket: &Ticket,
    told: Told,
) -> Result<(), TicketError> {
    let notice = Notice {
        id: MessageId::derived(told.message, 0),
        contact: ticket.contact_id,
        channel: None,
        body: Body::Text { text: told.text },
        template: TemplateUse {
            name: told.template,
            parameters: told.parameters,
            buttons: Vec::new(),
        },
        cause: told.cause,
        marketing: false,
        at: work.now(),
    };
    if let Notified::Unreachable(why) = messages::notify(work, &notice).await? {
        tracing::warn!(workspace.id = %work.workspace(), ticket.id = %ticket.id, reason = why.name(),
                       "a customer could not be told of a ticket");
    }
    Ok(())
}

/// The customer's next text in the chat is for this ticket. While a person is to answer, all texts are.
pub(super) async fn await_answer(
    work: &mut Work,
    ticket: &Ticket,
    chat: Option<&Chat>,
) -> Result<(), sqlx::Error> {
    if let Some(chat) = chat.filter(|chat| !chat.closed) {
        let at = json!({"ticket": ticket.id});
        conversations::hold(work, chat.id, SCENE, at).await?;
    }
    Ok(())
}

/// Locks the conversation of a ticket. It is locked before the ticket, as by a customer's message. With `to_write`, it is the
/// one to write in, even if it has to be begun.
pub(super) async fn chat_of(
    work: &mut Work,
    ticket: &Ticket,
    to_write: bool,
) -> Result<Option<Chat>, sqlx::Error> {
    if let Some(id) = ticket.conversation_id {
        let chat = conversations::lock_chat(work, id).await?;
        if chat.as_ref().is_some_and(|chat| !chat.closed) {
            return Ok(chat);
        }
    }
    if !to_write {
        return Ok(None);
    }
    let contacts = contacts::get_all(work, &[ticket.contact_id]).await?;
    let Some(contact) = contacts.get(&ticket.contact_id) else {
        return Ok(None);
    };
    match conversations::reach(work, contact, None).await? {
        Some(reach) => conversations::lock_chat(work, reach.conversation.id).await,
        None => Ok(None),
    }
}
