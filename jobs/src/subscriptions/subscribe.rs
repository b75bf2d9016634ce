//! Begins, renews and cancels subscriptions. Each requests a payment or withdraws one.

use chrono::{SubsecRound, TimeDelta};
use kazi_platform::Timestamp;
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    Asked, Expire, Plan, PlanId, RemindRenewal, Status, Subscription, SubscriptionError,
    people::Reader, store,
};
use crate::{
    Work,
    audit::Change,
    contacts::{self, ContactError, ContactId},
    endpoints::{Type, announce},
    payments::{self, NewPayment, PaymentId, Subject, SubscriptionId},
    violations::invalid,
};

/// The life of a link. It is less than Stripe's 24 hours, because the session is created a little later.
const LINK_LIFE: TimeDelta = TimeDelta::hours(23);
/// The latest end that is accepted.
const FARTHEST: TimeDelta = TimeDelta::days(3_660);

#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubscription {
    pub contact_id: ContactId,
    pub plan_id: PlanId,
    /// Paid by other means until this time. Without it, the customer gets a payment link.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Timestamp>,
}

/// Creates a subscription: pending with a payment request, or running until a given end.
///
/// # Errors
/// `Invalid`: the contact or plan does not exist. `AlreadySubscribed`: the contact has a live one.
pub async fn subscribe(
    work: &mut Work,
    new: &NewSubscription,
) -> Result<Subscription, SubscriptionError> {
    // Deleted and merged contacts are not found.
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
    let (action, subject) = ("subscriptions.subscribe", ("subscription", id));
    work.audit(&Change::created(action, subject, &after))
        .await?;
    announce(work, Type::SUBSCRIPTION_CREATED, id).await?;
    there(work, id).await
}

/// Requests the payment of the next period, unless one is open. The customer gets the link as soon as there is one; the
/// link of an open payment was sent before.
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

/// Cancels a subscription, at once or at the end of its paid time. A second call changes nothing.
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
    let (action, subject) = ("subscriptions.cancel", ("subscription", id));
    work.audit(&Change::updated(action, subject, &before, &after))
        .await?;
    announce(work, Type::SUBSCRIPTION_CANCELLED, id).await?;
    there(work, id).await
}

/// Requests the payment of the next period, unless one can be made already. The caller saves. The row is locked, so
/// there is one request at a time. A request past its time is left alone: nobody can pay it, and money that is still on
/// its way buys a period.
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

/// Enqueues the jobs of a running period: its future reminders and its end.
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

/// The plan of a subscription, which always exists.
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
