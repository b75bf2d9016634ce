//! Message templates: approved WhatsApp texts, needed once a contact has not written for 24 hours.
//!
//! A template belongs to a business account. A member [drafts](NewDraft) and [submits](submit) it, and Meta reviews it. A
//! change of what Meta has waits beside it until it is submitted, so that the approved text can be sent meanwhile.
//! [`ApplyTemplateEvent`] handles Meta's decisions and quality ratings from webhooks; [`SyncTemplates`] reads every
//! hour what was missed. A sender asks for a [`usable`] template and [fills](Template::fill) it. Values that Meta would
//! refuse are refused here, before a request is made.

mod draft;
mod edit;
mod error;
mod event;
mod fill;
mod hooks;
pub(crate) mod limits;
mod manage;
mod model;
mod opt_out;
mod parts;
mod rules;
mod samples;
mod shape;
mod store;
mod submit;
mod sync;
mod values;

use kazi_queue::{Registry, cron::Schedule};

use crate::{
    Context, Permission,
    domain::{Domain, Figures},
    live,
    permission::permissions,
};
pub use draft::{
    DraftButton, DraftButtonKind, DraftCard, DraftHeader, DraftOffer, DraftText, FlowAction,
    HeaderFormat, NewDraft, OtpType, ParameterFormat, SupportedApp,
};
pub use edit::{EditState, unpause};
pub use error::TemplateError;
pub use event::ApplyTemplateEvent;
pub use fill::FillError;
pub(crate) use hooks::Hooks;
pub use manage::{
    TemplateFilter, TemplateView, create, delete, get, list, request_sync, submit, update,
};
pub(crate) use model::takes_no_marketing;
pub use model::{Category, Template, TemplateId, TemplateStatus};
pub use opt_out::is_opt_out;
pub use samples::{SAMPLE_BYTES, SampleView, sample};
pub use shape::{Header, Media, Own, Shape, Wanted};
pub(crate) use shape::{fill_in, tidy};
pub(crate) use store::{approved_since, comes_back};
pub use store::{find, usable};
pub use submit::Submit;
pub use sync::{SyncAll, SyncTemplates, sync};
pub use values::{CardValues, HeaderValue, Place, Values};

pub(crate) const DOMAIN: Domain = Domain {
    name: "templates",
    floor: 4,
    jobs,
    tables: &["templates"],
    offers: &[
        &PERMISSIONS,
        &live::About {
            what: "template",
            permission: Permission::TEMPLATES_READ,
        },
        &Figures(include_str!("figures.txt")),
    ],
};

permissions! {
    /// Message templates.
    TEMPLATES_READ = "templates.read", Viewer;
    /// Drafts and submits them.
    TEMPLATES_WRITE = "templates.write", Admin;
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let hourly = Schedule::new("templates.sync_all", "37 * * * *");
    registry
        .register::<ApplyTemplateEvent>()
        .register::<Submit>()
        .register::<SyncTemplates>()
        .register::<SyncAll>()
        .schedule(hourly, &SyncAll {})
}

/// Stores a template as Meta has it, for benches and for tests of other domains.
pub async fn save(work: &mut crate::Work, template: &Template) -> Result<(), sqlx::Error> {
    let one = sync::AtMeta {
        template: template.clone(),
        provider_id: None,
        quality: "unknown",
        reason: None,
    };
    store::sync::save(work, &[&one]).await
}

#[cfg(test)]
mod tests;
