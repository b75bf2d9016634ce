//! A durable job queue on PostgreSQL: an [apalis](https://docs.rs/apalis) backend of its own.
//!
//! A job is written in the caller's transaction, so it exists if and only if the change that caused it does. It is
//! claimed under a lease, run at least once, tried again with a wait that is written in the row, and ends as done or as
//! a dead letter, whatever process or connection dies in between.
//!
//! # A job
//! ```no_run
//! use kazi_queue::{Engine, EngineConfig, Job, JobError, Pool, Registry, Running};
//! use serde::{Deserialize, Serialize};
//!
//! const MAIL: Pool = Pool::new("mail");
//!
//! #[derive(Serialize, Deserialize)]
//! struct Welcome { user: i64 }
//!
//! impl Job for Welcome {
//!     type Context = sqlx::PgPool;
//!     const NAME: &'static str = "users.welcome";
//!     const POOL: Pool = MAIL;
//!     async fn run(&self, db: &sqlx::PgPool, job: &Running) -> Result<(), JobError> {
//!         // read the user, send the mail
//!         Ok(())
//!     }
//! }
//!
//! # async fn example(db: sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
//! kazi_queue::migrate(&db).await?;
//! let mut tx = db.begin().await?;
//! // … the change that causes the job …
//! Welcome { user: 7 }.enqueue(&mut tx).await?;
//! tx.commit().await?;
//!
//! let registry = Registry::new().register::<Welcome>();
//! let config = EngineConfig { pools: vec![(MAIL, 16)], ..EngineConfig::default() };
//! let engine = Engine::start(db.clone(), registry, db, config).await?;
//! engine.shutdown(std::time::Duration::from_secs(10)).await;
//! # Ok(()) }
//! ```
//!
//! # Payloads
//! A payload is JSON of at most [`MAX_PAYLOAD`] bytes. Fields may come with `#[serde(default)]`; a new form gets a new
//! [`Job::VERSION`] and an [`Job::upgrade`] from the old ones. A kind that is [`Job::SEALED`] stands encrypted in the
//! database, by the functions that the program gives once:
//! ```no_run
//! # struct Key;
//! # impl Key {
//! #     fn seal(&self, bound_to: &str, plain: &[u8]) -> Result<Vec<u8>, String> { Ok(plain.to_vec()) }
//! #     fn open(&self, bound_to: &str, sealed: &[u8]) -> Result<Vec<u8>, String> { Ok(sealed.to_vec()) }
//! # }
//! # static KEY: Key = Key;
//! kazi_queue::seal_with(kazi_queue::Seal::new(
//!     |bound_to, plain| KEY.seal(bound_to, plain),
//!     |bound_to, sealed| KEY.open(bound_to, sealed),
//! ));
//! ```
//!
//! # Time
//! Schedules turn time into jobs, each fire once however many processes run: see [`cron`].
//!
//! # What holds, and why
//! Nineteen promises, each with its tests: see `PROMISES.md` beside this crate's manifest. The chief ones:
//! - **Never lost**: a job leaves the live table only in the statement that writes its end. A process that dies leaves
//!   its jobs under a lease that runs out; they are taken back with the attempt counted.
//! - **Fenced**: each claim raises the job's lease number, and an ack with an older number changes nothing. A process
//!   that was frozen past its lease starts nothing and writes nothing.
//! - **Ordered where asked**: jobs of one [sequence](Options::sequence) run one at a time, in the order in which their
//!   transactions committed.
//! - **Counted together**: jobs of a [`Batch`] have live counts, and one job is called when the last of them has ended.
//! - **At least once**: a run may be repeated, since a process can die after any line. An effect in this database ends
//!   together with its job ([`Running::complete_in`]); one elsewhere is written down before and after, and asked for
//!   before it is done again ([`Running::once`]).

mod ack;
mod ack_loop;
mod backend;
mod batch;
pub mod bench;
mod claim;
mod config;
pub mod cron;
mod doorbell;
mod effects;
mod engine;
mod enqueue;
mod fetch;
mod figures;
mod heartbeat;
pub mod inspect;
mod job;
pub mod lanes;
mod listen;
mod migrate;
mod options;
mod payload;
mod process;
mod registry;
mod rounds;
mod run;
mod running;
pub mod testing;
#[cfg(test)]
mod tests;
pub mod trace;
mod upkeep;

use std::{fmt, str::FromStr, time::Duration};

pub use batch::{Batch, BatchId};
pub use config::EngineConfig;
pub use doorbell::{Doorbell, ring};
pub use effects::{Effect, EffectError, Reconciled};
pub use engine::Engine;
pub use enqueue::{EnqueueError, Enqueued, MAX_KEY, MAX_PAYLOAD, enqueue_all, enqueue_all_with};
pub use job::{Job, JobError, Keep, Pool, Retry};
pub use migrate::{SchemaStatus, migrate, schema_status};
pub use options::{Options, Priority, Unique};
pub use payload::{Seal, seal_with};
pub use registry::Registry;
pub use running::Running;
use serde::{Deserialize, Serialize};

/// A job's number: given by the database, growing, never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub i64);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for JobId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// The wait before trying a failed database once more: 50 ms to 5 s, with jitter.
fn backoff(failures: u32) -> Duration {
    let ceiling = Duration::from_millis(50)
        .saturating_mul(1 << failures.min(7))
        .min(Duration::from_secs(5));
    ceiling.mul_f64(0.5 + 0.5 * rand::random::<f64>())
}
