//! The proof. Each promise is a query that finds violations; its result must be empty. The rows that it finds are the
//! evidence.

use std::collections::BTreeSet;

use serde::Serialize;
use sqlx::{AssertSqlSafe, PgPool, Row};

/// A promise, and the violations that were found.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// The promise.
    pub promise: &'static str,
    /// The number of violations. At most [`MOST`] are looked for.
    pub violations: usize,
    /// The first few violations.
    pub evidence: Vec<String>,
}

impl Finding {
    /// Makes a finding from all violations.
    pub fn new(promise: &'static str, mut against: Vec<String>) -> Self {
        let violations = against.len();
        against.truncate(SHOWN);
        Self {
            promise,
            violations,
            evidence: against,
        }
    }
}

/// How many violations of one promise are looked for.
const MOST: usize = 1_000;
const SHOWN: usize = 5;

/// The facts for the queries: the intents in the order of their commits, and all ends. PostgreSQL tells that order, not
/// the numbers of the queue.
const FACTS: &str = "
    CREATE TABLE chaos.facts AS
        SELECT i.*, pg_xact_commit_timestamp(i.xmin) AS committed_at FROM chaos.intents i;
    CREATE TABLE chaos.ends AS
        SELECT id, state, attempt, max_attempts, finished_at, NULL::text AS class, errors,
               (payload->>'n')::bigint AS n
        FROM queue.finished
        UNION ALL
        SELECT id, 4, attempt, max_attempts, finished_at, error_class, errors, (payload->>'n')::bigint FROM queue.dead;
    CREATE TABLE chaos.jobs AS
        SELECT f.*, e.state, e.attempt, e.max_attempts, e.finished_at, e.class, e.errors,
               r.first_run, x.first_effect, x.last_effect, coalesce(x.effects, 0) AS effects
        FROM chaos.facts f
        LEFT JOIN chaos.ends e ON e.id = f.job
        LEFT JOIN (SELECT n, min(started_at) AS first_run FROM chaos.runs GROUP BY n) r ON r.n = f.n
        LEFT JOIN (SELECT n, min(started_at) AS first_effect, max(ended_at) AS last_effect, count(*) AS effects
                   FROM chaos.effects GROUP BY n) x ON x.n = f.n
        WHERE NOT f.duplicate;
    CREATE TABLE chaos.asked (process integer);
    ANALYZE chaos.facts, chaos.ends, chaos.jobs, chaos.runs, chaos.effects";

/// Each promise and its query.
const QUESTIONS: [(&str, &str); 25] = [
    (
        "every committed job is there: done, dead or left, never gone",
        "SELECT format('job %s (n %s, %s) has no row anywhere', job, n, act) FROM chaos.jobs j
         WHERE state IS NULL AND NOT EXISTS (SELECT FROM queue.jobs q WHERE q.id = j.job)",
    ),
    (
        "nothing is left ready, running or blocked",
        "SELECT format('job %s (%s) is left in state %s, attempt %s of %s, lease %s, due %s, claimed %s, owner %s (%s), sequence %s, errors %s',
                       q.id, q.payload, q.state, q.attempt, q.max_attempts, q.lease, q.due, q.claimed_at, q.owner,
                       CASE WHEN q.owner IS NULL THEN 'none' WHEN p.id IS NULL THEN 'no such process' ELSE 'lives' END,
                       q.sequence_key, q.errors->-1)
         FROM queue.jobs q LEFT JOIN queue.processes p ON p.id = q.owner ORDER BY q.state <> 1, q.id",
    ),
    (
        "no job ends twice",
        "SELECT format('job %s ended %s times', id, count(*)) FROM chaos.ends GROUP BY id HAVING count(*) > 1",
    ),
    (
        "what was rolled back never runs and leaves nothing",
        "SELECT format('n %s ran as job %s and was never committed', r.n, r.job) FROM chaos.runs r
         WHERE NOT EXISTS (SELECT FROM chaos.facts f WHERE f.n = r.n AND f.job = r.job AND NOT f.duplicate)
         UNION ALL
         SELECT format('job %s (n %s) ended and was never committed', e.id, e.n) FROM chaos.ends e
         WHERE NOT EXISTS (SELECT FROM chaos.facts f WHERE f.n = e.n AND f.job = e.id AND NOT f.duplicate)",
    ),
    (
        "no run starts before its job's commit or its time",
        "SELECT format('job %s (n %s) ran at %s; committed at %s, delay %s ms from %s',
                       job, n, first_run, committed_at, delay_ms, asked_at)
         FROM chaos.jobs WHERE first_run < committed_at OR first_run < asked_at + delay_ms * interval '1 ms'",
    ),
    (
        "jobs that can end well do: none is a dead letter",
        "SELECT format('job %s (n %s, %s) ended in state %s after %s attempts, class %s, errors %s',
                       job, n, act, state, attempt, class, errors)
         FROM chaos.jobs WHERE act IN ('plain', 'fail', 'panic', 'snooze', 'once') AND state <> 3",
    ),
    (
        "a done job has left the effect of the attempt that ended it, a dead one none",
        "SELECT format('job %s (n %s, %s) ended in state %s in attempt %s, with effects of the attempts %s',
                       job, n, act, state, attempt,
                       (SELECT array_agg(run_attempt) FROM chaos.effects e WHERE e.n = j.n))
         FROM chaos.jobs j
         WHERE state = 3 AND NOT EXISTS (SELECT FROM chaos.effects e WHERE e.n = j.n AND e.run_attempt = j.attempt)
            OR state = 4 AND effects > 0",
    ),
    (
        "an effect that commits together with its job's end is there once",
        "SELECT format('job %s (n %s, %s) ended in state %s with %s effects', job, n, act, state, effects)
         FROM chaos.jobs WHERE completes AND state = 3 AND effects <> 1",
    ),
    (
        "an effect outside of the database, fenced by once, is recorded once",
        "SELECT format('job %s (n %s) ended in state %s and was sent %s times: %s', job, n, state,
                       (SELECT count(*) FROM chaos.sent s WHERE s.n = j.n),
                       (SELECT array_agg(format('attempt %s in process %s at %s', run_attempt, process, at) ORDER BY at)
                        FROM chaos.sent s WHERE s.n = j.n))
         FROM chaos.jobs j WHERE act = 'once' AND (SELECT count(*) FROM chaos.sent s WHERE s.n = j.n) <> 1",
    ),
    (
        "the ledger of effects has each of them done, and every run is told the same answer",
        "SELECT format('n %s: the provider took it in as %s, the ledger says %s in state %s, a run was told %s',
                       s.n, s.sent, e.answer, e.state, a.sent)
         FROM chaos.sent s
         LEFT JOIN queue.effects e ON e.key = 'send:' || s.n
         LEFT JOIN chaos.answers a ON a.n = s.n
         WHERE e.state IS DISTINCT FROM 1 OR e.answer::text::bigint IS DISTINCT FROM s.sent OR a.sent IS DISTINCT FROM s.sent",
    ),
    (
        "hopeless and poison jobs are dead letters with every attempt counted",
        "SELECT format('job %s (n %s, %s) ended in state %s with %s of %s attempts, class %s',
                       job, n, act, state, attempt, max_attempts, class)
         FROM chaos.jobs WHERE act IN ('hopeless', 'poison', 'discard')
           AND (state <> 4 OR act <> 'discard' AND attempt <> max_attempts
                OR act = 'discard' AND class <> 'discarded')",
    ),
    (
        "poison dies as lost, its last error tells the last attempt",
        "SELECT format('job %s (n %s, %s) died of class %s, attempt %s, errors %s', job, n, act, class, attempt, errors)
         FROM chaos.jobs WHERE state = 4
           AND ((errors->-1->>'attempt')::int IS DISTINCT FROM attempt OR act = 'poison' AND class NOT IN ('lost', 'database'))",
    ),
    (
        "no run has an attempt beyond those that are counted",
        "SELECT format('job %s (n %s, %s) has a run of attempt %s, and ended with %s of %s',
                       j.job, j.n, j.act, r.attempt, j.attempt, j.max_attempts)
         FROM chaos.jobs j JOIN chaos.runs r ON r.n = j.n
         WHERE j.act NOT IN ('snooze', 'once') AND r.attempt > least(j.attempt, j.max_attempts)",
    ),
    (
        "an attempt runs once, unless a worker that ended in order gave it back",
        "SELECT format('job %s (n %s, %s): attempt %s ran in process %s at %s and in process %s at %s',
                       a.job, a.n, j.act, a.attempt, a.process, a.started_at, b.process, b.started_at)
         FROM chaos.runs a JOIN chaos.runs b ON b.n = a.n AND b.attempt = a.attempt AND b.run > a.run
         JOIN chaos.jobs j ON j.n = a.n
         WHERE j.act NOT IN ('snooze', 'once') AND a.process NOT IN (SELECT process FROM chaos.asked)",
    ),
    (
        "two runs of one job never take effect at the same time",
        "SELECT format('n %s: attempt %s (%s to %s) and attempt %s (%s to %s)', a.n, a.run_attempt, a.started_at,
                       a.ended_at, b.run_attempt, b.started_at, b.ended_at)
         FROM chaos.effects a JOIN chaos.effects b
           ON a.n = b.n AND a.ctid < b.ctid AND a.started_at < b.ended_at AND b.started_at < a.ended_at",
    ),
    (
        "no effect begins after its job's end",
        "SELECT format('job %s (n %s) ended at %s, and attempt %s began at %s', j.job, j.n, j.finished_at,
                       e.run_attempt, e.started_at)
         FROM chaos.jobs j JOIN chaos.effects e ON e.n = j.n WHERE e.started_at > j.finished_at",
    ),
    (
        "the effects of a sequence are in the order of the commits, one at a time",
        "SELECT format('sequence %s: n %s began at %s, before the effect of an earlier job at %s',
                       sequence_key, n, first_effect, earlier)
         FROM (SELECT *, max(last_effect) OVER (PARTITION BY sequence_key ORDER BY committed_at, place
                                                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier
               FROM chaos.jobs WHERE sequence_key IS NOT NULL) ordered
         WHERE first_effect < earlier",
    ),
    (
        "no job of a sequence starts before all earlier ones have ended, well or not",
        "SELECT format('sequence %s: n %s (job %s, committed %s) began at %s, before the end of an earlier job at %s',
                       sequence_key, n, job, committed_at, first_run, earlier)
         FROM (SELECT *, max(finished_at) OVER (PARTITION BY sequence_key ORDER BY committed_at, place
                                                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier
               FROM chaos.jobs WHERE sequence_key IS NOT NULL) ordered
         WHERE first_run < earlier",
    ),
    (
        "no lane is over its rate: burst + rate × window, in every window",
        "SELECT format('lane %s: %s jobs above its %s/s and burst %s at %s (job %s)', lane, above, rate, burst,
                       decided_at, job)
         FROM (SELECT f.*, f - min(f) OVER (PARTITION BY pool, lane ORDER BY decided_at, job
                                            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) + 1 - burst AS above
               FROM (SELECT c.*, l.rate, l.burst,
                            row_number() OVER (PARTITION BY c.pool, c.lane ORDER BY c.decided_at, c.job)
                            - l.rate * extract(epoch FROM c.decided_at - (SELECT min(decided_at) FROM chaos.claims))::float8 AS f
                     FROM chaos.claims c JOIN queue.lanes l USING (pool, lane) WHERE l.rate IS NOT NULL) f) windows
         WHERE above > 0.001",
    ),
    (
        "no lane has more jobs under lease at once than it may",
        "SELECT format('lane %s: %s at once of at most %s at %s (job %s)', lane, running, max_running, at, job)
         FROM (SELECT e.*, l.max_running, sum(step) OVER (PARTITION BY pool, lane ORDER BY at, step) AS running
               FROM (SELECT job, pool, lane, began_at AS at, 1 AS step FROM chaos.claims
                     UNION ALL
                     SELECT job, pool, lane, ended_at, -1 FROM chaos.claims WHERE ended_at IS NOT NULL) e
               JOIN queue.lanes l USING (pool, lane)) counted
         WHERE running > max_running",
    ),
    (
        "a run in a lane with limits has a claim that was counted",
        "SELECT format('job %s (n %s) in lane %s: attempt %s ran at %s without a claim', r.job, r.n, j.lane, r.attempt,
                       r.started_at)
         FROM chaos.runs r JOIN chaos.jobs j ON j.n = r.n
         WHERE j.lane IS NOT NULL AND NOT EXISTS (
             SELECT FROM chaos.claims c
             WHERE c.job = r.job AND c.attempt = r.attempt AND c.began_at <= r.started_at)",
    ),
    (
        "a unique key has one job at a time, one in all within its window",
        "SELECT format('%s key %s of %s: %s jobs: %s', unique_scope, unique_key, kind, count(*), array_agg(job))
         FROM chaos.jobs WHERE unique_scope = 'window' GROUP BY unique_scope, unique_key, kind HAVING count(*) > 1
         UNION ALL
         SELECT format('unfinished key %s of %s: job %s began at %s, before the end of the one before it at %s',
                       unique_key, kind, job, first_run, earlier)
         FROM (SELECT *, max(finished_at) OVER (PARTITION BY kind, unique_key ORDER BY committed_at, place
                                                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier
               FROM chaos.jobs WHERE unique_scope = 'unfinished') ordered
         WHERE first_run < earlier",
    ),
    (
        "a duplicate names the job that holds its key",
        "SELECT format('n %s (key %s of %s, committed %s) is said to be a duplicate of job %s, which %s',
                       f.n, f.unique_key, f.kind, f.committed_at, f.job,
                       coalesce('ended at ' || j.finished_at, 'does not exist'))
         FROM chaos.facts f LEFT JOIN chaos.jobs j ON j.job = f.job AND j.unique_key = f.unique_key AND j.kind = f.kind
         WHERE f.duplicate
           AND (j.job IS NULL OR f.unique_scope = 'unfinished' AND j.finished_at < f.asked_at - interval '5 s')",
    ),
    (
        "what the database has acknowledged can be seen by everybody from then on",
        "SELECT format('run %s of n %s in process %s was written, and at %s it could not be seen', run, n, process, at)
         FROM chaos.unseen",
    ),
    (
        "no counter of a sequence, no unique key and no process is left over",
        "SELECT format('sequence %s has pending = %s', key, pending) FROM queue.sequences WHERE pending <> 0
         UNION ALL
         SELECT format('the unique key %s of %s is held by job %s', key, kind, job_id) FROM queue.unique_keys
         WHERE until IS NULL
         UNION ALL
         SELECT format('process %s (pid %s, last beat %s)', id, pid, beat_at) FROM queue.processes",
    ),
];

/// Runs all queries. `asked` are the workers that were asked to end.
pub async fn findings(db: &PgPool, asked: &BTreeSet<i32>) -> Result<Vec<Finding>, sqlx::Error> {
    sqlx::raw_sql(FACTS).execute(db).await?;
    sqlx::query("INSERT INTO chaos.asked SELECT unnest($1::int[])")
        .bind(asked.iter().copied().collect::<Vec<_>>())
        .execute(db)
        .await?;
    let mut findings = Vec::new();
    for (promise, question) in QUESTIONS {
        // The text is a constant of this file with a limit.
        let rows = sqlx::query(AssertSqlSafe(format!("{question} LIMIT {MOST}")))
            .fetch_all(db)
            .await?;
        let against = rows
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<Vec<String>, _>>()?;
        findings.push(Finding::new(promise, against));
    }
    Ok(findings)
}

/// The jobs of one behaviour.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub struct Tally {
    /// [`crate::work::Act::name`], or `all`.
    pub act: String,
    /// Committed jobs, without duplicates.
    pub jobs: i64,
    /// How many of them ended well.
    pub done: i64,
    /// How many of them are dead letters.
    pub dead: i64,
    /// How many of them are in a sequence.
    pub sequenced: i64,
    /// Jobs that were not written because their key was taken.
    pub duplicates: i64,
    /// Runs that began.
    pub runs: i64,
    /// Effects in the database.
    pub effects: i64,
    /// Effects that a second run left, because the first could not tell that it was done.
    pub repeated: i64,
    /// Effects that the fence refused.
    pub refused: i64,
}

/// What happened, by behaviour. The last row is the total.
pub async fn tallies(db: &PgPool) -> Result<Vec<Tally>, sqlx::Error> {
    sqlx::query_as(
        "SELECT coalesce(f.act, 'all') AS act,
                count(*) FILTER (WHERE NOT f.duplicate) AS jobs,
                count(*) FILTER (WHERE j.state = 3) AS done,
                count(*) FILTER (WHERE j.state = 4) AS dead,
                count(*) FILTER (WHERE NOT f.duplicate AND f.sequence_key IS NOT NULL) AS sequenced,
                count(*) FILTER (WHERE f.duplicate) AS duplicates,
                coalesce(sum(r.runs), 0)::bigint AS runs,
                coalesce(sum(j.effects), 0)::bigint AS effects,
                coalesce(sum(greatest(j.effects - 1, 0)), 0)::bigint AS repeated,
                coalesce(sum(x.refused), 0)::bigint AS refused
         FROM chaos.facts f
         LEFT JOIN chaos.jobs j ON j.n = f.n
         LEFT JOIN (SELECT n, count(*) AS runs FROM chaos.runs GROUP BY n) r ON r.n = f.n
         LEFT JOIN (SELECT n, count(*) AS refused FROM chaos.refused GROUP BY n) x ON x.n = f.n
         GROUP BY ROLLUP (f.act) ORDER BY f.act NULLS LAST",
    )
    .fetch_all(db)
    .await
}
