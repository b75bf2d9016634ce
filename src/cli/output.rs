//! The output of commands: tables for people, JSON for programs.

use std::io::{self, IsTerminal, Write};

use clap::Args;
use comfy_table::{ContentArrangement, Table, presets::ASCII_MARKDOWN};
use serde::Serialize;

use crate::{CliError, config::Config};

/// The format of the output.
#[derive(Args, Clone, Copy)]
pub struct Format {
    /// Prints JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

impl Format {
    /// Prints rows as a table, or their source as JSON.
    pub fn rows<T: Serialize>(
        self,
        header: &[&str],
        values: &[T],
        row: impl Fn(&T) -> Vec<String>,
    ) -> Result<(), CliError> {
        if self.json {
            return json(&values);
        }
        let mut table = table();
        table.set_header(header);
        for value in values {
            table.add_row(row(value));
        }
        print(&format!("{table}\n"))
    }

    pub fn config(self, config: &Config) -> Result<(), CliError> {
        let value = serde_json::to_value(config)?;
        if self.json {
            return json(&value);
        }
        let mut table = table();
        table.set_header(["key", "value"]);
        let mut keys = Vec::new();
        flatten("", &value, &mut keys);
        for (key, value) in keys {
            table.add_row([key, value]);
        }
        print(&format!("{table}\n"))
    }
}

fn flatten(prefix: &str, value: &serde_json::Value, into: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::Object(section) => {
            for (key, value) in section {
                let key = if prefix.is_empty() {
                    key.clone()
                } else {
                    format!("{prefix}.{key}")
                };
                flatten(&key, value, into);
            }
        }
        serde_json::Value::String(text) => into.push((prefix.to_owned(), text.clone())),
        other => into.push((prefix.to_owned(), other.to_string())),
    }
}

fn table() -> Table {
    let mut table = Table::new();
    table
        .load_style(ASCII_MARKDOWN)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table
}

pub fn json(value: &impl Serialize) -> Result<(), CliError> {
    print(&format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// Prints a text. A reader that ends early (`| head`) causes no error.
pub fn print(text: &str) -> Result<(), CliError> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints the reason of a failure.
pub fn fault(fault: &(dyn std::error::Error + Send + Sync)) {
    let mut text = fault.to_string();
    let mut cause = fault.source();
    while let Some(inner) = cause {
        // Some errors repeat their cause in their own text.
        let words = inner.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        cause = inner.source();
    }
    let (red, plain) = if io::stderr().is_terminal() {
        ("\x1b[31m", "\x1b[0m")
    } else {
        ("", "")
    };
    let _ = writeln!(io::stderr(), "{red}kazi:{plain} {text}");
}

/// Formats a time for an operator.
pub fn time(at: kazi_platform::Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M:%S%.3f").to_string()
}
