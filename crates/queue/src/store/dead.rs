//! Dead letters.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    notify,
    show::{Stepped, not_now},
};
use crate::types::{JobId, Look, sql};

/// Runs a job again: a dead letter as [`replay`] does; a scheduled job becomes due now.
pub async fn retry(conn: &mut PgConnection, id: JobId) -> Result<Stepped, sqlx::Error> {
    if !replay(&mut *conn, &[id]).await?.is_empty() {
        return Ok(Stepped::Done);
    }
    let woken = sql!(query_scalar,
        "UPDATE queue.jobs SET due = now(), state = " Ready " WHERE id = $1 AND state = " Scheduled " RETURNING pool",
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

/// Puts dead letters back with all their attempts. Answers which there were. A job of a sequence goes back into it,
/// ahead of the jobs that wait there, and runs beside none of them. The sequences stay locked until the caller's
/// transaction ends.
pub async fn replay(conn: &mut PgConnection, ids: &[JobId]) -> Result<Vec<JobId>, sqlx::Error> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    // Of several jobs of one sequence only the first may be ready, and only if nothing else of the sequence is unfinished.
    // Sequences are locked in the order of their keys, as everywhere.
    let back = sql!(query,
        r#"WITH back AS (
               DELETE FROM queue.dead WHERE id = ANY($1) RETURNING *
           ), sequence AS (
               INSERT INTO queue.sequences AS s (key, pending)
               SELECT sequence_key, count(*) FROM back WHERE sequence_key IS NOT NULL
               GROUP BY sequence_key ORDER BY sequence_key COLLATE "C"
               ON CONFLICT (key) DO UPDATE SET pending = s.pending + EXCLUDED.pending
               RETURNING key, pending
           ), job AS (
               INSERT INTO queue.jobs (id, due, enqueued_at, tenant, state, priority, max_attempts, kind, pool, lane,
                                       sequence_key, trace, payload, errors, lease, batch)
               OVERRIDING SYSTEM VALUE
               SELECT b.id, now(), enqueued_at, tenant,
                      CASE WHEN sequence_key IS NULL
                                OR (row_number() OVER same = 1 AND s.pending = count(*) OVER (PARTITION BY sequence_key))
                           THEN "# Ready r#" ELSE "# Blocked r#" END,
                      priority, max_attempts, kind, pool, lane, sequence_key, trace, payload, errors, lease, batch
               FROM back b LEFT JOIN sequence s ON s.key = b.sequence_key
               WINDOW same AS (PARTITION BY sequence_key ORDER BY b.id)
               RETURNING id, pool
           ), counted AS (
               INSERT INTO queue.batch_changes (batch, dead)
               SELECT batch, -count(*) FROM back WHERE batch IS NOT NULL GROUP BY batch
           )
           SELECT id AS "id!", pool AS "pool!" FROM job ORDER BY id"#,
        &ids
    )
    .fetch_all(&mut *conn)
    .await?;
    if !back.is_empty() {
        let mut look = Look::default();
        for job in &back {
            look.add(&job.pool, []);
        }
        notify::look(conn, &look, None).await?;
    }
    Ok(back.into_iter().map(|job| JobId(job.id)).collect())
}

/// Which dead letters are meant. An empty filter means all of them.
#[derive(Clone, Debug, Default)]
pub struct DeadFilter {
    /// Only dead letters of this kind.
    pub kind: Option<String>,
    /// Only dead letters whose last error has this class.
    pub class: Option<String>,
    /// Only dead letters of this tenant.
    pub tenant: Option<Uuid>,
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
           AND ($5::uuid IS NULL OR tenant = $5)
         ORDER BY id LIMIT $6",
        filter.kind,
        filter.class,
        filter.since,
        filter.until,
        filter.tenant,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(JobId).collect())
}

/// Dead letters of one kind that failed for the same reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DeadLetterGroup)]
pub struct DeadGroup {
    /// The name of the kind.
    pub kind: String,
    /// The class of the last error.
    pub error_class: String,
    /// How many there are. The count stops at 10,000.
    pub count: i64,
    /// When the first of them died.
    pub first_at: DateTime<Utc>,
    /// When the last of them died.
    pub last_at: DateTime<Utc>,
    /// The one that died last.
    pub last_job: JobId,
}

/// The dead letters by kind and class, the largest groups first, at most `limit` of them.
///
/// It goes from group to group in an index, so its cost is that of the groups.
pub async fn dead_groups(
    conn: &mut PgConnection,
    limit: i64,
) -> Result<Vec<DeadGroup>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH RECURSIVE groups AS (
               (SELECT kind, error_class FROM queue.dead ORDER BY kind, error_class LIMIT 1)
               UNION ALL
               SELECT n.kind, n.error_class FROM groups g CROSS JOIN LATERAL (
                   SELECT kind, error_class FROM queue.dead WHERE (kind, error_class) > (g.kind, g.error_class)
                   ORDER BY kind, error_class LIMIT 1
               ) n
           )
           SELECT g.kind AS "kind!", g.error_class AS "error_class!", counted.n AS "count!",
                  first.finished_at AS "first_at!", last.finished_at AS "last_at!", last.id AS "last_job!"
           FROM groups g
           CROSS JOIN LATERAL (
               SELECT count(*) AS n
               FROM (SELECT FROM queue.dead d WHERE d.kind = g.kind AND d.error_class = g.error_class LIMIT 10000) capped
           ) counted
           CROSS JOIN LATERAL (
               SELECT finished_at FROM queue.dead d WHERE d.kind = g.kind AND d.error_class = g.error_class
               ORDER BY finished_at, id LIMIT 1
           ) first
           CROSS JOIN LATERAL (
               SELECT finished_at, id FROM queue.dead d WHERE d.kind = g.kind AND d.error_class = g.error_class
               ORDER BY finished_at DESC, id DESC LIMIT 1
           ) last
           ORDER BY counted.n DESC, g.kind, g.error_class LIMIT $1"#,
        limit
    )
    .fetch_all(conn)
    .await?;
    let groups = rows.into_iter().map(|row| DeadGroup {
        kind: row.kind,
        error_class: row.error_class,
        count: row.count,
        first_at: row.first_at,
        last_at: row.last_at,
        last_job: JobId(row.last_job),
    });
    Ok(groups.collect())
}
