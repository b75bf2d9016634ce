//! Opening hours, of a business or of its staff. Pure.
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

use crate::violations::Violations;

const DAY: i16 = 1_440;
/// Minutes. The longest jump of a clock: Samoa skipped one day.
const LONGEST_JUMP: i64 = 1_500;
/// Openings in one day.
const OPENINGS_LIMIT: usize = 10;
/// Special days of a business.
const SPECIAL_LIMIT: usize = 200;
const LOOK_AHEAD_DAYS: i64 = 62;

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
    /// Local time.
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
    /// Local time.
    #[schema(value_type = String, example = "09:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub from: DayTime,
    /// Must be after `from`. 24:00 is the end of the day.
    #[schema(value_type = String, example = "17:30", pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
    pub until: DayTime,
}

/// A day with hours of its own, such as a holiday. They replace the hours of its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecialDay {
    /// The date in the time zone of the hours.
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
    pub(crate) const fn holds(&self, other: &Self) -> bool {
        self.from.timestamp() <= other.from.timestamp()
            && other.until.timestamp() <= self.until.timestamp()
    }

    pub(crate) const fn touches(&self, other: &Self) -> bool {
        self.from.timestamp() < other.until.timestamp()
            && other.from.timestamp() < self.until.timestamp()
    }
}

/// Returns the openings on the days around two instants, in order.
pub(crate) fn openings(
    zone: Tz,
    (week, special): (&[Opening], &[SpecialDay]),
    from: Timestamp,
    until: Timestamp,
) -> Vec<Stretch> {
    let day = |at: Timestamp| at.with_timezone(&zone).date_naive();
    // An opening of the day before or after may join these.
    let first = day(from) - Days::new(1);
    let last = day(until) + Days::new(1);
    let mut openings: Vec<Stretch> = first
        .iter_days()
        .take_while(|day| *day <= last)
        .flat_map(|day| on(zone, (week, special), day))
        .collect();
    openings.sort_by_key(|opening| opening.from);
    openings
}

fn on(zone: Tz, (week, special): (&[Opening], &[SpecialDay]), day: NaiveDate) -> Vec<Stretch> {
    let weekday = i16::try_from(day.weekday().number_from_monday()).unwrap_or_default();
    let special = special.iter().find(|special| special.day == day);
    let hours: Vec<Hours> = match special {
        Some(special) => special.hours.clone(),
        None => week
            .iter()
            .filter(|opening| opening.weekday == weekday)
            .map(|&Opening { from, until, .. }| Hours { from, until })
            .collect(),
    };
    let stretch = |hours: &Hours| {
        Some(Stretch {
            from: instant(zone, hours.from.on(day)?)?,
            until: instant(zone, hours.until.on(day)?)?,
        })
    };
    hours
        .iter()
        .filter_map(stretch)
        // The clock may skip the whole opening.
        .filter(|opening| opening.from < opening.until)
        .collect()
}

/// Joins openings that follow each other without a pause.
pub(crate) fn joined(openings: &[Stretch]) -> Vec<Stretch> {
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

/// Checks the weekly hours. `pointer` is that of the list.
pub(crate) fn check_week(violations: &mut Violations, pointer: &str, week: &[Opening]) {
    for (at, opening) in week.iter().enumerate() {
        violations.unless(
            (1..=7).contains(&opening.weekday),
            format!("{pointer}/{at}/weekday"),
            "out_of_range",
            "must be 1 (Monday) to 7 (Sunday)",
        );
    }
    for weekday in 1..=7 {
        let of_day = || {
            let all = week.iter().enumerate();
            all.filter(|(_, opening)| opening.weekday == weekday)
        };
        let places: Vec<usize> = of_day().map(|(at, _)| at).collect();
        let hours: Vec<Hours> = of_day()
            .map(|(_, &Opening { from, until, .. })| Hours { from, until })
            .collect();
        let field =
            |at: usize| format!("{pointer}/{}", places.get(at).copied().unwrap_or_default());
        check_day(violations, pointer, &hours, field);
    }
}

/// Checks the hours of one day. `field` makes the JSON pointer of the opening with a given index.
pub(crate) fn check_day(
    violations: &mut Violations,
    pointer: &str,
    hours: &[Hours],
    field: impl Fn(usize) -> String,
) {
    if hours.len() > OPENINGS_LIMIT {
        let rule = format!("must be at most {OPENINGS_LIMIT} a day");
        violations.add(pointer, ("too_many", rule));
        return;
    }
    for (at, one) in hours.iter().enumerate() {
        violations.unless(
            one.from < one.until,
            format!("{}/until", field(at)),
            "not_after",
            "must be after `from`: hours that go past midnight are two, until 24:00 and from 00:00",
        );
        let earlier = &hours[..at];
        let overlaps = |other: &Hours| other.from < one.until && one.from < other.until;
        violations.unless(
            !earlier.iter().any(overlaps),
            field(at),
            "overlaps",
            "must not overlap with other hours of the day",
        );
    }
}

/// The hours in which the business answers, on the clocks of the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BusinessHours {
    /// Each opening of the week, at most 10 a day.
    pub week: Vec<Opening>,
    /// Holidays, and other days with hours of their own: at most 200.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special: Vec<SpecialDay>,
}

impl BusinessHours {
    pub(super) fn check(&self, violations: &mut Violations, pointer: &str) {
        check_week(violations, &format!("{pointer}/week"), &self.week);
        violations.unless(
            !self.week.is_empty(),
            format!("{pointer}/week"),
            "missing",
            "needs one opening at least: a business without hours is always open",
        );
        let special = format!("{pointer}/special");
        if self.special.len() > SPECIAL_LIMIT {
            let rule = format!("must be at most {SPECIAL_LIMIT} days");
            violations.add(special, ("too_many", rule));
            return;
        }
        for (at, day) in self.special.iter().enumerate() {
            let place = format!("{special}/{at}");
            let once = self.special[..at].iter().all(|other| other.day != day.day);
            violations.unless(once, format!("{place}/day"), "repeated", "is there twice");
            let hours = format!("{place}/hours");
            check_day(violations, &hours, &day.hours, |at| format!("{hours}/{at}"));
        }
    }
}

/// When a business answers. Without hours it is always open.
#[derive(Clone, Debug)]
pub struct BusinessClock {
    pub zone: Tz,
    pub hours: Option<BusinessHours>,
}

impl BusinessClock {
    fn open(&self, from: Timestamp, until: Timestamp) -> Vec<Stretch> {
        match &self.hours {
            None => vec![Stretch { from, until }],
            Some(hours) => joined(&openings(
                self.zone,
                (&hours.week, &hours.special),
                from,
                until,
            )),
        }
    }

    pub fn is_open(&self, at: Timestamp) -> bool {
        self.hours.is_none()
            || self
                .open(at, at)
                .iter()
                .any(|open| open.from <= at && at < open.until)
    }

    /// When a business that is closed opens again. `None`: not within two months.
    pub fn opens_at(&self, at: Timestamp) -> Option<Timestamp> {
        let openings = self.open(at, at + TimeDelta::days(LOOK_AHEAD_DAYS));
        let next = openings.iter().find(|open| open.from > at);
        next.map(|open| open.from)
    }

    /// How long the business is open between two instants.
    pub fn open_between(&self, from: Timestamp, until: Timestamp) -> TimeDelta {
        let openings = self.open(from, until);
        let within = |open: &Stretch| open.until.min(until) - open.from.max(from);
        openings
            .iter()
            .map(|open| within(open).max(TimeDelta::zero()))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Monday to Friday from 9 to 17, on the clocks of Nairobi (UTC+3), and closed on Wednesday, the 4th of March 2026.
    fn shop() -> BusinessClock {
        let hours = serde_json::json!({
            "week": (1..=5).map(|day| serde_json::json!({"weekday": day, "from": "09:00", "until": "17:00"}))
                .collect::<Vec<_>>(),
            "special": [{"day": "2026-03-04", "hours": []}],
        });
        BusinessClock {
            zone: Tz::Africa__Nairobi,
            hours: Some(serde_json::from_value(hours).unwrap()),
        }
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
    fn a_closed_business_tells_when_it_opens() {
        let shop = shop();
        assert!(shop.is_open(at("2026-03-02T06:00:00Z")));
        assert!(!shop.is_open(at("2026-03-02T14:00:00Z")));
        for (now, opens) in [
            ("2026-03-02T05:59:00Z", "2026-03-02T06:00:00Z"),
            ("2026-03-03T14:00:00Z", "2026-03-05T06:00:00Z"),
            ("2026-03-06T14:00:00Z", "2026-03-09T06:00:00Z"),
        ] {
            assert_eq!(shop.opens_at(at(now)), Some(at(opens)), "{now}");
        }
    }

    #[test]
    fn only_the_hours_in_which_the_business_is_open_count() {
        let shop = shop();
        for (from, until, minutes) in [
            // Within an opening, over its end, and over its beginning.
            ("2026-03-02T07:00:00Z", "2026-03-02T07:30:00Z", 30),
            ("2026-03-02T13:30:00Z", "2026-03-02T20:00:00Z", 30),
            ("2026-03-02T01:00:00Z", "2026-03-02T06:10:00Z", 10),
            // Over a closed Wednesday, and over a weekend.
            ("2026-03-03T13:30:00Z", "2026-03-05T06:30:00Z", 60),
            ("2026-03-06T13:30:00Z", "2026-03-09T06:30:00Z", 60),
            // Over two whole days.
            ("2026-03-01T00:00:00Z", "2026-03-04T00:00:00Z", 960),
            // While it is closed, and no time at all.
            ("2026-03-07T00:00:00Z", "2026-03-08T00:00:00Z", 0),
            ("2026-03-02T07:00:00Z", "2026-03-02T07:00:00Z", 0),
        ] {
            let open = shop.open_between(at(from), at(until));
            assert_eq!(open.num_minutes(), minutes, "{from} to {until}");
        }
        let always = BusinessClock {
            hours: None,
            ..shop
        };
        let day = always.open_between(at("2026-03-07T00:00:00Z"), at("2026-03-08T00:00:00Z"));
        assert_eq!(day, TimeDelta::days(1));
    }
}
