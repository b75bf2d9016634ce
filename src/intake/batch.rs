//! Group commit. While one transaction commits, new calls gather for the next one. One flush to the disk then serves
//! many webhooks. Each call is answered after its own commit.

use std::sync::Arc;

use kazi_jobs::{
    channels::{EventKind, NewEvent},
    inbound::record,
    pools,
};
use kazi_platform::{Clock, database};
use kazi_queue::EnqueueError;
use sqlx::PgPool;
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

/// The number of writers of a queue: one gathers calls while the other commits. In measurements, more writers only competed
/// for the same disk.
const WRITERS: usize = 2;
/// The most calls in one transaction.
const BATCH_CALLS: usize = 256;
/// The most calls that may wait. Later calls would wait longer than their senders do.
const WAITING_CALLS: usize = 4_096;

/// The events are not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// Too many calls wait already, or the program ends.
    Busy,
    /// The database cannot be reached.
    Database,
    /// The database refuses these events, and would refuse them again.
    Refused,
}

struct Call {
    events: Vec<NewEvent>,
    answer: oneshot::Sender<Result<(), WriteError>>,
}

/// Hands events to the writers. A campaign brings three statuses for each of its messages, and a customer who writes does
/// not wait for groups of hundreds of them.
#[derive(Clone)]
pub struct Writer {
    messages: mpsc::Sender<Call>,
    statuses: mpsc::Sender<Call>,
}

impl Writer {
    /// Starts the writers. After `stop` they write the waiting events and end. They do not wait until all handles are
    /// dropped, because a connection that never ends keeps one.
    pub fn start(db: &PgPool, clock: &Clock, stop: &CancellationToken) -> (Self, JoinSet<()>) {
        let mut writers = JoinSet::new();
        let mut queue = || {
            let (calls, waiting) = mpsc::channel(WAITING_CALLS);
            let waiting = Arc::new(Mutex::new(waiting));
            for _ in 0..WRITERS {
                writers.spawn(write_all(
                    db.clone(),
                    clock.clone(),
                    waiting.clone(),
                    stop.clone(),
                ));
            }
            calls
        };
        let (messages, statuses) = (queue(), queue());
        (Self { messages, statuses }, writers)
    }

    /// Returns `Ok` when the events are in the database.
    pub async fn write(&self, events: Vec<NewEvent>) -> Result<(), WriteError> {
        let (answer, written) = oneshot::channel();
        let queue = match events.iter().any(|event| event.kind == EventKind::Message) {
            true => &self.messages,
            false => &self.statuses,
        };
        queue
            .try_send(Call { events, answer })
            .map_err(|_| WriteError::Busy)?;
        written.await.unwrap_or(Err(WriteError::Database))
    }
}

/// Gathers the calls of the next transaction. Returns none when no more calls will come.
async fn gather(
    waiting: &Mutex<mpsc::Receiver<Call>>,
    stop: &CancellationToken,
    calls: &mut Vec<Call>,
) -> usize {
    let mut waiting = waiting.lock().await;
    tokio::select! {
        gathered = waiting.recv_many(calls, BATCH_CALLS) => gathered,
        () = stop.cancelled() => {
            waiting.close();
            waiting.recv_many(calls, BATCH_CALLS).await
        }
    }
}

async fn write_all(
    db: PgPool,
    clock: Clock,
    waiting: Arc<Mutex<mpsc::Receiver<Call>>>,
    stop: CancellationToken,
) {
    let mut calls = Vec::with_capacity(BATCH_CALLS);
    while gather(&waiting, &stop, &mut calls).await > 0 {
        let gathered: Vec<&NewEvent> = calls.iter().flat_map(|call| &call.events).collect();
        metrics::histogram!("kazi_intake_batch_size").record(metrics_size(gathered.len()));
        let written = write(&db, &clock, &gathered).await;
        let together = calls.len() > 1;
        for call in calls.drain(..) {
            let ended = match written {
                // The events of one call must not harm those of the others.
                Err(WriteError::Refused) if together => {
                    write(&db, &clock, &call.events.iter().collect::<Vec<_>>()).await
                }
                written => written,
            };
            // If the caller has hung up, it gets its 200 when the provider sends the event again.
            let _ = call.answer.send(ended);
        }
    }
}

async fn write(db: &PgPool, clock: &Clock, events: &[&NewEvent]) -> Result<(), WriteError> {
    let recorded = async {
        // A group has events of many workspaces, and of none.
        let mut tx = database::platform(db).await?;
        let recorded = record(&mut tx, clock.now(), events).await?;
        // From here on nothing is lost. The answer is sent after this line.
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
                // The database cannot hold a value (class 22), or a value is beyond its limits (class 54).
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
