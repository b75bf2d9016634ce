//! The inbox as values.

use std::collections::BTreeMap;

use kazi_platform::{Timestamp, UserId, id, invalid::Invalid};
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    catalog::ProductId,
    channels::ChannelId,
    contacts::{ContactError, ContactId},
    conversations::{ChatFilter, ChatStatus, ConversationId},
    media::{MediaId, MediaKind},
    messages::LastMessage,
    templates::HeaderValue,
};

id!(
    /// A note of members about a conversation.
    pub struct NoteId, "nte_"
);

id!(
    pub struct CannedReplyId, "cnr_"
);

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct InboxFilter {
    pub chat: ChatFilter,
    /// The contact has this tag.
    pub tag: Option<String>,
    /// The contact's name, phone or e-mail address has these words.
    pub q: Option<String>,
}

/// A conversation of the inbox.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Conversation)]
pub struct ConversationView {
    pub id: ConversationId,
    pub contact_id: ContactId,
    #[schema(example = "Amina Otieno")]
    pub contact_name: Option<String>,
    /// E.164. Null for a contact who shows only a user id.
    #[schema(example = "+254712345678")]
    pub contact_phone: Option<String>,
    pub channel_id: ChannelId,
    pub status: ChatStatus,
    /// A person answers, and the bot is silent.
    pub handed_over: bool,
    /// The bot is silent until this time, because somebody of the business has written on their phone.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub quiet_until: Option<Timestamp>,
    /// The user who sees to it.
    pub assignee_id: Option<UserId>,
    /// The time of the customer's first message without an answer. While a person is to answer, a text of the bot is none.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub waiting_since: Option<Timestamp>,
    /// The customer's messages that no member has read.
    pub unread: i32,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub snoozed_until: Option<Timestamp>,
    pub last_message: Option<LastMessage>,
    /// When the customer, the bot or a member last wrote. Campaigns and notices do not count.
    #[schema(value_type = String, format = DateTime)]
    pub last_activity_at: Timestamp,
    /// When the bot or a member last answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_answer_at: Option<Timestamp>,
    /// How often the bot or a member has answered.
    pub answers: i64,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// For the ETag.
    #[serde(skip)]
    pub version: i64,
}

/// A member's answer: a text, a file, a product or a template.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMessage)]
pub struct Answer {
    /// 1 to 4,096 characters, within 24 hours after the customer's last message.
    #[schema(
        example = "It is on its way, Amina.",
        min_length = 1,
        max_length = 4096
    )]
    pub text: Option<String>,
    /// A file, within the same 24 hours.
    pub media: Option<MediaAnswer>,
    /// A product that is offered, within the same 24 hours: its image, name, price and description.
    pub product_id: Option<ProductId>,
    /// An approved template, at any time.
    pub template: Option<TemplateAnswer>,
    /// The conversation's `answers` that the member has seen. With another number now the answer is refused: the bot or
    /// another member has answered meanwhile.
    #[schema(minimum = 0)]
    pub answers_seen: Option<i64>,
}

/// A file: a stored one, or one with a public address.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaAnswer {
    /// A stored file: see `POST /api/v1/media`.
    pub id: Option<MediaId>,
    /// A public https URL, in place of the id.
    #[schema(example = "https://example.com/invoice.pdf", max_length = 2000)]
    pub link: Option<String>,
    /// What is at the link. A stored file has its own kind.
    #[schema(inline)]
    pub kind: Option<MediaKind>,
    /// Text under the file. Audio and a sticker have none.
    #[schema(max_length = 1024)]
    pub caption: Option<String>,
    /// The name of a document at the link, as the customer sees it. A stored file has its own name.
    #[schema(example = "invoice.pdf", max_length = 240)]
    pub file_name: Option<String>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateAnswer {
    #[schema(example = "order_update", min_length = 1, max_length = 512)]
    pub name: String,
    /// Default: the contact's language, then the workspace's.
    #[schema(example = "en", max_length = 20)]
    pub language: Option<String>,
    /// The variables of the body, in order.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub parameters: Vec<String>,
    /// What stands on top, where the template has a variable, a file or a map there.
    pub header: Option<HeaderValue>,
    /// The values of the buttons that want one.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub buttons: Vec<ButtonAnswer>,
    /// The cards of a carousel, in their order.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub cards: Vec<CardAnswer>,
    /// When a limited-time offer ends, for a template that shows it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub offer_ends_at: Option<Timestamp>,
}

/// The values of a card of a carousel.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplateCardAnswer)]
pub struct CardAnswer {
    /// The https address of its image or video.
    #[schema(example = "https://cdn.example/tea.png", max_length = 2000)]
    pub link: String,
    /// The variables of its body, in order.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub parameters: Vec<String>,
    /// The values of the buttons that want one.
    #[serde(default)]
    #[schema(max_items = 2)]
    pub buttons: Vec<ButtonAnswer>,
}

/// The value of a template's button: the end of its address, or the coupon that it copies.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplateButtonAnswer)]
pub struct ButtonAnswer {
    /// The index of the button, from 0.
    pub index: u8,
    #[schema(example = "tea", min_length = 1, max_length = 2000)]
    pub value: String,
}

/// A note for members. The customer never gets it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ConversationNote)]
pub struct Note {
    pub id: NoteId,
    pub conversation_id: ConversationId,
    /// The user or the API key that wrote it.
    pub author_id: Option<Uuid>,
    pub body: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A text that members answer with again and again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CannedReply {
    pub id: CannedReplyId,
    /// What a member types to get the text.
    #[schema(example = "hours")]
    pub code: String,
    /// Texts by language.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"en": "We open at 8:00."}))]
    pub texts: Json<BTreeMap<String, String>>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// For the ETag.
    #[serde(skip)]
    pub version: i64,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCannedReply {
    /// What a member types to get the text: small letters, digits, hyphens and underscores.
    #[schema(
        example = "hours",
        min_length = 1,
        max_length = 40,
        pattern = "^[a-z0-9_-]+$"
    )]
    pub code: String,
    /// Texts of 1 to 4,096 characters by language, at least one.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"en": "We open at 8:00."}))]
    pub texts: BTreeMap<String, String>,
}

/// Fields that are left out stay.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CannedReplyPatch {
    /// What a member types to get the text: small letters, digits, hyphens and underscores.
    #[schema(
        example = "hours",
        min_length = 1,
        max_length = 40,
        pattern = "^[a-z0-9_-]+$"
    )]
    pub code: Option<String>,
    /// Replaces all texts.
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"en": "We open at 8:00."}))]
    pub texts: Option<BTreeMap<String, String>>,
}

#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Contact(#[from] ContactError),
    #[error("there is no such conversation")]
    NotFound,
    #[error("the conversation is closed")]
    Closed,
    /// The customer has not written for 24 hours, and the answer is not a template.
    #[error("the 24 hours after the customer's last message are over")]
    WindowClosed,
    /// The bot or another member has answered since the member looked.
    #[error("somebody has answered meanwhile")]
    Answered,
    /// The contact is blocked or deleted.
    #[error("the contact is blocked")]
    Blocked,
    /// The contact wants no marketing, and the template is marketing.
    #[error("the contact wants no marketing")]
    OptedOut,
    /// Meta sends no marketing to the United States.
    #[error("the contact is in the United States, and the template is marketing")]
    UsMarketing,
    #[error("no channel leads to the contact")]
    Unreachable,
    /// The workspace has as many canned replies as it may have.
    #[error("there are too many canned replies")]
    TooMany(i64),
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    /// The database failed, or a canned reply has this code, or the contact has another open conversation.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
