//! A conversation, and the bot's state in it.

pub use kazi_platform::ConversationId;
use kazi_platform::{Timestamp, UserId, id};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{channels::ChannelId, contacts::ContactId};

id!(
    pub struct MessageId, "msg_"
);

id!(
    /// What messages to many are sent for: a campaign, or a step of an automation.
    pub struct CampaignId, "cmp_"
);

#[derive(Clone, Debug)]
pub struct Conversation {
    pub id: ConversationId,
    pub contact: ContactId,
    pub channel: ChannelId,
    /// The channel's name for the contact: the address of answers.
    pub peer: String,
    /// A person answers, and the bot is silent.
    pub handed_over: bool,
    /// The bot is silent until this time, because somebody of the business has written to the contact.
    pub quiet_until: Option<Timestamp>,
    /// The member's user who sees to it.
    pub assignee: Option<UserId>,
    /// The time of the customer's first message without an answer.
    pub waiting_since: Option<Timestamp>,
}

impl Conversation {
    /// Returns true while somebody of the business writes to the contact without Kazi.
    pub fn is_quiet(&self, now: Timestamp) -> bool {
        self.quiet_until.is_some_and(|until| now < until)
    }

    /// Returns true while the bot does not answer.
    pub fn is_with_a_person(&self, now: Timestamp) -> bool {
        is_with_a_person(self.handed_over, self.quiet_until, now)
    }
}

/// Whether a person answers instead of the bot.
pub(super) fn is_with_a_person(
    handed_over: bool,
    quiet_until: Option<Timestamp>,
    now: Timestamp,
) -> bool {
    handed_over || quiet_until.is_some_and(|until| now < until)
}

/// What the bot waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BotStep {
    /// Nothing: the contact is new.
    #[default]
    New,
    Name,
    Language,
    Ready,
    /// A text to search the catalogue for.
    Search,
}

/// What the bot remembers of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    pub step: BotStep,
    /// The choices of the last answer. The number 1 means the first.
    #[serde(default)]
    pub options: Vec<Offer>,
    /// A question from before the end of the greeting. It is answered after it.
    #[serde(default)]
    pub question: Option<MessageId>,
    /// The scene that holds the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<Held>,
    /// The time of the last file, location or the like from the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attached_at: Option<Timestamp>,
    /// The kind of that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attached: Option<String>,
    /// Corrections and deletions of messages that have not come yet, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub early: Vec<Early>,
    /// A question whose lines the bot still gathers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gathered: Option<Gathered>,
}

impl State {
    /// Remembers a change until its message comes. Of too many the oldest is forgotten.
    pub fn expect(&mut self, early: Early) {
        self.early
            .retain(|known| !known.is_of(&early.of, early.inbound));
        self.early.push(early);
        if self.early.len() > EARLY_CHANGES {
            self.early.remove(0);
        }
    }

    /// The change of a message that has just come.
    pub fn take_early(&mut self, of: &str, inbound: bool) -> Option<Early> {
        let at = self
            .early
            .iter()
            .position(|known| known.is_of(of, inbound))?;
        Some(self.early.remove(at))
    }
}

/// A question in several messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Gathered {
    /// The time of the first line.
    pub since: Timestamp,
    /// Oldest first.
    pub lines: Vec<MessageId>,
}

/// Changes that wait for their message. A provider's webhooks overtake each other by a few.
const EARLY_CHANGES: usize = 20;

/// A correction or a deletion that has overtaken its message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Early {
    /// The provider's id of the message.
    pub of: String,
    /// The contact wrote the message. Otherwise the business did, on its phone.
    pub inbound: bool,
    /// The new text. `None`: the message is deleted.
    pub text: Option<String>,
}

impl Early {
    fn is_of(&self, of: &str, inbound: bool) -> bool {
        self.of == of && self.inbound == inbound
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub name: String,
    /// What the scene remembers.
    pub at: Value,
}

/// A choice that was offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Offer {
    /// The id of its tap.
    pub id: String,
    /// The text that the customer reads.
    pub title: String,
}
