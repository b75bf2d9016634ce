//! Refunds: requested by a person or by [`settle`](super::settle), sent once, and updated by Stripe's reports.

mod catch_up;

use chrono::TimeDelta;
use kazi_clients::stripe::{self, Error, NewRefund, Stripe};
use kazi_platform::{Money, WorkspaceId};
use kazi_queue::{EnqueueError, Job, JobError, Options, Pool, Retry, Running, Unique};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use self::catch_up::refresh;
pub(super) use self::catch_up::settle_all;
use super::{
    Cause, PATIENTLY, PaymentAccountId, PaymentError, PaymentId, RefundId, accounts, disputes,
    model::to_stripe,
    report::{Found, report},
    settle::Desk,
    store::{
        self, By,
        refunds::{self as table, RefundRow},
    },
};
use crate::{Context, Work, audit::Change, pools, violations::Violations};

/// As for sessions.
const KEY_LIVES: TimeDelta = TimeDelta::hours(23);
const MAX_REASON: usize = 200;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRefund)]
pub struct Refund {
    /// Minor units. Left out: all that is left.
    #[serde(default)]
    #[schema(example = 500, minimum = 1)]
    pub amount_minor: Option<i64>,
    /// The reason: 1 to 200 characters.
    #[schema(example = "One jar was broken", min_length = 1, max_length = 200)]
    pub reason: String,
}

/// Requests a refund in the caller's transaction.
pub async fn refund(
    work: &mut Work,
    payment: PaymentId,
    new: &Refund,
) -> Result<RefundId, PaymentError> {
    let mut violations = Violations::default();
    violations.text("/reason", &new.reason, 1, MAX_REASON);
    // Locked: of two clicks at once, the second sees what the first has taken.
    let row = store::hold(work, By::Id(payment)).await?;
    let row = row.ok_or(PaymentError::NotFound)?;
    let (Some(got), Some(intent), Some(account)) = (row.received, &row.intent, row.account) else {
        return Err(PaymentError::NothingToRefund);
    };
    let (taken, _) = table::sums(work, payment, intent, got.currency).await?;
    let left = got.minor - taken;
    if left <= 0 {
        return Err(PaymentError::NothingToRefund);
    }
    if disputes::has_the_money(work, payment).await? {
        return Err(PaymentError::Disputed);
    }
    let minor = new.amount_minor.unwrap_or(left);
    let amount = Money {
        minor,
        currency: got.currency,
    };
    violations.unless(
        (1..=left).contains(&minor),
        "/amount_minor",
        "range",
        format!("must be 1 to {left}: what is left of the payment"),
    );
    violations.unless(
        to_stripe(amount).is_some(),
        "/amount_minor",
        "range",
        "Stripe takes no such amount of this currency",
    );
    violations.end()?;
    let id = RefundId::at(work.now());
    let desk = Desk {
        now: work.now(),
        workspace: work.workspace(),
        account,
        reconciliation: None,
    };
    ask(work, desk, id, payment, intent, amount, &new.reason).await?;
    let after = json!({"payment_id": payment, "amount": amount, "reason": new.reason});
    work.audit(&Change::created("payments.refund", ("refund", id), &after))
        .await?;
    Ok(id)
}

/// Refunds a whole charge for which nothing is due, once.
pub(super) async fn give_back(
    work: &mut Work,
    desk: Desk,
    payment: &store::PaymentRow,
    intent: &str,
    amount: Money,
    reason: &str,
) -> Result<(), EnqueueError> {
    // Derived, so that a second run requests the same refund.
    let step = intent.bytes().fold(7_u16, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    let id = RefundId::derived(payment.id.uuid(), step);
    ask(work, desk, id, payment.id, intent, amount, reason).await
}

async fn ask(
    work: &mut Work,
    desk: Desk,
    id: RefundId,
    payment: PaymentId,
    intent: &str,
    amount: Money,
    reason: &str,
) -> Result<(), EnqueueError> {
    let row = RefundRow {
        id,
        payment,
        intent: intent.to_owned(),
        amount,
        reason: reason.to_owned(),
        status: "requested".into(),
        key_number: 0,
        requested_at: None,
        unclear: false,
        refund: None,
        error: None,
    };
    if table::insert(work, &row).await? {
        let job = SendRefund {
            workspace: desk.workspace,
            account: desk.account,
            refund: id,
        };
        job.enqueue(work.conn()).await?;
    }
    Ok(())
}

/// Notifies the admins of a failed refund.
async fn refused(work: &mut Work, desk: Desk, row: &RefundRow) -> Result<(), sqlx::Error> {
    let reference = row.id.to_string();
    let detail = json!({"refund": row.refund, "amount": row.amount, "reason": row.reason, "error": row.error});
    let found = Found {
        account: desk.account,
        cause: Cause::RefundFailed,
        reference: &reference,
        payment: Some(row.payment),
        reconciliation: desk.reconciliation,
        detail: &detail,
    };
    report(work, &found).await
}

#[derive(Debug, Serialize, Deserialize)]
pub struct SendRefund {
    pub workspace: WorkspaceId,
    pub account: PaymentAccountId,
    pub refund: RefundId,
}

impl Job for SendRefund {
    type Context = Context;
    const NAME: &'static str = "payments.refund";
    const POOL: Pool = pools::PAYMENTS;
    const RETRY: Retry = PATIENTLY;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .lane(self.account.to_string())
            .unique(self.refund.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (_, stripe) = accounts::open(ctx, self.workspace, self.account).await?;
        let now = ctx.clock.now();
        let mut work = Work::of(ctx, self.workspace).await?;
        let held = table::hold(&mut work, Some(self.refund), None).await?;
        let Some(mut row) = held.filter(|row| row.status == "requested") else {
            return Ok(());
        };
        let at = *row.requested_at.get_or_insert(now);
        let look = row.unclear || now - at > KEY_LIVES;
        // Stored before the call. A run after a crash sends the same request again, and Stripe refunds once.
        table::save(&mut work, &row).await?;
        work.commit().await?;
        let called = if look {
            match self.look(&stripe, &row.intent).await {
                Ok(Some(found)) => Ok(found),
                Ok(None) => {
                    row.key_number += 1;
                    (row.requested_at, row.unclear) = (Some(now), false);
                    let mut work = Work::of(ctx, self.workspace).await?;
                    table::save(&mut work, &row).await?;
                    work.commit().await?;
                    self.send(ctx, &stripe, &row).await
                }
                Err(error) => Err(error.into()),
            }
        } else {
            self.send(ctx, &stripe, &row).await
        };
        let called = match called {
            Ok(refund) => Ok(refund),
            Err(Fault::Stripe(error)) => Err(error),
            Err(Fault::Database(error)) => return Err(error.into()),
        };
        let mut work = Work::of(ctx, self.workspace).await?;
        let desk = Desk {
            now,
            workspace: self.workspace,
            account: self.account,
            reconciliation: None,
        };
        match called {
            Ok(refund) => {
                settle_all(&mut work, desk, &row.intent, std::slice::from_ref(&refund)).await?;
                Ok(work.commit().await?)
            }
            Err(error @ (Error::Refused(_) | Error::KeyReused)) => {
                (row.status, row.error) = ("failed".into(), Some(error.to_string()));
                // The payment is locked first, as when settling.
                store::hold(&mut work, By::Id(row.payment)).await?;
                table::save(&mut work, &row).await?;
                refresh(&mut work, row.payment).await?;
                refused(&mut work, desk, &row).await?;
                work.commit().await?;
                Err(JobError::discard("refused", error))
            }
            Err(error) => {
                if matches!(error, Error::Unavailable { .. }) {
                    row.unclear = true;
                    table::save(&mut work, &row).await?;
                }
                work.commit().await?;
                Err(accounts::failed(ctx, self.workspace, self.account, error).await)
            }
        }
    }
}

impl SendRefund {
    async fn send(
        &self,
        ctx: &Context,
        stripe: &Stripe,
        row: &RefundRow,
    ) -> Result<stripe::Refund, Fault> {
        let reference = self.refund.to_string();
        let new = NewRefund {
            intent: &row.intent,
            amount: self.amount(ctx, stripe, row).await?,
            reference: &reference,
        };
        let key = format!("{reference}-{}", row.key_number);
        Ok(stripe.refund(&new, &key).await?)
    }

    /// The amount in the currency of the charge. It may be the customer's: then Stripe gives back in that currency as much
    /// of the charge as is asked for of the price. `None` means the whole charge.
    async fn amount(
        &self,
        ctx: &Context,
        stripe: &Stripe,
        row: &RefundRow,
    ) -> Result<Option<i64>, Fault> {
        let charge = stripe.intent(&row.intent).await?;
        let code = row.amount.currency.code();
        if charge.currency.eq_ignore_ascii_case(code) {
            return Ok(Some(to_stripe(row.amount).unwrap_or(row.amount.minor)));
        }
        let mut work = Work::of(ctx, self.workspace).await?;
        let filter = store::PaymentFilter::default();
        let payments = store::payments(&mut work, &filter, Some(row.payment), None, 1).await?;
        let price = payments.first().map_or(0, |payment| payment.amount_minor);
        let part = row.amount.minor < price;
        Ok(part.then(|| share(charge.amount, row.amount.minor, price)))
    }

    async fn look(&self, stripe: &Stripe, intent: &str) -> Result<Option<stripe::Refund>, Error> {
        let list = stripe.refunds(intent).await?;
        let ours = self.refund.to_string();
        Ok(list
            .data
            .into_iter()
            .find(|refund| refund.reference() == Some(&ours)))
    }
}

/// Why a refund was not sent.
enum Fault {
    Stripe(Error),
    Database(sqlx::Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Stripe(error)
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// `part` of `price`, as the same share of `charge`, rounded to the nearest.
fn share(charge: i64, part: i64, price: i64) -> i64 {
    let (charge, part, price) = (
        i128::from(charge),
        i128::from(part),
        i128::from(price.max(1)),
    );
    i64::try_from((charge * part + price / 2) / price).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
