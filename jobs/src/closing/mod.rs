//! Closing: a workspace is deleted, can be restored for 30 days, and then loses its rows and its keys.

mod deletion;
mod purge;

use kazi_queue::{Registry, cron::Schedule};

use crate::{Context, domain::Domain};
pub use deletion::{delete, restore};
pub use purge::PurgeDeleted;
#[cfg(test)]
pub(crate) use purge::tables;

pub(crate) const DOMAIN: Domain = Domain {
    name: "closing",
    floor: 8,
    jobs,
    ..Domain::NONE
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let nightly = Schedule::new("workspaces.purge_deleted", "41 2 * * *");
    registry
        .register::<PurgeDeleted>()
        .schedule(nightly, &PurgeDeleted {})
}
