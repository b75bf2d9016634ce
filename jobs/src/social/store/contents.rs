//! SQL of contents and their variants.

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::{PgConnection, types::Json};

use crate::social::{Content, ContentId, Media, Network, model::Variants};

/// The contents, the oldest first.
///
/// # Errors
/// The database failed.
pub async fn contents(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    after: Option<ContentId>,
    limit: i64,
) -> Result<Vec<Content>, sqlx::Error> {
    sqlx::query_as!(
        Content,
        r#"SELECT id AS "id: ContentId", text, media AS "media: Json<Vec<Media>>",
                  (SELECT coalesce(jsonb_object_agg(v.network, v.text), '{}') FROM social_variants v
                   WHERE v.workspace_id = c.workspace_id AND v.content_id = c.id) AS "variants!: Json<Variants>",
                  created_at, updated_at
           FROM social_contents c
           WHERE workspace_id = $1 AND deleted_at IS NULL AND ($2::uuid IS NULL OR id > $2)
           ORDER BY id LIMIT $3"#,
        workspace.uuid(),
        after.map(ContentId::uuid),
        limit
    )
    .fetch_all(conn)
    .await
}

/// One content.
///
/// # Errors
/// The database failed.
pub async fn content(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContentId,
) -> Result<Option<Content>, sqlx::Error> {
    sqlx::query_as!(
        Content,
        r#"SELECT id AS "id: ContentId", text, media AS "media: Json<Vec<Media>>",
                  (SELECT coalesce(jsonb_object_agg(v.network, v.text), '{}') FROM social_variants v
                   WHERE v.workspace_id = c.workspace_id AND v.content_id = c.id) AS "variants!: Json<Variants>",
                  created_at, updated_at
           FROM social_contents c WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL"#,
        workspace.uuid(),
        id.uuid()
    )
    .fetch_optional(conn)
    .await
}

/// Holds a content until the transaction ends: whoever schedules it and whoever changes it wait for each other.
pub(in crate::social) async fn lock(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContentId,
) -> Result<Option<Content>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT 1 FROM social_contents WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        workspace.uuid(),
        id.uuid()
    )
    .fetch_optional(&mut *conn)
    .await?;
    content(conn, workspace, id).await
}

/// Writes a content, new or changed, with its variants.
pub(in crate::social) async fn save(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    content: &Content,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO social_contents (workspace_id, id, text, media, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, clock_timestamp())
         ON CONFLICT (workspace_id, id) DO UPDATE SET text = $3, media = $4, updated_at = clock_timestamp()",
        workspace.uuid(),
        content.id.uuid(),
        content.text,
        &content.media as _,
        content.created_at
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "DELETE FROM social_variants WHERE workspace_id = $1 AND content_id = $2",
        workspace.uuid(),
        content.id.uuid()
    )
    .execute(&mut *conn)
    .await?;
    for (network, text) in content.variants.iter() {
        sqlx::query!(
            "INSERT INTO social_variants (workspace_id, content_id, network, text) VALUES ($1, $2, $3, $4)",
            workspace.uuid(),
            content.id.uuid(),
            network.name(),
            text
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// The networks on which a content is still to appear.
pub(in crate::social) async fn networks_ahead(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContentId,
) -> Result<Vec<Network>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT a.network AS "network: Network"
           FROM social_schedules s JOIN social_accounts a ON a.workspace_id = s.workspace_id AND a.id = s.account_id
           WHERE s.workspace_id = $1 AND s.content_id = $2 AND s.status IN ('scheduled', 'publishing')"#,
        workspace.uuid(),
        id.uuid()
    )
    .fetch_all(conn)
    .await
}

pub(in crate::social) async fn delete(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContentId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE social_contents SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2",
        workspace.uuid(),
        id.uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
