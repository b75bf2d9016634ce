//! The reaction of the domains whose things are paid.

use kazi_queue::EnqueueError;

use super::{Ended, Opened, Paid, Subject};
use crate::{
    Work,
    domain::{Future, offers},
};

type Tell<T> = for<'a> fn(&'a mut Work, Subject, &'a T) -> Future<'a, Result<(), EnqueueError>>;

/// The functions of one domain. They ignore the subjects of other domains. Each runs in the caller's transaction.
#[derive(Clone, Copy)]
pub(crate) struct Hooks {
    /// The customer can pay now.
    pub opened: Tell<Opened>,
    /// The money has come.
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
