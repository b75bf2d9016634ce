//! A conversation and where the bot stands in it.

use kazi_platform::{Timestamp, id};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{channels::ChannelId, contacts::ContactId};

id!(
    /// A conversation.
    pub struct ConversationId, "cnv_"
);

id!(
    /// A message.
    pub struct MessageId, "msg_"
);

/// A conversation that is not closed.
#[derive(Clone, Debug)]
pub struct Conversation {
    pub id: ConversationId,
    pub contact: ContactId,
    /// Over which channel.
    pub channel: ChannelId,
    /// How the channel names the contact: where answers go.
    pub peer: String,
    /// A person answers, the bot is silent.
    pub handed_over: bool,
    /// Until then somebody of the business talks with the contact by themselves, and the bot is silent.
    pub quiet_until: Option<Timestamp>,
}

impl Conversation {
    /// Returns true while somebody of the business talks with the contact by themselves.
    pub fn is_quiet(&self, now: Timestamp) -> bool {
        self.quiet_until.is_some_and(|until| now < until)
    }

    /// Returns true while the bot does not answer.
    pub fn is_with_a_person(&self, now: Timestamp) -> bool {
        self.handed_over || self.is_quiet(now)
    }
}

/// What the bot waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// Nothing yet: somebody new.
    #[default]
    New,
    Name,
    Language,
    Ready,
    /// Words to search the catalogue for.
    Search,
}

/// What the bot remembers of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// What it waits for.
    pub step: Step,
    /// What the last answer offered, in order: the number 1 is the first.
    #[serde(default)]
    pub options: Vec<Offer>,
    /// What was asked before the greeting was done: answered after it.
    #[serde(default)]
    pub question: Option<MessageId>,
    /// The domain that holds the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<Held>,
    /// When the customer last sent a file, a place or the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attached_at: Option<Timestamp>,
}

/// The scene that holds a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub name: String,
    /// What it wants to be given.
    pub at: Value,
}

/// Something that was offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Offer {
    /// What a tap on it says.
    pub id: String,
    /// What the customer reads.
    pub title: String,
}
