//! SQL for merging, exporting and erasing a contact.

use uuid::Uuid;

use crate::{Work, contacts::ContactId, conversations::ConversationId};

/// Gives a contact's conversations to another contact. When both have an open one on a channel, the one with the older
/// last message is closed. Returns the moved conversations. The caller has locked both contacts.
pub async fn change_contact(
    work: &mut Work,
    from: ContactId,
    to: ContactId,
) -> Result<Vec<ConversationId>, sqlx::Error> {
    // Closed first, because each channel and contact may have only one open conversation.
    sqlx::query!(
        "WITH doubled AS (
             SELECT CASE WHEN coalesce(a.last_inbound_at, a.created_at) < coalesce(b.last_inbound_at, b.created_at)
                         THEN a.id ELSE b.id END AS id
             FROM conversations a JOIN conversations b ON b.workspace_id = $1 AND b.contact_id = $3
                  AND b.channel_id = a.channel_id AND b.status <> 'closed'
             WHERE a.workspace_id = $1 AND a.contact_id = $2 AND a.status <> 'closed')
         UPDATE conversations c SET status = 'closed', waiting_since = NULL, snoozed_until = NULL, updated_at = now()
         FROM doubled WHERE c.workspace_id = $1 AND c.id = doubled.id",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query_scalar!(
        r#"UPDATE conversations SET contact_id = $3, updated_at = now() WHERE workspace_id = $1 AND contact_id = $2
           RETURNING id AS "id: ConversationId""#,
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .fetch_all(work.conn())
    .await
}

pub async fn of_contact(
    work: &mut Work,
    contact: ContactId,
) -> Result<Vec<ConversationId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ConversationId" FROM conversations WHERE workspace_id = $1 AND contact_id = $2"#,
        work.workspace().uuid(),
        contact.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// Closes a contact's conversations and removes personal data. Returns their ids.
pub async fn erase(
    work: &mut Work,
    contact: ContactId,
) -> Result<Vec<ConversationId>, sqlx::Error> {
    let erased = sqlx::query_scalar!(
        r#"UPDATE conversations SET status = 'closed', recipient = '', waiting_since = NULL, snoozed_until = NULL, unread = 0,
                  updated_at = now()
           WHERE workspace_id = $1 AND contact_id = $2 RETURNING id AS "id: ConversationId""#,
        work.workspace().uuid(),
        contact.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let ids: Vec<Uuid> = erased.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "DELETE FROM bot_states WHERE workspace_id = $1 AND conversation_id = ANY($2)",
        work.workspace().uuid(),
        &ids
    )
    .execute(work.conn())
    .await?;
    Ok(erased)
}
