//! What the domains do whose things are paid for.

use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::EnqueueError;
use sqlx::PgConnection;

use super::{Ended, Opened, Paid, Subject};
use crate::domain::{Future, offers};

type Tell<T> = for<'a> fn(
    &'a mut PgConnection,
    Timestamp,
    WorkspaceId,
    Subject,
    &'a T,
) -> Future<'a, Result<(), EnqueueError>>;

/// A domain's part. It leaves the subjects of other domains alone. Each function works in the caller's transaction.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    /// The customer can pay now.
    pub opened: Tell<Opened>,
    /// The money is there.
    pub paid: Tell<Paid>,
    /// No money will come by this payment.
    pub ended: Tell<Ended>,
}

pub(super) async fn opened(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    subject: Subject,
    opened: &Opened,
) -> Result<(), EnqueueError> {
    for hooks in offers::<Hooks>() {
        (hooks.opened)(&mut *conn, now, workspace, subject, opened).await?;
    }
    Ok(())
}

pub(super) async fn paid(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    subject: Subject,
    paid: &Paid,
) -> Result<(), EnqueueError> {
    for hooks in offers::<Hooks>() {
        (hooks.paid)(&mut *conn, now, workspace, subject, paid).await?;
    }
    Ok(())
}

pub(super) async fn ended(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    subject: Subject,
    ended: &Ended,
) -> Result<(), EnqueueError> {
    for hooks in offers::<Hooks>() {
        (hooks.ended)(&mut *conn, now, workspace, subject, ended).await?;
    }
    Ok(())
}
