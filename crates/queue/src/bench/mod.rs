//! What the queue can do on this machine and this database, beside what bare SQL can.
//!
//! The jobs do nothing, so that only the queue is measured. Everything runs in the database that it is given and is
//! deleted afterwards: use one that serves nothing else.

mod burn;
mod floor;
mod latency;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use crate::{
    Engine, EngineConfig, Job, JobError, Keep, Options, Pool, Registry, Running, enqueue_all,
};

/// What to measure with.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Jobs of a burn-down.
    pub jobs: usize,
    /// Seconds of a steady load.
    pub seconds: u64,
    /// Slots of the engine.
    pub slots: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            jobs: 200_000,
            seconds: 10,
            slots: 2_000,
        }
    }
}

/// One measured figure.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub what: &'static str,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What it should be: at least, or for times at most.
    pub target: Option<f64>,
    /// Whether a smaller value is a better one.
    pub smaller_is_better: bool,
}

impl Figure {
    /// A figure without a target.
    pub fn new(what: &'static str, value: f64, unit: &'static str) -> Self {
        Self {
            what,
            value,
            unit,
            target: None,
            smaller_is_better: false,
        }
    }

    /// It should be at least this.
    #[must_use]
    pub fn at_least(mut self, target: f64) -> Self {
        self.target = Some(target);
        self
    }

    /// It should be at most this.
    #[must_use]
    pub fn at_most(mut self, target: f64) -> Self {
        self.target = Some(target);
        self.smaller_is_better = true;
        self
    }

    /// Whether the target is met; without one there is nothing to miss.
    pub fn met(&self) -> bool {
        self.target.is_none_or(|target| {
            if self.smaller_is_better {
                self.value <= target
            } else {
                self.value >= target
            }
        })
    }
}

/// Measures everything, telling before each step what it is.
///
/// # Errors
/// The database failed.
pub async fn run(
    db: &PgPool,
    plan: &Plan,
    mut say: impl FnMut(&'static str),
) -> Result<Vec<Figure>, sqlx::Error> {
    let mut figures = Vec::new();
    say("bare SQL");
    let floor = floor::burn(db, plan.jobs).await?;
    figures.push(Figure::new(
        "bare SQL, one connection: claim 500 and delete",
        floor,
        "jobs/s",
    ));
    say("bulk enqueue and burn-down");
    figures.extend(burn::measure(db, plan, floor).await?);
    say("pick-up latency at 500 jobs/s");
    figures.extend(latency::steady(db, plan).await?);
    say("scheduled jobs");
    figures.extend(latency::scheduled(db, plan).await?);
    Ok(figures)
}

const POOL: Pool = Pool::new("bench");

#[derive(Serialize, Deserialize)]
struct Noop {
    n: u64,
}

impl Job for Noop {
    type Context = latency::Started;
    const NAME: &'static str = "bench.noop";
    const POOL: Pool = POOL;
    const KEEP: Keep = Keep::Dead;

    fn options(&self) -> Options {
        Options::default()
    }

    async fn run(&self, started: &latency::Started, _: &Running) -> Result<(), JobError> {
        started.note(self.n);
        Ok(())
    }
}

async fn engine(
    db: &PgPool,
    started: &latency::Started,
    slots: usize,
) -> Result<Engine, sqlx::Error> {
    let config = EngineConfig {
        pools: vec![(POOL, slots)],
        ..EngineConfig::default()
    };
    let registry = Registry::new().register::<Noop>();
    Engine::start(db.clone(), registry, started.clone(), config).await
}

/// Empties the live table and brings its statistics up to date, so that one measurement leaves nothing to the next.
async fn clean(db: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query!("TRUNCATE queue.jobs, queue.sequences, queue.unique_keys")
        .execute(db)
        .await?;
    sqlx::raw_sql("VACUUM ANALYZE queue.jobs")
        .execute(db)
        .await?;
    Ok(())
}

async fn fill(db: &PgPool, jobs: usize) -> Result<Duration, sqlx::Error> {
    let jobs: Vec<Noop> = (0..jobs as u64).map(|n| Noop { n }).collect();
    let started = std::time::Instant::now();
    let mut tx = db.begin().await?;
    enqueue_all(&mut tx, &jobs)
        .await
        .map_err(|error| match error {
            crate::EnqueueError::Database(error) => error,
            other => sqlx::Error::Protocol(other.to_string()),
        })?;
    tx.commit().await?;
    let took = started.elapsed();
    sqlx::raw_sql("VACUUM ANALYZE queue.jobs; CHECKPOINT")
        .execute(db)
        .await
        .map(drop)
        .or_else(|error| {
            // Only a superuser may ask for a checkpoint; without one the figure is a little noisier.
            if error.as_database_error().is_some() {
                Ok(())
            } else {
                Err(error)
            }
        })?;
    Ok(took)
}
