//! Money of an order goes back in parts, and its share of the points with it.

use super::*;
use crate::endpoints::{Type, announce};

/// So many cents of an order go back, which the contact has paid.
async fn part_refunded(shop: &Shop, order: OrderId, cents: i64) {
    shop.ctx.clock.advance(TimeDelta::milliseconds(1));
    let payment = orders::payment_of(order);
    let mut conn = shop.conn().await;
    sqlx::query(
        "INSERT INTO payments (workspace_id, id, subject_kind, subject_id, contact_id, amount_minor, currency, description,
                               status, intent_id, received_minor, received_currency, expires_at, created_at, updated_at)
         SELECT workspace_id, $1, 'order', id, contact_id, total_minor, currency, 'Order', 'paid', 'pi_' || id, total_minor,
                currency, now(), now(), now() FROM orders WHERE id = $2
         ON CONFLICT DO NOTHING",
    )
    .bind(payment.uuid())
    .bind(order.uuid())
    .execute(&mut *conn)
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO refunds (workspace_id, id, payment_id, intent_id, amount_minor, currency, reason, status, created_at, updated_at)
         SELECT workspace_id, gen_random_uuid(), id, intent_id, $2, currency, 'Broken', 'succeeded', now(), now()
         FROM payments WHERE id = $1",
    )
    .bind(payment.uuid())
    .bind(cents)
    .execute(&mut *conn)
    .await
    .unwrap();
    drop(conn);
    told(shop, order).await;
}

/// The word of payments that money went back, which may come twice.
async fn told(shop: &Shop, order: OrderId) {
    let mut work = shop.work().await;
    announce(&mut work, Type::PAYMENT_REFUNDED, orders::payment_of(order))
        .await
        .unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    sound(shop).await;
}

#[tokio::test]
async fn a_part_takes_its_share_back_once_and_the_rest_goes_with_the_rest() {
    let shop = shop().await;
    let amina = contact(&shop, "Amina").await;
    let order = delivered(&shop, amina, 1_000).await;
    part_refunded(&shop, order, 250).await;
    // Of 7.50 an order earns 7 points.
    assert_eq!(balance(&shop, amina).await, 7);
    told(&shop, order).await;
    assert_eq!(balance(&shop, amina).await, 7);
    part_refunded(&shop, order, 250).await;
    let account = has(&shop, amina).await;
    assert_eq!(
        (account.balance, account.earned, account.lifetime),
        (5, 5, 5)
    );
    part_refunded(&shop, order, 500).await;
    refunded(&shop, order).await;
    assert_eq!(balance(&shop, amina).await, 0);
    let mut work = shop.work().await;
    let booked = entries(&mut work, amina, None, 9).await.unwrap();
    let booked: Vec<_> = booked.iter().map(|one| (one.kind, one.points)).collect();
    assert_eq!(
        booked,
        [
            (PointsKind::Refund, -5),
            (PointsKind::Refund, -2),
            (PointsKind::Refund, -3),
            (PointsKind::Order, 10)
        ]
    );
}

#[tokio::test]
async fn a_part_of_points_that_are_spent_is_owed() {
    let shop = shop().await;
    let amina = contact(&shop, "Amina").await;
    let order = delivered(&shop, amina, 1_000).await;
    let other = delivered(&shop, amina, 300).await;
    let coffee = reward(&shop, 12, None).await;
    take(&shop, amina, coffee).await.unwrap();
    assert_eq!(balance(&shop, amina).await, 1);
    part_refunded(&shop, order, 400).await;
    assert_eq!(balance(&shop, amina).await, -3);
    part_refunded(&shop, other, 300).await;
    assert_eq!(balance(&shop, amina).await, -6);
    delivered(&shop, amina, 1_000).await;
    assert_eq!(balance(&shop, amina).await, 4);
    sound(&shop).await;
}

#[tokio::test]
async fn what_went_back_before_the_delivery_earns_nothing() {
    let shop = shop().await;
    let amina = contact(&shop, "Amina").await;
    let order = shipped(&shop, amina, 1_000).await;
    part_refunded(&shop, order, 300).await;
    assert_eq!(balance(&shop, amina).await, 0);
    deliver(&shop, order).await;
    shop.drain().await;
    assert_eq!(balance(&shop, amina).await, 7);
    sound(&shop).await;
}
