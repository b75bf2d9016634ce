//! Dead letters.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    notify,
    show::{Stepped, not_now},
};
use crate::types::{JobId, News, sql};

/// Runs a job again: a dead letter goes back with all its attempts, a waiting one becomes due now. One of a sequence
/// goes back into it, ahead of those that wait there, since it was enqueued before them; it does not run beside one that
/// runs. The sequence stays locked until the caller's transaction ends.
///
/// # Errors
/// The database failed.
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
            notify::look(conn, &News::of_pool(&pool), None).await?;
            Ok(Stepped::Done)
        }
        None => not_now(conn, id).await,
    }
}

/// Which dead letters to run again or to throw away.
#[derive(Clone, Debug, Default)]
pub struct DeadFilter {
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only what died of this class.
    pub class: Option<String>,
    /// Only what died at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Only what died before this time.
    pub until: Option<DateTime<Utc>>,
}

/// The dead letters that match, the oldest first, at most `limit`: for [`retry`] and [`cancel`], one by one.
///
/// # Errors
/// The database failed.
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
