//! A batch of letters, and a report that runs when the last of them has ended.
//!
//! `cargo run -p kazi-queue --example batch`

mod common;

use std::time::Duration;

use kazi_queue::{
    Batch, Engine, EngineConfig, Job, JobError, Options, Pool, Registry, Running, enqueue_all_with,
    inspect,
};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

const MAIL: Pool = Pool::new("example-batch");

#[derive(Serialize, Deserialize)]
struct Letter {
    to: u32,
}

impl Job for Letter {
    type Context = mpsc::UnboundedSender<()>;
    const NAME: &'static str = "example.letter";
    const POOL: Pool = MAIL;

    async fn run(&self, _: &Self::Context, _: &Running) -> Result<(), JobError> {
        if self.to == 3 {
            return Err(JobError::discard("no_address", "nobody lives there"));
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
struct Report;

impl Job for Report {
    type Context = mpsc::UnboundedSender<()>;
    const NAME: &'static str = "example.report";
    const POOL: Pool = MAIL;

    async fn run(&self, ended: &Self::Context, _: &Running) -> Result<(), JobError> {
        let _ = ended.send(());
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = common::Database::open().await?;
    let db = database.pool.clone();
    let mut tx = db.begin().await?;
    let batch = Batch::open(&mut tx, &Report).await?;
    let letters = (1..=5).map(|to| (Letter { to }, Options::default().batch(batch)));
    enqueue_all_with(&mut tx, letters.collect()).await?;
    Batch::close(&mut tx, batch).await?;
    tx.commit().await?;

    let (ended, mut report) = mpsc::unbounded_channel();
    let registry = Registry::new().register::<Letter>().register::<Report>();
    let config = EngineConfig {
        pools: vec![(MAIL, 8)],
        ..EngineConfig::default()
    };
    let engine = Engine::start(db.clone(), registry, ended, config).await?;
    report.recv().await;
    if let Some(counts) = inspect::batch(&mut *db.acquire().await?, batch).await? {
        println!(
            "of {} letters {} are sent and {} are dead letters",
            counts.total, counts.done, counts.dead
        );
    }
    engine.shutdown(Duration::from_secs(10)).await;
    Ok(())
}
