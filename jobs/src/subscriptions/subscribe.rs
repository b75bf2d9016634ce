//! Beginning, renewing and cancelling: each asks for a payment, or takes one back.

use chrono::{SubsecRound, TimeDelta};
use kazi_platform::Timestamp;
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    Asked, Expire, Plan, PlanId, RemindRenewal, Status, Subscription, SubscriptionError, note,
    people::Reader, store,
};
use crate::{
    Work,
    contacts::{self, ContactError, ContactId},
    payments::{self, NewPayment, PaymentId, Subject, SubscriptionId},
    violations::invalid,
};

/// How long a link is good: less than Stripe's 24 hours, for the session is made a little later.
const LINK_LIFE: TimeDelta = TimeDelta::hours(23);
/// The farthest end that is taken.
const FARTHEST: TimeDelta = TimeDelta::days(3_660);

/// A subscription to be made.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubscription {
    /// Whose.
    pub contact_id: ContactId,
    /// To which plan.
    pub plan_id: PlanId,
    /// It is paid until then, by other means. Without it the customer is sent a link to pay by.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Timestamp>,
}

/// Makes a subscription: pending, with a payment that is asked for, or running until a given end.
///
/// # Errors
/// There is no such contact or plan, the contact has it already, or the database failed.
pub async fn subscribe(
    work: &mut Work,
    new: &NewSubscription,
) -> Result<Subscription, SubscriptionError> {
    // Those who are deleted or merged are not there.
    match contacts::view(work, new.contact_id).await {
        Ok(_) => {}
        Err(ContactError::Database(error)) => return Err(error.into()),
        Err(_) => {
            let fault = ("unknown", "there is no such contact".to_owned());
            return Err(invalid("/contact_id", fault).into());
        }
    }
    let plan = store::plans::plan(work, new.plan_id).await?;
    let Some(plan) = plan.filter(|plan| plan.active) else {
        let fault = ("unknown", "there is no such active plan".to_owned());
        return Err(invalid("/plan_id", fault).into());
    };
    let ends_at = new.ends_at.map(|end| end.trunc_subsecs(6));
    if ends_at.is_some_and(|end| end <= work.now() || end > work.now() + FARTHEST) {
        let rule = "must be in the next ten years".to_owned();
        return Err(invalid("/ends_at", ("range", rule)).into());
    }
    let id = SubscriptionId::at(work.now());
    let (contact, plan_id) = (new.contact_id, plan.id);
    if !store::insert(work, id, (contact, plan_id)).await? {
        let there = store::live(work, contact, plan_id).await?;
        return Err(there.map_or(SubscriptionError::NotFound, |there| {
            SubscriptionError::AlreadySubscribed(there)
        }));
    }
    let mut made = there(work, id).await?;
    let reader = Reader::of(work, contact).await?;
    match ends_at {
        None => ask(work, &mut made, &plan, &reader).await?,
        Some(end) => {
            made.status = Status::Active;
            made.starts_at = Some(work.now());
            made.ends_at = Some(end);
            made.anchor_at = Some(end);
            plan_ahead(work, (&made, &plan), &reader).await?;
        }
    }
    store::save(work, &made).await?;
    let after = json!({"contact_id": contact, "plan_id": plan_id, "ends_at": ends_at});
    let action = "subscriptions.subscribe";
    let subject = ("subscription", id.uuid());
    note(work, action, subject, None, Some(&after)).await?;
    there(work, id).await
}

/// Asks for the payment of the next period, unless one is open. The customer is sent its link as soon as there is one; of
/// one that is open already they have been told.
///
/// # Errors
/// There is no such subscription, it was cancelled, or the database failed.
pub async fn renew(work: &mut Work, id: SubscriptionId) -> Result<Subscription, SubscriptionError> {
    let found = store::lock(work, id).await?;
    let mut found = found.ok_or(SubscriptionError::NotFound)?;
    if found.status == Status::Cancelled {
        return Err(SubscriptionError::Over);
    }
    let plan = plan_of(work, &found).await?;
    let reader = Reader::of(work, found.contact_id).await?;
    ask(work, &mut found, &plan, &reader).await?;
    store::save(work, &found).await?;
    there(work, id).await
}

/// Cancels a subscription, at once or at the end of what is paid. One that is cancelled, or will be, stays so.
///
/// # Errors
/// There is no such subscription, it has expired, or the database failed.
pub async fn cancel(
    work: &mut Work,
    id: SubscriptionId,
    at_end: bool,
) -> Result<Subscription, SubscriptionError> {
    let found = store::lock(work, id).await?;
    let mut found = found.ok_or(SubscriptionError::NotFound)?;
    let before = json!({"status": found.status, "auto_cancel": found.auto_cancel});
    match found.status {
        Status::Expired => return Err(SubscriptionError::Over),
        Status::Cancelled => return Ok(found),
        Status::Active if at_end => found.auto_cancel = true,
        Status::Pending | Status::Active | Status::Grace => {
            found.status = Status::Cancelled;
            found.grace_until = None;
            ended("cancelled");
        }
    }
    if let Some(asked) = found.payment.take() {
        payments::withdraw(work, asked.id).await?;
    }
    store::save(work, &found).await?;
    let after = json!({"status": found.status, "auto_cancel": found.auto_cancel});
    let action = "subscriptions.cancel";
    let subject = ("subscription", id.uuid());
    let (before, after) = (Some(&before), Some(&after));
    note(work, action, subject, before, after).await?;
    there(work, id).await
}

/// Asks for the payment of the next period, unless one can be made already; the caller saves. The row is locked, so there
/// is one at any moment. One whose time is over is left to itself: nobody can pay it any more, and if its money is still
/// on its way it buys a period.
pub(super) async fn ask(
    work: &mut Work,
    subscription: &mut Subscription,
    plan: &Plan,
    reader: &Reader,
) -> Result<(), EnqueueError> {
    if subscription.open_payment(work.now()).is_some() {
        return Ok(());
    }
    let (id, until) = (PaymentId::at(work.now()), work.now() + LINK_LIFE);
    let new = NewPayment {
        id,
        subject: Subject::Subscription(subscription.id),
        contact: subscription.contact_id,
        amount: plan.price,
        description: plan.name(&reader.languages()),
        expires_at: until,
    };
    payments::request(work, &new).await?;
    subscription.payment = Some(Asked {
        id,
        until,
        url: None,
    });
    Ok(())
}

/// Plans what a running period brings: its reminders that are still to come, and its end.
pub(super) async fn plan_ahead(
    work: &mut Work,
    (subscription, plan): (&Subscription, &Plan),
    reader: &Reader,
) -> Result<(), EnqueueError> {
    let Some(ends_at) = subscription.ends_at else {
        return Ok(());
    };
    let subscription = subscription.id;
    for &days in &plan.remind_days {
        let due = super::model::days_from(ends_at, -days, reader.zone);
        if due > work.now() {
            let job = RemindRenewal {
                workspace: work.workspace(),
                subscription,
                ends_at,
                days,
            };
            job.plan(work.conn(), due).await?;
        }
    }
    let end = Expire {
        workspace: work.workspace(),
        subscription,
        ends_at,
    };
    end.plan(work.conn(), ends_at).await
}

/// The plan of a subscription: its row has one.
pub(super) async fn plan_of(
    work: &mut Work,
    subscription: &Subscription,
) -> Result<Plan, sqlx::Error> {
    store::plans::plan(work, subscription.plan_id)
        .await?
        .ok_or(sqlx::Error::RowNotFound)
}

async fn there(work: &mut Work, id: SubscriptionId) -> Result<Subscription, SubscriptionError> {
    store::subscription(work, id)
        .await?
        .ok_or(SubscriptionError::NotFound)
}

/// Counts an end.
pub(super) fn ended(how: &'static str) {
    metrics::counter!("kazi_subscriptions_ended_total", "how" => how).increment(1);
}
