//! Why a payment, a refund or an account is not changed.

use kazi_platform::crypto::CryptoError;
use kazi_platform::invalid::Invalid;
use kazi_queue::EnqueueError;

#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such payment or account")]
    NotFound,
    /// Another workspace has this account.
    #[error("another workspace has this account at Stripe")]
    Taken,
    /// The key belongs to another account than the connected one.
    #[error("the key is of another account: take the one in use out of use first")]
    OtherAccount,
    /// Payments of the account still wait for money.
    #[error("payments wait for money through this account")]
    Waiting,
    /// A reconciliation of the account waits or runs already.
    #[error("a reconciliation runs already")]
    Running,
    /// No money came, or none is left to refund.
    #[error("there is no money of this payment that could go back")]
    NothingToRefund,
    /// Stripe does not answer, so nothing is known of the key.
    #[error("Stripe cannot be asked now, try again: {0}")]
    Unreachable(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A stored value does not open with this program's master key.
    #[error(transparent)]
    Sealed(CryptoError),
    /// A job cannot be stored.
    #[error(transparent)]
    Enqueue(EnqueueError),
}

impl From<CryptoError> for PaymentError {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::Database(error) => Self::Database(error),
            sealed => Self::Sealed(sealed),
        }
    }
}

impl From<EnqueueError> for PaymentError {
    fn from(error: EnqueueError) -> Self {
        match error {
            EnqueueError::Database(error) => Self::Database(error),
            other => Self::Enqueue(other),
        }
    }
}
