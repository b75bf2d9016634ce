//! What can be wrong with a schedule. Each message begins with the field at fault and ends with the rule.

use crate::types::EnqueueError;

/// Why a schedule was refused.
#[derive(Debug, thiserror::Error)]
pub enum CronError {
    /// The name is empty, too long, or has control characters.
    #[error("name: {name:?} is not allowed; a name has 1 to {max} bytes and no control characters", max = super::MAX_NAME)]
    Name {
        /// What was given.
        name: String,
    },
    /// Two schedules of the program have one name.
    #[error("name: two schedules in code are called {name:?}; each needs a name of its own")]
    Twice {
        /// The name.
        name: String,
    },
    /// The schedule belongs to the program: it would come back with its next start.
    #[error("name: {name:?} is a schedule of the program's code; pause it, or change the code")]
    FromCode {
        /// The name.
        name: String,
    },
    /// There is no such schedule.
    #[error("name: there is no schedule {name:?}")]
    NotFound {
        /// What was asked for.
        name: String,
    },
    /// Neither five, six or seven fields nor a known word.
    #[error("expression: {expression:?} {problem}; allowed: {rule}", rule = super::expression::SHAPES)]
    Shape {
        /// What was given.
        expression: String,
        /// What is wrong with it.
        problem: String,
    },
    /// One of its fields is not allowed.
    #[error("expression: the {part} {value:?} is not allowed; allowed: {rule}")]
    Part {
        /// Which field: minute, hour, …
        part: &'static str,
        /// What was given.
        value: String,
        /// What is allowed there.
        rule: &'static str,
    },
    /// It parses, but there is no such day to come.
    #[error(
        "expression: {expression:?} never fires; its day, month and year must meet on a day to come"
    )]
    Never {
        /// What was given.
        expression: String,
    },
    /// No such time zone.
    #[error(
        "zone: there is no time zone {zone:?}; give an IANA name, such as UTC, Africa/Nairobi or Europe/Berlin"
    )]
    Zone {
        /// What was given.
        zone: String,
    },
    /// The cap of [`Missed::All`](super::Missed::All) is out of bounds.
    #[error("missed: a cap of {cap} is not allowed; it is 1 to {max}", max = super::MAX_CAP)]
    Cap {
        /// What was given.
        cap: u16,
    },
    /// The kind is not registered, or the payload is not one of it.
    #[error("{field}: {0}", field = job_field(.0))]
    Job(EnqueueError),
    /// The database failed.
    #[error(transparent)]
    Database(sqlx::Error),
}

impl CronError {
    /// The field at fault, as an API names it; none where it is nobody's input.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Name { .. }
            | Self::Twice { .. }
            | Self::FromCode { .. }
            | Self::NotFound { .. } => Some("name"),
            Self::Shape { .. } | Self::Part { .. } | Self::Never { .. } => Some("expression"),
            Self::Zone { .. } => Some("zone"),
            Self::Cap { .. } => Some("missed"),
            Self::Job(error) => Some(job_field(error)),
            Self::Database(_) => None,
        }
    }
}

fn job_field(error: &EnqueueError) -> &'static str {
    match error {
        EnqueueError::UnknownKind { .. } => "kind",
        _ => "payload",
    }
}

impl From<sqlx::Error> for CronError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<EnqueueError> for CronError {
    fn from(error: EnqueueError) -> Self {
        match error {
            EnqueueError::Database(error) => Self::Database(error),
            refused => Self::Job(refused),
        }
    }
}

impl From<CronError> for sqlx::Error {
    fn from(error: CronError) -> Self {
        match error {
            CronError::Database(error) => error,
            wrong => Self::Configuration(Box::new(wrong)),
        }
    }
}
