//! Looking at jobs and stepping in: list, show, retry, cancel. For operators, the CLI and the pages.

mod pools;
mod step;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

pub use crate::batch::{BatchView, view as batch};
pub use pools::{PoolView, pools};
pub use step::{DeadFilter, Stepped, cancel, dead, enqueue_raw, retry};

use crate::{
    JobId,
    ack::{CANCELLED, DEAD, DONE},
    enqueue::{BLOCKED, RUNNING, SCHEDULED},
    payload,
    trace::TraceId,
};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waits for its time.
    Scheduled,
    /// Due, waits for a slot.
    Ready,
    /// Runs now.
    Running,
    /// Waits for an earlier job of its sequence.
    Blocked,
    /// Ended well.
    Done,
    /// A dead letter.
    Dead,
    /// Was cancelled.
    Cancelled,
}

impl State {
    /// The name as printed and as accepted by filters.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Blocked => "blocked",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    /// All of them, in the order of a job's life.
    pub const ALL: [Self; 7] = [
        Self::Scheduled,
        Self::Blocked,
        Self::Ready,
        Self::Running,
        Self::Done,
        Self::Dead,
        Self::Cancelled,
    ];
}

/// A job as it is listed.
#[derive(Clone, Debug, Serialize)]
pub struct JobView {
    /// Its number.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// Its pool.
    pub pool: String,
    /// Its lane.
    pub lane: String,
    /// Whom it belongs to.
    pub tenant: Option<Uuid>,
    /// Where it stands.
    pub state: State,
    /// Runs so far.
    pub attempt: i16,
    /// Runs at most.
    pub max_attempts: i16,
    /// When it was enqueued.
    pub enqueued_at: DateTime<Utc>,
    /// When it may run.
    pub due: DateTime<Utc>,
    /// When its last run began.
    pub claimed_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// What its last failed run died of; in a list also `unknown_kind`, where no process of its pool can run it.
    pub error_class: Option<String>,
    /// The trace it belongs to.
    pub trace: Option<String>,
}

/// A job with its payload and the errors of all its attempts.
#[derive(Clone, Debug, Serialize)]
pub struct JobDetail {
    /// What the list shows.
    #[serde(flatten)]
    pub job: JobView,
    /// Its value; `"sealed"` where its kind seals it.
    pub payload: serde_json::Value,
    /// `{"attempt", "at", "class", "message"}` for each failed attempt, oldest first.
    pub errors: serde_json::Value,
}

/// What to list.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Only this state.
    pub state: Option<State>,
    /// Only this kind.
    pub kind: Option<String>,
    /// At most so many, newest first.
    pub limit: i64,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            state: None,
            kind: None,
            limit: 50,
        }
    }
}

struct Row {
    id: i64,
    kind: String,
    pool: String,
    lane: String,
    tenant: Option<Uuid>,
    state: i16,
    attempt: i16,
    max_attempts: i16,
    enqueued_at: DateTime<Utc>,
    due: DateTime<Utc>,
    claimed_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    error_class: Option<String>,
    trace: Option<String>,
}

impl From<Row> for JobView {
    fn from(row: Row) -> Self {
        let state = match row.state {
            RUNNING => State::Running,
            BLOCKED => State::Blocked,
            DONE => State::Done,
            DEAD => State::Dead,
            CANCELLED => State::Cancelled,
            SCHEDULED => State::Scheduled,
            _ => State::Ready,
        };
        Self {
            id: JobId(row.id),
            kind: row.kind,
            pool: row.pool,
            lane: row.lane,
            tenant: row.tenant,
            state,
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

/// Jobs of all tables that match, newest first.
///
/// # Errors
/// The database failed.
pub async fn list(conn: &mut PgConnection, filter: &Filter) -> Result<Vec<JobView>, sqlx::Error> {
    let state = filter.state.map(State::name);
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!", kind AS "kind!", pool AS "pool!", lane AS "lane!", tenant, state AS "state!",
                  attempt AS "attempt!", max_attempts AS "max_attempts!", enqueued_at AS "enqueued_at!", due AS "due!",
                  claimed_at, finished_at, error_class, trace
           FROM (
               (SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                       NULL::timestamptz AS finished_at,
                       CASE WHEN state = 0
                                 AND EXISTS (SELECT FROM queue.processes p WHERE pool = ANY(p.pools))
                                 AND NOT EXISTS (SELECT FROM queue.processes p
                                                 WHERE pool = ANY(p.pools) AND kind = ANY(p.kinds))
                            THEN 'unknown_kind' ELSE errors->-1->>'class' END AS error_class, trace
                FROM queue.jobs
                WHERE ($1::text IS NULL
                       OR ($1 = 'scheduled' AND state = 7)
                       OR ($1 = 'ready' AND state = 0)
                       OR ($1 = 'running' AND state = 1) OR ($1 = 'blocked' AND state = 2))
                  AND ($2::text IS NULL OR kind = $2)
                ORDER BY id DESC LIMIT $3)
               UNION ALL
               (SELECT id, kind, pool, lane, tenant, 4::int2, attempt, max_attempts, enqueued_at, due, claimed_at,
                       finished_at, error_class, trace
                FROM queue.dead WHERE ($1 IS NULL OR $1 = 'dead') AND ($2 IS NULL OR kind = $2)
                ORDER BY id DESC LIMIT $3)
               UNION ALL
               (SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                       finished_at, errors->-1->>'class', trace
                FROM queue.finished
                WHERE ($1 IS NULL OR ($1 = 'done' AND state = 3) OR ($1 = 'cancelled' AND state = 5))
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

/// The jobs of these traces, in the order of their numbers.
///
/// # Errors
/// The database failed.
pub async fn by_trace(
    conn: &mut PgConnection,
    traces: &[TraceId],
) -> Result<Vec<JobView>, sqlx::Error> {
    let traces: Vec<String> = traces.iter().map(ToString::to_string).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id!", kind AS "kind!", pool AS "pool!", lane AS "lane!", tenant, state AS "state!",
                  attempt AS "attempt!", max_attempts AS "max_attempts!", enqueued_at AS "enqueued_at!", due AS "due!",
                  claimed_at, finished_at, error_class, trace
           FROM (
               SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                      NULL::timestamptz AS finished_at, errors->-1->>'class' AS error_class, trace
               FROM queue.jobs WHERE trace = ANY($1)
               UNION ALL
               SELECT id, kind, pool, lane, tenant, 4::int2, attempt, max_attempts, enqueued_at, due, claimed_at,
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

/// Everything that has not ended, oldest first, as of one moment.
pub(crate) async fn unfinished(conn: &mut PgConnection) -> Result<Vec<JobView>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                  NULL::timestamptz AS finished_at, errors->-1->>'class' AS error_class, trace
           FROM queue.jobs ORDER BY id"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(JobView::from).collect())
}

/// One job wherever it is, with its payload and its history.
///
/// # Errors
/// The database failed.
pub async fn show(conn: &mut PgConnection, id: JobId) -> Result<Option<JobDetail>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT id AS "id!", kind AS "kind!", pool AS "pool!", lane AS "lane!", tenant, state AS "state!",
                  attempt AS "attempt!", max_attempts AS "max_attempts!", enqueued_at AS "enqueued_at!", due AS "due!",
                  claimed_at, finished_at, trace, payload AS "payload!", errors AS "errors!"
           FROM (
               SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                      NULL::timestamptz AS finished_at, trace, payload, coalesce(errors, '[]') AS errors
               FROM queue.jobs WHERE id = $1
               UNION ALL
               SELECT id, kind, pool, lane, tenant, 4::int2, attempt, max_attempts, enqueued_at, due, claimed_at,
                      finished_at, trace, payload, errors
               FROM queue.dead WHERE id = $1
               UNION ALL
               SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                      finished_at, trace, payload, coalesce(errors, '[]')
               FROM queue.finished WHERE id = $1
           ) all_of_them LIMIT 1"#,
        id.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| JobDetail {
        job: Row {
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
        payload: payload::shown(row.payload),
        errors: row.errors,
    }))
}
