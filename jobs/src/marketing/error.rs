//! Why a marketing campaign is not changed.

use kazi_platform::invalid::Invalid;

use crate::violations;

#[derive(Debug, thiserror::Error)]
pub enum MarketingError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The status does not allow it, or there are too many.
    #[error("{0}")]
    Conflict(String),
    /// The part belongs to the marketing campaign of this name.
    #[error("it belongs to the marketing campaign {0}: detach it there first")]
    Attached(String),
    #[error(transparent)]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for MarketingError {
    fn from(error: sqlx::Error) -> Self {
        let broken = error.as_database_error().and_then(|said| said.constraint());
        match broken {
            Some("marketing_campaigns_name") => {
                let rule = "another marketing campaign has this name".to_owned();
                violations::invalid("/name", ("taken", rule)).into()
            }
            _ => Self::Database(error),
        }
    }
}

impl From<MarketingError> for kazi_queue::JobError {
    fn from(error: MarketingError) -> Self {
        match error {
            MarketingError::Database(error) => error.into(),
            other => Self::retry("marketing", other),
        }
    }
}
