//! Two lanes, one of them with a rate: the other one does not wait for it.
//!
//! `cargo run -p kazi-queue --example lanes`

mod common;

use std::time::{Duration, Instant};

use kazi_queue::{
    Engine, EngineConfig, Job, JobError, Options, Pool, Registry, Running, enqueue_all_with,
    lanes::{self, Limits},
};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

const SMS: Pool = Pool::new("example-sms");

#[derive(Serialize, Deserialize)]
struct Send {
    from: String,
    number: u32,
}

impl Job for Send {
    type Context = mpsc::UnboundedSender<String>;
    const NAME: &'static str = "example.sms";
    const POOL: Pool = SMS;

    /// The lane is the sending number.
    fn options(&self) -> Options {
        Options::default().lane(&self.from)
    }

    async fn run(&self, sent: &Self::Context, _: &Running) -> Result<(), JobError> {
        let _ = sent.send(format!("{} sends {}", self.from, self.number));
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = common::Database::open().await?;
    let db = database.pool.clone();
    let mut conn = db.acquire().await?;
    // Five jobs a second, two of them at once, across all processes.
    let slow = Limits {
        rate: Some((5.0, 2)),
        ..Limits::default()
    };
    lanes::set(&mut conn, SMS, "slow", &slow).await?;
    let jobs = ["slow", "fast"].into_iter().flat_map(|from| {
        (1..=10).map(move |number| {
            let job = Send {
                from: from.to_owned(),
                number,
            };
            let options = job.options();
            (job, options)
        })
    });
    enqueue_all_with(&mut conn, jobs.collect()).await?;

    let (sent, mut lines) = mpsc::unbounded_channel();
    let config = EngineConfig {
        pools: vec![(SMS, 50)],
        ..EngineConfig::default()
    };
    let began = Instant::now();
    let registry = Registry::new().register::<Send>();
    let engine = Engine::start(db.clone(), registry, sent, config).await?;
    for _ in 0..20 {
        if let Some(line) = lines.recv().await {
            println!("{:>5} ms  {line}", began.elapsed().as_millis());
        }
    }
    engine.shutdown(Duration::from_secs(10)).await;
    Ok(())
}
