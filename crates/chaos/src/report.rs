//! The report: what was done to the queue, what the queue did, and what was found.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use comfy_table::{ContentArrangement, Table, presets::ASCII_MARKDOWN};
use serde::Serialize;

use crate::{
    load::Written,
    plan::Trouble,
    proof::{Finding, Tally},
    trouble::Done,
};

/// The report of a test.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The seed, to repeat the test.
    pub seed: u64,
    /// The length of the trouble, in seconds.
    pub seconds: u64,
    /// The number of workers at a time.
    pub processes: usize,
    /// The troubles that took place.
    pub troubles: Done,
    /// Workers that were started in all.
    pub workers_started: usize,
    /// Workers that a poison job has killed.
    pub workers_killed_by_jobs: usize,
    /// What the workers logged, and how often.
    pub said: BTreeMap<&'static str, usize>,
    /// What the writers did.
    pub written: Written,
    /// How long the remaining jobs took after the trouble, in milliseconds. `None`: they did not end in time.
    pub drained_in_ms: Option<u128>,
    /// What happened to the jobs.
    pub jobs: Vec<Tally>,
    /// The proof.
    pub findings: Vec<Finding>,
    /// The folder with all data, kept if a promise was broken.
    pub kept: Option<String>,
}

impl Report {
    /// Whether every promise was kept.
    pub fn holds(&self) -> bool {
        self.findings.iter().all(|finding| finding.violations == 0)
    }

    /// Prints the report.
    pub fn print(&self, json: bool) -> Result<(), crate::Fault> {
        if json {
            return Ok(say(&serde_json::to_string_pretty(self)?)?);
        }
        let mut done = table(&["what was done", "times"]);
        for (trouble, times) in &self.troubles {
            let mut what = trouble.words().to_owned();
            if *trouble == Trouble::Restart {
                what = format!("{what} ({} ms at most)", times.longest_ms);
            }
            done.add_row([what, times.times.to_string()]);
        }
        let mut row = |what: &str, times: u64| {
            done.add_row([what.to_owned(), times.to_string()]);
        };
        row(
            "worker killed by a poison job",
            count(self.workers_killed_by_jobs),
        );
        row("worker started", count(self.workers_started));
        row("transaction committed", self.written.committed);
        row(
            "transaction rolled back on purpose",
            self.written.rolled_back,
        );
        for (error, times) in &self.written.failed {
            row(&format!("transaction failed: {error}"), *times);
        }
        for (what, times) in &self.said {
            row(what, count(*times));
        }
        say(&format!("{done}\n"))?;

        let mut jobs = table(&[
            "jobs",
            "committed",
            "done",
            "dead",
            "in sequence",
            "duplicates",
            "runs",
            "effects",
            "repeated",
            "refused",
        ]);
        for t in &self.jobs {
            let figures = [
                t.jobs,
                t.done,
                t.dead,
                t.sequenced,
                t.duplicates,
                t.runs,
                t.effects,
                t.repeated,
                t.refused,
            ];
            jobs.add_row(
                std::iter::once(t.act.clone()).chain(figures.iter().map(ToString::to_string)),
            );
        }
        say(&format!("{jobs}\n"))?;

        let mut found = table(&["what must hold", "found"]);
        for finding in &self.findings {
            let verdict = match finding.violations {
                0 => "holds".to_owned(),
                many => format!("VIOLATED {many}×"),
            };
            found.add_row([finding.promise.to_owned(), verdict]);
        }
        say(&format!("{found}\n"))?;
        match self.drained_in_ms {
            Some(ms) => say(&format!("Drained {ms} ms after the last trouble."))?,
            None => say("It did not drain.")?,
        }
        for finding in self.findings.iter().filter(|f| f.violations > 0) {
            say(&format!("\nVIOLATED: {}", finding.promise))?;
            for line in &finding.evidence {
                say(&format!("  - {line}"))?;
            }
        }
        if let Some(folder) = &self.kept {
            say(&format!(
                "\nThe database and the workers' logs are in {folder}; repeat with --seed {}.",
                self.seed
            ))?;
        }
        Ok(())
    }
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(ASCII_MARKDOWN)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    table
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// A reader that has closed the pipe (`| head`) is no error.
pub fn say(text: &str) -> io::Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}
