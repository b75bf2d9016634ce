//! The consequences of a provider's refusal, in an answer or by webhook: for the channel, for the contact's consent,
//! and for the job.

use std::time::Duration;

use kazi_clients::whatsapp::{Reaction, Rejection};
use kazi_platform::Timestamp;
use kazi_queue::{JobError, Running};

use super::FailureClass;
use crate::{
    Work,
    channels::{self, ChannelId},
    contacts::{self, ContactId},
};

/// The reaction to a refused message, by Meta's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Try again after this time. It counts as an attempt.
    Again(Duration, &'static str),
    /// Try again after this time. It counts as no attempt: the provider limits the number, or a person must repair the
    /// channel.
    Later(Duration),
    /// It has failed for good, and no person must look.
    Failed,
    /// It has failed, and a person must look: a dead letter of this class.
    ForAPerson(&'static str),
}

/// The next step of a message that was refused in the answer.
#[derive(Debug)]
pub(super) enum Next {
    /// It stays queued, and its job ends with this error.
    Queued(JobError),
    /// As [`Verdict::Failed`].
    Failed,
    /// As [`Verdict::ForAPerson`].
    FailedForAPerson(&'static str),
}

/// The wait until a person has repaired a stopped channel.
pub(super) const STOPPED: Duration = Duration::from_secs(60);
/// The longest wait that a provider can ask for.
const LONGEST: Duration = Duration::from_secs(24 * 3600);
/// The number of sends of a message that webhooks refuse.
const MOST_BY_WEBHOOK: u32 = 8;

/// Decides by Meta's table. `attempt` counts from 1.
pub(super) fn verdict(reaction: Reaction, attempt: u32, last: bool) -> Verdict {
    match reaction {
        // A limit of the provider: no attempt counts.
        Reaction::ParkAccount => Verdict::Later(Duration::from_secs(180)),
        Reaction::SlowNumber => Verdict::Later(Duration::from_secs(5)),
        // Meta: wait 4^X seconds, where X counts the failures.
        Reaction::SnoozeRecipient if !last => Verdict::Again(
            Duration::from_secs(4_u64.pow(attempt.min(6))),
            "recipient_limit",
        ),
        Reaction::PauseSender
        | Reaction::Credential
        | Reaction::AccountBlocked
        | Reaction::Billing
        | Reaction::Registration => Verdict::Later(STOPPED),
        Reaction::MarketingCap if attempt < 3 && !last => Verdict::Again(LONGEST, "marketing_cap"),
        Reaction::Media if attempt < 3 && !last => Verdict::Again(Duration::ZERO, "media"),
        Reaction::Transient | Reaction::Unknown if !last => {
            Verdict::Again(Duration::ZERO, "refused")
        }
        Reaction::MarketingCap
        | Reaction::OptedOut
        | Reaction::Drop
        | Reaction::Undeliverable
        | Reaction::CountryRestricted => Verdict::Failed,
        Reaction::WindowClosed
        | Reaction::OurFault
        | Reaction::Media
        | Reaction::TemplateFault
        | Reaction::TemplatePaused
        | Reaction::TemplateDisabled
        | Reaction::SnoozeRecipient
        | Reaction::Transient
        | Reaction::Unknown => Verdict::ForAPerson(FailureClass::of(reaction).name()),
    }
}

/// Decides on a message that was refused in the answer.
pub(super) fn next(rejection: &Rejection, job: &Running, now: Timestamp) -> Next {
    let asked = rejection.retry_after.unwrap_or_default().min(LONGEST);
    match verdict(rejection.reaction(), job.attempt, job.is_last_attempt()) {
        Verdict::Again(after, class) => {
            Next::Queued(JobError::retry_after(after.max(asked), class, rejection))
        }
        // The refusal is about the number and not about the message, so the whole lane waits.
        Verdict::Later(wait)
            if matches!(
                rejection.reaction(),
                Reaction::ParkAccount | Reaction::SlowNumber
            ) =>
        {
            Next::Queued(park(later(now, wait.max(asked), rejection)))
        }
        Verdict::Later(wait) => Next::Queued(later(now, wait.max(asked), rejection)),
        Verdict::Failed => Next::Failed,
        Verdict::ForAPerson(class) => Next::FailedForAPerson(class),
    }
}

/// Lets the whole lane of the number wait.
pub(super) fn park(wait: JobError) -> JobError {
    match wait {
        JobError::Snooze { until, reason } => JobError::Park { until, reason },
        other => other,
    }
}

/// Decides on a message that a webhook has refused `tries` times before. The wait is complete: no job's backoff comes
/// on top.
pub(super) fn by_webhook(reaction: Reaction, tries: u32) -> Verdict {
    let attempt = tries.saturating_add(1);
    let last = attempt >= MOST_BY_WEBHOOK;
    let growing = |least: Duration, most: u64| {
        let grown = least.saturating_mul(1 << tries.min(16));
        spread(grown.min(Duration::from_secs(most)))
    };
    match verdict(reaction, attempt, last) {
        Verdict::Again(after, class) => {
            Verdict::Again(after.max(growing(Duration::from_secs(2), 600)), class)
        }
        // A stopped channel sends nothing, so the number of tries says nothing.
        Verdict::Later(wait) if wait == STOPPED => Verdict::Later(spread(wait)),
        Verdict::Later(_) if last => Verdict::ForAPerson(FailureClass::of(reaction).name()),
        Verdict::Later(wait) => Verdict::Later(growing(wait, 3600)),
        ends => ends,
    }
}

/// An error that counts no attempt, with a spread wait.
pub(super) fn later(now: Timestamp, wait: Duration, why: impl std::fmt::Display) -> JobError {
    JobError::snooze_until(now + spread(wait), why)
}

/// Adds up to half of the wait, so that messages that were refused together do not come back together. At most a day
/// and a half.
pub(super) fn spread(wait: Duration) -> Duration {
    let more = 1.0 + 0.5 * f64::from(uuid::Uuid::new_v4().as_bytes()[0]) / 255.0;
    wait.min(LONGEST).mul_f64(more)
}

/// Applies a refusal to more than the message: it stops the channel, or opts the contact out.
pub(super) async fn note(
    work: &mut Work,
    channel: ChannelId,
    contact: ContactId,
    reaction: Reaction,
    words: &str,
) -> Result<(), sqlx::Error> {
    match reaction {
        Reaction::PauseSender
        | Reaction::Credential
        | Reaction::AccountBlocked
        | Reaction::Billing
        | Reaction::Registration => {
            channels::refuse(work, channel, words).await?;
            Ok(())
        }
        Reaction::OptedOut => contacts::set_consent(work, contact, false, "provider").await,
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_wait_is_absurd_whatever_was_asked_for() {
        for asked in [Duration::MAX, LONGEST * 400, Duration::ZERO] {
            assert!(spread(asked) <= LONGEST * 3 / 2);
        }
    }

    #[test]
    fn a_refusal_by_webhook_comes_to_an_end() {
        for reaction in [
            Reaction::SlowNumber,
            Reaction::ParkAccount,
            Reaction::SnoozeRecipient,
            Reaction::Transient,
            Reaction::Unknown,
            Reaction::Media,
            Reaction::MarketingCap,
        ] {
            let ends = by_webhook(reaction, MOST_BY_WEBHOOK - 1);
            assert!(
                matches!(ends, Verdict::ForAPerson(_) | Verdict::Failed),
                "{reaction:?}"
            );
            assert!(
                matches!(
                    by_webhook(reaction, 0),
                    Verdict::Again(..) | Verdict::Later(_)
                ),
                "{reaction:?}"
            );
        }
    }
}
