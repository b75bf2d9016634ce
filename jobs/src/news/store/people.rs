//! SQL for merging and erasing a contact.

use crate::{Work, contacts::ContactId};

/// Gives a contact's subscription to another contact, unless that one has its own, and also the record of delivered
/// articles. The caller has locked both contacts.
pub async fn change_contact(
    work: &mut Work,
    from: ContactId,
    to: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE news_subscriptions s SET contact_id = $3, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND contact_id = $2
           AND NOT EXISTS (SELECT FROM news_subscriptions o WHERE o.workspace_id = $1 AND o.contact_id = $3)",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE news_deliveries d SET contact_id = $3
         WHERE workspace_id = $1 AND contact_id = $2
           AND NOT EXISTS (SELECT FROM news_deliveries o
                           WHERE o.workspace_id = $1 AND o.contact_id = $3 AND o.article_id = d.article_id)",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE news_digests d SET contact_id = $3
         WHERE workspace_id = $1 AND contact_id = $2
           AND NOT EXISTS (SELECT FROM news_digests o WHERE o.workspace_id = $1 AND o.contact_id = $3
                           AND o.slot = d.slot AND o.due_at = d.due_at)",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    // When both have a digest of the same time, the old contact keeps one, because deliveries refer to it.
    forget(work, from).await
}

/// Deletes a contact's subscription and digests.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    forget(work, contact).await?;
    sqlx::query!(
        "DELETE FROM news_digests WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

async fn forget(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM news_subscriptions WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM news_deliveries WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
