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
use kazi_queue::Registry;
use sqlx::PgConnection;

use crate::Context;
pub use directory::{Directory, DirectoryError};
pub use events::{Recorded, record};
pub use model::{
    Channel, ChannelId, ChannelKind, Credentials, Event, EventKind, NewChannel, NewEvent, UnroutedEvent, WebhookEventId,
};
pub use purge::PurgeEvents;
pub use store::{add, event, list, pause, unrouted};

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

/// Whose an event is.
pub type Route = (WorkspaceId, ChannelId);
