//! Problems that several domains have. A domain's own errors become problems at the foot of its folder's `mod.rs`.

use std::borrow::Cow;

use axum::http::StatusCode;
use kazi_jobs::idempotency::IdempotencyError;
use kazi_queue::EnqueueError;

use crate::problem::{NOT_FOUND, Problem, UNAVAILABLE};

pub(super) const TAKEN: Problem = conflict("already_exists", "Something else has this already.");
pub(super) const IN_USE: Problem = conflict("in_use", "Something else depends on this.");
pub(super) const PROVIDER_UNREACHABLE: Problem = Problem::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "provider_unreachable",
    "The provider cannot be asked now: try again.",
);

/// A state that does not allow the change.
pub(super) const fn conflict(code: &'static str, title: &'static str) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, title)
}

/// The state of the thing does not allow the call. The detail names the state.
pub(super) fn wrong_state(detail: impl Into<Cow<'static, str>>) -> Problem {
    conflict("wrong_state", "This cannot be done as things are.").detail(detail)
}

/// Turns an error of the database into a problem. `broken` gets the name of a broken constraint and returns the problem for
/// it.
pub(super) fn of_database(
    error: sqlx::Error,
    broken: impl FnOnce(&str) -> Option<Problem>,
) -> Problem {
    let constraint = error.as_database_error().and_then(|said| said.constraint());
    constraint.and_then(broken).unwrap_or_else(|| error.into())
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => NOT_FOUND,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                tracing::warn!(%error, "the database cannot be used");
                UNAVAILABLE
            }
            sqlx::Error::Database(said) => match said.code().as_deref() {
                // A unique constraint.
                Some("23505") => TAKEN,
                // U+0000, in a text or in JSON: PostgreSQL has no such character.
                Some("22021" | "22P05") => {
                    Self::field("", "not_storable", "U+0000 cannot be stored")
                }
                // Cancelled, waited too long for a lock, lost against another transaction, shutting down, full.
                Some("57014" | "55P03" | "40001" | "40P01" | "57P01" | "57P03" | "53300") => {
                    tracing::warn!(%error, "the database could not do it now");
                    UNAVAILABLE
                }
                _ => Self::internal(error),
            },
            _ => Self::internal(error),
        }
    }
}

impl From<IdempotencyError> for Problem {
    fn from(error: IdempotencyError) -> Self {
        match error {
            IdempotencyError::Database(error) => error.into(),
            error => Self::internal(error),
        }
    }
}

impl From<EnqueueError> for Problem {
    fn from(error: EnqueueError) -> Self {
        match error {
            EnqueueError::Database(error) => error.into(),
            refused => Self::internal(refused),
        }
    }
}
