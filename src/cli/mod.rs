//! The command line: one file a command.

#[cfg(feature = "bench")]
mod bench;
mod campaigns;
mod channels;
mod cron;
#[cfg(feature = "demo")]
mod demo;
mod doctor;
mod enqueue;
mod events;
mod jobs;
mod keys;
mod lanes;
mod migrate;
mod near;
mod openapi;
mod output;
mod payments;
mod queues;
mod run;
mod staff;
mod workspaces;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    CliError,
    config::Config,
    logging,
    runtime::{Runtime, Whose},
};

/// A durable job-queue worker platform for businesses that live on WhatsApp.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    /// A file over the defaults; kazi.toml in this folder when there is one.
    #[arg(long, env = "KAZI_CONFIG", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything in one process: API, web app, intake and workers.
    Run,
    /// The API, the web app and the intake alone: takes webhooks and writes them down.
    Serve,
    /// The workers alone.
    Work(run::Work),
    /// A business to play with: simulated providers, a phone in the browser, everything running.
    #[cfg(feature = "demo")]
    Demo,
    /// Brings the database up to this program.
    Migrate,
    /// Looks for what is wrong, and says what to do about it.
    Doctor(doctor::Doctor),
    /// Prints the configuration as it is in force, secrets hidden.
    Config(output::Format),
    /// Prints the API's OpenAPI document.
    Openapi,
    /// Enqueues a job by hand.
    Enqueue(enqueue::Enqueue),
    /// Looks at jobs and steps in.
    #[command(subcommand)]
    Jobs(jobs::Jobs),
    /// How the pools and lanes stand; stops them and lets them go.
    Queues(queues::Queues),
    /// Schedules.
    #[command(subcommand)]
    Cron(cron::Cron),
    /// The businesses: their names and ids.
    #[command(subcommand)]
    Workspaces(workspaces::Workspaces),
    /// The numbers and instances that send and receive.
    #[command(subcommand)]
    Channels(channels::Channels),
    /// Payments, and their comparison with Stripe.
    #[command(subcommand)]
    Payments(payments::Payments),
    /// Broadcasts: looks at them, sends and stops them.
    #[command(subcommand)]
    Campaigns(campaigns::Campaigns),
    /// The keys that encrypt tokens and credentials.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// The platform's own people.
    #[command(subcommand)]
    Staff(staff::Staff),
    /// Webhook events.
    #[command(subcommand)]
    Events(events::Events),
    /// Measures this machine and database.
    #[cfg(feature = "bench")]
    #[command(subcommand)]
    Bench(bench::Bench),
}

/// Runs the command. What went wrong is one paragraph on standard error.
pub async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli).await {
        Ok(code) => code,
        Err(fault) => {
            output::fault(fault.as_ref());
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode, CliError> {
    let config = Config::load(cli.config.as_deref())?;
    logging::start(&config.log);
    match cli.command {
        Command::Run => run::all(config).await?,
        Command::Serve => run::serve(config).await?,
        Command::Work(work) => work.run(config).await?,
        #[cfg(feature = "demo")]
        Command::Demo => demo::run(config).await?,
        Command::Migrate => migrate::run(config).await?,
        Command::Doctor(doctor) => return doctor.run(config).await,
        Command::Config(format) => format.config(&config)?,
        Command::Openapi => openapi::run(&config)?,
        Command::Enqueue(enqueue) => {
            with_runtime(config, async |runtime| enqueue.run(runtime).await).await?
        }
        Command::Jobs(jobs) => {
            with_runtime(config, async |runtime| jobs.run(runtime).await).await?
        }
        Command::Queues(queues) => {
            with_runtime(config, async |runtime| queues.run(runtime).await).await?
        }
        Command::Cron(cron) => {
            with_runtime(config, async |runtime| cron.run(runtime).await).await?
        }
        Command::Workspaces(workspaces) => {
            with_runtime(config, async |runtime| workspaces.run(runtime).await).await?
        }
        Command::Channels(channels) => {
            with_runtime(config, async |runtime| channels.run(runtime).await).await?
        }
        Command::Payments(payments) => {
            with_runtime(config, async |runtime| payments.run(runtime).await).await?
        }
        Command::Campaigns(campaigns) => {
            with_runtime(config, async |runtime| campaigns.run(runtime).await).await?
        }
        Command::Keys(keys) => {
            with_runtime(config, async |runtime| keys.run(runtime).await).await?
        }
        Command::Staff(staff) => {
            with_runtime(config, async |runtime| staff.run(runtime).await).await?
        }
        Command::Events(events) => {
            with_runtime(config, async |runtime| events.run(runtime).await).await?
        }
        #[cfg(feature = "bench")]
        Command::Bench(bench) => bench.run(config).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// For a command that needs the database as this program knows it, and ends.
async fn with_runtime(
    config: Config,
    command: impl AsyncFnOnce(&Runtime) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let runtime = Runtime::open(config, Whose::Anybodys).await?;
    let ended = match runtime.check_schema().await {
        Ok(()) => command(&runtime).await,
        Err(fault) => Err(fault),
    };
    runtime.close().await;
    ended
}
