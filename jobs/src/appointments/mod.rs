//! Appointments: who can be booked for what and when, the bookings, and the reminders of them.
//!
//! [Staff](Staff) is open on its own clocks, an [offering](Offering) is what takes some of its time, and a
//! [booking](Booking) is a customer's: nobody else's at that time, by a constraint of the database. A booking is made,
//! moved and cancelled in one transaction with the [reminder jobs](Remind) that follow from it; a reminder looks at the
//! booking when it is due, so one that no longer holds says nothing. Customers book in the [chat], by the API, or are
//! booked by a member.

mod booking;
mod calendar;
pub mod chat;
mod find_ended;
mod mark_no_show;
mod model;
mod offering;
mod remind;
mod slots;
mod staff;
mod store;
#[cfg(test)]
mod tests;
mod words;

use kazi_platform::invalid::Invalid;
use kazi_queue::{EnqueueError, Registry, cron::Schedule};

use crate::{
    Context, contacts,
    conversations::Scene,
    domain::{Domain, Figures},
    locale::{Words, files},
    permission::permissions,
};
pub use booking::{Move, NewBooking, book, change, move_to};
pub use calendar::{DayTime, Hours, Opening, SpecialDay};
pub use find_ended::FindEnded;
pub use mark_no_show::MarkNoShow;
pub use model::{BookingId, OfferingId, StaffId, StaffKind, Status};
pub use offering::{
    NewOffering, Offering, OfferingPatch, create_offering, lock_offering, offering, offerings,
    update_offering,
};
pub use remind::{REMINDER_TEMPLATE, Remind};
pub use slots::{Slot, SlotQuery, slots};
pub use staff::{
    NewStaff, Staff, StaffPatch, Timetable, all_staff, create_staff, drop_special_day, lock_staff,
    set_hours, set_special_day, staff, timetable, update_staff,
};
pub use store::{
    Booking, BookingFilter, booking, bookings, change_contact, count_unreachable, erase, of_contact,
};

/// Why something is not booked or changed.
#[derive(Debug, thiserror::Error)]
pub enum AppointmentError {
    /// Fields break their rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is none, or it is another's.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Somebody else has this time.
    #[error("this time is taken")]
    Taken,
    /// A customer has as many bookings ahead as they may have.
    #[error("there are {0} bookings ahead already")]
    TooMany(i64),
    /// The booking's state, or its time, does not allow it.
    #[error("{0}")]
    State(String),
    /// It was changed since it was read.
    #[error("it was changed meanwhile")]
    Stale,
    /// A reminder cannot be enqueued.
    #[error(transparent)]
    Enqueue(EnqueueError),
    /// The database failed.
    #[error(transparent)]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for AppointmentError {
    fn from(error: sqlx::Error) -> Self {
        let constraint = match &error {
            sqlx::Error::Database(said) => said.constraint(),
            _ => None,
        };
        match constraint {
            Some("bookings_doubled") => Self::Taken,
            _ => Self::Database(error),
        }
    }
}

impl From<EnqueueError> for AppointmentError {
    fn from(error: EnqueueError) -> Self {
        match error {
            EnqueueError::Database(error) => error.into(),
            refused => Self::Enqueue(refused),
        }
    }
}

pub(crate) const DOMAIN: Domain = Domain {
    name: "appointments",
    floor: 7,
    jobs,
    tables: &[
        "bookings",
        "offering_providers",
        "offerings",
        "special_hours",
        "opening_hours",
        "providers",
    ],
    offers: &[
        &PERMISSIONS,
        &Figures(include_str!("figures.txt")),
        &Words {
            files: files!("appointments"),
            keywords: &[("svc:book", "keywords-book")],
        },
        &Scene {
            name: "book",
            hear: |work, talk, at, heard| Box::pin(chat::hear(work, talk, at, heard)),
        },
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(change_contact(work, from, into)),
            erase: |work, id| Box::pin(erase(work, id)),
            ..contacts::Hooks::NONE
        },
    ],
};

permissions! {
    /// Bookings.
    BOOKINGS_READ = "bookings.read", Viewer;
    /// Makes, moves and cancels them.
    BOOKINGS_WRITE = "bookings.write", Agent;
    /// Providers, their hours, and what can be booked with them.
    APPOINTMENTS_WRITE = "appointments.write", Admin;
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let often = Schedule::new("appointments.find_ended", "*/10 * * * *");
    registry
        .register::<Remind>()
        .register::<MarkNoShow>()
        .register::<FindEnded>()
        .schedule(often, &FindEnded {})
}
