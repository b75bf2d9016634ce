//! Sends one message, at most once as far as a provider without idempotency keys allows.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use kazi_clients::{
    greenapi::{self, GreenApi},
    http::Failure,
    whatsapp::{self, Body, Outbound, Reaction, WhatsApp},
};
use kazi_platform::{Timestamp, WorkspaceId, database};
use kazi_queue::{Job, JobError, Pool, Retry, Running};
use serde::{Deserialize, Serialize};

use super::{
    MessageId, Outgoing, Status, model,
    model::Undelivered,
    refused, store,
    writer::{Acceptance, Announcement},
};
use crate::{
    Context,
    campaigns::{self, Clearance},
    channels::{Channel, ChannelId, ChannelKind},
    pools,
};

/// Sends a message.
#[derive(Debug, Serialize, Deserialize)]
pub struct Send {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which.
    pub message: MessageId,
    /// What it leaves by; jobs of older programs do not say.
    #[serde(default)]
    pub channel: Option<ChannelId>,
}

/// How often the row is looked at again while it is not known whether the message arrived.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// The waits for news that make sense: at once would send twice, later than a day nobody wants it.
const WAITS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(86_400));
/// How old a message may become while its provider cannot be reached.
const TOO_OLD: TimeDelta = TimeDelta::hours(24);

impl Job for Send {
    type Context = Context;
    const NAME: &'static str = "messages.send";
    const POOL: Pool = pools::WHATSAPP;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(2), Duration::from_secs(600)).attempts(8);
    const TIMEOUT: Duration = Duration::from_secs(90);

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        // The usual case first: a message that waits, on a channel that sends. It is read and announced in one statement.
        if let Some(id) = self.channel
            && let Ok(channel) = self.channel(ctx, id).await
        {
            let now = ctx.clock.now();
            let announcement = Announcement {
                workspace: self.workspace,
                message: self.message,
                at: now,
            };
            if let Some(message) = ctx.writer.announce(announcement).await? {
                let announced = Announced { message, at: now };
                return self.request(ctx, job, &channel, announced).await;
            }
        }
        self.look(ctx, job).await
    }
}

/// A message whose request has left.
struct Announced {
    message: Outgoing,
    /// When.
    at: Timestamp,
}

/// Why a call came to nothing.
pub(crate) enum Refusal {
    /// Meta's table decides.
    Meta(whatsapp::Rejection),
    /// Green API's refusals.
    Green(greenapi::Error),
    /// No usable answer.
    Failure(Failure),
}

impl Send {
    /// A message that does not simply wait, or of which nothing is known yet.
    async fn look(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let mut tx = database::tenant(&ctx.db, self.workspace).await?;
        let Some(message) = store::outgoing(&mut tx, self.workspace, self.message).await? else {
            // Taken back: its campaign was paused or cancelled.
            tracing::debug!(message.id = %self.message, "no such message to send");
            return Ok(());
        };
        if message.status == Status::Sending {
            // An earlier run announced a request and did not live to see its answer, or got none.
            self.wait_for_news(ctx, &message)?;
        }
        if let (Status::Queued | Status::Sending, Some(campaign)) =
            (message.status, message.campaign)
        {
            match campaigns::clearance(&mut tx, self.workspace, campaign).await? {
                Clearance::Go => {}
                Clearance::Wait(wait) => {
                    return Err(JobError::snooze(wait, "its campaign is paused"));
                }
                Clearance::Over => {
                    let words = "its campaign was cancelled";
                    let why = Undelivered {
                        code: None,
                        words,
                        dead_letter: None,
                    };
                    let now = ctx.clock.now();
                    store::fail(&mut tx, self.workspace, self.message, &why, now).await?;
                    return Ok(tx.commit().await?);
                }
            }
        }
        // The directory takes a connection of its own: who holds one while waiting for another can wait for ever.
        drop(tx);
        match message.status {
            Status::Queued | Status::Sending => {
                // Refused by webhook meanwhile.
                if let Some(after) = message.send_after.filter(|after| *after > ctx.clock.now()) {
                    return Err(JobError::snooze_until(
                        after,
                        "refused: not before this time",
                    ));
                }
            }
            Status::Failed => match message.dead_letter {
                Some(0) => return self.become_dead_letter(ctx, job, &message).await,
                // An operator has sent this dead letter round again.
                Some(dead) if dead == job.id.0 => {}
                _ => return Ok(()),
            },
            _ => return Ok(()),
        }
        let channel = self.channel(ctx, message.channel).await?;
        // From here on whoever finds this message knows that a request may have left.
        let now = ctx.clock.now();
        let mut tx = database::tenant(&ctx.db, self.workspace).await?;
        let mine =
            store::mark_sending(&mut tx, self.workspace, self.message, now, &message).await?;
        // It is known before the request leaves, and no connection is held while a provider thinks.
        tx.commit().await?;
        if !mine {
            return Ok(());
        }
        let announced = Announced { message, at: now };
        self.request(ctx, job, &channel, announced).await
    }

    /// The channel, if it sends.
    async fn channel(&self, ctx: &Context, id: ChannelId) -> Result<Arc<Channel>, JobError> {
        let found = ctx.channels.by_id(id).await;
        let Some(channel) = found.map_err(|error| JobError::retry("channel", error))? else {
            return Err(JobError::discard("channel", "the channel is gone"));
        };
        match channel.active {
            true => Ok(channel),
            false => Err(JobError::snooze(refused::STOPPED, "the channel is paused")),
        }
    }

    /// Lets the request leave, which is announced.
    async fn request(
        &self,
        ctx: &Context,
        job: &Running,
        channel: &Channel,
        announced: Announced,
    ) -> Result<(), JobError> {
        let callback = self.message.to_string();
        let message = &announced.message;
        let called = deliver(ctx, channel, &message.peer, &message.body, &callback).await;
        self.conclude(ctx, job, channel, &announced, called).await
    }

    /// Ends well when the message may be sent again: nothing was heard of it for long enough.
    fn wait_for_news(&self, ctx: &Context, message: &Outgoing) -> Result<(), JobError> {
        let wait = ctx.providers.ambiguous_wait.clamp(WAITS.0, WAITS.1);
        // Webhooks that came while no process was there are still on their way: count from our start at the earliest.
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

    /// A webhook has refused it for good, and a person must look: this job tells of it, unless another one does.
    async fn become_dead_letter(
        &self,
        ctx: &Context,
        job: &Running,
        message: &Outgoing,
    ) -> Result<(), JobError> {
        let mut tx = database::tenant(&ctx.db, self.workspace).await?;
        let id = job.id.0;
        if !store::become_dead_letter(&mut tx, self.workspace, self.message, id).await? {
            return Ok(());
        }
        tx.commit().await?;
        let class = message.error_code.map_or("refused", |code| {
            refused::class(whatsapp::reaction_to(code))
        });
        let words = message.error_detail.as_deref().unwrap_or("it was refused");
        Err(JobError::discard(class, words))
    }

    async fn conclude(
        &self,
        ctx: &Context,
        job: &Running,
        channel: &Channel,
        announced: &Announced,
        called: Result<String, Refusal>,
    ) -> Result<(), JobError> {
        let message = &announced.message;
        let now = ctx.clock.now();
        let outcome = match &called {
            Ok(_) => "accepted",
            Err(Refusal::Failure(Failure::NotSent(_))) => "not_sent",
            Err(Refusal::Failure(Failure::Ambiguous(_))) => "ambiguous",
            Err(_) => "refused",
        };
        metrics::counter!("kazi_provider_requests_total", "provider" => channel.kind.name(), "outcome" => outcome).increment(1);
        let refusal = match called {
            Ok(provider_id) => {
                let acceptance = Acceptance {
                    workspace: self.workspace,
                    message: self.message,
                    provider_id,
                    at: now,
                };
                return ctx.writer.accept(acceptance).await;
            }
            Err(refusal) => refusal,
        };
        // When this connection cannot be had, the row says `sending`, which is the truth.
        let mut tx = database::tenant(&ctx.db, self.workspace).await?;
        if let Some(campaign) = message.campaign
            && !matches!(refusal, Refusal::Failure(Failure::Ambiguous(_)))
        {
            // Its row before the message's: whoever stops a campaign holds its row and waits for its messages. And who
            // stops it is either before us, and seen below, or finds this message among those that wait.
            campaigns::lock(&mut tx, self.workspace, campaign).await?;
        }
        let next = match refusal {
            _ if !store::is_sending(&mut tx, self.workspace, self.message, announced.at)
                .await? =>
            {
                // A webhook was faster than this answer and has decided; where it goes on, it has a job of its own.
                return Ok(());
            }
            Refusal::Failure(Failure::Ambiguous(words)) => {
                // The row stays `sending`. The attempt counts, so that a provider which never answers comes to an end.
                return Err(JobError::retry_after(
                    LOOK_AGAIN,
                    "ambiguous",
                    format_args!("no usable answer: {words}"),
                ));
            }
            Refusal::Failure(Failure::NotSent(words)) => {
                (not_sent(message, now, &words), None, words)
            }
            Refusal::Meta(rejection) => {
                let reaction = rejection.reaction();
                refused::note(
                    &mut tx,
                    now,
                    self.workspace,
                    channel.id,
                    message.contact,
                    reaction,
                    &rejection.to_string(),
                )
                .await?;
                if let Some(campaign) = message.campaign
                    && campaigns::refused(
                        &mut tx,
                        now,
                        self.workspace,
                        campaign,
                        reaction,
                        &rejection.to_string(),
                    )
                    .await?
                    && reaction == Reaction::TemplatePaused
                {
                    // It was not sent and can be once the template may be: it goes back to those that wait.
                    store::requeue(&mut tx, self.workspace, self.message, &message.body).await?;
                    campaigns::take_back(&mut tx, self.workspace, campaign).await?;
                    return Ok(tx.commit().await?);
                }
                if reaction == Reaction::Media
                    && let Body::Image {
                        caption: Some(caption),
                        ..
                    } = &message.body
                {
                    // The words matter more than the picture.
                    let text = Body::Text {
                        text: caption.clone(),
                    };
                    store::requeue(&mut tx, self.workspace, self.message, &text).await?;
                    tx.commit().await?;
                    return Err(JobError::retry("media", rejection));
                }
                (
                    refused::next(&rejection, job, now),
                    Some(rejection.code),
                    rejection.to_string(),
                )
            }
            Refusal::Green(error) => {
                let next = match &error {
                    greenapi::Error::TooFast(after) => {
                        let wait = after.unwrap_or(Duration::from_secs(1));
                        refused::Next::Queued(refused::park(refused::later(now, wait, &error)))
                    }
                    greenapi::Error::Credential | greenapi::Error::Quota => {
                        let words = error.to_string();
                        refused::note(
                            &mut tx,
                            now,
                            self.workspace,
                            channel.id,
                            message.contact,
                            Reaction::Credential,
                            &words,
                        )
                        .await?;
                        refused::Next::Queued(JobError::snooze(refused::STOPPED, &error))
                    }
                    _ => refused::Next::FailedForAPerson("our_fault"),
                };
                (next, None, error.to_string())
            }
        };
        let (next, code, words) = next;
        let ends = match next {
            refused::Next::Queued(error) => {
                store::requeue(&mut tx, self.workspace, self.message, &message.body).await?;
                match message.campaign {
                    Some(campaign)
                        if campaigns::clearance(&mut tx, self.workspace, campaign).await?
                            != Clearance::Go =>
                    {
                        // Stopped meanwhile, or by this refusal: it must not leave when this job comes back.
                        campaigns::take_back(&mut tx, self.workspace, campaign).await?;
                        Ok(())
                    }
                    _ => Err(error),
                }
            }
            refused::Next::Failed => {
                tracing::warn!(message.id = %self.message, error.code = code, "a message will not be delivered");
                let why = Undelivered {
                    code,
                    words: &words,
                    dead_letter: None,
                };
                store::fail(&mut tx, self.workspace, self.message, &why, now).await?;
                Ok(())
            }
            refused::Next::FailedForAPerson(class) => {
                let why = Undelivered {
                    code,
                    words: &words,
                    dead_letter: Some(job.id.0),
                };
                store::fail(&mut tx, self.workspace, self.message, &why, now).await?;
                Err(JobError::discard(class, words))
            }
        };
        tx.commit().await?;
        ends
    }
}

/// Asks a channel's provider to send a message; answers the provider's id of it. `callback` comes back with its statuses.
pub(crate) async fn deliver(
    ctx: &Context,
    channel: &Channel,
    peer: &str,
    body: &Body,
    callback: &str,
) -> Result<String, Refusal> {
    let providers = &ctx.providers;
    let token = channel.credentials.token.clone();
    let time_out = providers.send_time_out;
    match channel.kind {
        ChannelKind::WhatsApp => {
            let base = channel
                .base_url
                .as_deref()
                .unwrap_or(&providers.whatsapp_base_url);
            let version = &providers.whatsapp_version;
            let number = WhatsApp::new(
                ctx.http.clone(),
                base,
                version,
                &channel.external_id,
                token,
                time_out,
            );
            let outbound = Outbound {
                to: peer,
                body,
                callback,
            };
            number
                .send(&outbound)
                .await
                .map(|accepted| accepted.message_id)
                .map_err(|error| match error {
                    whatsapp::Error::Rejected(rejection) => Refusal::Meta(rejection),
                    whatsapp::Error::Failed(failure) => Refusal::Failure(failure),
                })
        }
        ChannelKind::GreenApi => {
            let base = channel
                .base_url
                .as_deref()
                .unwrap_or(&providers.greenapi_base_url);
            let instance = GreenApi::new(
                ctx.http.clone(),
                base,
                &channel.external_id,
                token,
                time_out,
            );
            let sent = match body {
                Body::Image { link, caption } => {
                    instance.send_file(peer, link, caption.as_deref()).await
                }
                body => instance.send_message(peer, &model::readable(body)).await,
            };
            sent.map_err(|error| match error {
                greenapi::Error::Failed(failure) => Refusal::Failure(failure),
                other => Refusal::Green(other),
            })
        }
    }
}

/// The provider cannot be reached. That says nothing of this message, so no attempt counts; an outage of minutes or
/// hours is waited for, ever more patiently, until nobody can want the answer any more.
fn not_sent(message: &Outgoing, now: Timestamp, words: &str) -> refused::Next {
    let age = now - message.created_at;
    if age >= TOO_OLD {
        return refused::Next::FailedForAPerson("not_sent");
    }
    let wait = (age.to_std().unwrap_or_default() / 4)
        .clamp(Duration::from_secs(2), Duration::from_secs(300));
    refused::Next::Queued(refused::later(now, wait, words))
}

#[cfg(test)]
mod tests;
