//! Why a job does not run yet.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::batch;
use crate::types::{BatchId, JobId, State, sql};

/// A reason why a job does not run yet.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[schema(as = QueueWait)]
pub enum Wait {
    /// Its time has not come.
    Scheduled {
        /// When it is due.
        until: DateTime<Utc>,
    },
    /// Its last attempt failed, and it is tried again.
    Retry {
        /// When it is due.
        until: DateTime<Utc>,
    },
    /// Its last run asked to run again later.
    Snoozed {
        /// When it is due.
        until: DateTime<Utc>,
    },
    /// Another job of its sequence comes first.
    Sequence {
        /// How many jobs of the sequence stand before it. The count stops at 10,000.
        ahead: i64,
        /// The job that may run before the others. `None`: it has just ended, or it is deep in its lane.
        first: Option<JobId>,
        /// Where this job stands.
        first_state: Option<State>,
    },
    /// It is the callback of a batch that is not complete.
    Batch {
        /// The batch.
        batch: BatchId,
        /// How many jobs of the batch have not ended.
        unfinished: i64,
        /// Whether the batch still takes jobs.
        open: bool,
    },
    /// An operator has paused its pool.
    PoolPaused {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// An operator has paused its kind.
    KindPaused {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// An operator has paused its lane.
    LanePaused,
    /// Its lane is parked, because a provider asked for a break, or an operator.
    LaneParked {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// No process that is alive serves its pool.
    NoProcess,
    /// The processes of its pool do not know its kind: they run an older program.
    UnknownKind,
    /// As many jobs of its lane run as may run at once.
    LaneFull {
        /// How many jobs run.
        running: i64,
        /// How many jobs may run before a job of its priority has to wait.
        limit: i64,
    },
    /// Its lane has used up its rate.
    LaneRate {
        /// The rate in jobs a second.
        rate: f64,
        /// When the next job may start.
        until: DateTime<Utc>,
    },
    /// All slots of its pool have a job.
    PoolFull {
        /// How many jobs run.
        running: i64,
        /// How many slots the processes have together.
        slots: i64,
    },
    /// Others come first, and nothing holds it.
    Turn {
        /// How many jobs stand before it in its lane. The count stops at 10,000.
        ahead: i64,
    },
}

/// The reasons why a job does not run yet, the strongest first. There is none if the job runs or has ended, or if there
/// is no such job.
pub async fn why(conn: &mut PgConnection, id: JobId) -> Result<Vec<Wait>, sqlx::Error> {
    let row = sql!(query,
        r#"SELECT state, due, pool, lane, kind, sequence_key, claimed_at, priority, sequence_first,
                  (errors->-1->>'at')::timestamptz AS failed_at
           FROM queue.jobs WHERE id = $1 AND state <> "# Running,
        id.0
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else {
        return Ok(Vec::new());
    };
    match State::of_number(row.state) {
        State::Scheduled => {
            let until = row.due;
            Ok(vec![match row.claimed_at {
                None => Wait::Scheduled { until },
                Some(claimed) if row.failed_at.is_some_and(|failed| failed >= claimed) => {
                    Wait::Retry { until }
                }
                Some(_) => Wait::Snoozed { until },
            }])
        }
        State::Blocked => match row.sequence_key {
            Some(key) => {
                let place = Place {
                    id,
                    pool: &row.pool,
                    lane: &row.lane,
                    goes_first: row.sequence_first,
                };
                Ok(vec![behind(conn, &key, place).await?])
            }
            None => callback(conn, id).await,
        },
        _ => held(conn, id).await,
    }
}

/// A job that waits in a sequence.
struct Place<'a> {
    id: JobId,
    pool: &'a str,
    lane: &'a str,
    goes_first: bool,
}

async fn behind(conn: &mut PgConnection, key: &str, place: Place<'_>) -> Result<Wait, sqlx::Error> {
    // Only blocked jobs are in the index of sequences. The one that is not blocked is looked for where it most probably
    // stands: among the running ones, and in the same lane and pool.
    let row = sql!(query,
        r#"WITH first AS (
               SELECT id, state FROM queue.jobs WHERE state = "# Running r#" AND sequence_key = $1
               UNION ALL
               SELECT id, state FROM (SELECT id, state, sequence_key FROM queue.jobs
                   WHERE state = "# Ready r#" AND pool = $3 AND lane = $4 LIMIT 10000) ready WHERE sequence_key = $1
               UNION ALL
               SELECT id, state FROM (SELECT id, state, sequence_key FROM queue.jobs
                   WHERE state = "# Scheduled r#" AND pool = $3 ORDER BY due LIMIT 10000) scheduled WHERE sequence_key = $1
               LIMIT 1
           )
           SELECT (SELECT id FROM first) AS first, (SELECT state FROM first) AS state,
                  (SELECT count(*) FROM (
                       SELECT FROM queue.jobs WHERE state = "# Blocked r#" AND sequence_key = $1
                         AND ((sequence_first AND NOT $5) OR (sequence_first = $5 AND id < $2)) LIMIT 9999
                   ) before) AS "blocked!""#,
        key,
        place.id.0,
        place.pool,
        place.lane,
        place.goes_first
    )
    .fetch_one(conn)
    .await?;
    Ok(Wait::Sequence {
        ahead: row.blocked + 1,
        first: row.first.map(JobId),
        first_state: row.state.map(State::of_number),
    })
}

async fn callback(conn: &mut PgConnection, id: JobId) -> Result<Vec<Wait>, sqlx::Error> {
    let of = sqlx::query_scalar!("SELECT id FROM queue.batches WHERE callback = $1", id.0)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(of) = of else {
        return Ok(Vec::new());
    };
    let wait = batch::view(conn, BatchId(of))
        .await?
        .map(|counts| Wait::Batch {
            batch: counts.id,
            unfinished: counts.pending + counts.running,
            open: counts.closed_at.is_none(),
        });
    Ok(wait.into_iter().collect())
}

/// What holds a job that is due, as the statement of the claim decides it.
async fn held(conn: &mut PgConnection, id: JobId) -> Result<Vec<Wait>, sqlx::Error> {
    let row = sql!(query,
        r#"SELECT (SELECT paused_at FROM queue.pauses WHERE scope = 'pool' AND name = j.pool) AS pool_paused,
                  (SELECT paused_at FROM queue.pauses WHERE scope = 'kind' AND name = j.kind) AS kind_paused,
                  coalesce(l.paused, false) AS "lane_paused!",
                  CASE WHEN l.parked_until > now() THEN l.parked_until END AS parked_until,
                  (l.max_running - kept.back)::bigint AS most, l.rate AS "rate?",
                  l.spent_until + make_interval(secs => (1 + kept.back) / l.rate) AS next_start,
                  now() AS "now!",
                  EXISTS (SELECT FROM queue.processes p WHERE "# Alive r#" AND j.pool = ANY(p.pools)) AS "served!",
                  EXISTS (SELECT FROM queue.processes p
                          WHERE "# Alive r#" AND j.pool = ANY(p.pools) AND j.kind = ANY(p.kinds)) AS "known!",
                  (SELECT coalesce(sum(p.slots[array_position(p.pools, j.pool)]), 0)
                   FROM queue.processes p WHERE "# Alive r#" AND j.pool = ANY(p.pools)) AS "slots!",
                  (SELECT count(*) FROM queue.jobs r WHERE r.pool = j.pool AND r.state = "# Running r#") AS "pool_running!",
                  (SELECT count(*) FROM queue.jobs r
                   WHERE r.pool = j.pool AND r.lane = j.lane AND r.state = "# Running r#" AND r.counted) AS "lane_running!",
                  (SELECT count(*) FROM (
                       SELECT FROM queue.jobs o
                       WHERE o.pool = j.pool AND o.lane = j.lane AND o.state = "# Ready r#"
                         AND (o.priority, o.due, o.id) < (j.priority, j.due, j.id) LIMIT 10000
                   ) before) AS "ahead!"
           FROM queue.jobs j LEFT JOIN queue.lanes l ON l.pool = j.pool AND l.lane = j.lane
           CROSS JOIN LATERAL (SELECT CASE WHEN j.priority > 1 THEN l.reserved ELSE 0 END AS back) kept
           WHERE j.id = $1"#,
        id.0
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else {
        return Ok(Vec::new());
    };
    let full = row.most.filter(|most| row.lane_running >= *most);
    let waits = [
        row.pool_paused.map(|since| Wait::PoolPaused { since }),
        row.kind_paused.map(|since| Wait::KindPaused { since }),
        row.lane_paused.then_some(Wait::LanePaused),
        row.parked_until.map(|until| Wait::LaneParked { until }),
        (!row.served).then_some(Wait::NoProcess),
        (row.served && !row.known).then_some(Wait::UnknownKind),
        full.map(|limit| Wait::LaneFull {
            running: row.lane_running,
            limit,
        }),
        row.rate
            .zip(row.next_start.filter(|at| *at > row.now))
            .map(|(rate, until)| Wait::LaneRate { rate, until }),
        (row.slots > 0 && row.pool_running >= row.slots).then_some(Wait::PoolFull {
            running: row.pool_running,
            slots: row.slots,
        }),
        Some(Wait::Turn { ahead: row.ahead }),
    ];
    Ok(waits.into_iter().flatten().collect())
}
