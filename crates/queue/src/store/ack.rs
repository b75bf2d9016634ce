//! Writes down how runs ended, in batches of acks.
//!
//! Every statement compares the lease number: an ack of a lease that was taken back changes nothing.

use std::collections::{BTreeSet, HashSet};

use sqlx::PgConnection;

use super::{batch, end, put_back, sequences};
use crate::types::{Ack, Level};

/// What writing acks did.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Acks whose sequence is locked by an open transaction. The caller writes them again.
    pub held: Vec<Ack>,
    /// Batches that are locked by an open transaction. The caller adds them up again.
    pub unsettled: Vec<i64>,
    /// Where jobs became ready.
    pub woken: HashSet<Level>,
    /// Seconds until the first of the jobs that were put back is due.
    pub due_in_secs: Option<f64>,
}

/// Writes acks, and adds up the batches that they leave together with `unsettled` ones of an earlier call.
///
/// On an error nothing is lost: the caller writes the same acks again, and those that were written change nothing then.
pub(crate) async fn write(
    conn: &mut PgConnection,
    acks: &[Ack],
    unsettled: &[i64],
) -> Result<Written, sqlx::Error> {
    let mut left: BTreeSet<i64> = unsettled.iter().copied().collect();
    left.extend(acks.iter().filter_map(Ack::leaves_batch));
    let (ending, again): (Vec<&Ack>, Vec<&Ack>) = acks.iter().partition(|ack| ack.ends());
    let (sequenced, plain): (Vec<&Ack>, Vec<&Ack>) = ending
        .into_iter()
        .partition(|ack| ack.sequence_key.is_some());
    let mut written = Written::default();
    if !again.is_empty() {
        put_back::put_back(&mut *conn, &again).await?;
        written.due_in_secs = again.iter().map(|ack| ack.due_in_secs()).reduce(f64::min);
    }
    if !plain.is_empty() && !end::end_simple(&mut *conn, &plain).await? {
        let gone = end::end(&mut *conn, &plain, false).await?;
        left.extend(gone.iter().filter_map(|gone| gone.batch));
    }
    if !sequenced.is_empty() {
        let ended = sequences::end_sequenced(&mut *conn, &sequenced).await?;
        left.extend(ended.batches);
        written.held = ended.held;
        written.woken = ended.woken;
    }
    if !left.is_empty() {
        let left: Vec<i64> = left.into_iter().collect();
        match batch::settle(&mut *conn, &left).await {
            Ok(settled) => {
                written.unsettled = settled.locked;
                written.woken.extend(settled.woken);
            }
            Err(error) => {
                // The acks themselves are written: this error is not one of theirs.
                tracing::warn!(%error, "could not add up batches; trying again");
                written.unsettled = left;
            }
        }
    }
    Ok(written)
}
