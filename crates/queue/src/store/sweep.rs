//! Finds the lanes that have ready jobs.

use sqlx::PgConnection;

use crate::types::{Level, Place, Pool, sql};

/// The result of a sweep.
#[derive(Debug, Default)]
pub(crate) struct Swept {
    /// The levels that have ready jobs, each with the place of its first job.
    pub levels: Vec<(Level, Place)>,
    /// The seconds until the next scheduled job is due.
    pub next_due: Option<f64>,
}

/// Finds all levels that have ready jobs, and the next scheduled job. It jumps through the index from level to level
/// and does not walk over the jobs.
pub(crate) async fn sweep(conn: &mut PgConnection, pools: &[Pool]) -> Result<Swept, sqlx::Error> {
    let pools: Vec<String> = pools.iter().map(|pool| pool.name().to_owned()).collect();
    let rows = sql!(query,
        r#"WITH RECURSIVE level AS (
               (SELECT w.pool, f.lane, f.priority, f.due, f.id
                FROM unnest($1::text[]) AS w(pool)
                CROSS JOIN LATERAL (
                    SELECT j.lane, j.priority, j.due, j.id FROM queue.jobs j
                    WHERE j.pool = w.pool AND j.state = "# Ready r#"
                    ORDER BY j.lane, j.priority, j.due, j.id LIMIT 1
                ) f)
               UNION ALL
               SELECT l.pool, n.lane, n.priority, n.due, n.id
               FROM level l CROSS JOIN LATERAL (
                   SELECT j.lane, j.priority, j.due, j.id FROM queue.jobs j
                   WHERE j.pool = l.pool AND j.state = "# Ready r#" AND (j.lane, j.priority) > (l.lane, l.priority)
                   ORDER BY j.lane, j.priority, j.due, j.id LIMIT 1
               ) n
           )
           SELECT pool AS "pool!", lane, priority, due, id, NULL::float8 AS secs FROM level
           UNION ALL
           SELECT w.pool, NULL, NULL, NULL, NULL, extract(epoch FROM next.due - clock_timestamp())::float8
           FROM unnest($1::text[]) AS w(pool) CROSS JOIN LATERAL (
               SELECT j.due FROM queue.jobs j WHERE j.pool = w.pool AND j.state = "# Scheduled r#" ORDER BY j.due LIMIT 1
           ) next
           LIMIT 20000"#,
        &pools
    )
    .fetch_all(conn)
    .await?;
    let mut swept = Swept::default();
    for row in rows {
        if let (Some(lane), Some(priority), Some(due), Some(id)) =
            (row.lane, row.priority, row.due, row.id)
        {
            let pool = row.pool;
            swept.levels.push((
                Level {
                    pool,
                    lane,
                    priority,
                },
                (due, id),
            ));
        } else if let Some(secs) = row.secs {
            swept.next_due = Some(swept.next_due.map_or(secs, |other: f64| other.min(secs)));
        }
    }
    Ok(swept)
}
