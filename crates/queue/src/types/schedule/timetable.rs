//! When a schedule fires.

use std::str::FromStr;

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};

use super::{CronError, MAX_NAME, Missed, expression::Expression};

/// A fire that is late by at most this is on time. A busy database or a restart may take that long.
const ON_TIME: TimeDelta = TimeDelta::seconds(60);

/// An expression, read on the clocks of a time zone.
#[derive(Clone, Debug)]
pub(crate) struct Timetable {
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

    /// The first fire after `after`.
    ///
    /// Local times are tried in order, and `moment` never decreases for later ones. So the first local time whose
    /// moment is after `after` is the answer. Times in one gap share a moment, and so do the two passes of a repeated
    /// hour: the comparison skips their repetitions.
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

    /// The moment at which the local clock shows this time. If it does so twice, the first time; if never, the end of
    /// the gap.
    fn moment(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self.zone.from_local_datetime(&local) {
            LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment),
            LocalResult::None => GapInfo::new(&local, &self.zone)?.end,
        }
        .map(|moment| moment.with_timezone(&Utc))
    }

    /// The fires to enqueue at `now`, oldest first. `first` is the earliest fire that was not handled so far.
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
                // The cap is for missed fires, and this one is not missed.
                if on_time && !fires.contains(&latest) {
                    fires.push(latest);
                }
                fires
            }
        }
    }

    /// The last fire up to `now`, from `first` on. The search halves the time: for a year of seconds it takes 25 steps
    /// instead of 31 million.
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
