//! The cart as a customer sees it.

use kazi_simulators::Line;
use serde_json::json;

use super::*;
use crate::{
    channels::{ChannelKind, EventKind},
    testing::CUSTOMER,
};

/// The newest line on the customer's phone, after everything that is due has run.
async fn answered(shop: &Shop) -> Line {
    shop.drain_but_payments().await;
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    let mut lines = lines.into_iter();
    lines.rfind(|line| line.direction == "in").unwrap()
}

async fn says(shop: &Shop, text: &str) -> Line {
    let id = format!("wamid.text.{}", shop.now().timestamp_micros());
    shop.hear(&id, text).await;
    answered(shop).await
}

async fn tap(shop: &Shop, choice: &str) -> Line {
    shop.ctx.clock.advance(chrono::TimeDelta::milliseconds(1));
    let message = json!({
        "id": format!("wamid.tap.{}", shop.now().timestamp_micros()), "from": CUSTOMER, "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": choice, "title": "Tapped"}},
    });
    let payload = json!({"message": message, "contact": {"wa_id": CUSTOMER}});
    shop.record(ChannelKind::WhatsApp, EventKind::Message, CUSTOMER, payload)
        .await;
    answered(shop).await
}

/// The id of what can be tapped and begins so.
fn choice(line: &Line, begins: &str) -> String {
    let rows = line.rows.iter().map(|row| row.id.clone());
    let mut all = line.buttons.iter().map(|b| b.id.clone()).chain(rows);
    all.find(|id| id.starts_with(begins))
        .unwrap_or_else(|| panic!("nothing begins with {begins}: {line:?}"))
}

/// A customer whom the bot knows.
async fn greeted(shop: &Shop) {
    says(shop, "hey").await;
    says(shop, "Amina").await;
    tap(shop, "lang:en").await;
}

#[tokio::test]
async fn a_customer_fills_a_cart_orders_pays_and_is_told() {
    let shop = Shop::open().await;
    greeted(&shop).await;
    tap(&shop, "svc:shop").await;
    let found = says(&shop, "coffee").await;
    let card = tap(&shop, &choice(&found, "prd_")).await;
    let add = choice(&card, "cart:add:prd_");
    let added = tap(&shop, &add).await;
    assert!(added.text.contains("Kenyan coffee"), "{}", added.text);
    let shown = tap(&shop, &choice(&added, "cart:show")).await;
    assert!(shown.text.contains("1 × Kenyan coffee"), "{}", shown.text);
    let item = tap(&shop, &choice(&shown, "cart:item:")).await;
    let asked = tap(&shop, &choice(&item, "cart:ask:")).await;
    assert!(asked.text.contains("1 to 999"), "{}", asked.text);
    let shown = says(&shop, "2").await;
    assert!(shown.text.contains("Total: 25.00 USD"), "{}", shown.text);
    let ordered = tap(&shop, &choice(&shown, "cart:order:")).await;
    assert!(
        ordered.text.contains("Order 1 is placed"),
        "{}",
        ordered.text
    );
    let id: OrderId = sqlx::query_scalar("SELECT id FROM orders")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    open(&shop, id, shop.now() + HOUR).await;
    assert!(answered(&shop).await.text.contains("https://pay.test/1"));
    // Another tap on what was shown before orders nothing.
    let again = tap(&shop, &choice(&shown, "cart:order:")).await;
    assert!(again.text.contains("already"), "{}", again.text);
    pay(&shop, id, usd(2_500)).await;
    assert!(
        answered(&shop)
            .await
            .text
            .contains("Order 1 is paid: 25.00 USD")
    );
    let orders = tap(&shop, "cart:orders").await;
    assert!(
        orders.text.contains("1 · 25.00 USD · paid"),
        "{}",
        orders.text
    );
    assert_eq!(stock(&shop, "COF").await, 1);
}

#[tokio::test]
async fn what_cannot_be_had_is_said_and_the_cart_shown() {
    let shop = Shop::open().await;
    greeted(&shop).await;
    let coffee = product(&shop, "COF").await;
    let shown = tap(&shop, &format!("cart:add:{coffee}")).await;
    sqlx::query("UPDATE products SET stock = 0")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let refused = tap(&shop, &choice(&shown, "cart:order:")).await;
    assert!(refused.text.contains("only 0 are left"), "{}", refused.text);
    assert!(refused.text.contains("not enough left"), "{}", refused.text);
    let removed = tap(&shop, &format!("cart:remove:{coffee}")).await;
    assert!(removed.text.contains("empty"), "{}", removed.text);
    for made_up in [
        "cart:order:x",
        "cart:cancel:1",
        "cart:item:",
        "cart:",
        "cart:add:prd_1",
    ] {
        tap(&shop, made_up).await;
    }
    let unknown = tap(&shop, &format!("cart:add:{}", ProductId::new())).await;
    assert!(unknown.text.contains("No longer sold"), "{}", unknown.text);
}

#[tokio::test]
async fn a_customer_calls_their_own_order_off_and_no_other() {
    let shop = Shop::open().await;
    greeted(&shop).await;
    let other = contact(&shop, "Other").await;
    let theirs = place(&shop, other, "TEA", 1).await.unwrap();
    let coffee = product(&shop, "COF").await;
    let shown = tap(&shop, &format!("cart:add:{coffee}")).await;
    let ordered = tap(&shop, &choice(&shown, "cart:order:")).await;
    let cancelled = tap(&shop, &choice(&ordered, "cart:cancel:")).await;
    assert!(
        cancelled.text.contains("Order 2 is cancelled"),
        "{}",
        cancelled.text
    );
    assert_eq!(stock(&shop, "COF").await, 3);
    tap(&shop, &format!("cart:cancel:{}", theirs.id)).await;
    assert_eq!(status(&shop, theirs.id).await, Status::PendingPayment);
}

#[tokio::test]
async fn the_keyword_opens_the_cart_and_other_words_leave_it() {
    let shop = Shop::open().await;
    greeted(&shop).await;
    assert!(says(&shop, "My cart").await.text.contains("empty"));
    let coffee = product(&shop, "COF").await;
    tap(&shop, &format!("cart:add:{coffee}")).await;
    tap(&shop, &format!("cart:ask:{coffee}")).await;
    let menu = says(&shop, "menu").await;
    assert!(menu.text.contains("How can I help"), "{}", menu.text);
    // The question is over: a number is now a choice of the menu.
    says(&shop, "3").await;
    let quantity = count(&shop, "SELECT quantity::bigint FROM cart_items").await;
    assert_eq!(quantity, 1);
}
