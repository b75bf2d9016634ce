//! What an enqueue answers, and why one is refused.

use super::JobId;

/// The largest payload, in bytes of JSON. Jobs carry ids, not documents.
pub const MAX_PAYLOAD: usize = 256 * 1024;
/// The largest key (unique, sequence, lane), in bytes: they stand in indexes.
pub const MAX_KEY: usize = 512;

/// What an enqueue answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enqueued {
    /// The job, or with `duplicate` the one that holds the unique key.
    pub id: JobId,
    /// True when a job with this unique key was there: nothing was written.
    pub duplicate: bool,
}

/// Why a job was not written down.
#[derive(Debug, thiserror::Error)]
pub enum EnqueueError {
    /// The payload cannot be written as JSON.
    #[error("the payload of {kind} cannot be serialised: {error}")]
    Serialise {
        /// The kind.
        kind: String,
        /// What serde said.
        error: String,
    },
    /// More than [`MAX_PAYLOAD`].
    #[error(
        "the payload of {kind} has {bytes} bytes; at most {MAX_PAYLOAD} are allowed: carry ids, not documents"
    )]
    TooLarge {
        /// The kind.
        kind: String,
        /// Its size.
        bytes: usize,
    },
    /// The kind is sealed, and there is no key to seal it with.
    #[error("the payload of {kind} cannot be sealed: {error}")]
    Seal {
        /// The kind.
        kind: String,
        /// What is missing.
        error: String,
    },
    /// PostgreSQL's jsonb cannot hold U+0000.
    #[error("the payload of {kind} contains a NUL character, which cannot be stored")]
    Nul {
        /// The kind.
        kind: String,
    },
    /// A key is longer than [`MAX_KEY`] or contains a NUL.
    #[error(
        "the {which} key of {kind} must have 1 to {MAX_KEY} bytes and no NUL character; it has {bytes} bytes"
    )]
    Key {
        /// The kind.
        kind: String,
        /// unique, sequence or lane.
        which: &'static str,
        /// Its size.
        bytes: usize,
    },
    /// An option makes no sense.
    #[error("{field} of {kind} {rule}")]
    Option {
        /// The kind.
        kind: String,
        /// Which.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// No job of this name is registered.
    #[error("there is no job kind {kind:?}; known: {known}")]
    UnknownKind {
        /// What was asked for.
        kind: String,
        /// What there is.
        known: String,
    },
    /// The payload does not parse as this kind.
    #[error("the payload is not one of {kind}: {error}")]
    Payload {
        /// The kind.
        kind: String,
        /// What serde said, with the path.
        error: String,
    },
    /// The callback of a batch asks for what it cannot have.
    #[error("{kind} cannot be the callback of a batch with a sequence or a unique key")]
    Callback {
        /// The kind.
        kind: String,
    },
    /// The database failed; the transaction is aborted.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
