//! SQL of the files that are kept for longer than others.

use kazi_platform::Timestamp;
use uuid::Uuid;

use crate::{Work, media::MediaId};

/// Locks the next of the lasting files that are older than this. A member who puts one into a post waits.
pub async fn next_old(
    work: &mut Work,
    before: Timestamp,
    after: MediaId,
    most: i64,
) -> Result<Vec<MediaId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: MediaId" FROM media
           WHERE workspace_id = $1 AND lasting AND created_at < $2 AND id > $3 ORDER BY id LIMIT $4 FOR UPDATE"#,
        work.workspace().uuid(),
        before,
        after.uuid(),
        most
    )
    .fetch_all(work.conn())
    .await
}

/// Keeps files no longer than others.
pub async fn unmake(work: &mut Work, files: &[MediaId]) -> Result<(), sqlx::Error> {
    let files: Vec<Uuid> = files.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "UPDATE media SET lasting = false, updated_at = now() WHERE workspace_id = $1 AND id = ANY($2)",
        work.workspace().uuid(),
        &files
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Notes that a stored file has a public address from now on. Returns false when it is not here, or is about a contact.
pub async fn publish(work: &mut Work, id: MediaId) -> Result<bool, sqlx::Error> {
    let now = work.now();
    let published = sqlx::query!(
        r#"UPDATE media SET published_at = $3, updated_at = now()
           WHERE workspace_id = $1 AND id = $2 AND state = 'stored' AND contact_id IS NULL AND message_id IS NULL"#,
        work.workspace().uuid(),
        id.uuid(),
        now
    )
    .execute(work.conn())
    .await?;
    Ok(published.rows_affected() > 0)
}

/// Keeps a stored file for longer than others, and returns its type. Returns `None` when it is not here, or is about a contact.
pub async fn make(work: &mut Work, id: MediaId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"UPDATE media SET lasting = true, updated_at = CASE WHEN lasting THEN updated_at ELSE now() END
           WHERE workspace_id = $1 AND id = $2 AND state = 'stored' AND contact_id IS NULL AND message_id IS NULL
           RETURNING mime AS "mime!""#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}
