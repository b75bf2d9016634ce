use clap::Subcommand;
use kazi_jobs::channels;
use kazi_platform::database;

use super::output;
use crate::{CliError, runtime::Runtime};

/// Commands for webhook events.
#[derive(Subcommand)]
pub enum Events {
    /// Lists events that belong to no channel. Add their number or instance, or remove it from the provider's dashboard.
    Unrouted {
        /// The most events in the list, the newest first.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
        limit: i64,
        #[command(flatten)]
        format: output::Format,
    },
}

impl Events {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let Self::Unrouted { limit, format } = self;
        // These events belong to no workspace yet.
        let mut tx = database::platform(&runtime.ctx.db).await?;
        let events = channels::unrouted(&mut tx, limit).await?;
        format.rows(
            &[
                "event",
                "received",
                "provider",
                "number or instance",
                "kind",
            ],
            &events,
            |event| {
                vec![
                    event.id.to_string(),
                    output::time(event.received_at),
                    event.provider.clone(),
                    event.external_id.clone(),
                    event.kind.clone(),
                ]
            },
        )
    }
}
