//! SQL of copies and erasures.

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;

use crate::{
    Work,
    channels::ChannelId,
    contacts::{ContactId, KnownAs},
};

pub async fn identities(work: &mut Work, id: ContactId) -> Result<Vec<KnownAs>, sqlx::Error> {
    sqlx::query_as!(
        KnownAs,
        r#"SELECT channel_id AS "channel: ChannelId", external_id AS name, kind, created_at AS since
           FROM contact_identities WHERE workspace_id = $1 AND contact_id = $2 ORDER BY created_at, external_id"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// Locks a contact that is not erased, deleted or not, and those that were merged into them.
pub async fn lock(work: &mut Work, id: ContactId) -> Result<Vec<ContactId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ContactId" FROM contacts
           WHERE workspace_id = $1 AND (id = $2 AND merged_into IS NULL OR merged_into = $2) AND erased_at IS NULL
           ORDER BY id FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_all(work.conn())
    .await
}

pub async fn erase(work: &mut Work, id: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM contact_identities WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM contact_taggings WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE consents SET note = NULL WHERE workspace_id = $1 AND contact_id = $2 AND note IS NOT NULL",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE contacts SET name = NULL, phone = NULL, email = NULL, language = NULL, country = NULL, attributes = '{}',
                             deleted_at = coalesce(deleted_at, $3), erased_at = $3
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Finds the contacts of all workspaces that were deleted before a time. A duplicate goes with the contact that it leads to.
pub async fn deleted_before(
    conn: &mut PgConnection,
    time: Timestamp,
    limit: i64,
) -> Result<Vec<(WorkspaceId, ContactId)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", id AS "id: ContactId" FROM contacts
           WHERE deleted_at < $1 AND erased_at IS NULL AND merged_into IS NULL ORDER BY deleted_at LIMIT $2"#,
        time,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.workspace, row.id))
        .collect())
}

/// Whether a contact is deleted and not erased. It stays locked.
pub async fn is_deleted(work: &mut Work, id: ContactId) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT true AS "is!" FROM contacts
           WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NOT NULL AND erased_at IS NULL FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(found.is_some())
}
