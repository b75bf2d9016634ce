//! News: articles, and digests of them at the reader's time.

pub mod chat;

use kazi_queue::Registry;

use crate::Context;

/// Adds the domain's jobs.
pub fn domain(registry: Registry<Context>) -> Registry<Context> {
    registry
}
