use kazi_clients::stripe::webhook::Event;
use kazi_simulators::{Fault, StripeAction};
use serde_json::{Value, json};

use crate::{
    Role,
    payments::{
        Refund, refund,
        tests::{ACCOUNT, Till},
    },
};

fn event(value: Value) -> Event {
    serde_json::from_value(value).unwrap()
}

/// What became of an event.
async fn outcome(till: &Till, id: &str) -> Option<String> {
    sqlx::query_scalar("SELECT outcome FROM payment_events WHERE id = $1")
        .bind(id)
        .fetch_one(&mut *till.shop.conn().await)
        .await
        .unwrap()
}

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

#[tokio::test]
async fn an_event_without_its_object_says_where_to_look_or_is_left_out() {
    let till = Till::open().await;
    let (id, session) = till.opened().await;
    let paid = till.shop.providers.stripe_pay(&session).unwrap();
    let thin = |id: &str, kind: &str, object: &str| {
        event(
            json!({"id": id, "object": "v2.core.event", "type": kind, "created": "2026-03-01T10:00:00.123Z",
            "related_object": {"id": object, "type": "x", "url": "/x"}}),
        )
    };
    till.deliver(&[
        thin("evt_t1", "v1.billing.meter.error_report_triggered", "mtr_1"),
        event(json!({"id": "evt_t2", "object": "v2.core.event", "type": "v2.core.event_destination.ping"})),
        event(json!({"id": "evt_t3", "type": "checkout.session.completed", "data": null})),
    ])
    .await;
    till.shop.drain().await;
    assert_eq!(till.status(id).await, "open");
    assert_eq!(outcome(&till, "evt_t1").await.as_deref(), Some("ignored"));
    assert_eq!(outcome(&till, "evt_t2").await.as_deref(), Some("ignored"));
    assert_eq!(outcome(&till, "evt_t3").await.as_deref(), Some("missing"));
    till.deliver(&[thin("evt_t4", "v1.checkout.session.completed", &session)])
        .await;
    till.shop.drain().await;
    assert_eq!(till.status(id).await, "paid");
    // One of Stripe's own events that lost its object on the way.
    let intent = paid.payment_intent.unwrap();
    till.shop
        .providers
        .stripe_refund(ACCOUNT, &intent, 250)
        .unwrap();
    let mut refunded = till.events().await;
    refunded.retain(|event| event.kind == "refund.created");
    refunded[0].data = Default::default();
    till.deliver(&refunded).await;
    till.shop.drain().await;
    assert_eq!(till.payment(id).await.refunded_minor, 250);
    // A thin one whose object does not say which payment it is of.
    till.shop
        .providers
        .stripe_refund(ACCOUNT, &intent, 1_000)
        .unwrap();
    let refunds = till.events().await;
    let newest = refunds.iter().find(|event| event.kind == "refund.created");
    let refund = newest.unwrap().object_id().to_owned();
    till.deliver(&[thin("evt_t5", "v1.refund.created", &refund)])
        .await;
    till.shop.drain().await;
    assert_eq!(till.status(id).await, "refunded");
}

/// The session as Stripe would answer it after a payment in the customer's own currency.
fn presented(till: &Till, id: &str, session: &str, intent: &str, form: Value) -> Fault {
    let mut body = json!({"id": session, "status": "complete", "payment_status": "paid", "payment_intent": intent,
        "client_reference_id": id, "created": 1, "expires_at": 2});
    for (name, value) in form.as_object().unwrap() {
        body[name] = value.clone();
    }
    Fault {
        method: Some("GET".into()),
        body: Some(body),
        ..till.fault("/v1/checkout/sessions/")
    }
}

#[tokio::test]
async fn a_price_that_was_presented_in_another_currency_is_paid_when_it_is_what_was_asked_for() {
    let now = json!({"amount_total": 1250, "currency": "usd",
        "presentment_details": {"presentment_amount": 1155, "presentment_currency": "eur"}});
    let then = |asked: i64| {
        json!({"amount_total": 1155, "currency": "eur", "currency_conversion": {"amount_subtotal": asked,
        "amount_total": asked, "fx_rate": "0.924", "source_currency": "usd"}})
    };
    for (form, status, received) in [
        (now, "paid", 1250),
        (then(1250), "paid", 1250),
        (then(1249), "mismatched", 1249),
    ] {
        let till = Till::open().await;
        let (id, session) = till.opened().await;
        let action = StripeAction::PayPresented {
            amount: 1155,
            currency: "eur".into(),
        };
        let there = till.shop.providers.stripe_act(&session, &action).unwrap();
        let intent = there.payment_intent.unwrap();
        let mut events = till.events().await;
        events.retain(|event| event.kind.starts_with("checkout."));
        till.shop
            .providers
            .fault(presented(&till, &id.to_string(), &session, &intent, form));
        till.deliver(&events).await;
        till.shop.drain().await;
        let payment = till.payment(id).await;
        assert_eq!(
            (payment.status.as_str(), payment.received_minor),
            (status, received)
        );
        assert_eq!(payment.received_currency.as_deref(), Some("USD"));
    }
}

#[tokio::test]
async fn money_of_a_charge_in_the_customer_s_currency_goes_back_in_that_currency() {
    for (part, amount, status) in [(Some(625), Some("578"), "paid"), (None, None, "refunded")] {
        let till = Till::open().await;
        let (id, session) = till.opened().await;
        till.shop.providers.stripe_pay(&session).unwrap();
        till.deliver(&till.events().await).await;
        till.shop.drain().await;
        let intent = till.payment(id).await.intent_id.unwrap();
        till.shop.providers.fault(Fault {
            body: Some(
                json!({"id": intent, "amount": 1155, "currency": "eur", "status": "succeeded"}),
            ),
            ..till.fault("/v1/payment_intents/")
        });
        let new = Refund {
            amount_minor: part,
            reason: "A jar was broken".into(),
        };
        let mut work = till.work().await;
        refund(&mut work, id, &new).await.unwrap();
        work.commit().await.unwrap();
        till.shop.drain().await;
        let asked = till.asked("/v1/refunds").pop().unwrap();
        assert_eq!(asked.body["amount"].as_str(), amount);
        let payment = till.payment(id).await;
        assert_eq!(
            (payment.status.as_str(), payment.refunded_minor),
            (status, part.unwrap_or(1250))
        );
        assert_eq!(till.balance("refunds").await, part.unwrap_or(1250));
    }
}

#[tokio::test]
async fn in_whichever_order_the_events_of_a_slow_method_come_it_is_fulfilled_once_or_never() {
    for (succeeded, then, sales) in [(true, "paid", -1250), (false, "failed", 0)] {
        for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0], [1, 2, 0]] {
            let till = Till::open().await;
            let (id, session) = till.opened().await;
            let act = |action| till.shop.providers.stripe_act(&session, &action).unwrap();
            act(StripeAction::PayLater);
            let mut told = till.events().await;
            act(StripeAction::PaidLater { succeeded });
            told.extend(
                till.events()
                    .await
                    .into_iter()
                    .filter(|event| event.kind.contains("async")),
            );
            assert_eq!(told.len(), 2);
            // An end that Stripe tells of too late.
            told.push(event(json!({"id": "evt_late", "type": "checkout.session.expired", "created": 1,
                "data": {"object": {"id": session, "status": "expired", "payment_status": "unpaid"}}})));
            for at in order {
                till.deliver(&told[at..=at]).await;
                till.deliver(&told[at..=at]).await;
                till.shop.drain().await;
            }
            assert_eq!(till.status(id).await, then, "{order:?}");
            assert_eq!(till.balance("sales").await, sales, "{order:?}");
            assert!(till.causes().await.is_empty(), "{order:?}");
        }
    }
}
