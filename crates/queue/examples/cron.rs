//! A schedule in code that fires every second, and one in the database.
//!
//! `cargo run -p kazi-queue --example cron`

mod common;

use std::time::Duration;

use kazi_queue::{
    Engine, EngineConfig, Job, JobError, Pool, Registry, Running,
    cron::{self, Missed, Schedule},
};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

const BULK: Pool = Pool::new("example-cron");

#[derive(Serialize, Deserialize)]
struct Report {
    name: String,
}

impl Job for Report {
    type Context = mpsc::UnboundedSender<String>;
    const NAME: &'static str = "example.scheduled";
    const POOL: Pool = BULK;

    async fn run(&self, made: &Self::Context, _: &Running) -> Result<(), JobError> {
        let _ = made.send(self.name.clone());
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = common::Database::open().await?;
    let db = database.pool.clone();
    // In code: the engine writes it to the database. Six fields begin with the second.
    let every_second = Schedule::new("example.second", "* * * * * *").missed(Missed::Skip);
    let job = Report {
        name: "every second".into(),
    };
    let registry = Registry::new()
        .register::<Report>()
        .schedule(every_second, &job);
    // In the database: a tenant's own, put at run time.
    let daily = Schedule::new("example.daily", "0 8 * * *").zone("Africa/Nairobi");
    let payload = serde_json::json!({ "name": "every morning" });
    let mut conn = db.acquire().await?;
    cron::put(&mut conn, &registry, &daily, Report::NAME, payload).await?;
    for fire in cron::next_fires(&mut conn, None, "example.daily", 3).await? {
        println!("example.daily fires at {fire}");
    }

    let (made, mut reports) = mpsc::unbounded_channel();
    let config = EngineConfig {
        pools: vec![(BULK, 4)],
        ..EngineConfig::default()
    };
    let engine = Engine::start(db.clone(), registry, made, config).await?;
    for _ in 0..3 {
        if let Some(name) = reports.recv().await {
            println!("report: {name}");
        }
    }
    cron::remove(&mut conn, None, "example.daily").await?;
    engine.shutdown(Duration::from_secs(10)).await;
    Ok(())
}
