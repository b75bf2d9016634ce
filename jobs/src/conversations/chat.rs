//! A conversation as members see it in the inbox.

use kazi_platform::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::{ConversationId, model::is_with_a_person};
use crate::{channels::ChannelId, contacts::ContactId};

kazi_platform::texts! {
    /// Whether members still have to see to a conversation.
    pub enum ChatStatus as "ConversationStatus" {
        Open = "open",
        /// Put aside until a time, or until the customer writes.
        Snoozed = "snoozed",
        Closed = "closed",
    }
}

/// The state of a conversation. The audit log keeps its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Chat {
    #[serde(skip)]
    pub id: ConversationId,
    #[serde(skip)]
    pub contact: ContactId,
    #[serde(skip)]
    pub channel: ChannelId,
    pub closed: bool,
    /// A person answers, and the bot is silent.
    pub handed_over: bool,
    /// The bot is silent until this time, because somebody of the business has written on their phone.
    pub quiet_until: Option<Timestamp>,
    /// The member's user who sees to it.
    pub assignee_id: Option<UserId>,
    /// The time of the customer's first message without an answer.
    pub waiting_since: Option<Timestamp>,
    /// The customer's messages that no member has read.
    pub unread: i32,
    pub snoozed_until: Option<Timestamp>,
    /// When the customer, the bot or a member last wrote.
    #[serde(skip)]
    pub last_activity_at: Timestamp,
    /// When the bot or a member last answered.
    #[serde(skip)]
    pub last_answer_at: Option<Timestamp>,
    /// How often the bot or a member has answered.
    #[serde(skip)]
    pub answers: i64,
    #[serde(skip)]
    pub created_at: Timestamp,
    /// For the ETag.
    #[serde(skip)]
    pub version: i64,
}

impl Chat {
    /// Returns true while the bot does not answer.
    pub fn is_without_bot(&self, now: Timestamp) -> bool {
        self.closed || is_with_a_person(self.handed_over, self.quiet_until, now)
    }

    pub fn status(&self, now: Timestamp) -> ChatStatus {
        match self.snoozed_until {
            _ if self.closed => ChatStatus::Closed,
            Some(until) if until > now => ChatStatus::Snoozed,
            _ => ChatStatus::Open,
        }
    }
}

/// Where a page of the list ended, which goes by the last activity.
pub type ChatKey = (Timestamp, ConversationId);

/// Who sees to a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Assigned {
    Nobody,
    /// This member's user.
    To(UserId),
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct ChatFilter {
    pub status: Option<ChatStatus>,
    pub assigned: Option<Assigned>,
    /// Whether the customer waits for an answer.
    pub waiting: Option<bool>,
    pub handed_over: Option<bool>,
    pub channel: Option<ChannelId>,
    pub contact: Option<ContactId>,
}

/// Who has spoken to the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// It answers, unless a person is to answer.
    Bot,
    Member,
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_snooze_ends_by_itself_and_closed_is_closed() {
        let now: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let chat = |closed, snoozed_until| Chat {
            id: ConversationId::at(now),
            contact: ContactId::at(now),
            channel: ChannelId::at(now),
            closed,
            handed_over: false,
            quiet_until: None,
            assignee_id: None,
            waiting_since: None,
            unread: 0,
            snoozed_until,
            last_activity_at: now,
            last_answer_at: None,
            answers: 0,
            created_at: now,
            version: 1,
        };
        let later = Some(now + TimeDelta::seconds(1));
        assert_eq!(chat(false, None).status(now), ChatStatus::Open);
        assert_eq!(chat(false, later).status(now), ChatStatus::Snoozed);
        assert_eq!(chat(false, Some(now)).status(now), ChatStatus::Open);
        assert_eq!(chat(true, later).status(now), ChatStatus::Closed);
    }
}
