//! Users, customers and programs: log-in and the calls about their own account.

mod api_keys;
mod cookie;
mod customer;
mod log_in;
mod me;
mod second_factor;
mod sessions;

use axum::http::{HeaderValue, StatusCode, header};
use kazi_jobs::identity::IdentityError;
use kazi_platform::crypto::CryptoError;

use crate::api::{auth::REALM, routes::Routes};
use crate::problem::{NOT_FOUND, Problem, UNAVAILABLE};

pub fn routes() -> Vec<Routes> {
    vec![
        log_in::routes(),
        second_factor::routes(),
        sessions::routes(),
        me::routes(),
        customer::routes(),
        api_keys::routes(),
    ]
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
const SHUT_OUT: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "user_shut_out",
    "This account is shut out: ask the operator of this platform.",
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
            IdentityError::ShutOut => SHUT_OUT,
            IdentityError::WrongCode => WRONG_CODE,
            IdentityError::TooMany(wait) => {
                // Whole seconds, rounded up, so that the wait is long enough.
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
