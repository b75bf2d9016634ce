//! Lists of jobs.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, types::Json};
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
    /// Only jobs whose last error has this class, as [`JobView::error_class`] shows it.
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
#[derive(Debug, Deserialize)]
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

/// A page of jobs.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The newest first.
    pub jobs: Vec<JobView>,
    /// The list looked only down to this job: give it as `after` to look on. `None`: nothing older matches, or there are
    /// as many jobs as were asked for.
    pub looked_to: Option<JobId>,
}

/// How many jobs of each table a list looks through. No index fits every filter, so one that fits few jobs would read a
/// table as a whole.
const LOOKED_THROUGH: i64 = 100_000;

/// The jobs that match, of all tables, newest first. Of each table it looks through 100,000 jobs, from `after` on.
pub async fn list(conn: &mut PgConnection, filter: &JobFilter) -> Result<Listed, sqlx::Error> {
    within(conn, filter, LOOKED_THROUGH).await
}

/// [`list`], with the number of jobs that it looks through.
pub(crate) async fn within(
    conn: &mut PgConnection,
    filter: &JobFilter,
    window: i64,
) -> Result<Listed, sqlx::Error> {
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
    // A table that answers fewer jobs than were asked for may have older ones below its window. What other tables have
    // there belongs to the next page, or these older ones would be on none.
    let row = sql!(query,
        r#"WITH alive AS MATERIALIZED (
               SELECT pools, kinds FROM queue.processes WHERE "# Alive r#"
           ), live AS MATERIALIZED (
               SELECT w.id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                      NULL::timestamptz AS finished_at, seen.error_class, trace
               FROM (SELECT * FROM queue.jobs
                     WHERE cardinality($1::int2[]) > 0 AND state = ANY($1) AND ($9::bigint IS NULL OR id < $9)
                     ORDER BY id DESC LIMIT $11) w
               CROSS JOIN LATERAL (
                   SELECT CASE WHEN state = "# Ready r#" AND pool IN (SELECT unnest(pools) FROM alive)
                                    AND (pool, kind) NOT IN (SELECT unnest(pools), k FROM alive, unnest(kinds) AS k)
                               THEN 'unknown_kind' ELSE errors->-1->>'class' END AS error_class
               ) seen
               WHERE ($4::text IS NULL OR kind = $4) AND ($5::text IS NULL OR pool = $5)
                 AND ($6::text IS NULL OR lane = $6) AND ($7::uuid IS NULL OR tenant = $7)
                 AND ($8::text IS NULL OR seen.error_class = $8)
               ORDER BY w.id DESC LIMIT $10
           ), dead AS MATERIALIZED (
               SELECT id, kind, pool, lane, tenant, "# Dead r#"::int2 AS state, attempt, max_attempts, enqueued_at, due,
                      claimed_at, finished_at, error_class, trace
               FROM (SELECT * FROM queue.dead WHERE $2 AND ($9 IS NULL OR id < $9) ORDER BY id DESC LIMIT $11) w
               WHERE ($4 IS NULL OR kind = $4) AND ($5 IS NULL OR pool = $5) AND ($6 IS NULL OR lane = $6)
                 AND ($7 IS NULL OR tenant = $7) AND ($8 IS NULL OR error_class = $8)
               ORDER BY id DESC LIMIT $10
           ), ended AS MATERIALIZED (
               SELECT id, kind, pool, lane, tenant, state, attempt, max_attempts, enqueued_at, due, claimed_at,
                      finished_at, errors->-1->>'class' AS error_class, trace
               FROM (SELECT * FROM queue.finished WHERE cardinality($3::int2[]) > 0 AND ($9 IS NULL OR id < $9)
                     ORDER BY id DESC LIMIT $11) w
               WHERE state = ANY($3) AND ($4 IS NULL OR kind = $4) AND ($5 IS NULL OR pool = $5)
                 AND ($6 IS NULL OR lane = $6) AND ($7 IS NULL OR tenant = $7)
                 AND ($8 IS NULL OR errors->-1->>'class' = $8)
               ORDER BY id DESC LIMIT $10
           ), looked AS MATERIALIZED (
               SELECT greatest(
                   CASE WHEN (SELECT count(*) FROM live) < $10
                        THEN (SELECT id FROM queue.jobs
                              WHERE cardinality($1) > 0 AND state = ANY($1) AND ($9 IS NULL OR id < $9)
                              ORDER BY id DESC OFFSET $11 - 1 LIMIT 1) END,
                   CASE WHEN (SELECT count(*) FROM dead) < $10
                        THEN (SELECT id FROM queue.dead WHERE $2 AND ($9 IS NULL OR id < $9)
                              ORDER BY id DESC OFFSET $11 - 1 LIMIT 1) END,
                   CASE WHEN (SELECT count(*) FROM ended) < $10
                        THEN (SELECT id FROM queue.finished WHERE cardinality($3) > 0 AND ($9 IS NULL OR id < $9)
                              ORDER BY id DESC OFFSET $11 - 1 LIMIT 1) END) AS floor
           ), page AS (
               SELECT * FROM (SELECT * FROM live UNION ALL SELECT * FROM dead UNION ALL SELECT * FROM ended) all_of_them
               WHERE id >= coalesce((SELECT floor FROM looked), 0)
               ORDER BY id DESC LIMIT $10
           )
           SELECT (SELECT floor FROM looked) AS floor,
                  (SELECT coalesce(jsonb_agg(page ORDER BY id DESC), '[]') FROM page) AS "jobs!: Json<Vec<JobRow>>""#,
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
        window
    )
    .fetch_one(conn)
    .await?;
    let jobs: Vec<JobView> = row.jobs.0.into_iter().map(JobView::from).collect();
    let full = i64::try_from(jobs.len()).is_ok_and(|jobs| jobs >= filter.limit);
    Ok(Listed {
        looked_to: row.floor.map(JobId).filter(|_| !full),
        jobs,
    })
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
