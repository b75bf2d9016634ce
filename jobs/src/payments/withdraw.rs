//! Takes a payment back that is not wanted any more. Whoever tells a subject of its payment holds the payment's row and
//! then takes the subject's; so whoever changes a subject must not take a payment's row, or the two would wait for each
//! other. It writes a job down instead. Money that comes before the job runs is told to the subject, which
//! [refuses](refuse) what it cannot use.

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

/// Takes a payment back that still waits for money, after the caller's transaction: its session is ended, and money that
/// comes nevertheless goes back.
///
/// # Errors
/// The database failed.
pub async fn withdraw(work: &mut Work, payment: PaymentId) -> Result<(), EnqueueError> {
    Withdraw {
        workspace: work.workspace(),
        payment,
    }
    .enqueue(work.conn())
    .await?;
    Ok(())
}

/// Takes a payment back.
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
        // What was paid meanwhile its subject has taken, or refused.
        let Some(mut row) = held.filter(|row| row.status.waits()) else {
            return Ok(());
        };
        row.status = Status::Withdrawn;
        store::save(&mut work, &row).await?;
        // Without a session, the job that makes it is under way, and ends what it has made.
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

/// Gives all the money of a paid payment back, and reports it: its subject is over. For [`paid`](crate::orders::paid) and
/// its like alone, whose caller holds the payment.
///
/// # Errors
/// The database failed.
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
    let (taken, _) = store::refunds::sums(work, payment, intent).await?;
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
