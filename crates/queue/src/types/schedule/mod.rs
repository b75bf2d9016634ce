//! What a schedule is, without a database and without a clock.

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
/// The largest cap of [`Missed::All`], in fires.
pub const MAX_CAP: u16 = 1000;

/// What happens to fire times that passed while no process ran. A fire that is less than a minute late is not missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "policy", rename_all = "snake_case")]
pub enum Missed {
    /// Missed fires are forgotten. For a reminder that is useless when it comes too late.
    Skip,
    /// Only the latest missed fire is enqueued. For a job that brings something up to date.
    #[default]
    One,
    /// Missed fires are enqueued one by one, the oldest first, up to the cap. The others are forgotten.
    All {
        /// The number of missed fires to enqueue: 1 to [`MAX_CAP`].
        cap: u16,
    },
}

impl Missed {
    /// The name, as stored and as typed: `skip`, `one`, `all`.
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

/// A schedule: its name, when it fires, and what happens to missed fires. The job is given beside it. The schedule is
/// checked when it is [put](crate::cron::put), or when the engine starts.
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
    /// Fires as the expression says, in UTC. Of missed fires the latest is enqueued.
    ///
    /// The expression has five fields as in crontab(5): minute, hour, day of the month, month, weekday. Or it has six,
    /// with the second first, or seven, with the year last. Or it is `@hourly`, `@daily`, `@weekly`, `@monthly` or
    /// `@yearly`. Weekdays are SUN to SAT or 0 to 7, where 0 and 7 are Sunday. If both day and weekday are restricted,
    /// five fields fire on days that match either of them, as crontab(5) does. Six and seven fields fire on days that
    /// match both: `0 0 8 1-7 * MON` is the first Monday.
    pub fn new(name: impl Into<String>, expression: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            expression: expression.into(),
            zone: "UTC".into(),
            missed: Missed::default(),
            tenant: None,
        }
    }

    /// Sets the time zone by its IANA name.
    ///
    /// When the clock is put forward, a time that does not exist fires once, at the first moment after the gap. When
    /// the clock is put back, a time that exists twice fires once, the first time. This holds for every expression. A
    /// job that must run every few minutes on such a day too is better scheduled in UTC, the default.
    pub fn zone(mut self, zone: impl Into<String>) -> Self {
        self.zone = zone.into();
        self
    }

    /// Sets what happens to missed fires.
    pub fn missed(mut self, missed: Missed) -> Self {
        self.missed = missed;
        self
    }

    /// Sets the tenant of the schedule and of its jobs. Names are unique per tenant.
    pub fn tenant(mut self, tenant: impl Into<Uuid>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// The name of the schedule.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Checks everything that needs no database.
    ///
    /// # Errors
    /// The first field that is not allowed, with the rule.
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

    /// The next fire times after `after`, at most `count`. There are fewer if the expression's years end.
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
