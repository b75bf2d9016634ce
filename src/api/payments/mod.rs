//! Payments, refunds, the ledger, and the reconciliations with Stripe.

mod account;

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    contacts::ContactId,
    payments::{
        self, BalanceView, DifferenceId, DifferenceView, EntryView, OrderId, PaymentError,
        PaymentId, PaymentView, ReconciliationId, ReconciliationView, Refund, RefundView, Status,
        SubscriptionId,
    },
};
use serde::Deserialize;

use utoipa_axum::routes;
use uuid::Uuid;

use crate::api::{
    Answer,
    caller::Caller,
    errors::{TAKEN, conflict},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging, Whole},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem, UNAVAILABLE};

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
    order_id: Option<OrderId>,
    subscription_id: Option<SubscriptionId>,
    contact_id: Option<ContactId>,
}

/// Lists payments, newest first.
#[utoipa::path(get, path = "/api/v1/payments", params(PaymentFilter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<PaymentView>)))]
async fn list(caller: Caller, list: List<PaymentFilter, PaymentId>) -> Answer<Page<PaymentView>> {
    let filter = payments::PaymentFilter {
        status: list.filter.status,
        order: list.filter.order_id,
        subscription: list.filter.subscription_id,
        contact: list.filter.contact_id,
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
    payment_id: Option<PaymentId>,
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
    let (payment, account) = (list.filter.payment_id, list.filter.account.as_deref());
    let mut work = caller.begin().await?;
    let after = list.after.as_ref();
    let rows = payments::entries(&mut work, payment, account, after, limit).await?;
    Ok(Json(list.page(rows, |row| {
        (
            row.transaction_id,
            row.account.clone(),
            row.currency.clone(),
        )
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
    reconciliation_id: Option<ReconciliationId>,
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
    let (of, open) = (list.filter.reconciliation_id, list.filter.open);
    let mut work = caller.begin().await?;
    let rows = payments::differences(&mut work, of, open, list.after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

impl From<PaymentError> for Problem {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::Invalid(invalid) => invalid.into(),
            PaymentError::NotFound => NOT_FOUND,
            PaymentError::Taken => {
                TAKEN.about("/key", "taken", "another workspace has this account")
            }
            PaymentError::OtherAccount => conflict(
                "another_account",
                "The key is of another account than the one in use: take that one out of use first.",
            ),
            PaymentError::Waiting => conflict(
                "payments_wait",
                "Payments wait for money through this account: let them end first.",
            ),
            PaymentError::Running => conflict("already_running", "A reconciliation runs already."),
            PaymentError::Disputed => conflict(
                "disputed",
                "The customer disputes this payment: their bank has the money. Answer the dispute at Stripe.",
            ),
            PaymentError::NothingToRefund => conflict(
                "nothing_to_refund",
                "No money came by this payment, or nothing is left of it.",
            ),
            PaymentError::Unreachable(words) => UNAVAILABLE.detail(words),
            PaymentError::Database(error) => error.into(),
            PaymentError::Sealed(error) => Self::internal(error),
            PaymentError::Enqueue(error) => Self::internal(error),
        }
    }
}
