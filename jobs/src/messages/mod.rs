//! Messages, in and out.
//!
//! An outbound message is a row and a [`Send`] job, written in one transaction with what caused it. The request to the
//! provider is announced in the row before it leaves (`sending`), because no provider takes an idempotency key: whoever
//! finds an announced message later does not send it again before the provider's webhooks have had time to tell that it
//! arrived. Statuses ([`ApplyStatus`]) move a message forward only; a failure that is told by webhook is treated as one in
//! the answer: sent again, given up, or a dead letter.

mod bulk;
mod model;
mod notify;
mod refused;
mod send;
mod status;
mod store;
mod undelivered;

use kazi_platform::{Timestamp, WorkspaceId, partitions};
use kazi_queue::{EnqueueError, Job, Registry};
use sqlx::PgConnection;

use crate::Context;
pub use bulk::{Outcome, Tally, NewBulk, outcomes, queue_all, tally, waiting, withdraw};
pub use model::{
    Cause, MessageId, MessageView, NewInbound, NewOutbound, News, Outgoing, Spoken, Status, Turn,
};
pub use notify::{Notice, Notified, TemplateUse, Unreachable, notify};
pub use send::Send;
pub(crate) use send::{Refusal, deliver};
pub use status::ApplyStatus;
pub use store::{
    body_of, by_traces,
    people::{change_contact, erase, spoken},
    record_in, turns,
};

/// Adds the domain's jobs.
pub fn domain(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<Send>().register::<ApplyStatus>()
}

/// Makes the months of messages to come.
///
/// # Errors
/// The database failed.
pub async fn make_partitions(conn: &mut PgConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    partitions::ensure(conn, "messages", partitions::Period::Month, now, 2).await
}

/// Writes a message down and enqueues its sending, in the caller's transaction. A message with this id that is there
/// already is left alone: then this answers `false`.
///
/// # Errors
/// The database failed.
pub async fn queue_out(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    new: &NewOutbound<'_>,
) -> Result<bool, EnqueueError> {
    if !store::insert_out(&mut *conn, workspace, new).await? {
        return Ok(false);
    }
    let job = Send {
        workspace,
        message: new.id,
    };
    // One at a time for each conversation, in the order in which they were written: a menu does not overtake its greeting.
    let options = job
        .options()
        .tenant(workspace)
        .lane(new.conversation.channel.to_string())
        .sequence(format!("out:{}", new.conversation.id));
    job.enqueue_with(conn, options).await?;
    Ok(true)
}
