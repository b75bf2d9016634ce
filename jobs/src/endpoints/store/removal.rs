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
    sqlx::query!(
        "DELETE FROM announcements WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Deletes a batch of older events with their deliveries. Returns their number.
pub async fn purge(conn: &mut PgConnection, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "DELETE FROM announcements a
         USING (SELECT workspace_id, id FROM announcements WHERE created_at < $1 ORDER BY created_at LIMIT 500) old
         WHERE a.workspace_id = old.workspace_id AND a.id = old.id",
        before
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
