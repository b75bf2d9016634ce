//! Figures of a business, against a real database.

use std::time::Duration;

use chrono::NaiveDate;
use kazi_platform::Money;
use kazi_queue::Job;

use super::*;
use crate::{
    Work,
    catalog::ProductId,
    contacts::{self, ContactId, NewContact},
    orders::{self, NewOrder, Wanted},
    payments::{Paid, PaymentId},
    testing::Shop,
    workspaces::{self, Changes},
};

const DAY: Duration = Duration::from_secs(86_400);

macro_rules! within {
    ($shop:expr, $work:ident, $what:expr) => {{
        let mut $work = Work::of(&$shop.ctx, $shop.workspace).await.unwrap();
        let answer = $what;
        $work.commit().await.unwrap();
        answer
    }};
}

async fn zone(shop: &Shop, zone: &str) {
    let changes = Changes {
        time_zone: Some(zone.into()),
        ..Changes::default()
    };
    within!(shop, work, {
        let before = workspaces::lock(&mut work).await.unwrap();
        workspaces::update(&mut work, before, changes).await
    })
    .unwrap();
}

async fn month(shop: &Shop) -> Stats {
    within!(shop, work, stats(&mut work, Period::Month, None).await).unwrap()
}

async fn person(shop: &Shop, name: &str) -> ContactId {
    let new = NewContact {
        name: Some(name.into()),
        ..NewContact::default()
    };
    within!(shop, work, contacts::create(&mut work, &new).await)
        .unwrap()
        .id
}

/// Sells one product.
async fn sell(shop: &Shop, contact_id: ContactId, quantity: i32) -> i64 {
    let product: ProductId = sqlx::query_scalar("SELECT id FROM products WHERE sku = 'COF'")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    let new = NewOrder {
        contact_id,
        items: vec![Wanted {
            product_id: product,
            quantity,
        }],
        note: String::new(),
    };
    let order = within!(shop, work, orders::order_for(&mut work, &new).await).unwrap();
    let came = Paid {
        payment: PaymentId::derived(order.id.uuid(), 1),
        amount: Money {
            minor: order.total_minor,
            currency: order.currency.parse().unwrap(),
        },
        at: shop.now(),
    };
    within!(shop, work, orders::paid(&mut work, order.id, &came).await).unwrap();
    order.total_minor
}

/// The differences that wait.
async fn waiting(shop: &Shop) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM figure_changes")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_contact_who_writes_often_is_active_once_in_each_period() {
    let shop = Shop::open().await;
    let before = month(&shop).await;
    for text in ["hello", "are you there?", "hello?"] {
        shop.hear(text, text).await;
    }
    shop.drain_but_payments().await;
    let after = month(&shop).await;
    assert_eq!(
        after.active_contacts.value - before.active_contacts.value,
        1
    );
    assert_eq!(after.messages_in.value - before.messages_in.value, 3);
    assert!(after.messages_out.value > before.messages_out.value);
    assert_eq!(after.new_contacts.value - before.new_contacts.value, 1);
    // Who reads has added up, and reading again changes nothing.
    assert_eq!(waiting(&shop).await, 0);
    assert_eq!(month(&shop).await, after);

    // The same person and another one, a day later by the rows' own time.
    sqlx::query("UPDATE active_contacts SET last_day = last_day - 400")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    shop.hear("again", "again").await;
    shop.drain_but_payments().await;
    let later = within!(shop, work, stats(&mut work, Period::Year, None).await).unwrap();
    // New in this year for a second time: the last day lies in an earlier one.
    assert_eq!(later.active_contacts.value, 2);
}

#[tokio::test]
async fn what_is_rolled_back_is_not_counted() {
    let shop = Shop::open().await;
    let before = month(&shop).await;
    let mut work = Work::of(&shop.ctx, shop.workspace).await.unwrap();
    let new = NewContact {
        name: Some("Nobody".into()),
        ..NewContact::default()
    };
    contacts::create(&mut work, &new).await.unwrap();
    work.rollback().await.unwrap();
    assert_eq!(month(&shop).await.new_contacts, before.new_contacts);
}

#[tokio::test]
async fn the_job_adds_each_difference_once_beside_those_who_read() {
    let shop = Shop::open().await;
    let before = month(&shop).await.new_contacts.value;
    for n in 0..20 {
        person(&shop, &format!("Person {n}")).await;
    }
    Fold {}.enqueue(&mut *shop.conn().await).await.unwrap();
    let (_, first, second) = tokio::join!(shop.drain(), month(&shop), month(&shop));
    for stats in [first, second, month(&shop).await] {
        assert_eq!(stats.new_contacts.value - before, 20);
    }
    assert_eq!(waiting(&shop).await, 0);
}

#[tokio::test]
async fn the_best_of_a_period_are_those_with_the_highest_paid_orders() {
    let shop = Shop::open().await;
    sqlx::query("UPDATE products SET stock = 50")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let [amina, brian] = [person(&shop, "Amina").await, person(&shop, "Brian").await];
    let small = sell(&shop, amina, 1).await;
    sell(&shop, amina, 2).await;
    let large = sell(&shop, brian, 4).await;
    let stats = month(&shop).await;
    assert_eq!(stats.orders.value, 3);
    let product = stats.best.product.unwrap();
    assert_eq!((product.sold, product.revenue.minor), (7, 7 * small));
    let contact = stats.best.contact.unwrap();
    assert_eq!(contact.name.as_deref(), Some("Brian"));
    assert_eq!((contact.orders, contact.spent.minor), (1, large));
    let order = stats.best.order.unwrap();
    assert_eq!((order.contact_id, order.total.minor), (brian, large));

    // One person: what both have bought counts together, and an erased person is the best of nothing.
    within!(shop, work, store::merge(&mut work, amina, brian).await).unwrap();
    let contact = month(&shop).await.best.contact.unwrap();
    assert_eq!(
        (contact.contact_id, contact.orders, contact.spent.minor),
        (brian, 3, 7 * small)
    );
    // Also of what nobody has added up yet.
    sell(&shop, brian, 1).await;
    within!(shop, work, fold::erase(&mut work, brian).await).unwrap();
    assert_eq!(month(&shop).await.best.contact, None);
}

#[tokio::test]
async fn a_day_begins_when_it_begins_where_the_business_is() {
    let shop = Shop::open().await;
    let at = "2026-01-31T22:10:00Z";
    for (name, day, other) in [
        ("Africa/Nairobi", "2026-02-01", "2026-01-31"),
        ("America/Bogota", "2026-01-31", "2026-02-01"),
    ] {
        zone(&shop, name).await;
        sqlx::query("DELETE FROM figures_daily")
            .execute(&shop.ctx.owner)
            .await
            .unwrap();
        let contact = person(&shop, name).await;
        sqlx::query("UPDATE figure_changes SET at = $1::timestamptz WHERE figure = 'contacts'")
            .bind(at)
            .execute(&shop.ctx.owner)
            .await
            .unwrap();
        let count = async |day: &str| {
            let day: NaiveDate = day.parse().unwrap();
            let stats = within!(shop, work, stats(&mut work, Period::Day, Some(day)).await);
            stats.unwrap().new_contacts.value
        };
        assert_eq!(
            (count(day).await, count(other).await),
            (1, 0),
            "{name} {contact}"
        );
    }
}

#[tokio::test]
async fn every_day_has_its_figures_and_what_cannot_be_is_refused() {
    let shop = Shop::open().await;
    shop.after(DAY * 3).await;
    person(&shop, "Amina").await;
    let seen = within!(shop, work, overview(&mut work, None, None).await).unwrap();
    assert_eq!(seen.days.len(), 30);
    let all: i64 = seen.days.iter().map(|day| day.new_contacts).sum();
    assert_eq!(all, 1);
    let last = seen.days.last().unwrap().day;
    for (from, to) in [
        (last, last.succ_opt().unwrap()),
        (last, last.pred_opt().unwrap()),
        (last - chrono::Days::new(366), last),
    ] {
        let refused = within!(shop, work, overview(&mut work, Some(from), Some(to)).await);
        assert!(
            matches!(refused, Err(AnalyticsError::Invalid(_))),
            "{from} {to}"
        );
    }
    let year = within!(
        shop,
        work,
        overview(&mut work, Some(last - chrono::Days::new(365)), Some(last)).await
    );
    assert_eq!(year.unwrap().days.len(), 366);
}
