//! Statements for tests of programs that use the queue.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::types::{JobId, sql};

/// Ends the parking of lanes by the clock of the test, which is ahead of the database's.
pub(crate) async fn unpark(db: &PgPool, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE queue.lanes SET parked_until = NULL WHERE parked_until <= $1",
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What a run needs to know of a job that was begun by hand.
pub(crate) struct Begun {
    pub tenant: Option<Uuid>,
    pub sequence_key: Option<String>,
    pub max_attempts: i16,
    pub enqueued_at: DateTime<Utc>,
    pub trace: Option<String>,
}

/// Makes a job run in its first attempt, under lease number 1 and without a process.
pub(crate) async fn begin(conn: &mut PgConnection, id: JobId) -> Result<Begun, sqlx::Error> {
    sql!(query_as<Begun>,
        "UPDATE queue.jobs SET state = " Running ", attempt = 1, lease = 1, claimed_at = clock_timestamp() WHERE id = $1
         RETURNING tenant, sequence_key, max_attempts, enqueued_at, trace",
        id.0
    )
    .fetch_one(conn)
    .await
}
