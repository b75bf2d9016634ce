use kazi_platform::invalid::Invalid;
use kazi_queue::EnqueueError;

/// Why something about credits is refused.
#[derive(Debug, thiserror::Error)]
pub enum CreditError {
    #[error("there is no such thing")]
    NotFound,
    /// The configuration names no workspace that sells credits, or it cannot take money.
    #[error("this platform sells no credits")]
    NothingForSale,
    #[error("this workspace does not pay with credits")]
    NotPrepaid,
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("the queue failed: {0}")]
    Queue(#[from] EnqueueError),
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
}
