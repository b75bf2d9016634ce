//! Takes a payment back that is not wanted any more. Whoever tells a subject of its payment holds the payment's row and
//! then takes the subject's; so whoever changes a subject must not take a payment's row, or the two would wait for each
//! other. It writes a job down instead. Money that comes before the job runs is told to the subject, which
//! [refuses](refuse) what it cannot use.

use kazi_platform::{Money, Timestamp, WorkspaceId, database};
use kazi_queue::{EnqueueError, Job, JobError, Options, Pool, Retry, Running, Unique};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;

use super::{
    Cause, ExpireSession, PATIENTLY, PaymentId, Status, refunds,
    report::{Found, report},
    settle::{Desk, count},
    store::{self, By},
};
use crate::{Context, pools};

/// Takes a payment back that still waits for money, after the caller's transaction: its session is ended, and money that
/// comes nevertheless goes back.
///
/// # Errors
/// The database failed.
pub async fn withdraw(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    payment: PaymentId,
) -> Result<(), EnqueueError> {
    Withdraw { workspace, payment }.enqueue(conn).await?;
    Ok(())
}

/// Takes a payment back.
#[derive(Debug, Serialize, Deserialize)]
pub struct Withdraw {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which.
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
        let (workspace, now) = (self.workspace, ctx.clock.now());
        let mut tx = database::tenant(&ctx.db, workspace).await?;
        let held = store::hold(&mut tx, workspace, By::Id(self.payment)).await?;
        // What was paid meanwhile its subject has taken, or refused.
        let Some(mut row) = held.filter(|row| row.status.waits()) else {
            return Ok(());
        };
        row.status = Status::Withdrawn;
        store::save(&mut tx, now, workspace, &row).await?;
        // Without a session, the job that makes it is under way, and ends what it has made.
        if let (Some(account), Some(session)) = (row.account, row.session) {
            let job = ExpireSession {
                workspace,
                account,
                payment: self.payment,
                session,
            };
            job.enqueue(&mut tx).await?;
        }
        tx.commit().await?;
        count(Status::Withdrawn);
        Ok(())
    }
}

/// Gives all the money of a paid payment back, and reports it: its subject is over. For [`paid`](crate::orders::paid) and
/// its like alone, whose caller holds the payment.
///
/// # Errors
/// The database failed.
pub async fn refuse(
    conn: &mut PgConnection,
    now: Timestamp,
    workspace: WorkspaceId,
    payment: PaymentId,
) -> Result<(), EnqueueError> {
    let row = store::hold(&mut *conn, workspace, By::Id(payment)).await?;
    let Some(row) = row.filter(|row| row.status == Status::Paid) else {
        return Ok(());
    };
    let (Some(account), Some(got), Some(intent)) = (row.account, row.received, &row.intent) else {
        return Ok(());
    };
    let desk = Desk {
        now,
        workspace,
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
    report(&mut *conn, now, workspace, &found).await?;
    let (taken, _) = store::refunds::sums(&mut *conn, workspace, payment, intent).await?;
    let left = Money {
        minor: got.minor - taken,
        ..got
    };
    if left.minor > 0 {
        refunds::give_back(conn, desk, &row, intent, left, "it was cancelled").await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
