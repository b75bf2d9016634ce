//! Group commit for what every message needs: while a transaction commits, the announcements and acceptances that come
//! meanwhile gather for the next. A flush to disk then serves many messages, and each goes on after its own commit all the
//! same.

use std::collections::HashMap;

use kazi_platform::{Timestamp, WorkspaceId, database};
use kazi_queue::JobError;
use sqlx::PgPool;
use tokio::sync::{mpsc, oneshot};

use super::{Outgoing, store::bulk};
use crate::{
    context::{Context, Shared},
    conversations::MessageId,
};

/// Calls of one transaction.
const MOST: usize = 256;
/// Calls that may wait: as many as there may be jobs at once. Who comes then waits for a place.
const WAITING: usize = 1_024;

/// A request is about to leave.
#[derive(Debug)]
pub(super) struct Announcement {
    pub workspace: WorkspaceId,
    pub message: MessageId,
    pub at: Timestamp,
}

/// A provider has taken a message.
#[derive(Debug)]
pub(super) struct Acceptance {
    pub workspace: WorkspaceId,
    pub message: MessageId,
    /// What it calls the message.
    pub provider_id: String,
    pub at: Timestamp,
}

type Answer<T> = oneshot::Sender<Result<T, JobError>>;

enum Call {
    Announce(Announcement, Answer<Option<Outgoing>>),
    Accept(Acceptance, Answer<()>),
}

/// Hands announcements and acceptances to the task that writes them, which ends with the last clone.
#[derive(Clone)]
pub struct Writer(mpsc::Sender<Call>);

impl Shared for Writer {
    /// Starts it in the current runtime of tokio.
    fn start(ctx: &Context) -> Self {
        let (calls, waiting) = mpsc::channel(WAITING);
        tokio::spawn(write_all(ctx.db.clone(), waiting));
        Self(calls)
    }
}

impl Context {
    /// Writes down what each message to send needs, many in one transaction.
    pub(super) fn writer(&self) -> Writer {
        self.shared()
    }
}

impl Writer {
    /// Announces a request: when this ends well with a message, whoever finds it knows that the request may have left.
    /// `None`: it is not one that simply waits to be sent, and nothing was changed.
    ///
    /// # Errors
    /// The database failed: the request must not leave. It may be announced all the same.
    pub(super) async fn announce(&self, one: Announcement) -> Result<Option<Outgoing>, JobError> {
        let (answer, written) = oneshot::channel();
        self.call(Call::Announce(one, answer), written).await
    }

    /// Notes that a provider has taken a message.
    ///
    /// # Errors
    /// The database failed: the row says `sending`, which is the truth.
    pub(super) async fn accept(&self, one: Acceptance) -> Result<(), JobError> {
        let (answer, written) = oneshot::channel();
        self.call(Call::Accept(one, answer), written).await
    }

    async fn call<T>(
        &self,
        call: Call,
        written: oneshot::Receiver<Result<T, JobError>>,
    ) -> Result<T, JobError> {
        let gone = || JobError::retry("database", "the writer has ended");
        self.0.send(call).await.map_err(|_| gone())?;
        written.await.unwrap_or_else(|_| Err(gone()))
    }
}

async fn write_all(db: PgPool, mut waiting: mpsc::Receiver<Call>) {
    let mut calls = Vec::with_capacity(MOST);
    while waiting.recv_many(&mut calls, MOST).await > 0 {
        let (mut announced, mut accepted) = (Vec::new(), Vec::new());
        let (mut announcers, mut accepters) = (Vec::new(), Vec::new());
        for call in calls.drain(..) {
            match call {
                Call::Announce(one, answer) => {
                    announcers.push((one.message, answer));
                    announced.push(one);
                }
                Call::Accept(one, answer) => {
                    accepted.push(one);
                    accepters.push(answer);
                }
            }
        }
        let written = write(&db, &announced, &accepted).await;
        match written {
            Ok(mut messages) => {
                // Whoever has stopped waiting finds it in the row.
                for (id, answer) in announcers {
                    let _ = answer.send(Ok(messages.remove(&id)));
                }
                for answer in accepters {
                    let _ = answer.send(Ok(()));
                }
            }
            Err(error) => {
                let failed = || JobError::retry("database", &error);
                for (_, answer) in announcers {
                    let _ = answer.send(Err(failed()));
                }
                // One that cannot be written must not keep the others from it.
                for (one, answer) in accepted.into_iter().zip(accepters) {
                    let alone = write(&db, &[], &[one]).await;
                    let _ = answer.send(alone.map(|_| ()).map_err(JobError::from));
                }
            }
        }
    }
}

async fn write(
    db: &PgPool,
    announced: &[Announcement],
    accepted: &[Acceptance],
) -> Result<HashMap<MessageId, Outgoing>, sqlx::Error> {
    // As the platform: a group has the messages of many workspaces. Each row is named together with its workspace.
    let mut tx = database::platform(db).await?;
    bulk::plan_anew(&mut tx).await?;
    if !accepted.is_empty() {
        bulk::accept(&mut tx, accepted).await?;
    }
    let messages = match announced {
        [] => Vec::new(),
        some => bulk::announce(&mut tx, some).await?,
    };
    // From here on nothing of it is lost: the requests leave after this line.
    tx.commit().await?;
    Ok(messages.into_iter().collect())
}
