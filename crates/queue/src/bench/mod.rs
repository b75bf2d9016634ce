//! What the queue can do on this machine and this database, beside what bare SQL can.
//!
//! The jobs do nothing, so that only the queue is measured. Everything runs in the database that it is given and is
//! deleted afterwards: use one that serves nothing else.

mod burn;
mod explain;
mod figure;
mod fleet;
mod floor;
mod lanes;
mod latency;
mod memory;
mod rate;
mod statements;
mod table;
mod usage;
mod waiting;
mod work;

use std::{io, str::FromStr, time::Duration};

pub use explain::explain;
pub use figure::Figure;
pub use fleet::work;
pub use statements::load as load_statistics;

use fleet::{Fleet, LOOK};
use sqlx::PgPool;
use tokio::{process::Command, time::sleep};

use crate::types::{EnqueueError, LimitError};

/// What to measure with.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What to measure, in the order of [`Row::ALL`].
    pub rows: Vec<Row>,
    /// Jobs of a burn-down. A long backlog has five times as many, the longest ten times.
    pub jobs: usize,
    /// Lanes, where there are many.
    pub lanes: usize,
    /// Processes of a burn-down. One is this process.
    pub processes: usize,
    /// Seconds of a steady load. A lane at its limit is watched for three times as long.
    pub seconds: u64,
    /// Slots of an engine.
    pub slots: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            rows: Row::usual(),
            jobs: 200_000,
            lanes: 1_000,
            processes: 1,
            seconds: 10,
            slots: 2_000,
        }
    }
}

impl Plan {
    /// Jobs of a long backlog.
    pub fn backlog(&self) -> usize {
        self.jobs * 5
    }

    /// Jobs of the longest one.
    pub fn longest(&self) -> usize {
        self.jobs * 10
    }
}

/// Something that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Bare SQL, bulk enqueue, burn-down, the same with an old snapshot held, what it costs the server.
    BurnDown,
    /// From a commit to the start of its job, at a steady load.
    PickUp,
    /// How late scheduled jobs start.
    Scheduled,
    /// Many lanes, one of them with a long backlog.
    Lanes,
    /// A lane at its limit, in three processes.
    Rate,
    /// Enqueue, burn-down and pick-up while a long backlog waits for tomorrow.
    Waiting,
    /// What a worker process takes of the machine's memory.
    Memory,
    /// What an idle process asks of the database.
    Idle,
    /// The burn-down with an old snapshot held, at length. It takes minutes.
    HeldSnapshot,
}

impl Row {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::BurnDown,
        Self::PickUp,
        Self::Scheduled,
        Self::Lanes,
        Self::Rate,
        Self::Waiting,
        Self::Memory,
        Self::Idle,
        Self::HeldSnapshot,
    ];

    /// All but the long one.
    pub fn usual() -> Vec<Self> {
        let short = |row: &Self| *row != Self::HeldSnapshot;
        Self::ALL.into_iter().filter(short).collect()
    }

    /// As it is written on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BurnDown => "burn-down",
            Self::PickUp => "pick-up",
            Self::Scheduled => "scheduled",
            Self::Lanes => "lanes",
            Self::Rate => "rate",
            Self::Waiting => "waiting",
            Self::Memory => "memory",
            Self::Idle => "idle",
            Self::HeldSnapshot => "held-snapshot",
        }
    }
}

impl FromStr for Row {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|row| row.name() == name)
            .ok_or_else(|| {
                let known: Vec<&str> = Self::ALL.iter().map(|row| row.name()).collect();
                format!("there are {}", known.join(", "))
            })
    }
}

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A job could not be written.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    /// A lane's limits could not be set.
    #[error(transparent)]
    Limits(#[from] LimitError),
    /// A worker process failed.
    #[error(transparent)]
    Worker(#[from] io::Error),
}

/// Hears what is being done, how much of it is done, and of how much; 0 where that is not known.
pub type Hear<'a> = &'a (dyn Fn(&'static str, usize, usize) + Send + Sync);

/// A measurement.
pub struct Bench<'a> {
    /// The database, which serves nothing else.
    pub db: &'a PgPool,
    /// What is measured.
    pub plan: &'a Plan,
    /// Starts a process that calls [`work`] on the same database, with the plan's slots.
    pub worker: &'a (dyn Fn() -> Command + Send + Sync),
    /// Who hears what is being done.
    pub hear: Hear<'a>,
}

impl Bench<'_> {
    /// Measures the rows of the plan.
    ///
    /// # Errors
    /// The database failed, or a worker process did.
    pub async fn run(&self) -> Result<Vec<Figure>, BenchError> {
        let mut figures = Vec::new();
        let (mut base, mut steady) = (None, None);
        for row in Row::ALL {
            if !self.plan.rows.contains(&row) {
                continue;
            }
            // Several rows stand beside the plain burn-down: it is measured once.
            let beside = [Row::BurnDown, Row::Lanes, Row::Waiting];
            if base.is_none() && beside.contains(&row) {
                base = Some(burn::base(self).await?);
            }
            if steady.is_none() && [Row::PickUp, Row::Waiting].contains(&row) {
                table::clean(self.db).await?;
                steady = Some(latency::steady(self).await?);
            }
            let base = base.as_ref();
            figures.extend(match (row, base, steady) {
                (Row::BurnDown, Some(base), _) => burn::measure(self, base).await?,
                (Row::PickUp, _, Some((p50, p99))) => vec![
                    Figure::new("pick-up at 500 jobs/s, p50", p50, "ms").at_most(2.0),
                    Figure::new("pick-up at 500 jobs/s, p99", p99, "ms").at_most(10.0),
                ],
                (Row::Lanes, Some(base), _) => lanes::measure(self, base).await?,
                (Row::Waiting, Some(base), Some(steady)) => {
                    waiting::measure(self, base, steady).await?
                }
                (Row::Scheduled, ..) => latency::scheduled(self).await?,
                (Row::Rate, ..) => rate::measure(self).await?,
                (Row::Memory, ..) => memory::measure(self).await?,
                (Row::Idle, ..) => statements::measure(self).await?,
                (Row::HeldSnapshot, ..) => burn::longest(self).await?,
                _ => Vec::new(),
            });
        }
        table::clean(self.db).await?;
        Ok(figures)
    }

    async fn fleet(&self, workers: usize) -> Result<Fleet, BenchError> {
        Fleet::start(self.worker, workers).await
    }

    /// Waits until `count` has come to `jobs`.
    async fn reached(
        &self,
        what: &'static str,
        jobs: usize,
        count: impl Fn() -> Result<usize, BenchError>,
    ) -> Result<(), BenchError> {
        for look in 0_u32.. {
            let done = count()?;
            if done >= jobs {
                break;
            }
            if look.is_multiple_of(100) {
                (self.hear)(what, done, jobs);
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// Lets time pass.
    async fn pass(&self, what: &'static str, time: Duration) {
        let tenths = usize::try_from(time.as_millis() / 100).unwrap_or(usize::MAX);
        for tenth in 0..tenths {
            (self.hear)(what, tenth, tenths);
            sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Thousands apart, as a person reads them.
fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_name_of_its_own() {
        for row in Row::ALL {
            assert_eq!(row.name().parse(), Ok(row));
        }
        assert!("nothing".parse::<Row>().unwrap_err().contains("burn-down"));
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000_000), "1,000,000");
    }
}
