//! Appointments: what can be booked with whom, and reminders of it.

pub mod chat;

use kazi_queue::Registry;

use crate::Context;

/// Adds the domain's jobs.
pub fn domain(registry: Registry<Context>) -> Registry<Context> {
    registry
}
