//! Endpoints: the URLs at which a business is told what happens, by signed webhooks (standardwebhooks.com).
//!
//! A domain [announces](announce()) a change in the transaction that makes it. That writes the announcement, a delivery
//! for each endpoint that wants it, and a job for each delivery: the business is told if and only if the change commits.
//! Jobs of one endpoint and one subject are a sequence, so the events of an order arrive in their order, while the events
//! of other orders go on.
//!
//! [`Deliver`] may call twice when its process dies: both calls have the same `webhook-id`. The endpoint's URL and its
//! answers are for the business alone: neither is part of an error or a log line.

mod announce;
mod call;
mod deliver;
mod example;
mod manage;
mod model;
mod purge;
mod replay;
mod secret;
mod store;

use kazi_queue::{Registry, cron::Schedule, lanes::Limits};

use crate::{
    Context,
    domain::{Domain, Figures},
    notifications::kinds,
    permission::permissions,
    sealed::Sealed,
};
pub(crate) use announce::{Listener, Subject, announce, announce_in, shown, types};
pub use announce::{Type, test};
pub use deliver::Deliver;
pub use manage::{create, delete, lock, rotate_secret, update};
pub use model::{
    AnnouncementId, Attempt, Delivery, DeliveryDetails, DeliveryFilter, DeliveryId, DeliveryState,
    Endpoint, EndpointError, EndpointId, EndpointPatch, NewEndpoint, Secret, Stopped,
};
pub use purge::Purge;
pub use replay::{Replay, replay, replay_failed};
pub use store::{
    count_stopped,
    deliveries::{deliveries, delivery},
    endpoint, endpoints,
    removal::{change_contact, erase},
};

pub(crate) const DOMAIN: Domain = Domain {
    name: "endpoints",
    floor: 3,
    jobs,
    tables: &[
        "delivery_attempts",
        "deliveries",
        "announcements",
        "endpoints",
    ],
    offers: &[
        &PERMISSIONS,
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
        &Sealed {
            place: |id| secret::place(id.into(), secret::NEW),
            all: |work| Box::pin(store::all_sealed(work)),
            replace: |work, id, sealed| Box::pin(store::replace_sealed(work, id, sealed)),
        },
        &Sealed {
            place: |id| secret::place(id.into(), secret::OLD),
            all: |work| Box::pin(store::all_old_sealed(work)),
            replace: |work, id, sealed| Box::pin(store::replace_old_sealed(work, id, sealed)),
        },
    ],
};

permissions! {
    /// Endpoints, and what was delivered to them.
    ENDPOINTS_READ = "endpoints.read", Admin;
    /// Adds and changes endpoints, and repeats deliveries.
    ENDPOINTS_WRITE = "endpoints.write", Admin;
}

kinds! {
    /// Kazi has switched an endpoint off.
    ENDPOINT_STOPPED = "endpoint_stopped";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let nightly = Schedule::new("endpoints.purge", "37 3 * * *");
    registry
        .register::<Deliver>()
        .register::<Replay>()
        .register::<Purge>()
        .schedule(nightly, &Purge {})
}

/// The limits of an endpoint: it gets few calls at once, so a slow one leaves the slots to the others.
pub const LIMITS: Limits = Limits {
    rate: None,
    reserved: 0,
    max_running: Some(4),
};

#[cfg(test)]
mod tests;
