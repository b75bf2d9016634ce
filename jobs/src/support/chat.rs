//! Tickets in the chat: whoever asks for help is asked what it is about, and the next words open a ticket, or are added
//! to the one that is open.

use kazi_queue::JobError;
use serde_json::{Value, json};

use super::{
    Filter, NewTicket, Status, Ticket, TicketError, store,
    tickets::{MESSAGE_LIMIT, SUBJECT_LIMIT, open, write},
};
use crate::{
    Role, Work,
    contacts::ContactId,
    conversations::{Heard, Say, Talk, TalkReply},
    locale,
    notifications::{self, Kind, News, To},
};

/// Answers what a customer says in this scene; `None` when it is not for it.
///
/// # Errors
/// The database failed.
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
                // The next words are the ticket's.
                next: Some(json!({})),
            }))
        }
        Heard::Text(words) => {
            let written = put_down(work, contact, words).await;
            let said = match written {
                Ok(Put::Added) => text(talk, "ticket-added", &[]),
                Ok(Put::Opened) => text(talk, "ticket-opened", &[]),
                // Too long, or nothing but signs.
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

/// What a customer says to a person and not to the bot: it stands in their ticket.
///
/// # Errors
/// The database failed.
pub async fn for_a_person(
    work: &mut Work,
    contact: ContactId,
    words: &str,
) -> Result<(), JobError> {
    let words: String = words.chars().take(MESSAGE_LIMIT).collect();
    match put_down(work, contact, &words).await {
        // Nothing but signs: the conversation has it.
        Ok(_) | Err(TicketError::Invalid(_) | TicketError::NotFound | TicketError::Closed) => {
            Ok(())
        }
        Err(TicketError::Database(error)) => Err(error.into()),
        Err(TicketError::Enqueue(error)) => Err(error.into()),
    }
}

/// Where a customer's words have gone.
enum Put {
    Added,
    Opened,
}

/// Adds to a customer's open ticket, or opens one, of which the members are told at once.
async fn put_down(work: &mut Work, contact: ContactId, words: &str) -> Result<Put, TicketError> {
    if let Some(ticket) = newest_open(work, contact).await? {
        write(work, ticket.id, words).await?;
        return Ok(Put::Added);
    }
    let new = NewTicket {
        contact_id: contact,
        subject: subject(words),
        message: words.to_owned(),
    };
    let ticket = open(work, &new).await?;
    let news = News {
        kind: Kind::TICKET_OPENED,
        title: "A customer has opened a ticket.",
        data: &json!({"ticket": ticket.id}),
    };
    notifications::notify(work, To::Role(Role::Agent), &news).await?;
    Ok(Put::Opened)
}

async fn newest_open(work: &mut Work, contact: ContactId) -> Result<Option<Ticket>, sqlx::Error> {
    let filter = Filter {
        contact: Some(contact),
        status: Some(Status::Open),
        waiting: None,
    };
    let found = store::tickets(work, &filter, None, 1).await?;
    Ok(found.into_iter().next())
}

/// The first line, cut where it is too long.
fn subject(words: &str) -> String {
    let line = words.trim().lines().next().unwrap_or_default();
    line.chars().take(SUBJECT_LIMIT).collect()
}

fn text(talk: &Talk<'_>, key: &str, fill: &[(&'static str, &str)]) -> String {
    locale::text(talk.language, key, fill)
}
