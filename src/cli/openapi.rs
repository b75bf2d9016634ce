//! Prints the API's document without a server.

use crate::{CliError, api, cli::output, config::Config};

pub fn run(config: &Config) -> Result<(), CliError> {
    let document = api::document(&config.http.public_url).to_pretty_json()?;
    output::print(&format!("{document}\n"))
}
