//! Why a template is not changed.

use kazi_clients::whatsapp;
use kazi_platform::invalid::Invalid;
use kazi_queue::EnqueueError;

#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such template")]
    NotFound,
    /// The template's status does not allow it.
    #[error("{0}")]
    Conflict(&'static str),
    #[error("Meta has refused it: {0}")]
    Refused(String),
    #[error("Meta cannot be asked now: {0}")]
    Unreachable(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}

impl From<whatsapp::Error> for TemplateError {
    fn from(error: whatsapp::Error) -> Self {
        match error {
            whatsapp::Error::Rejected(rejection) => Self::Refused(rejection.to_string()),
            whatsapp::Error::Failed(failure) => Self::Unreachable(failure.to_string()),
        }
    }
}
