//! Orders in every state, subscriptions, and what Stripe knows of them.

use futures_util::future::try_join_all;
use kazi_simulators::{Fault, Service, WebhookFault};
use serde_json::{Value, json};

use super::{
    Customer, Place,
    member::{Member, text},
    until,
};
use crate::CliError;

/// Stripe tells a payment in so many events.
const EVENTS_OF_A_PAYMENT: u32 = 3;
/// A product with less is left to those who play.
const STOCK: i64 = 5;

/// Who sells, on the invoices.
pub async fn invoice(owner: &Member) -> Result<(), CliError> {
    let seller = json!({
        "invoices": true, "seller_name": "Mama Zuri Market Ltd",
        "seller_address": "Moi Avenue 12\nNairobi 00100, Kenya", "tax_number": "PIN P051234567X",
        "footer": "Mama Zuri Market Ltd · Registered in Nairobi, CPR/2019/12345",
    });
    owner.put("invoices/settings", seller).await?;
    Ok(())
}

pub async fn earn(owner: &Member, place: &Place<'_>, buyers: &[Customer]) -> Result<(), CliError> {
    let products = owner.list("products?limit=50").await?;
    let products: Vec<&Value> = products
        .iter()
        .filter(|product| product["stock"].as_i64() >= Some(STOCK))
        .collect();
    let mut orders = Vec::new();
    for (buyer, product) in buyers.iter().zip(products.iter().cycle()).take(7) {
        let items = json!([{"product_id": product["id"], "quantity": 1 + orders.len() % 2}]);
        let wish = json!({"contact_id": buyer.contact, "items": items});
        orders.push(text(&owner.post("orders", wish).await?, "id")?);
    }
    let [paid, packed, shipped, arrived, returned, given_up, _] = orders.as_slice() else {
        return Err("there are too few buyers".into());
    };
    try_join_all(
        [paid, packed, shipped, arrived, returned].map(async |order| {
            pay(owner, place, order).await?;
            settled(owner, order).await
        }),
    )
    .await?;
    for order in [packed, shipped, arrived] {
        owner.act(&format!("orders/{order}/fulfil")).await?;
    }
    for (order, parcel) in [(shipped, "KE00417"), (arrived, "KE00398")] {
        let parcel = json!({"carrier": "G4S", "tracking_number": parcel});
        owner.post(&format!("orders/{order}/ship"), parcel).await?;
    }
    owner.act(&format!("orders/{arrived}/deliver")).await?;
    owner.act(&format!("orders/{given_up}/cancel")).await?;
    let payment = payment_of(owner, returned).await?;
    let refund = json!({"reason": "One jar was broken"});
    let path = format!("payments/{}/refunds", text(&payment, "id")?);
    owner.post(&path, refund).await?;
    subscribe(owner, place, buyers).await
}

/// Orders that customers have got: each has paid for one piece of a product.
pub async fn deliver_all(
    owner: &Member,
    place: &Place<'_>,
    customers: &[&Customer],
) -> Result<(), CliError> {
    let products = owner.list("products?limit=50").await?;
    let products: Vec<&Value> = products
        .iter()
        .filter(|product| product["stock"].as_i64() >= Some(STOCK))
        .collect();
    let wishes = customers.iter().zip(products.iter().cycle());
    try_join_all(wishes.map(async |(customer, product)| {
        let items = json!([{"product_id": product["id"], "quantity": 1}]);
        let wish = json!({"contact_id": customer.contact, "items": items});
        let order = text(&owner.post("orders", wish).await?, "id")?;
        pay(owner, place, &order).await?;
        settled(owner, &order).await?;
        owner.act(&format!("orders/{order}/fulfil")).await?;
        owner.act(&format!("orders/{order}/deliver")).await
    }))
    .await?;
    Ok(())
}

/// One subscription that is paid, and one that waits for it.
async fn subscribe(owner: &Member, place: &Place<'_>, buyers: &[Customer]) -> Result<(), CliError> {
    let plans = owner.list("plans").await?;
    let mut made = Vec::new();
    for (buyer, plan) in buyers.iter().zip(&plans) {
        let new = json!({"contact_id": buyer.contact, "plan_id": plan["id"]});
        made.push(text(&owner.post("subscriptions", new).await?, "id")?);
    }
    if let Some(first) = made.first() {
        pay(owner, place, first).await?;
    }
    Ok(())
}

/// A payment whose webhooks get lost: the comparison with Stripe finds it.
pub async fn compare(
    owner: &Member,
    place: &Place<'_>,
    buyers: &[Customer],
) -> Result<(), CliError> {
    let products = owner.list("products?limit=50").await?;
    let product = products
        .iter()
        .find(|product| product["stock"].as_i64() >= Some(STOCK));
    let (Some(buyer), Some(product)) = (buyers.last(), product) else {
        return Ok(());
    };
    let items = json!([{"product_id": product["id"], "quantity": 1}]);
    let wish = json!({"contact_id": buyer.contact, "items": items});
    let order = text(&owner.post("orders", wish).await?, "id")?;
    let session = session_of(owner, &order).await?;
    place.simulators.fault(Fault {
        webhooks: Some(WebhookFault {
            drop: 1.0,
            ..WebhookFault::default()
        }),
        times: Some(EVENTS_OF_A_PAYMENT),
        ..Fault::on(Service::Stripe)
    });
    place.simulators.stripe_pay(&session)?;
    owner.act("reconciliations").await?;
    settled(owner, &order).await
}

/// The customer pays for an order or a subscription.
async fn pay(owner: &Member, place: &Place<'_>, subject: &str) -> Result<(), CliError> {
    let session = session_of(owner, subject).await?;
    place.simulators.stripe_pay(&session)?;
    Ok(())
}

async fn payment_of(owner: &Member, subject: &str) -> Result<Value, CliError> {
    let payments = owner.list("payments?limit=100").await?;
    let payment = payments
        .into_iter()
        .find(|payment| payment["subject_id"] == subject);
    payment.ok_or_else(|| format!("{subject} has no payment").into())
}

async fn session_of(owner: &Member, subject: &str) -> Result<String, CliError> {
    until("a page to pay", async || {
        let payment = payment_of(owner, subject).await?;
        Ok(payment["session_id"].as_str().map(str::to_owned))
    })
    .await
}

/// Waits until an order is paid.
async fn settled(owner: &Member, order: &str) -> Result<(), CliError> {
    until("a payment", async || {
        let order = owner.get(&format!("orders/{order}")).await?;
        Ok((order["status"] != "pending_payment").then_some(()))
    })
    .await
}
