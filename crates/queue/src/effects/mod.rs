//! Effects that happen once, although a job may run more than once.
//!
//! An effect in this database commits together with the end of its job ([`Running::complete_in`]). An effect elsewhere
//! cannot be part of a transaction. It is noted before and after ([`Running::once`]): a later run finds the answer, or
//! finds that the result is unknown and has to ask.
//!
//! [`Running::complete_in`]: crate::types::Running::complete_in
//! [`Running::once`]: crate::types::Running::once

mod complete;
mod once;

pub use once::{Effect, EffectError, Reconciled};

use crate::types::JobError;

/// The error of a run whose lease is gone. Its ack is fenced, so this error is not written anywhere.
fn lease_lost() -> JobError {
    JobError::retry("lease_lost", "the job belongs to another run by now")
}
