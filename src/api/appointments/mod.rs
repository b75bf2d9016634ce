//! Offerings, staff, slots and bookings.

mod bookings;
mod customer;
mod offerings;
mod staff;

use kazi_jobs::appointments::AppointmentError;

use crate::api::{
    errors::{conflict, wrong_state},
    etag,
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        staff::routes(),
        offerings::routes(),
        bookings::routes(),
        customer::routes(),
    ]
}

impl From<AppointmentError> for Problem {
    fn from(error: AppointmentError) -> Self {
        match error {
            AppointmentError::Invalid(invalid) => invalid.into(),
            AppointmentError::NotFound(_) => NOT_FOUND,
            AppointmentError::Taken => conflict("slot_taken", "Somebody else has this time.")
                .about("/starts_at", "taken", "the provider is booked at this time"),
            AppointmentError::TooMany(most) => conflict(
                "too_many_bookings",
                "There are too many bookings ahead: cancel one first.",
            )
            .detail(format!("The most are {most}.")),
            AppointmentError::State(rule) => wrong_state(rule),
            AppointmentError::Stale => etag::CHANGED,
            AppointmentError::Enqueue(error) => Self::internal(error),
            AppointmentError::Database(error) => error.into(),
        }
    }
}
