//! Puts jobs back that have to run again.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::types::{Ack, Outcome, sql};

pub(crate) async fn put_back(conn: &mut PgConnection, acks: &[&Ack]) -> Result<(), sqlx::Error> {
    let ids: Vec<i64> = acks.iter().map(|ack| ack.id).collect();
    let leases: Vec<i32> = acks.iter().map(|ack| ack.lease).collect();
    let mut secs = Vec::with_capacity(acks.len());
    let mut dues = Vec::with_capacity(acks.len());
    let mut entries = Vec::with_capacity(acks.len());
    let mut kept = Vec::with_capacity(acks.len());
    for ack in acks {
        let (wait, due, entry) = match &ack.outcome {
            Outcome::Retry { secs, error } | Outcome::Completed { secs, error, .. } => {
                (*secs, None, Some(error.entry()))
            }
            Outcome::Keep { secs, error } => (*secs, None, Some(error.entry())),
            Outcome::Snooze { until } => (0.0, Some(*until), None),
            _ => (0.0, None, None),
        };
        kept.push(matches!(ack.outcome, Outcome::Keep { .. }));
        secs.push(wait);
        dues.push(due);
        entries.push(entry);
    }
    // An attempt without an error, or of a kept job, is given back. The history keeps the last 25 errors. Of several
    // errors in a row for which a job was kept, it keeps the last.
    sql!(query,
        r#"UPDATE queue.jobs j
           SET state = CASE WHEN coalesce(a.due, clock_timestamp() + make_interval(secs => a.secs))
                                 > clock_timestamp() THEN "# Scheduled r#" ELSE "# Ready r#" END,
               owner = NULL,
               -- What is late is due now: ready jobs stand in the order in which they became so.
               due = greatest(a.due, clock_timestamp() + make_interval(secs => a.secs)),
               attempt = j.attempt - CASE WHEN a.entry IS NULL OR a.kept THEN 1 ELSE 0 END,
               errors = CASE
                   WHEN a.entry IS NULL THEN j.errors
                   WHEN a.kept AND j.errors->-1->>'class' = a.entry::jsonb->>'class' THEN (j.errors - -1) || a.entry::jsonb
                   WHEN jsonb_array_length(j.errors) >= 25 THEN (j.errors - 0) || a.entry::jsonb
                   ELSE coalesce(j.errors, '[]') || a.entry::jsonb END
           FROM unnest($1::bigint[], $2::int[], $3::float8[], $4::timestamptz[], $5::text[], $6::bool[])
                AS a(id, lease, secs, due, entry, kept)
           WHERE j.id = a.id AND j.lease = a.lease AND j."# StillRunning,
        &ids,
        &leases,
        &secs,
        &dues as &[Option<DateTime<Utc>>],
        &entries as &[Option<String>],
        &kept
    )
    .execute(conn)
    .await?;
    Ok(())
}
