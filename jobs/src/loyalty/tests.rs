//! Points against the database: earned once, spent by the oldest, expired, taken back and merged, and two who want the last
//! reward. After each step the books are looked at.

use std::time::Duration;

use chrono::{DurationRound, TimeDelta};
use kazi_platform::Phone;
use kazi_queue::Job;
use kazi_simulators::Line;
use serde_json::{Value, json};

mod back;
mod listed;
mod warning;

use super::*;
use crate::{
    appointments::{self, Status as BookingStatus, tests::visited},
    channels::{ChannelKind, EventKind},
    contacts::{Field, FieldKind},
    orders,
    payments::{self, Ended, How, OrderId},
    testing::{CUSTOMER, Shop},
};

const DAY: Duration = Duration::from_secs(86_400);

async fn set(shop: &Shop, new: Value) {
    let new: Settings = serde_json::from_value(new).unwrap();
    let mut work = shop.work().await;
    let before = lock_settings(&mut work).await.unwrap();
    set_settings(&mut work, &before, &new).await.unwrap();
    work.commit().await.unwrap();
}

/// A shop that gives a point for each dollar of an order.
async fn shop() -> Shop {
    let shop = Shop::open().await;
    set(
        &shop,
        json!({"enabled": true, "order": {"points": 1, "per_minor": 100}}),
    )
    .await;
    shop
}

async fn contact(shop: &Shop, name: &str) -> ContactId {
    let id = ContactId::new();
    sqlx::query("INSERT INTO contacts (workspace_id, id, name) VALUES ($1, $2, $3)")
        .bind(shop.workspace.uuid())
        .bind(id.uuid())
        .bind(name)
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    id
}

/// An order of so many cents that a carrier has.
async fn shipped(shop: &Shop, contact: ContactId, cents: i64) -> OrderId {
    // Ids sort by the millisecond.
    shop.ctx.clock.advance(TimeDelta::milliseconds(1));
    let id = OrderId::new();
    sqlx::query(
        "INSERT INTO orders (workspace_id, id, number, contact_id, status, currency, total_minor, expires_at, created_at, updated_at)
         SELECT $1, $2, 1 + count(*), $3, 'shipped', 'USD', $4, now(), now(), now() FROM orders",
    )
    .bind(shop.workspace.uuid())
    .bind(id.uuid())
    .bind(contact.uuid())
    .bind(cents)
    .execute(&mut *shop.conn().await)
    .await
    .unwrap();
    id
}

async fn deliver(shop: &Shop, order: OrderId) {
    let mut work = shop.work().await;
    orders::deliver(&mut work, order).await.unwrap();
    work.commit().await.unwrap();
}

/// An order that the contact has got.
async fn delivered(shop: &Shop, contact: ContactId, cents: i64) -> OrderId {
    let id = shipped(shop, contact, cents).await;
    deliver(shop, id).await;
    shop.drain().await;
    id
}

async fn refunded(shop: &Shop, order: OrderId) {
    shop.ctx.clock.advance(TimeDelta::milliseconds(1));
    let mut work = shop.work().await;
    let ended = Ended {
        payment: payments::PaymentId::new(),
        how: How::Refunded,
        error: None,
    };
    orders::payment_ended(&mut work, order, &ended)
        .await
        .unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    sound(shop).await;
}

async fn has(shop: &Shop, contact: ContactId) -> AccountView {
    account(&mut shop.work().await, contact).await.unwrap()
}

async fn balance(shop: &Shop, contact: ContactId) -> i64 {
    has(shop, contact).await.balance
}

async fn reward(shop: &Shop, cost: i64, stock: Option<i32>) -> RewardId {
    let new = json!({"name": "Free coffee", "cost": cost, "stock": stock});
    let new: NewReward = serde_json::from_value(new).unwrap();
    let mut work = shop.work().await;
    let made = create_reward(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    made.id
}

async fn take(shop: &Shop, contact: ContactId, reward: RewardId) -> Result<Redeemed, LoyaltyError> {
    shop.ctx.clock.advance(TimeDelta::milliseconds(1));
    let mut work = shop.work().await;
    let redeemed = redeem(&mut work, contact, reward).await?;
    work.commit().await.unwrap();
    Ok(redeemed)
}

async fn give(shop: &Shop, contact: ContactId, points: i64) -> Result<AccountView, LoyaltyError> {
    shop.ctx.clock.advance(TimeDelta::milliseconds(1));
    let mut work = shop.work().await;
    let account = adjust(&mut work, contact, points, "For the long wait").await?;
    work.commit().await.unwrap();
    Ok(account)
}

async fn number(shop: &Shop, query: &'static str) -> i64 {
    sqlx::query_scalar(query)
        .fetch_one(&mut *shop.conn().await)
        .await
        .unwrap()
}

/// The books sum to zero, each balance is that of its entries, and what remains of the lots is the balance.
async fn sound(shop: &Shop) {
    for wrong in [
        "SELECT count(*) FROM (SELECT transaction_id FROM loyalty_entries GROUP BY transaction_id HAVING sum(points) <> 0) w",
        "SELECT count(*) FROM loyalty_transactions t
         WHERE NOT EXISTS (SELECT FROM loyalty_entries e WHERE e.transaction_id = t.id)",
        "SELECT count(*) FROM loyalty_accounts a WHERE balance <>
         (SELECT coalesce(sum(points), 0) FROM loyalty_entries e WHERE e.contact_id = a.contact_id)",
        "SELECT count(*) FROM loyalty_accounts a WHERE greatest(balance, 0) <>
         (SELECT coalesce(sum(remaining), 0) FROM loyalty_lots l WHERE l.contact_id = a.contact_id)",
    ] {
        assert_eq!(number(shop, wrong).await, 0, "{wrong}");
    }
    let all = totals(&mut shop.work().await).await.unwrap();
    assert_eq!(
        all.issued + all.customer + all.redeemed + all.expired,
        0,
        "{all:?}"
    );
}

#[tokio::test]
async fn an_order_earns_once_although_its_event_comes_twice_and_a_process_dies_in_between() {
    let shop = shop().await;
    let amina = contact(&shop, "Amina").await;
    let order = delivered(&shop, amina, 2_599).await;
    assert_eq!(balance(&shop, amina).await, 25);
    let again = Count {
        workspace: shop.workspace,
        event: Event::Delivered(order),
    };
    again.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    // A process that dies commits nothing: the next run books.
    let other = OrderId::new();
    let mut work = shop.work().await;
    let mid = ledger::lock_account(&mut work, amina).await.unwrap();
    let rules = settings(&mut work).await.unwrap().settings;
    ledger::earn(
        &mut work,
        amina,
        (mid, 9),
        ledger::Cause::Order(other),
        &rules,
    )
    .await
    .unwrap();
    drop(work);
    assert_eq!(balance(&shop, amina).await, 25);
    let mut work = shop.work().await;
    let booked = entries(&mut work, amina, None, 9).await.unwrap();
    assert_eq!(booked.len(), 1);
    assert_eq!(
        (booked[0].points, booked[0].balance, booked[0].order_id),
        (25, 25, Some(order))
    );
    drop(work);
    sound(&shop).await;
    // Off, nobody earns.
    set(
        &shop,
        json!({"enabled": false, "order": {"points": 1, "per_minor": 100}}),
    )
    .await;
    delivered(&shop, amina, 5_000).await;
    assert_eq!(balance(&shop, amina).await, 25);
}

#[tokio::test]
async fn the_database_refuses_books_that_are_off_and_changes_of_them() {
    let shop = shop().await;
    let amina = contact(&shop, "Amina").await;
    delivered(&shop, amina, 2_500).await;
    let mut work = shop.work().await;
    for (statement, code) in [
        (
            "INSERT INTO loyalty_entries (workspace_id, transaction_id, position, account, points)
             SELECT workspace_id, id, 9, 'issued', 5 FROM loyalty_transactions",
            "23514",
        ),
        ("UPDATE loyalty_entries SET points = points * 2", "42501"),
        ("DELETE FROM loyalty_entries", "42501"),
        ("UPDATE loyalty_transactions SET kind = 'visit'", "42501"),
    ] {
        use sqlx::Connection;
        let mut tx = work.conn().begin().await.unwrap();
        let refused = sqlx::query(statement).execute(&mut *tx).await.unwrap_err();
        let said = refused.as_database_error().unwrap();
        assert_eq!(said.code().as_deref(), Some(code), "{statement}");
        tx.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn tiers_multiply_what_is_earned_in_twelve_months() {
    let shop = shop().await;
    let amina = contact(&shop, "Amina").await;
    let mut work = shop.work().await;
    for (name, threshold, multiplier_percent) in [("Silver", 100, 150), ("Gold", 240, 200)] {
        let new = NewTier {
            name: name.into(),
            threshold,
            multiplier_percent,
        };
        create_tier(&mut work, &new).await.unwrap();
    }
    work.commit().await.unwrap();
    let tier = async || has(&shop, amina).await.tier.map(|tier| tier.name);
    delivered(&shop, amina, 10_000).await;
    assert_eq!(tier().await.as_deref(), Some("Silver"));
    delivered(&shop, amina, 9_999).await;
    assert_eq!(balance(&shop, amina).await, 100 + 149);
    assert_eq!(tier().await.as_deref(), Some("Gold"));
    // What a member gives is no merit.
    give(&shop, amina, 1_000).await.unwrap();
    assert_eq!(has(&shop, amina).await.earned, 249);
    shop.ctx.clock.advance(TimeDelta::days(367));
    assert_eq!(tier().await, None);
    sound(&shop).await;
}

#[tokio::test]
async fn the_oldest_points_are_spent_and_expire_first_and_a_warning_comes_before() {
    let shop = shop().await;
    set(
        &shop,
        json!({"enabled": true, "order": {"points": 1, "per_minor": 100},
               "expiry": {"months": 1, "warn_days": 7}}),
    )
    .await;
    shop.hear("1", "hey").await;
    shop.drain().await;
    let phone = Phone::from_wa_id(CUSTOMER).unwrap();
    let found = contacts::by_phone(&mut shop.work().await, &phone).await;
    let amina = found.unwrap().unwrap().id;
    let find = async || {
        FindExpiring {}
            .enqueue(&mut *shop.conn().await)
            .await
            .unwrap();
        shop.drain().await;
    };
    delivered(&shop, amina, 3_000).await;
    shop.after(DAY * 10).await;
    delivered(&shop, amina, 5_000).await;
    let coffee = reward(&shop, 20, None).await;
    take(&shop, amina, coffee).await.unwrap();
    // Of the older lot ten points are left.
    let expiring = has(&shop, amina).await.expiring.unwrap();
    assert_eq!(expiring.points, 10);
    sound(&shop).await;

    shop.ctx
        .clock
        .advance(expiring.at - TimeDelta::days(7) - shop.now());
    find().await;
    find().await;
    let warned = "SELECT count(*) FROM loyalty_lots WHERE warned_at IS NOT NULL";
    assert_eq!(number(&shop, warned).await, 1);

    shop.ctx
        .clock
        .advance(expiring.at - shop.now() - TimeDelta::seconds(1));
    find().await;
    assert_eq!(balance(&shop, amina).await, 60);
    shop.ctx.clock.advance(TimeDelta::seconds(1));
    find().await;
    find().await;
    assert_eq!(balance(&shop, amina).await, 50);
    let newest = entries(&mut shop.work().await, amina, None, 1)
        .await
        .unwrap();
    assert_eq!(
        (newest[0].kind, newest[0].points),
        (PointsKind::Expiry, -10)
    );
    sound(&shop).await;
    // What has expired is not spent, also before the clock's job has come.
    shop.after(DAY * 30).await;
    let refused = take(&shop, amina, coffee).await;
    assert!(
        matches!(refused, Err(LoyaltyError::TooFew { have: 0, .. })),
        "{refused:?}"
    );
    sound(&shop).await;
}

#[tokio::test]
async fn a_warning_reaches_the_customer_in_the_chat_once() {
    let shop = shop().await;
    set(
        &shop,
        json!({"enabled": true, "order": {"points": 1, "per_minor": 100},
               "expiry": {"months": 1, "warn_days": 27}}),
    )
    .await;
    let amina = known(&shop).await;
    delivered(&shop, amina, 3_000).await;
    // As if it were the time of the warning: only templates reach a customer after days.
    sqlx::query("UPDATE loyalty_lots SET warn_at = earned_at")
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    for _ in 0..2 {
        FindExpiring {}
            .enqueue(&mut *shop.conn().await)
            .await
            .unwrap();
        shop.drain().await;
    }
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    let warnings = lines
        .iter()
        .filter(|line| line.text.contains("30 of your points expire"));
    assert_eq!(warnings.count(), 1, "{lines:?}");
}

#[tokio::test]
async fn a_refund_takes_points_back_once_even_those_that_are_spent() {
    let shop = shop().await;
    let amina = contact(&shop, "Amina").await;
    let first = delivered(&shop, amina, 3_000).await;
    delivered(&shop, amina, 2_000).await;
    let coffee = reward(&shop, 40, None).await;
    take(&shop, amina, coffee).await.unwrap();
    assert_eq!(balance(&shop, amina).await, 10);
    refunded(&shop, first).await;
    assert_eq!(balance(&shop, amina).await, -20);
    assert_eq!(has(&shop, amina).await.earned, 20);
    let again = Count {
        workspace: shop.workspace,
        event: Event::Refunded(first),
    };
    again.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    assert_eq!(balance(&shop, amina).await, -20);
    let refused = take(&shop, amina, coffee).await;
    assert!(matches!(refused, Err(LoyaltyError::TooFew { .. })));
    // What comes next fills it up.
    delivered(&shop, amina, 5_000).await;
    assert_eq!(balance(&shop, amina).await, 30);
    sound(&shop).await;
    // A refund that comes before the points leaves none.
    let early = shipped(&shop, amina, 1_000).await;
    deliver(&shop, early).await;
    refunded(&shop, early).await;
    assert_eq!(balance(&shop, amina).await, 30);
}

#[tokio::test]
async fn of_two_who_want_the_last_reward_or_the_last_points_one_gets_it() {
    let shop = shop().await;
    let (amina, brian) = (contact(&shop, "Amina").await, contact(&shop, "Brian").await);
    for customer in [amina, brian] {
        give(&shop, customer, 100).await.unwrap();
    }
    let last = reward(&shop, 60, Some(1)).await;
    let (one, two) = tokio::join!(take(&shop, amina, last), take(&shop, brian, last));
    let lost = match (one, two) {
        (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => lost,
        both => panic!("{both:?}"),
    };
    assert!(matches!(lost, LoyaltyError::OutOfStock), "{lost}");
    sound(&shop).await;

    let carol = contact(&shop, "Carol").await;
    give(&shop, carol, 100).await.unwrap();
    let dear = reward(&shop, 60, None).await;
    let (one, two) = tokio::join!(take(&shop, carol, dear), take(&shop, carol, dear));
    let lost = match (one, two) {
        (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => lost,
        both => panic!("{both:?}"),
    };
    assert!(
        matches!(
            lost,
            LoyaltyError::TooFew {
                have: 40,
                wanted: 60
            }
        ),
        "{lost}"
    );
    assert_eq!(balance(&shop, carol).await, 40);
    let refused = give(&shop, carol, -41).await;
    assert!(matches!(refused, Err(LoyaltyError::TooFew { .. })));
    give(&shop, carol, -40).await.unwrap();
    sound(&shop).await;
}

#[tokio::test]
async fn a_code_is_used_once_and_in_time() {
    let shop = shop().await;
    let amina = contact(&shop, "Amina").await;
    give(&shop, amina, 100).await.unwrap();
    let coffee = reward(&shop, 30, None).await;
    let (first, second) = (
        take(&shop, amina, coffee).await.unwrap(),
        take(&shop, amina, coffee).await.unwrap(),
    );
    assert_ne!(first.code, second.code);
    let try_code = async |code: &str| {
        let mut work = shop.work().await;
        let used = use_code(&mut work, code).await?;
        work.commit().await.unwrap();
        Ok::<_, LoyaltyError>(used)
    };
    let (one, two) = tokio::join!(try_code(&first.code), try_code(&first.code));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert!(matches!(one.and(two), Err(LoyaltyError::Used)));
    shop.ctx.clock.advance(TimeDelta::days(31));
    assert!(matches!(
        try_code(&second.code).await,
        Err(LoyaltyError::Expired)
    ));
    let unknown = try_code("0000-0000-0000").await;
    assert!(matches!(unknown, Err(LoyaltyError::NotFound("code"))));
    // Of the code itself the database has nothing.
    let stored = "SELECT count(*) FROM loyalty_redemptions WHERE length(code_hint) > 4 OR octet_length(code_hash) <> 32";
    assert_eq!(number(&shop, stored).await, 0);
}

#[tokio::test]
async fn a_merge_moves_points_and_an_erasure_forgets_the_reason() {
    let shop = shop().await;
    let (amina, twin) = (
        contact(&shop, "Amina").await,
        contact(&shop, "Amina O").await,
    );
    let order = delivered(&shop, twin, 3_000).await;
    give(&shop, twin, 12).await.unwrap();
    delivered(&shop, amina, 1_000).await;
    let coffee = reward(&shop, 40, None).await;
    let taken = take(&shop, twin, coffee).await.unwrap();
    let mut work = shop.work().await;
    crate::people::merge(&mut work, twin, amina).await.unwrap();
    work.commit().await.unwrap();
    sound(&shop).await;
    assert_eq!(
        (balance(&shop, amina).await, balance(&shop, twin).await),
        (12, 0)
    );
    assert_eq!(has(&shop, amina).await.earned, 40);
    let moved = redemption(&mut shop.work().await, taken.redemption.id).await;
    assert_eq!(moved.unwrap().unwrap().contact_id, amina);
    // The order's points went with it.
    refunded(&shop, order).await;
    assert_eq!(balance(&shop, amina).await, -18);

    let mut work = shop.work().await;
    let copy = crate::people::personal_data(&mut work, amina)
        .await
        .unwrap();
    // The books of the duplicate stay as they were: 30 and 12 points came there, and 40 went.
    let theirs = copy.points.iter().filter(|one| one.contact_id == twin);
    let mut theirs: Vec<i64> = theirs.map(|one| one.points).collect();
    theirs.sort_unstable();
    assert_eq!(theirs, [-40, -2, 12, 30]);
    assert!(copy.points.iter().any(|one| one.contact_id == amina));
    assert_eq!(copy.rewards.len(), 1);
    assert_eq!(copy.rewards[0].id, taken.redemption.id);
    crate::people::erase(&mut work, amina).await.unwrap();
    work.commit().await.unwrap();
    let reasons = "SELECT count(*) FROM loyalty_transactions WHERE reason IS NOT NULL";
    assert_eq!(number(&shop, reasons).await, 0);
    let logged = "SELECT count(*) FROM audit_log WHERE after::text LIKE '%long wait%'";
    assert_eq!(number(&shop, logged).await, 0);
    sound(&shop).await;
}

#[tokio::test]
async fn visits_and_birthdays_earn_once() {
    let shop = shop().await;
    let amina = contact(&shop, "Amina").await;
    let mut work = shop.work().await;
    let field = Field {
        key: "birthday".into(),
        label: "Birthday".into(),
        kind: FieldKind::Date,
        choices: Vec::new(),
    };
    contacts::declare(&mut work, &field).await.unwrap();
    work.commit().await.unwrap();
    set(
        &shop,
        json!({"enabled": true, "visit_points": 10, "birthday": {"points": 50, "field": "birthday"}}),
    )
    .await;
    let today = shop
        .now()
        .with_timezone(&chrono_tz::Africa::Nairobi)
        .format("1990-%m-%d");
    sqlx::query(
        "UPDATE contacts SET attributes = jsonb_build_object('birthday', $1::text) WHERE id = $2",
    )
    .bind(today.to_string())
    .bind(amina.uuid())
    .execute(&mut *shop.conn().await)
    .await
    .unwrap();
    sqlx::query("UPDATE workspaces SET time_zone = 'Africa/Nairobi'")
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    for _ in 0..2 {
        FindBirthdays {}
            .enqueue(&mut *shop.conn().await)
            .await
            .unwrap();
        shop.drain().await;
    }
    assert_eq!(balance(&shop, amina).await, 50);
    // The day is looked at again, as after a crash.
    sqlx::query("UPDATE loyalty_settings SET birthdays_until = NULL")
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    FindBirthdays {}
        .enqueue(&mut *shop.conn().await)
        .await
        .unwrap();
    shop.drain().await;
    assert_eq!(balance(&shop, amina).await, 50);

    let booking = visited(&shop, amina, shop.now() - TimeDelta::hours(1)).await;
    shop.drain().await;
    let again = Count {
        workspace: shop.workspace,
        event: Event::Visited(booking),
    };
    again.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    assert_eq!(balance(&shop, amina).await, 60);
    // A member corrects it: nobody came. Then somebody remembers, and it is corrected back.
    for (now, points) in [
        (BookingStatus::NoShow, 50),
        (BookingStatus::Completed, 60),
        (BookingStatus::NoShow, 50),
        (BookingStatus::Completed, 60),
    ] {
        shop.ctx.clock.advance(TimeDelta::milliseconds(1));
        let mut work = shop.work().await;
        appointments::change(&mut work, (booking, None), now)
            .await
            .unwrap();
        work.commit().await.unwrap();
        shop.drain().await;
        assert_eq!(balance(&shop, amina).await, points, "{now}");
        // Each change counts once, although its job comes twice.
        let event = match now {
            BookingStatus::Completed => Event::Visited(booking),
            _ => Event::Missed(booking),
        };
        let again = Count {
            workspace: shop.workspace,
            event,
        };
        again.enqueue(&mut *shop.conn().await).await.unwrap();
        shop.drain().await;
        assert_eq!(balance(&shop, amina).await, points, "{now} again");
        sound(&shop).await;
    }
}

#[tokio::test]
async fn points_of_one_day_expire_together_and_are_warned_of_once() {
    let shop = shop().await;
    let rules = |enabled: bool| {
        json!({"enabled": enabled, "order": {"points": 1, "per_minor": 100},
               "expiry": {"months": 1, "warn_days": 7}})
    };
    set(&shop, rules(true)).await;
    let amina = contact(&shop, "Amina").await;
    // Both on one day, whenever the test runs.
    let midnight = (shop.now() + TimeDelta::days(1)).duration_trunc(TimeDelta::days(1));
    shop.ctx.clock.advance(midnight.unwrap() - shop.now());
    delivered(&shop, amina, 3_000).await;
    shop.ctx.clock.advance(TimeDelta::hours(2));
    delivered(&shop, amina, 5_000).await;
    let expiring = has(&shop, amina).await.expiring.unwrap();
    assert_eq!(expiring.points, 80);
    shop.ctx
        .clock
        .advance(expiring.at - TimeDelta::days(7) - shop.now());
    FindExpiring {}
        .enqueue(&mut *shop.conn().await)
        .await
        .unwrap();
    shop.drain().await;
    let warned = "SELECT count(*) FROM loyalty_lots WHERE warned_at IS NOT NULL";
    assert_eq!(number(&shop, warned).await, 2);
}

#[tokio::test]
async fn while_it_is_off_nobody_is_warned_and_its_words_are_those_of_the_conversation() {
    let shop = shop().await;
    let amina = known(&shop).await;
    delivered(&shop, amina, 3_000).await;
    sqlx::query(
        "UPDATE loyalty_lots SET warn_at = earned_at, expires_at = earned_at + interval '1 day'",
    )
    .execute(&mut *shop.conn().await)
    .await
    .unwrap();
    set(&shop, json!({"enabled": false})).await;
    let before = last(&shop).text;
    FindExpiring {}
        .enqueue(&mut *shop.conn().await)
        .await
        .unwrap();
    shop.drain().await;
    assert_eq!(last(&shop).text, before);
    let warned = "SELECT count(*) FROM loyalty_lots WHERE warned_at IS NOT NULL";
    assert_eq!(number(&shop, warned).await, 1);
    // A ticket waits for words: these are some.
    says(&shop, "ticket").await;
    says(&shop, "points").await;
    let tickets = "SELECT count(*) FROM tickets";
    assert_eq!(number(&shop, tickets).await, 1);
}

/// A customer who is known, and speaks English.
async fn known(shop: &Shop) -> ContactId {
    for text in ["hey", "Amina"] {
        says(shop, text).await;
    }
    tap(shop, "lang:en").await;
    let phone = Phone::from_wa_id(CUSTOMER).unwrap();
    let found = contacts::by_phone(&mut shop.work().await, &phone).await;
    found.unwrap().unwrap().id
}

async fn tap(shop: &Shop, id: &str) -> Line {
    shop.ctx.clock.advance(TimeDelta::milliseconds(1));
    let message = json!({
        "id": format!("wamid.{}", shop.now().timestamp_micros()), "from": CUSTOMER, "type": "interactive",
        "interactive": {"type": "list_reply", "list_reply": {"id": id, "title": "Tapped"}},
    });
    let payload = json!({"message": message, "contact": {"wa_id": CUSTOMER}});
    let (kind, what) = (ChannelKind::WhatsApp, EventKind::Message);
    shop.record(kind, what, CUSTOMER, payload).await;
    shop.drain().await;
    last(shop)
}

async fn says(shop: &Shop, text: &str) -> Line {
    let id = format!("wamid.{}", shop.now().timestamp_micros());
    shop.hear(&id, text).await;
    shop.drain().await;
    last(shop)
}

fn last(shop: &Shop) -> Line {
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    lines
        .into_iter()
        .rfind(|line| line.direction == "in")
        .unwrap()
}

#[tokio::test]
async fn in_the_chat_a_customer_sees_the_points_and_takes_a_reward_once() {
    let shop = shop().await;
    let amina = known(&shop).await;
    reward(&shop, 40, Some(5)).await;
    give(&shop, amina, 30).await.unwrap();
    let shown = says(&shop, "My points").await;
    assert!(shown.text.contains("You have 30 points"), "{shown:?}");
    let wish = shown.buttons[0].id.clone();
    let poor = tap(&shop, &wish).await;
    assert!(poor.text.contains("10 more"), "{poor:?}");
    give(&shop, amina, 70).await.unwrap();
    let sure = tap(&shop, &wish).await;
    assert_eq!(sure.buttons.len(), 2, "{sure:?}");
    let told = tap(&shop, &sure.buttons[0].id).await;
    let code = told
        .text
        .split(' ')
        .find(|word| word.matches('-').count() == 2);
    let code = code.unwrap().trim_end_matches('.').to_owned();
    // A second tap takes no second one.
    let again = tap(&shop, &sure.buttons[0].id).await;
    assert!(again.text.contains("already"), "{again:?}");
    assert_eq!(balance(&shop, amina).await, 60);
    let mut work = shop.work().await;
    let used = use_code(&mut work, &code).await.unwrap();
    assert_eq!((used.contact_id, used.cost), (amina, 40));
    sound(&shop).await;
    set(&shop, json!({"enabled": false})).await;
    assert!(!says(&shop, "my points").await.text.contains("You have"));
}
