//! SQL of the notes and the canned replies.

use std::collections::BTreeMap;

use sqlx::types::Json;
use uuid::Uuid;

use super::{CannedReply, CannedReplyId, NewCannedReply, Note, NoteId};
use crate::{
    Work,
    contacts::ContactId,
    conversations::{self, ConversationId},
};

type Texts = BTreeMap<String, String>;

pub(super) async fn insert_note(work: &mut Work, note: &Note) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO conversation_notes (workspace_id, id, conversation_id, author_id, body, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        work.workspace().uuid(),
        note.id.uuid(),
        note.conversation_id.uuid(),
        note.author_id,
        note.body,
        note.created_at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The notes of a conversation, newest first.
pub async fn notes(
    work: &mut Work,
    conversation: ConversationId,
    before: Option<NoteId>,
    limit: i64,
) -> Result<Vec<Note>, sqlx::Error> {
    sqlx::query_as!(
        Note,
        r#"SELECT id AS "id: NoteId", conversation_id AS "conversation_id: ConversationId", author_id, body, created_at
           FROM conversation_notes
           WHERE workspace_id = $1 AND conversation_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4"#,
        work.workspace().uuid(),
        conversation.uuid(),
        before.map(NoteId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// The newest notes of several conversations, newest first.
pub async fn notes_of(
    work: &mut Work,
    conversations: &[ConversationId],
    limit: i64,
) -> Result<Vec<Note>, sqlx::Error> {
    let ids: Vec<Uuid> = conversations.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        Note,
        r#"SELECT id AS "id: NoteId", conversation_id AS "conversation_id: ConversationId", author_id, body, created_at
           FROM conversation_notes WHERE workspace_id = $1 AND conversation_id = ANY($2) ORDER BY id DESC LIMIT $3"#,
        work.workspace().uuid(),
        &ids,
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// Deletes the notes about a contact.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    let theirs = conversations::of_contact(work, contact).await?;
    let ids: Vec<Uuid> = theirs.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "DELETE FROM conversation_notes WHERE workspace_id = $1 AND conversation_id = ANY($2)",
        work.workspace().uuid(),
        &ids
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The canned replies by their codes, after the given one.
pub async fn canned_replies(
    work: &mut Work,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<CannedReply>, sqlx::Error> {
    sqlx::query_as!(
        CannedReply,
        r#"SELECT id AS "id: CannedReplyId", code, texts AS "texts: Json<Texts>", created_at, updated_at, version
           FROM canned_replies WHERE workspace_id = $1 AND ($2::text IS NULL OR code > $2) ORDER BY code LIMIT $3"#,
        work.workspace().uuid(),
        after,
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn canned(
    work: &mut Work,
    id: CannedReplyId,
) -> Result<Option<CannedReply>, sqlx::Error> {
    sqlx::query_as!(
        CannedReply,
        r#"SELECT id AS "id: CannedReplyId", code, texts AS "texts: Json<Texts>", created_at, updated_at, version
           FROM canned_replies WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks the canned reply until the transaction ends.
pub async fn lock_canned(
    work: &mut Work,
    id: CannedReplyId,
) -> Result<Option<CannedReply>, sqlx::Error> {
    sqlx::query_as!(
        CannedReply,
        r#"SELECT id AS "id: CannedReplyId", code, texts AS "texts: Json<Texts>", created_at, updated_at, version
           FROM canned_replies WHERE workspace_id = $1 AND id = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub(super) async fn count_canned(work: &mut Work) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM canned_replies WHERE workspace_id = $1"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

pub(super) async fn insert_canned(
    work: &mut Work,
    new: &NewCannedReply,
) -> Result<CannedReply, sqlx::Error> {
    sqlx::query_as!(
        CannedReply,
        r#"INSERT INTO canned_replies (workspace_id, id, code, texts) VALUES ($1, $2, $3, $4)
           RETURNING id AS "id: CannedReplyId", code, texts AS "texts: Json<Texts>", created_at, updated_at, version"#,
        work.workspace().uuid(),
        CannedReplyId::new().uuid(),
        new.code,
        Json(&new.texts) as _
    )
    .fetch_one(work.conn())
    .await
}

pub(super) async fn update_canned(
    work: &mut Work,
    reply: &CannedReply,
) -> Result<CannedReply, sqlx::Error> {
    sqlx::query_as!(
        CannedReply,
        r#"UPDATE canned_replies SET code = $3, texts = $4, updated_at = now()
           WHERE workspace_id = $1 AND id = $2
           RETURNING id AS "id: CannedReplyId", code, texts AS "texts: Json<Texts>", created_at, updated_at, version"#,
        work.workspace().uuid(),
        reply.id.uuid(),
        reply.code,
        &reply.texts as _
    )
    .fetch_one(work.conn())
    .await
}

pub(super) async fn delete_canned(work: &mut Work, id: CannedReplyId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM canned_replies WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
