//! Documents against the database and a phone: issued once, numbered without gaps, never changed, and there when money goes
//! back.

use std::collections::BTreeSet;

use kazi_platform::Money;
use kazi_queue::Job;
use serde_json::{Value, json};

use super::*;
use crate::{
    Work,
    channels::ChannelKind,
    contacts::ContactId,
    orders::{self, NewOrder, OrderView, Wanted},
    payments::{Ended, How, OrderId, Paid, PaymentId},
    testing::Shop,
};

async fn set(shop: &Shop, new: Value) {
    let new: Settings = serde_json::from_value(new).unwrap();
    let mut work = shop.work().await;
    let before = lock_settings(&mut work).await.unwrap();
    set_settings(&mut work, &before, &new).await.unwrap();
    work.commit().await.unwrap();
}

/// A shop that issues invoices.
async fn shop() -> Shop {
    let shop = Shop::open().await;
    set(
        &shop,
        json!({"invoices": true, "seller_address": "Moi Avenue 12, Nairobi"}),
    )
    .await;
    shop
}

/// A contact who has just written over WhatsApp.
async fn customer(shop: &Shop) -> ContactId {
    shop.hear("hello", "hello").await;
    shop.drain().await;
    sqlx::query_scalar("SELECT id FROM contacts ORDER BY id DESC LIMIT 1")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
}

/// Orders coffee for 12.50 USD.
async fn order(shop: &Shop, contact_id: ContactId) -> OrderView {
    let product_id = sqlx::query_scalar("SELECT id FROM products WHERE sku = 'COF'")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    let new = NewOrder {
        contact_id,
        items: vec![Wanted {
            product_id,
            quantity: 1,
        }],
        note: "Ring twice".into(),
    };
    let mut work = shop.work().await;
    let placed = orders::order_for(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    placed
}

async fn pay(shop: &Shop, order: &OrderView) {
    let mut work = shop.work().await;
    let came = Paid {
        payment: orders::payment_of(order.id),
        amount: Money {
            minor: order.total_minor,
            currency: order.currency.parse().unwrap(),
        },
        at: shop.now(),
    };
    orders::paid(&mut work, order.id, &came).await.unwrap();
    work.commit().await.unwrap();
}

async fn refund(shop: &Shop, order: OrderId) {
    let mut work = shop.work().await;
    let ended = Ended {
        payment: PaymentId::new(),
        how: How::Refunded,
        error: None,
    };
    orders::payment_ended(&mut work, order, &ended)
        .await
        .unwrap();
    work.commit().await.unwrap();
}

async fn documents(shop: &Shop) -> Vec<InvoiceView> {
    let filter = InvoiceFilter::default();
    let mut all = list(&mut shop.work().await, &filter, None, 1_000)
        .await
        .unwrap();
    all.sort_by(|a, b| a.number.cmp(&b.number));
    all
}

/// The names of the documents on the phone.
fn received(shop: &Shop) -> Vec<String> {
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    let files = lines.iter().filter_map(|line| line.file.as_ref());
    files.filter_map(|file| file.name.clone()).collect()
}

#[tokio::test]
async fn a_paid_order_brings_its_invoice_to_the_phone_once() {
    let shop = shop().await;
    let order = order(&shop, customer(&shop).await).await;
    shop.drain_but_payments().await;
    assert!(documents(&shop).await.is_empty());
    pay(&shop, &order).await;
    shop.drain().await;
    let all = documents(&shop).await;
    let [invoice] = &all[..] else {
        panic!("{all:?}");
    };
    assert_eq!(
        (invoice.kind, invoice.total_minor, &*invoice.subject_id),
        (InvoiceKind::Invoice, 1_250, &*order.id.to_string())
    );
    assert!(invoice.number.ends_with("-000001"), "{}", invoice.number);
    assert_eq!(received(&shop), [format!("{}.pdf", invoice.number)]);
    assert!(invoice.sent_at.is_some());

    // A second run of each job, and a payment that is told twice.
    let issue = Issue {
        workspace: shop.workspace,
        cause: Cause::Order(order.id),
        paid: true,
    };
    let deliver = Deliver {
        workspace: shop.workspace,
        invoice: invoice.id,
        again: None,
    };
    let mut conn = shop.conn().await;
    issue.enqueue(&mut conn).await.unwrap();
    deliver.enqueue(&mut conn).await.unwrap();
    pay(&shop, &order).await;
    shop.drain().await;
    assert_eq!(documents(&shop).await.len(), 1);
    assert_eq!(received(&shop).len(), 1);

    // A member sends it once more.
    let mut work = shop.work().await;
    send_again(&mut work, invoice.id).await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    assert_eq!(received(&shop).len(), 2);
}

#[tokio::test]
async fn a_shop_that_has_not_turned_them_on_issues_none_until_it_asks() {
    let shop = Shop::open().await;
    let order = order(&shop, customer(&shop).await).await;
    pay(&shop, &order).await;
    shop.drain().await;
    assert!(documents(&shop).await.is_empty());
    let mut work = shop.work().await;
    let off = issue_for_order(&mut work, order.id).await;
    assert!(matches!(off, Err(InvoiceError::Off)));
    drop(work);
    set(
        &shop,
        json!({"invoices": true, "receipts": true, "seller_address": "Nairobi"}),
    )
    .await;
    // Its money goes back: that invoices no old sale.
    refund(&shop, order.id).await;
    shop.drain().await;
    assert!(documents(&shop).await.is_empty());
    let mut work = shop.work().await;
    let issued = issue_for_order(&mut work, order.id).await.unwrap();
    work.commit().await.unwrap();
    let kinds: Vec<InvoiceKind> = issued.iter().map(|one| one.kind).collect();
    assert_eq!(
        kinds,
        [
            InvoiceKind::Invoice,
            InvoiceKind::Receipt,
            InvoiceKind::CreditNote
        ]
    );
}

#[tokio::test]
async fn numbers_have_no_gaps_when_fifty_are_made_at_once_and_some_roll_back() {
    let shop = shop().await;
    let contact = customer(&shop).await;
    let mut orders = Vec::new();
    for _ in 0..50 {
        orders.push(paid_order(&shop, contact).await);
    }
    // Those with an odd place fail after they took their number, and are tried once more.
    let mut tries = tokio::task::JoinSet::new();
    for (place, id) in orders.iter().copied().enumerate() {
        let (ctx, workspace) = (shop.ctx.clone(), shop.workspace);
        tries.spawn(async move {
            let mut work = Work::of(&ctx, workspace).await.unwrap();
            issue_for_order(&mut work, id).await.unwrap();
            if place % 2 == 1 {
                work.rollback().await.unwrap();
                let mut work = Work::of(&ctx, workspace).await.unwrap();
                issue_for_order(&mut work, id).await.unwrap();
                work.commit().await.unwrap();
            } else {
                work.commit().await.unwrap();
            }
        });
    }
    tries.join_all().await;
    let serials: Vec<i64> = sqlx::query_scalar("SELECT serial FROM invoices ORDER BY serial")
        .fetch_all(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!(serials, (1..=50).collect::<Vec<_>>());
    let subjects: BTreeSet<String> = documents(&shop)
        .await
        .into_iter()
        .map(|one| one.subject_id)
        .collect();
    assert_eq!(subjects.len(), 50);
}

/// A paid order without lines, written by hand.
async fn paid_order(shop: &Shop, contact: ContactId) -> OrderId {
    let id = OrderId::new();
    sqlx::query(
        "INSERT INTO orders (workspace_id, id, number, contact_id, status, currency, total_minor, expires_at, paid_at,
                             created_at, updated_at)
         SELECT $1, $2, 1 + count(*), $3, 'paid', 'USD', 2500, now(), now(), now(), now() FROM orders",
    )
    .bind(shop.workspace.uuid())
    .bind(id.uuid())
    .bind(contact.uuid())
    .execute(&mut *shop.conn().await)
    .await
    .unwrap();
    id
}

#[tokio::test]
async fn a_refund_brings_a_credit_note_and_the_invoice_stays() {
    let shop = shop().await;
    let order = order(&shop, customer(&shop).await).await;
    pay(&shop, &order).await;
    shop.drain().await;
    let invoice = documents(&shop).await.remove(0);
    refund(&shop, order.id).await;
    shop.drain().await;
    let all = documents(&shop).await;
    let note = all
        .iter()
        .find(|one| one.kind == InvoiceKind::CreditNote)
        .unwrap();
    assert_eq!(
        (note.invoice_id, note.total_minor),
        (Some(invoice.id), 1_250)
    );
    assert!(note.number.starts_with("CN-"), "{}", note.number);
    assert_eq!(received(&shop).len(), 2);
    assert!(all.contains(&invoice), "{all:?}");

    // The database itself keeps what was issued.
    let changed = sqlx::query("UPDATE invoices SET total_minor = 1")
        .execute(shop.work().await.conn())
        .await;
    assert!(changed.unwrap_err().to_string().contains("permission"));
    let deleted = sqlx::query("DELETE FROM invoices")
        .execute(shop.work().await.conn())
        .await;
    assert!(deleted.unwrap_err().to_string().contains("permission"));
}

#[tokio::test]
async fn a_document_says_what_was_true_when_it_was_issued() {
    let shop = shop().await;
    let order = order(&shop, customer(&shop).await).await;
    pay(&shop, &order).await;
    shop.drain().await;
    let id = documents(&shop).await.remove(0).id;
    let before = file(&mut shop.work().await, id).await.unwrap().1;
    set(
        &shop,
        json!({"invoices": true, "seller_name": "Another", "seller_address": "Elsewhere"}),
    )
    .await;
    sqlx::query("UPDATE contacts SET name = 'Somebody else'")
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    assert_eq!(file(&mut shop.work().await, id).await.unwrap().1, before);
    assert!(before.starts_with(b"%PDF-"));
}

#[tokio::test]
async fn an_erased_contact_is_on_no_document_and_the_numbers_stay() {
    let shop = shop().await;
    let contact = customer(&shop).await;
    sqlx::query("UPDATE contacts SET name = 'Amina Otieno', email = 'amina@example.com'")
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    let order = order(&shop, contact).await;
    pay(&shop, &order).await;
    shop.drain().await;
    assert_eq!(documents(&shop).await[0].buyer_name, "Amina Otieno");
    let mut work = shop.work().await;
    store::erase(&mut work, contact).await.unwrap();
    work.commit().await.unwrap();
    let all = documents(&shop).await;
    assert_eq!((all.len(), &*all[0].buyer_name), (1, ""));
    let known: i64 =
        sqlx::query_scalar("SELECT count(*) FROM invoices WHERE buyer::text LIKE '%mina%'")
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap();
    assert_eq!(known, 0);
}
