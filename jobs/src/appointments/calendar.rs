//! Computes when staff is free, from opening hours, special days and bookings, in the time zone of the staff. Pure.

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use kazi_platform::Timestamp;

use crate::workspaces::{Opening, SpecialDay, Stretch, joined, openings};

/// The times of an offering.
#[derive(Clone, Copy, Debug)]
pub struct Length {
    pub duration: TimeDelta,
    /// Time that the staff stays free after the booking.
    pub buffer: TimeDelta,
    /// Time between the beginnings of two slots.
    pub step: TimeDelta,
}

/// The opening hours and bookings of one staff.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub zone: Tz,
    pub week: Vec<Opening>,
    pub special: Vec<SpecialDay>,
    /// Booked times, each with its buffer.
    pub taken: Vec<Stretch>,
}

impl Calendar {
    /// Returns the beginnings of all free slots in `from..until`, in order.
    pub fn slots(&self, length: &Length, from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
        let openings = openings(self.zone, (&self.week, &self.special), from, until);
        let open = joined(&openings);
        let mut slots = Vec::new();
        for opening in &openings {
            let mut start = opening.from;
            while start < opening.until && start < until {
                let stay = Stretch {
                    from: start,
                    until: start + length.duration,
                };
                if start >= from && open.iter().any(|open| open.holds(&stay)) {
                    let with_buffer = Stretch {
                        until: stay.until + length.buffer,
                        ..stay
                    };
                    if self.is_free(&with_buffer) {
                        slots.push(start);
                    }
                }
                start += length.step.max(TimeDelta::minutes(1));
            }
        }
        slots
    }

    /// Returns true when the staff is open for the whole stretch.
    pub fn is_open(&self, stay: &Stretch) -> bool {
        let openings = openings(
            self.zone,
            (&self.week, &self.special),
            stay.from,
            stay.until,
        );
        joined(&openings).iter().any(|open| open.holds(stay))
    }

    /// Returns true when no booking touches the stretch.
    pub fn is_free(&self, stay: &Stretch) -> bool {
        !self.taken.iter().any(|taken| taken.touches(stay))
    }

    /// The date in the time zone of the staff.
    pub fn day(&self, at: Timestamp) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspaces::Hours;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn opening(weekday: i16, from: &str, until: &str) -> Opening {
        Opening {
            weekday,
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
        }
    }

    fn calendar(zone: &str, week: Vec<Opening>) -> Calendar {
        Calendar {
            zone: zone.parse().unwrap(),
            week,
            special: Vec::new(),
            taken: Vec::new(),
        }
    }

    fn length(duration: i64, buffer: i64, step: i64) -> Length {
        Length {
            duration: TimeDelta::minutes(duration),
            buffer: TimeDelta::minutes(buffer),
            step: TimeDelta::minutes(step),
        }
    }

    fn times(slots: &[Timestamp]) -> Vec<String> {
        let show = |at: &Timestamp| at.format("%dT%H:%M").to_string();
        slots.iter().map(show).collect()
    }

    #[test]
    fn slots_lie_within_the_hours_on_the_provider_s_clocks() {
        // Nairobi is three hours ahead; 9 March 2026 is a Monday.
        let calendar = calendar("Africa/Nairobi", vec![opening(1, "09:00", "11:00")]);
        let slots = calendar.slots(
            &length(45, 0, 30),
            at("2026-03-08T00:00:00Z"),
            at("2026-03-15T00:00:00Z"),
        );
        assert_eq!(times(&slots), ["09T06:00", "09T06:30", "09T07:00"]);
    }

    #[test]
    fn a_day_off_and_a_day_with_other_hours_go_before_the_week() {
        let mut calendar = calendar(
            "UTC",
            vec![opening(1, "09:00", "10:00"), opening(2, "09:00", "10:00")],
        );
        let hours = Hours {
            from: "12:00".parse().unwrap(),
            until: "13:00".parse().unwrap(),
        };
        calendar.special = vec![
            SpecialDay {
                day: "2026-03-09".parse().unwrap(),
                hours: Vec::new(),
            },
            SpecialDay {
                day: "2026-03-11".parse().unwrap(),
                hours: vec![hours],
            },
        ];
        let slots = calendar.slots(
            &length(60, 0, 60),
            at("2026-03-09T00:00:00Z"),
            at("2026-03-12T00:00:00Z"),
        );
        assert_eq!(times(&slots), ["10T09:00", "11T12:00"]);
    }

    #[test]
    fn a_booking_and_its_buffer_take_what_they_touch_and_no_more() {
        let mut calendar = calendar("UTC", vec![opening(1, "09:00", "12:00")]);
        // Half past nine to ten, and a buffer of a quarter.
        calendar.taken = vec![Stretch {
            from: at("2026-03-09T09:30:00Z"),
            until: at("2026-03-09T10:15:00Z"),
        }];
        let slots = calendar.slots(
            &length(30, 0, 15),
            at("2026-03-09T00:00:00Z"),
            at("2026-03-10T00:00:00Z"),
        );
        assert_eq!(
            times(&slots),
            [
                "09T09:00", "09T10:15", "09T10:30", "09T10:45", "09T11:00", "09T11:15", "09T11:30"
            ]
        );
        // One's own buffer must fit before the next booking, but not within the hours.
        let slots = calendar.slots(
            &length(30, 15, 15),
            at("2026-03-09T00:00:00Z"),
            at("2026-03-10T00:00:00Z"),
        );
        assert_eq!(times(&slots)[0], "09T10:15");
        assert_eq!(times(&slots).last().unwrap(), "09T11:30");
    }

    #[test]
    fn hours_around_midnight_are_one_stretch() {
        let week = (1..=7).map(|day| opening(day, "00:00", "24:00")).collect();
        let calendar = calendar("UTC", week);
        let slots = calendar.slots(
            &length(60, 0, 30),
            at("2026-03-09T23:00:00Z"),
            at("2026-03-10T01:00:00Z"),
        );
        assert_eq!(
            times(&slots),
            ["09T23:00", "09T23:30", "10T00:00", "10T00:30"]
        );
        let stay = Stretch {
            from: at("2026-03-09T23:30:00Z"),
            until: at("2026-03-10T00:30:00Z"),
        };
        assert!(calendar.is_open(&stay));
    }

    #[test]
    fn where_a_clock_skips_an_hour_there_are_no_slots_of_it() {
        // In Berlin 2:00 becomes 3:00 on 29 March 2026, a Sunday.
        let calendar = calendar("Europe/Berlin", vec![opening(7, "01:00", "04:00")]);
        let slots = calendar.slots(
            &length(60, 0, 60),
            at("2026-03-28T00:00:00Z"),
            at("2026-03-30T00:00:00Z"),
        );
        assert_eq!(
            times(&slots),
            ["29T00:00", "29T01:00"],
            "01:00 and 03:00 on the wall"
        );
        // Hours that begin in the gap begin at its end; hours within it are none.
        let week = vec![opening(7, "02:30", "04:00")];
        let slots = Calendar {
            week,
            ..calendar.clone()
        }
        .slots(
            &length(30, 0, 30),
            at("2026-03-28T00:00:00Z"),
            at("2026-03-30T00:00:00Z"),
        );
        assert_eq!(times(&slots), ["29T01:00", "29T01:30"]);
        let week = vec![opening(7, "02:10", "02:50")];
        let slots = Calendar { week, ..calendar }.slots(
            &length(30, 0, 30),
            at("2026-03-28T00:00:00Z"),
            at("2026-03-30T00:00:00Z"),
        );
        assert!(slots.is_empty());
    }

    #[test]
    fn where_a_clock_shows_an_hour_twice_both_can_be_booked() {
        // In Berlin 3:00 becomes 2:00 on 25 October 2026, a Sunday.
        let calendar = calendar("Europe/Berlin", vec![opening(7, "01:00", "04:00")]);
        let slots = calendar.slots(
            &length(60, 0, 60),
            at("2026-10-24T00:00:00Z"),
            at("2026-10-26T00:00:00Z"),
        );
        assert_eq!(
            times(&slots),
            ["24T23:00", "25T00:00", "25T01:00", "25T02:00"]
        );
        // A time that is shown twice is the first.
        let week = vec![opening(7, "02:00", "02:30")];
        let slots = Calendar { week, ..calendar }.slots(
            &length(30, 0, 30),
            at("2026-10-24T00:00:00Z"),
            at("2026-10-26T00:00:00Z"),
        );
        assert_eq!(times(&slots), ["25T00:00"]);
    }

    #[test]
    fn a_day_that_an_island_left_out_has_no_slots() {
        // Samoa went from 29 to 31 December 2011.
        let week = (1..=7).map(|day| opening(day, "09:00", "10:00")).collect();
        let calendar = calendar("Pacific/Apia", week);
        let slots = calendar.slots(
            &length(60, 0, 60),
            at("2011-12-28T12:00:00Z"),
            at("2012-01-01T00:00:00Z"),
        );
        assert_eq!(
            times(&slots),
            ["28T19:00", "29T19:00", "30T19:00", "31T19:00"]
        );
    }
}
