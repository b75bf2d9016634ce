//! A campaign's messages, all at once: how they stand, and taking them back. Each function is a statement.

use std::collections::{BTreeSet, HashSet};

use chrono::TimeDelta;
use kazi_platform::Timestamp;
use kazi_queue::lanes;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Send, store::campaign as store};
use crate::{
    Work, channels::ChannelId, contacts::ContactId, conversations::MessageId, messages::CampaignId,
};

/// Longer than a message is asked for again whose provider does not answer.
const GIVEN_UP: TimeDelta = TimeDelta::hours(2);

/// How many messages of a campaign stand so.
#[derive(Clone, Debug)]
pub struct Tally {
    pub status: String,
    /// The provider's code, for a failure.
    pub error_code: Option<i64>,
    pub messages: i64,
    /// So many of them were followed by a word of the customer's within a week.
    pub replied: i64,
}

/// What has become of a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MessageOutcome)]
pub struct Outcome {
    /// Which.
    #[schema(value_type = String, example = "msg_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub id: MessageId,
    /// queued, sending, accepted, sent, delivered, read, failed.
    pub status: String,
    /// The provider's code, for a failure.
    pub error_code: Option<i64>,
    /// When it left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sending_at: Option<Timestamp>,
    /// When the phone had it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Timestamp>,
    /// When the person saw it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
}

/// How many messages of a campaign have still to leave, or have just left without an answer. Those that the provider has
/// refused by webhook and that are to be tried again hours later are not among them, nor are those whose provider has not
/// answered for two hours: their jobs have given up, and nobody waits for them.
///
/// # Errors
/// The database failed.
pub async fn waiting(work: &mut Work, campaign: CampaignId) -> Result<i64, sqlx::Error> {
    store::waiting(work, campaign, work.now() - GIVEN_UP).await
}

/// Takes back what of a campaign has surely not left; which. One statement: a message whose request is announced at the
/// same moment (`mark_sending`) either is taken back before, or has left. Jobs that wait for their turn go with their
/// messages, so that the number's next messages do not wait behind them; the others find nothing and end.
///
/// # Errors
/// The database failed.
pub async fn withdraw(
    work: &mut Work,
    campaign: CampaignId,
) -> Result<Vec<MessageId>, sqlx::Error> {
    let gone = store::withdraw(work, campaign).await?;
    let ids: HashSet<MessageId> = gone.iter().map(|(id, _)| *id).collect();
    let channels: BTreeSet<ChannelId> = gone.iter().map(|(_, channel)| *channel).collect();
    for channel in channels {
        let gone = |job: &Send| ids.contains(&job.message);
        lanes::cancel(work.conn(), &channel.to_string(), gone).await?;
    }
    Ok(gone.into_iter().map(|(id, _)| id).collect())
}

/// As [`withdraw`], of one contact, of several campaigns.
///
/// # Errors
/// The database failed.
pub async fn withdraw_of(
    work: &mut Work,
    contact: ContactId,
    campaigns: &[CampaignId],
) -> Result<Vec<MessageId>, sqlx::Error> {
    store::withdraw_of(work, contact, campaigns).await
}

/// How a campaign's messages stand.
///
/// # Errors
/// The database failed.
pub async fn tally(work: &mut Work, campaign: CampaignId) -> Result<Vec<Tally>, sqlx::Error> {
    store::tally(work, campaign).await
}

/// What has become of some messages.
///
/// # Errors
/// The database failed.
pub async fn outcomes(work: &mut Work, ids: &[MessageId]) -> Result<Vec<Outcome>, sqlx::Error> {
    store::outcomes(work, ids).await
}
