//! The scene for tickets: it asks what the problem is, and the next text opens a ticket or is added to the open one.

use kazi_queue::JobError;
use serde_json::{Value, json};

use super::{
    NewTicket, Status, Ticket, TicketError, TicketFilter, store,
    tickets::{MESSAGE_LIMIT, open_with, rewrite, subject, write},
};
use crate::{
    Role, Work,
    contacts::ContactId,
    conversations::{Heard, MessageId, Say, Talk, TalkReply},
    locale,
    notifications::{self, Kind, Notification, To},
};

/// Answers the customer. Returns `None` when the message is not for this scene.
pub async fn hear(
    work: &mut Work,
    talk: &Talk<'_>,
    _at: Option<&Value>,
    heard: Heard<'_>,
) -> Result<Option<TalkReply>, JobError> {
    let contact = talk.contact.id;
    match heard {
        Heard::Tap(_) => Ok(None),
        Heard::Opened => {
            let text = match newest_open(work, contact).await? {
                Some(ticket) => text(talk, "ticket-more", &[("subject", &ticket.subject)]),
                None => text(talk, "ticket-what", &[]),
            };
            Ok(Some(TalkReply {
                says: vec![Say::Text(text)],
                // The next text is for the ticket.
                next: Some(json!({})),
            }))
        }
        Heard::Text(words) => {
            let written = put_down(work, contact, words, talk.message).await;
            let said = match written {
                Ok(Put::Added) => text(talk, "ticket-added", &[]),
                Ok(Put::Opened) => text(talk, "ticket-opened", &[]),
                // Too long, or without letters.
                Err(TicketError::Invalid(_)) => text(talk, "ticket-unreadable", &[]),
                Err(TicketError::Database(error)) => return Err(error.into()),
                Err(TicketError::Enqueue(error)) => return Err(error.into()),
                Err(TicketError::NotFound | TicketError::Closed) => return Ok(None),
            };
            Ok(Some(TalkReply {
                says: vec![Say::Text(said)],
                next: None,
            }))
        }
    }
}

/// Adds a customer's text to their ticket while a person answers and not the bot.
pub async fn for_a_person(
    work: &mut Work,
    contact: ContactId,
    words: &str,
    said: MessageId,
) -> Result<(), JobError> {
    let words: String = words.chars().take(MESSAGE_LIMIT).collect();
    match put_down(work, contact, &words, said).await {
        // Without letters: it stays only in the conversation.
        Ok(_) | Err(TicketError::Invalid(_) | TicketError::NotFound | TicketError::Closed) => {
            Ok(())
        }
        Err(TicketError::Database(error)) => Err(error.into()),
        Err(TicketError::Enqueue(error)) => Err(error.into()),
    }
}

/// Brings a correction of a message, or its deletion, to the ticket that has it. Returns false when none has.
pub async fn changed(
    work: &mut Work,
    said: MessageId,
    text: Option<&str>,
) -> Result<bool, JobError> {
    match rewrite(work, said, text).await {
        Ok(changed) => Ok(changed),
        Err(TicketError::Database(error)) => Err(error.into()),
        Err(TicketError::Enqueue(error)) => Err(error.into()),
        Err(TicketError::Invalid(_) | TicketError::NotFound | TicketError::Closed) => Ok(false),
    }
}

/// The ticket that got the text.
enum Put {
    Added,
    Opened,
}

/// Adds a text to the customer's open ticket, or opens one and notifies the members.
async fn put_down(
    work: &mut Work,
    contact: ContactId,
    words: &str,
    said: MessageId,
) -> Result<Put, TicketError> {
    if let Some(ticket) = newest_open(work, contact).await? {
        write(work, ticket.id, words, Some(said)).await?;
        return Ok(Put::Added);
    }
    let new = NewTicket {
        contact_id: contact,
        subject: subject(words),
        message: words.to_owned(),
    };
    let ticket = open_with(work, &new, Some(said)).await?;
    let notification = Notification {
        kind: Kind::TICKET_OPENED,
        title: "A customer has opened a ticket.",
        data: &json!({"ticket": ticket.id}),
    };
    notifications::notify(work, To::Role(Role::Agent), &notification).await?;
    Ok(Put::Opened)
}

async fn newest_open(work: &mut Work, contact: ContactId) -> Result<Option<Ticket>, sqlx::Error> {
    let filter = TicketFilter {
        contact: Some(contact),
        status: Some(Status::Open),
        waiting: None,
    };
    let found = store::tickets(work, &filter, None, 1).await?;
    Ok(found.into_iter().next())
}

fn text(talk: &Talk<'_>, key: &str, fill: &[(&'static str, &str)]) -> String {
    locale::text(talk.language, key, fill)
}
