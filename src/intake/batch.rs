//! Group commit: while one transaction commits, the calls that come meanwhile gather for the next. A flush to disk then
//! serves many webhooks, and each is answered after its own commit all the same.

use std::sync::Arc;

use kazi_jobs::{channels::NewEvent, inbound::record, pools};
use kazi_platform::{Clock, database};
use kazi_queue::EnqueueError;
use sqlx::PgPool;
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

/// Transactions at once: one gathers while the other commits. Measured: more of them only compete for the same disk.
const WRITERS: usize = 2;
/// Calls of one transaction.
const MOST: usize = 256;
/// Calls that may wait. More would only wait longer than their senders do.
const WAITING: usize = 4_096;

/// Why events were not written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// Too many wait already, or the program ends.
    Busy,
    /// The database is away.
    Database,
    /// The database refuses these events, and would again.
    Refused,
}

struct Call {
    events: Vec<NewEvent>,
    answer: oneshot::Sender<Result<(), WriteError>>,
}

/// Hands events to the writers.
#[derive(Clone)]
pub struct Writer {
    calls: mpsc::Sender<Call>,
}

impl Writer {
    /// Starts the writers. They end at `stop`, when what was handed to them is written. Handles may be left then: a
    /// connection that does not end has one.
    pub fn start(db: &PgPool, clock: &Clock, stop: &CancellationToken) -> (Self, JoinSet<()>) {
        let (calls, waiting) = mpsc::channel(WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        let mut writers = JoinSet::new();
        for _ in 0..WRITERS {
            writers.spawn(write_all(
                db.clone(),
                clock.clone(),
                waiting.clone(),
                stop.clone(),
            ));
        }
        (Self { calls }, writers)
    }

    /// Ends well when the events are in the database.
    pub async fn write(&self, events: Vec<NewEvent>) -> Result<(), WriteError> {
        let (answer, written) = oneshot::channel();
        self.calls
            .try_send(Call { events, answer })
            .map_err(|_| WriteError::Busy)?;
        written.await.unwrap_or(Err(WriteError::Database))
    }
}

/// The next calls; none when there will be no more.
async fn gather(
    waiting: &Mutex<mpsc::Receiver<Call>>,
    stop: &CancellationToken,
    calls: &mut Vec<Call>,
) -> usize {
    let mut waiting = waiting.lock().await;
    tokio::select! {
        gathered = waiting.recv_many(calls, MOST) => gathered,
        () = stop.cancelled() => {
            waiting.close();
            waiting.recv_many(calls, MOST).await
        }
    }
}

async fn write_all(
    db: PgPool,
    clock: Clock,
    waiting: Arc<Mutex<mpsc::Receiver<Call>>>,
    stop: CancellationToken,
) {
    let mut calls = Vec::with_capacity(MOST);
    while gather(&waiting, &stop, &mut calls).await > 0 {
        let gathered: Vec<&NewEvent> = calls.iter().flat_map(|call| &call.events).collect();
        metrics::histogram!("kazi_intake_batch_size").record(metrics_size(gathered.len()));
        let written = write(&db, &clock, &gathered).await;
        let together = calls.len() > 1;
        for call in calls.drain(..) {
            let ended = match written {
                // One call's events must not be the ruin of the others'.
                Err(WriteError::Refused) if together => {
                    write(&db, &clock, &call.events.iter().collect::<Vec<_>>()).await
                }
                written => written,
            };
            // Whoever has hung up gets the event's 200 when the provider sends it again.
            let _ = call.answer.send(ended);
        }
    }
}

async fn write(db: &PgPool, clock: &Clock, events: &[&NewEvent]) -> Result<(), WriteError> {
    let recorded = async {
        // As the platform: a group has the events of many workspaces, and of none.
        let mut tx = database::platform(db).await?;
        let recorded = record(&mut tx, clock.now(), events).await?;
        // From here on nothing is lost: the answer goes out after this line.
        tx.commit().await?;
        Ok(recorded)
    };
    let recorded = recorded.await.map_err(|error: EnqueueError| {
        let (refused, code) = match &error {
            EnqueueError::Database(error) => {
                let code = error
                    .as_database_error()
                    .and_then(|error| error.code())
                    .unwrap_or_default();
                // A value that the database cannot hold (22), or that is beyond its limits (54).
                (
                    code.starts_with("22") || code.starts_with("54"),
                    code.into_owned(),
                )
            }
            _ => (true, String::new()),
        };
        // The text of the error may quote the event.
        tracing::error!(
            sqlstate = code,
            events.count = events.len(),
            refused,
            "events could not be written down"
        );
        if refused {
            WriteError::Refused
        } else {
            WriteError::Database
        }
    })?;
    kazi_queue::ring(pools::INTERACTIVE);
    let count = |outcome: &'static str, events: usize| {
        metrics::counter!("kazi_webhook_events_total", "outcome" => outcome)
            .increment(events as u64);
    };
    count("new", recorded.new - recorded.unrouted);
    count("unrouted", recorded.unrouted);
    count("duplicate", recorded.duplicates);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred")]
fn metrics_size(events: usize) -> f64 {
    events as f64
}
