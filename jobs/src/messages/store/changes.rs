//! SQL of messages that the business writes without this program, and of later changes to messages.

use kazi_platform::{Timestamp, without_nul};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Work,
    conversations::{Conversation, ConversationId, MessageId},
    messages::{Cause, heard::Attached},
};

/// A message that the business wrote without this program.
#[derive(Debug)]
pub(crate) struct NewEcho<'a> {
    /// Derived from the event, so that a second run writes nothing.
    pub id: MessageId,
    pub conversation: &'a Conversation,
    /// `text`, `image` …
    pub kind: &'a str,
    /// The text that a person reads.
    pub body: &'a str,
    /// The attachment.
    pub content: Value,
    /// The file that it brings.
    pub file: Option<&'a Attached>,
    pub provider_id: &'a str,
    pub trace: &'a str,
    pub at: Timestamp,
}

/// Stores a message that the business wrote without this program. Returns `false` when it is stored already, or when
/// the provider's id belongs to a message of this program.
pub(in crate::messages) async fn record_echo(
    work: &mut Work,
    new: &NewEcho<'_>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO messages (workspace_id, id, conversation_id, contact_id, channel_id, peer, direction, kind, body,
                               content, cause, status, provider_id, trace, created_at, accepted_at, sent_at)
         SELECT $1, $2, $3, $4, $5, $6, 'out', $7, $8, $9, $13, 'sent', $10, $11, $12, $12, $12
         WHERE NOT EXISTS (SELECT FROM messages m
                           WHERE m.workspace_id = $1 AND m.channel_id = $5 AND m.provider_id = $10 AND m.peer = $6
                             AND m.direction = 'out' AND $10 <> '')
         ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        new.id.uuid(),
        new.conversation.id.uuid(),
        new.conversation.contact.uuid(),
        new.conversation.channel.uuid(),
        new.conversation.peer,
        new.kind,
        without_nul(new.body),
        new.content,
        new.provider_id,
        new.trace,
        new.at,
        Cause::Agent.name()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives the messages of conversations that have not left a new address, where they have this one.
pub async fn readdress(
    work: &mut Work,
    conversations: &[ConversationId],
    from: &str,
    to: &str,
) -> Result<(), sqlx::Error> {
    let conversations: Vec<Uuid> = conversations.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "UPDATE messages SET peer = $4
         WHERE workspace_id = $1 AND conversation_id = ANY($2) AND peer = $3 AND direction = 'out' AND status = 'queued'",
        work.workspace().uuid(),
        &conversations,
        from,
        to
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Changes the text of an earlier message, of the contact (`inbound`) or of the business on its phone. Without a text it
/// marks the message as deleted. The first text stays in `content`. Returns the message, if it is stored here.
pub async fn rewrite(
    work: &mut Work,
    conversation: &Conversation,
    (provider_id, inbound): (&str, bool),
    text: Option<&str>,
) -> Result<Option<MessageId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"UPDATE messages SET
               body = coalesce($6, body),
               content = CASE jsonb_typeof(content) WHEN 'object' THEN content ELSE '{}' END
                   || CASE WHEN $6::text IS NULL THEN '{"deleted": true}'::jsonb
                           ELSE jsonb_build_object('before', coalesce(content ->> 'before', body)) END
           WHERE workspace_id = $1 AND channel_id = $2 AND provider_id = $3 AND contact_id = $4
             AND (direction = 'in') = $5 AND (direction = 'in' OR cause = 'agent')
           RETURNING id AS "id: MessageId""#,
        work.workspace().uuid(),
        conversation.channel.uuid(),
        provider_id,
        conversation.contact.uuid(),
        inbound,
        text.map(without_nul)
    )
    .fetch_optional(work.conn())
    .await
}
