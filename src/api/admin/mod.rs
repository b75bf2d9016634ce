//! What the platform's staff sees and changes. The command line makes users staff; no route does.
//!
//! Each change has a record in the audit log, and so has a look. Pages that look again every few seconds have one record
//! for a quarter of an hour, and for each job that is looked at. No route shows what people say to each other.

mod credits;
mod ops;
mod platform;
mod users;
mod workspaces;

use axum::http::StatusCode;
use kazi_jobs::staff::StaffError;
use kazi_queue::lanes::LimitError;

use crate::api::routes::Routes;
use crate::problem::{NOT_FOUND, Problem};

const JOB_NOT_NOW: Problem = Problem::new(
    StatusCode::CONFLICT,
    "job_not_now",
    "The job is not in a state for this.",
);

pub fn routes() -> Vec<Routes> {
    let mut all = vec![
        users::routes(),
        workspaces::routes(),
        credits::routes(),
        platform::routes(),
    ];
    all.extend(ops::routes());
    all
}

impl From<StaffError> for Problem {
    fn from(error: StaffError) -> Self {
        match error {
            StaffError::NotFound => NOT_FOUND,
            StaffError::Invalid(invalid) => invalid.into(),
            StaffError::NotNow => JOB_NOT_NOW,
            StaffError::Channel(error) => error.into(),
            StaffError::Limit(LimitError::Invalid { field, rule }) => {
                Self::field(format!("/{field}"), "invalid", rule)
            }
            StaffError::Limit(LimitError::Database(error)) => error.into(),
            StaffError::Schedule(error) => Self::internal(error),
            StaffError::Database(error) => error.into(),
        }
    }
}
