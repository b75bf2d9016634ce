//! SQL for merging, exporting and erasing a contact.

use kazi_platform::Timestamp;
use uuid::Uuid;

use crate::{Work, contacts::ContactId, conversations::ConversationId};

/// Gives a contact's conversations to another contact. When both have an open one on a channel, the one with the older
/// last message is closed, and the other goes on as both were: with a person if one of them was, and the bot silent as
/// long as in one of them. Returns the moved conversations. The caller has locked both contacts.
pub async fn change_contact(
    work: &mut Work,
    from: ContactId,
    to: ContactId,
) -> Result<Vec<ConversationId>, sqlx::Error> {
    // Closed first, because each channel and contact may have only one open conversation.
    sqlx::query!(
        "WITH doubled AS (
             SELECT a.id AS one, b.id AS other, greatest(a.quiet_until, b.quiet_until) AS quiet_until,
                    'handed_over' IN (a.status, b.status) AS handed_over,
                    CASE WHEN coalesce(a.last_inbound_at, a.created_at) < coalesce(b.last_inbound_at, b.created_at)
                         THEN a.id ELSE b.id END AS closes
             FROM conversations a JOIN conversations b ON b.workspace_id = $1 AND b.contact_id = $3
                  AND b.channel_id = a.channel_id AND b.status <> 'closed'
             WHERE a.workspace_id = $1 AND a.contact_id = $2 AND a.status <> 'closed')
         UPDATE conversations c SET quiet_until = d.quiet_until, updated_at = now(),
                waiting_since = CASE WHEN c.id <> d.closes THEN c.waiting_since END,
                snoozed_until = CASE WHEN c.id <> d.closes THEN c.snoozed_until END,
                status = CASE WHEN c.id = d.closes THEN 'closed' WHEN d.handed_over THEN 'handed_over' ELSE 'open' END
         FROM doubled d WHERE c.workspace_id = $1 AND c.id IN (d.one, d.other)",
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

/// Whether a contact has written since a time, on any channel.
pub async fn wrote_since(
    work: &mut Work,
    contact: ContactId,
    since: Timestamp,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM conversations WHERE workspace_id = $1 AND contact_id = $2 AND last_inbound_at >= $3) AS "wrote!""#,
        work.workspace().uuid(),
        contact.uuid(),
        since
    )
    .fetch_one(work.conn())
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
