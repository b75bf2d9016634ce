//! The floor: the same table by bare SQL on one connection, without the queue.

use std::time::Instant;

use sqlx::{Connection, PgConnection, PgPool};

use super::{
    BenchError,
    burn::rate,
    table::{clean, enqueue},
};
use crate::types::sql;

/// Claims 500 jobs at a time and deletes them, until none is left. Answers jobs a second.
pub(super) async fn burn(db: &PgPool, jobs: usize) -> Result<f64, BenchError> {
    clean(db).await?;
    enqueue(db, jobs).await?;
    let mut conn = PgConnection::connect_with(&db.connect_options()).await?;
    let started = Instant::now();
    loop {
        let ids = sql!(query_scalar,
        r#"WITH picked AS MATERIALIZED (
                   SELECT id FROM queue.jobs WHERE pool = 'bench' AND lane = '' AND priority = 1 AND state = "# Ready r#"
                   ORDER BY priority, due, id LIMIT 500 FOR UPDATE SKIP LOCKED)
               UPDATE queue.jobs j SET state = "# Running r#", attempt = attempt + 1, lease = lease + 1 FROM picked
               WHERE j.id = picked.id RETURNING j.id"#
        )
        .fetch_all(&mut conn)
        .await?;
        if ids.is_empty() {
            break;
        }
        sqlx::query!("DELETE FROM queue.jobs WHERE id = ANY($1)", &ids)
            .execute(&mut conn)
            .await?;
    }
    let took = started.elapsed();
    conn.close().await?;
    Ok(rate(jobs, took))
}
