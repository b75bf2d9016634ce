//! Contacts' carts, for members.

use axum::response::{IntoResponse, Response};
use kazi_jobs::{
    Permission, Work,
    catalog::ProductId,
    contacts::ContactId,
    orders::{self, Agreed, CartFilter, CartId, CartView, OrderError, OrderView, Wanted},
};
use serde::Deserialize;
use utoipa::ToSchema;
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

pub fn routes() -> Routes {
    Routes::new(
        "carts",
        "What contacts mean to buy. Each has one open cart.",
    )
    .add(Permission::ORDERS_READ, routes!(list))
    .add(Permission::ORDERS_WRITE, routes!(open))
    .add(Permission::ORDERS_READ, routes!(get))
    .add(Permission::ORDERS_WRITE, routes!(set_quantity, remove))
    .add(Permission::ORDERS_WRITE, routes!(order))
}

const STATUSES: [&str; 3] = ["open", "ordered", "abandoned"];

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// `open`, `ordered` or `abandoned`.
    #[param(example = "open")]
    status: Option<String>,
    contact_id: Option<ContactId>,
}

/// Lists carts, newest first.
#[utoipa::path(get, path = "/api/v1/carts", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<CartView>)))]
async fn list(caller: Caller, list: List<Filter, CartId>) -> Answer<Page<CartView>> {
    let status = list.filter.status.as_deref();
    if status.is_some_and(|status| !STATUSES.contains(&status)) {
        let rule = format!("must be one of {}", STATUSES.join(", "));
        return Err(Problem::field("/status", "unknown", rule));
    }
    let filter = CartFilter {
        id: None,
        status: list.filter.status.clone(),
        contact: list.filter.contact_id,
    };
    let mut work = caller.begin().await?;
    let after = list.after;
    let rows = orders::carts(&mut work, &filter, None, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CartOf {
    contact_id: ContactId,
}

/// Opens a contact's cart, or shows the open one.
#[utoipa::path(post, path = "/api/v1/carts", request_body = CartOf,
    responses((status = 200, description = "It is open.", body = CartView)))]
async fn open(caller: Caller, Json(of): Json<CartOf>) -> Answer<CartView> {
    let mut work = caller.begin().await?;
    let cart = orders::open_cart(&mut work, of.contact_id, None).await?;
    work.commit().await?;
    Ok(Json(cart))
}

/// Shows a cart.
#[utoipa::path(get, path = "/api/v1/carts/{id}",
    responses((status = 200, description = "The cart.", body = CartView)))]
async fn get(caller: Caller, Path(id): Path<CartId>) -> Answer<CartView> {
    let mut work = caller.begin().await?;
    let filter = CartFilter {
        id: Some(id),
        ..CartFilter::default()
    };
    let mut found = orders::carts(&mut work, &filter, None, None, 1).await?;
    Ok(Json(found.pop().ok_or(NOT_FOUND)?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CartQuantity)]
pub struct Quantity {
    /// 1 to 999.
    #[schema(example = 2, minimum = 1, maximum = 999)]
    pub quantity: i32,
}

/// Sets the pieces of a product in an open cart.
#[utoipa::path(put, path = "/api/v1/carts/{id}/items/{product_id}", request_body = Quantity,
    responses(
        (status = 200, description = "As it is now.", body = CartView),
        (status = 409, description = "`out_of_stock`, `product_unavailable`, `mixed_currency`, or `cart_changed`: it is not open any more."),
    ))]
async fn set_quantity(
    caller: Caller,
    Path((id, product_id)): Path<(CartId, ProductId)>,
    Json(Quantity { quantity }): Json<Quantity>,
) -> Answer<CartView> {
    let mut work = caller.begin().await?;
    let contact = contact_of(&mut work, id).await?;
    let wanted = Wanted {
        product_id,
        quantity,
    };
    let cart = orders::set_quantity(&mut work, contact, wanted, None).await;
    let cart = cart.map_err(of_quantity)?;
    same(id, cart.id)?;
    work.commit().await?;
    Ok(Json(cart))
}

/// Removes a product from an open cart.
#[utoipa::path(delete, path = "/api/v1/carts/{id}/items/{product_id}",
    responses(
        (status = 200, description = "As it is now.", body = CartView),
        (status = 409, description = "`cart_changed`: it is not open any more."),
    ))]
async fn remove(
    caller: Caller,
    Path((id, product)): Path<(CartId, ProductId)>,
) -> Answer<CartView> {
    let mut work = caller.begin().await?;
    let contact = contact_of(&mut work, id).await?;
    let cart = orders::remove(&mut work, contact, product, None).await?;
    same(id, cart.id)?;
    work.commit().await?;
    Ok(Json(cart))
}

/// The cart as the member has seen it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CartAsSeen {
    #[schema(example = 3)]
    version: i64,
    #[schema(example = 2500)]
    total_minor: i64,
    /// A remark for the business.
    #[serde(default)]
    #[schema(example = "Please ring twice.", max_length = 500)]
    note: String,
}

/// Orders an open cart for its contact, who gets the payment link over their channel.
#[utoipa::path(post, path = "/api/v1/carts/{id}/order", request_body = CartAsSeen,
    responses(
        (status = 201, description = "It is placed: its stock is held for an hour.", body = OrderView),
        (status = 200, description = "This cart has been ordered before: its order.", body = OrderView),
        (status = 409, description = "`cart_changed`: it is not what you saw, or not open any more; `cart_empty`, `out_of_stock`, \
            `product_unavailable` or `mixed_currency`."),
    ))]
async fn order(
    caller: Caller,
    Path(id): Path<CartId>,
    Json(seen): Json<CartAsSeen>,
) -> Result<Response, Problem> {
    let mut work = caller.begin().await?;
    let contact = contact_of(&mut work, id).await?;
    let agreed = Agreed {
        cart_id: id,
        version: seen.version,
        total_minor: seen.total_minor,
        note: seen.note,
    };
    let placed = orders::order_cart(&mut work, contact, None, &agreed).await?;
    work.commit().await?;
    let order = Json(placed.order);
    if !placed.new {
        return Ok(order.into_response());
    }
    let place = format!("/api/v1/orders/{}", order.0.id);
    Ok(Created::at(place, order).into_response())
}

/// Names the field of a quantity that is too large.
fn of_quantity(error: OrderError) -> Problem {
    let rule = match &error {
        OrderError::Short { left, .. } => Some(super::only(*left)),
        _ => None,
    };
    let problem = Problem::from(error);
    match rule {
        Some(rule) => problem.about("/quantity", "out_of_stock", &rule),
        None => problem,
    }
}

async fn contact_of(work: &mut Work, id: CartId) -> Result<ContactId, Problem> {
    let filter = CartFilter {
        id: Some(id),
        ..CartFilter::default()
    };
    let mut found = orders::carts(work, &filter, None, None, 1).await?;
    Ok(found.pop().ok_or(NOT_FOUND)?.contact_id)
}

/// Only the open cart changes. If the named cart is another one, the call is refused.
fn same(named: CartId, changed: CartId) -> Result<(), Problem> {
    if named == changed {
        return Ok(());
    }
    Err(OrderError::Changed.into())
}
