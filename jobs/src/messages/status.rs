//! Applies a provider's statuses of messages: sent, delivered, read, failed. A status never moves backwards.

mod together;

use std::time::Duration;

use chrono::DateTime;
use kazi_clients::{
    greenapi::webhook::Notification,
    json,
    whatsapp::{Reaction, reaction_to, refusal, webhook},
};
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Pool, Retry, Running, enqueue_all_with};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) use together::Report;

use super::{
    Status, StatusUpdate, store,
    undelivered::{self, Told},
};
use crate::{
    Context, Work,
    channels::{self, ChannelKind, Event, WebhookEventId},
    contacts::is_same_chat,
    conversations::MessageId,
    pools,
};

#[derive(Debug, Serialize, Deserialize)]
pub struct ApplyStatus {
    pub workspace: WorkspaceId,
    /// 1 to [`ApplyStatus::MOST`] events.
    pub events: Vec<WebhookEventId>,
}

impl ApplyStatus {
    /// Events of one job. More of them save nothing.
    pub const MOST: usize = 500;
}

impl Job for ApplyStatus {
    type Context = Context;
    const NAME: &'static str = "messages.status";
    const POOL: Pool = pools::DEFAULT;
    /// A status may come before the answer to its request.
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(30)).attempts(6);
    const VERSION: u16 = 2;

    /// Version 1 had one `event`.
    fn upgrade(_: u16, mut payload: Value) -> Result<Value, String> {
        let event = payload["event"].take();
        payload["events"] = Value::Array(vec![event]);
        Ok(payload)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        match self.events.as_slice() {
            [] => Ok(()),
            [event] => self.one(ctx, job, *event).await,
            // An earlier run failed. One event may be the reason and must not hold up the others.
            events if job.attempt > 1 => {
                let mut work = Work::of(ctx, self.workspace).await?;
                self.alone(&mut work, events).await?;
                Ok(work.commit().await?)
            }
            events => self.together(ctx, events).await,
        }
    }
}

impl ApplyStatus {
    async fn one(&self, ctx: &Context, job: &Running, id: WebhookEventId) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(event) = channels::event(&mut work, id).await? else {
            tracing::warn!(event.id = %id, "no such event");
            return Ok(());
        };
        let known = match event.provider {
            ChannelKind::WhatsApp => whatsapp(&mut work, &event).await?,
            ChannelKind::GreenApi => greenapi(&mut work, &event).await?,
        };
        work.commit().await?;
        match known {
            Known::Applied | Known::Foreign => Ok(()),
            Known::Awaited if job.is_last_attempt() => {
                // The status of a request that is no longer the last one, or of a message from before this database.
                tracing::info!(event.id = %id, "a status of a message that is not ours");
                Ok(())
            }
            Known::Awaited => Err(JobError::retry(
                "unknown_message",
                "no message with this id yet",
            )),
        }
    }

    /// Enqueues one job for each event.
    async fn alone(&self, work: &mut Work, events: &[WebhookEventId]) -> Result<(), JobError> {
        let workspace = self.workspace;
        let jobs = events
            .iter()
            .map(|event| {
                let job = Self {
                    workspace,
                    events: vec![*event],
                };
                let options = job.options().tenant(workspace);
                (job, options)
            })
            .collect();
        enqueue_all_with(work.conn(), jobs).await?;
        Ok(())
    }
}

/// The owner of the message that a status is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// This program. The status is in the message's row, or there is nothing to do.
    Applied,
    /// Perhaps this program: a request has no answer yet.
    Awaited,
    /// Somebody else who uses the same number.
    Foreign,
}

impl Known {
    const fn of(known: bool) -> Self {
        match known {
            true => Self::Applied,
            false => Self::Awaited,
        }
    }
}

/// Applies Green API's report of a message that left by the API, which may be one of this program. A message from
/// WhatsApp's own app is always foreign.
pub(crate) async fn confirm(work: &mut Work, event: &Event) -> Result<Known, JobError> {
    match event.provider {
        ChannelKind::WhatsApp => Ok(Known::Foreign),
        ChannelKind::GreenApi => greenapi(work, event).await,
    }
}

/// Returns `None` when there is nothing to do. The event stays stored.
fn becomes(status: &webhook::Status) -> Option<Status> {
    match status.status.as_str() {
        "sent" => Some(Status::Sent),
        "delivered" => Some(Status::Delivered),
        "read" | "played" => Some(Status::Read),
        "failed" => Some(Status::Failed),
        _ => None,
    }
}

fn update<'a>(event: &Event, status: &'a webhook::Status, becomes: Status) -> StatusUpdate<'a> {
    let said = status.timestamp.as_deref();
    StatusUpdate {
        channel: event.channel,
        status: becomes,
        provider_id: &status.id,
        at: told_at(said.and_then(|text| text.parse().ok()), event.received_at),
    }
}

fn unreadable(error: &serde_json::Error) -> JobError {
    // Only the place of the error: the text may belong to a customer.
    JobError::discard(
        "unreadable",
        format_args!("line {} column {}", error.line(), error.column()),
    )
}

async fn whatsapp(work: &mut Work, event: &Event) -> Result<Known, JobError> {
    let status: webhook::Status =
        serde_json::from_str(&json::lenient(&event.payload)).map_err(|e| unreadable(&e))?;
    let Some(becomes) = becomes(&status) else {
        return Ok(Known::Applied);
    };
    // Our own id comes back with every status, so a status finds its message even when the answer was lost.
    let ours = status.biz_opaque_callback_data.as_deref();
    let id = match ours.map(str::parse::<MessageId>) {
        Some(Ok(id)) => id,
        // Another value: the id of a one-time code, which is no message, or of another program.
        Some(Err(_)) => return Ok(Known::Foreign),
        None => {
            let found = store::by_provider_id(work, event.channel, &status.id).await?;
            match found.first() {
                Some((id, _)) => *id,
                None => return awaited(work, event, &status.id, None).await,
            }
        }
    };
    if becomes == Status::Failed {
        let error = status.errors.first();
        let code = error.and_then(|error| error.code);
        let title = error.and_then(|error| error.title.as_deref());
        let data = error.and_then(|error| error.error_data.as_ref());
        let details = data.and_then(|data| data.details.as_deref());
        let words = refusal(code, title.unwrap_or_default(), details);
        let told = Told {
            provider_id: &status.id,
            code,
            reaction: code.map_or(Reaction::Unknown, reaction_to),
            words: &words,
        };
        return Ok(Known::of(undelivered::apply(work, event, id, &told).await?));
    }
    let update = update(event, &status, becomes);
    Ok(Known::of(move_on(work, id, &update).await?))
}

/// Decides what to do about an id that no row has. It waits when a request without an answer may have made it.
/// Otherwise another program sent the message through the same number, or it was a one-time code, which is not stored.
async fn awaited(
    work: &mut Work,
    event: &Event,
    provider_id: &str,
    peer: Option<&str>,
) -> Result<Known, JobError> {
    let may_be_ours = store::may_be_ours(work, event.channel, provider_id, peer).await?;
    Ok(match may_be_ours {
        true => Known::Awaited,
        false => Known::Foreign,
    })
}

async fn greenapi(work: &mut Work, event: &Event) -> Result<Known, JobError> {
    let said: Notification =
        serde_json::from_str(&json::lenient(&event.payload)).map_err(|e| unreadable(&e))?;
    let Some(provider_id) = said.id_message.as_deref() else {
        return Ok(Known::Foreign);
    };
    let sender_chat = said
        .sender_data
        .as_ref()
        .and_then(|sender| sender.chat_id.as_deref());
    let chat = said.chat_id.as_deref().or(sender_chat);
    let found = store::by_provider_id(work, event.channel, provider_id).await?;
    let mut id = in_chat(&found, chat);
    let status = said.status.as_deref();
    let becomes = match (said.type_webhook.as_str(), status) {
        ("outgoingMessageReceived", _) => return Ok(Known::Foreign),
        ("outgoingAPIMessageReceived", _) => {
            let text = said.message_data.as_ref().and_then(|data| data.text());
            if let (None, Some(chat), Some(text)) = (id, chat, text) {
                // Nothing of ours comes back but the text: it tells that a request whose answer was lost has arrived.
                let found = store::sending(work, event.channel, text).await?;
                id = in_chat(&found, Some(chat));
            }
            Status::Accepted
        }
        (_, Some("sent")) => Status::Sent,
        (_, Some("delivered")) => Status::Delivered,
        (_, Some("read")) => Status::Read,
        (_, Some("failed" | "noAccount" | "notInGroup" | "yellowCard")) => Status::Failed,
        _ => return Ok(Known::Applied),
    };
    let Some(id) = id else {
        return awaited(
            work,
            event,
            provider_id,
            chat.filter(|chat| !is_hidden(chat)),
        )
        .await;
    };
    if becomes == Status::Failed {
        let (reaction, words) = match status {
            Some("yellowCard") => (
                Reaction::PauseSender,
                "WhatsApp has shown this account the yellow card",
            ),
            Some("noAccount") => (
                Reaction::Undeliverable,
                "this number has no WhatsApp account",
            ),
            Some("notInGroup") => (
                Reaction::Undeliverable,
                "the account is no member of this group",
            ),
            // No reason is given, so a later try would be no better.
            _ => (Reaction::OurFault, "Green API could not send it"),
        };
        let told = Told {
            provider_id,
            code: None,
            reaction,
            words,
        };
        return Ok(Known::of(undelivered::apply(work, event, id, &told).await?));
    }
    let update = StatusUpdate {
        channel: event.channel,
        status: becomes,
        provider_id,
        at: told_at(said.timestamp, event.received_at),
    };
    Ok(Known::of(move_on(work, id, &update).await?))
}

/// The message in a chat, of several that a provider calls alike. The chat may be named in another form than the one that
/// was used, or by the hidden id of its person: then it is right only if there is one such message.
fn in_chat(found: &[(MessageId, String)], chat: Option<&str>) -> Option<MessageId> {
    let Some(chat) = chat else {
        return found.first().map(|(id, _)| *id);
    };
    let same = found.iter().find(|(_, peer)| is_same_chat(peer, chat));
    same.or(match found {
        [only] if is_hidden(chat) || is_hidden(&only.1) => Some(only),
        _ => None,
    })
    .map(|(id, _)| *id)
}

/// Whether a chat hides the number of its person.
fn is_hidden(chat: &str) -> bool {
    chat.ends_with("@lid")
}

async fn move_on(
    work: &mut Work,
    id: MessageId,
    update: &StatusUpdate<'_>,
) -> Result<bool, JobError> {
    let known = store::apply(work, id, update).await?;
    if known {
        count(update.status);
    }
    Ok(known)
}

fn count(status: Status) {
    metrics::counter!("kazi_messages_statuses_total", "status" => status.name()).increment(1);
}

/// The time of an event. Providers count whole seconds, so the time of arrival is more exact unless the event is late.
pub(crate) fn told_at(said: Option<i64>, received_at: Timestamp) -> Timestamp {
    let at = said.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    at.filter(|at| (3..30 * 86_400).contains(&(received_at - *at).num_seconds()))
        .unwrap_or(received_at)
}

#[cfg(test)]
mod tests;
