//! Handles the reports of payments: a link, money, the end of a payment. Each may come twice, late, or in another
//! order.

use chrono::SubsecRound;
use kazi_queue::EnqueueError;

use super::{
    PaidPeriod, PeriodId, Status,
    notices::{Word, tell},
    people::Reader,
    store,
    subscribe::{ended, plan_ahead, plan_of},
};
use crate::{
    Work,
    conversations::MessageId,
    endpoints::{Type, announce},
    payments::{self, Ended, How, Opened, Paid, SubscriptionId},
};

/// The customer can pay now and gets the link once.
pub async fn payment_opened(
    work: &mut Work,
    id: SubscriptionId,
    opened: &Opened,
) -> Result<(), EnqueueError> {
    let Some(mut found) = store::lock(work, id).await? else {
        tracing::warn!(subscription.id = %id, "a payment was opened for a subscription that there is not");
        return Ok(());
    };
    let plan = plan_of(work, &found).await?;
    // Paid, ended, withdrawn or replaced meanwhile: the link is of no use.
    let Some(asked) = &mut found.payment else {
        return Ok(());
    };
    if asked.id != opened.payment || asked.url.is_some() {
        return Ok(());
    }
    asked.url = Some(opened.url.clone());
    asked.until = opened.expires_at;
    let asked = asked.clone();
    store::save(work, &found).await?;
    let reader = Reader::of(work, found.contact_id).await?;
    let message = MessageId::derived(opened.payment.uuid(), 0);
    let word = Word::Link(&asked, &opened.url);
    tell(work, (&found, &plan), &reader, message, word).await
}

/// Money has come: the subscription begins, goes on or begins anew (see [`renewal`](super::Subscription::renewal)). A
/// repeated report changes nothing, because the payment has its period already.
pub async fn paid(work: &mut Work, id: SubscriptionId, paid: &Paid) -> Result<(), EnqueueError> {
    let Some(mut found) = store::lock(work, id).await? else {
        tracing::error!(subscription.id = %id, payment.id = %paid.payment, "money has come for a subscription that there is not");
        return Ok(());
    };
    if !found.status.is_live() {
        // The contact has subscribed to the plan again meanwhile. The payment goes to that subscription.
        let (contact, plan) = (found.contact_id, found.plan_id);
        if let Some(live) = store::live(work, contact, plan).await?
            && let Some(live) = store::lock(work, live).await?
        {
            found = live;
        }
    }
    let plan = plan_of(work, &found).await?;
    let reader = Reader::of(work, found.contact_id).await?;
    // As PostgreSQL stores it, because jobs compare the end with the row.
    let paid_at = paid.at.trunc_subsecs(6);
    let renewal = found.renewal(&plan, paid_at, reader.zone);
    let period = PaidPeriod {
        id: PeriodId::at(work.now()),
        starts_at: renewal.starts_at,
        ends_at: renewal.ends_at,
        payment_id: paid.payment,
        amount: paid.amount,
        paid_at,
        refunded_at: None,
    };
    // This makes a repeated report harmless.
    if !store::append(work, found.id, &period).await? {
        return Ok(());
    }
    // Withdraws another open payment, so that nobody pays twice.
    if let Some(asked) = found.payment.take()
        && asked.id != paid.payment
    {
        payments::withdraw(work, asked.id).await?;
    }
    let kind = match found.status {
        Status::Pending => "first",
        _ if renewal.begins => "anew",
        _ => "renewal",
    };
    found.renew(&renewal);
    store::save(work, &found).await?;
    announce(work, Type::SUBSCRIPTION_PAID, found.id).await?;
    plan_ahead(work, (&found, &plan), &reader).await?;
    metrics::counter!("kazi_subscriptions_paid_total", "kind" => kind).increment(1);
    let message = MessageId::derived(period.id.uuid(), 0);
    let pair = (&found, &plan);
    tell(work, pair, &reader, message, Word::Renewed).await
}

/// A payment will not be paid, or was refunded. The next reminder asks for another payment, and a subscription that
/// never began is cancelled. A refund is stored with its period and does not end the subscription; the member who
/// refunds decides that.
pub async fn payment_ended(
    work: &mut Work,
    id: SubscriptionId,
    how: &Ended,
) -> Result<(), EnqueueError> {
    let Some(mut found) = store::lock(work, id).await? else {
        return Ok(());
    };
    if how.how == How::Refunded {
        store::refunded(work, how.payment).await?;
    }
    if found
        .payment
        .as_ref()
        .is_none_or(|asked| asked.id != how.payment)
    {
        return Ok(());
    }
    found.payment = None;
    let unpaid = found.status == Status::Pending;
    if unpaid {
        found.status = Status::Cancelled;
        ended("unpaid");
    }
    store::save(work, &found).await?;
    if unpaid {
        announce(work, Type::SUBSCRIPTION_CANCELLED, id).await?;
    }
    Ok(())
}
