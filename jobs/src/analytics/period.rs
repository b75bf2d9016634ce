//! Days, weeks, months and years of a business.

use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use kazi_platform::Timestamp;

kazi_platform::texts! {
    /// A length of time by the calendar. A week begins on Monday.
    pub enum Period as "AnalyticsPeriod" {
        Day = "day",
        Week = "week",
        Month = "month",
        Year = "year",
    }
}

impl Period {
    /// The first day of the period that holds this day.
    pub(super) fn start(self, day: NaiveDate) -> NaiveDate {
        let first = match self {
            Self::Day => Some(day),
            Self::Week => {
                day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into()))
            }
            Self::Month => day.with_day(1),
            Self::Year => day.with_ordinal(1),
        };
        first.unwrap_or(day)
    }

    /// The last day of the period that begins on this day.
    pub(super) fn end(self, start: NaiveDate) -> NaiveDate {
        let next = match self {
            Self::Day => start.checked_add_days(Days::new(1)),
            Self::Week => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
            Self::Year => start.checked_add_months(Months::new(12)),
        };
        next.and_then(|next| next.pred_opt()).unwrap_or(start)
    }

    /// The first day of the period before the one that begins on this day.
    pub(super) fn before(self, start: NaiveDate) -> NaiveDate {
        start.pred_opt().map_or(start, |day| self.start(day))
    }

    /// The figure that counts a contact on the first day of each period on which the contact writes.
    pub(super) const fn active(self) -> &'static str {
        match self {
            Self::Day => "active_day",
            Self::Week => "active_week",
            Self::Month => "active_month",
            Self::Year => "active_year",
        }
    }
}

/// The first and the last day of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub from: NaiveDate,
    pub until: NaiveDate,
}

impl Span {
    /// The part of a period that has passed at the end of a day, and as many days of the period before it. So the figures
    /// of an unfinished period are compared with equal days.
    pub(super) fn compared(period: Period, day: NaiveDate) -> (Self, Self) {
        let from = period.start(day);
        let before = period.before(from);
        let passed = day - from;
        let until = before
            .checked_add_signed(passed)
            .unwrap_or(before)
            .min(period.end(before));
        // The day before a month's last one is compared with a whole shorter month.
        let until = if day == period.end(from) {
            period.end(before)
        } else {
            until
        };
        (
            Self { from, until: day },
            Self {
                from: before,
                until,
            },
        )
    }

    pub(super) fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.from
            .iter_days()
            .take_while(move |day| *day <= self.until)
    }

    /// The number of days.
    pub(super) fn length(self) -> i64 {
        (self.until - self.from + TimeDelta::days(1)).num_days()
    }
}

/// The day of a time on the clocks of a zone.
pub(super) fn day_of(at: Timestamp, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_unfinished_period_is_compared_with_equal_days() {
        for (period, today, now, before) in [
            (
                Period::Day,
                "2026-03-01",
                ("2026-03-01", "2026-03-01"),
                ("2026-02-28", "2026-02-28"),
            ),
            // A Wednesday.
            (
                Period::Week,
                "2026-03-04",
                ("2026-03-02", "2026-03-04"),
                ("2026-02-23", "2026-02-25"),
            ),
            (
                Period::Month,
                "2026-03-30",
                ("2026-03-01", "2026-03-30"),
                ("2026-02-01", "2026-02-28"),
            ),
            (
                Period::Month,
                "2026-04-30",
                ("2026-04-01", "2026-04-30"),
                ("2026-03-01", "2026-03-31"),
            ),
            (
                Period::Month,
                "2026-04-29",
                ("2026-04-01", "2026-04-29"),
                ("2026-03-01", "2026-03-29"),
            ),
            (
                Period::Year,
                "2025-01-02",
                ("2025-01-01", "2025-01-02"),
                ("2024-01-01", "2024-01-02"),
            ),
        ] {
            let span = |(from, until): (&str, &str)| Span {
                from: day(from),
                until: day(until),
            };
            assert_eq!(
                Span::compared(period, day(today)),
                (span(now), span(before)),
                "{period} {today}"
            );
        }
    }

    #[test]
    fn a_day_is_that_of_the_zone() {
        let at: Timestamp = "2026-03-01T22:30:00Z".parse().unwrap();
        assert_eq!(day_of(at, Tz::Africa__Nairobi), day("2026-03-02"));
        assert_eq!(day_of(at, Tz::America__Bogota), day("2026-03-01"));
        // A quarter of an hour begins this day.
        let at: Timestamp = "2026-03-01T18:15:00Z".parse().unwrap();
        assert_eq!(day_of(at, Tz::Asia__Kathmandu), day("2026-03-02"));
    }
}
