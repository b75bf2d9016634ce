//! Where ready jobs wait.

use chrono::{DateTime, Utc};

/// A lane and a priority. Ready jobs of one level are claimed by due time, then by number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Level {
    pub pool: String,
    pub lane: String,
    pub priority: i16,
}

/// The place of a job in its level: its due time and its number.
pub(crate) type Place = (DateTime<Utc>, i64);

/// A bound in the order of a level: only jobs behind it are wanted. Without a number it stands before the first job of
/// that due time.
pub(crate) type Mark = (DateTime<Utc>, Option<i64>);

/// What a claim asks of one level.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub level: Level,
    /// Claims only jobs behind this mark; `None` claims from the start of the level.
    pub after: Option<Mark>,
    /// How many jobs at most.
    pub quota: i32,
}
