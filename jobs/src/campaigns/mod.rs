//! Campaigns: broadcasts of a template, or of a text on Green API, to a frozen list of recipients.
//!
//! [`Plan`] reads the contacts of a segment and freezes each recipient with the values of the variables. It reports who
//! is left out, with the reason. [`Broadcast`] queues the messages in the lane of the sending number: in one
//! transaction it moves recipients to `queued` and writes their messages and jobs. It keeps a window of queued
//! messages, so that the lane always has work and a pause takes back all that has not left. [`Finish`] completes the
//! campaign. Every change holds the campaign's row, and each job asks this row what it may do.
//!
//! A campaign may be a test: its arms are compared, and the others get the winner ([`Experiment`], `arms`, [`Decide`]).
//!
//! [`follow`] leads whoever clicks a tracked link to its target. Orders, bookings and opt-outs count for the last campaign
//! that has reached the contact before (`results`).

mod arms;
mod arms_check;
mod arms_report;
mod broadcast;
mod compare;
mod content;
mod course;
mod create;
mod credits;
mod decide;
mod delivery;
mod error;
mod experiment;
mod finish;
mod frequency;
mod funnel;
mod links;
mod model;
mod pace;
mod plan;
mod preflight;
mod prices;
mod progress;
mod quiet;
mod reach;
mod recipient;
mod results;
mod run;
mod segments;
mod single;
mod start;
mod stats;
mod stop;
mod store;
mod timeline;
mod trial;
mod zones;

use kazi_queue::Registry;

use crate::{
    Context, Permission, Work,
    contacts::{self, ContactId},
    credits as paid,
    domain::{Domain, Figures},
    endpoints::{Subject, shown, types},
    live,
    locale::{Words, files},
    messages,
    notifications::kinds,
    permission::permissions,
    templates,
};
pub use arms::choose_winner;
pub use arms_report::{ArmReport, ExperimentReport};
pub use broadcast::Broadcast;
pub use compare::{
    ArmFigures, Comparison, Figures as ExperimentFigures, Holdout, PartFigures, figures,
};
pub use content::{ButtonSource, CardSource, Content, HeaderSource, Parameter};
pub(crate) use course::{Course, CourseRow, add_all, price_now};
pub use course::{CourseDay, course};
pub(crate) use create::check_content;
pub use create::{CampaignPatch, NewCampaign, create, delete, update};
pub use decide::Decide;
pub use delivery::{Breaker, Canary, Delivery};
pub use error::CampaignError;
pub use experiment::{Arm, Choice, DecidedBy, Experiment, ExperimentState, Metric, Otherwise};
pub use finish::Finish;
pub(crate) use frequency::Marketing;
pub use funnel::{Failures, Funnel, LeftOut, Revenue, funnel};
pub use links::{LINK_PATH, follow};
pub use model::{Campaign, CampaignStatus, Cost, CountryReport, Report, SegmentId};
pub use plan::Plan;
pub use prices::{Price, lock_prices, prices, set_prices, version_of_prices};
pub use progress::{Progress, RecipientFilter, recipients};
pub use reach::{LinkCheck, check_links};
pub(crate) use results::{Conversion, any_sent, convert, revert};
pub use run::{Schedule, cancel, pause, plan, resume, schedule, send};
pub use segments::{
    NewSegment, Sampled, Segment, SegmentPreview, SegmentSize, UnsavedSegment, create_segment,
    delete_segment, preview, segment, segments, size, update_segment,
};
pub(crate) use single::{
    Composed, NO_TEMPLATE, check_ready, compose, quiet_until, waits_for_template, zone_of_contact,
};
pub use start::Start;
use stop::{clearance, expired, refused, take_back, template_changed, withdraw};
pub use store::course::briefs;
pub(crate) use store::course::{COUNTS, push_day};
pub use store::figures::{count_under_way, workspace_of};
pub use store::listing::{Recipient, count_recipients};
pub use store::{count, everywhere, get, list, lock};
pub use timeline::{Moment, Step, timeline};
pub use trial::{TestSent, test_send};
pub use zones::{Group, SendIn};

pub(crate) const DOMAIN: Domain = Domain {
    name: "campaigns",
    floor: 7,
    jobs,
    tables: &[
        "campaign_clicks",
        "campaign_conversions",
        "campaign_messages",
        "campaign_outcomes",
        "campaigns",
        "segments",
        "campaign_prices",
    ],
    offers: &[
        &PERMISSIONS,
        &live::About {
            what: "campaign",
            permission: Permission::CAMPAIGNS_READ,
        },
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
        &Words {
            files: files!("campaigns"),
            keywords: &[],
        },
        &Subject::of::<Campaign>(EVENTS, |work, id| {
            Box::pin(async move { shown(get(work, id.into()).await?) })
        }),
        &contacts::Deeds {
            push: store::deeds::push,
        },
        &contacts::Hooks {
            erase: |work, id| Box::pin(erase(work, id)),
            withdraw: |work, id, marketing| Box::pin(withdraw(work, id, marketing)),
            ..contacts::Hooks::NONE
        },
        &messages::CampaignHooks {
            lock: |work, id| Box::pin(async move { lock(work, id).await.map(drop) }),
            clearance: |work, id, contact| Box::pin(clearance(work, id, contact)),
            refused: |work, id, refusal| Box::pin(refused(work, id, refusal)),
            take_back: |work, id| Box::pin(async move { take_back(work, id).await.map(drop) }),
            expired: |work, id, contact| Box::pin(expired(work, id, contact)),
        },
        &paid::Held {
            sums: |work| Box::pin(store::credits::held(work)),
        },
        &paid::Hooks {
            go_on: |ctx, workspace| Box::pin(credits::go_on(ctx, workspace)),
        },
        &templates::Hooks {
            changed: |work, template| {
                Box::pin(async move { Ok(template_changed(work, template).await?) })
            },
        },
    ],
};

permissions! {
    /// Campaigns, segments and their figures.
    CAMPAIGNS_READ = "campaigns.read", Viewer;
    /// Drafts, schedules, pauses and cancels them.
    CAMPAIGNS_WRITE = "campaigns.write", Admin;
    /// Sends one to all its recipients.
    CAMPAIGNS_SEND = "campaigns.send", Admin, step_up;
}

kinds! {
    /// A campaign has come to its end.
    CAMPAIGN_FINISHED = "campaign_finished";
    /// A campaign was stopped: by a refusal, its failures, its canary, its template or its channel.
    CAMPAIGN_STOPPED = "campaign_stopped";
    /// What became of a campaign's test: a winner, none, or an arm that was stopped.
    CAMPAIGN_TEST = "campaign_test";
    /// Meta has changed the category of a campaign's template.
    CAMPAIGN_RECATEGORIZED = "campaign_recategorized";
}

types! {
    EVENTS;
    /// A campaign is being sent, for the first time or after a pause.
    CAMPAIGN_SENDING = "campaign.sending";
    /// A person or Kazi has paused a campaign: `reason` says why.
    CAMPAIGN_PAUSED = "campaign.paused";
    /// A person or Kazi has cancelled a campaign: `reason` says why.
    CAMPAIGN_CANCELLED = "campaign.cancelled";
    /// All messages of a campaign have left.
    CAMPAIGN_FINISHED = "campaign.finished";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry
        .register::<Plan>()
        .register::<Start>()
        .register::<Broadcast>()
        .register::<Finish>()
        .register::<Decide>()
}

/// Removes a contact's personal data from campaigns, and takes back messages that have not left.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    store::results::erase(work, contact).await?;
    store::recipients::erase(work, contact).await
}

#[cfg(test)]
mod tests;
