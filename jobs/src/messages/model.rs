//! A message and its status, which only ever moves forward.

use std::{fmt, str::FromStr};

use kazi_clients::whatsapp::Body;
use kazi_platform::{Timestamp, WorkspaceId, id};
use kazi_queue::trace::TraceId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    channels::ChannelId,
    contacts::ContactId,
    conversations::{Conversation, ConversationId, MessageId},
};

id!(
    /// A campaign.
    pub struct CampaignId, "cmp_"
);

/// A message as a copy of somebody's data has it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Spoken {
    /// Its id.
    #[schema(value_type = String, example = "msg_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub id: MessageId,
    /// Where it was said.
    #[schema(value_type = String, example = "cnv_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub conversation: ConversationId,
    /// in, out.
    pub direction: String,
    /// text, image, buttons …
    pub kind: String,
    /// What a person would read.
    pub text: String,
    /// How far it got.
    pub status: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// What a message came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A customer wrote it.
    Customer,
    /// The bot's own words.
    Bot,
    /// A model's words.
    Ai,
    /// Somebody of the business, on their phone or by another program.
    Agent,
    Campaign,
    /// Something falls due.
    Reminder,
    News,
    /// An order, a payment or a subscription has moved on.
    Order,
    /// The program itself.
    System,
}

impl Cause {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Bot => "bot",
            Self::Ai => "ai",
            Self::Agent => "agent",
            Self::Campaign => "campaign",
            Self::Reminder => "reminder",
            Self::News => "news",
            Self::Order => "order",
            Self::System => "system",
        }
    }
}

/// Where an outbound message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Its job waits.
    Queued,
    /// The request is about to leave or has left: it may have arrived.
    Sending,
    /// The provider has it.
    Accepted,
    /// The provider has sent it on.
    Sent,
    /// The phone has it.
    Delivered,
    /// The person has seen it.
    Read,
    /// It will not arrive.
    Failed,
}

impl Status {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }

    /// Whether news of `next` moves a message on. Webhooks come late, twice and out of order: what is behind is not
    /// news, and what was delivered cannot fail. A failure is final, unless the phone has the message after all: the
    /// phone knows better.
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Failed, Self::Delivered | Self::Read) => true,
            (Self::Failed, _) => false,
            (Self::Delivered | Self::Read, Self::Failed) => false,
            (_, Self::Failed) => true,
            _ => (self as u8) < (next as u8),
        }
    }
}

impl FromStr for Status {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "queued" => Self::Queued,
            "sending" => Self::Sending,
            "accepted" => Self::Accepted,
            "sent" => Self::Sent,
            "delivered" => Self::Delivered,
            "read" => Self::Read,
            "failed" => Self::Failed,
            other => return Err(format!("there is no message status {other:?}")),
        })
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An inbound message to be written down.
#[derive(Debug)]
pub struct NewInbound<'a> {
    /// Its id, derived from the event: the same event is written once.
    pub id: MessageId,
    /// Where it belongs.
    pub conversation: &'a Conversation,
    /// `text`, `image`, `interactive` …
    pub kind: &'a str,
    /// What a person would read.
    pub body: &'a str,
    /// What was tapped or attached.
    pub content: serde_json::Value,
    /// The provider's id of it.
    pub provider_id: &'a str,
    /// What it is part of.
    pub trace: TraceId,
    /// When it came.
    pub at: Timestamp,
}

/// An outbound message to be written down and sent.
#[derive(Debug)]
pub struct NewOutbound<'a> {
    /// Its id, derived from what it answers: the same answer is written once.
    pub id: MessageId,
    /// Where it belongs.
    pub conversation: &'a Conversation,
    /// What it says.
    pub body: &'a Body,
    /// What it came from.
    pub cause: Cause,
    pub at: Timestamp,
}

/// An outbound message on its way.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Whom it is for.
    pub contact: ContactId,
    /// The channel it leaves by.
    pub channel: ChannelId,
    /// How the channel names the recipient.
    pub peer: String,
    /// What it says.
    pub body: Body,
    /// Where it stands.
    pub status: Status,
    /// When a request last left.
    pub sending_at: Option<Timestamp>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// Not to be sent before: refused by webhook, and to be tried again then.
    pub send_after: Option<Timestamp>,
    /// Failed: the job that tells a person of it, 0 while there is none; `None` when nobody must look.
    pub dead_letter: Option<i64>,
    /// The provider's code, for a failure.
    pub error_code: Option<i64>,
    /// Why it has failed.
    pub error_detail: Option<String>,
    /// The campaign that it is part of.
    pub campaign: Option<CampaignId>,
}

/// A message that a provider refuses by webhook.
#[derive(Clone, Debug)]
pub struct Refusable {
    /// Whom it is for.
    pub contact: ContactId,
    /// What it says.
    pub body: Body,
    /// Where it stands.
    pub status: Status,
    /// The provider's id of the last request, where it is known.
    pub provider_id: Option<String>,
    /// How often it was refused so before.
    pub tries: i16,
    /// The campaign that it is part of.
    pub campaign: Option<CampaignId>,
    /// What it is part of.
    pub trace: Option<String>,
    /// When the last request left.
    pub sending_at: Option<Timestamp>,
}

/// Why a message has failed.
#[derive(Clone, Debug)]
pub struct Undelivered<'a> {
    /// The provider's code, where it has one.
    pub code: Option<i64>,
    /// For a person.
    pub words: &'a str,
    /// As in [`Outgoing`].
    pub dead_letter: Option<i64>,
}

/// Good news of an outbound message.
#[derive(Clone, Debug)]
pub struct News<'a> {
    /// The channel that brought it: a message of another one is not touched.
    pub channel: ChannelId,
    /// What has become of it.
    pub status: Status,
    /// The provider's id.
    pub provider_id: &'a str,
    /// When, as the provider says.
    pub at: Timestamp,
}

/// A turn of a conversation, for a model.
#[derive(Clone, Debug)]
pub struct Turn {
    pub id: MessageId,
    /// Whether the customer said it.
    pub inbound: bool,
    /// What was said.
    pub body: String,
}

/// A message as the demo's page and the operator see it.
#[derive(Clone, Debug, Serialize)]
pub struct MessageView {
    pub id: MessageId,
    #[serde(skip)]
    pub workspace: WorkspaceId,
    pub conversation: ConversationId,
    /// `in` or `out`.
    pub direction: String,
    /// `text`, `list` …
    pub kind: String,
    /// What a person reads.
    pub text: String,
    /// What it came from.
    pub cause: String,
    /// Where it stands.
    pub status: String,
    /// The provider's code, for a failure.
    pub error_code: Option<i64>,
    /// What it is part of.
    pub trace: Option<String>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When the request left.
    pub sending_at: Option<Timestamp>,
    /// When the provider had it.
    pub accepted_at: Option<Timestamp>,
    /// When the provider sent it on.
    pub sent_at: Option<Timestamp>,
    /// When the phone had it.
    pub delivered_at: Option<Timestamp>,
    /// When the person saw it.
    pub read_at: Option<Timestamp>,
}

/// What a person reads of a message.
pub(crate) fn readable(body: &Body) -> String {
    match body {
        Body::Text { text } => text.clone(),
        Body::Image { caption, .. } => caption.clone().unwrap_or_default(),
        Body::Buttons { text, buttons } => buttons
            .iter()
            .fold(text.clone(), |all, b| format!("{all}\n[{}]", b.title)),
        Body::List { text, rows, .. } => rows
            .iter()
            .fold(text.clone(), |all, row| format!("{all}\n• {}", row.title)),
        Body::Template {
            name, parameters, ..
        } => format!("{name}: {}", parameters.join(", ")),
    }
}

/// A message's kind as stored.
pub(crate) const fn kind(body: &Body) -> &'static str {
    match body {
        Body::Text { .. } => "text",
        Body::Image { .. } => "image",
        Body::Buttons { .. } => "buttons",
        Body::List { .. } => "list",
        Body::Template { .. } => "template",
    }
}

#[cfg(test)]
mod tests {
    use super::Status::{Accepted, Delivered, Failed, Queued, Read, Sending, Sent};

    #[test]
    fn a_status_never_moves_backwards() {
        let life = [Queued, Sending, Accepted, Sent, Delivered, Read];
        for (i, earlier) in life.into_iter().enumerate() {
            for (j, later) in life.into_iter().enumerate() {
                assert_eq!(earlier.may_become(later), i < j, "{earlier} to {later}");
            }
            assert_eq!(
                earlier.may_become(Failed),
                !matches!(earlier, Delivered | Read)
            );
            assert_eq!(
                Failed.may_become(earlier),
                matches!(earlier, Delivered | Read)
            );
            assert_eq!(earlier.name().parse(), Ok(earlier));
        }
    }
}
