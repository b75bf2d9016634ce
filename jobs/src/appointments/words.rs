//! Days and times as texts for people, in the time zone of the staff.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use kazi_platform::Timestamp;

use crate::locale;

pub(super) fn weekday(language: &str, day: NaiveDate) -> String {
    let key = format!("book-weekday-{}", day.weekday().number_from_monday());
    locale::text(language, &key, &[])
}

pub(super) fn date(language: &str, day: NaiveDate) -> String {
    let month = locale::text(language, &format!("book-month-{}", day.month()), &[]);
    let fill = [("day", &*day.day().to_string()), ("month", &month)];
    locale::text(language, "book-date", &fill)
}

/// The local time of day.
pub(super) fn time(zone: Tz, at: Timestamp) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

pub(super) fn when(language: &str, zone: Tz, at: Timestamp) -> String {
    let day = at.with_timezone(&zone).date_naive();
    let fill = [
        ("weekday", &*weekday(language, day)),
        ("date", &date(language, day)),
        ("time", &time(zone, at)),
    ];
    locale::text(language, "book-when", &fill)
}
