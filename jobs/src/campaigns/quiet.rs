//! Quiet hours: marketing waits, in the time zone of the recipient's country, or else of the workspace. Pure.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono::{NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use kazi_platform::Timestamp;

use crate::workspaces::QuietHours;

/// One time zone for each country: the one where most people live. From the IANA database's zone.tab.
static ZONES: LazyLock<BTreeMap<&'static str, Tz>> = LazyLock::new(|| {
    let lines = include_str!("zones.txt").lines();
    lines
        .filter_map(|line| {
            let (country, zone) = line.split_once(' ')?;
            Some((country, zone.parse().ok()?))
        })
        .collect()
});

/// The time zone of a country.
pub fn zone_of(country: &str) -> Option<Tz> {
    ZONES.get(country).copied()
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Quiet {
    from: NaiveTime,
    until: NaiveTime,
    home: Tz,
}

impl Quiet {
    /// Returns `None` for hours that cannot be read.
    pub fn new(hours: &QuietHours, zone: &str) -> Option<Self> {
        let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
        Some(Self {
            from: time(&hours.from)?,
            until: time(&hours.until)?,
            home: zone.parse().unwrap_or(Tz::UTC),
        })
    }

    /// The end of the present quiet hours in a country. Returns `None` outside quiet hours.
    pub fn ends(&self, country: Option<&str>, now: Timestamp) -> Option<Timestamp> {
        let zone = country.and_then(zone_of);
        self.ends_in(zone.unwrap_or(self.home), now)
    }

    /// The end of the present quiet hours in a zone. Returns `None` outside quiet hours.
    pub fn ends_in(&self, zone: Tz, now: Timestamp) -> Option<Timestamp> {
        let local = now.with_timezone(&zone);
        let time = local.time();
        let over_midnight = self.from > self.until;
        let quiet = if over_midnight {
            time >= self.from || time < self.until
        } else {
            time >= self.from && time < self.until
        };
        if !quiet {
            return None;
        }
        let today = local.date_naive();
        let day = if over_midnight && time >= self.from {
            today.succ_opt().unwrap_or(today)
        } else {
            today
        };
        let ends = zone.from_local_datetime(&day.and_time(self.until));
        // A change of the clocks skips this hour, so the quiet hours are over an hour later.
        let ends = ends.earliest().map(|at| at.to_utc());
        Some(ends.unwrap_or(now + TimeDelta::hours(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_are_those_of_the_recipient() {
        let hours = |from: &str, until: &str| QuietHours {
            from: from.into(),
            until: until.into(),
        };
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let night = Quiet::new(&hours("21:00", "08:00"), "Africa/Nairobi").unwrap();
        // In Nairobi it is three hours later than in London's winter.
        for (country, now, ends) in [
            (None, "2026-01-10T18:30:00Z", Some("2026-01-11T05:00:00Z")),
            (
                Some("KE"),
                "2026-01-10T04:59:59Z",
                Some("2026-01-10T05:00:00Z"),
            ),
            (Some("KE"), "2026-01-10T05:00:00Z", None),
            (Some("GB"), "2026-01-10T18:30:00Z", None),
            (
                Some("GB"),
                "2026-01-10T21:00:00Z",
                Some("2026-01-11T08:00:00Z"),
            ),
            (
                Some("BR"),
                "2026-01-11T00:30:00Z",
                Some("2026-01-11T11:00:00Z"),
            ),
            // No country of ours: at home.
            (
                Some("ZZ"),
                "2026-01-10T18:30:00Z",
                Some("2026-01-11T05:00:00Z"),
            ),
        ] {
            assert_eq!(
                night.ends(country, at(now)),
                ends.map(at),
                "{country:?} {now}"
            );
        }
        let noon = Quiet::new(&hours("12:00", "14:00"), "UTC").unwrap();
        assert_eq!(noon.ends(None, at("2026-01-10T11:59:00Z")), None);
        assert_eq!(
            noon.ends(None, at("2026-01-10T13:00:00Z")),
            Some(at("2026-01-10T14:00:00Z"))
        );
        assert!(Quiet::new(&hours("25:00", "08:00"), "UTC").is_none());
        // Clocks that jump from 2:00 to 3:00.
        let gap = Quiet::new(&hours("22:00", "02:30"), "Europe/Berlin").unwrap();
        assert!(gap.ends(Some("DE"), at("2026-03-28T22:00:00Z")).is_some());
    }

    #[test]
    fn every_line_of_the_zones_is_read() {
        assert_eq!(ZONES.len(), include_str!("zones.txt").lines().count());
    }
}
