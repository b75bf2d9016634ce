//! Live events: open pages of members are told at once what happens in their workspace.
//!
//! The database writes an event in the transaction of its change (`migrations/0224_live.sql`). A loop of each process reads
//! what is new and gives it to the process's streams. No event is lost: a client whose stream has ended comes back with the
//! cursor of the last event that it has. The events since then come from the table. An event may come twice; it has the
//! same id then.

mod hub;
mod model;
mod purge;
mod store;

use kazi_queue::{Registry, cron::Schedule};

use crate::{
    Context, Permission,
    domain::{self, Domain},
    permission::permissions,
};
pub use hub::{Hub, Stream};
pub use model::{Cursor, LiveError, LiveEvent, Told};
pub use purge::Purge;

pub(crate) const DOMAIN: Domain = Domain {
    name: "live",
    floor: 1,
    jobs,
    tables: &["live_events"],
    offers: &[&PERMISSIONS],
};

permissions! {
    /// The stream of events. Each event wants the permission of what it is about besides.
    EVENTS_READ = "events.read", Viewer;
}

/// What events are about, offered by its domain: the first word of their kinds, and the permission that they want.
pub(crate) struct About {
    pub what: &'static str,
    pub permission: Permission,
}

/// The permission that an event of this kind wants. `None`: no domain offers it.
pub fn permission_of(kind: &str) -> Option<Permission> {
    let (what, _) = kind.split_once('.')?;
    let found = domain::offers::<About>().find(|about| about.what == what);
    found.map(|about| about.permission)
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let often = Schedule::new("live.purge", "*/10 * * * *");
    registry.register::<Purge>().schedule(often, &Purge {})
}

#[cfg(test)]
mod tests;
