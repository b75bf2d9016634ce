//! Sequences: their locks, and the next job of each.

use std::collections::{BTreeMap, HashMap, HashSet};

use sqlx::{Connection, PgConnection};

use super::end::{Gone, end};
use crate::types::{Ack, Level, sql};

/// What ending jobs of sequences did.
pub(crate) struct Ended {
    /// Acks whose sequence is locked by an open transaction.
    pub held: Vec<Ack>,
    /// Batches that the jobs have left.
    pub batches: Vec<i64>,
    /// Where the next jobs became ready.
    pub woken: HashSet<Level>,
}

/// Ends jobs of sequences and makes the next ones ready. If an enqueueing transaction has locked a sequence, its acks
/// are held for later. So one slow caller does not delay the acks of all others.
pub(crate) async fn end_sequenced(
    conn: &mut PgConnection,
    acks: &[&Ack],
) -> Result<Ended, sqlx::Error> {
    let mut tx = conn.begin().await?;
    let mut keys: Vec<String> = acks
        .iter()
        .filter_map(|ack| ack.sequence_key.clone())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let locked: HashSet<String> = sqlx::query_scalar!(
        "SELECT key FROM queue.sequences WHERE key = ANY($1) ORDER BY key FOR UPDATE SKIP LOCKED",
        &keys
    )
    .fetch_all(&mut *tx)
    .await?
    .into_iter()
    .collect();
    // A missing key was deleted after its last job ended. Then this ack was written before and only its answer was
    // lost; there is nothing to wait for.
    let there: HashSet<String> =
        sqlx::query_scalar!("SELECT key FROM queue.sequences WHERE key = ANY($1)", &keys)
            .fetch_all(&mut *tx)
            .await?
            .into_iter()
            .collect();
    let (held, mine): (Vec<&Ack>, Vec<&Ack>) = acks.iter().partition(|ack| {
        let key = ack.sequence_key.as_ref();
        key.is_some_and(|key| there.contains(key) && !locked.contains(key))
    });
    let gone = end(&mut tx, &mine, false).await?;
    let batches = gone.iter().filter_map(|gone| gone.batch).collect();
    let woken = promote(&mut tx, sequences(gone)).await?;
    tx.commit().await?;
    Ok(Ended {
        held: held.into_iter().cloned().collect(),
        batches,
        woken,
    })
}

/// Ends jobs whose sequences the transaction has locked, and makes the next job of each sequence ready.
pub(crate) async fn leave_sequences(
    conn: &mut PgConnection,
    acks: &[&Ack],
) -> Result<HashSet<Level>, sqlx::Error> {
    let gone = end(&mut *conn, acks, false).await?;
    promote(conn, sequences(gone)).await
}

fn sequences(gone: Vec<Gone>) -> Vec<String> {
    gone.into_iter()
        .filter_map(|gone| gone.sequence_key)
        .collect()
}

/// Counts jobs out of locked sequences, and makes the next jobs ready.
pub(crate) async fn promote(
    conn: &mut PgConnection,
    left: Vec<String>,
) -> Result<HashSet<Level>, sqlx::Error> {
    if left.is_empty() {
        return Ok(HashSet::new());
    }
    let mut counts: HashMap<String, i32> = HashMap::new();
    for key in left {
        *counts.entry(key).or_default() += 1;
    }
    let counts: BTreeMap<String, i32> = counts.into_iter().collect();
    let (keys, counts): (Vec<String>, Vec<i32>) = counts.into_iter().unzip();
    let waiting = sqlx::query_scalar!(
        r#"UPDATE queue.sequences s SET pending = s.pending - w.n
           FROM unnest($1::text[], $2::int[]) AS w(key, n) WHERE s.key = w.key
           RETURNING CASE WHEN s.pending > 0 THEN s.key END"#,
        &keys,
        &counts
    )
    .fetch_all(&mut *conn)
    .await?;
    let waiting: Vec<String> = waiting.into_iter().flatten().collect();
    if waiting.is_empty() {
        return Ok(HashSet::new());
    }
    // This statement begins after the locks, so it sees the jobs of a transaction that we waited for. The due time is
    // not before now, as for every job that becomes ready.
    let woken = sql!(query_as<Level>,
        r#"UPDATE queue.jobs j
           SET state = CASE WHEN j.due > clock_timestamp() THEN "# Scheduled r#" ELSE "# Ready r#" END, due = greatest(j.due, clock_timestamp())
           FROM unnest($1::text[]) AS w(key)
           CROSS JOIN LATERAL (
               SELECT b.id FROM queue.jobs b WHERE b.sequence_key = w.key AND b.state = "# Blocked r#"
               ORDER BY b.sequence_first DESC, b.id LIMIT 1
           ) next
           WHERE j.id = next.id
           RETURNING j.pool, j.lane, j.priority"#,
        &waiting
    )
    .fetch_all(conn)
    .await?;
    Ok(woken.into_iter().collect())
}

/// Counts jobs out of sequences whose rows are locked. Their heads still run or wait, so nothing becomes ready.
pub(crate) async fn count_out(
    conn: &mut PgConnection,
    keys: &[String],
    counts: &[i32],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE queue.sequences s SET pending = s.pending - w.n
         FROM unnest($1::text[], $2::int[]) AS w(key, n) WHERE s.key = w.key",
        keys,
        counts
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Locks one sequence until the transaction ends.
pub(crate) async fn lock(conn: &mut PgConnection, key: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "SELECT key FROM queue.sequences WHERE key = $1 FOR UPDATE",
        key
    )
    .fetch_optional(conn)
    .await?;
    Ok(())
}
