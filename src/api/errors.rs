//! What goes wrong in the domains, as problems. A constraint's name becomes its problem here and nowhere else.

use axum::http::{HeaderValue, StatusCode, header};
use kazi_jobs::{catalog::CategoryError, idempotency::IdempotencyError, identity::IdentityError};
use kazi_platform::crypto::CryptoError;

use super::auth::REALM;
use crate::problem::{NOT_FOUND, Problem, UNAVAILABLE};

const TAKEN: Problem = Problem::new(
    StatusCode::CONFLICT,
    "already_exists",
    "Something else has this already.",
);
const IN_USE: Problem = Problem::new(
    StatusCode::CONFLICT,
    "in_use",
    "Something else depends on this.",
);

/// What a call that breaks a constraint is told.
fn of_constraint(name: &str) -> Option<Problem> {
    Some(match name {
        "categories_workspace_id_slug_key" => {
            TAKEN.about("/slug", "taken", "another category has this slug")
        }
        "products_workspace_id_category_id_fkey" => IN_USE.detail("Products are in this category."),
        _ => return None,
    })
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => NOT_FOUND,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                tracing::warn!(%error, "the database cannot be used");
                UNAVAILABLE
            }
            sqlx::Error::Database(said) => {
                if let Some(problem) = said.constraint().and_then(of_constraint) {
                    return problem;
                }
                match said.code().as_deref() {
                    // Unique.
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
                }
            }
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

impl From<CategoryError> for Problem {
    fn from(error: CategoryError) -> Self {
        match error {
            CategoryError::Invalid(invalid) => invalid.into(),
            CategoryError::Database(error) => error.into(),
        }
    }
}

const WRONG_CREDENTIALS: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "wrong_credentials",
    "The e-mail address or the password is wrong.",
);
const WRONG_CODE: Problem = Problem::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "wrong_code",
    "The code is wrong or no longer valid.",
);
const TOO_MANY_TRIES: Problem = Problem::new(
    StatusCode::TOO_MANY_REQUESTS,
    "too_many_tries",
    "These were too many tries: wait a little.",
);
const SESSION_ENDED: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "session_ended",
    "The session has ended, or the token is none: log in again.",
);

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        let challenge = HeaderValue::from_static(REALM);
        match error {
            IdentityError::Invalid(invalid) => invalid.into(),
            IdentityError::WrongCredentials => {
                WRONG_CREDENTIALS.header(header::WWW_AUTHENTICATE, challenge)
            }
            IdentityError::WrongCode => WRONG_CODE,
            IdentityError::TooMany(wait) => {
                // Whole seconds, so that who waits so long has waited long enough.
                let seconds = HeaderValue::from(wait.as_secs() + 1);
                TOO_MANY_TRIES.header(header::RETRY_AFTER, seconds)
            }
            IdentityError::SessionEnded => {
                SESSION_ENDED.header(header::WWW_AUTHENTICATE, challenge)
            }
            IdentityError::NotFound(_) => NOT_FOUND,
            IdentityError::Conflict { code, detail } => Self::new(
                StatusCode::CONFLICT,
                code,
                "This cannot be done as things are.",
            )
            .detail(detail),
            IdentityError::Hashing => {
                tracing::warn!("a password could not be checked");
                UNAVAILABLE
            }
            IdentityError::Crypto(CryptoError::Database(error))
            | IdentityError::Database(error) => error.into(),
            error => Self::internal(error),
        }
    }
}
