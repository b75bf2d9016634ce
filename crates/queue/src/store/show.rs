//! One job, wherever it stands.

use serde::Serialize;
use sqlx::PgConnection;

use super::list::{JobRow, JobView};
use crate::types::{BatchId, JobId, shown, sql};

/// A job with its payload and the errors of all its attempts.
#[derive(Clone, Debug, Serialize)]
pub struct JobDetail {
    /// The fields of a listed job.
    #[serde(flatten)]
    pub job: JobView,
    /// The payload as JSON; `"sealed"` if the kind seals it.
    pub payload: serde_json::Value,
    /// 0 urgent, 1 normal, 2 low. `None`: the job has ended well or was cancelled.
    pub priority: Option<i16>,
    /// The batch that the job is part of, while it is not done.
    pub batch: Option<BatchId>,
    /// The process that runs the job now.
    pub process: Option<i64>,
    /// The failed attempts, oldest first, each as `{"attempt", "at", "class", "message"}`.
    pub errors: serde_json::Value,
}

/// One job, whichever table it is in. `None`: there is no such job.
pub async fn show(conn: &mut PgConnection, id: JobId) -> Result<Option<JobDetail>, sqlx::Error> {
    let row = sql!(query,
        r#"SELECT id AS "id!", kind AS "kind!", pool AS "pool!", lane AS "lane!", tenant, state AS "state!",
                  attempt AS "attempt!", max_attempts AS "max_attempts!", enqueued_at AS "enqueued_at!", due AS "due!",
                  claimed_at, finished_at, trace, payload AS "payload!", errors AS "errors!",
                  priority, batch, owner
           FROM (
               SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                      NULL::timestamptz AS finished_at, trace, payload, coalesce(errors, '[]') AS errors, priority, batch,
                      owner
               FROM queue.jobs WHERE id = $1
               UNION ALL
               SELECT id, kind, pool, lane, tenant, "# Dead r#"::int2, attempt, max_attempts, enqueued_at, due, claimed_at,
                      finished_at, trace, payload, errors, priority, batch, NULL
               FROM queue.dead WHERE id = $1
               UNION ALL
               SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                      finished_at, trace, payload, coalesce(errors, '[]'), NULL, NULL, NULL
               FROM queue.finished WHERE id = $1
           ) all_of_them LIMIT 1"#,
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| JobDetail {
        job: JobRow {
            id: row.id,
            kind: row.kind,
            pool: row.pool,
            lane: row.lane,
            tenant: row.tenant,
            state: row.state,
            attempt: row.attempt,
            max_attempts: row.max_attempts,
            enqueued_at: row.enqueued_at,
            due: row.due,
            claimed_at: row.claimed_at,
            finished_at: row.finished_at,
            error_class: row
                .errors
                .as_array()
                .and_then(|errors| errors.last()?.get("class")?.as_str().map(str::to_owned)),
            trace: row.trace,
        }
        .into(),
        payload: shown(row.payload),
        priority: row.priority,
        batch: row.batch.map(BatchId),
        process: row.owner,
        errors: row.errors,
    }))
}

/// The result of an operator's step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stepped {
    /// The step was done.
    Done,
    /// The job runs. Its process was asked to stop it, and it will end as cancelled.
    Requested,
    /// The job exists, but its state does not allow this step.
    NotNow,
    /// There is no such job.
    NotFound,
}

/// Why a step on this job was not possible.
pub(crate) async fn not_now(conn: &mut PgConnection, id: JobId) -> Result<Stepped, sqlx::Error> {
    Ok(if show(conn, id).await?.is_some() {
        Stepped::NotNow
    } else {
        Stepped::NotFound
    })
}
