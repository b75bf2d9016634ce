//! Applies what a provider tells of a message: sent, delivered, read, failed. Never backwards.

mod together;

use std::time::Duration;

use chrono::DateTime;
use kazi_clients::{
    greenapi::webhook::Notification,
    json,
    whatsapp::{Reaction, reaction_to, webhook},
};
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Pool, Retry, Running, enqueue_all_with};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) use together::Report;

use super::{
    News, Status, store,
    undelivered::{self, Told},
};
use crate::{
    Context, Work,
    channels::{self, ChannelKind, Event, WebhookEventId},
    conversations::MessageId,
    pools,
};

/// Applies status events of one channel.
#[derive(Debug, Serialize, Deserialize)]
pub struct ApplyStatus {
    pub workspace: WorkspaceId,
    /// Which events: 1 to [`ApplyStatus::MOST`].
    pub events: Vec<WebhookEventId>,
}

impl ApplyStatus {
    /// Events of one job: more of them save nothing.
    pub const MOST: usize = 500;
}

impl Job for ApplyStatus {
    type Context = Context;
    const NAME: &'static str = "messages.status";
    const POOL: Pool = pools::DEFAULT;
    /// A status may come before the answer to the request that it is about.
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
            // It has failed: one of them may be why, and must not hold the others.
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
                // Of another request than those that were under way, or of a message before this database.
                tracing::info!(event.id = %id, "a status of a message that is not ours");
                Ok(())
            }
            Known::Awaited => Err(JobError::retry(
                "unknown_message",
                "no message with this id yet",
            )),
        }
    }

    /// A job for each.
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

/// Whose message a status is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// One of this program, and the status is in its row; or there is nothing to do.
    Applied,
    /// Perhaps one of this program whose request has no answer yet.
    Awaited,
    /// Somebody else has sent it through the same number.
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

/// Applies what Green API tells of a message that left by the API, which may be one of this program. What WhatsApp's own
/// app sent is always somebody else's.
///
/// # Errors
/// The database failed.
pub(crate) async fn confirm(work: &mut Work, event: &Event) -> Result<Known, JobError> {
    match event.provider {
        ChannelKind::WhatsApp => Ok(Known::Foreign),
        ChannelKind::GreenApi => greenapi(work, event).await,
    }
}

/// `None`: it is kept with the event, and there is nothing to do.
fn becomes(status: &webhook::Status) -> Option<Status> {
    match status.status.as_str() {
        "sent" => Some(Status::Sent),
        "delivered" => Some(Status::Delivered),
        "read" | "played" => Some(Status::Read),
        "failed" => Some(Status::Failed),
        _ => None,
    }
}

fn news<'a>(event: &Event, status: &'a webhook::Status, becomes: Status) -> News<'a> {
    let said = status.timestamp.as_deref();
    News {
        channel: event.channel,
        status: becomes,
        provider_id: &status.id,
        at: told_at(said.and_then(|text| text.parse().ok()), event.received_at),
    }
}

fn unreadable(error: &serde_json::Error) -> JobError {
    // Only where it breaks: the text may be a customer's.
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
    // Our own id comes back with every status: it finds a message also when the answer to its request was lost.
    let ours = status.biz_opaque_callback_data.as_deref();
    let id = match ours.map(str::parse::<MessageId>) {
        Some(Ok(id)) => id,
        // Something else came back: a one-time code's id, which is no message, or another program's.
        Some(Err(_)) => return Ok(Known::Foreign),
        None => match store::by_provider_id(work, event.channel, &status.id, None).await? {
            Some(id) => id,
            None => return awaited(work, event, &status.id, None).await,
        },
    };
    if becomes == Status::Failed {
        let error = status.errors.first();
        let code = error.and_then(|error| error.code);
        let title = error
            .and_then(|error| error.title.as_deref())
            .unwrap_or("no reason given");
        let words = match code {
            Some(code) => format!("Meta refused ({code}): {title}"),
            None => format!("Meta refused: {title}"),
        };
        let told = Told {
            provider_id: &status.id,
            code,
            reaction: code.map_or(Reaction::Unknown, reaction_to),
            words: &words,
        };
        return Ok(Known::of(undelivered::apply(work, event, id, &told).await?));
    }
    let news = news(event, &status, becomes);
    Ok(Known::of(move_on(work, id, &news).await?))
}

/// What to do about an id that no row has: wait, where a request whose answer is still to come may have made it. Else it
/// was sent by somebody else through the same number, or is a one-time code, which is kept nowhere.
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
    let mut id = store::by_provider_id(work, event.channel, provider_id, chat).await?;
    let status = said.status.as_deref();
    let becomes = match (said.type_webhook.as_str(), status) {
        ("outgoingMessageReceived", _) => return Ok(Known::Foreign),
        ("outgoingAPIMessageReceived", _) => {
            let text = said.message_data.as_ref().and_then(|data| data.text());
            if let (None, Some(chat), Some(text)) = (id, chat, text) {
                // Nothing of ours comes back but the text: it tells that a request whose answer was lost has arrived.
                id = store::sending_to(work, event.channel, chat, text).await?;
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
        return awaited(work, event, provider_id, chat).await;
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
            // No reason is told, so nothing says that another time would be better.
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
    let news = News {
        channel: event.channel,
        status: becomes,
        provider_id,
        at: told_at(said.timestamp, event.received_at),
    };
    Ok(Known::of(move_on(work, id, &news).await?))
}

async fn move_on(work: &mut Work, id: MessageId, news: &News<'_>) -> Result<bool, JobError> {
    let known = store::apply(work, id, news).await?;
    if known {
        count(news.status);
    }
    Ok(known)
}

fn count(status: Status) {
    metrics::counter!("kazi_messages_statuses_total", "status" => status.name()).increment(1);
}

/// When something happened. Providers count whole seconds, so the time of an event's arrival is the more exact one,
/// unless the event is late.
pub(crate) fn told_at(said: Option<i64>, received_at: Timestamp) -> Timestamp {
    let at = said.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    at.filter(|at| (3..30 * 86_400).contains(&(received_at - *at).num_seconds()))
        .unwrap_or(received_at)
}

#[cfg(test)]
mod tests;
