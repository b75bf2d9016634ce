//! SQL of contents and their variants.

use sqlx::types::Json;

use crate::{
    Work,
    social::{Content, ContentId, Media, Network, model::Variants},
};

/// The contents, oldest first.
pub async fn contents(
    work: &mut Work,
    after: Option<ContentId>,
    limit: i64,
) -> Result<Vec<Content>, sqlx::Error> {
    sqlx::query_as!(
        Content,
        r#"SELECT id AS "id: ContentId", text, media AS "media: Json<Vec<Media>>",
                  (SELECT coalesce(jsonb_object_agg(v.network, v.text), '{}') FROM social_variants v
                   WHERE v.workspace_id = c.workspace_id AND v.content_id = c.id) AS "variants!: Json<Variants>",
                  created_at, updated_at, version
           FROM social_contents c
           WHERE workspace_id = $1 AND deleted_at IS NULL AND ($2::uuid IS NULL OR id > $2)
           ORDER BY id LIMIT $3"#,
        work.workspace().uuid(),
        after.map(ContentId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn content(work: &mut Work, id: ContentId) -> Result<Option<Content>, sqlx::Error> {
    sqlx::query_as!(
        Content,
        r#"SELECT id AS "id: ContentId", text, media AS "media: Json<Vec<Media>>",
                  (SELECT coalesce(jsonb_object_agg(v.network, v.text), '{}') FROM social_variants v
                   WHERE v.workspace_id = c.workspace_id AND v.content_id = c.id) AS "variants!: Json<Variants>",
                  created_at, updated_at, version
           FROM social_contents c WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks a content until the transaction ends, so that a schedule and a change wait for each other.
pub(in crate::social) async fn lock(
    work: &mut Work,
    id: ContentId,
) -> Result<Option<Content>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT 1 FROM social_contents WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    content(work, id).await
}

/// Stores a new or changed content with its variants.
pub(in crate::social) async fn save(work: &mut Work, content: &Content) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO social_contents (workspace_id, id, text, media, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, clock_timestamp())
         ON CONFLICT (workspace_id, id) DO UPDATE SET text = $3, media = $4, updated_at = clock_timestamp()",
        work.workspace().uuid(),
        content.id.uuid(),
        content.text,
        &content.media as _,
        content.created_at
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM social_variants WHERE workspace_id = $1 AND content_id = $2",
        work.workspace().uuid(),
        content.id.uuid()
    )
    .execute(work.conn())
    .await?;
    for (network, text) in content.variants.iter() {
        sqlx::query!(
            "INSERT INTO social_variants (workspace_id, content_id, network, text) VALUES ($1, $2, $3, $4)",
            work.workspace().uuid(),
            content.id.uuid(),
            network.name(),
            text
        )
        .execute(work.conn())
        .await?;
    }
    Ok(())
}

/// The networks for which a content is scheduled.
pub(in crate::social) async fn networks_ahead(
    work: &mut Work,
    id: ContentId,
) -> Result<Vec<Network>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT a.network AS "network: Network"
           FROM social_schedules s JOIN social_accounts a ON a.workspace_id = s.workspace_id AND a.id = s.account_id
           WHERE s.workspace_id = $1 AND s.content_id = $2 AND s.status IN ('scheduled', 'publishing')"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_all(work.conn())
    .await
}

pub(in crate::social) async fn delete(work: &mut Work, id: ContentId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE social_contents SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Those of some uploaded files that a content shows, or a post that is still to come.
pub async fn shown(work: &mut Work, files: &[String]) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT m.file->>'media_id' AS "file!" FROM (
               SELECT c.media FROM social_contents c WHERE c.workspace_id = $1 AND (c.deleted_at IS NULL OR EXISTS (
                   SELECT FROM social_schedules s WHERE s.workspace_id = $1 AND s.content_id = c.id
                                                    AND s.status IN ('scheduled', 'publishing')))
               UNION ALL
               SELECT p.media FROM social_publications p
               JOIN social_schedules s ON s.workspace_id = p.workspace_id AND s.id = p.schedule_id
               WHERE p.workspace_id = $1 AND s.status IN ('scheduled', 'publishing')
           ) AS shown CROSS JOIN LATERAL jsonb_array_elements(shown.media) AS m(file)
           WHERE m.file->>'media_id' = ANY($2)"#,
        work.workspace().uuid(),
        files
    )
    .fetch_all(work.conn())
    .await
}
