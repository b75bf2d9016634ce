//! Inserts the usual jobs by a cheaper statement.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::rows::times;
use crate::types::{Prepared, sql};

/// Whether [`insert`] can write these jobs: they are of one kind, and none has a sequence, a unique key or a batch.
pub(crate) fn is_simple(jobs: &[&Prepared]) -> bool {
    let first = jobs.first().map(|job| (job.kind, job.pool));
    jobs.iter().all(|job| {
        let options = &job.options;
        Some((job.kind, job.pool)) == first
            && options.sequence.is_none()
            && options.unique.is_none()
            && options.batch.is_none()
    })
}

/// Inserts the jobs, and answers their numbers in the same order.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    jobs: &[&Prepared],
) -> Result<Vec<i64>, sqlx::Error> {
    let Some(first) = jobs.first() else {
        return Ok(Vec::new());
    };
    let (dues, delays) = times(jobs);
    sql!(query_scalar,
        r#"INSERT INTO queue.jobs (due, tenant, state, priority, max_attempts, kind, pool, lane, trace, payload)
           SELECT coalesce(w.due, now() + make_interval(secs => w.delay)), w.tenant,
                  CASE WHEN w.due > now() OR w.delay > 0 THEN "# Scheduled r#" ELSE "# Ready r#" END,
                  w.priority, w.max_attempts, $1, $2, w.lane, w.trace, w.payload::jsonb
           FROM unnest($3::timestamptz[], $4::float8[], $5::uuid[], $6::int2[], $7::int2[], $8::text[], $9::text[],
                       $10::text[])
                AS w(due, delay, tenant, priority, max_attempts, lane, trace, payload)
           RETURNING id"#,
        first.kind,
        first.pool.name(),
        &dues as &[Option<DateTime<Utc>>],
        &delays,
        &jobs.iter().map(|j| j.options.tenant).collect::<Vec<_>>() as &[Option<Uuid>],
        &jobs.iter().map(|j| j.options.priority as i16).collect::<Vec<_>>(),
        &jobs.iter().map(|j| j.attempts()).collect::<Vec<_>>(),
        &jobs.iter().map(|j| j.lane()).collect::<Vec<_>>(),
        &jobs.iter().map(|j| j.trace()).collect::<Vec<_>>() as &[Option<String>],
        &jobs.iter().map(|j| j.payload.as_str()).collect::<Vec<_>>() as &[&str],
    )
    .fetch_all(conn)
    .await
}
