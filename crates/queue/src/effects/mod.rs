//! Effects that happen once, although a job may run more than once.
//!
//! An effect in this database ends together with its job, in one transaction ([`Running::complete_in`]): both are there
//! or neither is. An effect elsewhere cannot be part of a transaction, so it is written down before and after
//! ([`Running::once`]): a later run finds the answer, or finds that it does not know and has to ask.
//!
//! [`Running::complete_in`]: crate::types::Running::complete_in
//! [`Running::once`]: crate::types::Running::once

mod complete;
mod once;

pub use once::{Effect, EffectError, Reconciled};

use crate::types::JobError;

/// What a run is told whose lease is gone. Its ack is fenced, so whatever it answers is not written.
fn lease_lost() -> JobError {
    JobError::retry("lease_lost", "the job belongs to another run by now")
}
