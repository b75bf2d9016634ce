//! `kazi run`, `kazi serve`, `kazi work`.

use axum::Router;
use clap::Args;
use kazi_queue::Pool;

use crate::{
    CliError,
    config::{self, Config},
    http,
    runtime::{self, Parts, Runtime, Whose},
};

/// Selects the pools to work.
#[derive(Args)]
pub struct Work {
    /// Only these pools, like interactive,whatsapp=64. A number sets the slots.
    #[arg(long, value_name = "POOL[=SLOTS],…", value_delimiter = ',')]
    pools: Vec<String>,
}

/// Runs everything in one process.
pub async fn all(config: Config) -> Result<(), CliError> {
    let pools = config.pools();
    start(config, true, pools).await
}

/// Runs API, web app and intake, without workers.
pub async fn serve(config: Config) -> Result<(), CliError> {
    start(config, true, Vec::new()).await
}

impl Work {
    /// Runs the workers only.
    pub async fn run(self, config: Config) -> Result<(), CliError> {
        let configured = config.pools();
        let mut pools = Vec::new();
        for wanted in &self.pools {
            pools.push(slots(wanted, &configured)?);
        }
        if pools.is_empty() {
            pools = configured;
        }
        if pools.is_empty() {
            return Err("no pool has slots: set queue.pools, or name pools with --pools".into());
        }
        start(config, false, pools).await
    }
}

fn slots(wanted: &str, configured: &[(Pool, usize)]) -> Result<(Pool, usize), CliError> {
    let (name, slots) = wanted
        .split_once('=')
        .map_or((wanted, None), |(name, slots)| (name, Some(slots)));
    let pool = config::pool(name).map_err(|wrong| format!("--pools: {wrong}"))?;
    let slots = match slots {
        Some(slots) => slots
            .parse()
            .ok()
            .filter(|slots| (1..=10_000).contains(slots)),
        None => configured
            .iter()
            .find(|(known, _)| *known == pool)
            .map(|(_, slots)| *slots),
    };
    let slots = slots.ok_or_else(|| {
        format!("--pools: {wanted:?} needs slots from 1 to 10000, like {name}=16")
    })?;
    Ok((pool, slots))
}

async fn start(config: Config, intake: bool, pools: Vec<(Pool, usize)>) -> Result<(), CliError> {
    let stop = runtime::signals()?;
    // The address is taken before the database is opened, so that a second program on this address changes nothing.
    let listener = http::listen(config.http.bind).await?;
    let runtime = Runtime::open(config, Whose::Ours).await?;
    let parts = Parts {
        intake,
        pools,
        listener,
        routes: Router::new(),
    };
    let ended = match runtime.check_schema().await {
        Ok(()) => runtime::run(&runtime.ctx, &runtime.config, parts, stop).await,
        Err(fault) => Err(fault),
    };
    runtime.close().await;
    ended
}
