//! Days and times as texts for people, in a time zone.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use kazi_platform::Timestamp;

use crate::locale;

pub(crate) fn weekday(language: &str, day: NaiveDate) -> String {
    let key = format!("date-weekday-{}", day.weekday().number_from_monday());
    locale::text(language, &key, &[])
}

pub(crate) fn date(language: &str, day: NaiveDate) -> String {
    let month = locale::text(language, &format!("date-month-{}", day.month()), &[]);
    let fill = [("day", &*day.day().to_string()), ("month", &month)];
    locale::text(language, "date-of-month", &fill)
}

/// The local time of day.
pub(crate) fn time(zone: Tz, at: Timestamp) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

pub(crate) fn when(language: &str, zone: Tz, at: Timestamp) -> String {
    let day = at.with_timezone(&zone).date_naive();
    let fill = [
        ("weekday", &*weekday(language, day)),
        ("date", &date(language, day)),
        ("time", &time(zone, at)),
    ];
    locale::text(language, "date-and-time", &fill)
}
