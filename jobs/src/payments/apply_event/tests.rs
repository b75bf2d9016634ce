use kazi_simulators::StripeAction;

use crate::{Role, payments::tests::Till};

#[tokio::test]
async fn a_payment_is_fulfilled_once_however_often_and_in_which_order_stripe_tells_of_it() {
    let till = Till::open().await;
    let (id, session) = till.opened().await;
    till.shop.providers.stripe_pay(&session).unwrap();
    let mut events = till.events().await;
    assert_eq!(events.len(), 2, "the session's and the intent's");
    till.deliver(&events).await;
    events.reverse();
    till.deliver(&events).await;
    let drained = till.shop.drain().await;
    assert_eq!((drained.done, drained.dead), (2, 0), "each event once");
    let payment = till.payment(id).await;
    assert_eq!(
        (payment.status.as_str(), payment.received_minor),
        ("paid", 1250)
    );
    assert_eq!(till.balance("sales").await, -1250);
    assert_eq!(till.balance("stripe").await, 1250);
    assert!(till.causes().await.is_empty());
}

#[tokio::test]
async fn another_amount_or_currency_is_never_fulfilled_and_is_reported() {
    let till = Till::open().await;
    till.shop.member(Role::Admin).await;
    for (amount, currency, cause) in [
        (1_000, "usd", "amount_differs"),
        (1_250, "eur", "currency_differs"),
    ] {
        let (id, session) = till.opened().await;
        let action = StripeAction::PayOther {
            amount,
            currency: currency.into(),
        };
        till.shop.providers.stripe_act(&session, &action).unwrap();
        till.deliver(&till.events().await).await;
        till.shop.drain().await;
        assert_eq!(till.status(id).await, "mismatched");
        assert!(till.causes().await.contains(&cause.to_owned()));
    }
    assert_eq!(till.balance("sales").await, 0);
    assert_eq!(till.balance("unmatched").await, -1_000);
    assert_eq!(till.notices().await.len(), 2);
}

#[tokio::test]
async fn a_payment_that_nobody_asked_for_is_reported_and_changes_nothing() {
    let till = Till::open().await;
    till.shop
        .providers
        .stripe_link("acct_1", 700, "usd")
        .unwrap();
    till.deliver(&till.events().await).await;
    let drained = till.shop.drain().await;
    assert_eq!((drained.done, drained.dead), (2, 0));
    assert_eq!(till.causes().await, ["unknown_session"]);
}

#[tokio::test]
async fn a_slow_method_is_fulfilled_when_its_money_comes_and_ends_when_it_does_not() {
    let till = Till::open().await;
    for (succeeded, then) in [(true, "paid"), (false, "failed")] {
        let (id, session) = till.opened().await;
        let act = |action| till.shop.providers.stripe_act(&session, &action).unwrap();
        act(StripeAction::PayLater);
        till.deliver(&till.events().await).await;
        till.shop.drain().await;
        assert_eq!(till.status(id).await, "processing");
        act(StripeAction::PaidLater { succeeded });
        till.deliver(&till.events().await).await;
        till.shop.drain().await;
        assert_eq!(till.status(id).await, then);
    }
    assert_eq!(till.balance("sales").await, -1250);
}

#[tokio::test]
async fn money_for_what_was_cancelled_goes_back() {
    let till = Till::open().await;
    let (id, session) = till.opened().await;
    till.withdraw(id).await;
    // The customer was faster than the end of the session.
    till.shop.providers.stripe_pay(&session).unwrap();
    till.shop.drain().await;
    let payment = till.payment(id).await;
    assert_eq!(
        (payment.status.as_str(), payment.received_minor),
        ("withdrawn", 1250)
    );
    assert_eq!(payment.refunded_minor, 1250);
    assert_eq!(till.causes().await, ["paid_after_end"]);
    assert_eq!(till.balance("unmatched").await, 0);
    assert_eq!(till.balance("sales").await, 0);
}
