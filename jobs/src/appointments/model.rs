//! The states of a booking, and when a reminder of it still makes sense. Pure.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, id, ids};

use crate::conversations::MessageId;

id!(
    /// Who or what can be booked: a person, a room, a desk.
    pub struct StaffId, "prv_"
);

id!(
    pub struct OfferingId, "ofr_"
);

id!(
    pub struct BookingId, "bkg_"
);

kazi_platform::texts! {
    /// What staff is.
    pub enum StaffKind as "ProviderKind" {
        Person = "person",
        /// A room, a table, a court.
        Room = "room",
        Desk = "desk",
    }
}

kazi_platform::texts! {
    /// Where a booking stands.
    pub enum Status as "BookingStatus" {
        Booked = "booked",
        /// The customer will come.
        Confirmed = "confirmed",
        /// The customer came.
        Completed = "completed",
        /// The customer did not come.
        NoShow = "no_show",
        /// The time is free again.
        Cancelled = "cancelled",
    }
}

impl Status {
    /// Returns true while the booking has no outcome.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Booked | Self::Confirmed)
    }

    /// Returns true when a booking may change from this status to `next`. Completed and no-show can be exchanged, to
    /// correct a mistake. A cancelled booking stays cancelled, because its time may be booked again.
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

/// The due times of the reminders that are in the future. A booking one hour ahead gets no reminder of the day before.
pub(super) fn reminders(
    now: Timestamp,
    starts_at: Timestamp,
    before: &[i32],
) -> impl Iterator<Item = Timestamp> {
    let all = before.iter();
    all.map(move |before| starts_at - minutes(*before))
        .filter(move |due| *due > now)
}

/// Returns true when a reminder makes sense now. It may run long after its due time. It makes no sense after the
/// beginning, or when a later reminder of the same booking is due too: that one says the same.
pub(super) fn makes_sense(now: Timestamp, starts_at: Timestamp, before: i32, all: &[i32]) -> bool {
    let mut later = all.iter().filter(|other| **other < before);
    now < starts_at && !later.any(|other| starts_at - minutes(*other) <= now)
}

/// The message id of a reminder. It is derived from the booking and the due time, so a second run of the job sends
/// nothing. Ids sort by due time.
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
