//! Unique keys: taken before the rows are written, and told the number of their job afterwards.

use std::collections::{BTreeMap, HashMap, HashSet};

use sqlx::PgConnection;
use uuid::Uuid;

use super::{CHUNK, Prepared, rows::MAX_SECONDS};
use crate::options::Unique;

/// A unique key as it stands in the table.
pub(super) type Key<'a> = (&'a str, Uuid, &'a str);

pub(super) fn unique_of(job: &Prepared) -> Option<(Key<'_>, Unique)> {
    let (key, scope) = job.options.unique.as_ref()?;
    Some((
        (job.kind, job.options.tenant.unwrap_or_default(), key),
        *scope,
    ))
}

/// Takes the unique keys of the jobs; answers, by position, which jobs are duplicates of which job. A duplicate within
/// the jobs points at 0: its job has no number yet.
pub(super) async fn reserve(
    conn: &mut PgConnection,
    jobs: &[Prepared],
) -> Result<HashMap<usize, i64>, sqlx::Error> {
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
            duplicates.insert(at, *id);
        } else if first.insert(key, at).is_some() {
            duplicates.insert(at, 0);
        }
    }
    Ok(duplicates)
}

/// Takes what is free of a sorted chunk of keys, and notes who holds the others.
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
    // Without a row it was freed since: still a duplicate, of a job that is not known any more.
    held.extend(
        lost.iter()
            .map(|k| ((k.0.to_owned(), k.1, k.2.to_owned()), 0)),
    );
    let keys: Vec<String> = lost.iter().map(|k| k.2.to_owned()).collect();
    let rows = sqlx::query!(
        "SELECT kind, tenant, key, job_id FROM queue.unique_keys WHERE kind = ANY($1) AND key = ANY($2)",
        &kinds,
        &keys
    )
    .fetch_all(conn)
    .await?;
    for row in rows {
        // Others of the same text, of another tenant or kind, are none of ours.
        held.entry((row.kind, row.tenant, row.key))
            .and_modify(|id| *id = row.job_id);
    }
    Ok(())
}

/// Tells the keys which jobs hold them.
pub(super) async fn note_jobs(
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

/// As stored.
pub(super) const fn scope_code(scope: Unique) -> i16 {
    match scope {
        Unique::WhilePending => 0,
        Unique::WhileUnfinished => 1,
        Unique::For(_) => 2,
    }
}
