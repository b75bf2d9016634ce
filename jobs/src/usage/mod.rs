//! Billable use: questions that a model answered, and messages that a business pushed.
//!
//! What is charged is noted once, in the transaction that causes it: each question, and each group of pushes that a provider
//! accepted. [`Fold`] adds these causes up by the day of the workspace, each at the price of its time. The days stay; the causes go when nothing can cause them again.

mod fold;
mod model;
mod purge;
mod store;

use kazi_queue::{Registry, cron::Schedule};

pub use fold::Fold;
pub use model::{Charge, ChargeKind, MonthCharges, MonthSum, Prices, UsageError, month};
pub use purge::Purge;
pub use store::{months, note_pushes, note_question, prices, set_price};

use crate::{Context, domain::Domain, permission::permissions};

pub(crate) const DOMAIN: Domain = Domain {
    name: "usage",
    floor: 3,
    jobs,
    tables: &["usage_causes", "usage_days"],
    offers: &[&PERMISSIONS],
};

permissions! {
    /// What the workspace has used, and what it costs.
    USAGE_READ = "usage.read", Admin;
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let often = Schedule::new("usage.fold", "* * * * *");
    let nightly = Schedule::new("usage.purge", "41 3 * * *");
    registry
        .register::<Fold>()
        .register::<Purge>()
        .schedule(often, &Fold {})
        .schedule(nightly, &Purge {})
}

#[cfg(test)]
mod tests;
