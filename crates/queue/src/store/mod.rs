//! Every SQL statement of the queue.
//!
//! The functions here take and answer values of [`crate::types`]. They ring no bells and count no metrics: their callers
//! do. All of them lock in one order: sequences by key, then jobs, then unique keys, then batches.

pub(crate) mod about;
pub(crate) mod ack;
pub(crate) mod batch;
pub(crate) mod cancel;
pub(crate) mod claim;
pub(crate) mod dead;
pub(crate) mod due;
pub(crate) mod effects;
mod end;
pub(crate) mod enqueue;
pub(crate) mod errors;
pub(crate) mod lanes;
pub(crate) mod list;
pub(crate) mod migrate;
pub(crate) mod notify;
pub(crate) mod partitions;
pub(crate) mod pauses;
pub(crate) mod pools;
pub(crate) mod process;
pub(crate) mod processes;
mod put_back;
pub(crate) mod schedules;
mod sequences;
pub(crate) mod show;
pub(crate) mod strays;
pub(crate) mod sweep;
pub(crate) mod testing;
pub(crate) mod upkeep;
pub(crate) mod waiting;
pub(crate) mod waits;
pub(crate) mod why;
