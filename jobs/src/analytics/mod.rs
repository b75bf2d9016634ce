//! Analytics: the figures of a business by day, week, month and year, in its own time zone.
//!
//! Triggers of the big tables append differences (`migrations/0260_analytics.sql`). [`Fold`] adds them up every minute.
//! Who reads figures adds up first, so that the figures are exact and no read goes through a big table.

mod activity;
mod fold;
mod model;
mod period;
mod platform;
mod stats;
mod store;

use kazi_queue::{Registry, cron::Schedule};

use crate::{
    Context, contacts,
    domain::{Domain, Figures},
    permission::permissions,
};
pub use activity::{Activity, ActivityKind, recent};
pub use fold::Fold;
pub use model::{
    AnalyticsError, Best, BestContact, BestOrder, BestProduct, Compared, DayFigures, Money,
    Overview, ResponseTimes, Revenue, Stats, Times,
};
pub use period::Period;
pub use platform::{Service, ServiceFigures, of_services};
pub use stats::{overview, stats};

pub(crate) const DOMAIN: Domain = Domain {
    name: "analytics",
    floor: 8,
    jobs,
    tables: &[
        "figure_changes",
        "figures_daily",
        "figure_subjects",
        "active_contacts",
        "figure_waits",
    ],
    offers: &[
        &PERMISSIONS,
        &Figures(include_str!("figures.txt")),
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(store::merge(work, from, into)),
            erase: |work, id| Box::pin(fold::erase(work, id)),
            ..contacts::Hooks::NONE
        },
    ],
};

permissions! {
    /// The figures of the business: customers, messages, orders, revenue, the cost of AI.
    ANALYTICS_READ = "analytics.read", Viewer;
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let often = Schedule::new("analytics.fold", "* * * * *");
    registry.register::<Fold>().schedule(often, &Fold {})
}

#[cfg(test)]
mod tests;
