//! Gathers acks and writes them in batches. The loop keeps an ack until the database has taken it.

use std::{collections::HashSet, sync::Arc, time::Duration};

use tokio::sync::{Notify, mpsc};

use super::{connection::Own, shared::Shared};
use crate::{
    bells,
    store::ack::{self, Written},
    types::{Ack, Outcome, RunError, backoff},
};

const MAX_BATCH: usize = 1_000;
/// How long to leave an ack alone whose sequence or batch an enqueueing transaction has locked.
const HELD: Duration = Duration::from_millis(3);

/// What is still to be written.
#[derive(Default)]
struct Open {
    acks: Vec<Ack>,
    /// Batches to be added up.
    batches: Vec<i64>,
}

impl Open {
    fn is_empty(&self) -> bool {
        self.acks.is_empty() && self.batches.is_empty()
    }
}

/// Runs until `closing` is notified and everything is written.
pub(crate) async fn run(
    shared: Arc<Shared>,
    mut queue: mpsc::UnboundedReceiver<Ack>,
    closing: Arc<Notify>,
) {
    let mut own = Own::new(&shared.db);
    let mut open = Open::default();
    let mut closed = false;
    loop {
        let patience = if open.is_empty() { Duration::MAX } else { HELD };
        if !closed {
            tokio::select! {
                first = queue.recv() => match first {
                    Some(first) => open.acks.push(first),
                    None => closed = true,
                },
                () = closing.notified() => closed = true,
                () = tokio::time::sleep(patience) => {}
            }
        } else if !open.is_empty() {
            tokio::time::sleep(HELD).await;
        }
        while open.acks.len() < MAX_BATCH {
            match queue.try_recv() {
                Ok(ack) => open.acks.push(ack),
                Err(_) => break,
            }
        }
        if open.is_empty() {
            if closed {
                return;
            }
            continue;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "a batch has at most a thousand acks"
        )]
        metrics::histogram!("kazi_queue_ack_batch_size").record(open.acks.len() as f64);
        open = write(&shared, &mut own, open).await;
    }
}

/// Writes what is open, however long the database is away. Answers what is still to be written. An ack that was written
/// before an error is fenced by its lease number: writing it again changes nothing.
async fn write(shared: &Shared, own: &mut Own, open: Open) -> Open {
    let mut failures = 0;
    loop {
        match write_once(own, &open).await {
            Ok(written) => {
                // Our own fetcher hears it, and the other processes are told: they may serve these pools.
                bells::ready(written.woken);
                if let Some(secs) = written.due_in_secs {
                    shared.wake.in_secs(secs);
                }
                let held: HashSet<i64> = written.held.iter().map(|ack| ack.id).collect();
                let ended = open.acks.iter().filter(|ack| !held.contains(&ack.id));
                shared.let_go(ended.map(|ack| (ack.id, ack.lease)));
                return Open {
                    acks: written.held,
                    batches: written.unsettled,
                };
            }
            Err(error) if is_data(&error) => {
                // One ack that the database cannot hold must not keep back the others.
                tracing::error!(%error, acks = open.acks.len(), "the database refuses these acks: writing them one by one");
                return one_by_one(own, open).await;
            }
            Err(error) => {
                failures += 1;
                let wait = backoff(failures);
                tracing::warn!(%error, acks = open.acks.len(), retry_in_ms = wait.as_millis(), "could not write acks");
                metrics::counter!("kazi_queue_database_errors_total", "part" => "ack").increment(1);
                tokio::time::sleep(wait).await;
            }
        }
    }
}

async fn write_once(own: &mut Own, open: &Open) -> Result<Written, sqlx::Error> {
    let result = match own.get().await {
        Ok(conn) => ack::write(conn, &open.acks, &open.batches).await,
        Err(error) => Err(error),
    };
    if result.is_err() {
        own.lose();
    }
    result
}

/// A value that PostgreSQL cannot hold (class 22), or that is beyond its limits (class 54).
fn is_data(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code.starts_with("22") || code.starts_with("54"))
}

/// Tries each ack alone. An ack that is refused becomes a plain failed attempt.
async fn one_by_one(own: &mut Own, open: Open) -> Open {
    let mut held = Open {
        acks: Vec::with_capacity(open.acks.len()),
        batches: open.batches,
    };
    for ack in open.acks {
        let mut alone = Open {
            acks: vec![ack],
            batches: Vec::new(),
        };
        let refused = write_once(own, &alone)
            .await
            .is_err_and(|error| is_data(&error));
        for ack in &mut alone.acks {
            if refused {
                ack.outcome = Outcome::Retry {
                    secs: 60.0,
                    error: RunError {
                        class: "ack".into(),
                        message: "the database could not store how this run ended".into(),
                        attempt: 0,
                    },
                };
            }
        }
        // All of them are written again by the usual way: a second ack of the same lease changes nothing.
        held.acks.append(&mut alone.acks);
    }
    held
}
