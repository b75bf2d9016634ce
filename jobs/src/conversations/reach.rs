//! Finds the way to a contact who has not just written: over which channel, in which conversation, and whether anything
//! may be said there or only a template.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;

use super::{Conversation, store};
use crate::{
    channels::{self, ChannelId, ChannelKind, Sender},
    contacts::{self, Contact, ContactId},
};

/// For so long after a customer's message anything may be said to them (Meta, "Customer service windows"): 24 hours, less
/// what a message may wait for its turn.
const WINDOW: TimeDelta = TimeDelta::minutes(24 * 60 - 10);

/// The way to a contact.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Where it is said.
    pub conversation: Conversation,
    /// By what.
    pub sender: Sender,
    /// Anything may be said; else only a template.
    pub open: bool,
}

/// The way to a contact over a channel, or else over the one where they wrote last, or else over the first that knows
/// their phone. The conversation is begun where there is none. `None`: there is no way.
///
/// # Errors
/// The database failed.
pub async fn reach(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contact: &Contact,
    channel: Option<ChannelId>,
    now: Timestamp,
) -> Result<Option<Reach>, sqlx::Error> {
    let chats = contacts::chats(&mut *conn, workspace, contact.id).await?;
    let mut candidates: Vec<ChannelId> = match channel {
        Some(channel) => vec![channel],
        None => chats.iter().map(|(channel, _)| *channel).collect(),
    };
    if channel.is_none() && contact.phone.is_some() {
        candidates.extend(channels::active(&mut *conn, workspace).await?);
    }
    for candidate in candidates {
        let Some(sender) = channels::sender(&mut *conn, workspace, candidate).await? else {
            continue;
        };
        // A channel that was asked for is waited for.
        if !sender.active && channel.is_none() {
            continue;
        }
        let chat = chats.iter().find(|(there, _)| *there == candidate);
        let peer = match (chat, &contact.phone, sender.kind) {
            (Some((_, name)), _, _) => name.clone(),
            (None, Some(phone), ChannelKind::WhatsApp) => phone.wa_id().to_owned(),
            (None, Some(phone), ChannelKind::GreenApi) => format!("{}@c.us", phone.wa_id()),
            (None, None, _) => continue,
        };
        let (conversation, last_inbound_at) =
            store::reach(&mut *conn, workspace, contact.id, candidate, &peer, now).await?;
        let open = is_open(&sender, last_inbound_at, now);
        return Ok(Some(Reach {
            conversation,
            sender,
            open,
        }));
    }
    Ok(None)
}

/// The ways to many contacts over one channel, each contact with how the channel names it, in their order. The
/// conversations are begun where there are none. Whose conversation is closed at this very moment is left out.
///
/// # Errors
/// The database failed.
pub async fn reach_all(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    sender: &Sender,
    contacts: &[(ContactId, String)],
    now: Timestamp,
) -> Result<Vec<Reach>, sqlx::Error> {
    let found = store::reach_all(conn, workspace, sender.id, contacts, now).await?;
    Ok(found
        .into_iter()
        .map(|(conversation, last_inbound_at)| Reach {
            conversation,
            sender: sender.clone(),
            open: is_open(sender, last_inbound_at, now),
        })
        .collect())
}

/// Whether anything may be said; else only a template.
fn is_open(sender: &Sender, last_inbound_at: Option<Timestamp>, now: Timestamp) -> bool {
    sender.kind != ChannelKind::WhatsApp || last_inbound_at.is_some_and(|at| now - at < WINDOW)
}
