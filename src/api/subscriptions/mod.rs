//! Subscriptions, for members, and for customers about themselves.

mod plans;

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission, Work,
    contacts::ContactId,
    payments::SubscriptionId,
    subscriptions::{
        self, Details, NewSubscription, PaidPeriod, PeriodId, Plan, PlanId, Status, Subscription,
        SubscriptionError,
    },
};
use kazi_platform::crypto::CryptoError;
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::{Caller, Customer},
    created::Created,
    errors::conflict,
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::{Access, Routes},
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    let about = "Services that end and are renewed by a payment.";
    let subscriptions = Routes::new("subscriptions", about)
        .add(Permission::SUBSCRIPTIONS_READ, routes!(list))
        .add(Permission::SUBSCRIPTIONS_READ, routes!(get))
        .add(Permission::SUBSCRIPTIONS_READ, routes!(periods))
        .add(Permission::SUBSCRIPTIONS_WRITE, routes!(create))
        .add(Permission::SUBSCRIPTIONS_WRITE, routes!(renew))
        .add(Permission::SUBSCRIPTIONS_WRITE, routes!(cancel))
        .add(Permission::SUBSCRIPTIONS_WRITE, routes!(set_details))
        .add(Access::Customer, routes!(own_plans))
        .add(Access::Customer, routes!(own, subscribe))
        .add(Access::Customer, routes!(own_one))
        .add(Access::Customer, routes!(renew_own))
        .add(Access::Customer, routes!(cancel_own));
    vec![plans::routes(), subscriptions]
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    contact_id: Option<ContactId>,
    plan_id: Option<PlanId>,
    #[param(inline)]
    status: Option<Status>,
}

/// Lists the subscriptions, newest first.
#[utoipa::path(get, path = "/api/v1/subscriptions", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Subscription>)))]
async fn list(caller: Caller, list: List<Filter, SubscriptionId>) -> Answer<Page<Subscription>> {
    let mut work = caller.begin().await?;
    let filter = subscriptions::SubscriptionFilter {
        contact: list.filter.contact_id,
        plan: list.filter.plan_id,
        status: list.filter.status,
    };
    let limit = list.fetch();
    let rows = subscriptions::subscriptions(&mut work, &filter, list.after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a subscription.
#[utoipa::path(get, path = "/api/v1/subscriptions/{id}",
    responses((status = 200, description = "The subscription.", body = Subscription)))]
async fn get(caller: Caller, Path(id): Path<SubscriptionId>) -> Answer<Subscription> {
    let mut work = caller.begin().await?;
    let found = subscriptions::subscription(&mut work, id).await?;
    Ok(Json(found.ok_or(NOT_FOUND)?))
}

/// Lists the paid periods of a subscription, newest first.
#[utoipa::path(get, path = "/api/v1/subscriptions/{id}/periods", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<PaidPeriod>)))]
async fn periods(
    caller: Caller,
    Path(id): Path<SubscriptionId>,
    list: List<NoFilter, PeriodId>,
) -> Answer<Page<PaidPeriod>> {
    let limit = list.fetch();
    let mut work = caller.begin().await?;
    let found = subscriptions::subscription(&mut work, id).await?;
    found.ok_or(NOT_FOUND)?;
    let rows = subscriptions::periods(&mut work, id, list.after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Subscribes a contact to a plan.
///
/// The contact gets a payment link, and the subscription begins with the payment. With `ends_at` it is paid until then
/// already.
#[utoipa::path(post, path = "/api/v1/subscriptions", request_body = NewSubscription,
    responses(
        (status = 201, description = "It is made.", body = Subscription),
        (status = 409, description = "`already_subscribed`: the contact has this plan."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<NewSubscription>,
) -> Result<Created<Json<Subscription>>, Problem> {
    let mut work = caller.begin().await?;
    let made = subscriptions::subscribe(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/subscriptions/{}", made.id);
    Ok(Created::at(place, Json(made)))
}

/// Requests the payment of the next period.
///
/// `payment.url` is the payment page. It is `null` until Stripe has created it. The contact gets the link as soon as
/// there is one. While a payment is open, no second one is requested.
#[utoipa::path(post, path = "/api/v1/subscriptions/{id}/renew",
    responses(
        (status = 200, description = "As it is now.", body = Subscription),
        (status = 409, description = "`subscription_over`: it was cancelled."),
    ))]
async fn renew(caller: Caller, Path(id): Path<SubscriptionId>) -> Answer<Subscription> {
    let mut work = caller.begin().await?;
    let after = subscriptions::renew(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(after))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Cancel {
    /// At the end of the paid time. Otherwise at once.
    #[schema(example = true)]
    at_end: bool,
}

/// Cancels a subscription, at once or at the end of its paid time. An open payment is withdrawn.
#[utoipa::path(post, path = "/api/v1/subscriptions/{id}/cancel", request_body = Cancel,
    responses(
        (status = 200, description = "As it is now.", body = Subscription),
        (status = 409, description = "`subscription_over`: it has expired."),
    ))]
async fn cancel(
    caller: Caller,
    Path(id): Path<SubscriptionId>,
    Json(Cancel { at_end }): Json<Cancel>,
) -> Answer<Subscription> {
    let mut work = caller.begin().await?;
    let after = subscriptions::cancel(&mut work, id, at_end).await?;
    work.commit().await?;
    Ok(Json(after))
}

/// What the customer needs to use the service.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SubscriptionDetails {
    /// Up to 20 names of up to 40 characters, each with a value of up to 500.
    #[schema(example = json!({"username": "amina", "password": "maize kettle"}))]
    details: Details,
}

/// Sets what the customer needs to use the service: user name, password, address.
///
/// It is stored encrypted, and only the customer can read it.
#[utoipa::path(put, path = "/api/v1/subscriptions/{id}/details", request_body = SubscriptionDetails,
    responses((status = 204, description = "It is stored.")))]
async fn set_details(
    caller: Caller,
    Path(id): Path<SubscriptionId>,
    State(api): State<Shared>,
    Json(SubscriptionDetails { details }): Json<SubscriptionDetails>,
) -> Result<StatusCode, Problem> {
    let keyring = &api.ctx.keyring;
    let mut work = caller.begin().await?;
    subscriptions::set_details(&mut work, keyring, id, &details).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the plans that you can subscribe to.
#[utoipa::path(get, path = "/api/v1/customer/plans", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Plan>)))]
async fn own_plans(customer: Customer, list: List<NoFilter, PlanId>) -> Answer<Page<Plan>> {
    let mut work = customer.begin().await?;
    let limit = list.fetch();
    let rows = subscriptions::plans(&mut work, Some(true), list.after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Lists your subscriptions, newest first.
#[utoipa::path(get, path = "/api/v1/customer/subscriptions", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Subscription>)))]
async fn own(
    customer: Customer,
    list: List<NoFilter, SubscriptionId>,
) -> Answer<Page<Subscription>> {
    let mut work = customer.begin().await?;
    let filter = subscriptions::SubscriptionFilter {
        contact: Some(customer.contact),
        ..subscriptions::SubscriptionFilter::default()
    };
    let limit = list.fetch();
    let rows = subscriptions::subscriptions(&mut work, &filter, list.after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Subscribe {
    plan_id: PlanId,
}

/// Subscribes you to a plan. You get a payment link.
#[utoipa::path(post, path = "/api/v1/customer/subscriptions", request_body = Subscribe,
    responses(
        (status = 201, description = "It is made.", body = Subscription),
        (status = 409, description = "`already_subscribed`: you have this plan."),
    ))]
async fn subscribe(
    customer: Customer,
    Json(Subscribe { plan_id }): Json<Subscribe>,
) -> Result<Created<Json<Subscription>>, Problem> {
    let new = NewSubscription {
        contact_id: customer.contact,
        plan_id,
        ends_at: None,
    };
    let mut work = customer.begin().await?;
    let made = subscriptions::subscribe(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/customer/subscriptions/{}", made.id);
    Ok(Created::at(place, Json(made)))
}

/// A subscription with what you need to use the service.
#[derive(Serialize, ToSchema)]
struct OwnSubscription {
    subscription: Subscription,
    /// Names and values. Empty when there are none.
    #[schema(example = json!({"username": "amina", "password": "maize kettle"}))]
    details: Details,
}

/// Shows one of your subscriptions, with what you need to use the service.
#[utoipa::path(get, path = "/api/v1/customer/subscriptions/{id}",
    responses((status = 200, description = "The subscription.", body = OwnSubscription)))]
async fn own_one(
    customer: Customer,
    Path(id): Path<SubscriptionId>,
    State(api): State<Shared>,
) -> Answer<OwnSubscription> {
    let mut work = customer.begin().await?;
    let subscription = theirs(&customer, &mut work, id).await?;
    let keyring = &api.ctx.keyring;
    let details = subscriptions::details(&mut work, keyring, id).await?;
    Ok(Json(OwnSubscription {
        subscription,
        details,
    }))
}

/// Requests the payment of your next period. You get the link.
#[utoipa::path(post, path = "/api/v1/customer/subscriptions/{id}/renew",
    responses(
        (status = 200, description = "As it is now.", body = Subscription),
        (status = 409, description = "`subscription_over`: it was cancelled."),
    ))]
async fn renew_own(customer: Customer, Path(id): Path<SubscriptionId>) -> Answer<Subscription> {
    let mut work = customer.begin().await?;
    theirs(&customer, &mut work, id).await?;
    let after = subscriptions::renew(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(after))
}

/// Cancels your subscription, at once or at the end of its paid time.
#[utoipa::path(post, path = "/api/v1/customer/subscriptions/{id}/cancel", request_body = Cancel,
    responses(
        (status = 200, description = "As it is now.", body = Subscription),
        (status = 409, description = "`subscription_over`: it has expired."),
    ))]
async fn cancel_own(
    customer: Customer,
    Path(id): Path<SubscriptionId>,
    Json(Cancel { at_end }): Json<Cancel>,
) -> Answer<Subscription> {
    let mut work = customer.begin().await?;
    theirs(&customer, &mut work, id).await?;
    let after = subscriptions::cancel(&mut work, id, at_end).await?;
    work.commit().await?;
    Ok(Json(after))
}

/// A customer does not find the subscriptions of others.
async fn theirs(
    customer: &Customer,
    work: &mut Work,
    id: SubscriptionId,
) -> Result<Subscription, Problem> {
    let found = subscriptions::subscription(work, id).await?;
    found
        .filter(|found| found.contact_id == customer.contact)
        .ok_or(NOT_FOUND)
}

impl From<SubscriptionError> for Problem {
    fn from(error: SubscriptionError) -> Self {
        match error {
            SubscriptionError::Invalid(invalid) => invalid.into(),
            SubscriptionError::NotFound => NOT_FOUND,
            SubscriptionError::AlreadySubscribed(_) => conflict(
                "already_subscribed",
                "The contact has a subscription to this plan.",
            )
            .detail(error.to_string()),
            SubscriptionError::Over => conflict(
                "subscription_over",
                "The subscription has ended: subscribe again.",
            ),
            SubscriptionError::Sealed(CryptoError::Database(error))
            | SubscriptionError::Enqueue(EnqueueError::Database(error))
            | SubscriptionError::Database(error) => error.into(),
            error => Self::internal(error),
        }
    }
}
