//! Stores the provider's answer and its consequences.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_clients::{
    greenapi,
    http::Failure,
    whatsapp::{Body, Reaction},
};
use kazi_platform::Timestamp;
use kazi_queue::{JobError, Running};

use super::{Announced, LOOK_AGAIN, Refusal, Send, Taken, awaited};
use crate::{
    Context, Work,
    channels::Channel,
    contacts,
    messages::{
        Outgoing,
        hooks::{self, Clearance},
        model::Undelivered,
        refused, store,
        writer::Acceptance,
    },
};

/// Age after which a message is given up when its provider cannot be reached.
const TOO_OLD: TimeDelta = TimeDelta::hours(24);

impl Send {
    pub(super) async fn conclude(
        &self,
        ctx: &Context,
        job: &Running,
        channel: &Channel,
        announced: &Announced,
        called: Result<Taken, Refusal>,
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
            Ok(taken) => {
                let acceptance = Acceptance {
                    workspace: self.workspace,
                    message: self.message,
                    provider_id: taken.provider_id,
                    at: now,
                    awaited: awaited(job),
                };
                ctx.writer().accept(acceptance).await?;
                let named = taken.recipient.filter(|named| *named != message.peer);
                if let Some(named) = named {
                    let mut work = Work::of(ctx, self.workspace).await?;
                    let (contact, used) = (message.contact, &message.peer);
                    contacts::learn_chat(&mut work, channel.id, contact, used, &named).await?;
                    work.commit().await?;
                }
                return Ok(());
            }
            Err(refusal) => refusal,
        };
        // When no connection can be had, the row stays `sending`, which is true.
        let mut work = Work::of(ctx, self.workspace).await?;
        // Whoever knows nothing waits for a webhook: only the last request without an answer ends the message.
        let looks_again =
            matches!(refusal, Refusal::Failure(Failure::Ambiguous(_))) && !job.is_last_attempt();
        if let Some(campaign) = message.campaign
            && !looks_again
        {
            // The campaign's row is locked before the message's, as in a stop of the campaign. A stop that came before
            // is seen below; a stop that comes later finds this message among those that wait.
            hooks::lock(&mut work, campaign).await?;
            // And then the contact's, as whoever opts out does.
            hooks::clearance(&mut work, campaign, message.contact).await?;
        }
        let next = match refusal {
            _ if !store::is_sending(&mut work, self.message, announced.at).await? => {
                // A webhook came before this answer and has decided. If the message goes on, it has another job.
                return Ok(());
            }
            Refusal::Failure(Failure::Ambiguous(words)) if looks_again => {
                // The row stays `sending`. The attempt counts, so that a provider that never answers comes to an end.
                return Err(JobError::retry_after(
                    LOOK_AGAIN,
                    "ambiguous",
                    format_args!("no usable answer: {words}"),
                ));
            }
            Refusal::Failure(Failure::Ambiguous(words)) => {
                // A webhook that comes after all corrects the row, and what the message costs.
                (refused::Next::FailedForAPerson("ambiguous"), None, words)
            }
            Refusal::Failure(Failure::NotSent(words)) => {
                (not_sent(message, now, &words), None, words)
            }
            Refusal::Meta(rejection) => {
                let reaction = rejection.reaction();
                refused::note(
                    &mut work,
                    channel.id,
                    message.contact,
                    reaction,
                    &rejection.to_string(),
                )
                .await?;
                let mut next = refused::next(&rejection, job, now);
                if let Some(campaign) = message.campaign {
                    let refusal = hooks::Refused {
                        message: self.message,
                        contact: message.contact,
                        reaction,
                        words: &rejection.to_string(),
                        asked_at: announced.at,
                    };
                    let stopped = hooks::refused(&mut work, campaign, &refusal).await?;
                    if reaction == Reaction::TemplatePaused && (stopped || !job.is_last_attempt()) {
                        // It did not leave, and can leave once the template is approved: it waits again.
                        next = refused::Next::Queued(JobError::retry("template", &rejection));
                    }
                }
                if reaction == Reaction::Media
                    && let Body::Image {
                        caption: Some(caption),
                        ..
                    } = &message.body
                {
                    // The text matters more than the picture.
                    let text = Body::Text {
                        text: caption.clone(),
                    };
                    store::requeue(&mut work, self.message, &text).await?;
                    work.commit().await?;
                    return Err(JobError::retry("media", rejection));
                }
                (next, Some(rejection.code), rejection.to_string())
            }
            Refusal::FileGone => {
                let words = "the file is not here any more".to_owned();
                (refused::Next::Failed, None, words)
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
                            &mut work,
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
                store::requeue(&mut work, self.message, &message.body).await?;
                let stands = match message.campaign {
                    Some(campaign) => {
                        let stands = hooks::clearance(&mut work, campaign, message.contact).await?;
                        (stands, Some(campaign))
                    }
                    None => (Clearance::Go, None),
                };
                match stands {
                    (Clearance::Unwanted, _) => {
                        // They opted out while the request was on its way.
                        contacts::withdraw(&mut work, message.contact, true).await?;
                        Ok(())
                    }
                    (Clearance::Over | Clearance::Wait(_), Some(campaign)) => {
                        // Stopped meanwhile, or by this refusal: it must not leave when this job comes back.
                        hooks::take_back(&mut work, campaign).await?;
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
                store::fail(&mut work, self.message, &why).await?;
                Ok(())
            }
            refused::Next::FailedForAPerson(class) => {
                let why = Undelivered {
                    code,
                    words: &words,
                    dead_letter: Some(job.id.0),
                };
                store::fail(&mut work, self.message, &why).await?;
                Err(JobError::discard(class, words))
            }
        };
        work.commit().await?;
        ends
    }
}

/// The provider cannot be reached. This says nothing about the message, so no attempt counts. The waits grow until the
/// message is too old to be wanted.
fn not_sent(message: &Outgoing, now: Timestamp, words: &str) -> refused::Next {
    let age = now - message.created_at;
    if age >= TOO_OLD {
        return refused::Next::FailedForAPerson("not_sent");
    }
    let wait = (age.to_std().unwrap_or_default() / 4)
        .clamp(Duration::from_secs(2), Duration::from_secs(300));
    refused::Next::Queued(refused::later(now, wait, words))
}
