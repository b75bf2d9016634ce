//! Why a channel is not changed.

use kazi_platform::crypto::CryptoError;
use kazi_platform::invalid::Invalid;

#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such channel")]
    NotFound,
    /// The number or instance is connected, here or in another workspace.
    #[error("this number or instance is connected already")]
    Taken,
    /// The provider does not answer, so nothing is known of the credentials.
    #[error("the provider cannot be asked now, try again: {0}")]
    Unreachable(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A stored value does not open with this program's master key.
    #[error(transparent)]
    Sealed(CryptoError),
}

impl From<CryptoError> for ChannelError {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::Database(error) => Self::Database(error),
            sealed => Self::Sealed(sealed),
        }
    }
}
