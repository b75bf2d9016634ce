//! When triggers look for contacts, and local times. Pure.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use kazi_platform::Timestamp;
use kazi_queue::cron::Schedule;

use super::model::Trigger;

/// Seconds between two looks for anniversaries: zones differ from UTC by multiples of it.
const QUARTER_SECONDS: i64 = 900;
/// Seconds between two looks for silent contacts.
const HOUR_SECONDS: i64 = 3_600;
/// Seconds between two looks for abandoned carts.
const CART_SECONDS: i64 = 300;
/// Anniversaries whose hour was missed for longer are over.
const LATE: TimeDelta = TimeDelta::hours(12);

impl Trigger {
    /// The first look after a time. `None`: it waits for events, or its years are over.
    pub(super) fn next(&self, zone: Tz, after: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Cron { expression, .. } => {
                let schedule = Schedule::new("automation", expression).zone(zone.name());
                schedule.next_fires(after, 1).ok()?.into_iter().next()
            }
            Self::Anniversary { .. } => multiple(after, QUARTER_SECONDS),
            Self::Inactive { .. } => multiple(after, HOUR_SECONDS),
            Self::CartAbandoned { .. } => multiple(after, CART_SECONDS),
            Self::OrderDelivered {}
            | Self::BookingCompleted {}
            | Self::SubscriptionEnded {}
            | Self::PointsReached { .. } => None,
        }
    }
}

/// The first multiple of so many seconds after a time.
fn multiple(after: Timestamp, seconds: i64) -> Option<Timestamp> {
    let next = (after.timestamp().div_euclid(seconds) + 1) * seconds;
    DateTime::from_timestamp(next, 0)
}

/// The first time after one at which a clock of the zone shows this.
pub(super) fn next_local(zone: Tz, time: NaiveTime, after: Timestamp) -> Timestamp {
    let today = after.with_timezone(&zone).date_naive();
    let days = [Some(today), today.succ_opt()].into_iter().flatten();
    let mut moments = days.map(|day| moment(zone, day, time));
    moments
        .find(|at| *at > after)
        .unwrap_or(after + TimeDelta::days(1))
}

/// A local time as a moment. A time that the clocks skip is the one an hour later.
fn moment(zone: Tz, day: NaiveDate, time: NaiveTime) -> Timestamp {
    let local = zone.from_local_datetime(&day.and_time(time)).earliest();
    let later = || {
        let local = day.and_time(time) + TimeDelta::hours(1);
        zone.from_local_datetime(&local).earliest()
    };
    let found = local.or_else(later);
    found.map_or_else(|| day.and_time(time).and_utc(), |at| at.to_utc())
}

/// The days of the year, like `05-31`, on which an anniversary may be somewhere in the world between two times. On the 28th
/// of February of most years, those of the 29th are among them.
pub(super) fn days(from: Timestamp, until: Timestamp) -> Vec<String> {
    let first = (from - TimeDelta::days(1)).date_naive();
    let last = (until + TimeDelta::days(1)).date_naive();
    let mut days: Vec<String> = first
        .iter_days()
        .take_while(|day| *day <= last)
        .map(|day| day.format("%m-%d").to_string())
        .collect();
    if days.iter().any(|day| day == "02-28") && !days.iter().any(|day| day == "02-29") {
        days.push("02-29".to_owned());
    }
    days
}

/// The beginning of what an anniversary's look covers.
pub(super) fn since(looked_at: Option<Timestamp>, now: Timestamp) -> Timestamp {
    looked_at.map_or(now, |at| at.max(now - LATE))
}

/// The anniversary of a date whose local time is within a span, as the year and the number of years.
pub(super) fn anniversary(
    date: &str,
    time: NaiveTime,
    zone: Tz,
    (from, until): (Timestamp, Timestamp),
) -> Option<(i32, i32)> {
    let date: NaiveDate = date.parse().ok()?;
    let year = from.with_timezone(&zone).year();
    (year..=year + 1).find_map(|year| {
        let day = date
            .with_year(year)
            .or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))?;
        let at = moment(zone, day, time);
        let years = year - date.year();
        (years > 0 && at > from && at <= until).then_some((year, years))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").unwrap()
    }

    const NAIROBI: Tz = Tz::Africa__Nairobi;

    #[test]
    fn a_trigger_looks_by_its_clock() {
        let cron = Trigger::Cron {
            expression: "0 9 * * MON".into(),
            segment_id: None,
            audience: None,
        };
        // A Monday, 9:00 in Nairobi.
        let monday = at("2030-01-07T06:00:00Z");
        let before = at("2030-01-07T05:59:00Z");
        assert_eq!(cron.next(NAIROBI, before), Some(monday));
        assert_eq!(
            cron.next(NAIROBI, monday),
            Some(monday + TimeDelta::weeks(1))
        );
        let birthday = Trigger::Anniversary {
            field: "birthday".into(),
            time: "09:00".into(),
        };
        assert_eq!(
            birthday.next(NAIROBI, before),
            Some(at("2030-01-07T06:00:00Z"))
        );
        let silent = Trigger::Inactive { days: 30 };
        assert_eq!(
            silent.next(NAIROBI, monday),
            Some(at("2030-01-07T07:00:00Z"))
        );
    }

    #[test]
    fn a_local_time_is_today_or_tomorrow_and_one_that_is_skipped_comes_later() {
        let nine = |after| next_local(NAIROBI, time("09:00"), at(after));
        assert_eq!(nine("2030-01-07T05:00:00Z"), at("2030-01-07T06:00:00Z"));
        assert_eq!(nine("2030-01-07T06:00:00Z"), at("2030-01-08T06:00:00Z"));
        // It is the 8th there already.
        assert_eq!(nine("2030-01-07T22:00:00Z"), at("2030-01-08T06:00:00Z"));
        // The clocks jump from 2:00 to 3:00.
        let gap = next_local(
            Tz::Europe__Berlin,
            time("02:30"),
            at("2026-03-28T23:00:00Z"),
        );
        assert_eq!(gap, at("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn an_anniversary_is_once_a_year_at_the_contacts_hour() {
        let span = (at("2030-01-07T05:45:00Z"), at("2030-01-07T06:00:00Z"));
        let on = |date, zone| anniversary(date, time("09:00"), zone, span);
        assert_eq!(on("1990-01-07", NAIROBI), Some((2030, 40)));
        assert_eq!(on("1990-01-08", NAIROBI), None);
        assert_eq!(on("1990-01-07", Tz::Europe__London), None);
        // On the day itself nothing comes back.
        assert_eq!(on("2030-01-07", NAIROBI), None);
        assert_eq!(on("no date", NAIROBI), None);
        // The look before has covered the beginning of the span.
        let later = (at("2030-01-07T06:00:00Z"), at("2030-01-07T06:15:00Z"));
        assert_eq!(
            anniversary("1990-01-07", time("09:00"), NAIROBI, later),
            None
        );
        let leap = (at("2030-02-28T05:45:00Z"), at("2030-02-28T06:00:00Z"));
        let born = "1992-02-29";
        assert_eq!(
            anniversary(born, time("09:00"), NAIROBI, leap),
            Some((2030, 38))
        );
        assert!(days(leap.0, leap.1).contains(&"02-29".to_owned()));
        // Midnight of the first of January, in a zone whose year begins while it is still the old year in UTC.
        let eve = (at("2029-12-31T20:45:00Z"), at("2029-12-31T21:00:00Z"));
        assert_eq!(
            anniversary("1990-01-01", time("00:00"), NAIROBI, eve),
            Some((2030, 40))
        );
        assert!(days(eve.0, eve.1).contains(&"01-01".to_owned()));
    }

    #[test]
    fn a_long_silence_of_the_program_is_not_made_up_for() {
        let now = at("2030-01-07T06:00:00Z");
        assert_eq!(since(None, now), now);
        assert_eq!(
            since(Some(now - TimeDelta::hours(2)), now),
            now - TimeDelta::hours(2)
        );
        assert_eq!(since(Some(now - TimeDelta::days(9)), now), now - LATE);
    }
}
