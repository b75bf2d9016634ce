//! People: merging contacts, erasing one, and copying its data. Each spans the rows that all domains have of a contact.

mod merge;
mod personal;

use kazi_queue::{Registry, cron::Schedule};

use crate::{Context, contacts, domain::Domain};
pub use merge::merge;
pub use personal::{PersonalData, PurgeDeleted, erase, personal_data};

pub(crate) const DOMAIN: Domain = Domain {
    name: "people",
    floor: 9,
    jobs,
    offers: &[&contacts::Merges {
        merge: |work, from, into| Box::pin(async move { merge(work, from, into).await.map(drop) }),
    }],
    ..Domain::NONE
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let nightly = Schedule::new("contacts.purge_deleted", "41 3 * * *");
    registry
        .register::<PurgeDeleted>()
        .schedule(nightly, &PurgeDeleted {})
}
