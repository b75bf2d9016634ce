//! A message and its status. The status only moves forward.

use kazi_clients::whatsapp::Body;
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::trace::TraceId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    channels::ChannelId,
    contacts::ContactId,
    conversations::{CampaignId, Conversation, ConversationId, MessageId},
    media::MessageMedia,
    messages::heard::Attached,
};

/// A message in the export of a contact's data.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Spoken {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    /// in, out.
    pub direction: String,
    /// text, image, buttons …
    pub kind: String,
    /// The text that a person reads.
    pub text: String,
    /// The file that it has. `GET /api/v1/media/{id}` tells more of it.
    pub media: Option<MessageMedia>,
    pub status: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A message of a contact, as endpoints are told of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReceivedMessage)]
pub struct Received {
    pub contact_id: ContactId,
    pub channel_id: ChannelId,
    /// How the channel names the contact: a phone without `+`, or a user id.
    #[schema(example = "254712345678")]
    pub from: String,
    #[serde(flatten)]
    pub message: ChatMessage,
}

kazi_platform::texts! {
    /// Why a message was written.
    pub enum Cause {
        /// A customer wrote it.
        Customer = "customer",
        /// The bot's own text.
        Bot = "bot",
        /// A model's text.
        Ai = "ai",
        /// Somebody of the business: in the inbox, by an API key, on their phone or by another program.
        Agent = "agent",
        Campaign = "campaign",
        /// A due date, such as a booking.
        Reminder = "reminder",
        News = "news",
        /// A change of an order, a payment or a subscription.
        Order = "order",
        /// The program itself.
        System = "system",
    }
}

/// The causes of pushes, as the database has them: a business sends these messages by itself, and is charged for each.
pub(super) fn pushes() -> Vec<String> {
    [Cause::Campaign, Cause::Reminder, Cause::News]
        .map(|cause| cause.name().to_owned())
        .to_vec()
}

kazi_platform::texts! {
    /// The status of an outbound message.
    pub enum Status {
        /// Its job waits.
        Queued = "queued",
        /// The request leaves or has left. The message may have arrived.
        Sending = "sending",
        /// The provider has accepted it.
        Accepted = "accepted",
        /// The provider has sent it.
        Sent = "sent",
        /// It is on the phone.
        Delivered = "delivered",
        /// The contact has read it.
        Read = "read",
        /// It will not arrive.
        Failed = "failed",
    }
}

impl Status {
    /// Returns true when `next` moves the message forward. Webhooks come late, twice and out of order. A delivered
    /// message cannot fail. A failure is final, unless the phone reports the message after all.
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

#[derive(Debug)]
pub(crate) struct NewInbound<'a> {
    /// Derived from the event, so that an event makes one message.
    pub id: MessageId,
    pub conversation: &'a Conversation,
    /// `text`, `image`, `interactive` …
    pub kind: &'a str,
    /// The text that a person reads.
    pub body: &'a str,
    /// The tapped choice, or the attachment.
    pub content: Value,
    /// The file that it brings.
    pub file: Option<&'a Attached>,
    pub provider_id: &'a str,
    pub trace: TraceId,
    pub at: Timestamp,
}

#[derive(Debug)]
pub struct NewOutbound<'a> {
    /// Derived from what the message answers, so that an answer is stored once.
    pub id: MessageId,
    pub conversation: &'a Conversation,
    pub body: &'a Body,
    pub cause: Cause,
    pub at: Timestamp,
}

/// An outbound message, for sending.
#[derive(Clone, Debug)]
pub struct Outgoing {
    pub contact: ContactId,
    pub channel: ChannelId,
    /// The channel's name for the recipient.
    pub peer: String,
    pub body: Body,
    pub status: Status,
    /// When the last request left.
    pub sending_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// Not sent before this time, because a webhook has refused it.
    pub send_after: Option<Timestamp>,
    /// For a failed message: the job that is its dead letter. 0: not yet. `None`: no person must look.
    pub dead_letter: Option<i64>,
    /// The provider's code, for a failure.
    pub error_code: Option<i64>,
    /// Why it has failed.
    pub error_detail: Option<String>,
    pub campaign: Option<CampaignId>,
}

/// A message that a webhook refuses.
#[derive(Clone, Debug)]
pub struct Refusable {
    pub contact: ContactId,
    pub body: Body,
    pub status: Status,
    /// The provider's id of the last request, if it is known.
    pub provider_id: Option<String>,
    /// How often a webhook refused it before.
    pub tries: i16,
    pub campaign: Option<CampaignId>,
    pub trace: Option<String>,
    /// When the last request left.
    pub sending_at: Option<Timestamp>,
}

/// Why a message has failed.
#[derive(Clone, Debug)]
pub struct Undelivered<'a> {
    /// The provider's code, if it gave one.
    pub code: Option<i64>,
    /// A text for a person.
    pub words: &'a str,
    /// As in [`Outgoing`].
    pub dead_letter: Option<i64>,
}

/// What a provider says about an outbound message that has not failed.
#[derive(Clone, Debug)]
pub struct StatusUpdate<'a> {
    /// The channel of the webhook. Messages of other channels are left alone.
    pub channel: ChannelId,
    pub status: Status,
    pub provider_id: &'a str,
    /// The provider's time.
    pub at: Timestamp,
}

/// A message of a conversation, for a model.
#[derive(Clone, Debug)]
pub struct PastTurn {
    pub id: MessageId,
    /// Whether the customer wrote it.
    pub inbound: bool,
    pub body: String,
}

/// A message as members see it.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, ToSchema)]
#[schema(as = Message)]
pub struct ChatMessage {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    /// `in`: from the customer. `out`: to the customer.
    #[schema(example = "in")]
    pub direction: String,
    /// `text`, `image`, `buttons`, `list`, `template` …
    #[schema(example = "text")]
    pub kind: String,
    /// The text that a person reads.
    pub text: String,
    /// Out: the parts of the message. A template has in `shown` its `header`, `body`, `footer` and `buttons` as the
    /// customer reads them. In: the tapped choice, or the attachment.
    #[schema(value_type = Object)]
    pub content: Value,
    /// The file that it has. `GET /api/v1/media/{id}` tells more of it.
    #[sqlx(skip)]
    pub media: Option<MessageMedia>,
    /// Why it was written: `customer`, `bot`, `ai`, `agent`, `campaign`, `reminder`, `news`, `order` or `system`.
    #[schema(example = "customer")]
    pub cause: String,
    /// The user or the API key that wrote it, for the cause `agent`.
    pub author_id: Option<Uuid>,
    /// In: `received`. Out: `queued`, `sending`, `accepted`, `sent`, `delivered`, `read` or `failed`.
    #[schema(example = "received")]
    pub status: String,
    /// The provider's code, for a failure.
    pub error_code: Option<i64>,
    /// Why it has failed.
    pub error_detail: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When the request left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sending_at: Option<Timestamp>,
    /// When the provider accepted it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub accepted_at: Option<Timestamp>,
    /// When the provider sent it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Timestamp>,
    /// When it reached the phone.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Timestamp>,
    /// When the contact read it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub failed_at: Option<Timestamp>,
}

/// The last message of a conversation, in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LastMessage {
    pub id: MessageId,
    /// `in`: from the customer. `out`: to the customer.
    #[schema(example = "in")]
    pub direction: String,
    /// The first 200 characters of the text that a person reads.
    pub text: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A message for the demo's page and the operator.
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
    /// The text that a person reads.
    pub text: String,
    pub cause: String,
    pub status: String,
    /// The provider's code, for a failure.
    pub error_code: Option<i64>,
    pub trace: Option<String>,
    pub created_at: Timestamp,
    /// When the request left.
    pub sending_at: Option<Timestamp>,
    /// When the provider accepted it.
    pub accepted_at: Option<Timestamp>,
    /// When the provider sent it.
    pub sent_at: Option<Timestamp>,
    /// When it reached the phone.
    pub delivered_at: Option<Timestamp>,
    /// When the contact read it.
    pub read_at: Option<Timestamp>,
}

/// The text that a person reads.
pub(crate) fn readable(body: &Body) -> String {
    match body {
        Body::Text { text } => text.clone(),
        Body::Image { caption, .. } => caption.clone().unwrap_or_default(),
        Body::File {
            caption: Some(caption),
            ..
        } => caption.clone(),
        Body::File {
            file,
            name: Some(name),
            ..
        } => format!("[{}: {name}]", file.name()),
        Body::File { file, .. } => format!("[{}]", file.name()),
        Body::Buttons { text, buttons } => buttons
            .iter()
            .fold(text.clone(), |all, b| format!("{all}\n[{}]", b.title)),
        Body::List { text, rows, .. } => rows
            .iter()
            .fold(text.clone(), |all, row| format!("{all}\n• {}", row.title)),
        Body::Template {
            shown: Some(shown), ..
        } => {
            let parts = [&shown.header, &Some(shown.body.clone()), &shown.footer];
            let parts = parts.into_iter().flatten().cloned();
            let buttons = shown.buttons.iter().map(|words| format!("[{words}]"));
            parts.chain(buttons).collect::<Vec<_>>().join("\n")
        }
        Body::Template {
            name, parameters, ..
        } => format!("{name}: {}", parameters.join(", ")),
    }
}

/// The kind as it is stored.
pub(crate) const fn kind(body: &Body) -> &'static str {
    match body {
        Body::Text { .. } => "text",
        Body::Image { .. } => "image",
        Body::File { file, .. } => file.name(),
        Body::Buttons { .. } => "buttons",
        Body::List { .. } => "list",
        Body::Template { .. } => "template",
    }
}

#[cfg(test)]
mod tests {
    use kazi_clients::whatsapp::TemplateText;

    use super::{
        Body,
        Status::{Accepted, Delivered, Failed, Queued, Read, Sending, Sent},
        readable,
    };

    #[test]
    fn a_template_reads_as_on_the_phone() {
        let template = |shown| Body::Template {
            name: "order_update".into(),
            language: "en".into(),
            parameters: vec!["4".into(), "ready".into()],
            names: Vec::new(),
            header: None,
            buttons: Vec::new(),
            cards: Vec::new(),
            offer_ends: None,
            shown,
        };
        let shown = TemplateText {
            header: Some("Zuri".into()),
            body: "Order 4 is ready.".into(),
            footer: Some("Thank you".into()),
            buttons: vec!["Track".into()],
        };
        assert_eq!(
            readable(&template(Some(shown))),
            "Zuri\nOrder 4 is ready.\nThank you\n[Track]"
        );
        // As older programs stored it.
        assert_eq!(readable(&template(None)), "order_update: 4, ready");
    }

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
