//! Why an article or a subscription is not changed.

use kazi_platform::invalid::Invalid;
use kazi_queue::EnqueueError;

use crate::contacts::ContactError;

#[derive(Debug, thiserror::Error)]
pub enum NewsError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Contact(ContactError),
    /// A job cannot be stored.
    #[error(transparent)]
    Queue(#[from] EnqueueError),
    /// The database failed, or another row has this external id, address or contact.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
