//! Measures the queue on this machine and this database, beside bare SQL.
//!
//! The jobs do nothing, so only the queue is measured. The bench writes to the given database and deletes everything
//! afterwards: use a database that serves nothing else.

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

/// What to measure, and with which sizes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The rows to measure, in the order of [`BenchRow::ALL`].
    pub rows: Vec<BenchRow>,
    /// The number of jobs of a burn-down. A long backlog has five times as many, the longest ten times.
    pub jobs: usize,
    /// The number of lanes in the measurement of lanes.
    pub lanes: usize,
    /// The number of processes of a burn-down. One process is this one.
    pub processes: usize,
    /// The seconds of a steady load. A lane at its limit is watched for three times as long.
    pub seconds: u64,
    /// The number of slots of an engine.
    pub slots: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            rows: BenchRow::usual(),
            jobs: 200_000,
            lanes: 1_000,
            processes: 1,
            seconds: 10,
            slots: 2_000,
        }
    }
}

impl Plan {
    /// The number of jobs of a long backlog.
    pub fn backlog(&self) -> usize {
        self.jobs * 5
    }

    /// The number of jobs of the longest backlog.
    pub fn longest(&self) -> usize {
        self.jobs * 10
    }
}

/// A row of the table: one measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BenchRow {
    /// Bare SQL, bulk enqueue, burn-down, the burn-down with an old snapshot held, and what it costs the server.
    BurnDown,
    /// The time from a commit to the start of its job, at a steady load.
    PickUp,
    /// How late scheduled jobs start.
    Scheduled,
    /// Many lanes, one of them with a long backlog.
    Lanes,
    /// A lane at its limit, with three processes.
    Rate,
    /// Enqueue, burn-down and pick-up while a long backlog is scheduled for tomorrow.
    Waiting,
    /// The memory of a worker process.
    Memory,
    /// The statements that an idle process sends.
    Idle,
    /// The burn-down of the longest backlog with an old snapshot held. It takes minutes.
    HeldSnapshot,
}

impl BenchRow {
    /// All rows, in the order in which they are measured.
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

    /// All rows but the one that takes minutes.
    pub fn usual() -> Vec<Self> {
        let short = |row: &Self| *row != Self::HeldSnapshot;
        Self::ALL.into_iter().filter(short).collect()
    }

    /// The name of the row on the command line.
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

impl FromStr for BenchRow {
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

/// Why a measurement failed.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A statement failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A job was refused.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    /// The limits of a lane were refused.
    #[error(transparent)]
    Limits(#[from] LimitError),
    /// A worker process failed.
    #[error(transparent)]
    Worker(#[from] io::Error),
}

/// Called with what is being done, how much of it is done, and how much there is; 0 if that is not known.
pub type Hear<'a> = &'a (dyn Fn(&'static str, usize, usize) + Send + Sync);

/// The bench: a database, what to measure, and how to start workers.
pub struct Bench<'a> {
    /// The database. It must serve nothing else.
    pub db: &'a PgPool,
    /// What to measure.
    pub plan: &'a Plan,
    /// Builds the command of a process that calls [`work`] on the same database, with the plan's slots.
    pub worker: &'a (dyn Fn() -> Command + Send + Sync),
    /// Gets the progress.
    pub hear: Hear<'a>,
}

impl Bench<'_> {
    /// Measures the rows of the plan.
    ///
    /// # Errors
    /// A statement or a worker process failed.
    pub async fn run(&self) -> Result<Vec<Figure>, BenchError> {
        let mut figures = Vec::new();
        let (mut base, mut steady) = (None, None);
        for row in BenchRow::ALL {
            if !self.plan.rows.contains(&row) {
                continue;
            }
            // Several rows are compared with the plain burn-down, so it is measured once.
            let beside = [BenchRow::BurnDown, BenchRow::Lanes, BenchRow::Waiting];
            if base.is_none() && beside.contains(&row) {
                base = Some(burn::base(self).await?);
            }
            if steady.is_none() && [BenchRow::PickUp, BenchRow::Waiting].contains(&row) {
                table::clean(self.db).await?;
                steady = Some(latency::steady(self).await?);
            }
            let base = base.as_ref();
            figures.extend(match (row, base, steady) {
                (BenchRow::BurnDown, Some(base), _) => burn::measure(self, base).await?,
                (BenchRow::PickUp, _, Some((p50, p99))) => vec![
                    Figure::new("pick-up at 500 jobs/s, p50", p50, "ms").at_most(2.0),
                    Figure::new("pick-up at 500 jobs/s, p99", p99, "ms").at_most(10.0),
                ],
                (BenchRow::Lanes, Some(base), _) => lanes::measure(self, base).await?,
                (BenchRow::Waiting, Some(base), Some(steady)) => {
                    waiting::measure(self, base, steady).await?
                }
                (BenchRow::Scheduled, ..) => latency::scheduled(self).await?,
                (BenchRow::Rate, ..) => rate::measure(self).await?,
                (BenchRow::Memory, ..) => memory::measure(self).await?,
                (BenchRow::Idle, ..) => statements::measure(self).await?,
                (BenchRow::HeldSnapshot, ..) => burn::longest(self).await?,
                _ => Vec::new(),
            });
        }
        table::clean(self.db).await?;
        Ok(figures)
    }

    async fn fleet(&self, workers: usize) -> Result<Fleet, BenchError> {
        Fleet::start(self.worker, workers).await
    }

    /// Waits until `count` has reached `jobs`.
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

    /// Waits for `time` and reports the progress.
    async fn pass(&self, what: &'static str, time: Duration) {
        let tenths = usize::try_from(time.as_millis() / 100).unwrap_or(usize::MAX);
        for tenth in 0..tenths {
            (self.hear)(what, tenth, tenths);
            sleep(Duration::from_millis(100)).await;
        }
    }
}

/// The number with a comma between thousands.
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
        for row in BenchRow::ALL {
            assert_eq!(row.name().parse(), Ok(row));
        }
        assert!(
            "nothing"
                .parse::<BenchRow>()
                .unwrap_err()
                .contains("burn-down")
        );
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000_000), "1,000,000");
    }
}
