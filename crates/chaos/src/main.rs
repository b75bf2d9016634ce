//! The crash test: kills, freezes and cuts what runs, then proves from what was written down that nothing was lost or
//! doubled. Never a part of the shipped program.
//!
//! `kazi-chaos queue` is the parent. It starts a PostgreSQL of its own ([`server`]), copies of itself that run the queue
//! ([`fleet`], [`worker`]), and writers that enqueue jobs together with a record of what they meant ([`load`]). From a
//! seed it plans its troubles ([`plan`]) and makes them ([`trouble`]). Each run of a job ([`work`]) leaves traces in
//! tables ([`record`]). In the end the tables are asked whether every promise was kept ([`proof`]).

mod fleet;
mod load;
mod plan;
mod proof;
mod queue;
mod record;
mod report;
mod server;
mod trouble;
mod work;
mod worker;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

/// Why a command failed, for a person.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Breaks Kazi on purpose and proves that its promises hold.
#[derive(Parser)]
#[command(name = "kazi-chaos", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Crashes what the job queue stands on, at random, and proves that every job still ended, once.
    Queue(queue::Args),
    /// One process that runs jobs, started and ended by the others.
    #[command(hide = true)]
    Worker(worker::Args),
}

// The test's own processes need no more than this, and the machine's other cores are for PostgreSQL.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let ended = match Cli::parse().command {
        Command::Queue(args) => queue::run(args).await,
        Command::Worker(args) => worker::run(args).await.map(|()| true),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            let _ = writeln!(io::stderr(), "kazi-chaos: {fault}");
            ExitCode::from(2)
        }
    }
}
