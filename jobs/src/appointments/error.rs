//! Why a booking, an offering or the staff is not changed.

use kazi_platform::invalid::Invalid;
use kazi_queue::EnqueueError;

#[derive(Debug, thiserror::Error)]
pub enum AppointmentError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It does not exist, or belongs to another contact.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Another booking has this time.
    #[error("this time is taken")]
    Taken,
    /// The customer has the allowed number of future bookings.
    #[error("there are {0} bookings ahead already")]
    TooMany(i64),
    /// The booking's status or time does not allow the change.
    #[error("{0}")]
    State(String),
    /// The booking was changed after the caller read it.
    #[error("it was changed meanwhile")]
    Stale,
    #[error(transparent)]
    Enqueue(EnqueueError),
    #[error(transparent)]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for AppointmentError {
    fn from(error: sqlx::Error) -> Self {
        let constraint = match &error {
            sqlx::Error::Database(said) => said.constraint(),
            _ => None,
        };
        match constraint {
            Some("bookings_doubled") => Self::Taken,
            _ => Self::Database(error),
        }
    }
}

impl From<EnqueueError> for AppointmentError {
    fn from(error: EnqueueError) -> Self {
        match error {
            EnqueueError::Database(error) => error.into(),
            refused => Self::Enqueue(refused),
        }
    }
}
