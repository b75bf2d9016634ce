//! Why a campaign or a segment is not changed.

use kazi_platform::invalid::Invalid;
use kazi_queue::EnqueueError;

use crate::contacts::ContactError;

#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// So many credits are missing.
    #[error("credits are missing ({0}): buy some, or choose fewer recipients")]
    NoCredits(i64),
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The campaign's status does not allow it.
    #[error("{0}")]
    Conflict(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}

impl From<ContactError> for CampaignError {
    fn from(error: ContactError) -> Self {
        match error {
            ContactError::Invalid(invalid) => Self::Invalid(invalid),
            ContactError::Database(error) => Self::Database(error),
            other => Self::Conflict(other.to_string()),
        }
    }
}

impl From<CampaignError> for kazi_queue::JobError {
    fn from(error: CampaignError) -> Self {
        match error {
            CampaignError::Database(error) => error.into(),
            CampaignError::Enqueue(error) => error.into(),
            other => Self::retry("campaign", other),
        }
    }
}
