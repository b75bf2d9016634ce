//! SQL that moves, erases and purges announcements with their deliveries.

use kazi_platform::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Work;

/// Moves the events of a contact to another one.
pub async fn change_contact(work: &mut Work, from: Uuid, into: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE announcements SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from,
        into
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Deletes the events of a contact, with their deliveries. What is still on its way is not sent.
pub async fn erase(work: &mut Work, contact: Uuid) -> Result<(), sqlx::Error> {
    let workspace = work.workspace().uuid();
    sqlx::query!(
        "DELETE FROM delivery_attempts t USING deliveries d, announcements a
         WHERE t.workspace_id = $1 AND d.workspace_id = $1 AND d.id = t.delivery_id
           AND a.workspace_id = $1 AND a.id = d.announcement_id AND a.contact_id = $2",
        workspace,
        contact
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM deliveries d USING announcements a
         WHERE d.workspace_id = $1 AND a.workspace_id = $1 AND a.id = d.announcement_id AND a.contact_id = $2",
        workspace,
        contact
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM announcements WHERE workspace_id = $1 AND contact_id = $2",
        workspace,
        contact
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Deletes a batch of older events with their deliveries. Returns their number.
pub async fn purge(conn: &mut PgConnection, before: Timestamp) -> Result<u64, sqlx::Error> {
    let old = sqlx::query!(
        "SELECT workspace_id, id FROM announcements WHERE created_at < $1 ORDER BY created_at LIMIT 500 FOR UPDATE",
        before
    )
    .fetch_all(&mut *conn)
    .await?;
    let (workspaces, ids): (Vec<Uuid>, Vec<Uuid>) = old
        .into_iter()
        .map(|row| (row.workspace_id, row.id))
        .unzip();
    sqlx::query!(
        "DELETE FROM delivery_attempts t USING deliveries d, unnest($1::uuid[], $2::uuid[]) AS a(workspace_id, id)
         WHERE d.workspace_id = a.workspace_id AND d.announcement_id = a.id
           AND t.workspace_id = d.workspace_id AND t.delivery_id = d.id",
        &workspaces,
        &ids
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "DELETE FROM deliveries d USING unnest($1::uuid[], $2::uuid[]) AS a(workspace_id, id)
         WHERE d.workspace_id = a.workspace_id AND d.announcement_id = a.id",
        &workspaces,
        &ids
    )
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query!(
        "DELETE FROM announcements d USING unnest($1::uuid[], $2::uuid[]) AS a(workspace_id, id)
         WHERE d.workspace_id = a.workspace_id AND d.id = a.id",
        &workspaces,
        &ids
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
