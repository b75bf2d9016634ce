//! Log lines on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

pub fn start(log: &Log) {
    let filter = EnvFilter::try_new(&log.level).unwrap_or_default();
    let terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match log.format {
        LogFormat::Json => lines.json().flatten_event(true).init(),
        LogFormat::Auto if !terminal => lines.json().flatten_event(true).init(),
        LogFormat::Auto | LogFormat::Text => lines.with_ansi(terminal).with_target(false).init(),
    }
}
