//! Ends of jobs that belong to sequences: the next of each is let go.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use sqlx::{Connection, PgConnection};

use super::{Ack, Gone, Written, end};
use crate::rounds::Level;

/// Ends jobs of sequences and lets the next ones go. A sequence whose row is locked (somebody is enqueueing into it)
/// is left for later, so that one slow transaction of a caller does not hold up everybody's acks.
pub(super) async fn end_sequenced(
    conn: &mut PgConnection,
    acks: &[&Ack],
    left: &mut BTreeSet<i64>,
    written: &mut Written,
) -> Result<(), sqlx::Error> {
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
    // A key that is not there any more was swept when its last job had ended: then this is an ack that was written
    // before and whose answer was lost. It changes nothing, and there is nothing to wait for.
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
    left.extend(gone.iter().filter_map(|gone| gone.batch));
    let woken = promote(&mut tx, sequences(gone)).await?;
    tx.commit().await?;
    written.held = held.into_iter().cloned().collect();
    written.woken = woken;
    Ok(())
}

/// Ends jobs whose sequence rows the transaction has locked, and makes the next of each sequence ready.
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

/// Counts jobs out of sequences whose rows are locked, and makes the next ones ready.
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
    // A statement of its own: its snapshot is taken after the locks, so it sees the jobs of the transaction that we
    // may have waited for. Due not before now, as for any job that becomes ready.
    let woken = sqlx::query_as!(
        Level,
        r#"UPDATE queue.jobs j
           SET state = CASE WHEN j.due > clock_timestamp() THEN 7 ELSE 0 END, due = greatest(j.due, clock_timestamp())
           FROM unnest($1::text[]) AS w(key)
           CROSS JOIN LATERAL (
               SELECT b.id FROM queue.jobs b WHERE b.sequence_key = w.key AND b.state = 2
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
