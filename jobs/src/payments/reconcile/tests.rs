use kazi_simulators::{Fault, StripeAction};

use crate::payments::tests::{ACCOUNT, Till};

#[tokio::test]
async fn what_a_lost_webhook_left_is_repaired_once_and_the_books_agree_with_stripe() {
    let till = Till::open().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let (id, session) = till.opened().await;
        till.shop.providers.stripe_pay(&session).unwrap();
        ids.push(id);
    }
    let (expired, session) = till.opened().await;
    till.shop
        .providers
        .stripe_act(&session, &StripeAction::Expire)
        .unwrap();
    // One of the three is told of; the others are lost.
    let events = till.events().await;
    till.deliver(&events[events.len() - 2..]).await;
    till.after(600).await;
    till.reconcile().await;
    for id in &ids {
        assert_eq!(till.status(*id).await, "paid");
    }
    assert_eq!(till.status(expired).await, "expired");
    assert_eq!(till.balance("sales").await, -3 * 1250);
    assert_eq!(till.balance("stripe").await, till.at_stripe());
    assert!(till.at_stripe() < 3 * 1250, "there are fees");
    let causes = till.causes().await;
    assert_eq!(causes.iter().filter(|cause| *cause == "behind").count(), 3);
    assert_eq!(
        causes
            .iter()
            .filter(|cause| *cause == "webhook_lost")
            .count(),
        5
    );
    // Again: nothing is left to do.
    let before = causes.len();
    till.after(900).await;
    till.reconcile().await;
    assert_eq!(till.causes().await.len(), before);
    assert_eq!(till.balance("stripe").await, till.at_stripe());
}

#[tokio::test]
async fn money_that_belongs_to_nothing_is_in_the_books_and_reported() {
    let till = Till::open().await;
    till.shop
        .providers
        .stripe_link(ACCOUNT, 900, "usd")
        .unwrap();
    till.after(1).await;
    till.reconcile().await;
    assert_eq!(
        till.causes().await,
        ["charge_without_payment", "unknown_session"]
    );
    assert_eq!(till.balance("unmatched").await, -900);
    assert_eq!(till.balance("stripe").await, till.at_stripe());
}

#[tokio::test]
async fn a_refund_whose_event_was_lost_is_found_in_the_balance() {
    let till = Till::open().await;
    let (id, session) = till.opened().await;
    let intent = till
        .shop
        .providers
        .stripe_pay(&session)
        .unwrap()
        .payment_intent
        .unwrap();
    till.shop
        .providers
        .stripe_refund(ACCOUNT, &intent, 1250)
        .unwrap();
    // Stripe's clock runs on while the test's stands still.
    till.shop.after(std::time::Duration::from_secs(600)).await;
    till.reconcile().await;
    assert_eq!(till.status(id).await, "refunded");
    assert_eq!(till.balance("stripe").await, till.at_stripe());
}

#[tokio::test]
async fn a_session_that_stripe_does_not_know_ends_its_payment_and_is_reported() {
    let till = Till::open().await;
    let (id, _) = till.opened().await;
    sqlx::query("UPDATE payments SET session_id = 'cs_gone'")
        .execute(&mut *till.shop.conn().await)
        .await
        .unwrap();
    // Longer than its session.
    till.after(3 * 3_600).await;
    till.reconcile().await;
    assert_eq!(till.causes().await, ["missing_at_stripe"]);
    assert_eq!(till.status(id).await, "failed");
}

#[tokio::test]
async fn a_comparison_that_stripe_breaks_off_is_begun_again() {
    let till = Till::open().await;
    let (id, session) = till.opened().await;
    till.shop.providers.stripe_pay(&session).unwrap();
    till.after(600).await;
    till.shop.providers.fault(Fault {
        status: Some(503),
        ..till.fault("/v1/events")
    });
    assert_eq!(till.reconcile().await.retried, 1);
    // What was found before is there.
    assert_eq!(till.status(id).await, "paid");
    till.after(900).await;
    assert_eq!(till.balance("stripe").await, till.at_stripe());
    assert_eq!(till.balance("sales").await, -1250);
}
