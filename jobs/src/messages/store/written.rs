//! SQL of the messages of a period, for exports.

use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Work,
    channels::ChannelId,
    contacts::ContactId,
    conversations::{ConversationId, MessageId},
    messages::CampaignId,
};

kazi_platform::texts! {
    /// `in`: from the customer. `out`: to the customer.
    pub enum Direction as "MessageDirection" {
        In = "in",
        Out = "out",
    }
}

/// All given conditions must hold.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ExportedMessages)]
pub struct WrittenFilter {
    /// Written at this time or later.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Written before this time, at most 366 days later.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    #[serde(default)]
    pub direction: Option<Direction>,
    #[serde(default)]
    pub contact_id: Option<ContactId>,
    #[serde(default)]
    pub channel_id: Option<ChannelId>,
}

#[derive(Clone, Debug)]
pub struct Written {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub contact_id: ContactId,
    pub channel_id: ChannelId,
    pub campaign_id: Option<CampaignId>,
    pub direction: String,
    pub kind: String,
    pub text: String,
    pub cause: String,
    pub status: String,
    pub error_detail: Option<String>,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub read_at: Option<Timestamp>,
    pub failed_at: Option<Timestamp>,
}

/// The messages of a filter, oldest first, after the given one.
pub async fn written(
    work: &mut Work,
    filter: &WrittenFilter,
    after: Option<(Timestamp, MessageId)>,
    limit: i64,
) -> Result<Vec<Written>, sqlx::Error> {
    let (at, id) = after.unzip();
    sqlx::query_as!(
        Written,
        r#"SELECT id AS "id: MessageId", conversation_id AS "conversation_id: ConversationId",
                  contact_id AS "contact_id: ContactId", channel_id AS "channel_id: ChannelId",
                  campaign_id AS "campaign_id: CampaignId", direction, kind, body AS text, cause, status, error_detail,
                  created_at, sent_at, delivered_at, read_at, failed_at
           FROM messages
           WHERE workspace_id = $1 AND created_at >= $2 AND created_at < $3
             AND (created_at, id) > (coalesce($4, '-infinity'::timestamptz), coalesce($5, '00000000-0000-0000-0000-000000000000'::uuid))
             AND ($6::text IS NULL OR direction = $6) AND ($7::uuid IS NULL OR contact_id = $7)
             AND ($8::uuid IS NULL OR channel_id = $8)
           ORDER BY created_at, id LIMIT $9"#,
        work.workspace().uuid(),
        filter.from,
        filter.until,
        at,
        id.map(MessageId::uuid),
        filter.direction.map(Direction::name),
        filter.contact_id.map(ContactId::uuid),
        filter.channel_id.map(ChannelId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn count_written(work: &mut Work, filter: &WrittenFilter) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM messages
           WHERE workspace_id = $1 AND created_at >= $2 AND created_at < $3
             AND ($4::text IS NULL OR direction = $4) AND ($5::uuid IS NULL OR contact_id = $5)
             AND ($6::uuid IS NULL OR channel_id = $6)"#,
        work.workspace().uuid(),
        filter.from,
        filter.until,
        filter.direction.map(Direction::name),
        filter.contact_id.map(ContactId::uuid),
        filter.channel_id.map(ChannelId::uuid)
    )
    .fetch_one(work.conn())
    .await
}
