//! Writes a row and a job in one transaction, and runs the job.
//!
//! `cargo run -p kazi-queue --example enqueue`

mod common;

use std::time::Duration;

use kazi_queue::{Engine, EngineConfig, Job, JobError, Pool, Registry, Running};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use tokio::sync::mpsc;

const MAIL: Pool = Pool::new("mail");

#[derive(Clone)]
struct Context {
    db: PgPool,
    /// Tells `main` that the job has run.
    done: mpsc::UnboundedSender<i64>,
}

#[derive(Serialize, Deserialize)]
struct Welcome {
    user: i64,
}

impl Job for Welcome {
    type Context = Context;
    const NAME: &'static str = "users.welcome";
    const POOL: Pool = MAIL;

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let mut tx = ctx.db.begin().await?;
        sqlx::query("UPDATE example_users SET welcomed = true WHERE id = $1")
            .bind(self.user)
            .execute(&mut *tx)
            .await?;
        // The row and the end of the job commit together.
        job.complete_in(&mut tx).await?;
        tx.commit().await?;
        let _ = ctx.done.send(self.user);
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = common::Database::open().await?;
    let db = database.pool.clone();
    sqlx::query("CREATE TABLE IF NOT EXISTS example_users (id bigint PRIMARY KEY, welcomed boolean DEFAULT false)")
        .execute(&db)
        .await?;

    // If this transaction is rolled back, there is neither a user nor a job.
    let mut tx = db.begin().await?;
    sqlx::query(
        "INSERT INTO example_users (id) VALUES (7) ON CONFLICT (id) DO UPDATE SET welcomed = false",
    )
    .execute(&mut *tx)
    .await?;
    let job = Welcome { user: 7 }.enqueue(&mut tx).await?;
    tx.commit().await?;
    println!("job {} is written", job.id);

    let (done, mut ran) = mpsc::unbounded_channel();
    let context = Context {
        db: db.clone(),
        done,
    };
    let config = EngineConfig {
        pools: vec![(MAIL, 16)],
        ..EngineConfig::default()
    };
    let engine = Engine::start(db, Registry::new().register::<Welcome>(), context, config).await?;
    if let Some(user) = ran.recv().await {
        println!("user {user} is welcomed");
    }
    engine.shutdown(Duration::from_secs(10)).await;
    Ok(())
}
