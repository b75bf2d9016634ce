//! Social: posts that appear on a social network at their time.

use kazi_queue::Registry;

use crate::Context;

/// Adds the domain's jobs.
pub fn domain(registry: Registry<Context>) -> Registry<Context> {
    registry
}
