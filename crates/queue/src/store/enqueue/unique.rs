//! Unique keys: taken before the rows are written, and told the number of their job afterwards.

use std::collections::{BTreeMap, HashMap, HashSet};

use sqlx::PgConnection;
use uuid::Uuid;

use super::{CHUNK, rows::MAX_SECONDS};
use crate::types::{Prepared, Unique};

/// A unique key as it stands in the table.
pub(crate) type Key<'a> = (&'a str, Uuid, &'a str);

/// Of which job a job is a duplicate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Duplicate {
    /// Of a job in the database.
    OfJob(i64),
    /// Of the job at this position of the same call.
    OfEarlier(usize),
}

pub(crate) fn unique_of(job: &Prepared) -> Option<(Key<'_>, Unique)> {
    let (key, scope) = job.options.unique.as_ref()?;
    Some((
        (job.kind, job.options.tenant.unwrap_or_default(), key),
        *scope,
    ))
}

/// Takes the unique keys of the jobs. Answers which jobs are duplicates, by their position.
pub(crate) async fn reserve(
    conn: &mut PgConnection,
    jobs: &[Prepared],
) -> Result<HashMap<usize, Duplicate>, sqlx::Error> {
    // Sorted, so that two transactions which take the same keys wait for each other instead of deadlocking.
    let mut wanted: BTreeMap<Key<'_>, Unique> = BTreeMap::new();
    for job in jobs {
        if let Some((key, scope)) = unique_of(job) {
            wanted.entry(key).or_insert(scope);
        }
    }
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let mut held: HashMap<(String, Uuid, String), i64> = HashMap::new();
    let all: Vec<(Key<'_>, Unique)> = wanted.into_iter().collect();
    for chunk in all.chunks(CHUNK) {
        take(&mut *conn, chunk, &mut held).await?;
    }
    let mut duplicates = HashMap::new();
    let mut first: HashMap<Key<'_>, usize> = HashMap::new();
    for (at, job) in jobs.iter().enumerate() {
        let Some((key, _)) = unique_of(job) else {
            continue;
        };
        if let Some(id) = held.get(&(key.0.to_owned(), key.1, key.2.to_owned())) {
            duplicates.insert(at, Duplicate::OfJob(*id));
        } else if let Some(first) = first.get(&key) {
            duplicates.insert(at, Duplicate::OfEarlier(*first));
        } else {
            first.insert(key, at);
        }
    }
    Ok(duplicates)
}

/// Takes those keys of a sorted chunk that are free, and notes which jobs hold the others.
async fn take(
    conn: &mut PgConnection,
    chunk: &[(Key<'_>, Unique)],
    held: &mut HashMap<(String, Uuid, String), i64>,
) -> Result<(), sqlx::Error> {
    let kinds: Vec<String> = chunk.iter().map(|(k, _)| k.0.to_owned()).collect();
    let tenants: Vec<Uuid> = chunk.iter().map(|(k, _)| k.1).collect();
    let keys: Vec<String> = chunk.iter().map(|(k, _)| k.2.to_owned()).collect();
    let windows: Vec<Option<f64>> = chunk
        .iter()
        .map(|(_, scope)| match scope {
            Unique::For(window) => Some(window.as_secs_f64().min(MAX_SECONDS)),
            Unique::WhilePending | Unique::WhileUnfinished => None,
        })
        .collect();
    // A key whose window has passed is taken over; a key of a transaction that has not ended is waited for.
    let taken = sqlx::query!(
        r#"INSERT INTO queue.unique_keys AS held (kind, tenant, key, job_id, until)
           SELECT w.kind, w.tenant, w.key, 0, now() + make_interval(secs => w.secs)
           FROM unnest($1::text[], $2::uuid[], $3::text[], $4::float8[]) AS w(kind, tenant, key, secs)
           ORDER BY w.kind COLLATE "C", w.tenant, w.key COLLATE "C"
           ON CONFLICT (kind, tenant, key) DO UPDATE SET job_id = 0, until = EXCLUDED.until
               WHERE held.until <= now()
           RETURNING kind, tenant, key"#,
        &kinds,
        &tenants,
        &keys,
        &windows as &[Option<f64>]
    )
    .fetch_all(&mut *conn)
    .await?;
    let taken: HashSet<Key<'_>> = taken
        .iter()
        .map(|row| (row.kind.as_str(), row.tenant, row.key.as_str()))
        .collect();
    let lost: Vec<Key<'_>> = chunk
        .iter()
        .map(|(key, _)| *key)
        .filter(|key| !taken.contains(key))
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    // The statement above has locked these rows, so they are still there.
    let keys: Vec<String> = lost.iter().map(|k| k.2.to_owned()).collect();
    let rows = sqlx::query!(
        "SELECT kind, tenant, key, job_id FROM queue.unique_keys WHERE kind = ANY($1) AND key = ANY($2)",
        &kinds,
        &keys
    )
    .fetch_all(conn)
    .await?;
    let found: HashMap<(String, Uuid, String), i64> = rows
        .into_iter()
        .map(|row| ((row.kind, row.tenant, row.key), row.job_id))
        .collect();
    // The query also finds the same text under another kind or tenant; those keys are not ours.
    for (kind, tenant, key) in lost {
        let key = (kind.to_owned(), tenant, key.to_owned());
        let id = found.get(&key).copied().ok_or(sqlx::Error::RowNotFound)?;
        held.insert(key, id);
    }
    Ok(())
}

/// Tells the keys which jobs hold them.
pub(crate) async fn note_jobs(
    conn: &mut PgConnection,
    by_key: HashMap<Key<'_>, i64>,
) -> Result<(), sqlx::Error> {
    if by_key.is_empty() {
        return Ok(());
    }
    let (keys, ids): (Vec<Key<'_>>, Vec<i64>) = by_key.into_iter().unzip();
    sqlx::query!(
        r#"UPDATE queue.unique_keys k SET job_id = w.id
           FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[]) AS w(kind, tenant, key, id)
           WHERE k.kind = w.kind AND k.tenant = w.tenant AND k.key = w.key"#,
        &keys.iter().map(|k| k.0.to_owned()).collect::<Vec<_>>(),
        &keys.iter().map(|k| k.1).collect::<Vec<_>>(),
        &keys.iter().map(|k| k.2.to_owned()).collect::<Vec<_>>(),
        &ids
    )
    .execute(conn)
    .await?;
    Ok(())
}
