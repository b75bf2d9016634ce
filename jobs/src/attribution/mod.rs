//! Attribution: orders and bookings count for the campaign that brought them.
//!
//! Orders and bookings announce their changes. [`Attribute`] then looks at the order or the booking as it is now: it counts
//! while it is paid or kept, and no more once it is refunded, cancelled or missed. Which campaign it counts for, campaigns
//! decide.

mod attribute;

use kazi_queue::Registry;

use crate::{Context, domain::Domain, endpoints::Listener};
pub use attribute::{Attribute, Subject};

pub(crate) const DOMAIN: Domain = Domain {
    name: "attribution",
    floor: 8,
    jobs,
    offers: &[&Listener {
        hear: |work, kind, id| Box::pin(attribute::hear(work, kind, id)),
    }],
    ..Domain::NONE
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<Attribute>()
}
