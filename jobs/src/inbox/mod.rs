//! The inbox: members read the conversations of the workspace and answer them.
//!
//! A member who answers takes the conversation over: the bot is silent until a member hands the conversation back, or the
//! customer opens the menu. It then belongs to that member, who is told when the customer writes again.

mod answer;
mod canned;
mod chats;
mod model;
mod notes;
mod signal;
mod store;
mod wake;

use kazi_queue::Registry;

use crate::{Context, contacts, domain::Domain, notifications::kinds};
pub use answer::answer;
pub use canned::{create_canned, delete_canned, update_canned};
pub use chats::{
    assign, close, hand_back, list, mark_read, reopen, show_typing, snooze, tell_assignee, view,
};
pub use model::{
    Answer, ButtonAnswer, CannedReply, CannedReplyId, CannedReplyPatch, ConversationView,
    InboxError, InboxFilter, MediaAnswer, NewCannedReply, Note, NoteId, TemplateAnswer,
};
pub use notes::write_note;
pub use signal::Signal;
pub use store::{canned, canned_replies, erase, lock_canned, notes, notes_of};
pub use wake::Wake;

pub(crate) const DOMAIN: Domain = Domain {
    name: "inbox",
    floor: 7,
    jobs,
    tables: &["conversation_notes", "canned_replies"],
    offers: &[
        &NOTIFICATIONS,
        &contacts::Hooks {
            erase: |work, id| Box::pin(erase(work, id)),
            ..contacts::Hooks::NONE
        },
    ],
};

kinds! {
    /// A member has given a conversation to another member.
    CONVERSATION_ASSIGNED = "conversation_assigned";
    /// The customer of an assigned conversation waits for an answer.
    CONVERSATION_WAITING = "conversation_waiting";
    /// The snooze of a conversation is over.
    CONVERSATION_AWAKE = "conversation_awake";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<Wake>().register::<Signal>()
}

#[cfg(test)]
mod tests;
