//! What an enqueue answers, and why one is refused.

use super::JobId;

/// The largest payload: 256 KiB of JSON. A job carries ids, not documents.
pub const MAX_PAYLOAD: usize = 256 * 1024;
/// The largest unique, sequence or lane key, in bytes. Keys stand in indexes.
pub const MAX_KEY: usize = 512;

/// The answer to an enqueue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enqueued {
    /// The new job. With `duplicate` it is the job that holds the unique key.
    pub id: JobId,
    /// True if a job with this unique key was there already; then nothing was written.
    pub duplicate: bool,
}

/// Why a job was refused. Except for `Database`, the caller's transaction can go on.
#[derive(Debug, thiserror::Error)]
pub enum EnqueueError {
    /// The payload cannot be written as JSON.
    #[error("the payload of {kind} cannot be serialised: {error}")]
    Serialise {
        /// The kind of the refused job.
        kind: String,
        /// The message of serde.
        error: String,
    },
    /// The payload is larger than [`MAX_PAYLOAD`].
    #[error(
        "the payload of {kind} has {bytes} bytes; at most {MAX_PAYLOAD} are allowed: carry ids, not documents"
    )]
    TooLarge {
        /// The kind of the refused job.
        kind: String,
        /// The size of the payload in bytes.
        bytes: usize,
    },
    /// The kind seals its payloads, and this process has no key to seal them with.
    #[error("the payload of {kind} cannot be sealed: {error}")]
    Seal {
        /// The kind of the refused job.
        kind: String,
        /// Why sealing failed.
        error: String,
    },
    /// PostgreSQL's jsonb cannot hold U+0000.
    #[error("the payload of {kind} contains a NUL character, which cannot be stored")]
    Nul {
        /// The kind of the refused job.
        kind: String,
    },
    /// A key is empty, is longer than [`MAX_KEY`], or contains a NUL.
    #[error(
        "the {which} key of {kind} must have 1 to {MAX_KEY} bytes and no NUL character; it has {bytes} bytes"
    )]
    Key {
        /// The kind of the refused job.
        kind: String,
        /// Which key: `unique`, `sequence` or `lane`.
        which: &'static str,
        /// The size of the key in bytes.
        bytes: usize,
    },
    /// An option has a value that is not allowed.
    #[error("{field} of {kind} {rule}")]
    Option {
        /// The kind of the refused job.
        kind: String,
        /// The name of the option.
        field: &'static str,
        /// The rule that it breaks, as the end of a sentence: "must be …".
        rule: &'static str,
    },
    /// This program has no job of this name.
    #[error("there is no job kind {kind:?}; known: {known}")]
    UnknownKind {
        /// The name that the caller gave.
        kind: String,
        /// The names of the registered kinds, with commas between them.
        known: String,
    },
    /// The payload does not parse as this kind.
    #[error("the payload is not one of {kind}: {error}")]
    Payload {
        /// The kind of the refused job.
        kind: String,
        /// The message of serde, with the path of the wrong value.
        error: String,
    },
    /// A callback of a batch may not have a sequence or a unique key.
    #[error("{kind} cannot be the callback of a batch with a sequence or a unique key")]
    Callback {
        /// The kind of the refused job.
        kind: String,
    },
    /// The statement failed. PostgreSQL has aborted the transaction.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// For callers whose only other errors are the database's. What the job itself breaks keeps its words.
impl From<EnqueueError> for sqlx::Error {
    fn from(error: EnqueueError) -> Self {
        match error {
            EnqueueError::Database(error) => error,
            other => Self::Protocol(other.to_string()),
        }
    }
}
