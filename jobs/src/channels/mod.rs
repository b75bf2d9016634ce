//! Channels: the identities a workspace sends with, and the webhook events that come in through them.
//!
//! The intake asks the [`Directory`] whose an event is and writes it down with [`record`]: the event, unique by the
//! provider's id, and the job that it causes, in the caller's transaction.

mod directory;
mod events;
mod model;
mod purge;
mod store;

use kazi_platform::{Timestamp, WorkspaceId, partitions};
use kazi_queue::{EnqueueError, Job, Registry};
use sqlx::PgConnection;

use crate::{Context, messages};
pub use directory::{Directory, DirectoryError};
pub use events::{Recorded, record};
pub use model::{
    Channel, ChannelId, ChannelKind, ChannelView, Credentials, Event, EventKind, NewChannel,
    NewEvent, RecentEvent, UnroutedEvent, WebhookEventId,
};
pub use purge::PurgeEvents;
pub use store::{add, count_messages, count_paused, event, list, pause, recent, resume, unrouted};

/// Adds the domain's jobs.
pub fn domain(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<PurgeEvents>()
}

const EVENTS: &str = "webhook_events";

/// Makes the days of events to come.
///
/// # Errors
/// The database failed.
pub async fn make_partitions(conn: &mut PgConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    partitions::ensure(conn, EVENTS, partitions::Period::Day, now, 7).await
}

/// What every process that runs jobs does first: the partitions of the days to come, and the daily job that goes on
/// making them. Any number of processes may do it.
///
/// # Errors
/// The database failed.
pub async fn keep_house(conn: &mut PgConnection, now: Timestamp) -> Result<(), EnqueueError> {
    make_partitions(&mut *conn, now).await?;
    messages::make_partitions(&mut *conn, now).await?;
    PurgeEvents {}.enqueue(conn).await?;
    Ok(())
}

/// Whose an event is.
pub type Route = (WorkspaceId, ChannelId);
