//! Payments: asked for by what is sold, made at Stripe, told by webhooks, and reconciled with what Stripe knows.
//!
//! A payment is a row first ([`request`]), then a Checkout session ([`CreateSession`]), whose idempotency key stands in the
//! row before the call. From then on it moves in one way only, whoever looks first (`settle`): the answer to our request, a
//! webhook ([`ApplyEvent`]) or a comparison with all that Stripe has ([`Reconcile`]). What it is for hears of it in the same
//! transaction: the payment's row is locked before that of its subject, and never after it ([`withdraw`]). Money is in the
//! [ledger](entries), whose account `stripe` is the balance at Stripe to the cent. What does not fit is never fulfilled: it
//! is reported ([`differences`]), and where it belongs to nothing it goes back ([`refund`]).

mod accounts;
mod apply_event;
mod create_session;
mod disputes;
mod events;
mod expire_session;
mod hooks;
mod ledger;
mod model;
mod purge;
mod reconcile;
mod refunds;
mod report;
mod settle;
mod store;
#[cfg(test)]
mod tests;
mod views;
mod withdraw;

use std::time::Duration;

use kazi_platform::{crypto::CryptoError, invalid::Invalid};
use kazi_queue::{EnqueueError, Job, Registry, Retry, cron::Schedule};

use crate::{Context, Work, domain::Domain};
pub use accounts::{
    AccountView, Credentials, NewAccount, PaymentAccount, account, account_of_webhook,
    delete_account, put_account, webhook_url,
};
pub use apply_event::ApplyEvent;
pub use create_session::CreateSession;
pub use events::{From as EventSource, KINDS, NewEvent, record};
pub use expire_session::ExpireSession;
pub(crate) use hooks::Hooks;
pub use ledger::{BalanceView, EntryView, balances, entries};
pub use model::{
    Cause, DifferenceId, Ended, How, NewPayment, Opened, OrderId, Paid, PaymentAccountId,
    PaymentId, ReconciliationId, RefundId, Status, Subject, SubscriptionId, refusal,
};
pub use purge::PurgeEvents;
pub use reconcile::{Reconcile, ReconcileAll, reconcile};
pub use refunds::{Refund, SendRefund, refund};
pub use store::{
    Filter,
    accounts::reseal,
    count_by_status, count_mismatched,
    events::count_unapplied,
    is_processing, payments,
    reconciliations::{differences, reconciliations},
    refunds::refunds,
};
pub use views::{DifferenceView, PaymentView, ReconciliationView, RefundView};
pub use withdraw::{Withdraw, refuse, withdraw};

/// Half a day of tries, one every five minutes at last: Stripe may be away for hours, and what is asked for is wanted still.
const PATIENTLY: Retry =
    Retry::exponential(Duration::from_secs(1), Duration::from_secs(300)).attempts(300);

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// A field breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no such thing.
    #[error("there is no such payment or account")]
    NotFound,
    /// Another workspace has this account.
    #[error("another workspace has this account at Stripe")]
    Taken,
    /// The key is of another account than the one in use.
    #[error("the key is of another account: take the one in use out of use first")]
    OtherAccount,
    /// Payments of the account still wait for money.
    #[error("payments wait for money through this account")]
    Waiting,
    /// A comparison of the account waits or runs already.
    #[error("a reconciliation runs already")]
    Running,
    /// Nothing came, or nothing is left to be given back.
    #[error("there is no money of this payment that could go back")]
    NothingToRefund,
    /// Stripe does not answer: nothing is known of the key.
    #[error("Stripe cannot be asked now, try again: {0}")]
    Unreachable(String),
    /// The customer's bank has the money, or keeps it.
    #[error("the customer disputes this payment: the bank has the money")]
    Disputed,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// What is stored does not open with this program's master key.
    #[error(transparent)]
    Sealed(CryptoError),
    /// A job cannot be written down.
    #[error(transparent)]
    Enqueue(EnqueueError),
}

impl From<CryptoError> for PaymentError {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::Database(error) => Self::Database(error),
            sealed => Self::Sealed(sealed),
        }
    }
}

impl From<EnqueueError> for PaymentError {
    fn from(error: EnqueueError) -> Self {
        match error {
            EnqueueError::Database(error) => Self::Database(error),
            other => Self::Enqueue(other),
        }
    }
}

pub(crate) const DOMAIN: Domain = Domain {
    name: "payments",
    jobs,
    tables: &[
        "payment_differences",
        "reconciliations",
        "ledger_entries",
        "ledger_transactions",
        "refunds",
        "payment_events",
        "payments",
        "payment_accounts",
    ],
    ..Domain::NONE
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let often = Schedule::new("payments.reconcile_all", "*/15 * * * *");
    let nightly = Schedule::new("payments.purge_events", "41 3 * * *");
    registry
        .register::<CreateSession>()
        .register::<Withdraw>()
        .register::<ExpireSession>()
        .register::<ApplyEvent>()
        .register::<SendRefund>()
        .register::<Reconcile>()
        .register::<ReconcileAll>()
        .schedule(often, &ReconcileAll {})
        .register::<PurgeEvents>()
        .schedule(nightly, &PurgeEvents {})
}

/// Asks for a payment, in the caller's transaction. One with this id that is there already is left alone: then this
/// answers `false`. Its subject hears of it by `payment_opened`, `paid` and `payment_ended`.
///
/// # Errors
/// The database failed.
pub async fn request(work: &mut Work, new: &NewPayment<'_>) -> Result<bool, EnqueueError> {
    let account = store::accounts::current(work).await?;
    if !store::insert(work, account, new).await? {
        return Ok(false);
    }
    let job = CreateSession {
        workspace: work.workspace(),
        payment: new.id,
    };
    let mut options = job.options();
    if let Some(account) = account {
        options = options.lane(account.to_string());
    }
    job.enqueue_with(work.conn(), options).await?;
    settle::count(Status::Requested);
    Ok(true)
}
