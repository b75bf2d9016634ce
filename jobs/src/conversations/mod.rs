//! Conversations: what a customer wrote, what the bot makes of it, and the answer of a model.
//!
//! [`Receive`] writes an inbound message down and lets the [bot](bot) decide; whatever it says is queued in the same
//! transaction. Where a model has to answer, [`Reply`] takes over. Both belong to the sequence of the customer, so that
//! one customer's messages are handled in the order in which they came, and an answer is out before the next is read.

mod bot;
mod compose;
mod inbound;
mod model;
mod reach;
mod receive;
mod reply;
mod store;
mod talk;

use kazi_queue::Registry;

use crate::{Context, channels::ChannelId};
pub(crate) use compose::fit;
pub use model::{Conversation, ConversationId};
pub use reach::{Reach, reach, reach_all, reach_each};
pub use receive::Receive;
pub use reply::Reply;
pub use store::people::{change_contact, erase, of_contact};
pub use talk::{Heard, Reply as TalkReply, Say, Talk};

/// Adds the domain's jobs.
pub fn domain(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<Receive>().register::<Reply>()
}

/// The sequence of a customer on a channel. A message that does not name its sender may come with a contact that does:
/// those of different people must not wait for each other.
pub fn sequence_of(channel: ChannelId, sender: &str, payload: &str) -> String {
    let sender = match sender {
        "" => inbound::writer(payload).unwrap_or_default(),
        sender => sender.to_owned(),
    };
    format!("in:{channel}:{sender}")
}
