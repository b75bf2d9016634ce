//! Conversations: the open talks of a workspace with its contacts, the ways to reach a contact, and the interface of
//! scenes. The bot stands on a higher floor.

mod model;
mod reach;
mod store;
mod talk;

use crate::domain::Domain;
pub(crate) use model::{BotStep, Held, Offer, State};
pub use model::{Conversation, ConversationId, MessageId};
pub use reach::{Reach, reach, reach_all, reach_each};
pub use store::people::{change_contact, erase, of_contact};
pub(crate) use store::{get, open, set_handed_over, set_state, state};
pub use talk::{Heard, Reply as TalkReply, Say, Talk};
pub(crate) use talk::{Scene, fit};

pub(crate) const DOMAIN: Domain = Domain {
    name: "conversations",
    tables: &["bot_states", "conversations"],
    ..Domain::NONE
};
