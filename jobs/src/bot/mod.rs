//! The bot: what it makes of a customer's message, and the answer of a model.
//!
//! [`Receive`] writes an inbound message down and lets the bot [decide]; whatever it says is queued in the same
//! transaction. A scene of another domain may answer instead. Where a model has to answer, [`Reply`] takes over. Both
//! belong to the sequence of the customer, so that one customer's messages are handled in the order in which they came,
//! and an answer is out before the next is read.

mod compose;
mod decide;
mod echo;
mod read;
mod receive;
mod reply;
mod scenes;

use kazi_queue::Registry;

use crate::{Context, channels::ChannelId, domain::Domain};
pub use echo::Echo;
pub use receive::Receive;
pub use reply::Reply;

pub(crate) const DOMAIN: Domain = Domain {
    name: "bot",
    jobs,
    ..Domain::NONE
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry
        .register::<Receive>()
        .register::<Echo>()
        .register::<Reply>()
}

/// The sequence of a customer on a channel. A message that does not name its sender may come with a contact that does:
/// those of different people must not wait for each other.
pub(crate) fn sequence_of(channel: ChannelId, sender: &str, payload: &str) -> String {
    let sender = match sender {
        "" => read::writer(payload).unwrap_or_default(),
        sender => sender.to_owned(),
    };
    format!("in:{channel}:{sender}")
}
