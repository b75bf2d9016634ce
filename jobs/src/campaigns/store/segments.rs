//! SQL of the segments.

use sqlx::types::Json;

use crate::{
    Work,
    campaigns::{NewSegment, Segment, SegmentId},
    contacts::Audience,
};

pub async fn list(
    work: &mut Work,
    after: Option<&(String, SegmentId)>,
    limit: i64,
) -> Result<Vec<Segment>, sqlx::Error> {
    sqlx::query_as!(
        Segment,
        r#"SELECT id AS "id: SegmentId", name, rule AS "audience: Json<Audience>", created_at, updated_at
           FROM segments
           WHERE workspace_id = $1 AND ($2::text IS NULL OR (name COLLATE "C", id) > ($2, $3))
           ORDER BY name COLLATE "C", id LIMIT $4"#,
        work.workspace().uuid(),
        after.map(|after| after.0.as_str()),
        after.map(|after| after.1.uuid()),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// Locks and reads a segment.
pub async fn get(work: &mut Work, id: SegmentId) -> Result<Option<Segment>, sqlx::Error> {
    sqlx::query_as!(
        Segment,
        r#"SELECT id AS "id: SegmentId", name, rule AS "audience: Json<Audience>", created_at, updated_at
           FROM segments WHERE workspace_id = $1 AND id = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Inserts or replaces a segment. Returns `false` when another one has the name.
pub async fn save(work: &mut Work, id: SegmentId, new: &NewSegment) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM segments WHERE workspace_id = $1 AND name = $2 AND id <> $3) AS "taken!""#,
        work.workspace().uuid(),
        new.name.trim(),
        id.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    if taken {
        return Ok(false);
    }
    sqlx::query!(
        "INSERT INTO segments (workspace_id, id, name, rule) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace_id, id) DO UPDATE SET name = $3, rule = $4, updated_at = now()",
        work.workspace().uuid(),
        id.uuid(),
        new.name.trim(),
        Json(&new.audience) as _
    )
    .execute(work.conn())
    .await?;
    Ok(true)
}

/// Returns `false` when a campaign uses the segment.
pub async fn delete(work: &mut Work, id: SegmentId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "DELETE FROM segments s WHERE s.workspace_id = $1 AND s.id = $2
           AND NOT EXISTS (SELECT FROM campaigns c WHERE c.workspace_id = $1 AND c.segment_id = $2)",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
