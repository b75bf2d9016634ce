//! Applies an event. The event only says which object has changed. The job reads the object from Stripe, so events may
//! come twice, late and in any order.

use kazi_clients::stripe::{Error, PaymentStatus, Session, SessionStatus, Stripe};
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Cause, PATIENTLY, PaymentAccountId, PaymentId, accounts, refunds,
    report::{Found, report},
    settle::{Desk, Seen, settle},
    store::{self, By, events as table},
};
use crate::{Context, Work, pools};

#[derive(Debug, Serialize, Deserialize)]
pub struct ApplyEvent {
    pub workspace: WorkspaceId,
    pub account: PaymentAccountId,
    /// `evt_…`
    pub event: String,
}

/// A session, and whether the bank refused after the customer had finished.
pub(super) struct Fetched {
    session: Session,
    refused: bool,
}

impl Fetched {
    pub fn seen(&self) -> Seen<'_> {
        Seen {
            session: &self.session,
            refused: self.refused,
        }
    }
}

/// Reads a session from Stripe.
pub(super) async fn fetch(stripe: &Stripe, id: &str) -> Result<Fetched, Error> {
    complete(stripe, stripe.session(id).await?).await
}

/// Reads the PaymentIntent too when the session alone does not show the outcome.
pub(super) async fn complete(stripe: &Stripe, session: Session) -> Result<Fetched, Error> {
    let undecided = session.status == SessionStatus::Complete
        && session.payment_status == PaymentStatus::Unpaid;
    let refused = match &session.payment_intent {
        Some(intent) if undecided => stripe.intent(intent).await?.has_failed(),
        _ => false,
    };
    Ok(Fetched { session, refused })
}

impl Job for ApplyEvent {
    type Context = Context;
    const NAME: &'static str = "payments.apply_event";
    const POOL: Pool = pools::PAYMENTS;
    const RETRY: Retry = PATIENTLY;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .lane(self.account.to_string())
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let event = table::event(&mut work, self.account, &self.event).await?;
        drop(work);
        let Some(event) = event.filter(|event| !event.applied) else {
            return Ok(());
        };
        let (_, stripe) = accounts::open(ctx, self.workspace, self.account).await?;
        let applied = self.apply(ctx, &stripe, &event).await;
        let outcome = match applied {
            Ok(outcome) => outcome,
            Err(Fault::Job(error)) => return Err(error),
            Err(Fault::Stripe(Error::Refused(refusal))) if refusal.is_missing() => "missing",
            Err(Fault::Stripe(error)) => {
                return Err(accounts::failed(ctx, self.workspace, self.account, error).await);
            }
        };
        metrics::counter!("kazi_payments_events_total", "outcome" => outcome).increment(1);
        let mut work = Work::of(ctx, self.workspace).await?;
        let account = self.account;
        table::set_applied(&mut work, account, &self.event, outcome).await?;
        Ok(work.commit().await?)
    }
}

enum Fault {
    Stripe(Error),
    Job(JobError),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Stripe(error)
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Job(error.into())
    }
}

impl From<kazi_queue::EnqueueError> for Fault {
    fn from(error: kazi_queue::EnqueueError) -> Self {
        Self::Job(error.into())
    }
}

impl ApplyEvent {
    fn desk(&self, ctx: &Context) -> Desk {
        Desk {
            now: ctx.clock.now(),
            workspace: self.workspace,
            account: self.account,
            reconciliation: None,
        }
    }

    async fn apply(
        &self,
        ctx: &Context,
        stripe: &Stripe,
        event: &table::EventRow,
    ) -> Result<&'static str, Fault> {
        let kind = event.kind.as_str();
        if kind.starts_with("checkout.session.") {
            let fetched = fetch(stripe, &event.object).await?;
            return self.session(ctx, &fetched).await;
        }
        let Some(intent) = &event.intent else {
            return Ok("ignored");
        };
        if kind.starts_with("payment_intent.") {
            if self.has_money(ctx, intent).await? {
                return Ok("unchanged");
            }
            let Some(session) = stripe.session_of_intent(intent).await? else {
                // From a terminal or an invoice. The reconciliation of the balance sees it.
                return Ok("ignored");
            };
            return self.session(ctx, &complete(stripe, session).await?).await;
        }
        if kind.starts_with("refund.") || kind.starts_with("charge.refund") {
            let list = stripe.refunds(intent).await?;
            let mut work = Work::of(ctx, self.workspace).await?;
            let moved = refunds::settle_all(&mut work, self.desk(ctx), intent, &list.data).await?;
            work.commit().await?;
            return Ok(if moved { "applied" } else { "unchanged" });
        }
        if kind.starts_with("charge.dispute.") {
            let mut work = Work::of(ctx, self.workspace).await?;
            let row = store::hold(&mut work, By::Intent(intent)).await?;
            let detail = json!({"dispute": event.object, "intent": intent});
            let found = Found {
                account: self.account,
                cause: Cause::Disputed,
                reference: &event.object,
                payment: row.map(|row| row.id),
                reconciliation: None,
                detail: &detail,
            };
            report(&mut work, &found).await?;
            work.commit().await?;
            return Ok("applied");
        }
        Ok("ignored")
    }

    async fn session(&self, ctx: &Context, fetched: &Fetched) -> Result<&'static str, Fault> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let outcome = match apply_session(&mut work, self.desk(ctx), fetched).await? {
            Some(true) => "applied",
            Some(false) => "unchanged",
            None => "unknown",
        };
        work.commit().await?;
        Ok(outcome)
    }

    async fn has_money(&self, ctx: &Context, intent: &str) -> Result<bool, sqlx::Error> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let row = store::hold(&mut work, By::Intent(intent)).await?;
        Ok(row.is_some_and(|row| row.received.is_some()))
    }
}

/// Settles the payment of a session. Returns `None` when no payment of ours has this session; if money came, that is
/// reported.
pub(super) async fn apply_session(
    work: &mut Work,
    desk: Desk,
    fetched: &Fetched,
) -> Result<Option<bool>, kazi_queue::EnqueueError> {
    let session = &fetched.session;
    let id = session.client_reference_id.as_deref();
    if let Some(id) = id.and_then(|id| id.parse::<PaymentId>().ok())
        && let Some(row) = store::hold(work, By::Id(id)).await?
    {
        return settle(work, desk, row, fetched.seen()).await.map(Some);
    }
    if session.payment_status == PaymentStatus::Paid {
        let detail = json!({"session": session.id, "intent": session.payment_intent,
            "amount": session.amount_total, "currency": session.currency, "reference": id});
        let found = Found {
            account: desk.account,
            cause: Cause::UnknownSession,
            reference: &session.id,
            payment: None,
            reconciliation: desk.reconciliation,
            detail: &detail,
        };
        report(work, &found).await?;
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
