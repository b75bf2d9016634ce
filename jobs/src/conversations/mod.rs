//! Conversations: the talks of a workspace with its contacts, the ways to reach a contact, and the interface of
//! scenes. The bot stands on a higher floor, and so does the inbox, where members read and answer them.

mod bot;
mod chat;
pub(crate) mod dates;
mod model;
mod reach;
mod store;
mod talk;
mod tool;

use crate::{
    Permission,
    domain::{Domain, Figures},
    live,
    locale::{Words, files},
    permission::permissions,
    workspaces,
};
pub(crate) use bot::{KIND, hand_back, hold, offer};
pub(crate) use chat::Voice;
pub use chat::{Assigned, Chat, ChatFilter, ChatKey, ChatStatus};
pub(crate) use model::{BotStep, Early, Gathered, Held, Offer, State};
pub use model::{CampaignId, Conversation, ConversationId, MessageId};
pub use reach::{Reach, peer, reach, reach_all, reach_each};
pub(crate) use store::{
    begin, get,
    inbox::{answered, chats, save_chat, unassign},
    keep_quiet, open, readdress, set_handed_over, set_state, state, tell_closed,
};
pub use store::{
    inbox::{chat, lock_chat},
    people::{change_contact, erase, of_contact, wrote_since},
    push_last_inbound,
};
pub use talk::{Heard, Reply as TalkReply, Say, Talk};
pub(crate) use talk::{Scene, fit};
pub(crate) use tool::{Arguments, Parameter, ParameterKind, Tool, ToolReply};

pub(crate) const DOMAIN: Domain = Domain {
    name: "conversations",
    floor: 5,
    tables: &["bot_states", "conversations"],
    offers: &[
        &PERMISSIONS,
        &live::About {
            what: "message",
            permission: Permission::CONVERSATIONS_READ,
        },
        &live::About {
            what: "conversation",
            permission: Permission::CONVERSATIONS_READ,
        },
        &workspaces::Assigned {
            unassign: |work, user| Box::pin(unassign(work, user)),
        },
        &Figures(include_str!("figures.txt")),
        &Words {
            files: files!("conversations"),
            keywords: &[],
        },
    ],
    ..Domain::NONE
};

permissions! {
    /// Conversations and their messages.
    CONVERSATIONS_READ = "conversations.read", Viewer;
    /// Answers, hands over, closes.
    CONVERSATIONS_WRITE = "conversations.write", Agent;
}
