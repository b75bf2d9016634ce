//! SQL of what becomes of a reader's news with their contact.

use crate::{Work, contacts::ContactId};

/// Gives somebody's subscription to another contact, unless that one has their own, and all that they were told. The caller
/// has locked both contacts.
///
/// # Errors
/// The database failed.
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
    // A digest that both had at the same time stays with the contact that is no more: deliveries hang on it.
    forget(work, from).await
}

/// Forgets that somebody reads, and what.
///
/// # Errors
/// The database failed.
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
