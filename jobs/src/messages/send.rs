//! Sends one message. Providers have no idempotency keys, so this sends at most once as far as that is possible.

mod conclude;
mod deliver;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use kazi_clients::whatsapp;
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Pool, Retry, Running};
use serde::{Deserialize, Serialize};

pub(crate) use self::deliver::{Refusal, Taken, deliver, signal};
use super::{
    FailureClass, Outgoing, Status,
    hooks::{self, Clearance},
    model::Undelivered,
    refused, store,
    writer::Announcement,
};
use crate::{
    Context, Work,
    channels::{Channel, ChannelId},
    conversations::MessageId,
    credits::{self, Missing},
    media::AtMeta,
    pools,
};

#[derive(Debug, Serialize, Deserialize)]
pub struct Send {
    pub workspace: WorkspaceId,
    pub message: MessageId,
    /// A message with one of Kazi's own files has none: it is read before it is announced, because its file goes first.
    /// Jobs of older programs lack it too.
    #[serde(default)]
    pub channel: Option<ChannelId>,
}

/// Time between two looks at the row while nobody knows whether the message arrived.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// Time-out of a run that sends a file.
const FILE_TIMEOUT: Duration = Duration::from_secs(600);
const UNWANTED: &str = "the contact wants no offers any more";
const OFFER_ENDED: &str = "its offer has ended before it left";
/// The shortest and the longest wait for a webhook. Sooner would send twice, and after a day nobody wants the message.
const WAITS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(86_400));

impl Job for Send {
    type Context = Context;
    const NAME: &'static str = "messages.send";
    const POOL: Pool = pools::WHATSAPP;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(2), Duration::from_secs(600)).attempts(8);
    const TIMEOUT: Duration = Duration::from_secs(90);

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        // The usual case first: the message waits and the channel sends. One statement reads and announces it.
        if let Some(id) = self.channel
            && let Ok(channel) = self.channel(ctx, id).await
        {
            let now = ctx.clock.now();
            let announcement = Announcement {
                workspace: self.workspace,
                message: self.message,
                at: now,
                awaited: awaited(job),
            };
            if let Some(message) = ctx.writer().announce(announcement).await? {
                let announced = Announced { message, at: now };
                return self.request(ctx, job, &channel, announced, Ok(None)).await;
            }
        }
        self.look(ctx, job).await
    }
}

/// Messages of chats are in sequences, and those of campaigns are not.
const fn awaited(job: &Running) -> bool {
    job.sequence.is_some()
}

/// A message whose request may leave.
struct Announced {
    message: Outgoing,
    at: Timestamp,
}

impl Send {
    /// Handles a message that does not simply wait, or that was not read yet.
    async fn look(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(message) = store::outgoing(&mut work, self.message).await? else {
            // Its campaign was paused or cancelled and took it back.
            tracing::debug!(message.id = %self.message, "no such message to send");
            return Ok(());
        };
        if message.status == Status::Sending {
            // An earlier run announced a request and got no answer, or died before it.
            self.wait_for_news(ctx, &message)?;
        }
        if let (Status::Queued | Status::Sending, Some(campaign)) =
            (message.status, message.campaign)
        {
            match hooks::clearance(&mut work, campaign, message.contact).await? {
                Clearance::Go => {}
                Clearance::Wait(wait) => {
                    return Err(JobError::snooze(wait, "its campaign is paused"));
                }
                Clearance::Over => return self.give_up(work, "its campaign was cancelled").await,
                Clearance::Unwanted => return self.give_up(work, UNWANTED).await,
            }
        }
        if matches!(message.status, Status::Queued | Status::Sending)
            && message.body.is_over(work.now())
        {
            return self.expire(work, &message).await;
        }
        // The directory needs a connection of its own. A job that holds one connection and waits for a second can wait
        // for ever.
        drop(work);
        match message.status {
            Status::Queued | Status::Sending => {
                // A webhook has refused it meanwhile.
                if let Some(after) = message.send_after.filter(|after| *after > ctx.clock.now()) {
                    return Err(JobError::snooze_until(
                        after,
                        "refused: not before this time",
                    ));
                }
            }
            Status::Failed => match message.dead_letter {
                Some(0) => return self.become_dead_letter(ctx, job, &message).await,
                // The operator has replayed this dead letter.
                Some(dead) if dead == job.id.0 => {}
                _ => return Ok(()),
            },
            _ => return Ok(()),
        }
        let channel = self.channel(ctx, message.channel).await?;
        if message.body.media().is_some() {
            job.extend_deadline(FILE_TIMEOUT);
        }
        let file = deliver::prepare(ctx, &channel, &message.body).await;
        // After this commit, another run knows that a request may have left.
        let mut work = Work::of(ctx, self.workspace).await?;
        if let Some(campaign) = message.campaign
            && hooks::clearance(&mut work, campaign, message.contact).await? == Clearance::Unwanted
        {
            // They opted out since the look above. Who does so after this waits for the commit below.
            return self.give_up(work, UNWANTED).await;
        }
        // The row has the same time: by it the answer finds whether this request is still the last one.
        let now = work.now();
        let mine = store::mark_sending(&mut work, self.message, &message).await?;
        if let (Some(campaign), Some(credits @ 1..)) = (message.campaign, mine) {
            let again = credits::reserve_again(&mut work, campaign, credits).await?;
            if let Err(Missing(missing)) = again {
                let words = format!("credits are missing ({missing}): retry it after a top-up");
                return Err(JobError::discard("credits", words));
            }
        }
        // Committed before the request leaves. No connection is held while the provider answers.
        work.commit().await?;
        if mine.is_none() {
            return Ok(());
        }
        let announced = Announced { message, at: now };
        self.request(ctx, job, &channel, announced, file).await
    }

    /// Ends a message whose offer has ended while it waited.
    async fn expire(&self, mut work: Work, message: &Outgoing) -> Result<(), JobError> {
        if let Some(campaign) = message.campaign
            && hooks::expired(&mut work, campaign, message.contact).await?
        {
            return Ok(work.commit().await?);
        }
        self.give_up(work, OFFER_ENDED).await
    }

    async fn give_up(&self, mut work: Work, words: &str) -> Result<(), JobError> {
        let why = Undelivered {
            code: None,
            words,
            dead_letter: None,
        };
        store::fail(&mut work, self.message, &why).await?;
        Ok(work.commit().await?)
    }

    /// Returns the channel if it sends.
    async fn channel(&self, ctx: &Context, id: ChannelId) -> Result<Arc<Channel>, JobError> {
        let found = ctx.channels().by_id(id).await;
        let Some(channel) = found.map_err(|error| JobError::retry("channel", error))? else {
            return Err(JobError::discard("channel", "the channel is gone"));
        };
        match channel.active {
            true => Ok(channel),
            false => Err(JobError::snooze(refused::STOPPED, "the channel is paused")),
        }
    }

    /// Makes the announced request, unless the file that goes first was refused.
    async fn request(
        &self,
        ctx: &Context,
        job: &Running,
        channel: &Channel,
        announced: Announced,
        file: Result<Option<AtMeta>, Refusal>,
    ) -> Result<(), JobError> {
        let callback = self.message.to_string();
        let message = &announced.message;
        let called = match file {
            Ok(file) => {
                if message.body.media().is_some() {
                    // Green API gets the file now, and Meta perhaps once more.
                    job.extend_deadline(FILE_TIMEOUT);
                }
                deliver(ctx, channel, &message.peer, &message.body, &callback, file).await
            }
            Err(refusal) => Err(refusal),
        };
        self.conclude(ctx, job, channel, &announced, called).await
    }

    /// Succeeds when the message may be sent again, because no webhook came for long enough.
    fn wait_for_news(&self, ctx: &Context, message: &Outgoing) -> Result<(), JobError> {
        let wait = ctx.providers.ambiguous_wait.clamp(WAITS.0, WAITS.1);
        // Webhooks that came while no process ran are still on their way, so the wait counts from our start at the
        // earliest.
        let from = message.sending_at.unwrap_or_default().max(ctx.started_at);
        let now = ctx.clock.now();
        let sure = from + wait;
        if now < sure {
            let look_again = TimeDelta::from_std(LOOK_AGAIN).unwrap_or_default();
            return Err(JobError::snooze_until(
                sure.min(now + look_again),
                "it may have arrived: waiting for news of it",
            ));
        }
        metrics::counter!("kazi_messages_sent_again_total").increment(1);
        tracing::warn!(message.id = %self.message, "nothing was heard of a message whose request may have left: sending it again");
        Ok(())
    }

    /// Becomes the dead letter of a message that a webhook has refused for good, unless another job is that already.
    async fn become_dead_letter(
        &self,
        ctx: &Context,
        job: &Running,
        message: &Outgoing,
    ) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let id = job.id.0;
        if !store::become_dead_letter(&mut work, self.message, id).await? {
            return Ok(());
        }
        work.commit().await?;
        let class = message.error_code.map_or(FailureClass::Refused, |code| {
            FailureClass::of(whatsapp::reaction_to(code))
        });
        let words = message.error_detail.as_deref().unwrap_or("it was refused");
        Err(JobError::discard(class.name(), words))
    }
}

#[cfg(test)]
mod tests;
