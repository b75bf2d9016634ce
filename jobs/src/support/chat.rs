//! The scene for tickets: it asks what the problem is, and the next text or file opens a ticket or is added to the open one.
//! After a member's answer, and after a file, the next ones are for that ticket. The scene also tells how far the tickets have
//! come.

use kazi_queue::JobError;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    NewTicket, Status, Ticket, TicketError, TicketFilter, TicketId, closed_notice,
    model::{REOPENING, REOPENING_DAYS},
    store,
    tickets::{MESSAGE_LIMIT, Said, open_with, rewrite, subject, tell, write},
};
use crate::{
    Work,
    contacts::ContactId,
    conversations::{Heard, MessageId, Say, Talk, TalkReply},
    locale,
    notifications::Kind,
};

/// The name of the scene. It is stored with the conversation.
pub(super) const SCENE: &str = "support";
/// The choices of the scene, which stand for keywords.
const STATE: &str = "state";
const THANKS: &str = "thanks";
/// Tickets of one answer.
const SHOWN: i64 = 5;

/// What the scene remembers.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct At {
    /// The ticket that a member has answered. Without one, the next text is for the newest ticket.
    #[serde(default)]
    ticket: Option<TicketId>,
}

/// Answers the customer. Returns `None` when the message is not for this scene.
pub async fn hear(
    work: &mut Work,
    talk: &Talk<'_>,
    at: Option<&Value>,
    heard: Heard<'_>,
) -> Result<Option<TalkReply>, JobError> {
    let contact = talk.contact.id;
    let held = at.and_then(|at| serde_json::from_value::<At>(at.clone()).ok());
    match heard {
        Heard::Tap(STATE) => states(work, talk, at).await,
        Heard::Tap(THANKS) => thanked(work, talk, held).await,
        Heard::Tap(_) => Ok(None),
        Heard::Opened => {
            let text = match newest(work, contact).await? {
                Some(ticket) => {
                    let line = line(talk, &ticket);
                    format!("{line}\n{}", text(talk, "ticket-more", &[]))
                }
                None => text(talk, "ticket-what", &[]),
            };
            Ok(Some(TalkReply {
                says: vec![Say::Text(text)],
                // The next text is for the ticket.
                next: Some(json!({})),
            }))
        }
        Heard::Text(words) => written(work, talk, held, words, false).await,
        Heard::File {
            words,
            is_of_an_album,
        } => written(work, talk, held, words, is_of_an_album).await,
    }
}

/// Puts a text or a file of the customer into a ticket. `quiet`: the file before it was answered a moment ago.
async fn written(
    work: &mut Work,
    talk: &Talk<'_>,
    held: Option<At>,
    words: &str,
    quiet: bool,
) -> Result<Option<TalkReply>, JobError> {
    let said = Said {
        message: talk.message,
        conversation: talk.conversation.id,
    };
    let answered = held.and_then(|at| at.ticket);
    let put = match answered {
        // Of a ticket that takes no answers any more the bot knows nothing: it answers the text itself.
        Some(ticket) => put_into(work, ticket, words, said).await,
        None => put_down(work, talk.contact.id, words, said).await,
    };
    let (key, next) = match put {
        Ok(put) => {
            let key = match put.how {
                How::Added => "ticket-added",
                How::Opened => "ticket-opened",
                How::Reopened => "ticket-reopened",
            };
            // A customer may answer in several messages, and more files or words may follow a file.
            (key, answered.or(put.has_file.then_some(put.ticket)))
        }
        // Too long, or without letters.
        Err(TicketError::Invalid(_)) => ("ticket-unreadable", answered),
        Err(TicketError::Database(error)) => return Err(error.into()),
        Err(TicketError::Enqueue(error)) => return Err(error.into()),
        Err(
            TicketError::NotFound
            | TicketError::Closed
            | TicketError::Move(..)
            | TicketError::WindowClosed
            | TicketError::Unreachable,
        ) => return Ok(None),
    };
    let mut says = Vec::new();
    if !quiet {
        says.push(Say::Text(text(talk, key, &[])));
        let notice = closed_notice(work, talk.conversation, talk.language).await?;
        says.extend(notice.map(Say::Text));
    }
    Ok(Some(TalkReply {
        says,
        next: next.map(|ticket| json!({"ticket": ticket})),
    }))
}

/// Tells how far the customer's tickets have come. What the scene remembers stays.
async fn states(
    work: &mut Work,
    talk: &Talk<'_>,
    at: Option<&Value>,
) -> Result<Option<TalkReply>, JobError> {
    let theirs = TicketFilter {
        contact: Some(talk.contact.id),
        ..TicketFilter::default()
    };
    let tickets = store::tickets(work, &theirs, None, SHOWN).await?;
    let lines: Vec<String> = tickets.iter().map(|ticket| line(talk, ticket)).collect();
    let says = match lines.is_empty() {
        true => text(talk, "ticket-none", &[]),
        false => lines.join("\n"),
    };
    Ok(Some(TalkReply {
        says: vec![Say::Text(says)],
        next: at.cloned(),
    }))
}

/// Thanks for a resolved ticket are no reason to open it again.
async fn thanked(
    work: &mut Work,
    talk: &Talk<'_>,
    held: Option<At>,
) -> Result<Option<TalkReply>, JobError> {
    let Some(id) = held.and_then(|at| at.ticket) else {
        return Ok(None);
    };
    let ticket = store::ticket(work, id).await?;
    let resolved = ticket.is_some_and(|ticket| ticket.status == Status::Resolved);
    Ok(resolved.then(|| TalkReply {
        says: vec![Say::Text(text(talk, "ticket-glad", &[]))],
        next: None,
    }))
}

/// Adds a customer's text to their ticket while a person answers and not the bot.
pub async fn for_a_person(work: &mut Work, talk: &Talk<'_>, words: &str) -> Result<(), JobError> {
    let words: String = words.chars().take(MESSAGE_LIMIT).collect();
    let said = Said {
        message: talk.message,
        conversation: talk.conversation.id,
    };
    done(
        put_down(work, talk.contact.id, &words, said)
            .await
            .map(|_| ()),
        (),
    )
}

/// Brings a correction of a message, or its deletion, to the ticket that has it. Returns false when none has.
pub async fn changed(
    work: &mut Work,
    said: MessageId,
    text: Option<&str>,
) -> Result<bool, JobError> {
    done(rewrite(work, said, text).await, false)
}

/// A text that no ticket takes, for example one without letters, stays only in the conversation.
fn done<T>(result: Result<T, TicketError>, otherwise: T) -> Result<T, JobError> {
    match result {
        Ok(value) => Ok(value),
        Err(TicketError::Database(error)) => Err(error.into()),
        Err(TicketError::Enqueue(error)) => Err(error.into()),
        Err(
            TicketError::Invalid(_)
            | TicketError::NotFound
            | TicketError::Closed
            | TicketError::Move(..)
            | TicketError::WindowClosed
            | TicketError::Unreachable,
        ) => Ok(otherwise),
    }
}

/// What became of a text or a file.
struct Put {
    ticket: TicketId,
    how: How,
    has_file: bool,
}

enum How {
    Added,
    Opened,
    Reopened,
}

/// Adds a text to the customer's newest ticket that takes answers, or opens one and notifies the members.
async fn put_down(
    work: &mut Work,
    contact: ContactId,
    words: &str,
    said: Said,
) -> Result<Put, TicketError> {
    if let Some(ticket) = newest(work, contact).await? {
        return put_into(work, ticket.id, words, said).await;
    }
    let new = NewTicket::plain(contact, subject(words), words.to_owned());
    let (ticket, has_file) = open_with(work, &new, Some(said)).await?;
    let title = "A customer has opened a ticket.";
    tell(work, &ticket, Kind::TICKET_OPENED, title).await?;
    Ok(Put {
        ticket: ticket.id,
        how: How::Opened,
        has_file,
    })
}

async fn put_into(
    work: &mut Work,
    ticket: TicketId,
    words: &str,
    said: Said,
) -> Result<Put, TicketError> {
    let written = write(work, ticket, words, Some(said)).await?;
    Ok(Put {
        ticket,
        how: match written.reopened {
            true => How::Reopened,
            false => How::Added,
        },
        has_file: written.has_file,
    })
}

async fn newest(work: &mut Work, contact: ContactId) -> Result<Option<Ticket>, sqlx::Error> {
    let since = work.now() - REOPENING;
    store::taking_answers(work, contact, since).await
}

/// The number, the subject and the state of a ticket.
fn line(talk: &Talk<'_>, ticket: &Ticket) -> String {
    let key = format!("ticket-is-{}", ticket.status);
    let days = REOPENING_DAYS.to_string();
    let state = text(talk, &key, &[("days", &days)]);
    let number = ticket.number.to_string();
    let fill = [
        ("number", number.as_str()),
        ("subject", &ticket.subject),
        ("state", &state),
    ];
    text(talk, "ticket-line", &fill)
}

fn text(talk: &Talk<'_>, key: &str, fill: &[(&'static str, &str)]) -> String {
    locale::text(talk.language, key, fill)
}
