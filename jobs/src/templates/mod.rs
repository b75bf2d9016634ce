//! Message templates: what may be said on WhatsApp to somebody who has not written for a day.
//!
//! A template belongs to a business account. A member drafts one and [submits](submit) it; Meta reviews it and tells by
//! webhook what it decides, and whether customers like it ([`ApplyTemplateEvent`]); what was missed is learnt every hour
//! ([`SyncTemplates`]). Whoever wants to send one asks for a [`usable`] one and [fills](Template::fill) it in; what Meta
//! would refuse is refused here, before it costs a request.

mod draft;
mod event;
mod fill;
mod hooks;
mod manage;
mod model;
mod shape;
mod store;
mod submit;
mod sync;

use kazi_queue::{Registry, cron::Schedule};

use crate::{Context, domain::Domain};
pub use draft::{DraftButton, DraftButtonKind, DraftText, NewDraft};
pub use event::ApplyTemplateEvent;
pub use fill::{FillError, HeaderValue};
pub(crate) use hooks::Hooks;
pub use manage::{
    TemplateError, TemplateFilter, TemplateView, create, delete, get, list, request_sync, submit,
    update,
};
pub use model::{Category, Template, TemplateId, TemplateStatus};
pub use shape::{Header, Media, Shape, Wanted};
pub(crate) use shape::{fill_in, tidy};
pub(crate) use store::approved_since;
pub use store::{find, save, usable};
pub use submit::Submit;
pub use sync::{SyncAll, SyncTemplates, sync};

pub(crate) const DOMAIN: Domain = Domain {
    name: "templates",
    jobs,
    tables: &["templates"],
    ..Domain::NONE
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let hourly = Schedule::new("templates.sync_all", "37 * * * *");
    registry
        .register::<ApplyTemplateEvent>()
        .register::<Submit>()
        .register::<SyncTemplates>()
        .register::<SyncAll>()
        .schedule(hourly, &SyncAll {})
}

#[cfg(test)]
mod tests;
