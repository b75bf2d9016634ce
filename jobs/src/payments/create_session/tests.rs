use kazi_simulators::{CutAt, Fault};

use crate::payments::tests::Till;

const PATH: &str = "/v1/checkout/sessions";

#[tokio::test]
async fn a_payment_gets_one_session_and_its_address() {
    let till = Till::open().await;
    let id = till.request().await;
    let drained = till.shop.drain().await;
    assert_eq!((drained.done, drained.dead), (1, 0));
    let payment = till.payment(id).await;
    assert_eq!(payment.status, "open");
    assert!(payment.url.unwrap().contains("/stripe/pay/cs_"));
    let sessions = till.sessions();
    assert_eq!(sessions.len(), 1);
    assert_eq!(sessions[0].reference, Some(id.to_string()));
    assert_eq!(
        (sessions[0].amount, sessions[0].currency.as_str()),
        (1250, "usd")
    );
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_with_the_same_key_and_makes_no_second_session() {
    let till = Till::open().await;
    till.shop.providers.fault(Fault {
        cut: Some(CutAt::After),
        ..till.fault(PATH)
    });
    let id = till.request().await;
    assert_eq!(till.shop.drain().await.retried, 1);
    assert_eq!(till.status(id).await, "requested");
    till.after(30).await;
    assert_eq!(till.status(id).await, "open");
    let asked = till.asked(PATH);
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].callback, asked[1].callback);
    assert_eq!(asked[0].body, asked[1].body, "the very same request");
    assert_eq!(till.sessions().len(), 1);
}

#[tokio::test]
async fn after_an_answered_failure_it_looks_before_it_uses_another_key() {
    let till = Till::open().await;
    till.shop.providers.fault(Fault {
        status: Some(500),
        ..till.fault(PATH)
    });
    let id = till.request().await;
    assert_eq!(till.shop.drain().await.retried, 1);
    till.after(30).await;
    assert_eq!(till.status(id).await, "open");
    let asked = till.asked(PATH);
    assert_eq!(asked.len(), 2);
    assert_ne!(
        asked[0].callback, asked[1].callback,
        "Stripe replays a 500 to its key"
    );
}

#[tokio::test]
async fn a_key_of_yesterday_is_not_used_again() {
    let till = Till::open().await;
    till.shop.providers.fault(Fault {
        cut: Some(CutAt::After),
        ..till.fault(PATH)
    });
    let id = till.request().await;
    till.shop.drain().await;
    // Stripe has forgotten the key: with it a second session would be made.
    till.after(86_400).await;
    assert_eq!(till.sessions().len(), 1);
    assert_ne!(till.status(id).await, "requested");
    assert_eq!(till.asked(PATH).len(), 1);
}

#[tokio::test]
async fn a_refused_payment_ends_and_a_person_sees_why() {
    let till = Till::open().await;
    till.shop.providers.fault(Fault {
        status: Some(400),
        ..till.fault(PATH)
    });
    let id = till.request().await;
    assert_eq!(till.shop.drain().await.dead, 1);
    let payment = till.payment(id).await;
    assert_eq!(payment.status, "failed");
    assert!(payment.error.unwrap().contains("400"));
}

#[tokio::test]
async fn a_key_that_stripe_refuses_stops_the_account_until_it_is_replaced() {
    let till = Till::open().await;
    till.shop.member(crate::Role::Owner).await;
    till.shop.providers.fault(Fault {
        status: Some(401),
        ..till.fault(PATH)
    });
    let id = till.request().await;
    assert_eq!(till.shop.drain().await.snoozed, 1);
    assert_eq!(till.notices().await.len(), 1);
    till.after(400).await;
    assert_eq!(
        till.asked(PATH).len(),
        1,
        "it is not asked with a refused key"
    );
    let new = crate::payments::NewAccount {
        key: crate::payments::tests::KEY.into(),
        webhook_secret: None,
    };
    let (ctx, workspace) = (&till.shop.ctx, till.shop.workspace);
    let actor = &kazi_platform::actor::Actor::SYSTEM;
    crate::payments::put_account(ctx, workspace, actor, &new)
        .await
        .unwrap();
    till.after(400).await;
    assert_eq!(till.status(id).await, "open");
}

#[tokio::test]
async fn a_payment_withdrawn_while_its_session_is_made_cannot_be_paid() {
    let till = Till::open().await;
    till.shop.providers.fault(Fault {
        cut: Some(CutAt::After),
        ..till.fault(PATH)
    });
    let id = till.request().await;
    till.shop.drain().await;
    till.withdraw(id).await;
    till.after(30).await;
    assert_eq!(till.status(id).await, "withdrawn");
    assert_eq!(till.sessions()[0].status, "expired");
}
