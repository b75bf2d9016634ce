//! A worker: runs jobs until it is asked to end, its parent is gone, or something kills it.

use std::{io, path::PathBuf, time::Duration};

use kazi_platform::database;
use kazi_queue::{Engine, EngineConfig};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

use crate::{
    Fault,
    work::{ORDERED, QUICK, ROUGH, registry},
};

/// How often a worker writes a heartbeat.
pub const HEARTBEAT: Duration = Duration::from_millis(300);
/// How long a worker's lease lasts without a heartbeat.
pub const LEASE: Duration = Duration::from_secs(1);
/// How long a worker that was asked to end waits for its jobs.
const GRACE: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_millis(200);

/// Where the worker finds its work.
#[derive(clap::Args)]
pub struct Args {
    /// The address of the database.
    #[arg(long)]
    url: String,
    /// The file for the log.
    #[arg(long)]
    log: PathBuf,
}

/// Runs the worker.
pub async fn run(args: Args) -> Result<(), Fault> {
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(&args.log)?;
    tracing_subscriber::fmt()
        .with_writer(std::sync::Mutex::new(log))
        .with_ansi(false)
        .with_env_filter("warn")
        .init();
    let mut terminate = signal(SignalKind::terminate())?;
    // Ctrl-C reaches the whole group. The parent ends the workers in order.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let work = async {
        let engine = start(&args.url).await;
        loop {
            tokio::select! {
                _ = terminate.recv() => break,
                _ = interrupt.recv() => {}
            }
        }
        engine.shutdown(GRACE).await;
        Ok(())
    };
    tokio::select! {
        ended = work => ended,
        gone = parent_is_gone() => gone,
    }
}

/// Tries until the database answers. It may be down at this moment.
async fn start(url: &str) -> Engine {
    loop {
        match try_start(url).await {
            Ok(engine) => return engine,
            Err(error) => {
                tracing::warn!(error, "could not start");
                tokio::time::sleep(PATIENCE).await;
            }
        }
    }
}

async fn try_start(url: &str) -> Result<Engine, Fault> {
    // There are fewer connections than slots. Jobs and the engine compete for them, as under a real load.
    let db = database::connect_owner(url, 16).await?;
    let config = EngineConfig {
        lane_limits: Vec::new(),
        pools: vec![(QUICK, 8), (ORDERED, 6), (ROUGH, 4)],
        poll: Duration::from_millis(500),
        heartbeat: HEARTBEAT,
        lease: LEASE,
        keep_days: 7,
        version: env!("CARGO_PKG_VERSION"),
    };
    Ok(Engine::start(db.clone(), registry(), db, config).await?)
}

/// Waits for the end of our standard input, which ends with the parent. A thread reads it, because tokio's reader would
/// keep this process alive until the parent ends.
async fn parent_is_gone() -> Result<(), Fault> {
    let (gone, wait) = oneshot::channel();
    std::thread::spawn(move || {
        let read = io::copy(&mut io::stdin().lock(), &mut io::sink());
        // If the process ends by itself, nobody waits for this.
        let _ = gone.send(read);
    });
    wait.await??;
    Err(io::Error::other("the parent is gone").into())
}
