//! Updates refunds, the books and the payment by Stripe's reports.

use kazi_clients::stripe::{self, RefundStatus};
use kazi_queue::EnqueueError;
use serde_json::json;
use uuid::Uuid;

use super::refused;
use crate::{
    Work,
    endpoints::{Type, announce},
    payments::{
        Cause, How, PaymentId, RefundId, Status,
        ledger::{Posting, REFUNDS, STRIPE, UNMATCHED},
        model::from_stripe,
        report::{Found, report},
        settle::{Desk, count, ended},
        store::{
            self, By,
            refunds::{self as table, RefundRow},
        },
    },
};

/// Updates the refunds of an intent. Returns true when one has moved.
pub(in crate::payments) async fn settle_all(
    work: &mut Work,
    desk: Desk,
    intent: &str,
    refunds: &[stripe::Refund],
) -> Result<bool, EnqueueError> {
    let mut moved = false;
    for refund in refunds {
        moved |= settle_one(work, desk, intent, refund).await?;
    }
    Ok(moved)
}

async fn settle_one(
    work: &mut Work,
    desk: Desk,
    intent: &str,
    refund: &stripe::Refund,
) -> Result<bool, EnqueueError> {
    let Some(amount) = from_stripe(refund.amount, &refund.currency) else {
        return Ok(false);
    };
    let payment = store::hold(work, By::Intent(intent)).await?;
    let ours = refund.reference().and_then(|text| text.parse().ok());
    let mut known = table::hold(work, ours, Some(&refund.id)).await?;
    if known.is_none()
        && let Some(payment) = &payment
    {
        // From Stripe's dashboard.
        let row = RefundRow {
            id: RefundId::from(Uuid::now_v7()),
            payment: payment.id,
            intent: intent.to_owned(),
            amount,
            reason: "given back at Stripe".into(),
            status: "requested".into(),
            key_number: 0,
            requested_at: Some(desk.now),
            unclear: false,
            refund: Some(refund.id.clone()),
            error: None,
        };
        table::insert(work, &row).await?;
        let detail = json!({"refund": refund.id, "amount": amount, "intent": intent});
        let found = Found {
            account: desk.account,
            cause: Cause::RefundElsewhere,
            reference: &refund.id,
            payment: Some(payment.id),
            reconciliation: desk.reconciliation,
            detail: &detail,
        };
        report(work, &found).await?;
        known = Some(row);
    }
    let Some(mut row) = known else {
        return Ok(false);
    };
    let status = match refund.status {
        RefundStatus::Succeeded => "succeeded",
        RefundStatus::Failed | RefundStatus::Canceled => "failed",
        _ => "pending",
    };
    let fulfilled = payment
        .as_ref()
        .is_some_and(|payment| matches!(payment.status, Status::Paid | Status::Refunded));
    let counter = if fulfilled { REFUNDS } else { UNMATCHED };
    let book = |kind, reference: String, (to, from)| {
        Posting::new(
            kind,
            reference,
            Some(row.payment),
            desk.now,
            (to, from),
            // As it was asked for: Stripe may have given back in the customer's currency.
            row.amount,
        )
    };
    // Stripe takes the money at the request. If the bank refuses it, the money comes back.
    let mut postings: Vec<Posting> =
        book("refund", format!("refund:{}", refund.id), (counter, STRIPE))
            .into_iter()
            .collect();
    if status == "failed" {
        postings.extend(book(
            "refund_failed",
            format!("refund_failed:{}", refund.id),
            (STRIPE, counter),
        ));
    }
    let booked = store::ledger::post(work, &postings).await?;
    let moved = booked > 0 || row.status != status;
    let gone = status == "succeeded" && row.status != status;
    let back = status == "failed" && row.status == "succeeded";
    (row.status, row.refund, row.unclear) = (status.into(), Some(refund.id.clone()), false);
    row.error.clone_from(&refund.failure_reason);
    table::save(work, &row).await?;
    if status == "failed" {
        refused(work, desk, &row).await?;
    }
    refresh(work, row.payment).await?;
    if gone {
        announce(work, Type::PAYMENT_REFUNDED, row.payment).await?;
    } else if back {
        announce(work, Type::PAYMENT_REFUND_FAILED, row.payment).await?;
    }
    Ok(moved)
}

/// Updates the refunded sum of a payment. When all is refunded, its subject is told.
pub(super) async fn refresh(work: &mut Work, payment: PaymentId) -> Result<(), EnqueueError> {
    let Some(mut row) = store::hold(work, By::Id(payment)).await? else {
        return Ok(());
    };
    let (Some(got), Some(intent)) = (row.received, row.intent.clone()) else {
        return Ok(());
    };
    // One that was made at Stripe in another currency is reported: nobody here knows what it is worth in this one.
    let (all, gone) = table::sums(work, payment, &intent, got.currency).await?;
    row.refunded_minor = all;
    let whole = gone >= got.minor && matches!(row.status, Status::Paid | Status::Mismatched);
    let told = row.status == Status::Paid;
    if whole {
        row.status = Status::Refunded;
    }
    store::save(work, &row).await?;
    if whole {
        count(Status::Refunded);
        if told {
            ended(work, &row, How::Refunded).await?;
        }
    }
    Ok(())
}
