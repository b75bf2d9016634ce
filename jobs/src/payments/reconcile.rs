//! Compares Kazi with Stripe: events that never came, sessions that have moved, and money that is not in the books. The
//! code of the webhooks repairs what a lost webhook has left. Every difference is reported.
//!
//! A run may end at any line. It stores its findings as it goes. The next run begins a little before the end of the
//! last successful one.

mod balance;
mod sessions;

use std::time::Duration;

use chrono::TimeDelta;
use kazi_clients::stripe::{Error, Page, Stripe};
use kazi_platform::{Timestamp, WorkspaceId, database};
use kazi_queue::{EnqueueError, Job, JobError, Options, Pool, Retry, Running, Unique, enqueue_all};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    Cause, PaymentAccountId, PaymentError, PaymentId, ReconciliationId, accounts,
    events::{self, KINDS, NewEvent},
    report::{Found, report},
    settle::Desk,
    store::{accounts as accounts_table, reconciliations as table},
};
use crate::{Context, Work, audit::Change, pools};

#[derive(Debug, Serialize, Deserialize)]
pub struct Reconcile {
    pub workspace: WorkspaceId,
    pub account: PaymentAccountId,
    /// The row of this run.
    pub reconciliation: ReconciliationId,
}

/// What the run has read and found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub events: i32,
    pub sessions: i32,
    pub transactions: i32,
    pub repaired: i32,
    pub differences: i32,
}

/// Stripe keeps events for 30 days.
const LONGEST: TimeDelta = TimeDelta::days(30);
/// The overlap of two runs: for differences between Stripe's clock and ours, and for changes during the last run.
const OVERLAP: TimeDelta = TimeDelta::hours(1);
/// The delay of a webhook that is not yet lost.
const LATE: TimeDelta = TimeDelta::minutes(5);
/// Accounts in one transaction.
const BATCH: i64 = 200;

impl Job for Reconcile {
    type Context = Context;
    const NAME: &'static str = "payments.reconcile";
    const POOL: Pool = pools::PAYMENTS;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(30), Duration::from_secs(600)).attempts(6);
    const TIMEOUT: Duration = Duration::from_secs(1_800);

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .lane(self.account.to_string())
            .unique(self.account.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (account, stripe) = accounts::open(ctx, self.workspace, self.account).await?;
        let until = ctx.clock.now();
        let mut work = Work::of(ctx, self.workspace).await?;
        let last = table::last_until(&mut work, self.account).await?;
        let from = last.unwrap_or(account.created_at).max(until - LONGEST) - OVERLAP;
        let id = self.reconciliation;
        table::begin(&mut work, id, self.account, (from, until)).await?;
        work.commit().await?;
        let mut look = Look {
            ctx,
            stripe: &stripe,
            desk: Desk {
                now: until,
                workspace: self.workspace,
                account: self.account,
                reconciliation: Some(self.reconciliation),
            },
            from,
            until,
            tally: Tally::default(),
        };
        let looked = look.all().await;
        let tally = look.tally;
        let (error, ended) = match looked {
            Ok(()) => (None, Ok(())),
            Err(ReconcileError::Job(error)) => (Some("the database failed".to_owned()), Err(error)),
            Err(ReconcileError::Stripe(error)) => {
                let words = error.to_string();
                let error = accounts::failed(ctx, self.workspace, self.account, error).await;
                (Some(words), Err(error))
            }
        };
        let outcome = if error.is_none() { "done" } else { "failed" };
        metrics::counter!("kazi_payments_reconciliations_total", "outcome" => outcome).increment(1);
        let mut work = Work::of(ctx, self.workspace).await?;
        table::end(&mut work, id, &tally, error.as_deref()).await?;
        work.commit().await?;
        ended
    }
}

/// Enqueues the reconciliation of an account, in the caller's transaction.
pub async fn reconcile(work: &mut Work) -> Result<ReconciliationId, PaymentError> {
    let account = accounts_table::current(work).await?;
    let account = account.ok_or(PaymentError::NotFound)?;
    let id = ReconciliationId::at(work.now());
    let job = Reconcile {
        workspace: work.workspace(),
        account,
        reconciliation: id,
    };
    if job.enqueue(work.conn()).await?.duplicate {
        return Err(PaymentError::Running);
    }
    table::begin(work, id, account, (work.now(), work.now())).await?;
    let subject = ("payment_account", account);
    work.audit(&Change::done("payments.reconcile", subject))
        .await?;
    Ok(id)
}

/// Enqueues the reconciliation of all accounts.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReconcileAll {}

impl Job for ReconcileAll {
    type Context = Context;
    const NAME: &'static str = "payments.reconcile_all";
    const POOL: Pool = pools::DEFAULT;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut after = PaymentAccountId::from(Uuid::nil());
        loop {
            // The transaction sees the accounts of all workspaces. After a crash the next run starts again; a
            // reconciliation that waits is not enqueued twice.
            let mut tx = database::platform(&ctx.db).await?;
            let page = accounts_table::in_use(&mut tx, after, BATCH).await?;
            let Some((_, last)) = page.last() else {
                return Ok(());
            };
            after = *last;
            let now = ctx.clock.now();
            let jobs: Vec<Reconcile> = page
                .into_iter()
                .map(|(workspace, account)| Reconcile {
                    workspace,
                    account,
                    reconciliation: ReconciliationId::at(now),
                })
                .collect();
            enqueue_all(&mut tx, &jobs).await?;
            tx.commit().await?;
        }
    }
}

enum ReconcileError {
    Stripe(Error),
    Job(JobError),
}

impl From<Error> for ReconcileError {
    fn from(error: Error) -> Self {
        Self::Stripe(error)
    }
}

impl From<sqlx::Error> for ReconcileError {
    fn from(error: sqlx::Error) -> Self {
        Self::Job(error.into())
    }
}

impl From<EnqueueError> for ReconcileError {
    fn from(error: EnqueueError) -> Self {
        Self::Job(error.into())
    }
}

struct Look<'a> {
    ctx: &'a Context,
    stripe: &'a Stripe,
    desk: Desk,
    from: Timestamp,
    until: Timestamp,
    tally: Tally,
}

impl Look<'_> {
    async fn all(&mut self) -> Result<(), ReconcileError> {
        self.sessions().await?;
        self.overdue().await?;
        self.events().await?;
        self.balance().await
    }

    fn page<'a>(&self, before: TimeDelta, after: Option<&'a str>) -> Page<'a> {
        Page {
            from: (self.from - before).timestamp(),
            until: self.until.timestamp() + 1,
            after,
        }
    }

    async fn found(
        &mut self,
        work: &mut Work,
        cause: Cause,
        reference: &str,
        payment: Option<PaymentId>,
        detail: &serde_json::Value,
    ) -> Result<(), sqlx::Error> {
        self.tally.differences += 1;
        let found = Found {
            account: self.desk.account,
            cause,
            reference,
            payment,
            reconciliation: self.desk.reconciliation,
            detail,
        };
        report(work, &found).await
    }

    /// Stores events that never came, as a webhook would. Their jobs do the rest.
    async fn events(&mut self) -> Result<(), ReconcileError> {
        let mut after: Option<String> = None;
        loop {
            let page = self.page(TimeDelta::zero(), after.as_deref());
            let list = self.stripe.events(&KINDS, &page).await?;
            self.tally.events += i32::try_from(list.data.len()).unwrap_or(i32::MAX);
            after = list.data.last().map(|event| event.id.clone());
            let more = list.has_more && after.is_some();
            let mut new: Vec<NewEvent> = list
                .data
                .iter()
                .filter_map(|event| {
                    // Kazi's own form, with enough to apply the event.
                    let payload = json!({"id": event.id, "type": event.kind, "created": event.created,
                        "data": {"object": event.data.object}});
                    NewEvent::new(event, payload.to_string(), self.desk.now)
                })
                // A younger event may be on its way.
                .filter(|event| event.happened_at <= self.until - LATE)
                .collect();
            // Oldest first.
            new.reverse();
            let mut work = Work::of(self.ctx, self.desk.workspace).await?;
            let account = self.desk.account;
            let from = events::From::Reconciliation;
            let lost = events::record(&mut work, account, from, &new).await?;
            for event in new.iter().filter(|event| lost.contains(&event.id)) {
                self.tally.repaired += 1;
                let detail = json!({"kind": event.kind, "object": event.object, "happened_at": event.happened_at});
                self.found(&mut work, Cause::WebhookLost, &event.id, None, &detail)
                    .await?;
            }
            work.commit().await?;
            if !more {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests;
