//! The crash test. It kills, freezes and cuts what runs, and then proves from a record that nothing was lost or doubled.
//! It is no part of the shipped program.
//!
//! `kazi-chaos queue` is the parent. It starts a PostgreSQL of its own ([`server`]), copies of itself that run the queue
//! ([`fleet`], [`worker`]), and writers that enqueue jobs and note what they meant ([`load`]). A seed decides the troubles
//! ([`plan`]), and the parent carries them out ([`trouble`]). Each run of a job ([`work`]) leaves rows in tables
//! ([`record`]). In the end queries on these tables prove every promise ([`proof`]).

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
    /// Crashes the parts under the job queue at random, and proves that every job still ended once.
    Queue(queue::Args),
    /// A worker process. Other commands start and end it.
    #[command(hide = true)]
    Worker(worker::Args),
}

// Two threads are enough for these processes. The other cores are for PostgreSQL.
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
