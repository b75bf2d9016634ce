//! The only way in which a payment moves: by the present state of its session at Stripe. The answer to a request, a
//! webhook and a reconciliation all call this with a session that was just read, and it locks the payment's row. So
//! their order does not matter, and neither do repeated, late or lost webhooks.

use crate::{
    Work,
    endpoints::{Type, announce},
};
use chrono::DateTime;
use kazi_clients::stripe::{PaymentStatus, Session, SessionStatus};
use kazi_platform::{Money, Timestamp, WorkspaceId};
use kazi_queue::{EnqueueError, Job};
use serde_json::json;

use super::{
    Cause, Ended, ExpireSession, How, Opened, Paid, PaymentAccountId, PaymentId, ReconciliationId,
    Status, hooks,
    ledger::{Posting, SALES, STRIPE, UNMATCHED},
    model::{from_stripe, to_stripe},
    refunds,
    report::{Found, report},
    store::{self, PaymentRow},
};

/// Where and when a payment is settled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Desk {
    pub now: Timestamp,
    pub workspace: WorkspaceId,
    pub account: PaymentAccountId,
    /// The reconciliation that calls.
    pub reconciliation: Option<ReconciliationId>,
}

/// A session that was just read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub session: &'a Session,
    /// The bank has refused after the customer had finished.
    pub refused: bool,
}

/// Returns true when the payment has moved.
pub(super) async fn settle(
    work: &mut Work,
    desk: Desk,
    mut row: PaymentRow,
    seen: Seen<'_>,
) -> Result<bool, EnqueueError> {
    let session = seen.session;
    let paid = has_paid(session);
    match &row.session {
        Some(ours) if *ours == session.id => {}
        // Stripe had created this session although it had answered 5xx. The payment keeps the one that is paid first.
        Some(_) if !paid || row.received.is_some() => {
            return stray(work, desk, &row, session, paid).await;
        }
        Some(other) => expire(work, desk, &row, other.clone()).await?,
        None => {}
    }
    let was = row.status;
    row.account = Some(desk.account);
    row.session = Some(session.id.clone());
    row.session_ends_at = DateTime::from_timestamp(session.expires_at, 0).or(row.session_ends_at);
    row.unclear = false;
    if session.payment_intent.is_some() {
        row.intent.clone_from(&session.payment_intent);
    }
    if session.url.is_some() {
        row.url.clone_from(&session.url);
    }
    match session.status {
        _ if paid => return money(work, desk, row, session).await,
        SessionStatus::Open => match row.status {
            Status::Requested => row.status = Status::Open,
            // The payment was withdrawn during the creation.
            Status::Withdrawn => expire(work, desk, &row, session.id.clone()).await?,
            _ => {}
        },
        SessionStatus::Complete if row.status.waits() => {
            row.status = if seen.refused {
                Status::Failed
            } else {
                Status::Processing
            };
        }
        SessionStatus::Expired if row.status.waits() => row.status = Status::Expired,
        _ => {}
    }
    store::save(work, &row).await?;
    if was == row.status {
        return Ok(false);
    }
    count(row.status);
    match row.status {
        Status::Open => opened(work, &row).await?,
        Status::Expired => {
            announce(work, Type::PAYMENT_EXPIRED, row.id).await?;
            ended(work, &row, How::Expired).await?;
        }
        Status::Failed => {
            announce(work, Type::PAYMENT_FAILED, row.id).await?;
            ended(work, &row, How::Failed).await?;
        }
        _ => {}
    }
    Ok(true)
}

/// The customer has finished and no money is on its way: it is paid, or nothing was left to pay.
pub(super) fn has_paid(session: &Session) -> bool {
    match session.payment_status {
        PaymentStatus::Paid => true,
        PaymentStatus::NoPaymentRequired => session.status == SessionStatus::Complete,
        _ => false,
    }
}

pub(super) fn count(status: Status) {
    metrics::counter!("kazi_payments_total", "status" => status.name()).increment(1);
}

/// Books money once, compares it with the request, and tells the subject.
async fn money(
    work: &mut Work,
    desk: Desk,
    mut row: PaymentRow,
    session: &Session,
) -> Result<bool, EnqueueError> {
    if row.received.is_some() {
        return Ok(false);
    }
    let asked = session.asked();
    let got = asked.and_then(|(amount, currency)| from_stripe(amount, currency));
    // An amount that cannot be read is as wrong as another one.
    let got = got.unwrap_or(Money {
        minor: 0,
        currency: row.amount.currency,
    });
    let wanted = row.amount;
    // What is left over of a currency without decimals is no part of the money, but of another amount.
    let whole = asked.is_some_and(|(amount, _)| to_stripe(got) == Some(amount));
    let due = row.status.waits() && got == wanted && whole;
    row.received = Some(got);
    row.paid_at = Some(desk.now);
    let cause = if due {
        None
    } else if !row.status.waits() {
        Some(Cause::PaidAfterEnd)
    } else if got.currency != wanted.currency {
        Some(Cause::CurrencyDiffers)
    } else {
        Some(Cause::AmountDiffers)
    };
    let reference = session.payment_intent.as_ref().unwrap_or(&session.id);
    let counter = if due { SALES } else { UNMATCHED };
    let posting = Posting::new(
        "charge",
        format!("charge:{reference}"),
        Some(row.id),
        desk.now,
        (STRIPE, counter),
        got,
    );
    store::ledger::post(work, posting.as_slice()).await?;
    match cause {
        None => row.status = Status::Paid,
        // The payment keeps its end, and the money goes back.
        Some(Cause::PaidAfterEnd) => {}
        Some(_) => row.status = Status::Mismatched,
    }
    store::save(work, &row).await?;
    count(row.status);
    let Some(cause) = cause else {
        announce(work, Type::PAYMENT_SUCCEEDED, row.id).await?;
        let paid = Paid {
            payment: row.id,
            amount: got,
            at: desk.now,
        };
        hooks::paid(work, row.subject, &paid).await?;
        return Ok(true);
    };
    let detail =
        json!({"expected": wanted, "found": got, "session": session.id, "status": row.status});
    found(work, desk, &row, cause, &session.id, &detail).await?;
    if row.status == Status::Mismatched {
        announce(work, Type::PAYMENT_MISMATCHED, row.id).await?;
    }
    if cause == Cause::PaidAfterEnd {
        refunds::give_back(work, desk, &row, reference, got, "it came after the end").await?;
    }
    Ok(true)
}

/// A second session of a payment. It must not be paid; if it was, the money goes back.
async fn stray(
    work: &mut Work,
    desk: Desk,
    row: &PaymentRow,
    session: &Session,
    paid: bool,
) -> Result<bool, EnqueueError> {
    if !paid {
        if session.status == SessionStatus::Open {
            expire(work, desk, row, session.id.clone()).await?;
        }
        return Ok(false);
    }
    let got = session
        .asked()
        .and_then(|(amount, currency)| from_stripe(amount, currency));
    let (Some(got), Some(intent)) = (got, &session.payment_intent) else {
        return Ok(false);
    };
    let posting = Posting::new(
        "charge",
        format!("charge:{intent}"),
        Some(row.id),
        desk.now,
        (STRIPE, UNMATCHED),
        got,
    );
    let new = store::ledger::post(work, posting.as_slice()).await?;
    if new == 0 {
        return Ok(false);
    }
    let detail = json!({"found": got, "session": session.id, "first_session": row.session});
    found(work, desk, row, Cause::PaidTwice, &session.id, &detail).await?;
    refunds::give_back(work, desk, row, intent, got, "it was paid twice").await?;
    Ok(true)
}

async fn found(
    work: &mut Work,
    desk: Desk,
    row: &PaymentRow,
    cause: Cause,
    reference: &str,
    detail: &serde_json::Value,
) -> Result<(), sqlx::Error> {
    let found = Found {
        account: desk.account,
        cause,
        reference,
        payment: Some(row.id),
        reconciliation: desk.reconciliation,
        detail,
    };
    report(work, &found).await
}

async fn expire(
    work: &mut Work,
    desk: Desk,
    row: &PaymentRow,
    session: String,
) -> Result<(), EnqueueError> {
    let job = ExpireSession {
        workspace: desk.workspace,
        account: desk.account,
        payment: row.id,
        session,
    };
    job.enqueue(work.conn()).await?;
    Ok(())
}

async fn opened(work: &mut Work, row: &PaymentRow) -> Result<(), EnqueueError> {
    let opened = Opened {
        payment: row.id,
        url: row.url.clone().unwrap_or_default(),
        expires_at: row.session_ends_at.unwrap_or(row.expires_at),
    };
    hooks::opened(work, row.subject, &opened).await
}

/// Ends an overdue payment whose session Stripe does not know, because no money can come.
pub(super) async fn give_up(work: &mut Work, payment: PaymentId) -> Result<(), EnqueueError> {
    let held = store::hold(work, store::By::Id(payment)).await?;
    let Some(mut row) = held.filter(|row| row.status.waits()) else {
        return Ok(());
    };
    row.status = Status::Failed;
    row.error = Some("Stripe does not know its session".into());
    store::save(work, &row).await?;
    count(row.status);
    announce(work, Type::PAYMENT_FAILED, row.id).await?;
    ended(work, &row, How::Failed).await
}

/// Tells the subject how a payment has ended.
pub(super) async fn ended(work: &mut Work, row: &PaymentRow, how: How) -> Result<(), EnqueueError> {
    let ended = Ended {
        payment: row.id,
        how,
        error: row.error.clone(),
    };
    hooks::ended(work, row.subject, &ended).await
}
