//! What goes wrong in the domains, as problems. A constraint's name becomes its problem here and nowhere else.

use axum::http::StatusCode;

use crate::problem::{NOT_FOUND, Problem, UNAVAILABLE};

/// Constraints that input may break: the field, the code, the rule. What is unique is 409, the rest 422.
const CONSTRAINTS: [(&str, &str, &str, &str); 1] = [(
    "workspaces_name_check",
    "/name",
    "wrong_length",
    "must have 1 to 200 characters",
)];

const CONFLICT: StatusCode = StatusCode::CONFLICT;
const TAKEN: Problem = Problem::new(
    CONFLICT,
    "already_exists",
    "Something else has this already.",
);

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => NOT_FOUND,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                tracing::warn!(%error, "the database cannot be used");
                UNAVAILABLE
            }
            sqlx::Error::Database(said) => {
                let rule = said.constraint().and_then(|name| {
                    CONSTRAINTS
                        .iter()
                        .find(|(constraint, ..)| *constraint == name)
                });
                match (said.code().as_deref(), rule) {
                    (Some("23505"), Some((_, pointer, code, detail))) => {
                        Self::field(*pointer, code, *detail).with_status(CONFLICT)
                    }
                    (Some("23505"), None) => TAKEN,
                    (_, Some((_, pointer, code, detail))) => Self::field(*pointer, code, *detail),
                    // U+0000, in a text or in JSON: PostgreSQL has no such character.
                    (Some("22021" | "22P05"), None) => {
                        Self::field("", "not_storable", "U+0000 cannot be stored")
                    }
                    // Cancelled, waited too long for a lock, lost against another transaction, shutting down, full.
                    (
                        Some("57014" | "55P03" | "40001" | "40P01" | "57P01" | "57P03" | "53300"),
                        None,
                    ) => {
                        tracing::warn!(%error, "the database could not do it now");
                        UNAVAILABLE
                    }
                    _ => Self::internal(error),
                }
            }
            _ => Self::internal(error),
        }
    }
}
