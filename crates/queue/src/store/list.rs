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

/// Which jobs to list. A job must fit every field that is given.
#[derive(Clone, Debug)]
pub struct JobFilter {
    /// Only jobs in this state.
    pub state: Option<State>,
    /// Only jobs of this kind.
    pub kind: Option<String>,
    /// Only jobs of this pool.
    pub pool: Option<String>,
    /// Only jobs of this lane.
    pub lane: Option<String>,
    /// Only jobs of this tenant.
    pub tenant: Option<Uuid>,
    /// Only jobs whose last error has this class.
    pub class: Option<String>,
    /// Only jobs that were enqueued before this one: the last of the page before.
    pub after: Option<JobId>,
    /// How many jobs at most.
    pub limit: i64,
}

impl Default for JobFilter {
    fn default() -> Self {
        Self {
            state: None,
            kind: None,
            pool: None,
            lane: None,
            tenant: None,
            class: None,
            after: None,
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

/// How many records of ended jobs a list looks through. Their table has one index, by number, so a filter that fits
/// none of them would read the days of a week.
const LOOKED_THROUGH: i64 = 100_000;

/// The jobs that match, of all tables, newest first. Of ended jobs it looks through 100,000, from `after` on.
pub async fn list(
    conn: &mut PgConnection,
    filter: &JobFilter,
) -> Result<Vec<JobView>, sqlx::Error> {
    let wanted = |states: &[State]| -> Vec<i16> {
        let states = states.iter().copied();
        let meant = states.filter(|state| filter.state.is_none_or(|only| only == *state));
        meant.map(State::number).collect()
    };
    // An array, and no chain of conditions: PostgreSQL then sees which of the partial indexes fit.
    let live = wanted(&[
        State::Ready,
        State::Running,
        State::Blocked,
        State::Scheduled,
    ]);
    let ended = wanted(&[State::Done, State::Cancelled]);
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
                WHERE state = ANY($1) AND ($4::text IS NULL OR kind = $4) AND ($5::text IS NULL OR pool = $5)
                  AND ($6::text IS NULL OR lane = $6) AND ($7::uuid IS NULL OR tenant = $7)
                  AND ($8::text IS NULL OR errors->-1->>'class' = $8) AND ($9::bigint IS NULL OR id < $9)
                ORDER BY id DESC LIMIT $10)
               UNION ALL
               (SELECT id, kind, pool, lane, tenant, "# Dead r#"::int2, attempt, max_attempts, enqueued_at, due, claimed_at,
                       finished_at, error_class, trace
                FROM queue.dead
                WHERE $2 AND ($4 IS NULL OR kind = $4) AND ($5 IS NULL OR pool = $5) AND ($6 IS NULL OR lane = $6)
                  AND ($7 IS NULL OR tenant = $7) AND ($8 IS NULL OR error_class = $8) AND ($9 IS NULL OR id < $9)
                ORDER BY id DESC LIMIT $10)
               UNION ALL
               (SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                       finished_at, errors->-1->>'class', trace
                FROM (SELECT * FROM queue.finished WHERE cardinality($3::int2[]) > 0 AND ($9 IS NULL OR id < $9)
                      ORDER BY id DESC LIMIT $11) newest
                WHERE state = ANY($3) AND ($4 IS NULL OR kind = $4) AND ($5 IS NULL OR pool = $5)
                  AND ($6 IS NULL OR lane = $6) AND ($7 IS NULL OR tenant = $7)
                  AND ($8 IS NULL OR errors->-1->>'class' = $8)
                ORDER BY id DESC LIMIT $10)
           ) all_of_them
           ORDER BY id DESC LIMIT $10"#,
        &live,
        filter.state.is_none_or(|only| only == State::Dead),
        &ended,
        filter.kind,
        filter.pool,
        filter.lane,
        filter.tenant,
        filter.class,
        filter.after.map(|job| job.0),
        filter.limit,
        LOOKED_THROUGH
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
