//! The states of a job and their numbers in the database.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = QueueJobState)]
#[repr(i16)]
pub enum State {
    /// The job waits for its due time.
    Scheduled = 7,
    /// The job is due and waits for a slot.
    Ready = 0,
    /// A process runs the job now.
    Running = 1,
    /// The job waits for an earlier job of its sequence, or for the end of the batch that it is the callback of.
    Blocked = 2,
    /// The job ended well.
    Done = 3,
    /// The job is a dead letter: it failed for good and waits for a person.
    Dead = 4,
    /// Somebody cancelled the job.
    Cancelled = 5,
}

/// How a job ends that is done and leaves no record. No row ever has this state.
pub(crate) const FORGOTTEN: i16 = 6;

impl State {
    /// All states, in the order of a job's life.
    pub const ALL: [Self; 7] = [
        Self::Scheduled,
        Self::Blocked,
        Self::Ready,
        Self::Running,
        Self::Done,
        Self::Dead,
        Self::Cancelled,
    ];

    /// The name, as printed and as filters accept it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Blocked => "blocked",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    /// The number in the column `state`.
    pub(crate) const fn number(self) -> i16 {
        self as i16
    }

    /// The state with this number. A number that no state has counts as ready: only a newer program writes one.
    pub(crate) fn of_number(number: i16) -> Self {
        Self::ALL
            .into_iter()
            .find(|state| state.number() == number)
            .unwrap_or(Self::Ready)
    }
}

/// Calls a query macro of sqlx. Names of states in the text stand for their numbers:
///
/// `sql!(query_scalar, "SELECT id FROM queue.jobs WHERE state = " Ready " AND pool = $1", pool)`
///
/// `sql!(query_as<Level>, …)` is `query_as!(Level, …)`, and `sql!(text, …)` is the text alone.
///
/// The number becomes part of the text, and is not bound as a parameter, because the indexes are partial
/// (`WHERE state = 0`): PostgreSQL uses such an index only if it sees the number when it plans.
///
/// `StillRunning` stands for `state + 0 = 1`. Statements that find their jobs by id use it. The sum hides the column
/// from the planner. With a plain `state = 1` the planner may choose the index of all running jobs instead of the
/// primary key. That index is slow while somebody holds an old snapshot, because it then keeps the dead entries of
/// every job that has ended since.
///
/// `Alive` stands for a process whose lease has not run out. The row of a dead process stays until another one takes its
/// jobs, which may be for ever.
macro_rules! sql {
    // The text is complete: answer it, or call sqlx.
    (@ [text] [$first:tt $(+ $text:tt)*]) => {
        concat!($first $(, $text)*)
    };
    (@ [$call:ident $($of:ty)?] [$first:tt $($text:tt)*]) => {
        sqlx::$call!($($of,)? $first $($text)*)
    };
    (@ [$call:ident $($of:ty)?] [$first:tt $($text:tt)*] , $($args:tt)*) => {
        sqlx::$call!($($of,)? $first $($text)*, $($args)*)
    };
    // A name follows: add its number.
    (@ $call:tt [$($text:tt)*] Ready $($rest:tt)*) => { sql!(@ $call [$($text)* + "0"] $($rest)*) };
    (@ $call:tt [$($text:tt)*] Running $($rest:tt)*) => { sql!(@ $call [$($text)* + "1"] $($rest)*) };
    (@ $call:tt [$($text:tt)*] Blocked $($rest:tt)*) => { sql!(@ $call [$($text)* + "2"] $($rest)*) };
    (@ $call:tt [$($text:tt)*] Done $($rest:tt)*) => { sql!(@ $call [$($text)* + "3"] $($rest)*) };
    (@ $call:tt [$($text:tt)*] Dead $($rest:tt)*) => { sql!(@ $call [$($text)* + "4"] $($rest)*) };
    (@ $call:tt [$($text:tt)*] Cancelled $($rest:tt)*) => { sql!(@ $call [$($text)* + "5"] $($rest)*) };
    (@ $call:tt [$($text:tt)*] Forgotten $($rest:tt)*) => { sql!(@ $call [$($text)* + "6"] $($rest)*) };
    (@ $call:tt [$($text:tt)*] Scheduled $($rest:tt)*) => { sql!(@ $call [$($text)* + "7"] $($rest)*) };
    (@ $call:tt [$($text:tt)*] StillRunning $($rest:tt)*) => { sql!(@ $call [$($text)* + "state + 0 = 1"] $($rest)*) };
    (@ $call:tt [$($text:tt)*] Alive $($rest:tt)*) => {
        sql!(@ $call [$($text)* + "beat_at > now() - interval '15 seconds'"] $($rest)*)
    };
    // A piece of text follows.
    (@ $call:tt [$($text:tt)*] $piece:tt $($rest:tt)*) => { sql!(@ $call [$($text)* + $piece] $($rest)*) };
    // The beginning.
    ($call:ident<$of:ty>, $first:tt $($rest:tt)*) => { sql!(@ [$call $of] [$first] $($rest)*) };
    ($call:ident, $first:tt $($rest:tt)*) => { sql!(@ [$call] [$first] $($rest)*) };
}
pub(crate) use sql;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::EngineConfig;

    #[test]
    fn each_name_in_a_statement_is_the_number_of_its_state() {
        let texts = [
            (sql!(text, "" Scheduled), State::Scheduled),
            (sql!(text, "" Blocked), State::Blocked),
            (sql!(text, "" Ready), State::Ready),
            (sql!(text, "" Running), State::Running),
            (sql!(text, "" Done), State::Done),
            (sql!(text, "" Dead), State::Dead),
            (sql!(text, "" Cancelled), State::Cancelled),
        ];
        assert_eq!(texts.map(|(_, state)| state), State::ALL);
        for (text, state) in texts {
            assert_eq!(text, state.number().to_string());
            assert_eq!(State::of_number(state.number()), state);
        }
        assert_eq!(sql!(text, "" Forgotten), FORGOTTEN.to_string());
        assert_eq!(
            sql!(text, "" StillRunning),
            format!("state + 0 = {}", State::Running.number())
        );
        let lease = EngineConfig::default().lease.as_secs();
        assert_eq!(
            sql!(text, "" Alive),
            format!("beat_at > now() - interval '{lease} seconds'")
        );
    }
}
