//! Withdraws a payment that is no longer wanted. The order of locks is: first the payment's row, then the subject's. So
//! a change of a subject must not lock a payment's row; it enqueues a job instead. Money that comes before the job runs
//! is reported to the subject, which [refuses](refuse) it.

use kazi_platform::{Money, WorkspaceId};
use kazi_queue::{EnqueueError, Job, JobError, Options, Pool, Retry, Running, Unique};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Cause, ExpireSession, PATIENTLY, PaymentId, Status, refunds,
    report::{Found, report},
    settle::{Desk, count},
    store::{self, By},
};
use crate::{Context, Work, pools};

/// Withdraws a payment that waits for money, after the caller's transaction: its session is ended, and money that comes
/// nevertheless goes back.
pub async fn withdraw(work: &mut Work, payment: PaymentId) -> Result<(), EnqueueError> {
    Withdraw {
        workspace: work.workspace(),
        payment,
    }
    .enqueue(work.conn())
    .await?;
    Ok(())
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Withdraw {
    pub workspace: WorkspaceId,
    pub payment: PaymentId,
}

impl Job for Withdraw {
    type Context = Context;
    const NAME: &'static str = "payments.withdraw";
    const POOL: Pool = pools::PAYMENTS;
    const RETRY: Retry = PATIENTLY;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.payment.to_string(), Unique::WhilePending)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let workspace = self.workspace;
        let mut work = Work::of(ctx, workspace).await?;
        let held = store::hold(&mut work, By::Id(self.payment)).await?;
        // The subject has taken or refused money that came meanwhile.
        let Some(mut row) = held.filter(|row| row.status.waits()) else {
            return Ok(());
        };
        row.status = Status::Withdrawn;
        store::save(&mut work, &row).await?;
        // Without a session, the job that creates it is under way and ends it.
        if let (Some(account), Some(session)) = (row.account, row.session) {
            let job = ExpireSession {
                workspace,
                account,
                payment: self.payment,
                session,
            };
            job.enqueue(work.conn()).await?;
        }
        work.commit().await?;
        count(Status::Withdrawn);
        Ok(())
    }
}

/// Refunds a paid payment whose subject has ended, and reports it. Only for [`paid`](crate::orders::paid) and its like,
/// whose caller holds the payment.
pub async fn refuse(work: &mut Work, payment: PaymentId) -> Result<(), EnqueueError> {
    let row = store::hold(work, By::Id(payment)).await?;
    let Some(row) = row.filter(|row| row.status == Status::Paid) else {
        return Ok(());
    };
    let (Some(account), Some(got), Some(intent)) = (row.account, row.received, &row.intent) else {
        return Ok(());
    };
    let desk = Desk {
        now: work.now(),
        workspace: work.workspace(),
        account,
        reconciliation: None,
    };
    let detail = json!({"found": got, "session": row.session, "status": row.status});
    let found = Found {
        account,
        cause: Cause::PaidAfterEnd,
        reference: row.session.as_ref().unwrap_or(intent),
        payment: Some(payment),
        reconciliation: None,
        detail: &detail,
    };
    report(work, &found).await?;
    let (taken, _) = store::refunds::sums(work, payment, intent, got.currency).await?;
    let left = Money {
        minor: got.minor - taken,
        ..got
    };
    if left.minor > 0 {
        refunds::give_back(work, desk, &row, intent, left, "it was cancelled").await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
