//! A customer's own cart and orders.

use axum::response::{IntoResponse, Response};
use kazi_jobs::{
    Work,
    catalog::ProductId,
    orders::{self, Agreed, CartView, OrderView, Wanted},
    payments::OrderId,
};
use utoipa_axum::routes;

use super::carts::Quantity;
use crate::api::{
    Answer,
    caller::Customer,
    created::Created,
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::{Access, Routes},
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new("customer-orders", "A customer's own cart and orders.")
        .add(Access::Customer, routes!(cart, clear))
        .add(Access::Customer, routes!(add))
        .add(Access::Customer, routes!(set_quantity, remove))
        .add(Access::Customer, routes!(list, place))
        .add(Access::Customer, routes!(get))
        .add(Access::Customer, routes!(cancel))
}

/// Shows your cart. It is created if there is none.
#[utoipa::path(get, path = "/api/v1/customer/cart",
    responses((status = 200, description = "Your cart.", body = CartView)))]
async fn cart(customer: Customer) -> Answer<CartView> {
    let contact = customer.contact;
    let mut work = customer.begin().await?;
    let cart = orders::open_cart(&mut work, contact, None).await?;
    work.commit().await?;
    Ok(Json(cart))
}

/// Empties your cart.
#[utoipa::path(delete, path = "/api/v1/customer/cart",
    responses((status = 200, description = "It is empty.", body = CartView)))]
async fn clear(customer: Customer) -> Answer<CartView> {
    let contact = customer.contact;
    let mut work = customer.begin().await?;
    let cart = orders::clear(&mut work, contact, None).await?;
    work.commit().await?;
    Ok(Json(cart))
}

/// Adds pieces of a product to your cart.
#[utoipa::path(post, path = "/api/v1/customer/cart/items", request_body = Wanted,
    responses(
        (status = 200, description = "As it is now.", body = CartView),
        (status = 409, description = "`out_of_stock`, `product_unavailable` or `mixed_currency`."),
    ))]
async fn add(customer: Customer, Json(wanted): Json<Wanted>) -> Answer<CartView> {
    let contact = customer.contact;
    let mut work = customer.begin().await?;
    let cart = orders::add(&mut work, contact, wanted, None).await?;
    work.commit().await?;
    Ok(Json(cart))
}

/// Sets the pieces of a product in your cart.
#[utoipa::path(put, path = "/api/v1/customer/cart/items/{product_id}", request_body = Quantity,
    responses(
        (status = 200, description = "As it is now.", body = CartView),
        (status = 409, description = "`out_of_stock`, `product_unavailable` or `mixed_currency`."),
    ))]
async fn set_quantity(
    customer: Customer,
    Path(product_id): Path<ProductId>,
    Json(Quantity { quantity }): Json<Quantity>,
) -> Answer<CartView> {
    let contact = customer.contact;
    let wanted = Wanted {
        product_id,
        quantity,
    };
    let mut work = customer.begin().await?;
    let cart = orders::set_quantity(&mut work, contact, wanted, None).await?;
    work.commit().await?;
    Ok(Json(cart))
}

/// Removes a product from your cart.
#[utoipa::path(delete, path = "/api/v1/customer/cart/items/{product_id}",
    responses((status = 200, description = "As it is now.", body = CartView)))]
async fn remove(customer: Customer, Path(product): Path<ProductId>) -> Answer<CartView> {
    let contact = customer.contact;
    let mut work = customer.begin().await?;
    let cart = orders::remove(&mut work, contact, product, None).await?;
    work.commit().await?;
    Ok(Json(cart))
}

/// Lists your orders, newest first.
#[utoipa::path(get, path = "/api/v1/customer/orders", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<OrderView>)))]
async fn list(customer: Customer, list: List<NoFilter, i64>) -> Answer<Page<OrderView>> {
    let mine = orders::OrderFilter {
        contact: Some(customer.contact),
        ..orders::OrderFilter::default()
    };
    let mut work = customer.begin().await?;
    let after = list.after;
    let rows = orders::orders(&mut work, &mine, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.number)?))
}

/// Orders your cart as it was shown to you. The payment link is soon in the order, and comes over WhatsApp.
#[utoipa::path(post, path = "/api/v1/customer/orders", request_body = Agreed,
    responses(
        (status = 201, description = "It is placed: its stock is held for an hour.", body = OrderView),
        (status = 200, description = "This cart has been ordered before: its order.", body = OrderView),
        (status = 409, description = "`cart_changed`: it is not what you were shown; `cart_empty`, `out_of_stock`, \
            `product_unavailable`, `mixed_currency`, or a call with this Idempotency-Key is under way."),
    ))]
async fn place(customer: Customer, Json(agreed): Json<Agreed>) -> Result<Response, Problem> {
    let contact = customer.contact;
    let mut work = customer.begin().await?;
    let placed = orders::order_cart(&mut work, contact, None, &agreed).await?;
    work.commit().await?;
    let order = Json(placed.order);
    if !placed.new {
        return Ok(order.into_response());
    }
    let place = format!("/api/v1/customer/orders/{}", order.0.id);
    Ok(Created::at(place, order).into_response())
}

/// Shows one of your orders.
#[utoipa::path(get, path = "/api/v1/customer/orders/{id}",
    responses((status = 200, description = "The order.", body = OrderView)))]
async fn get(customer: Customer, Path(id): Path<OrderId>) -> Answer<OrderView> {
    let mut work = customer.begin().await?;
    Ok(Json(own(&customer, &mut work, id).await?))
}

/// Cancels one of your unpaid orders.
#[utoipa::path(post, path = "/api/v1/customer/orders/{id}/cancel",
    responses(
        (status = 200, description = "It is cancelled, or was before.", body = OrderView),
        (status = 409, description = "`wrong_state`: it is paid."),
    ))]
async fn cancel(customer: Customer, Path(id): Path<OrderId>) -> Answer<OrderView> {
    let mut work = customer.begin().await?;
    own(&customer, &mut work, id).await?;
    let order = orders::cancel(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(order))
}

async fn own(customer: &Customer, work: &mut Work, id: OrderId) -> Result<OrderView, Problem> {
    let order = orders::order(work, id).await?;
    let own = order.filter(|order| order.contact_id == customer.contact);
    own.ok_or(NOT_FOUND)
}
