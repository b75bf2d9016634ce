//! Conversations: with whom a workspace talks on which channel, whether a customer can be reached there, and what the
//! domains need that talk in the chat. The bot itself stands above them.

mod model;
mod reach;
mod store;
mod talk;

use crate::domain::Domain;
pub use model::{Conversation, ConversationId, MessageId};
pub(crate) use model::{Held, Offer, State, Step};
pub use reach::{Reach, reach, reach_all, reach_each};
pub use store::people::{change_contact, erase, of_contact};
pub(crate) use store::{begin, get, keep_quiet, open, set_handed_over, set_state, state};
pub use talk::{Heard, Reply as TalkReply, Say, Talk};
pub(crate) use talk::{Scene, fit};

pub(crate) const DOMAIN: Domain = Domain {
    name: "conversations",
    tables: &["bot_states", "conversations"],
    ..Domain::NONE
};
