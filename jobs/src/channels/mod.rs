//! Channels: the identities a workspace sends with, and the webhook events that come in through them.
//!
//! The intake asks the [`Directory`] whose an event is and writes it down (`inbound::record`): the event, unique by the
//! provider's id, and the job that it causes, in the caller's transaction.
//!
//! Members [connect](connect()) channels and manage them; the provider is asked every hour whether they still work
//! ([`CheckHealth`]), and one that it refuses is stopped ([`refuse`]).

mod check;
mod connect;
mod directory;
mod manage;
mod model;
mod purge;
mod store;

use kazi_platform::{Timestamp, WorkspaceId, partitions};
use kazi_queue::{Registry, cron::Schedule};
use sqlx::PgConnection;

use crate::{
    Context,
    domain::{Domain, Figures},
    notifications::kinds,
    permission::permissions,
};
pub use check::{Check, CheckHealth, check, refuse};
pub use connect::{Connect, NewSecrets, Setup, add, connect, rotate, setup, webhook_url};
pub use directory::{Directory, DirectoryError};
pub use manage::{
    ChannelDetails, ChannelError, Rate, channel, channels, delete, lock, rename, resume, set_rate,
    stop,
};
pub use model::{
    Channel, ChannelId, ChannelKind, ChannelView, Credentials, Event, EventKind, NewChannel,
    NewEvent, RecentEvent, Sender, UnroutedEvent, WebhookEventId,
};
pub use purge::PurgeEvents;
pub use store::events::{count_messages, event, events, recent, unrouted};
pub(crate) use store::events::{insert_events, take_keys};
pub use store::manage::{close_all, in_use, reopen_all, reseal};
pub use store::sender::sender;
pub use store::{active, count_paused, list};

pub(crate) const DOMAIN: Domain = Domain {
    name: "channels",
    floor: 3,
    jobs,
    tables: &["webhook_events", "channels"],
    offers: &[
        &PERMISSIONS,
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
    ],
    ..Domain::NONE
};

permissions! {
    /// Numbers and instances, without their secrets.
    CHANNELS_READ = "channels.read", Viewer;
    /// Adds, checks, limits, pauses, rotates.
    CHANNELS_MANAGE = "channels.manage", Admin;
    /// Shows a channel's verify token and the like again.
    SECRETS_REVEAL = "secrets.reveal", Admin, step_up, not_for_keys;
}

kinds! {
    /// A channel was stopped: its provider refuses it.
    CHANNEL_STOPPED = "channel_stopped";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    // At night, in the time zone of the data: whole days of UTC are dropped.
    let nightly = Schedule::new("channels.purge_events", "17 3 * * *");
    let hourly = Schedule::new("channels.check_health", "7 * * * *");
    registry
        .register::<Check>()
        .register::<CheckHealth>()
        .schedule(hourly, &CheckHealth {})
        .register::<PurgeEvents>()
        .schedule(nightly, &PurgeEvents {})
}

const EVENTS: &str = "webhook_events";

/// Makes the days of events to come.
///
/// # Errors
/// The database failed.
pub async fn make_partitions(conn: &mut PgConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    partitions::ensure(conn, EVENTS, partitions::Period::Day, now, 7, 100).await
}

/// Whose an event is.
pub type Route = (WorkspaceId, ChannelId);

#[cfg(test)]
mod tests;
