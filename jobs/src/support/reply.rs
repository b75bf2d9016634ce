//! What members write into a ticket: answers to the customer, and notes.

use kazi_clients::whatsapp::Body;
use serde_json::json;
use uuid::Uuid;

use super::{
    Author, Reply, Ticket, TicketError, TicketId, TicketMessage,
    chat::SCENE,
    moves::move_to,
    store,
    tickets::{KIND, check_message, message},
};
use crate::{
    Work,
    audit::Change,
    contacts,
    conversations::{self, Chat, MessageId},
    endpoints::{Type, announce},
    messages::{self, Cause, Notice, Notified, TemplateUse},
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
    check_message(&reply.message)?;
    let written = match reply.internal {
        true => note(work, id, &reply.message).await?,
        false => answer_customer(work, id, &reply.message).await?,
    };
    if let Some(status) = reply.status {
        move_to(work, id, status).await?;
    }
    Ok(written)
}

async fn note(work: &mut Work, id: TicketId, body: &str) -> Result<TicketMessage, TicketError> {
    let found = store::lock(work, id).await?;
    found.ok_or(TicketError::NotFound)?;
    let written = TicketMessage {
        internal: true,
        ..message(work.now(), Author::Team, work.actor().id, body)
    };
    store::append(work, id, &written, None).await?;
    work.audit(&Change::done("support.note", (KIND, id)))
        .await?;
    Ok(written)
}

async fn answer_customer(
    work: &mut Work,
    id: TicketId,
    body: &str,
) -> Result<TicketMessage, TicketError> {
    let found = store::ticket(work, id).await?;
    let ticket = found.ok_or(TicketError::NotFound)?;
    let chat = chat_of(work, &ticket, true).await?;
    let found = store::lock(work, id).await?;
    let mut ticket = found.ok_or(TicketError::NotFound)?;
    if !ticket.status.is_active() {
        return Err(TicketError::Closed);
    }
    let written = message(work.now(), Author::Team, work.actor().id, body);
    store::append(work, id, &written, None).await?;
    ticket.waiting_since = None;
    ticket.first_response_at = ticket.first_response_at.or(Some(work.now()));
    ticket.conversation_id = chat.as_ref().map(|chat| chat.id).or(ticket.conversation_id);
    store::save(work, &ticket).await?;
    work.audit(&Change::done("support.answer", (KIND, id)))
        .await?;
    announce(work, Type::TICKET_ANSWERED, id).await?;
    let told = Told {
        // Each message of the ticket becomes one message in the chat.
        message: written.id.uuid(),
        text: body.to_owned(),
        template: ANSWER,
        parameters: vec![ticket.subject.clone(), body.to_owned()],
        cause: Cause::Agent,
    };
    tell_customer(work, &ticket, told).await?;
    await_answer(work, &ticket, chat.as_ref()).await?;
    Ok(written)
}

/// A message of a ticket for its customer.
pub(super) struct Told {
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
