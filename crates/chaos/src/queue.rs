//! The crash test of the job queue, from the first process to the verdict.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, IsTerminal, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use tempfile::TempDir;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    Fault,
    fleet::Fleet,
    load::{self, WRITERS, Written},
    plan::{self, Trouble},
    proof::{self, Finding},
    report::{Report, say},
    server::Server,
    trouble,
};

/// The size and the length of the test.
#[derive(clap::Args)]
pub struct Args {
    /// The length of the trouble, in seconds.
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    /// The number of workers at a time.
    #[arg(long, default_value_t = 4, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=8))]
    processes: usize,
    /// The seed. The same seed repeats the troubles and the jobs, as far as timing allows.
    #[arg(long)]
    seed: Option<u64>,
    /// Only these troubles, to find out which are needed for a failure. Without `kill`, jobs do not kill their process
    /// either.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Trouble>,
    /// Jobs written a second.
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rate: u32,
    /// How many seconds the remaining jobs may take after the trouble.
    #[arg(long, default_value_t = 60)]
    drain: u64,
    /// Prints JSON instead of tables.
    #[arg(long)]
    json: bool,
}

/// How long a worker may take to end after the trouble.
const LEAVE: Duration = Duration::from_secs(10);

/// Log messages of the workers, and what they mean.
const SAYINGS: [(&str, &str); 6] = [
    ("the lease was lost", "lease lost and noticed"),
    ("took back the jobs", "process's jobs taken back"),
    (
        "put back jobs whose claim",
        "claims put back whose answer was lost",
    ),
    ("could not claim jobs", "claim failed and tried again"),
    ("could not write acks", "ack failed and tried again"),
    ("the heartbeat did not reach", "heartbeat failed"),
];

/// Runs the test. True: every promise was kept.
pub async fn run(args: Args) -> Result<bool, Fault> {
    let seed = args
        .seed
        .unwrap_or_else(|| u64::from(rand::random::<u32>()));
    if args.json {
        writeln!(io::stderr(), "seed {seed}")?;
    } else {
        say(&format!("seed {seed}"))?;
    }
    let folder = tempfile::Builder::new().prefix("kazi-chaos-").tempdir()?;
    // As root the server runs as another user, who must be able to enter the folder.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
    let stop = CancellationToken::new();
    let mut server = Server::start(folder.path(), WRITERS + 6, args.rate).await?;
    let mut fleet = Fleet::start(server.url(), folder.path(), args.processes)?;
    let tested = tokio::select! {
        tested = test(&args, seed, &mut server, &mut fleet, folder.path(), &stop) => tested,
        interrupted = tokio::signal::ctrl_c() => Err(interrupted.err().map_or("interrupted".into(), Into::into)),
    };
    stop.cancel();
    fleet.end(LEAVE).await?;
    server.stop().await;
    let mut report = tested?;
    if !report.holds() {
        report.kept = Some(folder.keep().display().to_string());
    } else {
        TempDir::close(folder)?;
    }
    report.print(args.json)?;
    Ok(report.holds())
}

async fn test(
    args: &Args,
    seed: u64,
    server: &mut Server,
    fleet: &mut Fleet,
    folder: &Path,
    stop: &CancellationToken,
) -> Result<Report, Fault> {
    let schedule = plan::schedule(seed, args.seconds, &args.only);
    let bar = progress(args.seconds);
    bar.set_message("trouble");
    let _doorbell = kazi_queue::Doorbell::start(server.db.clone());
    let writers = tokio::spawn(load::write(
        server.db.clone(),
        seed,
        f64::from(args.rate),
        args.only.is_empty() || args.only.contains(&Trouble::Kill),
        stop.clone(),
    ));
    let lasts = Duration::from_secs(args.seconds);
    let troubles = trouble::make(server, fleet, folder, &schedule, lasts, &bar).await?;
    stop.cancel();
    let written = writers.await??;
    bar.set_message("draining");
    let drained = drain(server, fleet, Duration::from_secs(args.drain)).await?;
    let stray = fleet.end(LEAVE).await?;
    bar.set_message("proving");
    let mut findings = proof::findings(&server.db, &fleet.asked).await?;
    findings.extend(of_processes(fleet, stray, &written, folder)?);
    bar.finish_and_clear();
    Ok(Report {
        seed,
        seconds: args.seconds,
        processes: args.processes,
        troubles,
        workers_started: fleet.started,
        workers_killed_by_jobs: fleet.killed_by_jobs,
        said: said(folder)?,
        written,
        drained_in_ms: drained.map(|took| took.as_millis()),
        jobs: proof::tallies(&server.db).await?,
        findings,
        kept: None,
    })
}

/// Waits until no job and no dead process is left. `None`: that did not happen in time.
async fn drain(
    server: &Server,
    fleet: &mut Fleet,
    limit: Duration,
) -> Result<Option<Duration>, Fault> {
    let began = Instant::now();
    while began.elapsed() < limit {
        fleet.tend()?;
        // The pool may still hold connections that were cut.
        let left: Result<(i64, i64), _> = sqlx::query_as(
            "SELECT (SELECT count(*) FROM queue.jobs), (SELECT count(*) FROM queue.processes)",
        )
        .fetch_one(&server.db)
        .await;
        if let Ok((0, processes)) = left
            && usize::try_from(processes).is_ok_and(|n| n <= fleet.alive())
        {
            return Ok(Some(began.elapsed()));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(None)
}

/// Findings that the tables do not tell.
fn of_processes(
    fleet: &Fleet,
    stray: usize,
    written: &Written,
    folder: &Path,
) -> io::Result<Vec<Finding>> {
    let mut bad = fleet.failed.clone();
    if stray > 0 {
        bad.push(format!("{stray} workers did not end within {LEAVE:?}"));
    }
    let logs = logs(folder)?;
    let lines = |words: &'static str| {
        logs.iter().flat_map(move |(name, text)| {
            let lines = text.lines().filter(move |line| line.contains(words));
            lines.map(move |line| format!("{name}: {line}"))
        })
    };
    bad.extend(lines("ended badly"));
    let refused = written
        .failed
        .iter()
        // Cut connections and a starting or ending server are our own doing.
        .filter(|(code, _)| *code != "connection" && !code.starts_with("57P"))
        .map(|(code, times)| format!("{times} transactions failed with {code}"))
        .collect();
    Ok(vec![
        Finding::new("workers end when they are asked to, and only then", bad),
        // PostgreSQL's answer to a BEGIN on a connection whose last user left in the middle of a transaction.
        Finding::new(
            "no connection is handed on inside an open transaction",
            lines("already a transaction in progress").collect(),
        ),
        Finding::new(
            "an enqueue fails only with its connection (no deadlock, no time-out)",
            refused,
        ),
    ])
}

fn said(folder: &Path) -> io::Result<BTreeMap<&'static str, usize>> {
    let logs = logs(folder)?;
    Ok(SAYINGS
        .iter()
        .map(|(words, meaning)| {
            let times = logs
                .iter()
                .map(|(_, text)| text.matches(words).count())
                .sum();
            (*meaning, times)
        })
        .collect())
}

fn logs(folder: &Path) -> io::Result<Vec<(String, String)>> {
    let mut logs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name.starts_with("worker-") {
            let bytes = fs::read(&path)?;
            logs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(logs)
}

fn progress(seconds: u64) -> ProgressBar {
    let bar = if io::stderr().is_terminal() {
        ProgressBar::new(seconds)
    } else {
        ProgressBar::hidden()
    };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} s {msg}") {
        bar.set_style(style);
    }
    bar
}
