//! Orders end to end, against a real database.

mod chat;
mod placing;

use std::time::Duration;

use kazi_platform::{Money, Timestamp};
use kazi_queue::Job;
use kazi_simulators::Service;

use super::*;
use crate::payments::OrderId;
use crate::{
    Role, Work,
    catalog::{self, ProductId},
    contacts::{self, ContactId, NewContact},
    payments::{Ended, How, Opened, Paid, PaymentId},
    templates::{self, Template, TemplateStatus},
    testing::Shop,
};

const HOUR: Duration = Duration::from_secs(3_600);

/// Work for the shop, which is committed.
macro_rules! within {
    ($shop:expr, $work:ident, $what:expr) => {{
        let mut $work = Work::of(&$shop.ctx, $shop.workspace).await.unwrap();
        let answer = $what;
        $work.commit().await.unwrap();
        answer
    }};
}
use within;

fn usd(minor: i64) -> Money {
    Money {
        minor,
        currency: "USD".parse().unwrap(),
    }
}

async fn product(shop: &Shop, sku: &str) -> ProductId {
    sqlx::query_scalar("SELECT id FROM products WHERE sku = $1")
        .bind(sku)
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
}

async fn stock(shop: &Shop, sku: &str) -> i32 {
    sqlx::query_scalar("SELECT stock FROM products WHERE sku = $1")
        .bind(sku)
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
}

async fn status(shop: &Shop, id: OrderId) -> Status {
    within!(shop, work, order(&mut work, id).await)
        .unwrap()
        .unwrap()
        .status
}

/// A contact whom no channel knows yet.
async fn contact(shop: &Shop, name: &str) -> ContactId {
    let new = NewContact {
        name: Some(name.into()),
        ..NewContact::default()
    };
    within!(shop, work, contacts::create(&mut work, &new).await)
        .unwrap()
        .id
}

/// A contact who has just written over WhatsApp.
async fn customer(shop: &Shop) -> ContactId {
    shop.hear("hello", "hello").await;
    shop.drain_but_payments().await;
    sqlx::query_scalar("SELECT id FROM contacts ORDER BY id DESC LIMIT 1")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
}

async fn place(
    shop: &Shop,
    contact_id: ContactId,
    sku: &str,
    quantity: i32,
) -> Result<OrderView, OrderError> {
    let new = NewOrder {
        contact_id,
        items: vec![Wanted {
            product_id: product(shop, sku).await,
            quantity,
        }],
        note: String::new(),
    };
    let mut work = Work::of(&shop.ctx, shop.workspace).await.unwrap();
    let placed = order_for(&mut work, &new).await?;
    work.commit().await.unwrap();
    Ok(placed)
}

async fn open(shop: &Shop, id: OrderId, until: Timestamp) {
    let opened = Opened {
        payment: PaymentId::derived(id.uuid(), 1),
        url: "https://pay.test/1".into(),
        expires_at: until,
    };
    within!(shop, work, payment_opened(&mut work, id, &opened).await).unwrap();
}

async fn pay(shop: &Shop, id: OrderId, amount: Money) {
    let came = Paid {
        payment: PaymentId::derived(id.uuid(), 1),
        amount,
        at: shop.now(),
    };
    within!(shop, work, paid(&mut work, id, &came).await).unwrap();
}

async fn end(shop: &Shop, id: OrderId, how: How) {
    let ended = Ended {
        payment: PaymentId::derived(id.uuid(), 1),
        how,
        error: None,
    };
    within!(shop, work, payment_ended(&mut work, id, &ended).await).unwrap();
}

async fn call_off(shop: &Shop, id: OrderId) -> Result<OrderView, OrderError> {
    within!(shop, work, cancel(&mut work, id).await)
}

/// How many of these there are.
async fn count(shop: &Shop, query: &'static str) -> i64 {
    sqlx::query_scalar(query)
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_order_is_paid_once_and_told_once_however_often_it_comes() {
    let shop = Shop::open().await;
    shop.member(Role::Agent).await;
    let amina = customer(&shop).await;
    let before = shop.sent(Service::WhatsApp).len();
    let order = place(&shop, amina, "COF", 2).await.unwrap();
    for _ in 0..2 {
        open(&shop, order.id, order.expires_at).await;
    }
    shop.drain_but_payments().await;
    for _ in 0..3 {
        pay(&shop, order.id, order_total(&order)).await;
        shop.drain_but_payments().await;
    }
    assert_eq!(status(&shop, order.id).await, Status::Paid);
    assert_eq!(stock(&shop, "COF").await, 1);
    let told = "SELECT count(*) FROM notifications WHERE kind = 'order_paid'";
    assert_eq!(count(&shop, told).await, 1);
    let sent = shop.sent(Service::WhatsApp);
    assert_eq!(sent.len() - before, 2, "the link, and that it is paid");
    let link =
        "SELECT count(*) FROM messages WHERE cause = 'order' AND body LIKE '%https://pay.test/1%'";
    assert_eq!(count(&shop, link).await, 1);
    // Time does not end what is paid.
    shop.after_but_payments(2 * HOUR).await;
    assert_eq!(status(&shop, order.id).await, Status::Paid);
    let left = shop.pending().await;
    assert!(
        left.iter().all(|job| job.kind.starts_with("payments.")),
        "{left:?}"
    );
}

fn order_total(order: &OrderView) -> Money {
    usd(order.total_minor)
}

#[tokio::test]
async fn an_order_that_is_not_paid_in_time_gives_its_stock_back_once() {
    let shop = Shop::open().await;
    let amina = customer(&shop).await;
    let order = place(&shop, amina, "COF", 3).await.unwrap();
    assert_eq!(stock(&shop, "COF").await, 0);
    shop.after_but_payments(HOUR).await;
    assert_eq!(
        status(&shop, order.id).await,
        Status::PendingPayment,
        "a webhook may be late"
    );
    shop.after_but_payments(HOUR).await;
    assert_eq!(status(&shop, order.id).await, Status::Expired);
    for how in [How::Expired, How::Failed, How::Refunded] {
        end(&shop, order.id, how).await;
    }
    Expire {
        workspace: shop.workspace,
        order: order.id,
    }
    .enqueue(&mut *shop.conn().await)
    .await
    .unwrap();
    shop.drain_but_payments().await;
    assert_eq!(status(&shop, order.id).await, Status::Expired);
    assert_eq!(stock(&shop, "COF").await, 3);
    let told = "SELECT count(*) FROM messages WHERE cause = 'order'";
    assert_eq!(count(&shop, told).await, 1);
}

#[tokio::test]
async fn an_order_waits_for_as_long_as_it_can_be_paid() {
    let shop = Shop::open().await;
    let amina = customer(&shop).await;
    let order = place(&shop, amina, "COF", 1).await.unwrap();
    open(&shop, order.id, shop.now() + 3 * HOUR).await;
    shop.after_but_payments(2 * HOUR).await;
    assert_eq!(status(&shop, order.id).await, Status::PendingPayment);
    shop.after_but_payments(2 * HOUR).await;
    assert_eq!(status(&shop, order.id).await, Status::Expired);
}

#[tokio::test]
async fn an_order_whose_job_is_lost_is_found_by_the_sweep() {
    let shop = Shop::open().await;
    let amina = contact(&shop, "Amina").await;
    let order = place(&shop, amina, "COF", 1).await.unwrap();
    for all in ["DELETE FROM queue.jobs", "DELETE FROM queue.unique_keys"] {
        sqlx::query(all).execute(&shop.ctx.owner).await.unwrap();
    }
    shop.ctx.clock.advance(chrono::TimeDelta::hours(2));
    Sweep {}.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain_but_payments().await;
    assert_eq!(status(&shop, order.id).await, Status::Expired);
    assert_eq!(stock(&shop, "COF").await, 3);
}

#[tokio::test]
async fn money_for_an_order_that_is_over_changes_nothing_of_it() {
    let shop = Shop::open().await;
    let amina = customer(&shop).await;
    let order = place(&shop, amina, "COF", 2).await.unwrap();
    open(&shop, order.id, order.expires_at).await;
    for _ in 0..2 {
        let gone = call_off(&shop, order.id).await.unwrap();
        assert_eq!((gone.status, gone.payment_url), (Status::Cancelled, None));
    }
    assert_eq!(stock(&shop, "COF").await, 3);
    pay(&shop, order.id, order_total(&order)).await;
    open(&shop, order.id, order.expires_at).await;
    end(&shop, order.id, How::Refunded).await;
    shop.drain_but_payments().await;
    assert_eq!(status(&shop, order.id).await, Status::Cancelled);
    assert_eq!(stock(&shop, "COF").await, 3);
    let texts: Vec<String> =
        sqlx::query_scalar("SELECT body FROM messages WHERE cause = 'order' ORDER BY id")
            .fetch_all(&shop.ctx.owner)
            .await
            .unwrap();
    // The link was told of after the order was cancelled: nobody is sent there.
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(texts[0].contains("is cancelled"), "{texts:?}");
}

#[tokio::test]
async fn another_amount_than_was_asked_for_pays_nothing() {
    let shop = Shop::open().await;
    let amina = contact(&shop, "Amina").await;
    let order = place(&shop, amina, "COF", 2).await.unwrap();
    pay(&shop, order.id, usd(1)).await;
    assert_eq!(status(&shop, order.id).await, Status::PendingPayment);
}

#[tokio::test]
async fn a_refund_gives_back_what_has_not_left_the_house() {
    let shop = Shop::open().await;
    shop.listen().await;
    let amina = contact(&shop, "Amina").await;
    let off = place(&shop, amina, "COF", 1).await.unwrap();
    call_off(&shop, off.id).await.unwrap();
    let kept = place(&shop, amina, "COF", 1).await.unwrap();
    let sent = place(&shop, amina, "COF", 1).await.unwrap();
    for order in [&kept, &sent] {
        pay(&shop, order.id, order_total(order)).await;
    }
    let parcel = NewShipment {
        carrier: Some("G4S".into()),
        ..NewShipment::default()
    };
    for _ in 0..2 {
        let shipped = within!(shop, work, ship(&mut work, sent.id, &parcel).await);
        assert_eq!(shipped.unwrap().shipments.len(), 1);
    }
    assert!(matches!(
        call_off(&shop, sent.id).await,
        Err(OrderError::Refused(Status::Shipped))
    ));
    for order in [&kept, &sent, &kept, &sent] {
        end(&shop, order.id, How::Refunded).await;
        assert_eq!(status(&shop, order.id).await, Status::Refunded);
    }
    assert_eq!(stock(&shop, "COF").await, 2);
    let told = [
        "order.created",
        "order.cancelled",
        "order.created",
        "order.created",
        "order.paid",
        "order.paid",
        "order.shipped",
        "order.refunded",
        "order.refunded",
    ];
    assert_eq!(shop.announced("order").await, told);
}

#[tokio::test]
async fn who_has_been_silent_for_long_is_told_by_a_template_or_it_is_reported() {
    let shop = Shop::open().await;
    let amina = customer(&shop).await;
    shop.after_but_payments(48 * HOUR).await;
    let order = place(&shop, amina, "COF", 1).await.unwrap();
    pay(&shop, order.id, order_total(&order)).await;
    shop.drain_but_payments().await;
    let view = within!(shop, work, super::order(&mut work, order.id).await);
    let view = view.unwrap().unwrap();
    assert_eq!(view.unreachable.as_deref(), Some("no_template"));

    let template = Template {
        id: templates::TemplateId::new(),
        account: String::new(),
        name: TEMPLATE.into(),
        language: "en".into(),
        category: templates::Category::Utility,
        status: TemplateStatus::Approved,
        body: "News of your order {{1}}: {{2}} Thank you.".into(),
        components: serde_json::Value::Null,
        paused_until: None,
    };
    within!(shop, work, templates::save(&mut work, &template).await).unwrap();
    let parcel = NewShipment::default();
    within!(shop, work, ship(&mut work, order.id, &parcel).await).unwrap();
    shop.drain_but_payments().await;
    let said = "SELECT count(*) FROM messages WHERE cause = 'order' AND kind = 'template'";
    assert_eq!(count(&shop, said).await, 1);
    let view = within!(shop, work, super::order(&mut work, order.id).await);
    assert_eq!(view.unwrap().unwrap().unreachable, None);
}

#[tokio::test]
async fn a_template_that_meta_has_made_marketing_goes_only_to_who_wants_marketing() {
    let shop = Shop::open().await;
    let amina = customer(&shop).await;
    shop.after_but_payments(48 * HOUR).await;
    let template = Template {
        id: templates::TemplateId::new(),
        account: String::new(),
        name: TEMPLATE.into(),
        language: "en".into(),
        category: templates::Category::Marketing,
        status: TemplateStatus::Approved,
        body: "News of your order {{1}}: {{2}} Thank you.".into(),
        components: serde_json::Value::Null,
        paused_until: None,
    };
    within!(shop, work, templates::save(&mut work, &template).await).unwrap();
    let said = "SELECT count(*) FROM messages WHERE cause = 'order' AND kind = 'template'";
    for (wants, why, sent) in [
        (None, Some("no_consent"), 0),
        (Some(false), Some("opted_out"), 0),
        (Some(true), None, 1),
    ] {
        if let Some(wants) = wants {
            let consent = async {
                let mut work = shop.work().await;
                contacts::set_consent(&mut work, amina, wants, "keyword").await?;
                work.commit().await
            };
            consent.await.unwrap();
        }
        let order = place(&shop, amina, "COF", 1).await.unwrap();
        pay(&shop, order.id, order_total(&order)).await;
        shop.drain_but_payments().await;
        let view = within!(shop, work, super::order(&mut work, order.id).await);
        let view = view.unwrap().unwrap();
        assert_eq!(view.unreachable.as_deref(), why, "{wants:?}");
        assert_eq!(count(&shop, said).await, sent, "{wants:?}");
    }
}

#[tokio::test]
async fn a_cart_that_nobody_touches_is_given_up() {
    let shop = Shop::open().await;
    let wanted = Wanted {
        product_id: product(&shop, "COF").await,
        quantity: 1,
    };
    let [old, fresh] = [contact(&shop, "A").await, contact(&shop, "B").await];
    within!(shop, work, add(&mut work, old, wanted, None).await).unwrap();
    shop.ctx.clock.advance(chrono::TimeDelta::days(8));
    within!(shop, work, add(&mut work, fresh, wanted, None).await).unwrap();
    Sweep {}.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain_but_payments().await;
    let open = within!(shop, work, cart(&mut work, old, None).await);
    assert!(open.unwrap().is_none());
    let open = within!(shop, work, cart(&mut work, fresh, None).await);
    assert_eq!(open.unwrap().unwrap().items.len(), 1);
}

#[tokio::test]
async fn members_are_told_once_that_little_is_left_until_there_is_more_again() {
    let shop = Shop::open().await;
    shop.member(Role::Admin).await;
    let amina = contact(&shop, "Amina").await;
    sqlx::query("UPDATE products SET low_stock_at = 2 WHERE sku = 'COF'")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let told = "SELECT count(*) FROM notifications WHERE kind = 'low_stock'";
    let first = place(&shop, amina, "COF", 1).await.unwrap();
    shop.drain_but_payments().await;
    assert_eq!(count(&shop, told).await, 1);
    place(&shop, amina, "COF", 1).await.unwrap();
    shop.drain_but_payments().await;
    assert_eq!(count(&shop, told).await, 1);
    // One back is two: still few. Two more are enough.
    call_off(&shop, first.id).await.unwrap();
    let coffee = product(&shop, "COF").await;
    let more = catalog::StockChange {
        change: 2,
        reason: String::new(),
    };
    within!(
        shop,
        work,
        catalog::adjust_stock(&mut work, coffee, &more).await
    )
    .unwrap();
    place(&shop, amina, "COF", 3).await.unwrap();
    shop.drain_but_payments().await;
    assert_eq!(count(&shop, told).await, 2);
}
