//! Why an automation is not changed.

use kazi_platform::invalid::Invalid;
use kazi_queue::EnqueueError;

use crate::{campaigns::CampaignError, contacts::ContactError};

#[derive(Debug, thiserror::Error)]
pub enum AutomationError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The automation's status, its channel or its template does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// So many contacts would enter at once, and nobody has confirmed that.
    #[error("{0} contacts would enter at once: confirm with confirm_reach")]
    Reach(i64),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}

impl From<ContactError> for AutomationError {
    fn from(error: ContactError) -> Self {
        match error {
            ContactError::Invalid(invalid) => Self::Invalid(invalid),
            ContactError::Database(error) => Self::Database(error),
            other => Self::Conflict(other.to_string()),
        }
    }
}

impl From<CampaignError> for AutomationError {
    fn from(error: CampaignError) -> Self {
        match error {
            CampaignError::Invalid(invalid) => Self::Invalid(invalid),
            CampaignError::NotFound(what) => Self::NotFound(what),
            CampaignError::Conflict(words) => Self::Conflict(words),
            CampaignError::NoCredits(_) => Self::Conflict(error.to_string()),
            CampaignError::Database(error) => Self::Database(error),
            CampaignError::Enqueue(error) => Self::Enqueue(error),
        }
    }
}

impl From<AutomationError> for kazi_queue::JobError {
    fn from(error: AutomationError) -> Self {
        match error {
            AutomationError::Database(error) => error.into(),
            AutomationError::Enqueue(error) => error.into(),
            other => Self::retry("automation", other),
        }
    }
}
