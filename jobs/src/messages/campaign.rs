//! The messages of a campaign: counting them and taking them back, with one statement each.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::TimeDelta;
use kazi_clients::whatsapp::{Reaction, reaction_to};
use kazi_platform::Timestamp;
use kazi_queue::lanes;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Send,
    store::{campaign as store, charges::note_released},
};
use crate::{
    Work, channels::ChannelId, contacts::ContactId, conversations::MessageId, messages::CampaignId,
};

/// After this time no job asks again for a message whose provider does not answer.
const GIVEN_UP: TimeDelta = TimeDelta::hours(2);

/// The number of a campaign's messages with a status.
#[derive(Clone, Debug)]
pub struct Tally {
    pub status: String,
    /// The provider's code, for a failure.
    pub error_code: Option<i64>,
    pub messages: i64,
    /// Those after which the customer wrote within 24 hours.
    pub replied: i64,
}

/// How many of a campaign's messages with an answer have failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failed {
    /// Messages that have arrived, are on their way or have failed.
    pub answered: i64,
    pub classes: BTreeMap<FailureClass, i64>,
}

kazi_platform::texts! {
    /// Why a message has failed. It is also the class of its dead letter, so that an operator can replay one kind.
    pub enum FailureClass as "MessageFailureClass" {
        Undeliverable = "undeliverable",
        MarketingCap = "marketing_cap",
        OptedOut = "opted_out",
        Media = "media",
        Template = "template",
        WindowClosed = "window_closed",
        OurFault = "our_fault",
        /// Any other refusal.
        Refused = "refused",
    }
}

impl FailureClass {
    pub(super) const fn of(reaction: Reaction) -> Self {
        match reaction {
            Reaction::WindowClosed => Self::WindowClosed,
            Reaction::OurFault => Self::OurFault,
            Reaction::Media => Self::Media,
            Reaction::TemplateFault | Reaction::TemplatePaused | Reaction::TemplateDisabled => {
                Self::Template
            }
            Reaction::MarketingCap => Self::MarketingCap,
            Reaction::OptedOut => Self::OptedOut,
            Reaction::Undeliverable => Self::Undeliverable,
            _ => Self::Refused,
        }
    }
}

/// Messages of a campaign that got so far in an hour or a day.
#[derive(Clone, Debug)]
pub struct Passed {
    /// When the hour or the day begins.
    pub at: Timestamp,
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
}

/// The outcome of a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MessageOutcome)]
pub struct Outcome {
    pub id: MessageId,
    /// queued, sending, accepted, sent, delivered, read, failed.
    pub status: String,
    /// The provider's code, for a failure.
    pub error_code: Option<i64>,
    /// The failure in words.
    pub error_detail: Option<String>,
    /// When the request left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sending_at: Option<Timestamp>,
    /// When it reached the phone.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Timestamp>,
    /// When the contact read it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
}

/// Counts a campaign's messages that have not left, or have left without an answer yet. It leaves out messages that a
/// webhook has refused and that wait for hours, and messages whose provider has not answered for two hours: their jobs
/// have given up.
pub async fn waiting(work: &mut Work, campaign: CampaignId) -> Result<i64, sqlx::Error> {
    store::waiting(work, campaign, work.now() - GIVEN_UP).await
}

/// Counts the tests of campaigns since a time. A test belongs to no campaign.
pub async fn campaign_tests(work: &mut Work, since: Timestamp) -> Result<i64, sqlx::Error> {
    store::tests(work, since).await
}

/// A message that was taken back.
#[derive(Clone, Copy, Debug)]
pub struct Withdrawn {
    pub message: MessageId,
    pub channel: ChannelId,
    pub campaign: CampaignId,
    /// What it has reserved: the caller keeps it reserved for the message's recipient, or releases it. 0: it was charged
    /// before. `None`: it costs no credits.
    pub credits: Option<i32>,
}

/// Releases what messages that were taken back have reserved: their recipients get nothing.
pub(crate) async fn release(work: &mut Work, taken: &[Withdrawn]) -> Result<(), sqlx::Error> {
    let released = taken
        .iter()
        .filter_map(|one| Some((one.campaign, i64::from(one.credits?))));
    note_released(work, released).await
}

/// Takes back messages of campaigns that have not left, and returns them. It is one statement, so a message that is
/// announced at this moment (`mark_sending`) is either taken back or has left. Their jobs find no message and end.
pub async fn withdraw(
    work: &mut Work,
    campaigns: &[CampaignId],
) -> Result<Vec<Withdrawn>, sqlx::Error> {
    let gone = store::withdraw(work, campaigns).await?;
    let ids: HashSet<MessageId> = gone.iter().map(|one| one.message).collect();
    let channels: BTreeSet<ChannelId> = gone.iter().map(|one| one.channel).collect();
    for channel in channels {
        let gone = |job: &Send| ids.contains(&job.message);
        lanes::cancel(work.conn(), &channel.to_string(), gone).await?;
    }
    Ok(gone)
}

/// Like [`withdraw`], for one contact in several campaigns.
pub async fn withdraw_of(
    work: &mut Work,
    contact: ContactId,
    campaigns: &[CampaignId],
) -> Result<Vec<Withdrawn>, sqlx::Error> {
    store::withdraw_of(work, contact, campaigns).await
}

/// Counts the people whom templates on WhatsApp have reached since a time, though they had not written within the 24 hours
/// before. Meta counts them against the limit of the business.
pub async fn strangers_reached(work: &mut Work, since: Timestamp) -> Result<i64, sqlx::Error> {
    store::strangers_reached(work, since).await
}

/// Counts a campaign's messages by status.
pub async fn tally(work: &mut Work, campaign: CampaignId) -> Result<Vec<Tally>, sqlx::Error> {
    store::tally(work, campaign).await
}

/// Counts a campaign's messages by the hours or days of a time zone, before a time. `unit` is `hour` or `day`.
pub async fn timeline(
    work: &mut Work,
    campaign: CampaignId,
    unit: &str,
    zone: &str,
    until: Timestamp,
) -> Result<Vec<Passed>, sqlx::Error> {
    store::timeline(work, campaign, unit, zone, until).await
}

/// When some messages were read. Those that were not are left out.
pub async fn read_times(
    work: &mut Work,
    ids: &[MessageId],
) -> Result<Vec<(MessageId, Timestamp)>, sqlx::Error> {
    store::read_times(work, ids).await
}

/// Reads the outcomes of messages.
pub async fn outcomes(work: &mut Work, ids: &[MessageId]) -> Result<Vec<Outcome>, sqlx::Error> {
    store::outcomes(work, ids).await
}

/// Counts the failures of a campaign's newest messages: of at most `most` with an answer, queued since a time.
pub async fn failures(
    work: &mut Work,
    campaign: CampaignId,
    since: Timestamp,
    most: i64,
) -> Result<Failed, sqlx::Error> {
    let mut failed = Failed::default();
    for (is_failed, code, messages) in store::answered(work, campaign, since, most).await? {
        failed.answered += messages;
        if is_failed {
            let reaction = code.map_or(Reaction::Unknown, reaction_to);
            *failed
                .classes
                .entry(FailureClass::of(reaction))
                .or_default() += messages;
        }
    }
    Ok(failed)
}
