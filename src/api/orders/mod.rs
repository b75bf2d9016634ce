//! Orders, for members.

mod carts;
mod customer;

use kazi_jobs::{
    Permission,
    contacts::ContactId,
    orders::{self, NewOrder, NewShipment, OrderView, Status},
    payments::OrderId,
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    extract::{Json, Path},
    page::{List, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    let orders = Routes::new(
        "orders",
        "What contacts have bought, and how it gets to them.",
    )
    .add(Permission::ORDERS_READ, routes!(list))
    .add(Permission::ORDERS_WRITE, routes!(create))
    .add(Permission::ORDERS_READ, routes!(get))
    .add(Permission::ORDERS_WRITE, routes!(cancel))
    .add(Permission::ORDERS_WRITE, routes!(fulfil))
    .add(Permission::ORDERS_WRITE, routes!(ship))
    .add(Permission::ORDERS_WRITE, routes!(deliver));
    vec![carts::routes(), orders, customer::routes()]
}

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    #[param(inline)]
    status: Option<Status>,
    contact_id: Option<ContactId>,
    #[param(example = 12)]
    number: Option<i64>,
}

/// Lists orders, newest first.
#[utoipa::path(get, path = "/api/v1/orders", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<OrderView>)))]
async fn list(caller: Caller, list: List<Filter, i64>) -> Answer<Page<OrderView>> {
    let filter = orders::OrderFilter {
        status: list.filter.status,
        contact: list.filter.contact_id,
        number: list.filter.number,
    };
    let mut work = caller.begin().await?;
    let after = list.after;
    let rows = orders::orders(&mut work, &filter, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.number)?))
}

/// Shows an order.
#[utoipa::path(get, path = "/api/v1/orders/{id}",
    responses((status = 200, description = "The order.", body = OrderView)))]
async fn get(caller: Caller, Path(id): Path<OrderId>) -> Answer<OrderView> {
    let mut work = caller.begin().await?;
    let order = orders::order(&mut work, id).await?;
    Ok(Json(order.ok_or(NOT_FOUND)?))
}

/// Places an order for a contact, who gets the payment link over their channel.
#[utoipa::path(post, path = "/api/v1/orders", request_body = NewOrder,
    responses(
        (status = 201, description = "It is placed: its stock is held for an hour.", body = OrderView),
        (status = 409, description = "`out_of_stock`, `product_unavailable`, `mixed_currency`, or a call with this Idempotency-Key is under way."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<NewOrder>,
) -> Result<Created<Json<OrderView>>, Problem> {
    let mut work = caller.begin().await?;
    let order = orders::order_for(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/orders/{}", order.id);
    Ok(Created::at(place, Json(order)))
}

/// Cancels an unpaid order. A paid order is refunded with its payment.
#[utoipa::path(post, path = "/api/v1/orders/{id}/cancel",
    responses(
        (status = 200, description = "It is cancelled, or was before.", body = OrderView),
        (status = 409, description = "`wrong_state`: it is paid."),
    ))]
async fn cancel(caller: Caller, Path(id): Path<OrderId>) -> Answer<OrderView> {
    let mut work = caller.begin().await?;
    let order = orders::cancel(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(order))
}

/// Marks a paid order as packed, or ready to be fetched.
#[utoipa::path(post, path = "/api/v1/orders/{id}/fulfil",
    responses(
        (status = 200, description = "It is, or was before.", body = OrderView),
        (status = 409, description = "`wrong_state`: it is not paid, or over."),
    ))]
async fn fulfil(caller: Caller, Path(id): Path<OrderId>) -> Answer<OrderView> {
    let mut work = caller.begin().await?;
    let order = orders::fulfil(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(order))
}

/// Marks a paid order as given to a carrier.
#[utoipa::path(post, path = "/api/v1/orders/{id}/ship", request_body = NewShipment,
    responses(
        (status = 200, description = "It is on its way, or was before.", body = OrderView),
        (status = 409, description = "`wrong_state`: it is not paid, or over."),
    ))]
async fn ship(
    caller: Caller,
    Path(id): Path<OrderId>,
    Json(new): Json<NewShipment>,
) -> Answer<OrderView> {
    let mut work = caller.begin().await?;
    let order = orders::ship(&mut work, id, &new).await?;
    work.commit().await?;
    Ok(Json(order))
}

/// Marks an order as delivered.
#[utoipa::path(post, path = "/api/v1/orders/{id}/deliver",
    responses(
        (status = 200, description = "They have it, or had it before.", body = OrderView),
        (status = 409, description = "`wrong_state`: it has not left, or is over."),
    ))]
async fn deliver(caller: Caller, Path(id): Path<OrderId>) -> Answer<OrderView> {
    let mut work = caller.begin().await?;
    let order = orders::deliver(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(order))
}
