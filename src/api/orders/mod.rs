//! Orders, for members.

mod carts;
mod customer;

use kazi_jobs::{
    Permission,
    contacts::ContactId,
    orders::{self, NewOrder, NewShipment, OrderError, OrderView, ShipmentId, Status, Wanted},
    payments::OrderId,
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    errors::{conflict, wrong_state},
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
    .add(Permission::ORDERS_WRITE, routes!(correct_shipment))
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
    let placed = orders::order_for(&mut work, &new).await;
    let order = placed.map_err(|error| of_line(error, &new.items))?;
    work.commit().await?;
    let place = format!("/api/v1/orders/{}", order.id);
    Ok(Created::at(place, Json(order)))
}

/// Names the line of an order that cannot be had.
fn of_line(error: OrderError, items: &[Wanted]) -> Problem {
    let (product, field, rule) = match &error {
        OrderError::Short { product, left, .. } => {
            (*product, "quantity", ("out_of_stock", only(*left)))
        }
        OrderError::Unavailable(product) => {
            let rule = "is not sold any more".to_owned();
            (*product, "product_id", ("product_unavailable", rule))
        }
        _ => return error.into(),
    };
    let place = items.iter().position(|item| item.product_id == product);
    let problem = Problem::from(error);
    match place {
        Some(place) => problem.about(&format!("/items/{place}/{field}"), rule.0, &rule.1),
        None => problem,
    }
}

fn only(left: i32) -> String {
    format!("there are only {left}")
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

/// Corrects the carrier and the tracking of a parcel. A customer whose order is on its way is told.
#[utoipa::path(put, path = "/api/v1/orders/{id}/shipments/{shipment_id}", request_body = NewShipment,
    responses((status = 200, description = "As it is now.", body = OrderView)))]
async fn correct_shipment(
    caller: Caller,
    Path((id, shipment_id)): Path<(OrderId, ShipmentId)>,
    Json(new): Json<NewShipment>,
) -> Answer<OrderView> {
    let mut work = caller.begin().await?;
    let order = orders::correct_shipment(&mut work, id, shipment_id, &new).await?;
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

impl From<OrderError> for Problem {
    fn from(error: OrderError) -> Self {
        let said = error.to_string();
        match error {
            OrderError::Invalid(invalid) | OrderError::NotPayable(invalid) => invalid.into(),
            OrderError::NotFound(_) => NOT_FOUND.detail(said),
            OrderError::Empty => conflict("cart_empty", "There is nothing to order."),
            OrderError::Changed => conflict(
                "cart_changed",
                "The cart is not what was shown: look at it again.",
            ),
            OrderError::Short { .. } => {
                conflict("out_of_stock", "There are fewer left than wanted.").detail(said)
            }
            OrderError::Unavailable(_) => {
                conflict("product_unavailable", "This is not sold any more.").detail(said)
            }
            OrderError::MixedCurrency { .. } => {
                conflict("mixed_currency", "One order has one currency.").detail(said)
            }
            OrderError::Refused(_) => wrong_state(said),
            OrderError::Database(error) => error.into(),
            OrderError::Enqueue(error) => error.into(),
        }
    }
}
