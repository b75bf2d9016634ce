//! Follows a customer to a new user id. WhatsApp gives a new one with a new number, and tells both ids. The contact and
//! the conversation stay the same, also when the first message by the new id overtakes the news.

use kazi_clients::{
    json,
    whatsapp::webhook::{UserIdUpdate, UserIdUpdates},
};
use kazi_platform::{Phone, Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::read::name;
use crate::{
    Context, Work,
    channels::{self, ChannelId, WebhookEventId},
    contacts::{self, Contact, Identity},
    conversations, messages, pools,
};

/// Applies a `user_id_update` event.
#[derive(Debug, Serialize, Deserialize)]
pub struct ApplyUserIds {
    pub workspace: WorkspaceId,
    pub event: WebhookEventId,
}

impl Job for ApplyUserIds {
    type Context = Context;
    const NAME: &'static str = "bot.apply_user_ids";
    const POOL: Pool = pools::INTERACTIVE;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(event) = channels::event(&mut work, self.event).await? else {
            tracing::warn!(event.id = %self.event, "no such event");
            return Ok(());
        };
        for update in updates(&event.payload) {
            let at = messages::told_at(update.at, event.received_at);
            let contact = contacts::resolve(&mut work, event.channel, &update.identity).await?;
            follow(&mut work, event.channel, contact, &update, at).await?;
        }
        Ok(work.commit().await?)
    }
}

/// One change.
pub(super) struct Update {
    /// With the user id until now, if it is known.
    pub identity: Identity,
    pub current: String,
    /// In Unix seconds.
    pub at: Option<i64>,
}

fn updates(payload: &str) -> Vec<Update> {
    let said: UserIdUpdates = serde_json::from_str(&json::lenient(payload)).unwrap_or_default();
    said.user_id_update.into_iter().filter_map(read).collect()
}

fn read(update: UserIdUpdate) -> Option<Update> {
    let ids = update.user_id?;
    let current = name(ids.current)?;
    let previous = name(ids.previous).filter(|previous| *previous != current);
    let chat = name(update.wa_id);
    if previous.is_none() && chat.is_none() {
        return None;
    }
    Some(Update {
        identity: Identity {
            phone: chat.as_deref().and_then(Phone::from_wa_id),
            user_id: previous,
            chat_id: chat,
            name: None,
        },
        current,
        at: update.timestamp.and_then(|at| at.parse().ok()),
    })
}

/// The sequence of the messages by the new user id, so that none of them runs at the same time.
pub(crate) fn sequence_of(channel: ChannelId, payload: &str) -> Option<String> {
    let first = updates(payload).into_iter().next()?;
    Some(super::sequence_of(channel, &first.current, payload))
}

/// Makes a contact known by the new user id, with its conversation and the messages that wait. Whoever has written by the
/// new id before is the same contact. The result is the contact that is left.
pub(super) async fn follow(
    work: &mut Work,
    channel: ChannelId,
    contact: Contact,
    update: &Update,
    at: Timestamp,
) -> Result<Contact, sqlx::Error> {
    let previous = update.identity.user_id.as_deref();
    let current = update.current.as_str();
    let contact = contacts::change_user(work, channel, contact, previous, current, at).await?;
    if let Some(previous) = previous {
        // Another change may have come before this one.
        let current = contacts::user_now(work, channel, contact.id, current).await?;
        let open = conversations::readdress(work, contact.id, previous, &current).await?;
        messages::readdress(work, &open, previous, &current).await?;
    }
    Ok(contact)
}

#[cfg(test)]
mod tests;
