//! SQL of what becomes of a reader's news with their contact.

use kazi_platform::WorkspaceId;
use sqlx::PgConnection;

use crate::contacts::ContactId;

/// Gives somebody's subscription to another contact, unless that one has their own, and all that they were told. The caller
/// has locked both contacts.
///
/// # Errors
/// The database failed.
pub async fn change_contact(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    from: ContactId,
    to: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE news_subscriptions s SET contact_id = $3, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND contact_id = $2
           AND NOT EXISTS (SELECT FROM news_subscriptions o WHERE o.workspace_id = $1 AND o.contact_id = $3)",
        workspace.uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE news_deliveries d SET contact_id = $3
         WHERE workspace_id = $1 AND contact_id = $2
           AND NOT EXISTS (SELECT FROM news_deliveries o
                           WHERE o.workspace_id = $1 AND o.contact_id = $3 AND o.article_id = d.article_id)",
        workspace.uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE news_digests d SET contact_id = $3
         WHERE workspace_id = $1 AND contact_id = $2
           AND NOT EXISTS (SELECT FROM news_digests o WHERE o.workspace_id = $1 AND o.contact_id = $3
                           AND o.slot = d.slot AND o.due_at = d.due_at)",
        workspace.uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(&mut *conn)
    .await?;
    // A digest that both had at the same time stays with the contact that is no more: deliveries hang on it.
    forget(conn, workspace, from).await
}

/// Forgets that somebody reads, and what.
///
/// # Errors
/// The database failed.
pub async fn erase(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<(), sqlx::Error> {
    forget(&mut *conn, workspace, contact).await?;
    sqlx::query!(
        "DELETE FROM news_digests WHERE workspace_id = $1 AND contact_id = $2",
        workspace.uuid(),
        contact.uuid()
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn forget(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM news_subscriptions WHERE workspace_id = $1 AND contact_id = $2",
        workspace.uuid(),
        contact.uuid()
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "DELETE FROM news_deliveries WHERE workspace_id = $1 AND contact_id = $2",
        workspace.uuid(),
        contact.uuid()
    )
    .execute(conn)
    .await?;
    Ok(())
}
