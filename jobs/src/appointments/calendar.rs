//! Computes when staff is free, from opening hours, special days and bookings, in the time zone of the staff. Pure.
//!
//! Opening hours are local times. A local time that the clock skips means the moment of the jump. A local time that
//! comes twice means the first of the two. An opening becomes a stretch between two instants, so its length is in real
//! minutes.

use std::{fmt, str::FromStr};

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use kazi_platform::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

const DAY: i16 = 1_440;
/// Minutes. The longest jump of a clock: Samoa skipped one day.
const LONGEST_JUMP: i64 = 1_500;

/// A local time of day in minutes. 24:00 is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayTime(i16);

impl DayTime {
    /// Returns `None` for more than 24:00.
    pub fn of_minute(minute: i16) -> Option<Self> {
        (0..=DAY).contains(&minute).then_some(Self(minute))
    }

    /// Minutes since midnight, 0 to 1440.
    pub const fn minute(self) -> i16 {
        self.0
    }

    fn on(self, day: NaiveDate) -> Option<NaiveDateTime> {
        day.and_time(NaiveTime::MIN)
            .checked_add_signed(TimeDelta::minutes(self.0.into()))
    }
}

impl FromStr for DayTime {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = |text: &str| {
            (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| text.parse::<i16>().ok())
                .flatten()
        };
        text.split_once(':')
            .and_then(|(hour, minute)| Some((digits(hour)?, digits(minute)?)))
            .filter(|(_, minute)| *minute < 60)
            .and_then(|(hour, minute)| Self::of_minute(hour * 60 + minute))
            .ok_or("must be a time of day from 00:00 to 24:00, like 09:30")
    }
}

impl fmt::Display for DayTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for DayTime {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DayTime {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// Opening hours within one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Local time of the staff.
    #[schema(value_type = String, example = "09:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub from: DayTime,
    /// Must be after `from`. 24:00 is the end of the day.
    #[schema(value_type = String, example = "17:30", pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
    pub until: DayTime,
}

/// Opening hours of one weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// 1 is Monday, 7 is Sunday.
    #[schema(example = 1, minimum = 1, maximum = 7)]
    pub weekday: i16,
    /// Local time of the staff.
    #[schema(value_type = String, example = "09:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub from: DayTime,
    /// Must be after `from`. 24:00 is the end of the day.
    #[schema(value_type = String, example = "17:30", pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
    pub until: DayTime,
}

/// A day with hours of its own, such as a holiday. They replace the hours of its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SpecialDay {
    /// The date in the time zone of the staff.
    #[schema(value_type = String, format = Date, example = "2026-12-25")]
    pub day: NaiveDate,
    /// Empty: closed.
    pub hours: Vec<Hours>,
}

/// A time between two instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub from: Timestamp,
    /// The first instant after the stretch.
    pub until: Timestamp,
}

impl Stretch {
    const fn holds(&self, other: &Self) -> bool {
        self.from.timestamp() <= other.from.timestamp()
            && other.until.timestamp() <= self.until.timestamp()
    }

    const fn touches(&self, other: &Self) -> bool {
        self.from.timestamp() < other.until.timestamp()
            && other.from.timestamp() < self.until.timestamp()
    }
}

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
        let openings = self.openings(from, until);
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
        let openings = self.openings(stay.from, stay.until);
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

    /// Returns the openings on the days around two instants, in order.
    fn openings(&self, from: Timestamp, until: Timestamp) -> Vec<Stretch> {
        // An opening of the day before or after may join these.
        let first = self.day(from) - Days::new(1);
        let last = self.day(until) + Days::new(1);
        let mut openings: Vec<Stretch> = first
            .iter_days()
            .take_while(|day| *day <= last)
            .flat_map(|day| self.on(day))
            .collect();
        openings.sort_by_key(|opening| opening.from);
        openings
    }

    fn on(&self, day: NaiveDate) -> Vec<Stretch> {
        let weekday = i16::try_from(day.weekday().number_from_monday()).unwrap_or_default();
        let special = self.special.iter().find(|special| special.day == day);
        let hours: Vec<Hours> = match special {
            Some(special) => special.hours.clone(),
            None => self
                .week
                .iter()
                .filter(|opening| opening.weekday == weekday)
                .map(|&Opening { from, until, .. }| Hours { from, until })
                .collect(),
        };
        let stretch = |hours: &Hours| {
            Some(Stretch {
                from: instant(self.zone, hours.from.on(day)?)?,
                until: instant(self.zone, hours.until.on(day)?)?,
            })
        };
        hours
            .iter()
            .filter_map(stretch)
            // The clock may skip the whole opening.
            .filter(|opening| opening.from < opening.until)
            .collect()
    }
}

/// Joins openings that follow each other without a pause.
fn joined(openings: &[Stretch]) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    for opening in openings {
        match all.last_mut() {
            Some(last) if opening.from <= last.until => {
                last.until = last.until.max(opening.until);
            }
            _ => all.push(*opening),
        }
    }
    all
}

/// The first instant at which a clock of the zone shows this time. For a skipped time, the instant of the jump.
fn instant(zone: Tz, shown: NaiveDateTime) -> Option<Timestamp> {
    (0..LONGEST_JUMP).find_map(|later| {
        let shown = shown.checked_add_signed(TimeDelta::minutes(later))?;
        let at = zone.from_local_datetime(&shown).earliest()?;
        Some(at.to_utc())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_time_of_day_is_read_and_written_as_on_a_clock() {
        for text in ["00:00", "09:30", "24:00"] {
            assert_eq!(text.parse::<DayTime>().unwrap().to_string(), text);
        }
        for wrong in ["", "9:30", "09:60", "24:01", "-1:00", "0900", "09:3٠"] {
            assert!(wrong.parse::<DayTime>().is_err(), "{wrong}");
        }
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
