//! The values of the queue, with their rules and their errors.
//!
//! This is the lowest layer. Nothing here speaks SQL or starts a task.

mod ack;
mod claimed;
mod config;
mod enqueued;
mod host;
mod id;
mod job_error;
mod level;
mod limits;
mod look;
mod options;
mod payload;
mod pool;
mod prepared;
mod retry;
mod running;
mod schedule;
mod state;
pub mod trace;

pub(crate) use ack::{Ack, Outcome, RunError};
pub(crate) use claimed::Claimed;
pub use config::EngineConfig;
pub use enqueued::{EnqueueError, Enqueued, MAX_KEY, MAX_PAYLOAD};
pub(crate) use host::Host;
pub use id::{BatchId, JobId, NumberError};
pub use job_error::JobError;
pub(crate) use level::{Ask, Level, Mark, Place};
pub(crate) use limits::class;
pub use limits::{LimitError, Limits};
pub(crate) use look::{CHANNEL, Look, cancel_text, parse_cancel, parse_look};
pub(crate) use options::Due;
pub use options::{Keep, Options, Priority, Unique};
pub(crate) use payload::{Form, Payload, Unreadable, open, shown};
pub use payload::{Seal, seal_with};
pub use pool::Pool;
pub(crate) use prepared::Prepared;
pub use retry::Retry;
pub(crate) use retry::backoff;
pub(crate) use running::Fence;
pub use running::Running;
pub(crate) use schedule::Timetable;
pub use schedule::{CronError, MAX_CAP, MAX_NAME, Missed, Schedule};
pub use state::State;
pub(crate) use state::{FORGOTTEN, sql};
