//! Finds the way to a contact who has not just written: over which channel, in which conversation, and whether anything
//! may be said there or only a template.

use chrono::TimeDelta;
use kazi_platform::{Phone, Timestamp, WorkspaceId};
use sqlx::PgConnection;

use super::{Conversation, ConversationId, store};
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

/// A conversation in which something can be said.
#[derive(Clone, Debug)]
pub struct Reached {
    /// With whom.
    pub contact: ContactId,
    /// Where.
    pub conversation: ConversationId,
    /// How the channel names them.
    pub peer: String,
}

/// The conversations with many contacts on one channel, begun where there are none, in two statements. Each contact comes
/// with the phone that leads to it, and once.
///
/// # Errors
/// The database failed.
pub async fn reach_all(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    sender: &Sender,
    contacts: &[(ContactId, Phone)],
    now: Timestamp,
) -> Result<Vec<Reached>, sqlx::Error> {
    let peers: Vec<(ContactId, String)> = contacts
        .iter()
        .map(|(contact, phone)| (*contact, peer_of(sender.kind, phone)))
        .collect();
    store::reach_all(conn, workspace, sender.id, &peers, now).await
}

fn peer_of(kind: ChannelKind, phone: &Phone) -> String {
    match kind {
        ChannelKind::WhatsApp => phone.wa_id().to_owned(),
        ChannelKind::GreenApi => format!("{}@c.us", phone.wa_id()),
    }
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
        let peer = match (chat, &contact.phone) {
            (Some((_, name)), _) => name.clone(),
            (None, Some(phone)) => peer_of(sender.kind, phone),
            (None, None) => continue,
        };
        let (conversation, last_inbound_at) =
            store::reach(&mut *conn, workspace, contact.id, candidate, &peer, now).await?;
        let open = sender.kind != ChannelKind::WhatsApp
            || last_inbound_at.is_some_and(|at| now - at < WINDOW);
        return Ok(Some(Reach {
            conversation,
            sender,
            open,
        }));
    }
    Ok(None)
}
