//! Why a plan or a subscription is not changed.

use kazi_platform::crypto::CryptoError;
use kazi_platform::invalid::Invalid;
use kazi_queue::EnqueueError;

use crate::payments::SubscriptionId;

#[derive(Debug, thiserror::Error)]
pub enum SubscriptionError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such plan or subscription")]
    NotFound,
    /// The contact has this plan already.
    #[error("the contact has a subscription to this plan: {0}")]
    AlreadySubscribed(SubscriptionId),
    /// It has ended for good.
    #[error("the subscription has ended: subscribe again")]
    Over,
    /// The details cannot be encrypted or decrypted.
    #[error(transparent)]
    Sealed(#[from] CryptoError),
    /// A job or a message cannot be stored.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
