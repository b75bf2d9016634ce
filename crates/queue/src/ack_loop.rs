//! Gathers acks and writes them in batches. An ack in hand is never given up: it is tried until the database takes it.

use std::{collections::HashSet, sync::Arc, time::Duration};

use tokio::sync::{Notify, mpsc};

use crate::{
    ack::{self, Ack, Outcome, RunError, Written},
    connection::Own,
    doorbell,
    engine::Shared,
};

const BATCH: usize = 1_000;
/// How long to leave an ack alone whose sequence is locked by a transaction of somebody who enqueues.
const HELD: Duration = Duration::from_millis(3);

/// Runs until `closing` is notified and everything in hand is written.
pub(crate) async fn run(
    shared: Arc<Shared>,
    mut queue: mpsc::UnboundedReceiver<Ack>,
    closing: Arc<Notify>,
) {
    let mut own = Own::new(&shared.db);
    let mut held: Vec<Ack> = Vec::new();
    let mut closed = false;
    loop {
        let mut batch = std::mem::take(&mut held);
        let patience = if batch.is_empty() {
            Duration::MAX
        } else {
            HELD
        };
        if !closed {
            tokio::select! {
                first = queue.recv() => match first {
                    Some(first) => batch.push(first),
                    None => closed = true,
                },
                () = closing.notified() => closed = true,
                () = tokio::time::sleep(patience) => {}
            }
        } else if !batch.is_empty() {
            tokio::time::sleep(HELD).await;
        }
        while batch.len() < BATCH {
            match queue.try_recv() {
                Ok(ack) => batch.push(ack),
                Err(_) => break,
            }
        }
        if batch.is_empty() {
            if closed {
                return;
            }
            continue;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "a batch has at most a thousand acks"
        )]
        metrics::histogram!("kazi_queue_ack_batch_size").record(batch.len() as f64);
        held = write(&shared, &mut own, batch).await;
    }
}

/// Writes a batch, however long the database is away. What was written before an error is fenced by its lease number,
/// so writing it again changes nothing.
async fn write(shared: &Shared, own: &mut Own, batch: Vec<Ack>) -> Vec<Ack> {
    let mut failures = 0;
    loop {
        match write_once(own, &batch).await {
            Ok(written) => {
                if !written.woken.is_empty() {
                    // Heard by our own fetcher, and carried to the other processes: they may serve these pools.
                    doorbell::ready(written.woken);
                }
                if let Some(secs) = written.due_in {
                    shared.wake.in_secs(secs);
                }
                let held: HashSet<i64> = written.held.iter().map(|ack| ack.id).collect();
                let ended = batch.iter().filter(|ack| !held.contains(&ack.id));
                shared.let_go(ended.map(|ack| (ack.id, ack.lease)));
                return written.held;
            }
            Err(error) if is_data(&error) => {
                // One ack that the database cannot hold must not keep the others from it for ever.
                tracing::error!(%error, acks = batch.len(), "the database refuses these acks: writing them one by one");
                return one_by_one(own, batch).await;
            }
            Err(error) => {
                failures += 1;
                let wait = crate::backoff(failures);
                tracing::warn!(%error, acks = batch.len(), retry_in_ms = wait.as_millis(), "could not write acks");
                metrics::counter!("kazi_queue_database_errors_total", "part" => "ack").increment(1);
                tokio::time::sleep(wait).await;
            }
        }
    }
}

async fn write_once(own: &mut Own, acks: &[Ack]) -> Result<Written, sqlx::Error> {
    let result = match own.get().await {
        Ok(conn) => ack::write(conn, acks).await,
        Err(error) => Err(error),
    };
    if result.is_err() {
        own.lose();
    }
    result
}

/// A value that PostgreSQL cannot hold (class 22), or that is beyond its limits (54).
fn is_data(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code.starts_with("22") || code.starts_with("54"))
}

/// Writes acks apart. One that is refused becomes a failed attempt with nothing special in it.
async fn one_by_one(own: &mut Own, batch: Vec<Ack>) -> Vec<Ack> {
    let mut held = Vec::new();
    for mut ack in batch {
        if write_once(own, std::slice::from_ref(&ack))
            .await
            .is_err_and(|error| is_data(&error))
        {
            ack.outcome = Outcome::Retry {
                secs: 60.0,
                error: RunError {
                    class: "ack".into(),
                    message: "the database could not store how this run ended".into(),
                    attempt: 0,
                },
            };
        }
        // Written or not, once more by the usual way: an ack of an older lease changes nothing.
        held.push(ack);
    }
    held
}
