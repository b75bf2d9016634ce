//! Campaigns: broadcasts of a template, or of a text on Green API, to a frozen list of recipients.
//!
//! [`Plan`] looks through the contacts of a segment and freezes each recipient with what is said to them; who is left out
//! is reported with the reason. [`Broadcast`] feeds the sending number's lane: it moves recipients to `queued` together
//! with their message and its job, in one transaction that holds the campaign's row, and keeps a window of queued
//! messages, so that the lane never runs dry and a pause takes back all but what has left. [`Finish`] notices the end.
//! Whoever changes a campaign holds its row; what a job may do is decided by that row and not by the job.

mod broadcast;
mod create;
mod finish;
mod funnel;
mod model;
mod plan;
mod preflight;
mod prices;
mod quiet;
mod recipient;
mod run;
mod segments;
mod start;
mod stop;
mod store;
mod trial;

use kazi_platform::invalid::Invalid;
use kazi_queue::{EnqueueError, Registry};

use crate::{
    Context, Work,
    contacts::{self, ContactError, ContactId},
    domain::Domain,
    messages, templates,
};
pub use broadcast::Broadcast;
pub use create::{CampaignPatch, NewCampaign, create, delete, update};
pub use finish::Finish;
pub use funnel::{Failures, Funnel, LeftOut, funnel};
pub use model::{
    ButtonSource, Campaign, CampaignStatus, Content, Cost, CountryReport, HeaderSource, Parameter,
    Report,
};
pub use plan::Plan;
pub use prices::{Price, prices, set_prices};
pub use run::{Schedule, cancel, pause, plan, resume, schedule, send};
pub use segments::{
    NewSegment, Segment, SegmentId, SegmentSize, create_segment, delete_segment, segment, segments,
    size, update_segment,
};
pub use start::Start;
use stop::{clearance, refused, take_back, template_changed, withdraw};
pub use store::figures::count_under_way;
pub use store::recipients::{Recipient, RecipientState, recipients};
pub use store::{everywhere, get, list, lock, workspace_of};
pub use trial::test_send;

pub(crate) const DOMAIN: Domain = Domain {
    name: "campaigns",
    jobs,
    tables: &[
        "campaign_messages",
        "campaigns",
        "segments",
        "campaign_prices",
    ],
    offers: &[
        &contacts::Hooks {
            erase: |work, id| Box::pin(erase(work, id)),
            withdraw: |work, id, marketing| Box::pin(withdraw(work, id, marketing)),
            ..contacts::Hooks::NONE
        },
        &messages::CampaignHooks {
            lock: |work, id| Box::pin(async move { lock(work, id).await.map(drop) }),
            clearance: |work, id| Box::pin(clearance(work, id)),
            refused: |work, id, refusal| Box::pin(refused(work, id, refusal)),
            take_back: |work, id| Box::pin(async move { take_back(work, id).await.map(drop) }),
        },
        &templates::Hooks {
            changed: |work, template| {
                Box::pin(async move { Ok(template_changed(work, template).await?) })
            },
        },
    ],
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry
        .register::<Plan>()
        .register::<Start>()
        .register::<Broadcast>()
        .register::<Finish>()
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// A field breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no such campaign or segment.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// It stands where this cannot be done.
    #[error("{0}")]
    Conflict(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A job was not taken.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}

impl From<ContactError> for CampaignError {
    fn from(error: ContactError) -> Self {
        match error {
            ContactError::Invalid(invalid) => Self::Invalid(invalid),
            ContactError::Database(error) => Self::Database(error),
            other => Self::Conflict(other.to_string()),
        }
    }
}

impl From<CampaignError> for kazi_queue::JobError {
    fn from(error: CampaignError) -> Self {
        match error {
            CampaignError::Database(error) => error.into(),
            CampaignError::Enqueue(error) => error.into(),
            other => Self::retry("campaign", other),
        }
    }
}

/// Leaves nothing personal of somebody in the campaigns that they were a recipient of. What has not left does not leave.
///
/// # Errors
/// The database failed.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    store::recipients::erase(work, contact).await
}

#[cfg(test)]
mod tests;
