//! What a schedule is: pure, without a database and without a clock.

mod error;
mod expression;
mod timetable;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use error::CronError;
pub(crate) use timetable::Timetable;

/// The longest name of a schedule, in bytes.
pub const MAX_NAME: usize = 200;
/// The largest cap of [`Missed::All`].
pub const MAX_CAP: u16 = 1000;

/// What becomes of fire times that passed while nobody could fire them. A fire less than a minute late is not missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "policy", rename_all = "snake_case")]
pub enum Missed {
    /// They are forgotten: a reminder that comes too late is worse than none.
    Skip,
    /// The latest of them is fired, once: what brings something up to date need not do so three times.
    #[default]
    One,
    /// They are fired one by one, the oldest first, up to the cap; the others are forgotten.
    All {
        /// At most so many: 1 to [`MAX_CAP`].
        cap: u16,
    },
}

impl Missed {
    /// As stored and as typed: `skip`, `one`, `all`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::One => "one",
            Self::All { .. } => "all",
        }
    }

    pub(crate) fn cap(self) -> Option<i16> {
        match self {
            Self::All { cap } => Some(i16::try_from(cap).unwrap_or(i16::MAX)),
            Self::Skip | Self::One => None,
        }
    }

    pub(crate) fn stored(name: &str, cap: Option<i16>) -> Self {
        match (name, cap) {
            ("skip", _) => Self::Skip,
            ("all", Some(cap)) => Self::All {
                cap: u16::try_from(cap).unwrap_or(1),
            },
            _ => Self::One,
        }
    }
}

/// A schedule as its author writes it: a name, when it fires, and what becomes of missed fires. The job that it
/// enqueues is given beside it. It is checked where it is [put](super::put) or when the engine starts.
///
/// ```
/// # use kazi_queue::cron::{Missed, Schedule};
/// let daily = Schedule::new("reports.daily", "0 8 * * *").zone("Africa/Nairobi").missed(Missed::One);
/// assert!(daily.check().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Schedule {
    pub(crate) name: String,
    pub(crate) expression: String,
    pub(crate) zone: String,
    pub(crate) missed: Missed,
    pub(crate) tenant: Option<Uuid>,
}

impl Schedule {
    /// Fires when the expression says, in UTC; of missed fires the latest is made good.
    ///
    /// The expression has five fields as in crontab(5): minute, hour, day of the month, month, weekday; or six with the
    /// second first, or seven with the year last; or is `@hourly`, `@daily`, `@weekly`, `@monthly` or `@yearly`.
    /// Weekdays are SUN to SAT or 0 to 7, where 0 and 7 are Sunday. Where day and weekday are both given, five fields
    /// fire on either (as crontab(5) does), six and seven on days that are both: `0 0 8 1-7 * MON` is the first Monday.
    pub fn new(name: impl Into<String>, expression: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            expression: expression.into(),
            zone: "UTC".into(),
            missed: Missed::default(),
            tenant: None,
        }
    }

    /// Read on the clocks of this place, by its IANA name.
    ///
    /// Where the clock is put forward, a time that does not exist is fired once, at the first moment after the gap.
    /// Where it is put back, a time that is there twice is fired once, the first time; this goes for every expression,
    /// so that what should run every few minutes, come what may, is better written in UTC, the default.
    pub fn zone(mut self, zone: impl Into<String>) -> Self {
        self.zone = zone.into();
        self
    }

    /// What becomes of missed fires.
    pub fn missed(mut self, missed: Missed) -> Self {
        self.missed = missed;
        self
    }

    /// Whom it belongs to, and with it the jobs that it enqueues. Names are unique per tenant.
    pub fn tenant(mut self, tenant: impl Into<Uuid>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Checks everything that needs no database.
    ///
    /// # Errors
    /// The field at fault, with the rule.
    pub fn check(&self) -> Result<(), CronError> {
        let name = &self.name;
        if name.is_empty() || name.len() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(CronError::Name {
                name: name.chars().take(MAX_NAME).collect(),
            });
        }
        if let Missed::All { cap } = self.missed
            && !(1..=MAX_CAP).contains(&cap)
        {
            return Err(CronError::Cap { cap });
        }
        self.timetable().map(drop)
    }

    /// The next fire times after this one, at most `count`. Fewer where its years come to an end.
    ///
    /// # Errors
    /// The expression or the zone is not allowed.
    pub fn next_fires(
        &self,
        after: DateTime<Utc>,
        count: usize,
    ) -> Result<Vec<DateTime<Utc>>, CronError> {
        let timetable = self.timetable()?;
        let fires = std::iter::successors(timetable.next(after), |fire| timetable.next(*fire));
        Ok(fires.take(count).collect())
    }

    pub(crate) fn timetable(&self) -> Result<Timetable, CronError> {
        Timetable::read(&self.expression, &self.zone)
    }
}
