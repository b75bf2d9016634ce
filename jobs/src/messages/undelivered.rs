//! Handles a webhook's report that a message will not arrive. The consequences are those of a refusal in the answer.
//! The job has ended already, so the row counts the tries and a new job goes on.

use std::time::Duration;

use kazi_clients::whatsapp::{Body, Reaction};
use kazi_platform::Timestamp;
use kazi_queue::{Job, JobError, trace::TraceId};

use super::{
    FailureClass, Send, Status, hooks,
    model::Undelivered,
    refused::{self, Verdict},
    store,
};
use crate::{Work, channels::Event, conversations::MessageId};

/// A reported refusal.
#[derive(Debug)]
pub(super) struct Told<'a> {
    /// The provider's id of the refused request.
    pub provider_id: &'a str,
    /// The provider's code, if it gave one.
    pub code: Option<i64>,
    pub reaction: Reaction,
    /// A text for a person.
    pub words: &'a str,
}

/// Applies a refusal in the caller's transaction. Returns `false` when the channel has no such message.
pub(super) async fn apply(
    work: &mut Work,
    event: &Event,
    id: MessageId,
    told: &Told<'_>,
) -> Result<bool, JobError> {
    if hooks::speaks_against(told.reaction).is_some()
        && let Some(message) = store::outgoing(work, id).await?
        && let Some(campaign) = message.campaign
    {
        // The campaign's row is locked before the message's, as in a stop of the campaign.
        hooks::lock(work, campaign).await?;
    }
    let Some(message) = store::refusable(work, id, event.channel).await? else {
        return Ok(false);
    };
    let of_an_earlier_request = message
        .provider_id
        .as_deref()
        .is_some_and(|known| known != told.provider_id);
    // The message is queued: the answer, or an earlier webhook, has handled this refusal.
    if of_an_earlier_request
        || message.status == Status::Queued
        || !message.status.may_become(Status::Failed)
    {
        return Ok(true);
    }
    let (channel, contact) = (event.channel, message.contact);
    refused::note(work, channel, contact, told.reaction, told.words).await?;
    if let Some(campaign) = message.campaign {
        let refusal = hooks::Refused {
            message: id,
            contact,
            reaction: told.reaction,
            words: told.words,
            asked_at: message.sending_at.unwrap_or_else(|| work.now()),
        };
        hooks::refused(work, campaign, &refusal).await?;
    }
    let mut verdict = refused::by_webhook(told.reaction, message.tries.unsigned_abs().into());
    let mut body = message.body;
    if let (
        Reaction::Media,
        Body::Image {
            caption: Some(caption),
            ..
        },
    ) = (told.reaction, &body)
    {
        // The text matters more than the picture.
        body = Body::Text {
            text: caption.clone(),
        };
        verdict = Verdict::Again(Duration::ZERO, "media");
    }
    let provider = event.provider.name();
    let reason = FailureClass::of(told.reaction).name();
    metrics::counter!("kazi_messages_undelivered_total", "provider" => provider, "reason" => reason)
        .increment(1);
    let due = match verdict {
        Verdict::Again(wait, _) | Verdict::Later(wait) => {
            let after = work.now() + wait;
            tracing::info!(message.id = %id, error.code = told.code, reason, wait.seconds = wait.as_secs(),
                           "the provider could not deliver a message: it will be sent again");
            store::send_again(work, id, &body, after).await?;
            after
        }
        Verdict::Failed | Verdict::ForAPerson(_) => {
            let looked_at = matches!(verdict, Verdict::ForAPerson(_));
            tracing::warn!(message.id = %id, error.code = told.code, reason, "a message will not be delivered");
            let why = Undelivered {
                code: told.code,
                words: told.words,
                dead_letter: looked_at.then_some(0),
            };
            store::fail(work, id, &why).await?;
            if !looked_at {
                return Ok(true);
            }
            work.now()
        }
    };
    let trace = message.trace.and_then(|trace| trace.parse().ok());
    carry_on(work, event, id, trace, due).await?;
    Ok(true)
}

/// The job that sends the message again or becomes its dead letter. It is not in the conversation's sequence: later
/// messages have left, and others must not wait a day for this one.
async fn carry_on(
    work: &mut Work,
    event: &Event,
    message: MessageId,
    trace: Option<TraceId>,
    due: Timestamp,
) -> Result<(), JobError> {
    let job = Send {
        workspace: work.workspace(),
        message,
        channel: Some(event.channel),
    };
    let mut options = job
        .options()
        .tenant(work.workspace())
        .lane(event.channel.to_string())
        .due(due);
    if let Some(trace) = trace {
        options = options.trace(trace);
    }
    job.enqueue_with(work.conn(), options).await?;
    Ok(())
}
