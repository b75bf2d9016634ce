//! What a schedule is and when it fires: pure, without a database and without a clock.

use std::str::FromStr;

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CronError, MAX_CAP, MAX_NAME, expression::Expression};

/// A fire that comes no later than this is on time: that much a busy database or a restart may take.
const ON_TIME: TimeDelta = TimeDelta::seconds(60);

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

    pub(super) fn cap(self) -> Option<i16> {
        match self {
            Self::All { cap } => Some(i16::try_from(cap).unwrap_or(i16::MAX)),
            Self::Skip | Self::One => None,
        }
    }

    pub(super) fn stored(name: &str, cap: Option<i16>) -> Self {
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
    pub(super) name: String,
    pub(super) expression: String,
    pub(super) zone: String,
    pub(super) missed: Missed,
    pub(super) tenant: Option<Uuid>,
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

    pub(super) fn timetable(&self) -> Result<Timetable, CronError> {
        Timetable::read(&self.expression, &self.zone)
    }
}

/// An expression on the clocks of a place.
#[derive(Clone, Debug)]
pub(super) struct Timetable {
    expression: Expression,
    zone: Tz,
}

impl Timetable {
    pub fn read(expression: &str, zone: &str) -> Result<Self, CronError> {
        Ok(Self {
            expression: Expression::from_str(expression)?,
            zone: Tz::from_str(zone).map_err(|_| CronError::Zone {
                zone: zone.chars().take(MAX_NAME).collect(),
            })?,
        })
    }

    /// The first fire after this moment.
    ///
    /// `moment` never decreases as the wall clock goes on, so the answer is that of the first wall-clock time whose
    /// moment is after `after`: times of one gap, and of an hour's repetition, fall out by themselves.
    pub fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut local = after.with_timezone(&self.zone).naive_local();
        loop {
            local = self.expression.next_local(local)?;
            match self.moment(local) {
                Some(moment) if moment <= after => {}
                moment => return moment,
            }
        }
    }

    /// When the clock on the wall shows this: the first time where it does so twice, the end of the gap where never.
    fn moment(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self.zone.from_local_datetime(&local) {
            LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment),
            LocalResult::None => GapInfo::new(&local, &self.zone)?.end,
        }
        .map(|moment| moment.with_timezone(&Utc))
    }

    /// Which fires to make good at `now`, oldest first, when `first` is the earliest one not dealt with.
    pub fn due(
        &self,
        first: DateTime<Utc>,
        now: DateTime<Utc>,
        missed: Missed,
    ) -> Vec<DateTime<Utc>> {
        if first > now {
            return Vec::new();
        }
        let latest = self.latest(first, now);
        let on_time = now - latest <= ON_TIME;
        match missed {
            Missed::Skip if !on_time => Vec::new(),
            Missed::Skip | Missed::One => vec![latest],
            Missed::All { cap } => {
                let mut fires: Vec<_> = std::iter::successors(Some(first), |fire| self.next(*fire))
                    .take_while(|fire| *fire <= now)
                    .take(cap.into())
                    .collect();
                // The cap is for missed ones; this one is not.
                if on_time && !fires.contains(&latest) {
                    fires.push(latest);
                }
                fires
            }
        }
    }

    /// The last fire up to `now`, from `first` on. Found by halving: a year of seconds is 25 steps, not 31 million.
    fn latest(&self, first: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut latest = first;
        // There is a fire between `low` and now; there is none between `high + 1` and now.
        let (mut low, mut high) = (first.timestamp() - 1, now.timestamp());
        while low < high {
            let middle = low + (high - low + 1) / 2;
            let next = DateTime::from_timestamp(middle, 0).and_then(|at| self.next(at));
            match next.filter(|next| *next <= now) {
                Some(next) => {
                    latest = next;
                    low = middle;
                }
                None => high = middle - 1,
            }
        }
        latest
    }
}
