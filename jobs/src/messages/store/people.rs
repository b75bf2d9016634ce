//! SQL for merging, exporting and erasing a contact.

use uuid::Uuid;

use super::charges::note_released;
use crate::{
    Work,
    channels::ChannelId,
    contacts::ContactId,
    conversations::{ConversationId, MessageId},
    media::{self, MediaId},
    messages::{CampaignId, Received, Spoken},
};

fn uuids(ids: &[ConversationId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

/// Gives the messages of conversations to a contact.
pub async fn change_contact(
    work: &mut Work,
    conversations: &[ConversationId],
    to: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE messages SET contact_id = $3 WHERE workspace_id = $1 AND conversation_id = ANY($2)",
        work.workspace().uuid(),
        &uuids(conversations),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The newest `limit` messages of conversations, oldest first.
pub async fn spoken(
    work: &mut Work,
    conversations: &[ConversationId],
    limit: i64,
) -> Result<Vec<Spoken>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: MessageId", conversation_id AS "conversation: ConversationId", direction, kind, body,
                  content ->> 'media' AS media, status, created_at
           FROM messages WHERE workspace_id = $1 AND conversation_id = ANY($2) ORDER BY id DESC LIMIT $3"#,
        work.workspace().uuid(),
        &uuids(conversations),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    let of = |media: &Option<String>| media.as_deref()?.parse().ok();
    let named: Vec<MediaId> = rows.iter().filter_map(|row| of(&row.media)).collect();
    let files = media::states(work, &named).await?;
    let spoken = rows.into_iter().rev().map(|row| Spoken {
        id: row.id,
        conversation_id: row.conversation,
        direction: row.direction,
        kind: row.kind,
        text: row.body,
        media: of(&row.media).and_then(|id| files.get(&id).cloned()),
        status: row.status,
        created_at: row.created_at,
    });
    Ok(spoken.collect())
}

/// A message of a contact.
pub async fn received(work: &mut Work, id: MessageId) -> Result<Option<Received>, sqlx::Error> {
    let Some(message) = super::inbox::one(work, id).await? else {
        return Ok(None);
    };
    let row = sqlx::query!(
        r#"SELECT contact_id AS "contact: ContactId", channel_id AS "channel: ChannelId", peer
           FROM messages WHERE id = $2 AND workspace_id = $1"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    Ok(Some(Received {
        contact_id: row.contact,
        channel_id: row.channel,
        from: row.peer,
        message,
    }))
}

/// Removes personal data from the messages of conversations, and takes back messages that have not left.
pub async fn erase(work: &mut Work, conversations: &[ConversationId]) -> Result<(), sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH before AS (
               SELECT id, status = 'queued' AND NOT charged AS held FROM messages
               WHERE workspace_id = $1 AND conversation_id = ANY($2) FOR UPDATE
           ), gone AS (
           UPDATE messages m SET body = '', peer = '', error_detail = NULL, dead_letter = NULL,
               -- What is sent must still read as a message.
               content = CASE WHEN direction = 'out' THEN '{"kind": "text", "text": ""}'::jsonb ELSE '{}'::jsonb END,
               status = CASE WHEN status = 'queued' THEN 'failed' ELSE status END,
               failed_at = CASE WHEN status = 'queued' THEN $3 ELSE failed_at END
           FROM before WHERE m.workspace_id = $1 AND m.id = before.id
           RETURNING m.campaign_id, before.held AND m.credits > 0 AS released, m.credits)
           SELECT campaign_id AS "campaign!: CampaignId", credits::bigint AS "credits!" FROM gone
           WHERE released AND campaign_id IS NOT NULL"#,
        work.workspace().uuid(),
        &uuids(conversations),
        work.now()
    )
    .fetch_all(work.conn())
    .await?;
    let released = rows.into_iter().map(|row| (row.campaign, row.credits));
    note_released(work, released).await
}
