//! Payments: requested by other domains, made at Stripe, reported by webhooks, and reconciled with Stripe's data.
//!
//! A payment is first a row ([`request`]), then a Checkout session ([`CreateSession`]), whose idempotency key is stored
//! before the call. After that it moves in only one way (`settle`), whether the answer to our request, a webhook
//! ([`ApplyEvent`]) or a comparison with Stripe ([`Reconcile`]) comes first. Its subject is told in the same
//! transaction: the payment's row is locked first, then the subject's ([`withdraw`]). All money is in the
//! [ledger](entries), whose account `stripe` is the balance at Stripe to the cent. Wrong money fulfils nothing: it is
//! reported ([`differences`]), and money without a purpose is refunded ([`refund`]).

mod accounts;
mod apply_event;
mod create_session;
mod disputes;
mod error;
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
pub(crate) mod tests;
mod views;
mod withdraw;

use std::time::Duration;

use kazi_queue::{EnqueueError, Job, Registry, Retry, cron::Schedule};

use crate::{
    Context, Permission, Work,
    domain::{Domain, Figures},
    endpoints::{Subject as About, shown, types},
    live,
    notifications::kinds,
    permission::permissions,
    sealed::Sealed,
};
pub use accounts::{
    AccountView, Credentials, NewAccount, PaymentAccount, account, account_of_webhook,
    delete_account, put_account, webhook_url,
};
pub use apply_event::ApplyEvent;
pub use create_session::CreateSession;
pub use disputes::lost;
pub use error::PaymentError;
pub use events::{From as EventSource, KINDS, NewEvent, record};
pub use expire_session::ExpireSession;
pub(crate) use hooks::Hooks;
pub use ledger::{BalanceView, EntryView, balances, entries};
pub use model::{
    Cause, DifferenceId, Ended, How, NewPayment, Opened, OrderId, Paid, PaymentAccountId,
    PaymentId, ReconciliationId, RefundId, Status, Subject, SubscriptionId, TopUpId, refusal,
};
pub use purge::PurgeEvents;
pub use reconcile::{Reconcile, ReconcileAll, reconcile};
pub use refunds::{Refund, SendRefund, refund};
pub use store::{
    PaymentFilter, count, count_by_status, count_mismatched,
    events::count_unapplied,
    is_processing, payments,
    reconciliations::{differences, reconciliations},
    refunds::{Gone, gone, refunds},
};
pub use views::{DifferenceView, PaymentView, ReconciliationView, RefundView};
pub use withdraw::{Withdraw, refuse, withdraw};

/// Half a day of tries, at last one every five minutes. Stripe may be down for hours, and the payment is wanted still.
const PATIENTLY: Retry =
    Retry::exponential(Duration::from_secs(1), Duration::from_secs(300)).attempts(300);

pub(crate) const DOMAIN: Domain = Domain {
    name: "payments",
    floor: 5,
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
    offers: &[
        &PERMISSIONS,
        &live::About {
            what: "payment",
            permission: Permission::PAYMENTS_READ,
        },
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
        &About::of::<PaymentView>(EVENTS, |work, id| {
            Box::pin(async move {
                let (filter, only) = (PaymentFilter::default(), Some(id.into()));
                shown(payments(work, &filter, only, None, 1).await?.pop())
            })
        }),
        &Sealed {
            place: store::accounts::sealed_place,
            all: |work| Box::pin(store::accounts::all_sealed(work)),
            replace: |work, id, sealed| Box::pin(store::accounts::replace_sealed(work, id, sealed)),
        },
    ],
};

permissions! {
    /// Payments and the ledger.
    PAYMENTS_READ = "payments.read", Viewer;
    /// Connects the account at Stripe.
    PAYMENTS_MANAGE = "payments.manage", Owner, step_up, not_for_keys;
    /// Gives money back.
    PAYMENTS_REFUND = "payments.refund", Admin, step_up;
}

kinds! {
    /// Payments differ from what Stripe has, or Stripe refuses the key.
    PAYMENTS_NEED_YOU = "payments_need_you";
}

types! {
    EVENTS;
    /// The money has come, and it is what was asked for.
    PAYMENT_SUCCEEDED = "payment.succeeded";
    /// The bank or Stripe has refused.
    PAYMENT_FAILED = "payment.failed";
    /// Nobody paid in time.
    PAYMENT_EXPIRED = "payment.expired";
    /// Other money has come than was asked for: a person must look.
    PAYMENT_MISMATCHED = "payment.mismatched";
    /// Money went back, all of it or a part.
    PAYMENT_REFUNDED = "payment.refunded";
    /// The bank has refused a refund that had succeeded: the money is back with the business.
    PAYMENT_REFUND_FAILED = "payment.refund_failed";
    /// The customer's bank asks about a payment, or has taken the money.
    PAYMENT_DISPUTED = "payment.disputed";
    /// A dispute has ended: the money is the business's.
    PAYMENT_DISPUTE_WON = "payment.dispute_won";
    /// A dispute is lost, or was prevented by a refund: the money is with the customer.
    PAYMENT_DISPUTE_LOST = "payment.dispute_lost";
}

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

/// Requests a payment in the caller's transaction. Returns `false` when a payment with this id exists. Its subject gets
/// `payment_opened`, `paid` and `payment_ended`.
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
