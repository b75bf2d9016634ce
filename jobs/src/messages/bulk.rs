//! Many messages at once: a campaign's. Each function is a statement or two, however many there are.

use std::collections::HashSet;

use kazi_clients::whatsapp::Body;
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{EnqueueError, Job, Priority, enqueue_all_with};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{MessageId, Send, store::bulk as store};
use crate::{
    campaigns::CampaignId, channels::ChannelId, contacts::ContactId,
    conversations::ConversationId,
};

/// A message of a campaign.
#[derive(Clone, Debug)]
pub struct NewBulk {
    /// Its id.
    pub id: MessageId,
    /// Where it belongs.
    pub conversation: ConversationId,
    /// Whom it is for.
    pub contact: ContactId,
    /// How the channel names them.
    pub peer: String,
    /// What it says.
    pub body: Body,
}

/// How many messages of a campaign stand so.
#[derive(Clone, Debug)]
pub struct Tally {
    /// As stored.
    pub status: String,
    /// The provider's code, for a failure.
    pub error_code: Option<i64>,
    /// So many.
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

/// Writes messages down and enqueues their sending, in the caller's transaction. What is there already is left alone.
/// They go after whoever waits for an answer of the same channel, and in no order among themselves.
///
/// # Errors
/// The database failed.
pub async fn queue_all(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    channel: ChannelId,
    campaign: CampaignId,
    messages: &[NewBulk],
    now: Timestamp,
) -> Result<usize, EnqueueError> {
    let new = store::insert(&mut *conn, workspace, channel, campaign, messages, now).await?;
    let new: HashSet<MessageId> = new.into_iter().collect();
    let lane = channel.to_string();
    let jobs = messages.iter().filter(|message| new.contains(&message.id));
    let jobs = jobs.map(|message| {
        let job = Send {
            workspace,
            message: message.id,
        };
        let options = job.options().tenant(workspace).lane(lane.clone());
        (job, options.priority(Priority::Low))
    });
    let enqueued = enqueue_all_with(conn, jobs.collect()).await?;
    Ok(enqueued.len())
}

/// How many messages of a campaign have still to leave, or have just left without an answer. Those that the provider has
/// refused by webhook and that are to be tried again hours later are not among them.
///
/// # Errors
/// The database failed.
pub async fn waiting(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    campaign: CampaignId,
) -> Result<i64, sqlx::Error> {
    store::waiting(conn, workspace, campaign).await
}

/// Takes back what of a campaign has surely not left; which. One statement: a message whose request is announced at the
/// same moment (`mark_sending`) either is taken back before, or has left. The jobs find nothing and end.
///
/// # Errors
/// The database failed.
pub async fn withdraw(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    campaign: CampaignId,
) -> Result<Vec<MessageId>, sqlx::Error> {
    store::withdraw(conn, workspace, campaign).await
}

/// How a campaign's messages stand.
///
/// # Errors
/// The database failed.
pub async fn tally(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    campaign: CampaignId,
) -> Result<Vec<Tally>, sqlx::Error> {
    store::tally(conn, workspace, campaign).await
}

/// What has become of some messages.
///
/// # Errors
/// The database failed.
pub async fn outcomes(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    ids: &[MessageId],
) -> Result<Vec<Outcome>, sqlx::Error> {
    store::outcomes(conn, workspace, ids).await
}
