//! The bot: it reads a customer's message and answers, by itself or with a model.
//!
//! [`Receive`] stores an inbound message, lets the bot [decide], and queues the answers, all in one transaction. A
//! scene of another domain may answer instead. [`Reply`] lets a model answer. Both jobs are in the customer's sequence.
//! So one customer's messages are handled in the order of their arrival, and each answer leaves before the next message
//! is read.
//!
//! [`rehearse`] tries a prompt without a customer.

mod compose;
mod decide;
mod echo;
mod question;
mod read;
mod receive;
mod rehearse;
mod reply;
mod scenes;

use kazi_queue::Registry;

use crate::{Context, channels::ChannelId, domain::Domain};
pub use echo::Echo;
pub use receive::Receive;
pub use rehearse::{
    Author, Heard, Rehearsal, RehearsalError, RehearsalTurn, Rehearsed, Rehearsing, rehearse,
};
pub use reply::Reply;

pub(crate) const DOMAIN: Domain = Domain {
    name: "bot",
    floor: 8,
    jobs,
    ..Domain::NONE
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry
        .register::<Receive>()
        .register::<Echo>()
        .register::<Reply>()
}

/// The sequence of a customer on a channel. When the message does not name its sender, the contact in the payload does,
/// so that two customers do not wait for each other.
pub(crate) fn sequence_of(channel: ChannelId, sender: &str, payload: &str) -> String {
    let sender = match sender {
        "" => read::writer(payload).unwrap_or_default(),
        sender => sender.to_owned(),
    };
    format!("in:{channel}:{sender}")
}
