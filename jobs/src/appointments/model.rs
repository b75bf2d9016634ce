//! Bookings as values: their states, and when a reminder of one still makes sense. Pure.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, id, ids};

use crate::conversations::MessageId;

id!(
    /// Who or what can be booked.
    pub struct StaffId, "prv_"
);

id!(
    /// What can be booked.
    pub struct OfferingId, "ofr_"
);

id!(
    /// A booking.
    pub struct BookingId, "bkg_"
);

kazi_platform::texts! {
    /// What staff is.
    pub enum StaffKind as "ProviderKind" {
        /// Somebody.
        Person = "person",
        /// A room, a table, a court.
        Room = "room",
        /// A place to work at.
        Desk = "desk",
    }
}

kazi_platform::texts! {
    /// Where a booking stands.
    pub enum Status as "BookingStatus" {
        /// Made.
        Booked = "booked",
        /// The customer has said that they come.
        Confirmed = "confirmed",
        /// They came.
        Completed = "completed",
        /// They did not.
        NoShow = "no_show",
        /// It will not be: its time is free again.
        Cancelled = "cancelled",
    }
}

impl Status {
    /// Whether it is still to come, or at least nobody has said how it ended.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Booked | Self::Confirmed)
    }

    /// Whether a booking may go from here to there. That somebody came, or did not, can be put right; what was
    /// cancelled stays so, for its time may be another's by now.
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Booked, Self::Confirmed) | (Self::Completed, Self::NoShow) => true,
            (Self::NoShow, Self::Completed) => true,
            (_, Self::Booked | Self::Confirmed) => false,
            _ => self.is_open(),
        }
    }
}

fn minutes(count: i32) -> TimeDelta {
    TimeDelta::minutes(count.into())
}

/// When the reminders of a booking are due that are still to come. A time that is past already is left out: whoever books
/// an hour ahead needs no reminder of a day.
pub(super) fn reminders(
    now: Timestamp,
    starts_at: Timestamp,
    before: &[i32],
) -> impl Iterator<Item = Timestamp> {
    let all = before.iter();
    all.map(move |before| starts_at - minutes(*before))
        .filter(move |due| *due > now)
}

/// Whether a reminder makes sense now, which may be long after it was due: not once the booking has begun, and not once
/// a later reminder of the same booking is due as well, for that one says the same and says it once.
pub(super) fn makes_sense(now: Timestamp, starts_at: Timestamp, before: i32, all: &[i32]) -> bool {
    let mut later = all.iter().filter(|other| **other < before);
    now < starts_at && !later.any(|other| starts_at - minutes(*other) <= now)
}

/// The message of a reminder. The same reminder of the same time has the same id, however often its job runs; and it
/// sorts by when it was due.
pub(super) fn message_of(booking: BookingId, starts_at: Timestamp, before: i32) -> MessageId {
    let due = starts_at - minutes(before);
    let millis = u64::try_from(due.timestamp_millis()).unwrap_or(0);
    let mut own = [0; 10];
    own.copy_from_slice(&booking.uuid().as_bytes()[6..]);
    let from = uuid::Builder::from_unix_timestamp_millis(millis, &own).into_uuid();
    ids::derived(from, u16::try_from(before).unwrap_or(u16::MAX)).into()
}

#[cfg(test)]
mod tests {
    use super::{
        Status::{Booked, Cancelled, Completed, Confirmed, NoShow},
        *,
    };

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_booking_goes_forward_and_only_how_it_ended_can_be_put_right() {
        let all = [Booked, Confirmed, Completed, NoShow, Cancelled];
        let allowed = [
            (Booked, Confirmed),
            (Booked, Completed),
            (Booked, NoShow),
            (Booked, Cancelled),
            (Confirmed, Completed),
            (Confirmed, NoShow),
            (Confirmed, Cancelled),
            (Completed, NoShow),
            (NoShow, Completed),
        ];
        for from in all {
            for to in all {
                assert_eq!(
                    from.may_become(to),
                    allowed.contains(&(from, to)),
                    "{from} to {to}"
                );
            }
        }
    }

    #[test]
    fn a_reminder_whose_time_is_past_is_not_made() {
        let starts_at = at("2026-03-10T10:00:00Z");
        let made = |now| {
            reminders(at(now), starts_at, &[1440, 120])
                .map(|due| (starts_at - due).num_minutes())
                .collect::<Vec<_>>()
        };
        assert_eq!(made("2026-03-08T10:00:00Z"), [1440, 120]);
        assert_eq!(made("2026-03-09T10:00:00Z"), [120]);
        assert!(made("2026-03-10T08:00:00Z").is_empty());
    }

    #[test]
    fn a_late_reminder_goes_until_the_next_one_is_due_or_the_booking_begins() {
        let starts_at = at("2026-03-10T10:00:00Z");
        let sense = |before, now| makes_sense(at(now), starts_at, before, &[1440, 120]);
        assert!(sense(1440, "2026-03-09T10:00:00Z"));
        assert!(sense(1440, "2026-03-10T07:59:59Z"));
        assert!(!sense(1440, "2026-03-10T08:00:00Z"));
        assert!(sense(120, "2026-03-10T08:00:00Z"));
        assert!(sense(120, "2026-03-10T09:59:59Z"));
        assert!(!sense(120, "2026-03-10T10:00:00Z"));
    }

    #[test]
    fn a_reminder_s_message_is_one_for_each_time_and_offset() {
        let booking = BookingId::new();
        let id = |starts_at, before| message_of(booking, at(starts_at), before);
        let (first, moved) = ("2026-03-10T10:00:00Z", "2026-03-11T10:00:00Z");
        assert_eq!(id(first, 120), id(first, 120));
        assert_ne!(id(first, 120), id(moved, 120));
        assert_ne!(id(first, 1440), id(first, 120));
        // Both are due at the same time.
        assert_ne!(id(first, 120), id(moved, 1440 + 120));
        assert_ne!(id(first, 120), message_of(BookingId::new(), at(first), 120));
        assert!(id(first, 1440) < id(first, 120));
    }
}
