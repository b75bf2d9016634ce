//! The queue for the platform's staff: what waits and why, what failed, and the steps that an operator takes.

mod dead;
mod jobs;
mod lanes;
mod overview;
mod schedules;

use std::collections::HashMap;

use kazi_jobs::{Across, workspaces};
use kazi_queue::Pool;
use uuid::Uuid;

use crate::{api::routes::Routes, config, problem::Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        overview::routes(),
        lanes::routes(),
        jobs::routes(),
        dead::routes(),
        schedules::routes(),
    ]
}

/// Characters of a kind, a class or a lane.
const MAX_NAME: usize = 200;

/// Reads a pool in a body or a query.
fn pool(name: &str) -> Result<Pool, Problem> {
    config::pool(name).map_err(|rule| Problem::field("/pool", "unknown_pool", rule))
}

/// Checks the length of a name in a body or a query.
fn name(pointer: &str, name: &str) -> Result<(), Problem> {
    if name.chars().count() > MAX_NAME {
        let rule = format!("must have at most {MAX_NAME} characters");
        return Err(Problem::field(pointer, "length", rule));
    }
    Ok(())
}

/// The names of workspaces, for lists of their jobs and lanes.
async fn names(
    across: &mut Across,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, Problem> {
    let ids: Vec<Uuid> = ids.collect();
    Ok(workspaces::names(across.conn(), &ids).await?)
}
