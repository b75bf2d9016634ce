//! What the domains do whose things are paid for.

use kazi_queue::EnqueueError;

use super::{Ended, Opened, Paid, Subject};
use crate::{
    Work,
    domain::{Future, offers},
};

type Tell<T> = for<'a> fn(&'a mut Work, Subject, &'a T) -> Future<'a, Result<(), EnqueueError>>;

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
    work: &mut Work,
    subject: Subject,
    opened: &Opened,
) -> Result<(), EnqueueError> {
    for hooks in offers::<Hooks>() {
        (hooks.opened)(work, subject, opened).await?;
    }
    Ok(())
}

pub(super) async fn paid(
    work: &mut Work,
    subject: Subject,
    paid: &Paid,
) -> Result<(), EnqueueError> {
    for hooks in offers::<Hooks>() {
        (hooks.paid)(work, subject, paid).await?;
    }
    Ok(())
}

pub(super) async fn ended(
    work: &mut Work,
    subject: Subject,
    ended: &Ended,
) -> Result<(), EnqueueError> {
    for hooks in offers::<Hooks>() {
        (hooks.ended)(work, subject, ended).await?;
    }
    Ok(())
}
