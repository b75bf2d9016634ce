//! `kazi bench`: what this machine and database can do.

use std::io::IsTerminal;

use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use kazi_queue::bench::{self, Figure, Plan};

use super::output::Format;
use crate::{
    Fault,
    config::Config,
    runtime::{Runtime, Whose},
};

/// What to measure.
#[derive(Subcommand)]
pub enum Bench {
    /// The queue, beside bare SQL. Uses a database that serves nothing else.
    Queue(Queue),
}

/// How much.
#[derive(Args)]
pub struct Queue {
    /// Jobs of a burn-down.
    #[arg(long, default_value_t = Plan::default().jobs)]
    jobs: usize,
    /// Seconds of a steady load.
    #[arg(long, default_value_t = Plan::default().seconds)]
    seconds: u64,
    /// Slots of the engine.
    #[arg(long, default_value_t = Plan::default().slots)]
    slots: usize,
    #[command(flatten)]
    format: Format,
}

impl Bench {
    /// Measures.
    pub async fn run(self, mut config: Config) -> Result<(), Fault> {
        let Self::Queue(queue) = self;
        config.database.folder.push("bench");
        let runtime = Runtime::open(config, Whose::Ours).await?;
        let measured = queue.run(&runtime).await;
        runtime.close().await;
        measured
    }
}

impl Queue {
    async fn run(self, runtime: &Runtime) -> Result<(), Fault> {
        kazi_queue::migrate(runtime.db()).await?;
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        bar.enable_steady_tick(std::time::Duration::from_millis(100));
        let plan = Plan {
            jobs: self.jobs,
            seconds: self.seconds,
            slots: self.slots,
        };
        let figures = bench::run(runtime.db(), &plan, |what| bar.set_message(what)).await?;
        bar.finish_and_clear();
        show(self.format, &figures)
    }
}

fn show(format: Format, figures: &[Figure]) -> Result<(), Fault> {
    format.rows(
        &["what", "measured", "unit", "target", ""],
        figures,
        |figure| {
            let target = figure.target.map(|target| {
                format!(
                    "{}{target}",
                    if figure.smaller_is_better {
                        "≤ "
                    } else {
                        "≥ "
                    }
                )
            });
            let met = if figure.met() { "" } else { "MISSED" };
            vec![
                figure.what.to_owned(),
                format!("{:.1}", figure.value),
                figure.unit.to_owned(),
                target.unwrap_or_default(),
                met.to_owned(),
            ]
        },
    )
}
