//! What a model may do with a customer's cart and orders. It orders nothing: the customer sees the cart with its
//! buttons.

use kazi_queue::JobError;
use serde_json::{Value, json};

use super::{OrdersScene, problem_key, status_key};
use crate::{
    Work,
    conversations::{Arguments, Parameter, ParameterKind, Talk, Tool, ToolReply},
    orders::{
        MAX_QUANTITY, OrderFilter, Wanted, carts,
        notify::{money, total},
        store,
    },
};

/// Orders that a model gets without a number.
const LAST_ORDERS: i64 = 3;

pub(in crate::orders) const ADD_TO_CART: Tool = Tool {
    name: "add_to_cart",
    about: "Puts pieces of a product into the customer's cart. Call it only when the customer asks for it. The customer \
            then sees the cart with a button to order: nothing is ordered before the customer presses it.",
    parameters: &[
        Parameter {
            name: "product_id",
            about: "The id of the product, from search_products.",
            kind: ParameterKind::Text(60),
            required: true,
        },
        Parameter {
            name: "quantity",
            about: "The number of pieces. Without it: 1.",
            kind: ParameterKind::Whole(1, MAX_QUANTITY),
            required: false,
        },
    ],
    run: |work, talk, with| Box::pin(add(work, talk, with)),
};

pub(in crate::orders) const SHOW_CART: Tool = Tool {
    name: "show_cart",
    about: "Reads the customer's cart and shows it to the customer, with buttons to order it and to change it. Call it \
            also when the customer wants to order or to pay.",
    parameters: &[],
    run: |work, talk, _| Box::pin(show(work, talk)),
};

pub(in crate::orders) const ORDER_STATUS: Tool = Tool {
    name: "order_status",
    about: "Tells how the customer's own orders stand.",
    parameters: &[Parameter {
        name: "number",
        about: "The number of an order. Without it: the last orders.",
        kind: ParameterKind::Whole(1, i32::MAX),
        required: false,
    }],
    run: |work, talk, with| Box::pin(status(work, talk, with)),
};

async fn add(work: &mut Work, talk: &Talk<'_>, with: &Arguments) -> Result<ToolReply, JobError> {
    let product = with.text("product_id").and_then(|id| id.parse().ok());
    let Some(product_id) = product else {
        return Ok(ToolReply::refused(
            "there is no such product: take the id from search_products",
        ));
    };
    let wanted = Wanted {
        product_id,
        quantity: with.whole("quantity").unwrap_or(1),
    };
    let scene = OrdersScene { talk };
    match carts::add(work, talk.contact.id, wanted, scene.language()).await {
        Ok(_) => show(work, talk).await,
        Err(error) => Ok(ToolReply::refused(&scene.excuse(error)?)),
    }
}

async fn show(work: &mut Work, talk: &Talk<'_>) -> Result<ToolReply, JobError> {
    let scene = OrdersScene { talk };
    let cart = carts::cart(work, talk.contact.id, scene.language()).await?;
    let Some(cart) = cart.filter(|cart| !cart.items.is_empty()) else {
        return Ok(ToolReply::of(json!({"cart": "empty"})));
    };
    let items = cart.items.iter().map(|item| {
        json!({
            "name": scene.name(&item.name), "quantity": item.quantity,
            "price": money(item.price_minor, &cart.currency),
            "problem": item.problem.map(|problem| scene.text(problem_key(problem), &[])),
        })
    });
    let items: Vec<Value> = items.collect();
    let shown = scene.show(work, None).await;
    let shown = shown.map_err(|error| JobError::retry("cart", error))?;
    Ok(ToolReply {
        says: shown.map_or_else(Vec::new, |shown| shown.says),
        ..ToolReply::of(json!({
            "items": items, "total": money(cart.total_minor, &cart.currency),
            "note": "The customer sees the cart below your answer and orders with a button. Nothing is ordered yet.",
        }))
    })
}

async fn status(work: &mut Work, talk: &Talk<'_>, with: &Arguments) -> Result<ToolReply, JobError> {
    let scene = OrdersScene { talk };
    let theirs = OrderFilter {
        contact: Some(talk.contact.id),
        number: with.whole("number").map(i64::from),
        ..OrderFilter::default()
    };
    let orders = store::orders(work, &theirs, None, LAST_ORDERS).await?;
    let orders = orders.iter().map(|order| {
        let items = order.items.iter();
        let items = items.map(|item| format!("{} × {}", item.quantity, item.name));
        let parcels = order.shipments.iter().map(|parcel| {
            json!({
                "carrier": parcel.carrier, "tracking_number": parcel.tracking_number,
                "tracking_url": parcel.tracking_url,
            })
        });
        json!({
            "number": order.number, "status": scene.text(status_key(order.status), &[]),
            "total": total(order), "items": items.collect::<Vec<_>>(),
            "pay_at": order.payment_url, "parcels": parcels.collect::<Vec<_>>(),
        })
    });
    let orders: Vec<Value> = orders.collect();
    Ok(match orders.is_empty() {
        true => ToolReply::refused("the customer has no such order"),
        false => ToolReply::of(json!({"orders": orders})),
    })
}
