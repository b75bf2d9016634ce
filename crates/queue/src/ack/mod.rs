//! Writing down how runs ended, in batches. Every statement is fenced by the lease number: an ack of a lease that was
//! taken back changes nothing.

mod sequences;
mod simple;

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{batch, rounds::Level};
use sequences::end_sequenced;
pub(crate) use sequences::{leave_sequences, promote};

/// How a run ended, for the table.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Done {
        keep: bool,
    },
    /// After a wait, with the error of this attempt.
    Retry {
        secs: f64,
        error: RunError,
    },
    /// At a time, without counting the attempt.
    Snooze {
        until: DateTime<Utc>,
    },
    /// After a wait, without counting the attempt, but with the reason why this process could not run it.
    Keep {
        secs: f64,
        error: RunError,
    },
    /// Now, without counting the attempt: this process goes away.
    HandBack,
    Dead {
        error: RunError,
    },
    Cancelled,
    /// Done in a transaction of the job's own, which may have left a batch. Should the row still be there, that
    /// transaction was rolled back: as a retry. (One attempt more than there are may be counted this way.)
    Completed {
        secs: f64,
        error: RunError,
        batch: Option<i64>,
    },
    /// Of no job: a batch that was locked when its jobs ended, to be looked at again.
    Settle {
        batch: i64,
    },
}

/// An entry of a job's history.
#[derive(Clone, Debug)]
pub(crate) struct RunError {
    pub class: String,
    pub message: String,
    pub attempt: i16,
}

impl RunError {
    /// More says nothing more, and the row is rewritten with each attempt.
    const LONGEST: usize = 1_000;

    fn entry(&self) -> String {
        // NUL cannot stand in jsonb; the message may quote anything.
        let message: String = self
            .message
            .chars()
            .filter(|c| *c != '\0')
            .take(Self::LONGEST)
            .collect();
        serde_json::json!({
            "attempt": self.attempt,
            "at": Utc::now(),
            "class": self.class,
            "message": message,
        })
        .to_string()
    }
}

/// One run's end.
#[derive(Clone, Debug)]
pub(crate) struct Ack {
    pub id: i64,
    pub lease: i32,
    pub sequence_key: Option<String>,
    pub outcome: Outcome,
}

impl Ack {
    /// Ends the job for good, and so lets the next of its sequence go.
    fn ends(&self) -> bool {
        matches!(
            self.outcome,
            Outcome::Done { .. } | Outcome::Dead { .. } | Outcome::Cancelled
        )
    }

    /// The batch that is to be added up after it, as far as the ack itself knows.
    fn leaves_batch(&self) -> Option<i64> {
        match self.outcome {
            Outcome::Completed { batch, .. } => batch,
            Outcome::Settle { batch } => Some(batch),
            _ => None,
        }
    }

    /// No job has the number 0: it changes none.
    fn settle(batch: i64) -> Self {
        Self {
            id: 0,
            lease: 0,
            sequence_key: None,
            outcome: Outcome::Settle { batch },
        }
    }
}

impl Ack {
    /// For a job that is put back: in how many seconds it may run again.
    fn due_in(&self) -> Option<f64> {
        match &self.outcome {
            Outcome::Retry { secs, .. } | Outcome::Keep { secs, .. } => Some(*secs),
            Outcome::Snooze { until } => Some((*until - Utc::now()).as_seconds_f64().max(0.0)),
            _ => Some(0.0),
        }
    }
}

/// What writing a batch did.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Acks whose sequence is locked by a transaction that has not ended: to be tried again.
    pub held: Vec<Ack>,
    /// Where jobs of sequences became ready.
    pub woken: HashSet<Level>,
    /// When the first of the jobs that were put back falls due, in seconds from now.
    pub due_in: Option<f64>,
}

/// Writes a batch. On an error nothing is lost: the caller tries the batch again, and what was written is fenced.
pub(crate) async fn write(conn: &mut PgConnection, acks: &[Ack]) -> Result<Written, sqlx::Error> {
    let mut left: BTreeSet<i64> = acks.iter().filter_map(Ack::leaves_batch).collect();
    let (ending, again): (Vec<&Ack>, Vec<&Ack>) = acks
        .iter()
        .filter(|ack| !matches!(ack.outcome, Outcome::Settle { .. }))
        .partition(|ack| ack.ends());
    let (sequenced, plain): (Vec<&Ack>, Vec<&Ack>) = ending
        .into_iter()
        .partition(|ack| ack.sequence_key.is_some());
    let mut written = Written::default();
    if !again.is_empty() {
        put_back(&mut *conn, &again).await?;
        written.due_in = again.iter().filter_map(|ack| ack.due_in()).reduce(f64::min);
    }
    if !plain.is_empty() && !simple::end(&mut *conn, &plain).await? {
        let gone = end(&mut *conn, &plain, false).await?;
        left.extend(gone.iter().filter_map(|gone| gone.batch));
    }
    if !sequenced.is_empty() {
        end_sequenced(&mut *conn, &sequenced, &mut left, &mut written).await?;
    }
    if !left.is_empty() {
        let left: Vec<i64> = left.into_iter().collect();
        // The ends are written: an error from here on is not one of the acks.
        let unsettled = batch::settle(&mut *conn, &left)
            .await
            .unwrap_or_else(|error| {
                tracing::warn!(%error, "could not add up batches; trying again");
                left
            });
        written.held.extend(unsettled.into_iter().map(Ack::settle));
    }
    Ok(written)
}

async fn put_back(conn: &mut PgConnection, acks: &[&Ack]) -> Result<(), sqlx::Error> {
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
    // Without an entry the attempt was none, nor was it in a job that is kept: it is given back. The history keeps the
    // last 25 errors, and of the same reason to keep a job only the last.
    sqlx::query!(
        r#"UPDATE queue.jobs j
           SET state = CASE WHEN coalesce(a.due, clock_timestamp() + make_interval(secs => a.secs))
                                 > clock_timestamp() THEN 7 ELSE 0 END,
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
           WHERE j.id = a.id AND j.lease = a.lease AND j.state + 0 = 1"#,
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

/// A job that has left the live table, with what it leaves.
#[derive(Debug)]
pub(crate) struct Gone {
    pub sequence_key: Option<String>,
    pub batch: Option<i64>,
}

/// Takes the jobs out of the live table, in one statement with their records and the counts of their batches. Answers
/// those that leave a sequence or a batch; with `all`, every one that has gone.
pub(crate) async fn end(
    conn: &mut PgConnection,
    acks: &[&Ack],
    all: bool,
) -> Result<Vec<Gone>, sqlx::Error> {
    let ids: Vec<i64> = acks.iter().map(|ack| ack.id).collect();
    let leases: Vec<i32> = acks.iter().map(|ack| ack.lease).collect();
    let mut states: Vec<i16> = Vec::with_capacity(acks.len());
    let mut classes = Vec::with_capacity(acks.len());
    let mut entries = Vec::with_capacity(acks.len());
    for ack in acks {
        let (state, class, entry) = match &ack.outcome {
            Outcome::Dead { error } => (DEAD, Some(error.class.clone()), Some(error.entry())),
            Outcome::Cancelled => (CANCELLED, None, None),
            Outcome::Done { keep: false } => (FORGOTTEN, None, None),
            _ => (DONE, None, None),
        };
        states.push(state);
        classes.push(class);
        entries.push(entry);
    }
    sqlx::query_as!(
        Gone,
        r#"WITH gone AS (
               DELETE FROM queue.jobs j
               USING unnest($1::bigint[], $2::int[], $3::int2[], $4::text[], $5::text[])
                     AS a(id, lease, ending, class, entry)
               WHERE j.id = a.id AND j.lease = a.lease AND j.state + 0 = 1
               RETURNING j.*, a.ending, a.class, a.entry
           ), kept AS (
               INSERT INTO queue.finished (id, enqueued_at, due, claimed_at, finished_at, tenant, state, attempt,
                                           max_attempts, kind, pool, lane, trace, payload, errors)
               SELECT id, enqueued_at, due, claimed_at, clock_timestamp(), tenant, ending, attempt,
                      max_attempts, kind, pool, lane, trace, payload, errors
               FROM gone WHERE ending IN (3, 5)
           ), dead AS (
               INSERT INTO queue.dead (id, enqueued_at, due, claimed_at, tenant, priority, attempt, max_attempts,
                                       kind, pool, lane, sequence_key, error_class, trace, payload, errors, lease, batch)
               SELECT id, enqueued_at, due, claimed_at, tenant, priority, attempt, max_attempts,
                      kind, pool, lane, sequence_key, class, trace, payload, coalesce(errors, '[]') || entry::jsonb,
                      lease, batch
               FROM gone WHERE ending = 4
           ), counted AS (
               INSERT INTO queue.batch_changes (batch, done, dead, cancelled)
               SELECT batch, count(*) FILTER (WHERE ending IN (3, 6)), count(*) FILTER (WHERE ending = 4),
                      count(*) FILTER (WHERE ending = 5)
               FROM gone WHERE batch IS NOT NULL GROUP BY batch
           ), freed AS (
               DELETE FROM queue.unique_keys k USING gone g
               WHERE g.unique_scope < 2 AND k.kind = g.kind AND k.key = g.unique_key AND k.job_id = g.id
                 AND k.tenant = coalesce(g.tenant, '00000000-0000-0000-0000-000000000000')
           )
           SELECT sequence_key, batch FROM gone WHERE $6 OR sequence_key IS NOT NULL OR batch IS NOT NULL"#,
        &ids,
        &leases,
        &states,
        &classes as &[Option<String>],
        &entries as &[Option<String>],
        all
    )
    .fetch_all(conn)
    .await
}

pub(crate) const DONE: i16 = 3;
pub(crate) const DEAD: i16 = 4;
pub(crate) const CANCELLED: i16 = 5;
const FORGOTTEN: i16 = 6;
