//! Jobs that wait for their turn in a lane, and belong to no sequence and no batch.

use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::batch;
use crate::types::{Pool, sql};

pub(crate) struct Waiting {
    pub id: i64,
    pub tenant: Option<Uuid>,
    pub payload: Value,
}

/// The next jobs of a kind in a lane, from the one after `after`.
pub(crate) async fn in_lane(
    conn: &mut PgConnection,
    pool: Pool,
    lane: &str,
    kind: &str,
    after: i64,
) -> Result<Vec<Waiting>, sqlx::Error> {
    sql!(query_as<Waiting>,
        "SELECT id, tenant, payload FROM queue.jobs
         WHERE pool = $1 AND lane = $2 AND state = " Ready " AND kind = $3 AND id > $4
           AND sequence_key IS NULL AND batch IS NULL
         ORDER BY id LIMIT 5000",
        pool.name(),
        lane,
        kind,
        after
    )
    .fetch_all(conn)
    .await
}

/// Cancels those of these jobs that still wait. Answers how many there were.
pub(crate) async fn cancel(conn: &mut PgConnection, ids: &[i64]) -> Result<u64, sqlx::Error> {
    Ok(batch::remove(conn, ids).await?.len() as u64)
}
