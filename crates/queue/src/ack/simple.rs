//! The usual end in a cheaper statement.

use sqlx::PgConnection;

use super::{Ack, Outcome};

/// Ends jobs that are all done, of which none has a unique key or belongs to a batch. `false` when some are left for
/// [`super::end`], which changes nothing of those that have ended here.
pub(super) async fn end(conn: &mut PgConnection, acks: &[&Ack]) -> Result<bool, sqlx::Error> {
    let done = |ack: &Ack| match ack.outcome {
        Outcome::Done { keep } => Some(keep),
        _ => None,
    };
    let Some(keep) = acks.first().and_then(|ack| done(ack)) else {
        return Ok(false);
    };
    if acks.iter().any(|ack| done(ack) != Some(keep)) {
        return Ok(false);
    }
    let ids: Vec<i64> = acks.iter().map(|ack| ack.id).collect();
    let leases: Vec<i32> = acks.iter().map(|ack| ack.lease).collect();
    let ended = if keep {
        sqlx::query!(
            r#"WITH gone AS (
                   DELETE FROM queue.jobs j USING unnest($1::bigint[], $2::int[]) AS a(id, lease)
                   WHERE j.id = a.id AND j.lease = a.lease AND j.state + 0 = 1 AND j.unique_key IS NULL AND j.batch IS NULL
                   RETURNING j.*
               )
               INSERT INTO queue.finished (id, enqueued_at, due, claimed_at, finished_at, tenant, state, attempt,
                                           max_attempts, kind, pool, lane, trace, payload, errors)
               SELECT id, enqueued_at, due, claimed_at, clock_timestamp(), tenant, 3, attempt, max_attempts, kind,
                      pool, lane, trace, payload, errors
               FROM gone"#,
            &ids,
            &leases
        )
        .execute(conn)
        .await?
    } else {
        sqlx::query!(
            "DELETE FROM queue.jobs j USING unnest($1::bigint[], $2::int[]) AS a(id, lease)
             WHERE j.id = a.id AND j.lease = a.lease AND j.state + 0 = 1 AND j.unique_key IS NULL AND j.batch IS NULL",
            &ids,
            &leases
        )
        .execute(conn)
        .await?
    };
    Ok(ended.rows_affected() == ids.len() as u64)
}
