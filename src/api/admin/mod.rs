//! What the platform's staff sees and changes. The command line makes users staff; no route does.
//!
//! Each call has a record in the audit log, also one that only looks. No route shows what people say to each other.

mod platform;
mod users;
mod workspaces;

use kazi_jobs::staff::StaffError;

use crate::api::routes::Routes;
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![users::routes(), workspaces::routes(), platform::routes()]
}

impl From<StaffError> for Problem {
    fn from(error: StaffError) -> Self {
        match error {
            StaffError::NotFound => NOT_FOUND,
            StaffError::Invalid(invalid) => invalid.into(),
            StaffError::Channel(error) => error.into(),
            StaffError::Database(error) => error.into(),
        }
    }
}
