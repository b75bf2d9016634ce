//! What can be booked, with whom, when, and the bookings.

mod bookings;
mod customer;
mod offerings;
mod providers;

use crate::api::routes::Routes;

pub fn routes() -> Vec<Routes> {
    vec![
        providers::routes(),
        offerings::routes(),
        bookings::routes(),
        customer::routes(),
    ]
}
