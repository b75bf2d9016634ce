//! Claims due jobs: one statement for all lanes of a round, with the limits of those lanes.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::{
    Connection, PgConnection, Postgres,
    postgres::{PgArguments, PgRow},
    query::Map,
};

use crate::types::{Ask, Claimed, sql};

/// Claims due jobs of these kinds for the process `owner`: at most the quota of each ask, and at most what the limits
/// of its lane allow. The claim counts the attempt, so a job that kills its process still comes to an end.
///
/// Set `counted` for lanes that limit their running jobs; without it nothing of them is claimed. A statement of its own
/// then locks the rows of these lanes first. The snapshot of the claim comes after that lock, so it counts what another
/// process has claimed before.
pub(crate) async fn claim(
    conn: &mut PgConnection,
    owner: i64,
    asks: &[Ask],
    kinds: &[String],
    counted: bool,
) -> Result<Vec<Claimed>, sqlx::Error> {
    if !counted {
        return fetch(conn, owner, asks, kinds, false).await;
    }
    let mut tx = conn.begin().await?;
    let (pools, lanes): (Vec<String>, Vec<String>) = asks
        .iter()
        .map(|ask| (ask.level.pool.clone(), ask.level.lane.clone()))
        .unzip();
    let elsewhere: HashSet<(String, String)> = sqlx::query!(
        r#"WITH locked AS MATERIALIZED (
               SELECT l.pool, l.lane FROM queue.lanes l JOIN unnest($1::text[], $2::text[]) AS a(pool, lane)
                   USING (pool, lane)
               ORDER BY l.pool, l.lane FOR UPDATE OF l SKIP LOCKED
           )
           SELECT l.pool, l.lane FROM queue.lanes l JOIN unnest($1::text[], $2::text[]) AS a(pool, lane) USING (pool, lane)
           WHERE NOT EXISTS (SELECT FROM locked k WHERE k.pool = l.pool AND k.lane = l.lane)"#,
        &pools,
        &lanes
    )
    .fetch_all(&mut *tx)
    .await?
    .into_iter()
    .map(|row| (row.pool, row.lane))
    .collect();
    // Lanes that another process has locked are left to it. The claim would lock them only after its snapshot, and so
    // miss what that process has just claimed.
    let asks: Vec<Ask> = asks
        .iter()
        .filter(|ask| !elsewhere.contains(&(ask.level.pool.clone(), ask.level.lane.clone())))
        .cloned()
        .collect();
    let claimed = fetch(&mut tx, owner, &asks, kinds, true).await?;
    tx.commit().await?;
    Ok(claimed)
}

async fn fetch(
    conn: &mut PgConnection,
    owner: i64,
    asks: &[Ask],
    kinds: &[String],
    counted: bool,
) -> Result<Vec<Claimed>, sqlx::Error> {
    let mut claimed = statement(owner, asks, kinds, counted)
        .fetch_all(conn)
        .await?;
    claimed.sort_unstable_by_key(|job| (job.priority, job.due, job.id));
    // A job without a time of claim was claimed when it was due.
    for job in &mut claimed {
        job.claimed_at.get_or_insert(job.due);
    }
    Ok(claimed)
}

/// The statement of the claim. The bench asks PostgreSQL to explain it.
pub(crate) fn statement(
    owner: i64,
    asks: &[Ask],
    kinds: &[String],
    counted: bool,
) -> Map<
    'static,
    Postgres,
    impl FnMut(PgRow) -> Result<Claimed, sqlx::Error> + Send + use<>,
    PgArguments,
> {
    let dues: Vec<Option<DateTime<Utc>>> =
        asks.iter().map(|a| a.after.map(|mark| mark.0)).collect();
    let ids: Vec<Option<i64>> = asks
        .iter()
        .map(|a| a.after.and_then(|mark| mark.1))
        .collect();
    // Nothing is claimed for a process whose row is gone, because its jobs are taken back together with the row. `KEY
    // SHARE` keeps the row until we commit. `MATERIALIZED` stops the planner from running a LIMIT twice, which would
    // claim too many jobs. A lane whose row another process has locked is skipped. Tokens are taken from the row as it
    // is after the lock, so two processes never spend the same token.
    sql!(query_as<Claimed>,
        r#"WITH me AS MATERIALIZED (
               SELECT id FROM queue.processes WHERE id = $7 FOR KEY SHARE
           ), asked AS MATERIALIZED (
               SELECT a.* FROM me, unnest($1::text[], $2::text[], $3::int2[], $4::timestamptz[], $5::bigint[], $6::int[])
                    AS a(pool, lane, priority, due, id, quota)
               WHERE pool NOT IN (SELECT name FROM queue.pauses WHERE scope = 'pool')
           ), limits AS MATERIALIZED (
               SELECT l.pool, l.lane, l.reserved,
                      CASE WHEN l.paused OR l.parked_until > now() OR (l.max_running IS NOT NULL AND NOT $8) THEN 0
                      ELSE least(
                          floor(l.rate * extract(epoch FROM
                              now() - greatest(l.spent_until, now() - make_interval(secs => l.burst / l.rate)))
                              + 1e-6),
                          CASE WHEN l.max_running IS NOT NULL THEN l.max_running -
                              (SELECT count(*) FROM queue.jobs r
                               WHERE r.pool = l.pool AND r.lane = l.lane AND r.state = "# Running r#" AND r.counted) END,
                          1000000) END AS allowed
               FROM (SELECT DISTINCT pool, lane FROM asked) a CROSS JOIN LATERAL (
                   SELECT * FROM queue.lanes x WHERE x.pool = a.pool AND x.lane = a.lane FOR UPDATE SKIP LOCKED
               ) l
           ), quotas AS MATERIALIZED (
               SELECT a.pool, a.lane, a.priority, a.due, a.id,
                      CASE WHEN l.pool IS NOT NULL
                               THEN least(a.quota, l.allowed - CASE WHEN a.priority > 1 THEN l.reserved ELSE 0 END)
                           WHEN (SELECT true FROM queue.lanes x WHERE x.pool = a.pool AND x.lane = a.lane LIMIT 1) THEN 0
                           ELSE a.quota END::int AS quota
               FROM asked a LEFT JOIN limits l ON l.pool = a.pool AND l.lane = a.lane
           ), picked AS MATERIALIZED (
               SELECT next.id
               FROM quotas q CROSS JOIN LATERAL (
                   SELECT j.id FROM queue.jobs j
                   WHERE j.pool = q.pool AND j.lane = q.lane AND j.priority = q.priority AND j.state = "# Ready r#"
                     AND (j.due, j.id) > (coalesce(q.due, '-infinity'), coalesce(q.id, 0))
                     AND j.kind = ANY($9)
                     AND j.kind NOT IN (SELECT name FROM queue.pauses WHERE scope = 'kind')
                   ORDER BY j.due, j.id
                   LIMIT greatest(q.quota, 0)
                   FOR UPDATE SKIP LOCKED
               ) next
           ), claimed AS (
               UPDATE queue.jobs j
               SET state = "# Running r#", attempt = j.attempt + 1, lease = j.lease + 1, owner = $7, counted = $8,
                   claimed_at = now()
               WHERE j.id = ANY (ARRAY(SELECT id FROM picked))
               RETURNING j.*
           ), spent AS (
               UPDATE queue.lanes l
               SET spent_until = greatest(l.spent_until, now() - make_interval(secs => l.burst / l.rate))
                                 + make_interval(secs => c.n / l.rate)
               FROM (SELECT pool, lane, count(*) AS n FROM claimed GROUP BY 1, 2) c
               WHERE l.pool = c.pool AND l.lane = c.lane AND l.rate IS NOT NULL
           ), freed AS (
               DELETE FROM queue.unique_keys k USING claimed c
               WHERE c.unique_scope = 0 AND k.kind = c.kind AND k.key = c.unique_key AND k.job_id = c.id
                 AND k.tenant = coalesce(c.tenant, '00000000-0000-0000-0000-000000000000')
           )
           SELECT id AS "id!", lease AS "lease!", kind AS "kind!", pool AS "pool!", lane AS "lane!",
                  priority AS "priority!", tenant, attempt AS "attempt!", max_attempts AS "max_attempts!",
                  enqueued_at AS "enqueued_at!", due AS "due!", claimed_at, cancel_requested AS "cancel_requested!",
                  sequence_key, trace, payload AS "payload!"
           FROM claimed"#,
        &asks
            .iter()
            .map(|a| a.level.pool.clone())
            .collect::<Vec<_>>(),
        &asks
            .iter()
            .map(|a| a.level.lane.clone())
            .collect::<Vec<_>>(),
        &asks.iter().map(|a| a.level.priority).collect::<Vec<_>>(),
        &dues as &[Option<DateTime<Utc>>],
        &ids as &[Option<i64>],
        &asks.iter().map(|a| a.quota).collect::<Vec<_>>(),
        owner,
        counted,
        kinds
    )
}
