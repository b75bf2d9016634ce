//! Lists of jobs.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::types::{JobId, State, sql, trace::TraceId};

/// A job in a list.
#[derive(Clone, Debug, Serialize)]
pub struct JobView {
    /// The number of the job.
    pub id: JobId,
    /// The name of the kind.
    pub kind: String,
    /// The name of the pool.
    pub pool: String,
    /// The name of the lane; empty for a job without a lane and a tenant.
    pub lane: String,
    /// The tenant that the job belongs to.
    pub tenant: Option<Uuid>,
    /// Where the job stands.
    pub state: State,
    /// How many runs have begun and count.
    pub attempt: i16,
    /// How many runs there may be.
    pub max_attempts: i16,
    /// When the job was enqueued, by the database's clock.
    pub enqueued_at: DateTime<Utc>,
    /// When the job may run.
    pub due: DateTime<Utc>,
    /// When its last run began. `None`: it has not run.
    pub claimed_at: Option<DateTime<Utc>>,
    /// When the job ended. `None`: it has not.
    pub finished_at: Option<DateTime<Utc>>,
    /// The class of the last error. In a list also `unknown_kind`, for a ready job that no process of its pool can run.
    pub error_class: Option<String>,
    /// The trace that the job belongs to, as 32 hex digits.
    pub trace: Option<String>,
}

/// Which jobs to list.
#[derive(Clone, Debug)]
pub struct JobFilter {
    /// Only jobs in this state.
    pub state: Option<State>,
    /// Only jobs of this kind.
    pub kind: Option<String>,
    /// How many jobs at most.
    pub limit: i64,
}

impl Default for JobFilter {
    fn default() -> Self {
        Self {
            state: None,
            kind: None,
            limit: 50,
        }
    }
}

/// A row of any of the three tables that hold jobs.
pub(crate) struct JobRow {
    pub id: i64,
    pub kind: String,
    pub pool: String,
    pub lane: String,
    pub tenant: Option<Uuid>,
    pub state: i16,
    pub attempt: i16,
    pub max_attempts: i16,
    pub enqueued_at: DateTime<Utc>,
    pub due: DateTime<Utc>,
    pub claimed_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub error_class: Option<String>,
    pub trace: Option<String>,
}

impl From<JobRow> for JobView {
    fn from(row: JobRow) -> Self {
        Self {
            id: JobId(row.id),
            kind: row.kind,
            pool: row.pool,
            lane: row.lane,
            tenant: row.tenant,
            state: State::of_number(row.state),
            attempt: row.attempt,
            max_attempts: row.max_attempts,
            enqueued_at: row.enqueued_at,
            due: row.due,
            claimed_at: row.claimed_at,
            finished_at: row.finished_at,
            error_class: row.error_class,
            trace: row.trace,
        }
    }
}

/// The jobs that match, of all tables, newest first.
pub async fn list(
    conn: &mut PgConnection,
    filter: &JobFilter,
) -> Result<Vec<JobView>, sqlx::Error> {
    let state = filter.state.map(State::name);
    let rows = sql!(query_as<JobRow>,
        r#"SELECT id AS "id!", kind AS "kind!", pool AS "pool!", lane AS "lane!", tenant, state AS "state!",
                  attempt AS "attempt!", max_attempts AS "max_attempts!", enqueued_at AS "enqueued_at!", due AS "due!",
                  claimed_at, finished_at, error_class, trace
           FROM (
               (SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                       NULL::timestamptz AS finished_at,
                       CASE WHEN state = "# Ready r#"
                                 AND EXISTS (SELECT FROM queue.processes p WHERE pool = ANY(p.pools))
                                 AND NOT EXISTS (SELECT FROM queue.processes p
                                                 WHERE pool = ANY(p.pools) AND kind = ANY(p.kinds))
                            THEN 'unknown_kind' ELSE errors->-1->>'class' END AS error_class, trace
                FROM queue.jobs
                WHERE ($1::text IS NULL
                       OR ($1 = 'scheduled' AND state = "# Scheduled r#")
                       OR ($1 = 'ready' AND state = "# Ready r#")
                       OR ($1 = 'running' AND state = "# Running r#") OR ($1 = 'blocked' AND state = "# Blocked r#"))
                  AND ($2::text IS NULL OR kind = $2)
                ORDER BY id DESC LIMIT $3)
               UNION ALL
               (SELECT id, kind, pool, lane, tenant, "# Dead r#"::int2, attempt, max_attempts, enqueued_at, due, claimed_at,
                       finished_at, error_class, trace
                FROM queue.dead WHERE ($1 IS NULL OR $1 = 'dead') AND ($2 IS NULL OR kind = $2)
                ORDER BY id DESC LIMIT $3)
               UNION ALL
               (SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                       finished_at, errors->-1->>'class', trace
                FROM queue.finished
                WHERE ($1 IS NULL OR ($1 = 'done' AND state = "# Done r#") OR ($1 = 'cancelled' AND state = "# Cancelled r#"))
                  AND ($2 IS NULL OR kind = $2)
                ORDER BY id DESC LIMIT $3)
           ) all_of_them
           ORDER BY id DESC LIMIT $3"#,
        state,
        filter.kind,
        filter.limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(JobView::from).collect())
}

/// The jobs of these traces, by number.
pub async fn by_trace(
    conn: &mut PgConnection,
    traces: &[TraceId],
) -> Result<Vec<JobView>, sqlx::Error> {
    let traces: Vec<String> = traces.iter().map(ToString::to_string).collect();
    let rows = sql!(query_as<JobRow>,
        r#"SELECT id AS "id!", kind AS "kind!", pool AS "pool!", lane AS "lane!", tenant, state AS "state!",
                  attempt AS "attempt!", max_attempts AS "max_attempts!", enqueued_at AS "enqueued_at!", due AS "due!",
                  claimed_at, finished_at, error_class, trace
           FROM (
               SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                      NULL::timestamptz AS finished_at, errors->-1->>'class' AS error_class, trace
               FROM queue.jobs WHERE trace = ANY($1)
               UNION ALL
               SELECT id, kind, pool, lane, tenant, "# Dead r#"::int2, attempt, max_attempts, enqueued_at, due, claimed_at,
                      finished_at, error_class, trace
               FROM queue.dead WHERE trace = ANY($1)
               UNION ALL
               SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                      finished_at, errors->-1->>'class', trace
               FROM queue.finished WHERE trace = ANY($1)
           ) all_of_them
           ORDER BY id"#,
        &traces
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(JobView::from).collect())
}

/// All jobs that have not ended, oldest first, at one moment.
pub(crate) async fn unfinished(conn: &mut PgConnection) -> Result<Vec<JobView>, sqlx::Error> {
    let rows = sqlx::query_as!(
        JobRow,
        r#"SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                  NULL::timestamptz AS finished_at, errors->-1->>'class' AS error_class, trace
           FROM queue.jobs ORDER BY id"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(JobView::from).collect())
}
