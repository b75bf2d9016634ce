//! Measures the queue: rates, waits and costs, beside bare SQL.

use clap::{Args, builder::RangedU64ValueParser};
use indicatif::ProgressStyle;
use kazi_platform::database;
use kazi_queue::bench::{self, BenchRow, Figure, Plan};
use secrecy::ExposeSecret;
use tokio::process::Command;

use super::{Format, print, show, spinner};
use crate::{CliError, cli::output::json, config::Config, runtime::Runtime};

/// A number within a range.
macro_rules! within {
    ($range:expr) => {
        RangedU64ValueParser::<usize>::new().range($range)
    };
}

/// The size of the measurement.
#[derive(Args)]
pub struct Queue {
    /// Jobs of a burn-down. A long backlog has five times as many, and the longest ten times.
    #[arg(long, default_value_t = Plan::default().jobs, value_parser = within!(1_000..=10_000_000))]
    jobs: usize,
    /// The number of lanes in the measurement of many lanes. One of them has a long backlog.
    #[arg(long, default_value_t = Plan::default().lanes, value_parser = within!(2..=10_000))]
    lanes: usize,
    /// Processes of a burn-down.
    #[arg(long, default_value_t = Plan::default().processes, value_parser = within!(1..=16))]
    processes: usize,
    /// Seconds of a steady load. A lane at its limit is watched three times as long.
    #[arg(long, default_value_t = Plan::default().seconds, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// Slots of an engine.
    #[arg(long, default_value_t = Plan::default().slots, value_parser = within!(1..=20_000))]
    slots: usize,
    /// Also burns down the longest backlog while an old snapshot is held. This takes minutes.
    #[arg(long)]
    held_snapshot: bool,
    /// Measures only these: burn-down, pick-up, scheduled, lanes, rate, waiting, memory, idle, held-snapshot.
    #[arg(long, value_name = "ROW", num_args = 1.., value_delimiter = ',')]
    only: Vec<BenchRow>,
    /// Repeats each measurement, and prints the smallest and the largest value.
    #[arg(long, default_value_t = 1, value_parser = within!(1..=100))]
    runs: usize,
    /// Prints PostgreSQL's plan of the claim with many lanes and a long backlog, and measures nothing.
    #[arg(long, conflicts_with_all = ["only", "held_snapshot", "runs"])]
    explain: bool,
    #[command(flatten)]
    format: Format,
}

impl Queue {
    fn plan(&self) -> Plan {
        let mut rows = if self.only.is_empty() {
            BenchRow::usual()
        } else {
            self.only.clone()
        };
        if self.held_snapshot {
            rows.push(BenchRow::HeldSnapshot);
        }
        Plan {
            rows,
            jobs: self.jobs,
            lanes: self.lanes,
            processes: self.processes,
            seconds: self.seconds,
            slots: self.slots,
        }
    }

    /// Returns true when our own server must be started again, to count its statements.
    pub async fn wants_restart(&self, runtime: &Runtime) -> Result<bool, CliError> {
        let counts = !self.explain && self.plan().rows.contains(&BenchRow::Idle);
        Ok(counts && bench::load_statistics(&runtime.ctx.owner).await?)
    }

    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let plan = self.plan();
        let program = std::env::current_exe()?;
        let bar = spinner();
        let counting =
            ProgressStyle::with_template("{spinner} {prefix} {bar:40} {pos}/{len} {msg}")?;
        let waiting = ProgressStyle::with_template("{spinner} {prefix} {msg}")?;
        let hear = |what: &'static str, done: usize, of: usize| {
            bar.set_style(if of == 0 { &waiting } else { &counting }.clone());
            bar.set_length(of as u64);
            bar.set_position(done as u64);
            bar.set_message(what);
        };
        let worker = || {
            let mut worker = Command::new(&program);
            worker
                .args(["bench", "worker", "--slots", &plan.slots.to_string()])
                // Not an argument, because everybody on the machine can read those.
                .env("DATABASE_URL", runtime.url().expose_secret())
                .env_remove("KAZI_DATABASE__URL")
                .env("KAZI_LOG__LEVEL", "warn");
            worker
        };
        let bench = bench::Bench {
            db: &runtime.ctx.owner,
            plan: &plan,
            worker: &worker,
            hear: &hear,
        };
        if self.explain {
            let plan = bench::explain(&bench).await?;
            bar.finish_and_clear();
            return if self.format.json {
                json(&plan.lines().collect::<Vec<_>>())
            } else {
                print(&format!("{plan}\n"))
            };
        }
        let mut figures = Vec::new();
        for run in 1..=self.runs {
            if self.runs > 1 {
                bar.set_prefix(format!("run {run} of {}", self.runs));
            }
            Figure::gather(&mut figures, bench.run().await?);
        }
        bar.finish_and_clear();
        show(self.format, &figures)
    }
}

/// A process that runs jobs until its standard input ends.
#[derive(Args)]
pub struct Worker {
    #[arg(long)]
    slots: usize,
}

impl Worker {
    pub async fn run(self, config: &Config) -> Result<(), CliError> {
        let url = config.database.url.get().ok_or("DATABASE_URL is empty")?;
        let pools = database::connect(url.expose_secret(), config.database.max_connections).await?;
        Ok(bench::work(&pools.owner, self.slots).await?)
    }
}
