//! Jobs that wait for their due time.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::types::{Level, Pool, sql};

/// The largest number of jobs of a pool that one statement makes ready.
const RIPEN: i64 = 2_000;

/// Makes jobs ready that are due, and answers their levels. `as_of` lets a test run jobs that are due later; without it
/// the database's clock decides.
pub(crate) async fn ripen(
    conn: &mut PgConnection,
    pools: &[Pool],
    as_of: Option<DateTime<Utc>>,
) -> Result<Vec<Level>, sqlx::Error> {
    let pools: Vec<String> = pools.iter().map(|pool| pool.name().to_owned()).collect();
    sql!(query_as<Level>,
        r#"WITH ripe AS MATERIALIZED (
               SELECT due.id FROM unnest($1::text[]) AS wanted(pool)
               CROSS JOIN LATERAL (
                   SELECT j.id FROM queue.jobs j
                   WHERE j.pool = wanted.pool AND j.state = "# Scheduled r#" AND j.due <= greatest(now(), $2)
                   ORDER BY j.due, j.id LIMIT $3 FOR UPDATE SKIP LOCKED
               ) due
           ), ready AS (
               UPDATE queue.jobs j SET state = "# Ready r#" FROM ripe WHERE j.id = ripe.id RETURNING j.pool, j.lane, j.priority
           )
           SELECT DISTINCT pool AS "pool!", lane AS "lane!", priority AS "priority!" FROM ready"#,
        &pools,
        as_of,
        RIPEN
    )
    .fetch_all(conn)
    .await
}

/// The seconds until the next scheduled job of these pools is due. It costs one look into an index per pool, however
/// many jobs are scheduled.
pub(crate) async fn next_due(
    conn: &mut PgConnection,
    pools: &[Pool],
) -> Result<Option<f64>, sqlx::Error> {
    let pools: Vec<String> = pools.iter().map(|pool| pool.name().to_owned()).collect();
    sql!(query_scalar,
        r#"SELECT extract(epoch FROM min(next.due) - clock_timestamp())::float8
           FROM unnest($1::text[]) AS w(pool) CROSS JOIN LATERAL (
               SELECT j.due FROM queue.jobs j WHERE j.pool = w.pool AND j.state = "# Scheduled r#" ORDER BY j.due LIMIT 1
           ) next"#,
        &pools
    )
    .fetch_one(conn)
    .await
}
