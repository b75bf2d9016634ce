//! The reaction of the domains whose things are paid.

use kazi_queue::EnqueueError;

use super::{Ended, Opened, Paid, Subject};
use crate::{
    Work,
    domain::{Future, offers},
};

type Tell<I, T> = for<'a> fn(&'a mut Work, I, &'a T) -> Future<'a, Result<(), EnqueueError>>;

/// The functions of the domain whose things have ids of the type `I`. Each runs in the caller's transaction.
#[derive(Clone, Copy)]
pub(crate) struct Hooks<I> {
    /// The customer can pay now.
    pub opened: Tell<I, Opened>,
    /// The money has come.
    pub paid: Tell<I, Paid>,
    /// No money will come by this payment.
    pub ended: Tell<I, Ended>,
}

pub(super) async fn opened(
    work: &mut Work,
    subject: Subject,
    opened: &Opened,
) -> Result<(), EnqueueError> {
    match subject {
        Subject::Order(id) => tell(work, id, |hooks| hooks.opened, opened).await,
        Subject::Subscription(id) => tell(work, id, |hooks| hooks.opened, opened).await,
        Subject::Credits(id) => tell(work, id, |hooks| hooks.opened, opened).await,
    }
}

pub(super) async fn paid(
    work: &mut Work,
    subject: Subject,
    paid: &Paid,
) -> Result<(), EnqueueError> {
    match subject {
        Subject::Order(id) => tell(work, id, |hooks| hooks.paid, paid).await,
        Subject::Subscription(id) => tell(work, id, |hooks| hooks.paid, paid).await,
        Subject::Credits(id) => tell(work, id, |hooks| hooks.paid, paid).await,
    }
}

pub(super) async fn ended(
    work: &mut Work,
    subject: Subject,
    ended: &Ended,
) -> Result<(), EnqueueError> {
    match subject {
        Subject::Order(id) => tell(work, id, |hooks| hooks.ended, ended).await,
        Subject::Subscription(id) => tell(work, id, |hooks| hooks.ended, ended).await,
        Subject::Credits(id) => tell(work, id, |hooks| hooks.ended, ended).await,
    }
}

async fn tell<I: Copy + 'static, T>(
    work: &mut Work,
    id: I,
    of: fn(&Hooks<I>) -> Tell<I, T>,
    what: &T,
) -> Result<(), EnqueueError> {
    for hooks in offers::<Hooks<I>>() {
        of(hooks)(work, id, what).await?;
    }
    Ok(())
}
