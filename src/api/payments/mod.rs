//! Payments, refunds, the ledger, and the reconciliations with Stripe.

mod account;

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    contacts::ContactId,
    payments::{
        self, BalanceView, DifferenceId, DifferenceView, EntryView, OrderId, PaymentId,
        PaymentView, ReconciliationId, ReconciliationView, Refund, RefundView, Status,
        SubscriptionId,
    },
};
use serde::Deserialize;

use utoipa_axum::routes;
use uuid::Uuid;

use crate::api::{
    Answer,
    caller::Caller,
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging, Whole},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    let payments = Routes::new(
        "payments",
        "Payments, refunds, the ledger, and the comparisons with Stripe.",
    )
    .add(Permission::PAYMENTS_READ, routes!(list))
    .add(Permission::PAYMENTS_READ, routes!(get))
    .add(Permission::PAYMENTS_READ, routes!(list_refunds))
    .add(Permission::PAYMENTS_REFUND, routes!(refund))
    .add(Permission::PAYMENTS_READ, routes!(entries))
    .add(Permission::PAYMENTS_READ, routes!(balances))
    .add(Permission::PAYMENTS_READ, routes!(reconciliations))
    .add(Permission::PAYMENTS_READ, routes!(reconciliation))
    .add(Permission::PAYMENTS_REFUND, routes!(reconcile))
    .add(Permission::PAYMENTS_READ, routes!(differences));
    vec![account::routes(), payments]
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PaymentFilter {
    #[param(inline)]
    status: Option<Status>,
    #[param(value_type = Option<String>)]
    order: Option<OrderId>,
    #[param(value_type = Option<String>)]
    subscription: Option<SubscriptionId>,
    #[param(value_type = Option<String>)]
    contact: Option<ContactId>,
}

/// Lists payments, newest first.
#[utoipa::path(get, path = "/api/v1/payments", params(PaymentFilter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<PaymentView>)))]
async fn list(caller: Caller, list: List<PaymentFilter, PaymentId>) -> Answer<Page<PaymentView>> {
    let filter = payments::PaymentFilter {
        status: list.filter.status,
        order: list.filter.order,
        subscription: list.filter.subscription,
        contact: list.filter.contact,
    };
    let limit = list.fetch();
    let mut work = caller.begin().await?;
    let rows = payments::payments(&mut work, &filter, None, list.after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a payment.
#[utoipa::path(get, path = "/api/v1/payments/{id}",
    responses((status = 200, description = "The payment.", body = PaymentView)))]
async fn get(caller: Caller, Path(id): Path<PaymentId>) -> Answer<PaymentView> {
    let mut work = caller.begin().await?;
    let filter = payments::PaymentFilter::default();
    let rows = payments::payments(&mut work, &filter, Some(id), None, 1).await?;
    Ok(Json(rows.into_iter().next().ok_or(NOT_FOUND)?))
}

/// Lists the refunds of a payment, newest first.
#[utoipa::path(get, path = "/api/v1/payments/{id}/refunds",
    responses((status = 200, description = "All of them.", body = Whole<RefundView>)))]
async fn list_refunds(caller: Caller, Path(id): Path<PaymentId>) -> Answer<Whole<RefundView>> {
    let mut work = caller.begin().await?;
    let filter = payments::PaymentFilter::default();
    let there = payments::payments(&mut work, &filter, Some(id), None, 1).await?;
    if there.is_empty() {
        return Err(NOT_FOUND);
    }
    let items = payments::refunds(&mut work, id).await?;
    Ok(Json(Whole { items }))
}

/// Refunds a payment.
///
/// Stripe is asked soon. The refund's `status` shows the outcome.
#[utoipa::path(post, path = "/api/v1/payments/{id}/refunds", request_body = Refund,
    responses(
        (status = 202, description = "It is on its way.", body = RefundView),
        (status = 409, description = "No money came, or nothing is left of it."),
    ))]
async fn refund(
    caller: Caller,
    Path(id): Path<PaymentId>,
    Json(new): Json<Refund>,
) -> Result<(StatusCode, Json<RefundView>), Problem> {
    let mut work = caller.begin().await?;
    let made = payments::refund(&mut work, id, &new).await?;
    let all = payments::refunds(&mut work, id).await?;
    work.commit().await?;
    let view = all.into_iter().find(|refund| refund.id == made);
    Ok((StatusCode::ACCEPTED, Json(view.ok_or(NOT_FOUND)?)))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EntryFilter {
    #[param(value_type = Option<String>)]
    payment: Option<PaymentId>,
    /// An account of the books: `stripe`, `sales` …
    account: Option<String>,
}

/// Lists the ledger's entries, newest first.
#[utoipa::path(get, path = "/api/v1/ledger-entries", params(EntryFilter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<EntryView>)))]
async fn entries(
    caller: Caller,
    list: List<EntryFilter, (Uuid, String, String)>,
) -> Answer<Page<EntryView>> {
    let limit = list.fetch();
    let (payment, account) = (list.filter.payment, list.filter.account.as_deref());
    let mut work = caller.begin().await?;
    let after = list.after.as_ref();
    let rows = payments::entries(&mut work, payment, account, after, limit).await?;
    Ok(Json(list.page(rows, |row| {
        (row.transaction, row.account.clone(), row.currency.clone())
    })?))
}

/// Shows the sum of each account of the books in each currency.
#[utoipa::path(get, path = "/api/v1/ledger-balances",
    responses((status = 200, description = "All of them.", body = Whole<BalanceView>)))]
async fn balances(caller: Caller) -> Answer<Whole<BalanceView>> {
    let mut work = caller.begin().await?;
    let items = payments::balances(&mut work).await?;
    Ok(Json(Whole { items }))
}

/// Lists the reconciliations with Stripe, newest first.
#[utoipa::path(get, path = "/api/v1/reconciliations", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<ReconciliationView>)))]
async fn reconciliations(
    caller: Caller,
    list: List<NoFilter, ReconciliationId>,
) -> Answer<Page<ReconciliationView>> {
    let limit = list.fetch();
    let mut work = caller.begin().await?;
    let rows = payments::reconciliations(&mut work, None, list.after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a reconciliation. `GET /payment-differences?reconciliation=…` lists its differences.
#[utoipa::path(get, path = "/api/v1/reconciliations/{id}",
    responses((status = 200, description = "The comparison.", body = ReconciliationView)))]
async fn reconciliation(
    caller: Caller,
    Path(id): Path<ReconciliationId>,
) -> Answer<ReconciliationView> {
    let mut work = caller.begin().await?;
    let rows = payments::reconciliations(&mut work, Some(id), None, 1).await?;
    Ok(Json(rows.into_iter().next().ok_or(NOT_FOUND)?))
}

/// Starts a reconciliation now, without waiting for the next quarter of an hour.
#[utoipa::path(post, path = "/api/v1/reconciliations",
    responses(
        (status = 202, description = "It begins.", body = ReconciliationView),
        (status = 404, description = "There is no account at Stripe."),
        (status = 409, description = "One runs already."),
    ))]
async fn reconcile(caller: Caller) -> Result<(StatusCode, Json<ReconciliationView>), Problem> {
    let mut work = caller.begin().await?;
    let id = payments::reconcile(&mut work).await?;
    let rows = payments::reconciliations(&mut work, Some(id), None, 1).await?;
    work.commit().await?;
    let view = rows.into_iter().next().ok_or(NOT_FOUND)?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DifferenceFilter {
    /// The reconciliation that found it first.
    #[param(value_type = Option<String>)]
    reconciliation: Option<ReconciliationId>,
    /// Only those that a person must look at.
    #[serde(default)]
    open: bool,
}

/// Lists the differences between Kazi and Stripe, newest first.
#[utoipa::path(get, path = "/api/v1/payment-differences", params(DifferenceFilter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<DifferenceView>)))]
async fn differences(
    caller: Caller,
    list: List<DifferenceFilter, DifferenceId>,
) -> Answer<Page<DifferenceView>> {
    let limit = list.fetch();
    let (of, open) = (list.filter.reconciliation, list.filter.open);
    let mut work = caller.begin().await?;
    let rows = payments::differences(&mut work, of, open, list.after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}
