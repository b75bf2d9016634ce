//! Why a schedule is refused. Each message begins with the field and ends with the rule.

use crate::types::EnqueueError;

/// Why a schedule was refused.
#[derive(Debug, thiserror::Error)]
pub enum CronError {
    /// The name is empty, longer than [`MAX_NAME`](super::MAX_NAME), or has control characters.
    #[error("name: {name:?} is not allowed; a name has 1 to {max} bytes and no control characters", max = super::MAX_NAME)]
    Name {
        /// The refused name.
        name: String,
    },
    /// Two schedules in the program's code have the same name.
    #[error("name: two schedules in code are called {name:?}; each needs a name of its own")]
    Twice {
        /// The name that both have.
        name: String,
    },
    /// The schedule belongs to the program's code. The next start would write it again.
    #[error("name: {name:?} is a schedule of the program's code; pause it, or change the code")]
    FromCode {
        /// The name of the schedule.
        name: String,
    },
    /// This tenant has no schedule of this name.
    #[error("name: there is no schedule {name:?}")]
    NotFound {
        /// The name that was asked for.
        name: String,
    },
    /// The expression has neither five, six or seven fields, nor is it a known word.
    #[error("expression: {expression:?} {problem}; allowed: {rule}", rule = super::expression::SHAPES)]
    Shape {
        /// The refused expression.
        expression: String,
        /// What is wrong with the expression.
        problem: String,
    },
    /// One field of the expression is not allowed.
    #[error("expression: the {part} {value:?} is not allowed; allowed: {rule}")]
    Part {
        /// The name of the field, such as `minute`.
        part: &'static str,
        /// The refused field.
        value: String,
        /// The values that are allowed there.
        rule: &'static str,
    },
    /// The expression is well formed, but no future day matches it.
    #[error(
        "expression: {expression:?} never fires; its day, month and year must meet on a day to come"
    )]
    Never {
        /// The refused expression.
        expression: String,
    },
    /// There is no such time zone.
    #[error(
        "zone: there is no time zone {zone:?}; give an IANA name, such as UTC, Africa/Nairobi or Europe/Berlin"
    )]
    Zone {
        /// The refused name of a zone.
        zone: String,
    },
    /// The cap of [`Missed::All`](super::Missed::All) is 0 or larger than [`MAX_CAP`](super::MAX_CAP).
    #[error("missed: a cap of {cap} is not allowed; it is 1 to {max}", max = super::MAX_CAP)]
    Cap {
        /// The refused cap.
        cap: u16,
    },
    /// The kind is not registered, or it refuses the payload.
    #[error("{field}: {0}", field = job_field(.0))]
    Job(EnqueueError),
    /// The statement failed.
    #[error(transparent)]
    Database(sqlx::Error),
}

impl CronError {
    /// The field at fault, as an API names it. `None`: the fault is not in the input.
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
