//! Tickets in the chat: whoever asks for help is asked what it is about, and the next words open a ticket, or are added
//! to the one that is open.

use kazi_platform::actor::Actor;
use kazi_queue::JobError;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{
    Filter, NewTicket, Status, Ticket, TicketError, store,
    tickets::{SUBJECT_LIMIT, open, write},
};
use crate::{
    conversations::{Heard, Say, Talk, TalkReply},
    locale,
};

/// Answers what a customer says in this scene; `None` when it is not for it.
///
/// # Errors
/// The database failed.
pub async fn hear(
    conn: &mut PgConnection,
    talk: &Talk<'_>,
    _at: Option<&Value>,
    heard: Heard<'_>,
) -> Result<Option<TalkReply>, JobError> {
    let there = newest_open(&mut *conn, talk).await?;
    match (heard, there) {
        (Heard::Tap(_), _) => Ok(None),
        (Heard::Opened, there) => {
            let text = match there {
                Some(ticket) => text(talk, "ticket-more", &[("subject", &ticket.subject)]),
                None => text(talk, "ticket-what", &[]),
            };
            Ok(Some(TalkReply {
                says: vec![Say::Text(text)],
                // The next words are the ticket's.
                next: Some(json!({})),
            }))
        }
        (Heard::Text(words), there) => {
            let (workspace, now) = (talk.workspace.id, talk.now);
            let written = match &there {
                Some(ticket) => write(conn, now, workspace, ticket.id, words)
                    .await
                    .map(drop),
                None => {
                    let new = NewTicket {
                        contact_id: talk.contact.id,
                        subject: subject(words),
                        message: words.to_owned(),
                    };
                    let actor = Actor::customer(talk.contact.id.uuid());
                    open(conn, now, workspace, &actor, &new).await.map(drop)
                }
            };
            let said = match written {
                Ok(()) if there.is_some() => text(talk, "ticket-added", &[]),
                Ok(()) => text(talk, "ticket-opened", &[]),
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

async fn newest_open(
    conn: &mut PgConnection,
    talk: &Talk<'_>,
) -> Result<Option<Ticket>, sqlx::Error> {
    let filter = Filter {
        contact: Some(talk.contact.id),
        status: Some(Status::Open),
        waiting: None,
    };
    let found = store::tickets(conn, talk.workspace.id, &filter, None, 1).await?;
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
