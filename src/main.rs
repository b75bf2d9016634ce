//! Kazi: a durable job-queue worker platform for businesses that live on WhatsApp.

mod api;
mod cli;
mod config;
mod figures;
mod http;
mod intake;
mod links;
mod logging;
mod media;
mod observe;
mod problem;
mod returns;
mod runtime;
mod upkeep;
mod web;

use std::process::ExitCode;

/// Why a command failed, for a person.
type CliError = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    cli::main().await
}
