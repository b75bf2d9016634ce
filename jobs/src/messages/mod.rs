//! Messages, in and out.
//!
//! An outbound message is a row and a [`Send`] job, written in one transaction with what caused it. The request to the
//! provider is announced in the row before it leaves (`sending`), because no provider takes an idempotency key: whoever
//! finds an announced message later does not send it again before the provider's webhooks have had time to tell that it
//! arrived. Statuses ([`ApplyStatus`]) move a message forward only; a failure that is told by webhook is treated as one in
//! the answer: sent again, given up, or a dead letter.

mod campaign;
pub(crate) mod heard;
mod hooks;
mod model;
mod notify;
mod refused;
mod send;
mod status;
mod store;
mod undelivered;
mod writer;

use std::collections::HashSet;

use kazi_platform::{Timestamp, WorkspaceId, partitions};
use kazi_queue::{EnqueueError, Job, Options, Priority, Registry, enqueue_all_with};
use sqlx::PgConnection;

use crate::{Context, Work, conversations::MessageId, domain::Domain};
pub use campaign::{Outcome, Tally, outcomes, tally, waiting, withdraw, withdraw_of};
pub(crate) use hooks::{Against, CampaignHooks, Clearance, Refused, speaks_against};
pub use model::{
    CampaignId, Cause, MessageView, NewInbound, NewOutbound, News, Outgoing, Spoken, Status, Turn,
};
pub use notify::{Notice, Notified, TemplateUse, Unreachable, notify, notify_all};
pub use send::Send;
pub(crate) use send::{Refusal, deliver};
pub use status::ApplyStatus;
pub(crate) use status::{Known, confirm, told_at};
pub use store::{
    body_of,
    bulk::progress,
    by_traces,
    changes::{NewEcho, record_echo, rewrite},
    people::{change_contact, erase, spoken},
    record_in, turns,
};
pub use writer::Writer;

pub(crate) const DOMAIN: Domain = Domain {
    name: "messages",
    jobs,
    tables: &["messages"],
    ..Domain::NONE
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<Send>().register::<ApplyStatus>()
}

/// Makes the months of messages to come.
///
/// # Errors
/// The database failed.
pub async fn make_partitions(conn: &mut PgConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    // Each message is updated five times, and where a page has room for the new version no index is touched.
    partitions::ensure(conn, "messages", partitions::Period::Month, now, 2, 50).await
}

/// Writes a message down and enqueues its sending, in the caller's transaction. A message with this id that is there
/// already is left alone: then this answers `false`.
///
/// # Errors
/// The database failed.
pub async fn queue_out(work: &mut Work, new: &NewOutbound<'_>) -> Result<bool, EnqueueError> {
    if !store::insert_out(work, new).await? {
        return Ok(false);
    }
    let (job, options) = sending(work.workspace(), new);
    job.enqueue_with(work.conn(), options).await?;
    Ok(true)
}

/// As [`queue_out`] for several, in their order; answers those that were not there yet. A few hundred at a time: their
/// conversations' orders are held until the transaction ends.
///
/// # Errors
/// The database failed.
pub async fn queue_out_all(
    work: &mut Work,
    all: &[NewOutbound<'_>],
) -> Result<HashSet<MessageId>, EnqueueError> {
    let new = store::bulk::insert_out(work, None, all).await?;
    let written = all.iter().filter(|message| new.contains(&message.id));
    let jobs = written
        .map(|message| sending(work.workspace(), message))
        .collect();
    enqueue_all_with(work.conn(), jobs).await?;
    Ok(new)
}

/// One at a time for each conversation, in the order in which they were written: a menu does not overtake its greeting.
fn sending(workspace: WorkspaceId, new: &NewOutbound<'_>) -> (Send, Options) {
    let job = Send {
        workspace,
        message: new.id,
        channel: Some(new.conversation.channel),
    };
    let options = job
        .options()
        .tenant(workspace)
        .lane(new.conversation.channel.to_string())
        .sequence(format!("out:{}", new.conversation.id));
    (job, options)
}

/// Writes messages of a campaign down and enqueues their sending, in the caller's transaction; answers those that
/// were not there yet. A few thousand at a time: each is a row and a job of one statement.
///
/// Nobody waits for them: they leave to the others a part of what the number may send. They belong to no order, for a
/// campaign says nothing that a chat has asked for.
///
/// # Errors
/// The database failed.
pub async fn queue_all(
    work: &mut Work,
    campaign: CampaignId,
    all: &[NewOutbound<'_>],
) -> Result<Vec<MessageId>, EnqueueError> {
    let new = store::bulk::insert_out(work, Some(campaign), all).await?;
    let jobs = all
        .iter()
        .filter(|message| new.contains(&message.id))
        .map(|message| {
            let channel = message.conversation.channel;
            let job = Send {
                workspace: work.workspace(),
                message: message.id,
                channel: Some(channel),
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
