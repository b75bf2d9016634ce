//! Offerings, staff, slots and bookings.

mod bookings;
mod customer;
mod offerings;
mod staff;

use crate::api::routes::Routes;

pub fn routes() -> Vec<Routes> {
    vec![
        staff::routes(),
        offerings::routes(),
        bookings::routes(),
        customer::routes(),
    ]
}
