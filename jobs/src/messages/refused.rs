//! What follows from a provider's refusal, whether it came in the answer or by webhook: for the channel, for the
//! contact's consent, and for the job.

use std::time::Duration;

use kazi_clients::whatsapp::{Reaction, Rejection};
use kazi_platform::WorkspaceId;
use kazi_queue::{JobError, Running};
use sqlx::PgConnection;

use crate::{
    channels::{self, ChannelId},
    contacts::{self, ContactId},
};

/// How a refused message goes on.
#[derive(Debug)]
pub(super) enum Next {
    /// It stays queued and its job ends so.
    Queued(JobError),
    /// It has failed for good, and nobody needs to look.
    Failed,
    /// It has failed, and a person must look: a dead letter of this class.
    FailedForAPerson(&'static str),
}

/// Waits until a person has put a stopped channel right.
pub(super) const STOPPED: Duration = Duration::from_secs(60);

/// What becomes of the message, by Meta's table.
pub(super) fn next(rejection: &Rejection, job: &Running) -> Next {
    let asked = rejection.retry_after.unwrap_or_default();
    let last = job.is_last_attempt();
    let retry = |after: Duration, class| {
        Next::Queued(JobError::retry_after(after.max(asked), class, rejection))
    };
    let snooze =
        |wait: Duration| Next::Queued(JobError::snooze(spread(wait.max(asked)), rejection));
    match rejection.reaction() {
        // The provider's limits: no attempt counts.
        Reaction::ParkAccount => snooze(Duration::from_secs(180)),
        Reaction::SlowNumber => snooze(Duration::from_secs(5)),
        // Meta: wait 4^X seconds, X counting the failures.
        Reaction::SnoozeRecipient if !last => retry(
            Duration::from_secs(4_u64.pow(job.attempt.min(6))),
            "recipient_limit",
        ),
        Reaction::PauseSender
        | Reaction::Credential
        | Reaction::AccountBlocked
        | Reaction::Billing
        | Reaction::Registration => snooze(STOPPED),
        Reaction::MarketingCap if job.attempt < 3 && !last => {
            retry(Duration::from_secs(24 * 3600), "marketing_cap")
        }
        Reaction::Media if job.attempt < 3 && !last => retry(Duration::ZERO, "media"),
        Reaction::Transient | Reaction::Unknown if !last => retry(Duration::ZERO, "refused"),
        Reaction::MarketingCap
        | Reaction::OptedOut
        | Reaction::Drop
        | Reaction::Undeliverable
        | Reaction::CountryRestricted => Next::Failed,
        Reaction::WindowClosed => Next::FailedForAPerson("window_closed"),
        Reaction::OurFault => Next::FailedForAPerson("our_fault"),
        Reaction::Media => Next::FailedForAPerson("media"),
        Reaction::TemplateFault | Reaction::TemplatePaused | Reaction::TemplateDisabled => {
            Next::FailedForAPerson("template")
        }
        Reaction::SnoozeRecipient | Reaction::Transient | Reaction::Unknown => {
            Next::FailedForAPerson("refused")
        }
    }
}

/// Up to half as long again, so that what was refused together does not come back together.
fn spread(wait: Duration) -> Duration {
    wait.mul_f64(1.0 + 0.5 * f64::from(uuid::Uuid::new_v4().as_bytes()[0]) / 255.0)
}

/// What a refusal says about more than the one message: the channel stops, or the contact has opted out.
///
/// # Errors
/// The database failed.
pub(super) async fn note(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
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
            tracing::error!(channel.id = %channel, reason = words, "channel paused: a person must look");
            channels::pause(conn, workspace, channel, words).await
        }
        Reaction::OptedOut => {
            contacts::set_consent(conn, workspace, contact, false, "provider").await
        }
        _ => Ok(()),
    }
}
