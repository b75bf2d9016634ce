//! How long a customer waits for a model.

use std::time::Duration;

use kazi_clients::openrouter::{Error, Unanswered};
use kazi_queue::Running;

/// The longest time that a customer waits for a busy model.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether it does not help to ask the same question at another time (OpenRouter, "Errors and debugging"), or would take
/// too long. A failure that was paid for is tried once more and no oftener.
pub(super) fn gives_up(unanswered: &Unanswered, job: &Running) -> bool {
    let paid = unanswered.usage.cost > 0.0;
    job.is_last_attempt()
        || match &unanswered.error {
            Error::Busy { retry_after, .. } => retry_after.is_some_and(|after| after > PATIENCE),
            // One more try only: the model may always answer this question so.
            Error::Empty => job.attempt >= 2,
            Error::Unavailable(_) => paid && job.attempt >= 2,
            Error::Failed(_) => false,
            Error::BadRequest(_)
            | Error::Credential
            | Error::NoCredit
            | Error::Moderated
            | Error::Cut => true,
        }
}
