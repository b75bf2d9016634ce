#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod ack;
mod ack_loop;
mod backend;
mod batch;
pub mod bench;
mod claim;
mod config;
mod connection;
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
mod strays;
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
