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
use kazi_queue::{Registry, cron::Schedule};
use sqlx::PgConnection;

use crate::Context;
pub use directory::{Directory, DirectoryError};
pub use events::{Recorded, record};
pub use model::{
    Channel, ChannelId, ChannelKind, ChannelView, Credentials, Event, EventKind, NewChannel,
    NewEvent, RecentEvent, UnroutedEvent, WebhookEventId,
};
pub use purge::PurgeEvents;
pub use store::{
    active, add, count_messages, count_paused, event, list, pause, recent, resume, unrouted,
};

/// Adds the domain's jobs.
pub fn domain(registry: Registry<Context>) -> Registry<Context> {
    // At night, in the time zone of the data: whole days of UTC are dropped.
    let nightly = Schedule::new("channels.purge_events", "17 3 * * *");
    registry
        .register::<PurgeEvents>()
        .schedule(nightly, &PurgeEvents {})
}

const EVENTS: &str = "webhook_events";

/// Makes the days of events to come.
///
/// # Errors
/// The database failed.
pub async fn make_partitions(conn: &mut PgConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    partitions::ensure(conn, EVENTS, partitions::Period::Day, now, 7).await
}

/// Whose an event is.
pub type Route = (WorkspaceId, ChannelId);
