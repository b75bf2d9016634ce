//! Writing jobs down, one or many, in the caller's transaction.
//!
//! Everything is one path: a single job is a bulk of one. Rows go in as arrays (UNNEST), in chunks, so that a million
//! jobs cost neither a million round trips nor a statement of unbounded size.

use std::collections::{BTreeMap, HashMap};

use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::{
    JobId, doorbell,
    job::{Job, Pool},
    options::{Due, Options, Unique},
    trace::{self, TraceId},
};

/// The largest payload, in bytes of JSON. Jobs carry ids, not documents.
pub const MAX_PAYLOAD: usize = 256 * 1024;
/// The largest key (unique, sequence, lane), in bytes: they stand in indexes.
pub const MAX_KEY: usize = 512;
/// Rows a statement. Measured: beyond a few thousand nothing is gained but memory.
const CHUNK: usize = 5_000;

/// What an enqueue answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enqueued {
    /// The job, or with `duplicate` the one that holds the unique key.
    pub id: JobId,
    /// True when a job with this unique key was there: nothing was written.
    pub duplicate: bool,
}

/// Why a job was not written down.
#[derive(Debug, thiserror::Error)]
pub enum EnqueueError {
    /// The payload cannot be written as JSON.
    #[error("the payload of {kind} cannot be serialised: {error}")]
    Serialise {
        /// The kind.
        kind: String,
        /// What serde said.
        error: String,
    },
    /// More than [`MAX_PAYLOAD`].
    #[error(
        "the payload of {kind} has {bytes} bytes; at most {MAX_PAYLOAD} are allowed: carry ids, not documents"
    )]
    TooLarge {
        /// The kind.
        kind: String,
        /// Its size.
        bytes: usize,
    },
    /// PostgreSQL's jsonb cannot hold U+0000.
    #[error("the payload of {kind} contains a NUL character, which cannot be stored")]
    Nul {
        /// The kind.
        kind: String,
    },
    /// A key is longer than [`MAX_KEY`] or contains a NUL.
    #[error(
        "the {which} key of {kind} must have 1 to {MAX_KEY} bytes and no NUL character; it has {bytes} bytes"
    )]
    Key {
        /// The kind.
        kind: String,
        /// unique, sequence or lane.
        which: &'static str,
        /// Its size.
        bytes: usize,
    },
    /// No job of this name is registered.
    #[error("there is no job kind {kind:?}; known: {known}")]
    UnknownKind {
        /// What was asked for.
        kind: String,
        /// What there is.
        known: String,
    },
    /// The payload does not parse as this kind.
    #[error("the payload is not one of {kind}: {error}")]
    Payload {
        /// The kind.
        kind: String,
        /// What serde said, with the path.
        error: String,
    },
    /// The database failed; the transaction is aborted.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A job made ready to be written: no database needed so far.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub kind: &'static str,
    pub pool: Pool,
    pub payload: String,
    pub max_attempts: u16,
    pub options: Options,
    pub trace: Option<TraceId>,
}

impl Prepared {
    pub fn new<J: Job>(job: &J, options: Options) -> Result<Self, EnqueueError> {
        let payload = serde_json::to_string(job).map_err(|error| EnqueueError::Serialise {
            kind: J::NAME.into(),
            error: error.to_string(),
        })?;
        Self::checked(Self {
            kind: J::NAME,
            pool: J::POOL,
            payload,
            max_attempts: options.max_attempts.unwrap_or(J::RETRY.max_attempts()),
            trace: options.trace.or_else(trace::current),
            options,
        })
    }

    fn checked(self) -> Result<Self, EnqueueError> {
        let kind = || self.kind.to_owned();
        let bytes = self.payload.len();
        if bytes > MAX_PAYLOAD {
            return Err(EnqueueError::TooLarge {
                kind: kind(),
                bytes,
            });
        }
        // serde_json writes U+0000 as \u0000; a backslash before it is itself escaped, so an odd run of them counts.
        if has_nul_escape(&self.payload) {
            return Err(EnqueueError::Nul { kind: kind() });
        }
        let keys = [
            ("unique", self.options.unique.as_ref().map(|(key, _)| key)),
            ("sequence", self.options.sequence.as_ref()),
            ("lane", self.options.lane.as_ref()),
        ];
        for (which, key) in keys {
            if let Some(key) = key
                && (key.is_empty() || key.len() > MAX_KEY || key.contains('\0'))
            {
                return Err(EnqueueError::Key {
                    kind: kind(),
                    which,
                    bytes: key.len(),
                });
            }
        }
        Ok(self)
    }

    fn lane(&self) -> String {
        match (&self.options.lane, self.options.tenant) {
            (Some(lane), _) => lane.clone(),
            (None, Some(tenant)) => tenant.to_string(),
            (None, None) => String::new(),
        }
    }
}

fn has_nul_escape(json: &str) -> bool {
    json.match_indices("\\u0000").any(|(at, _)| {
        let before = json.as_bytes()[..at]
            .iter()
            .rev()
            .take_while(|b| **b == b'\\')
            .count();
        before % 2 == 0
    })
}

/// Writes many jobs in the caller's transaction, in their order. An empty slice is nothing to do.
///
/// # Errors
/// As [`Job::enqueue`]; the payloads are checked before anything is written.
pub async fn enqueue_all<J: Job>(
    conn: &mut PgConnection,
    jobs: &[J],
) -> Result<Vec<Enqueued>, EnqueueError> {
    let prepared = jobs
        .iter()
        .map(|job| Prepared::new(job, job.options()))
        .collect::<Result<Vec<_>, _>>()?;
    insert(conn, prepared).await
}

/// As [`enqueue_all`], with options given for each.
///
/// # Errors
/// As [`enqueue_all`].
pub async fn enqueue_all_with<J: Job>(
    conn: &mut PgConnection,
    jobs: Vec<(J, Options)>,
) -> Result<Vec<Enqueued>, EnqueueError> {
    let prepared = jobs
        .into_iter()
        .map(|(job, options)| Prepared::new(&job, options))
        .collect::<Result<Vec<_>, _>>()?;
    insert(conn, prepared).await
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    jobs: Vec<Prepared>,
) -> Result<Vec<Enqueued>, EnqueueError> {
    let mut rung: Vec<Pool> = Vec::new();
    for job in &jobs {
        if !rung.contains(&job.pool) {
            rung.push(job.pool);
        }
        metrics::counter!("kazi_queue_enqueued_total", "kind" => job.kind).increment(1);
    }
    let unique = jobs.iter().any(|job| job.options.unique.is_some());
    let answers = if jobs.len() <= CHUNK && !unique {
        insert_chunk(conn, &jobs).await?
    } else {
        // Several statements: all or none of them, also for a caller without a transaction.
        let mut tx = conn.begin().await?;
        let mut answers = Vec::with_capacity(jobs.len());
        for chunk in jobs.chunks(CHUNK) {
            answers.extend(insert_chunk(&mut tx, chunk).await?);
        }
        tx.commit().await?;
        answers
    };
    for pool in rung {
        doorbell::enqueued(pool);
    }
    Ok(answers)
}

/// A unique key as it stands in the table.
type Key<'a> = (&'a str, Uuid, &'a str);

fn unique_of(job: &Prepared) -> Option<(Key<'_>, Unique)> {
    let (key, scope) = job.options.unique.as_ref()?;
    Some((
        (job.kind, job.options.tenant.unwrap_or_default(), key),
        *scope,
    ))
}

/// Takes the unique keys of the chunk; answers, by position, which jobs are duplicates of which job. A duplicate within
/// the chunk points at 0: its job has no number yet.
async fn reserve_unique(
    conn: &mut PgConnection,
    chunk: &[Prepared],
) -> Result<HashMap<usize, i64>, sqlx::Error> {
    // Sorted, so that two transactions which take the same keys wait for each other instead of deadlocking.
    let mut wanted: BTreeMap<Key<'_>, Unique> = BTreeMap::new();
    for job in chunk {
        if let Some((key, scope)) = unique_of(job) {
            wanted.entry(key).or_insert(scope);
        }
    }
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let kinds: Vec<String> = wanted.keys().map(|k| k.0.to_owned()).collect();
    let tenants: Vec<Uuid> = wanted.keys().map(|k| k.1).collect();
    let keys: Vec<String> = wanted.keys().map(|k| k.2.to_owned()).collect();
    let windows: Vec<Option<f64>> = wanted
        .values()
        .map(|scope| match scope {
            Unique::For(window) => Some(window.as_secs_f64().min(MAX_SECONDS)),
            Unique::WhilePending | Unique::WhileUnfinished => None,
        })
        .collect();
    // A key whose window has passed is taken over; a key of a transaction that has not ended is waited for.
    let taken = sqlx::query!(
        r#"INSERT INTO queue.unique_keys AS held (kind, tenant, key, job_id, until)
           SELECT w.kind, w.tenant, w.key, 0, now() + make_interval(secs => w.secs)
           FROM unnest($1::text[], $2::uuid[], $3::text[], $4::float8[]) AS w(kind, tenant, key, secs)
           ORDER BY 1, 2, 3
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
    for row in &taken {
        wanted.remove(&(row.kind.as_str(), row.tenant, row.key.as_str()));
    }
    let mut held: HashMap<(String, Uuid, String), i64> = HashMap::new();
    if !wanted.is_empty() {
        let keys: Vec<String> = wanted.keys().map(|k| k.2.to_owned()).collect();
        let rows = sqlx::query!(
            "SELECT kind, tenant, key, job_id FROM queue.unique_keys WHERE kind = ANY($1) AND key = ANY($2)",
            &kinds,
            &keys
        )
        .fetch_all(conn)
        .await?;
        for row in rows {
            held.insert((row.kind, row.tenant, row.key), row.job_id);
        }
    }
    let mut duplicates = HashMap::new();
    let mut first: HashMap<Key<'_>, usize> = HashMap::new();
    for (at, job) in chunk.iter().enumerate() {
        let Some((key, _)) = unique_of(job) else {
            continue;
        };
        if wanted.contains_key(&key) {
            let owned = (key.0.to_owned(), key.1, key.2.to_owned());
            duplicates.insert(at, held.get(&owned).copied().unwrap_or(0));
        } else if first.insert(key, at).is_some() {
            duplicates.insert(at, 0);
        }
    }
    Ok(duplicates)
}

/// About 300 years: what PostgreSQL's intervals and timestamps hold for sure.
const MAX_SECONDS: f64 = 1e10;

async fn insert_chunk(
    conn: &mut PgConnection,
    chunk: &[Prepared],
) -> Result<Vec<Enqueued>, sqlx::Error> {
    let duplicates = reserve_unique(&mut *conn, chunk).await?;
    let mut answers = Vec::with_capacity(chunk.len());
    let fresh: Vec<&Prepared> = chunk
        .iter()
        .enumerate()
        .filter(|(at, _)| !duplicates.contains_key(at))
        .map(|(_, job)| job)
        .collect();
    let ids = if fresh.is_empty() {
        Vec::new()
    } else {
        insert_rows(&mut *conn, &fresh).await?
    };
    let mut by_key: HashMap<Key<'_>, i64> = HashMap::new();
    for (job, id) in fresh.iter().zip(&ids) {
        if let Some((key, _)) = unique_of(job) {
            by_key.insert(key, *id);
        }
    }
    let mut ids = ids.into_iter();
    for (at, job) in chunk.iter().enumerate() {
        let answer = match duplicates.get(&at) {
            None => Enqueued {
                id: JobId(ids.next().unwrap_or_default()),
                duplicate: false,
            },
            Some(0) => Enqueued {
                id: JobId(
                    unique_of(job)
                        .and_then(|(key, _)| by_key.get(&key).copied())
                        .unwrap_or_default(),
                ),
                duplicate: true,
            },
            Some(held) => Enqueued {
                id: JobId(*held),
                duplicate: true,
            },
        };
        answers.push(answer);
    }
    if !by_key.is_empty() {
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
    }
    Ok(answers)
}

pub(crate) const RUNNING: i16 = 1;
pub(crate) const BLOCKED: i16 = 2;

/// How many jobs of the chunk share this job's sequence, and which of them it is; 0 for none.
fn places(jobs: &[&Prepared]) -> (Vec<i32>, Vec<i32>) {
    let mut seen: HashMap<&str, i32> = HashMap::new();
    let nth: Vec<i32> = jobs
        .iter()
        .map(|job| {
            job.options.sequence.as_deref().map_or(0, |key| {
                let n = seen.entry(key).or_default();
                *n += 1;
                *n
            })
        })
        .collect();
    let together = jobs
        .iter()
        .map(|job| {
            job.options
                .sequence
                .as_deref()
                .map_or(0, |key| seen.get(key).copied().unwrap_or(0))
        })
        .collect();
    (together, nth)
}

/// Writes the rows, and answers their numbers in the order of the jobs.
///
/// For jobs of sequences this locks the sequences' rows until the caller's transaction ends: from there on nobody else
/// enters or leaves them, so the numbers that the jobs get afterwards are in the order of the commits. All in one
/// statement, so that it also holds for a caller without a transaction. The rows are locked in the order of their
/// keys: two transactions that share several wait for each other instead of deadlocking.
async fn insert_rows(conn: &mut PgConnection, jobs: &[&Prepared]) -> Result<Vec<i64>, sqlx::Error> {
    let delays: Vec<f64> = jobs
        .iter()
        .map(|job| match job.options.due {
            Due::In(delay) => delay.as_secs_f64().min(MAX_SECONDS),
            Due::Now | Due::At(_) => 0.0,
        })
        .collect();
    let dues: Vec<_> = jobs
        .iter()
        .map(|job| match job.options.due {
            Due::At(at) => Some(at),
            Due::Now | Due::In(_) => None,
        })
        .collect();
    let (together, nth) = places(jobs);
    // `now()` is the start of the caller's transaction: a job is never due before it was asked for. A due time of the
    // caller's own is kept as it is, also one in the past.
    sqlx::query_scalar!(
        r#"WITH input AS MATERIALIZED (
               SELECT * FROM unnest($1::timestamptz[], $2::float8[], $3::uuid[], $4::int4[], $5::int4[], $6::int2[],
                                    $7::int2[], $8::int2[], $9::bool[], $10::text[], $11::text[], $12::text[],
                                    $13::text[], $14::text[], $15::text[], $16::text[])
                    WITH ORDINALITY
                    AS w(due, delay, tenant, together, nth, priority, max_attempts, unique_scope, sequence_first, kind,
                         pool, lane, unique_key, sequence_key, trace, payload, position)
           ), locked AS (
               INSERT INTO queue.sequences AS s (key, pending)
               SELECT sequence_key, together FROM input WHERE nth = 1 ORDER BY sequence_key
               ON CONFLICT (key) DO UPDATE SET pending = s.pending + EXCLUDED.pending
               RETURNING key, pending
           )
           INSERT INTO queue.jobs (due, tenant, state, priority, max_attempts, unique_scope, sequence_first,
                                   kind, pool, lane, unique_key, sequence_key, trace, payload)
           SELECT coalesce(w.due, now() + make_interval(secs => w.delay)), w.tenant,
                  -- The first one of an empty sequence is ready; whoever comes after it is blocked.
                  CASE WHEN w.nth = 0 OR (w.nth = 1 AND l.pending = w.together) THEN 0 ELSE 2 END,
                  w.priority, w.max_attempts, w.unique_scope, w.sequence_first, w.kind, w.pool, w.lane, w.unique_key,
                  w.sequence_key, w.trace, w.payload::jsonb
           FROM input w LEFT JOIN locked l ON l.key = w.sequence_key
           ORDER BY w.position
           RETURNING id"#,
        &dues as &[Option<chrono::DateTime<chrono::Utc>>],
        &delays,
        &jobs.iter().map(|j| j.options.tenant).collect::<Vec<_>>() as &[Option<Uuid>],
        &together,
        &nth,
        &jobs.iter().map(|j| j.options.priority as i16).collect::<Vec<_>>(),
        &jobs
            .iter()
            .map(|j| i16::try_from(j.max_attempts).unwrap_or(i16::MAX))
            .collect::<Vec<_>>(),
        &jobs
            .iter()
            .map(|j| j.options.unique.as_ref().map(|(_, scope)| scope_code(*scope)))
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
        &jobs
            .iter()
            .map(|j| j.trace.map(|trace| trace.to_string()))
            .collect::<Vec<_>>() as &[Option<String>],
        &jobs.iter().map(|j| j.payload.clone()).collect::<Vec<_>>(),
    )
    .fetch_all(conn)
    .await
}

fn scope_code(scope: Unique) -> i16 {
    match scope {
        Unique::WhilePending => 0,
        Unique::WhileUnfinished => 1,
        Unique::For(_) => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::has_nul_escape;

    #[test]
    fn a_nul_is_seen_and_an_escaped_backslash_is_not_one() {
        assert!(has_nul_escape(&serde_json::to_string("a\0b").unwrap()));
        assert!(!has_nul_escape(
            &serde_json::to_string("a\\u0000b").unwrap()
        ));
        assert!(has_nul_escape(&serde_json::to_string("\\\0").unwrap()));
    }
}
