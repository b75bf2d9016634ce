use clap::Subcommand;
use kazi_queue::cron;

use super::output::{self, Format, time};
use crate::{CliError, runtime::Runtime};

/// Commands for schedules.
#[derive(Subcommand)]
pub enum Cron {
    /// Lists the schedules of the program.
    List(Format),
    /// Shows the next times of a schedule.
    Next {
        /// The name, like channels.purge_events.
        name: String,
        /// The number of times to show.
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=100))]
        count: u8,
        #[command(flatten)]
        format: Format,
    },
    /// Enqueues the schedule's job now, in addition to its times.
    Run {
        /// The name, like channels.purge_events.
        name: String,
    },
    /// Stops a schedule.
    Pause {
        /// The name, like channels.purge_events.
        name: String,
    },
    /// Starts a paused schedule again.
    Resume {
        /// The name, like channels.purge_events.
        name: String,
    },
}

impl Cron {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let mut conn = runtime.ctx.owner.acquire().await?;
        match self {
            Self::List(format) => {
                let schedules = cron::list(&mut conn, None, 0, 1_000).await?;
                let header = ["schedule", "expression", "zone", "job", "last", "next", ""];
                format.rows(&header, &schedules, |schedule| {
                    vec![
                        schedule.name.clone(),
                        schedule.expression.clone(),
                        schedule.zone.clone(),
                        schedule.kind.clone(),
                        schedule.last_fire.map(time).unwrap_or_default(),
                        schedule.next_fire.map(time).unwrap_or_default(),
                        if schedule.paused { "paused" } else { "" }.to_owned(),
                    ]
                })
            }
            Self::Next {
                name,
                count,
                format,
            } => {
                let fires = cron::next_fires(&mut conn, None, &name, count.into()).await?;
                format.rows(&["next fires (UTC)"], &fires, |fire| vec![time(*fire)])
            }
            Self::Run { name } => {
                let enqueued =
                    cron::run_now(&mut conn, &kazi_jobs::registry(), None, &name).await?;
                output::print(&format!("job {}\n", enqueued.id))
            }
            Self::Pause { name } => {
                cron::pause(&mut conn, None, &name).await?;
                output::print(&format!("{name} is paused\n"))
            }
            Self::Resume { name } => {
                cron::resume(&mut conn, None, &name).await?;
                output::print(&format!("{name} goes on\n"))
            }
        }
    }
}
