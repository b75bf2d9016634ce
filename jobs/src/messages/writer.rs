//! The group commit of sending. While one transaction commits, the announcements and acceptances that arrive wait for
//! the next. So one flush to disk serves many messages. Each caller goes on after its own commit.

use std::collections::HashMap;

use kazi_platform::{Timestamp, WorkspaceId, database};
use kazi_queue::JobError;
use sqlx::PgPool;
use tokio::sync::{mpsc, oneshot};

use super::{
    Outgoing,
    store::{bulk, charges},
};
use crate::{
    context::{Context, Shared},
    conversations::MessageId,
};

/// Calls in one transaction.
const MOST: usize = 256;
/// Calls that may wait, as many as jobs can run at once. More callers wait for room.
const WAITING: usize = 1_024;

/// A request that is about to leave.
#[derive(Debug)]
pub(super) struct Announcement {
    pub workspace: WorkspaceId,
    pub message: MessageId,
    pub at: Timestamp,
    /// See [`Acceptance`].
    pub awaited: bool,
}

/// A message that a provider has accepted.
#[derive(Debug)]
pub(super) struct Acceptance {
    pub workspace: WorkspaceId,
    pub message: MessageId,
    /// The provider's id of the message.
    pub provider_id: String,
    pub at: Timestamp,
    /// It answers somebody, who waits for it.
    pub awaited: bool,
}

type Answer<T> = oneshot::Sender<Result<T, JobError>>;

enum Call {
    Announce(Announcement, Answer<Option<Outgoing>>),
    Accept(Acceptance, Answer<()>),
}

/// Hands announcements and acceptances to two tasks that write them. The tasks end with the last clone.
///
/// A reply that somebody waits for does not wait for a group of a campaign: that has hundreds of messages and takes tens of
/// milliseconds.
#[derive(Clone)]
pub struct Writer {
    replies: mpsc::Sender<Call>,
    campaigns: mpsc::Sender<Call>,
}

impl Shared for Writer {
    /// Starts the tasks in the current Tokio runtime.
    fn start(ctx: &Context) -> Self {
        let begin = || {
            let (calls, waiting) = mpsc::channel(WAITING);
            tokio::spawn(write_all(ctx.db.clone(), waiting));
            calls
        };
        Self {
            replies: begin(),
            campaigns: begin(),
        }
    }
}

impl Context {
    /// The writer that all sends share.
    pub(super) fn writer(&self) -> Writer {
        self.shared()
    }
}

impl Writer {
    /// Announces a request. After a result with a message, every later run knows that the request may have left.
    /// Returns `None` when the message does not simply wait; then nothing has changed.
    ///
    /// # Errors
    /// The database failed. The request must not leave, but it may be announced.
    pub(super) async fn announce(&self, one: Announcement) -> Result<Option<Outgoing>, JobError> {
        let (answer, written) = oneshot::channel();
        let to = self.to(one.awaited);
        call(to, Call::Announce(one, answer), written).await
    }

    /// Stores that a provider has accepted a message.
    ///
    /// # Errors
    /// The database failed. The row says `sending`, which is true.
    pub(super) async fn accept(&self, one: Acceptance) -> Result<(), JobError> {
        let (answer, written) = oneshot::channel();
        let to = self.to(one.awaited);
        call(to, Call::Accept(one, answer), written).await
    }

    const fn to(&self, awaited: bool) -> &mpsc::Sender<Call> {
        match awaited {
            true => &self.replies,
            false => &self.campaigns,
        }
    }
}

async fn call<T>(
    to: &mpsc::Sender<Call>,
    call: Call,
    written: oneshot::Receiver<Result<T, JobError>>,
) -> Result<T, JobError> {
    let gone = || JobError::retry("database", "the writer has ended");
    to.send(call).await.map_err(|_| gone())?;
    written.await.unwrap_or_else(|_| Err(gone()))
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
                // A caller that has stopped waiting finds the result in the row.
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
                // One message that cannot be written must not hold up the others.
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
    // As the platform, because a group has messages of many workspaces. Each row is named with its workspace.
    let mut tx = database::bulk(db).await?;
    if !accepted.is_empty() {
        let charged = bulk::accept(&mut tx, accepted).await?;
        if let Some(at) = accepted.iter().map(|one| one.at).max() {
            charges::note(&mut tx, &charged, at).await?;
        }
    }
    let messages = match announced {
        [] => Vec::new(),
        some => bulk::announce(&mut tx, some).await?,
    };
    // After this line the requests leave, and nothing of the group can be lost.
    tx.commit().await?;
    Ok(messages.into_iter().collect())
}
