//! Message templates: what may be said on WhatsApp to somebody who has not written for a day.
//!
//! A template belongs to a business account. Whoever wants to send one asks for a [`usable`] one and [fills](Template::fill)
//! it in; what Meta would refuse is refused here, before it costs a request.

mod model;
mod store;

use kazi_queue::Registry;

use crate::Context;
pub use model::{Category, FillError, Template, TemplateId, TemplateStatus};
pub use store::{save, usable};

/// Adds the domain's jobs.
pub fn domain(registry: Registry<Context>) -> Registry<Context> {
    registry
}
