//! Dead letters.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    notify,
    show::{Stepped, not_now},
};
use crate::types::{JobId, Look, sql};

/// Runs a job again. A dead letter goes back with all its attempts; a scheduled job becomes due now. A job of a
/// sequence goes back into it, ahead of the jobs that wait there, and runs beside none of them. The sequence stays
/// locked until the caller's transaction ends.
pub async fn retry(conn: &mut PgConnection, id: JobId) -> Result<Stepped, sqlx::Error> {
    let woken = sql!(query_scalar,
        r#"WITH back AS (DELETE FROM queue.dead WHERE id = $1 RETURNING *), sequence AS (
               INSERT INTO queue.sequences AS s (key, pending)
               SELECT sequence_key, 1 FROM back WHERE sequence_key IS NOT NULL
               ON CONFLICT (key) DO UPDATE SET pending = s.pending + 1
               RETURNING pending
           ), job AS (
               INSERT INTO queue.jobs (id, due, enqueued_at, tenant, state, priority, max_attempts, kind, pool, lane,
                                       sequence_key, trace, payload, errors, lease, batch)
               OVERRIDING SYSTEM VALUE
               SELECT id, now(), enqueued_at, tenant,
                      CASE WHEN (SELECT pending FROM sequence) > 1 THEN "# Blocked r#" ELSE "# Ready r#" END, priority, max_attempts, kind,
                      pool, lane, sequence_key, trace, payload, errors, lease, batch
               FROM back RETURNING pool
           ), counted AS (
               INSERT INTO queue.batch_changes (batch, dead) SELECT batch, -1 FROM back WHERE batch IS NOT NULL
           ), sooner AS (
               UPDATE queue.jobs SET due = now(), state = "# Ready r#" WHERE id = $1 AND state = "# Scheduled r#" RETURNING pool
           )
           SELECT pool AS "pool!" FROM job UNION ALL SELECT pool FROM sooner"#,
        id.0
    )
    .fetch_optional(&mut *conn)
    .await?;
    match woken {
        Some(pool) => {
            notify::look(conn, &Look::of_pool(&pool), None).await?;
            Ok(Stepped::Done)
        }
        None => not_now(conn, id).await,
    }
}

/// Which dead letters are meant. An empty filter means all of them.
#[derive(Clone, Debug, Default)]
pub struct DeadFilter {
    /// Only dead letters of this kind.
    pub kind: Option<String>,
    /// Only dead letters whose last error has this class.
    pub class: Option<String>,
    /// Only dead letters that ended at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Only dead letters that ended before this time.
    pub until: Option<DateTime<Utc>>,
}

/// The dead letters that match, the oldest first, at most `limit`. Pass each id to [`retry`] or to
/// [`cancel`](crate::inspect::cancel).
pub async fn dead(
    conn: &mut PgConnection,
    filter: &DeadFilter,
    limit: i64,
) -> Result<Vec<JobId>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM queue.dead
         WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR error_class = $2)
           AND ($3::timestamptz IS NULL OR finished_at >= $3) AND ($4::timestamptz IS NULL OR finished_at < $4)
         ORDER BY id LIMIT $5",
        filter.kind,
        filter.class,
        filter.since,
        filter.until,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(JobId).collect())
}
