//! SQL of what became of many posts.

use chrono_tz::Tz;
use uuid::Uuid;

use crate::{
    Work,
    domain::Brief,
    social::{ContentId, course::PostDay},
};

fn uuids(contents: &[ContentId]) -> Vec<Uuid> {
    contents.iter().map(|id| id.uuid()).collect()
}

pub async fn published(
    work: &mut Work,
    contents: &[ContentId],
    zone: Tz,
) -> Result<Vec<PostDay>, sqlx::Error> {
    sqlx::query_as!(
        PostDay,
        r#"SELECT s.content_id AS "of: ContentId", (p.published_at AT TIME ZONE $3)::date AS "day!", count(*) AS "published!"
           FROM social_schedules s
           JOIN social_publications p ON p.workspace_id = s.workspace_id AND p.schedule_id = s.id
           WHERE s.workspace_id = $1 AND s.content_id = ANY($2) AND p.published_at IS NOT NULL GROUP BY 1, 2"#,
        work.workspace().uuid(),
        &uuids(contents),
        zone.name()
    )
    .fetch_all(work.conn())
    .await
}

/// Contents with these ids, or all that are not deleted; whose texts have these words, or all. The newest come first. Their
/// status is how far one of their posts came at most: `draft`, `failed`, `scheduled` or `published`.
pub async fn briefs(
    work: &mut Work,
    ids: Option<&[Uuid]>,
    words: Option<&str>,
    limit: i64,
) -> Result<Vec<Brief>, sqlx::Error> {
    sqlx::query_as!(
        Brief,
        r#"SELECT c.id, left(c.text, 120) AS "name!",
                  CASE WHEN c.deleted_at IS NOT NULL THEN NULL WHEN s.published THEN 'published' WHEN s.ahead THEN 'scheduled' WHEN s.failed THEN 'failed'
                       ELSE 'draft' END AS "status?"
           FROM social_contents c CROSS JOIN LATERAL (
               SELECT bool_or(status = 'published') AS published, bool_or(status IN ('scheduled', 'publishing')) AS ahead,
                      bool_or(status = 'failed') AS failed
               FROM social_schedules WHERE workspace_id = c.workspace_id AND content_id = c.id) AS s
           WHERE c.workspace_id = $1
             AND (CASE WHEN $2::uuid[] IS NULL THEN c.deleted_at IS NULL ELSE c.id = ANY($2) END)
             AND ($3::text IS NULL OR position(lower($3) IN lower(c.text)) > 0)
           ORDER BY c.id DESC LIMIT $4"#,
        work.workspace().uuid(),
        ids as Option<&[Uuid]>,
        words,
        limit
    )
    .fetch_all(work.conn())
    .await
}
