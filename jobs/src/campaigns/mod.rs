//! Campaigns: broadcasts of a template to a frozen list of recipients.

use kazi_queue::Registry;

use crate::Context;

/// Adds the domain's jobs.
pub fn domain(registry: Registry<Context>) -> Registry<Context> {
    registry
}
