//! Channels: the sending identities of a workspace, and the webhook events that arrive through them.
//!
//! The intake asks the [`Directory`] for the channel of an event and stores it (`inbound::record`). The event is unique
//! by the provider's id, and its job is in the same transaction.
//!
//! Members [connect](connect()) channels and manage them. [`CheckHealth`] asks the provider every hour whether they
//! still work, and [`refuse`] stops a channel that its provider refuses.

mod check;
mod client;
mod connect;
mod directory;
mod error;
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
    sealed::Sealed,
};
pub use check::{Check, CheckHealth, check, refuse};
pub use connect::{Connect, NewSecrets, Setup, add, connect, rotate, setup, webhook_url};
pub use directory::{Directory, DirectoryError};
pub use error::ChannelError;
pub use manage::{
    ChannelDetails, Rate, channel, channels, delete, lock, rename, resume, set_rate, stop,
};
pub use model::{
    Channel, ChannelId, ChannelKind, ChannelView, Credentials, Event, EventKind, NewChannel,
    NewEvent, RecentEvent, Sender, UnroutedEvent, WebhookEventId,
};
pub use purge::PurgeEvents;
pub(crate) use store::events::insert_events;
pub use store::events::{count_messages, event, events, recent, unrouted};
pub use store::manage::{close_all, in_use, reopen_all, set_heard, set_verified};
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
        &Sealed {
            place: store::manage::sealed_place,
            all: |work| Box::pin(store::manage::all_sealed(work)),
            replace: |work, id, sealed| Box::pin(store::manage::replace_sealed(work, id, sealed)),
        },
    ],
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
    // At night in UTC, because whole days of UTC are dropped.
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

/// Creates the partitions of the coming days.
pub async fn make_partitions(conn: &mut PgConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    partitions::ensure(conn, EVENTS, partitions::Period::Day, now, 7, 100).await
}

/// The workspace and channel of an event.
pub type Route = (WorkspaceId, ChannelId);

#[cfg(test)]
mod tests;
