//! Appointments: who can be booked for what and when, the bookings, and their reminders.
//!
//! [Staff](Staff) has opening hours in its own time zone. An [offering](Offering) takes some of this time. A
//! [booking](Booking) gives it to one contact; a constraint of the database keeps two bookings from overlapping. Each
//! change of a booking commits together with the [reminder jobs](Remind) that follow from it. A reminder reads the
//! booking when it is due, so a reminder that no longer holds sends nothing. Customers book in the [chat] or through
//! the API, and members book for them.

mod booking;
mod calendar;
pub mod chat;
mod error;
mod find_ended;
mod mark_no_show;
mod model;
mod offering;
mod remind;
mod slots;
mod staff;
mod store;
#[cfg(test)]
pub(crate) mod tests;

use kazi_queue::{Registry, cron::Schedule};

use crate::{
    Context, Permission, contacts,
    conversations::Scene,
    domain::{Domain, Figures},
    endpoints::{Subject, shown, types},
    live,
    locale::{Words, files},
    permission::permissions,
};
pub use booking::{Move, NewBooking, book, change, move_to};
pub use error::AppointmentError;
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
    Booking, BookingFilter, booking, bookings, change_contact, count, count_unreachable, erase,
    of_contact,
};

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
        &live::About {
            what: "booking",
            permission: Permission::BOOKINGS_READ,
        },
        &Figures(include_str!("figures.txt")),
        &Words {
            files: files!("appointments"),
            keywords: &[("svc:book", "keywords-book")],
        },
        &Scene {
            name: "book",
            hear: |work, talk, at, heard| Box::pin(chat::hear(work, talk, at, heard)),
        },
        &Subject::of::<Booking>(EVENTS, |work, id| {
            Box::pin(async move { shown(booking(work, id.into()).await?) })
        }),
        &chat::tools::OPENING_HOURS,
        &chat::tools::SERVICES,
        &chat::tools::FREE_TIMES,
        &chat::tools::BOOK,
        &contacts::Deeds {
            push: store::deeds::push,
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

types! {
    EVENTS;
    /// A booking was made.
    BOOKING_CREATED = "booking.created";
    /// A booking has another time or other staff.
    BOOKING_MOVED = "booking.moved";
    /// A customer or a member has confirmed a booking.
    BOOKING_CONFIRMED = "booking.confirmed";
    /// A booking was cancelled.
    BOOKING_CANCELLED = "booking.cancelled";
    /// The customer has come.
    BOOKING_COMPLETED = "booking.completed";
    /// The customer has not come.
    BOOKING_NO_SHOW = "booking.no_show";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let often = Schedule::new("appointments.find_ended", "*/10 * * * *");
    registry
        .register::<Remind>()
        .register::<MarkNoShow>()
        .register::<FindEnded>()
        .schedule(often, &FindEnded {})
}
