//! Messages, inbound and outbound.
//!
//! An outbound message is a row and a [`Send`] job, written in the transaction of their cause. Providers have no
//! idempotency keys. So the row says that the request leaves (`sending`) before it leaves, and a later run does not
//! send again before the provider's webhooks had time to report an arrival. Statuses ([`ApplyStatus`]) only move a
//! message forward. A failure by webhook has the same consequences as one in the answer: the message is sent again,
//! given up, or becomes a dead letter.

mod campaign;
pub(crate) mod heard;
mod hooks;
mod lost;
mod model;
mod notify;
mod record;
mod refused;
mod send;
mod status;
mod store;
mod undelivered;
mod writer;

use std::collections::HashSet;

use kazi_platform::{Timestamp, WorkspaceId, partitions};
use kazi_queue::{
    EnqueueError, Job, Options, Priority, Registry, cron::Schedule, enqueue_all_with,
};
use sqlx::PgConnection;

pub use crate::conversations::CampaignId;
use crate::{
    Context, Work,
    channels::ChannelId,
    conversations::{self, MessageId, Voice},
    credits,
    domain::{Domain, Figures},
    endpoints::{Subject, shown, types},
};
pub(crate) use campaign::release;
pub use campaign::{
    Failed, FailureClass, Outcome, Passed, Tally, Withdrawn, campaign_tests, failures, outcomes,
    read_times, strangers_reached, tally, timeline, waiting, withdraw, withdraw_of,
};
pub(crate) use hooks::{Against, CampaignHooks, Clearance, Refused, speaks_against};
pub use lost::FindLost;
pub use model::{
    Cause, ChatMessage, LastMessage, MessageView, NewOutbound, Outgoing, PastTurn, Received,
    Spoken, Status, StatusUpdate,
};
pub(crate) use model::{NewInbound, readable};
pub use notify::{Notice, Notified, TemplateUse, Unreachable, notify, notify_all};
pub(crate) use record::{media_of, record_echo, record_in};
pub use send::Send;
pub(crate) use send::{Refusal, deliver, signal};
pub use status::ApplyStatus;
pub(crate) use status::{Known, confirm, told_at};
pub(crate) use store::changes::NewEcho;
pub use store::{
    body_of,
    bulk::progress,
    by_traces,
    changes::{readdress, rewrite},
    inbox::{last_heard, last_of, of_conversation, one, search},
    people::{change_contact, erase, received, spoken},
    reached::{Reached, push_reached, push_standing, push_status, push_times},
    turns,
    written::{Direction, Written, WrittenFilter, count_written, written},
};
pub use writer::Writer;

pub(crate) const DOMAIN: Domain = Domain {
    name: "messages",
    floor: 6,
    jobs,
    tables: &["messages"],
    offers: &[
        &Figures(include_str!("figures.txt")),
        &credits::Held {
            sums: |work| Box::pin(store::charges::held(work)),
        },
        &Subject::of::<Received>(EVENTS, |work, id| {
            Box::pin(async move { shown(received(work, id.into()).await?) })
        }),
    ],
};

types! {
    EVENTS;
    /// A contact has written.
    MESSAGE_RECEIVED = "message.received";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let often = Schedule::new("messages.find_lost", "*/15 * * * *");
    registry
        .register::<Send>()
        .register::<ApplyStatus>()
        .register::<FindLost>()
        .schedule(often, &FindLost {})
}

/// Creates the partitions of the coming months.
pub async fn make_partitions(conn: &mut PgConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    // Each message is updated five times. When its page has room for the new version, no index changes.
    partitions::ensure(conn, "messages", partitions::Period::Month, now, 2, 50).await
}

/// Stores a message and enqueues its sending, in the caller's transaction. Returns `false` when a message with this id
/// exists.
pub async fn queue_out(work: &mut Work, new: &NewOutbound<'_>) -> Result<bool, EnqueueError> {
    if !store::insert_out(work, new).await? {
        return Ok(false);
    }
    tell_conversations(work, &[new]).await?;
    let (job, options) = sending(work.workspace(), new);
    job.enqueue_with(work.conn(), options).await?;
    Ok(true)
}

/// Like [`queue_out`] for several messages, in their order. Returns the new ones. At most a few hundred, because their
/// conversations' sequences are locked until the transaction ends.
pub async fn queue_out_all(
    work: &mut Work,
    all: &[NewOutbound<'_>],
) -> Result<HashSet<MessageId>, EnqueueError> {
    let new = store::bulk::insert_out(work, None, all, &[]).await?;
    let written = all.iter().filter(|message| new.contains(&message.id));
    let written: Vec<&NewOutbound<'_>> = written.collect();
    tell_conversations(work, &written).await?;
    let jobs = written
        .into_iter()
        .map(|message| sending(work.workspace(), message))
        .collect();
    enqueue_all_with(work.conn(), jobs).await?;
    Ok(new)
}

/// Tells conversations that somebody has spoken there. A notice or a campaign is no part of the talk.
async fn tell_conversations(
    work: &mut Work,
    written: &[&NewOutbound<'_>],
) -> Result<(), sqlx::Error> {
    for (voice, causes) in [
        (Voice::Bot, &[Cause::Bot, Cause::Ai][..]),
        (Voice::Member, &[Cause::Agent]),
    ] {
        let of_it = written.iter().filter(|new| causes.contains(&new.cause));
        let spoken: Vec<_> = of_it.map(|new| (new.conversation.id, new.at)).collect();
        conversations::answered(work, &spoken, voice).await?;
    }
    Ok(())
}

/// The channel of a message that may be announced without being read: one of Kazi's own files goes before its message.
fn channel_of(new: &NewOutbound<'_>) -> Option<ChannelId> {
    let channel = new.conversation.channel;
    new.body.media().is_none().then_some(channel)
}

/// One at a time for each conversation, in the order of writing: a menu does not overtake its greeting.
fn sending(workspace: WorkspaceId, new: &NewOutbound<'_>) -> (Send, Options) {
    let job = Send {
        workspace,
        message: new.id,
        channel: channel_of(new),
    };
    let options = job
        .options()
        .tenant(workspace)
        .lane(new.conversation.channel.to_string())
        .sequence(format!("out:{}", new.conversation.id));
    (job, options)
}

/// Stores messages of a campaign and enqueues their sending, in the caller's transaction. Returns the new ones. A few
/// thousand at a time, in one statement each for rows and jobs.
///
/// Nobody waits for these messages, so they leave a part of the number's rate to others. They are in no sequence,
/// because a campaign does not answer a chat. `credits`: what each has reserved. Empty: the workspace is not prepaid.
pub async fn queue_all(
    work: &mut Work,
    campaign: CampaignId,
    all: &[NewOutbound<'_>],
    credits: &[i32],
) -> Result<Vec<MessageId>, EnqueueError> {
    let new = store::bulk::insert_out(work, Some(campaign), all, credits).await?;
    let jobs = all
        .iter()
        .filter(|message| new.contains(&message.id))
        .map(|message| {
            let channel = message.conversation.channel;
            let job = Send {
                workspace: work.workspace(),
                message: message.id,
                channel: channel_of(message),
            };
            let options = job
                .options()
                .tenant(work.workspace())
                .lane(channel.to_string())
                .priority(Priority::Low);
            (job, options)
        })
        .collect();
    enqueue_all_with(work.conn(), jobs).await?;
    Ok(new.into_iter().collect())
}
