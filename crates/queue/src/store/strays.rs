//! Jobs under our lease that this process does not know of.

use std::time::Duration;

use sqlx::PgConnection;

use crate::types::sql;

/// Puts back jobs under the lease of this process that it does not know of. The answer to their claim was lost with the
/// connection, or the claim committed after that; or the process let them go because its lease seemed to be over.
/// `in_hand` are the jobs that the process knows of, with their lease numbers. The attempt is given back, because
/// nothing was run. Only the fetcher may call this: it alone knows that no claim is on its way to a worker. With
/// `since`, only claims that are not older are looked at.
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
