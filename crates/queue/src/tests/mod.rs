//! The queue's promises, each with its tests.

mod batches;
mod cron;
mod effects;
mod ending;
mod engine;
mod enqueueing;
mod input;
mod keeping;
mod lanes;
mod layers;
mod leases;
mod model;
mod operating;
mod order;
mod payloads;
mod pooler;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use kazi_platform::testing::TestDatabase;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use tokio::sync::Semaphore;

use crate::{
    Engine, EngineConfig, Enqueued, Job, JobError, JobId, Options, Pool, Priority, Registry, Retry,
    Running,
    inspect::{self, JobDetail},
    store::{claim, process, sweep},
    testing::{self, Drained},
    types::{Ask, Claimed},
};

const POOL: Pool = Pool::new("test");

/// A database of this test's own, with the queue's schema.
async fn database() -> TestDatabase {
    TestDatabase::new(
        "queue",
        |db: PgPool| async move { crate::migrate(&db).await },
    )
    .await
}

/// What the test's jobs do, and a record of what they did.
#[derive(Clone, Default)]
struct Probe(Arc<Inner>);

struct Inner {
    /// `start 7`, `end 7`, in the order in which it happened.
    log: Mutex<Vec<String>>,
    /// One permit for each entry.
    logged: Semaphore,
    /// Jobs that wait take a permit from here.
    gate: Semaphore,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            log: Mutex::default(),
            logged: Semaphore::new(0),
            gate: Semaphore::new(0),
        }
    }
}

impl Probe {
    fn note(&self, what: &str, n: i64) {
        self.0.log.lock().unwrap().push(format!("{what} {n}"));
        self.0.logged.add_permits(1);
    }

    fn log(&self) -> Vec<String> {
        self.0.log.lock().unwrap().clone()
    }

    /// Waits until so many more entries are in the log.
    async fn wait(&self, entries: u32) {
        let waited = tokio::time::timeout(LONG, self.0.logged.acquire_many(entries)).await;
        waited.expect("the jobs did not come").unwrap().forget();
    }

    fn open(&self, jobs: usize) {
        self.0.gate.add_permits(jobs);
    }
}

/// Longer than anything here takes; only a failing test waits for it.
const LONG: Duration = Duration::from_secs(30);

/// What a run of [`Step`] does.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
enum Do {
    #[default]
    Nothing,
    /// Waits for the probe's gate.
    Wait,
    Fail,
    RetryAfter {
        secs: u64,
    },
    Snooze {
        until: DateTime<Utc>,
    },
    Park {
        secs: u64,
    },
    Discard,
    Panic,
    /// Never ends by itself.
    Hang,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Step {
    n: i64,
    what: Do,
}

impl Step {
    fn new(n: i64, what: Do) -> Self {
        Self { n, what }
    }
}

impl Job for Step {
    type Context = Probe;
    const NAME: &'static str = "test.step";
    const POOL: Pool = POOL;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(2), Duration::from_secs(60)).attempts(3);

    async fn run(&self, probe: &Probe, _: &Running) -> Result<(), JobError> {
        probe.note("start", self.n);
        match &self.what {
            Do::Nothing => {}
            Do::Wait => probe.0.gate.acquire().await.unwrap().forget(),
            Do::Fail => return Err(JobError::retry("flaky", "it was not to be")),
            Do::RetryAfter { secs } => {
                return Err(JobError::retry_after(
                    Duration::from_secs(*secs),
                    "busy",
                    "later",
                ));
            }
            Do::Snooze { until } => return Err(JobError::snooze_until(*until, "too early")),
            Do::Park { secs } => return Err(JobError::park(Duration::from_secs(*secs), "slower")),
            Do::Discard => return Err(JobError::discard("hopeless", "never")),
            Do::Panic => panic!("the job's own panic"),
            Do::Hang => std::future::pending().await,
        }
        probe.note("end", self.n);
        Ok(())
    }
}

/// A job whose time limit is short.
#[derive(Serialize, Deserialize)]
struct Slow;

impl Job for Slow {
    type Context = Probe;
    const NAME: &'static str = "test.slow";
    const POOL: Pool = POOL;
    const TIMEOUT: Duration = Duration::from_millis(20);

    async fn run(&self, probe: &Probe, job: &Running) -> Result<(), JobError> {
        if job.attempt == 1 {
            std::future::pending::<()>().await;
        }
        // In its second run it asks for more time, and so comes to its end.
        job.extend_deadline(LONG);
        probe.note("extended", 0);
        probe.0.gate.acquire().await.unwrap().forget();
        probe.note("end", 0);
        Ok(())
    }
}

fn registry() -> Registry<Probe> {
    Registry::new().register::<Step>().register::<Slow>()
}

async fn enqueue(db: &PgPool, job: &Step, options: Options) -> Enqueued {
    let mut conn = db.acquire().await.unwrap();
    job.enqueue_with(&mut conn, options).await.unwrap()
}

/// The row of a process with one slot that does nothing by itself.
async fn idle_process(db: &PgPool) -> i64 {
    let config = EngineConfig {
        pools: vec![(POOL, 1)],
        ..EngineConfig::default()
    };
    process::register(db, &config, &[]).await.unwrap()
}

async fn drain(db: &PgPool, probe: &Probe, ahead: TimeDelta) -> Drained {
    testing::drain(db, &registry(), probe, Utc::now() + ahead)
        .await
        .unwrap()
}

async fn show(db: &PgPool, id: JobId) -> Option<JobDetail> {
    inspect::show(&mut db.acquire().await.unwrap(), id)
        .await
        .unwrap()
}

async fn engine(db: &PgPool, probe: &Probe, slots: usize) -> Engine {
    let config = EngineConfig {
        pools: vec![(POOL, slots)],
        // A test that relied on the poll would wait for an hour.
        poll: Duration::from_secs(3600),
        heartbeat: Duration::from_millis(200),
        ..EngineConfig::default()
    };
    Engine::start(db.clone(), registry(), probe.clone(), config)
        .await
        .unwrap()
}

/// Waits until a job is where it should be. The engine writes acks in the background: there is nothing else to wait on.
async fn settled(db: &PgPool, id: JobId, state: inspect::State) -> JobDetail {
    let deadline = tokio::time::Instant::now() + LONG;
    loop {
        let job = show(db, id).await;
        match job {
            Some(job) if job.job.state == state => return job,
            _ if tokio::time::Instant::now() > deadline => {
                panic!("job {id} is not {state:?} but {job:?}")
            }
            _ => tokio::task::yield_now().await,
        }
    }
}

/// Claims so many jobs of each level that has some.
async fn claim_some(
    conn: &mut sqlx::PgConnection,
    owner: i64,
    quota: i32,
) -> Result<Vec<Claimed>, sqlx::Error> {
    let levels = sweep::sweep(conn, &[POOL]).await?.levels;
    let asks: Vec<Ask> = levels
        .into_iter()
        .map(|(level, _)| Ask {
            level,
            after: None,
            quota,
        })
        .collect();
    let kinds: Vec<String> = sqlx::query_scalar("SELECT DISTINCT kind FROM queue.jobs")
        .fetch_all(&mut *conn)
        .await?;
    claim::claim(conn, owner, &asks, &kinds, true).await
}
