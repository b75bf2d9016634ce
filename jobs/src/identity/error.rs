//! Why something is refused.

use std::time::Duration;

use kazi_platform::{crypto::CryptoError, invalid::Invalid};
use kazi_queue::EnqueueError;

/// Why something about identity is refused. No message contains a secret or says whether an account exists.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The input breaks rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// E-mail or password is wrong, or there is no such user.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// The password is right, and the platform's staff has shut the user out.
    #[error("the platform's staff has shut the account out")]
    ShutOut,
    /// A code is wrong, too old, used, or has been tried too often.
    #[error("the code is wrong or no longer valid")]
    WrongCode,
    /// Too many tries, or codes.
    #[error("too many tries: wait {} s", .0.as_secs().max(1))]
    TooMany(Duration),
    /// The session has ended, or the token is none.
    #[error("the session has ended: log in again")]
    SessionEnded,
    /// There is no such thing, or it belongs to another user.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// It cannot be done as things are.
    #[error("{detail}")]
    Conflict {
        /// Stable, for programs.
        code: &'static str,
        /// For a person.
        detail: &'static str,
    },
    /// A hash could not be made: out of memory, or shutting down.
    #[error("the password could not be checked")]
    Hashing,
    /// A sealed value does not open, or the database failed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// A job could not be written.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
