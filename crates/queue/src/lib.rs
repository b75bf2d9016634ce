#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

// Each module may use those above it in this list, and none below: `tests::layers` holds this.
mod types;

mod store;

mod bells;
mod enqueue;
mod job;

mod batch;
mod effects;
mod registry;

pub mod cron;
pub mod inspect;
pub mod lanes;

mod loops;

mod engine;

pub mod testing;

#[cfg(feature = "bench")]
pub mod bench;

#[cfg(test)]
mod tests;

pub use batch::Batch;
pub use bells::ring;
pub use effects::{Effect, EffectError, Reconciled};
pub use engine::Engine;
pub use job::{Job, enqueue_all, enqueue_all_with};
pub use loops::doorbell::Doorbell;
pub use registry::Registry;
pub use store::migrate::{SchemaStatus, migrate, schema_status};
pub use types::{
    BatchId, EngineConfig, EnqueueError, Enqueued, JobError, JobId, Keep, MAX_KEY, MAX_PAYLOAD,
    NumberError, Options, Pool, Priority, Retry, Running, Seal, Unique, seal_with, trace,
};
