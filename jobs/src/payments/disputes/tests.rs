use std::time::Duration;

use kazi_clients::stripe::webhook::Event;
use kazi_simulators::StripeAction;
use serde_json::{Value, json};

use kazi_platform::Money;

use super::lost;
use crate::{
    Role,
    payments::{PaymentError, PaymentId, Refund, tests::Till},
};

async fn paid(till: &Till) -> (PaymentId, String) {
    let (id, session) = till.opened().await;
    till.shop.providers.stripe_pay(&session).unwrap();
    till.deliver(&till.events().await).await;
    till.shop.drain().await;
    (id, session)
}

/// What happens at Stripe, and then what it tells.
async fn act(till: &Till, session: &str, action: StripeAction) {
    till.shop.providers.stripe_act(session, &action).unwrap();
    till.deliver(&till.events().await).await;
    till.shop.drain().await;
}

async fn give(till: &Till, id: PaymentId) -> Result<(), PaymentError> {
    let all = Refund {
        amount_minor: None,
        reason: "A jar was broken".into(),
    };
    let mut work = till.work().await;
    super::super::refund(&mut work, id, &all).await?;
    work.commit().await.unwrap();
    Ok(())
}

/// The one report: its status at Stripe, and whether nobody has to look any more.
async fn report(till: &Till) -> (String, bool) {
    let all = till.differences().await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].cause, "disputed");
    let status = all[0].detail["status"].as_str().unwrap().to_owned();
    (status, all[0].repaired)
}

#[tokio::test]
async fn a_dispute_has_one_report_that_follows_it_and_the_books_agree_with_the_balance() {
    for (won, status) in [(true, "won"), (false, "lost")] {
        let till = Till::open().await;
        till.shop.member(Role::Admin).await;
        let (id, session) = paid(&till).await;
        act(&till, &session, StripeAction::Dispute { inquiry: false }).await;
        assert_eq!(report(&till).await, ("needs_response".into(), false));
        let differences = till.differences().await;
        assert_eq!(differences[0].payment_id, Some(id));
        assert_eq!(differences[0].detail["amount"]["minor"], 1250);
        // The bank has the money: nobody gives it back a second time.
        assert!(matches!(give(&till, id).await, Err(PaymentError::Disputed)));
        act(&till, &session, StripeAction::EndDispute { won }).await;
        assert_eq!(report(&till).await, (status.into(), true));
        assert_eq!(till.notices().await.len(), 2, "opened and ended");
        // Stripe's clock runs on while the test's stands still.
        till.shop.after(Duration::from_secs(600)).await;
        till.reconcile().await;
        assert_eq!(report(&till).await, (status.into(), true));
        assert_eq!(till.balance("stripe").await, till.at_stripe());
        let again = give(&till, id).await;
        if won {
            again.unwrap();
            till.shop.drain().await;
            assert_eq!(till.status(id).await, "refunded");
        } else {
            assert!(matches!(again, Err(PaymentError::Disputed)));
        }
    }
}

#[tokio::test]
async fn an_inquiry_takes_no_money_and_a_refund_answers_it() {
    let till = Till::open().await;
    till.shop.member(Role::Admin).await;
    let (id, session) = paid(&till).await;
    act(&till, &session, StripeAction::Dispute { inquiry: true }).await;
    assert_eq!(
        report(&till).await,
        ("warning_needs_response".into(), false)
    );
    give(&till, id).await.unwrap();
    till.shop.drain().await;
    assert_eq!(till.status(id).await, "refunded");
    act(&till, &session, StripeAction::EndDispute { won: true }).await;
    assert_eq!(report(&till).await, ("warning_closed".into(), true));
}

fn said(number: u8, kind: &str, status: &str, created: i64, intent: &Value) -> Event {
    let object = json!({"id": "dp_9", "object": "dispute", "amount": 1250, "currency": "usd", "charge": "ch_9",
        "payment_intent": intent, "status": status});
    let event = json!({"id": format!("evt_d{number}"), "type": format!("charge.dispute.{kind}"), "created": created,
        "data": {"object": object}});
    serde_json::from_value(event).unwrap()
}

#[tokio::test]
async fn a_dispute_that_the_key_does_not_see_goes_by_its_events_in_whichever_order_they_come() {
    let till = Till::open().await;
    let (id, _) = paid(&till).await;
    let intent = json!(till.payment(id).await.intent_id);
    let events = [
        said(1, "created", "needs_response", 1_000, &intent),
        said(2, "funds_withdrawn", "needs_response", 1_000, &intent),
        said(3, "updated", "under_review", 2_000, &intent),
        said(4, "funds_reinstated", "won", 3_000, &intent),
        said(5, "closed", "won", 3_000, &intent),
    ];
    for order in [
        [0, 1, 2, 3, 4],
        [4, 3, 2, 1, 0],
        [3, 0, 4, 2, 1],
        [2, 0, 4, 1, 3],
    ] {
        let till = Till::open().await;
        paid(&till).await;
        for at in order {
            till.deliver(&events[at..=at]).await;
            till.shop.drain().await;
        }
        assert_eq!(report(&till).await, ("won".into(), true), "{order:?}");
    }
    // An older stage does not take the place of a newer one.
    till.deliver(&[events[2].clone(), events[0].clone()]).await;
    till.shop.drain().await;
    assert_eq!(report(&till).await, ("under_review".into(), false));
    assert!(matches!(give(&till, id).await, Err(PaymentError::Disputed)));
}

#[tokio::test]
async fn a_prevented_dispute_is_no_money_of_ours_when_the_network_has_given_it_back() {
    for (case, status, given_back) in [
        ("resolution", "prevented_by_refund", true),
        ("block", "prevented", false),
    ] {
        let till = Till::open().await;
        let (id, _) = paid(&till).await;
        let intent = json!(till.payment(id).await.intent_id);
        let mut event = said(1, "created", "prevented", 1_000, &intent);
        event.data.object["payment_method_details"] =
            json!({"type": "card", "card": {"brand": "visa", "case_type": case}});
        till.deliver(&[event]).await;
        till.shop.drain().await;
        assert_eq!(report(&till).await, (status.into(), true), "{case}");
        let refused = matches!(give(&till, id).await, Err(PaymentError::Disputed));
        assert_eq!(refused, given_back, "{case}");
        let whole = Money {
            minor: 1_250,
            currency: "USD".parse().unwrap(),
        };
        let gone = lost(&mut till.work().await, id, whole).await.unwrap();
        assert_eq!(gone, if given_back { 1_250 } else { 0 }, "{case}");
    }
}
