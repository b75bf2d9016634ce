//! Inserts jobs of any kind, in one statement with the locks of their sequences.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::CHUNK;
use crate::types::{Due, Prepared, sql};

/// About 300 years in seconds. PostgreSQL's intervals and timestamps hold that much.
pub(crate) const MAX_SECONDS: f64 = 1e10;

/// For each job: how many jobs of the chunk are in its sequence, and its own place among them, from 1. `None`: it is in
/// no sequence.
fn places(jobs: &[&Prepared]) -> (Vec<Option<i32>>, Vec<Option<i32>>) {
    let mut seen: HashMap<&str, i32> = HashMap::new();
    let nth: Vec<Option<i32>> = jobs
        .iter()
        .map(|job| {
            let n = seen.entry(job.options.sequence.as_deref()?).or_default();
            *n += 1;
            Some(*n)
        })
        .collect();
    let together = jobs
        .iter()
        .map(|job| seen.get(job.options.sequence.as_deref()?).copied())
        .collect();
    (together, nth)
}

/// The due time of each job: a time, or seconds from now.
pub(crate) fn times(jobs: &[&Prepared]) -> (Vec<Option<DateTime<Utc>>>, Vec<f64>) {
    jobs.iter()
        .map(|job| match job.options.due {
            Due::Now => (None, 0.0),
            Due::In(delay) => (None, delay.as_secs_f64().min(MAX_SECONDS)),
            Due::At(at) => (Some(at), 0.0),
        })
        .unzip()
}

/// Locks the sequences of the jobs until the caller's transaction ends, in the order of their keys. A new row that gets
/// no job is deleted by upkeep.
pub(crate) async fn lock_sequences(
    conn: &mut PgConnection,
    jobs: &[Prepared],
) -> Result<(), sqlx::Error> {
    let keys: BTreeSet<&str> = jobs
        .iter()
        .filter_map(|job| job.options.sequence.as_deref())
        .collect();
    let keys: Vec<String> = keys.into_iter().map(str::to_owned).collect();
    for keys in keys.chunks(CHUNK) {
        // The keys are sorted as bytes, like the chunks.
        sqlx::query!(
            r#"INSERT INTO queue.sequences AS s (key, pending) SELECT key, 0 FROM unnest($1::text[]) AS key ORDER BY key COLLATE "C"
               ON CONFLICT (key) DO UPDATE SET pending = s.pending"#,
            keys
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Inserts the jobs, and answers their numbers in the same order.
///
/// The statement locks the sequences until the caller's transaction ends. From then on nobody else enters or leaves
/// them, so the numbers of the jobs are in the order of the commits. It is one statement, so that this also holds for a
/// caller without a transaction. Rows are locked in the order of their keys: two transactions that share several
/// sequences wait for each other and do not deadlock.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    jobs: &[&Prepared],
) -> Result<Vec<i64>, sqlx::Error> {
    let (dues, delays) = times(jobs);
    let (together, nth) = places(jobs);
    let mut batches: BTreeMap<i64, i64> = BTreeMap::new();
    for batch in jobs.iter().filter_map(|job| job.options.batch) {
        *batches.entry(batch.0).or_default() += 1;
    }
    let (batches, totals): (Vec<i64>, Vec<i64>) = batches.into_iter().unzip();
    // `now()` is the start of the caller's transaction. A due time of the caller's own is kept, also in the past.
    sql!(query_scalar,
        r#"WITH input AS MATERIALIZED (
               SELECT * FROM unnest($1::timestamptz[], $2::float8[], $3::uuid[], $4::int4[], $5::int4[], $6::int2[],
                                    $7::int2[], $8::int2[], $9::bool[], $10::text[], $11::text[], $12::text[],
                                    $13::text[], $14::text[], $15::text[], $16::text[], $17::bigint[])
                    WITH ORDINALITY
                    AS w(due, delay, tenant, together, nth, priority, max_attempts, unique_scope, sequence_first, kind,
                         pool, lane, unique_key, sequence_key, trace, payload, batch, position)
           ), locked AS (
               INSERT INTO queue.sequences AS s (key, pending)
               SELECT sequence_key, together FROM input WHERE nth = 1 ORDER BY sequence_key COLLATE "C"
               ON CONFLICT (key) DO UPDATE SET pending = s.pending + EXCLUDED.pending
               RETURNING key, pending
           ), counted AS (
               INSERT INTO queue.batch_changes (batch, total) SELECT * FROM unnest($18::bigint[], $19::bigint[])
           )
           INSERT INTO queue.jobs (due, tenant, state, priority, max_attempts, unique_scope, sequence_first,
                                   kind, pool, lane, unique_key, sequence_key, trace, payload, batch)
           SELECT coalesce(w.due, now() + make_interval(secs => w.delay)), w.tenant,
                  -- The first one of an empty sequence is ready, or waits for its time; whoever comes after it is blocked.
                  CASE WHEN w.nth > 0 AND NOT (w.nth = 1 AND l.pending = w.together) THEN "# Blocked r#"
                       WHEN w.due > now() OR w.delay > 0 THEN "# Scheduled r#" ELSE "# Ready r#" END,
                  w.priority, w.max_attempts, w.unique_scope, w.sequence_first, w.kind, w.pool, w.lane, w.unique_key,
                  w.sequence_key, w.trace, w.payload::jsonb, w.batch
           FROM input w LEFT JOIN locked l ON l.key = w.sequence_key
           ORDER BY w.position
           RETURNING id"#,
        &dues as &[Option<DateTime<Utc>>],
        &delays,
        &jobs.iter().map(|j| j.options.tenant).collect::<Vec<_>>() as &[Option<Uuid>],
        &together as &[Option<i32>],
        &nth as &[Option<i32>],
        &jobs.iter().map(|j| j.options.priority as i16).collect::<Vec<_>>(),
        &jobs.iter().map(|j| j.attempts()).collect::<Vec<_>>(),
        &jobs
            .iter()
            .map(|j| j.options.unique.as_ref().map(|(_, scope)| scope.number()))
            .collect::<Vec<_>>() as &[Option<i16>],
        &jobs.iter().map(|j| j.options.sequence_first).collect::<Vec<_>>(),
        &jobs.iter().map(|j| j.kind.to_owned()).collect::<Vec<_>>(),
        &jobs.iter().map(|j| j.pool.name().to_owned()).collect::<Vec<_>>(),
        &jobs.iter().map(|j| j.lane()).collect::<Vec<_>>(),
        &jobs
            .iter()
            .map(|j| j.options.unique.as_ref().map(|(key, _)| key.clone()))
            .collect::<Vec<_>>() as &[Option<String>],
        &jobs.iter().map(|j| j.options.sequence.clone()).collect::<Vec<_>>() as &[Option<String>],
        &jobs.iter().map(|j| j.trace()).collect::<Vec<_>>() as &[Option<String>],
        &jobs.iter().map(|j| j.payload.as_str()).collect::<Vec<_>>() as &[&str],
        &jobs.iter().map(|j| j.options.batch.map(|batch| batch.0)).collect::<Vec<_>>() as &[Option<i64>],
        &batches,
        &totals,
    )
    .fetch_all(conn)
    .await
}
