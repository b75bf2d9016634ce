//! Errors of recent attempts.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::types::JobId;

/// Errors of one kind of jobs and one class in a stretch of time.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QueueErrors)]
pub struct ErrorGroup {
    /// The name of the kind.
    pub kind: String,
    /// The class of the errors.
    pub error_class: String,
    /// How many attempts failed with it.
    pub count: i64,
    /// How many jobs they belong to.
    pub jobs: i64,
    /// How many of these jobs are dead letters now.
    pub dead: i64,
    /// When the last of the attempts failed.
    pub last_at: DateTime<Utc>,
    /// The job of this attempt.
    pub last_job: JobId,
    /// What it said.
    pub last_message: String,
}

/// How many jobs of each table are looked through for errors.
const LOOKED_THROUGH: i64 = 20_000;

/// The errors since a time by kind and class, the most frequent first, at most `limit` groups. They are those of
/// the 20,000 newest unfinished jobs with an error, of the 20,000 newest dead letters, and of those that have ended since
/// among the 20,000 ended jobs that were enqueued last.
pub async fn errors(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<ErrorGroup>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH failed AS (
               (SELECT id, kind, errors, false AS dead FROM queue.jobs WHERE errors IS NOT NULL ORDER BY id DESC LIMIT $3)
               UNION ALL
               (SELECT id, kind, errors, true FROM queue.dead WHERE finished_at >= $1 ORDER BY finished_at DESC LIMIT $3)
               UNION ALL
               SELECT id, kind, errors, false
               FROM (SELECT id, kind, errors, finished_at FROM queue.finished ORDER BY id DESC LIMIT $3) newest
               WHERE errors IS NOT NULL AND finished_at >= $1
           ), each AS (
               SELECT f.id, f.kind, f.dead, e->>'class' AS class, (e->>'at')::timestamptz AS at, e->>'message' AS message
               FROM failed f CROSS JOIN LATERAL jsonb_array_elements(f.errors) AS e
           )
           SELECT kind AS "kind!", coalesce(class, '') AS "error_class!", count(*) AS "count!",
                  count(DISTINCT id) AS "jobs!", count(DISTINCT id) FILTER (WHERE dead) AS "dead!",
                  max(at) AS "last_at!", (array_agg(id ORDER BY at DESC))[1] AS "last_job!",
                  coalesce((array_agg(message ORDER BY at DESC))[1], '') AS "last_message!"
           FROM each WHERE at >= $1
           GROUP BY kind, class ORDER BY count(*) DESC, kind, class LIMIT $2"#,
        since,
        limit,
        LOOKED_THROUGH
    )
    .fetch_all(conn)
    .await?;
    let groups = rows.into_iter().map(|row| ErrorGroup {
        kind: row.kind,
        error_class: row.error_class,
        count: row.count,
        jobs: row.jobs,
        dead: row.dead,
        last_at: row.last_at,
        last_job: JobId(row.last_job),
        last_message: row.last_message,
    });
    Ok(groups.collect())
}
