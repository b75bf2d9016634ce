//! Jobs under a lease of ours that nobody here knows of.

use std::time::Duration;

use sqlx::PgConnection;

use crate::types::sql;

/// Puts back what stands under this process's lease and is not in its hands: a claim whose answer was lost with the
/// connection, or which committed after that; a job that was let go because the lease seemed to be over. `in_hand` is
/// what the process does know of, with the lease's number. The attempt is given back, since nothing was run. Only the
/// fetcher may ask, since only it knows that no claim of its own is on its way to a worker. With `since`, only among the
/// claims of that time.
pub(crate) async fn put_back(
    conn: &mut PgConnection,
    owner: i64,
    in_hand: &[(i64, i32)],
    since: Option<Duration>,
) -> Result<u64, sqlx::Error> {
    let (ids, leases): (Vec<i64>, Vec<i32>) = in_hand.iter().copied().unzip();
    let done = sql!(query,
        r#"UPDATE queue.jobs j
           SET state = "# Ready r#", owner = NULL, attempt = attempt - 1, due = greatest(due, clock_timestamp())
           WHERE owner = $1 AND state = "# Running r#"
             AND ($4::float8 IS NULL OR claimed_at >= clock_timestamp() - make_interval(secs => $4))
             AND NOT EXISTS (SELECT FROM unnest($2::bigint[], $3::int[]) AS h(id, lease)
                             WHERE h.id = j.id AND h.lease = j.lease)"#,
        owner,
        &ids,
        &leases,
        since.map(|since| since.as_secs_f64())
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
