//! Stores what the business itself writes to a customer, on its phone or by another program. After it the bot is silent
//! for a while, so that one customer does not get two answers.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Pool, Retry, Running};
use serde::{Deserialize, Serialize};

use super::{
    early::{apply_early, rewrite_or_expect},
    read,
};
use crate::{
    Context, Work,
    channels::{self, WebhookEventId},
    contacts,
    conversations::{self, MessageId, Voice},
    messages::{self, Known, NewEcho, heard::Input},
    pools,
};

/// The time that the bot is silent after the business has written.
const SILENCE: TimeDelta = TimeDelta::minutes(30);

#[derive(Debug, Serialize, Deserialize)]
pub struct Echo {
    pub workspace: WorkspaceId,
    pub event: WebhookEventId,
}

impl Job for Echo {
    type Context = Context;
    const NAME: &'static str = "bot.echo";
    const POOL: Pool = pools::INTERACTIVE;
    /// Green API may report a message before it answers the request for it.
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(30)).attempts(6);

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(event) = channels::event(&mut work, self.event).await? else {
            tracing::warn!(event.id = %self.event, "no such event");
            return Ok(());
        };
        match messages::confirm(&mut work, &event).await? {
            Known::Foreign => {}
            Known::Applied => return Ok(work.commit().await?),
            Known::Awaited if job.is_last_attempt() => {
                tracing::info!(event.id = %self.event, "a message that may be ours, and was not asked for in time");
                return Ok(());
            }
            Known::Awaited => {
                return Err(JobError::retry(
                    "unknown_message",
                    "no message with this id yet",
                ));
            }
        }
        let read = read::echo(&event).map_err(|error| read::unreadable(&error))?;
        let Some(echo) = read else {
            return Ok(());
        };
        let contact = contacts::resolve(&mut work, event.channel, &echo.identity).await?;
        let begun = conversations::begin(&mut work, contact.id, event.channel, &echo.peer).await?;
        let Some(conversation) = begun else {
            return Ok(());
        };
        let heard = &echo.heard;
        let at = messages::told_at(echo.at, event.received_at);
        let trace = job.trace.to_string();
        let new = NewEcho {
            id: MessageId::derived(event.id.uuid(), 0),
            conversation: &conversation,
            kind: &heard.kind,
            body: &heard.body,
            content: heard.content.clone(),
            file: heard.file.as_ref(),
            provider_id: &echo.provider_id,
            trace: &trace,
            at,
        };
        if !messages::record_echo(&mut work, new).await? {
            return Ok(());
        }
        let change = match &heard.said {
            Input::Corrected { of, text } => Some((of, Some(text.as_str()))),
            Input::Deleted { of } => Some((of, None)),
            _ => None,
        };
        let mut state = conversations::state(&mut work, conversation.id).await?;
        if let Some((of, text)) = change {
            let of = (of.as_str(), false);
            rewrite_or_expect(&mut work, &conversation, &mut state, of, text).await?;
        }
        let of = (echo.provider_id.as_str(), false);
        apply_early(&mut work, &conversation, &mut state, of).await?;
        if heard.said.is_talk() {
            let spoken = [(conversation.id, at)];
            conversations::answered(&mut work, &spoken, Voice::Member).await?;
            conversations::keep_quiet(&mut work, conversation.id, at + SILENCE).await?;
        }
        Ok(work.commit().await?)
    }
}

#[cfg(test)]
mod tests;
