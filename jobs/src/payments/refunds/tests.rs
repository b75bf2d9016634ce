use kazi_simulators::{CutAt, Fault};
use serde_json::{Value, json};

use crate::payments::{
    PaymentError, PaymentId, Refund, RefundId,
    tests::{ACCOUNT, Till},
};

async fn paid(till: &Till) -> PaymentId {
    let (id, session) = till.opened().await;
    till.shop.providers.stripe_pay(&session).unwrap();
    till.deliver(&till.events().await).await;
    till.shop.drain().await;
    id
}

async fn give(till: &Till, id: PaymentId, amount: Option<i64>) -> Result<RefundId, PaymentError> {
    let new = Refund {
        amount_minor: amount,
        reason: "A jar was broken".into(),
    };
    let mut work = till.work().await;
    let made = super::refund(&mut work, id, &new).await?;
    work.commit().await.unwrap();
    Ok(made)
}

#[tokio::test]
async fn money_goes_back_in_parts_and_never_more_than_came() {
    let till = Till::open().await;
    till.shop.listen().await;
    let id = paid(&till).await;
    give(&till, id, Some(250)).await.unwrap();
    // Before the first has left: what it takes is taken.
    let more = give(&till, id, Some(1_001)).await;
    assert!(matches!(more, Err(PaymentError::Invalid(_))));
    till.shop.drain().await;
    let payment = till.payment(id).await;
    assert_eq!(
        (payment.status.as_str(), payment.refunded_minor),
        ("paid", 250)
    );
    give(&till, id, None).await.unwrap();
    till.shop.drain().await;
    assert_eq!(till.status(id).await, "refunded");
    let nothing = give(&till, id, None).await;
    assert!(matches!(nothing, Err(PaymentError::NothingToRefund)));
    assert_eq!(till.balance("refunds").await, 1250);
    assert_eq!(till.balance("stripe").await, 0);
    let told = ["payment.succeeded", "payment.refunded", "payment.refunded"];
    assert_eq!(till.shop.announced("payment").await, told);
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_sent_once() {
    let till = Till::open().await;
    let id = paid(&till).await;
    till.shop.providers.fault(Fault {
        cut: Some(CutAt::After),
        ..till.fault("/v1/refunds")
    });
    give(&till, id, Some(500)).await.unwrap();
    assert_eq!(till.shop.drain().await.retried, 1);
    till.after(60).await;
    assert_eq!(till.payment(id).await.refunded_minor, 500);
    let asked = till.asked("/v1/refunds");
    assert_eq!(asked[0].callback, asked[1].callback);
    assert_eq!(till.balance("refunds").await, 500);
}

#[tokio::test]
async fn a_refund_of_the_dashboard_is_booked_and_reported() {
    let till = Till::open().await;
    let id = paid(&till).await;
    let intent = till.payment(id).await.intent_id.unwrap();
    till.shop
        .providers
        .stripe_refund(ACCOUNT, &intent, 1250)
        .unwrap();
    till.deliver(&till.events().await).await;
    till.shop.drain().await;
    assert_eq!(till.status(id).await, "refunded");
    assert_eq!(till.causes().await, ["refund_elsewhere"]);
}

#[tokio::test]
async fn the_database_refuses_books_that_do_not_balance_or_are_changed() {
    let till = Till::open().await;
    paid(&till).await;
    let mut work = till.work().await;
    let changed = sqlx::query("UPDATE ledger_entries SET amount_minor = 1")
        .execute(work.conn())
        .await;
    assert!(
        changed
            .unwrap_err()
            .to_string()
            .contains("permission denied")
    );
    let mut work = till.work().await;
    sqlx::query(
        "INSERT INTO ledger_entries (workspace_id, transaction_id, account, currency, amount_minor)
         SELECT workspace_id, id, 'bank', 'USD', 5 FROM ledger_transactions LIMIT 1",
    )
    .execute(work.conn())
    .await
    .unwrap();
    let error = work.commit().await.unwrap_err().to_string();
    assert!(error.contains("does not balance"), "{error}");
}

/// A payment of which 2.50 USD went back on Stripe's dashboard, after Stripe has answered with these refunds.
async fn told(refunds: impl FnOnce(&str) -> Value) -> (Till, PaymentId) {
    let till = Till::open().await;
    let id = paid(&till).await;
    let intent = till.payment(id).await.intent_id.unwrap();
    till.shop
        .providers
        .stripe_refund(ACCOUNT, &intent, 250)
        .unwrap();
    let mut events = till.events().await;
    events.retain(|event| event.kind == "refund.created");
    let mut all = refunds(&intent);
    all[0]["id"] = events[0].object_id().into();
    till.shop.providers.fault(Fault {
        method: Some("GET".into()),
        body: Some(json!({"object": "list", "has_more": null, "data": all})),
        ..till.fault("/v1/refunds")
    });
    till.deliver(&events).await;
    till.shop.drain().await;
    (till, id)
}

#[tokio::test]
async fn a_refund_counts_although_stripe_leaves_fields_empty() {
    let (till, id) = told(|intent| {
        json!([{"object": "refund", "amount": 250, "currency": "usd", "status": null, "payment_intent": intent,
                "created": null, "metadata": null, "failure_reason": null}])
    })
    .await;
    assert_eq!(till.payment(id).await.refunded_minor, 250);
}

#[tokio::test]
async fn a_refund_of_the_dashboard_in_another_currency_is_reported_and_not_taken_for_ours() {
    let (till, id) = told(|intent| {
        json!([{"object": "refund", "amount": 250, "currency": "usd", "status": "succeeded", "payment_intent": intent,
                "created": 1, "metadata": {}},
               {"id": "re_eur", "object": "refund", "amount": 231, "currency": "eur", "status": "succeeded",
                "payment_intent": intent, "created": 2, "metadata": {}}])
    })
    .await;
    assert_eq!(till.payment(id).await.refunded_minor, 250);
    let differences = till.differences().await;
    let told = differences.iter().any(|one| one.reference == "re_eur");
    assert!(told, "{differences:?}");
}
