//! Finds the lanes that have ready jobs.

use sqlx::PgConnection;

use crate::types::{Level, Place, Pool, sql};

/// What a sweep has seen.
#[derive(Debug, Default)]
pub(crate) struct Swept {
    /// Where ready jobs wait, and the first of each.
    pub levels: Vec<(Level, Place)>,
    /// Seconds until the next scheduled job falls due.
    pub next_due: Option<f64>,
}

/// Looks for all levels that have ready jobs, from one to the next through the index and not over the jobs, and for the
/// next scheduled job.
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
