//! From the cart in the chat to the money in the books: orders, subscriptions and payments over HTTP.

use kazi_simulators::{CutAt, Fault, Line, Phone, Service, StripeAction, WebhookFault};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    payments::{ACCOUNT, Till},
    support::LONG,
};

const PHONE: &str = "254712345678";

/// Taps, and waits for the next line.
async fn tap(phone: &Phone, id: &str) -> Line {
    let before = phone.heard();
    phone.tap(id).await.unwrap();
    let answer = phone.wait_for_more(before, LONG).await;
    answer.expect("an answer")
}

/// Waits for a line with these words, and returns the newest one.
async fn told(phone: &Phone, words: &str) -> String {
    let lines = phone.wait_for(LONG, |lines| {
        lines.iter().any(|line| line.text.contains(words))
    });
    let lines = lines.await.unwrap_or_else(|| {
        panic!("never told: {words}: {:?}", phone.transcript());
    });
    let mut lines = lines.into_iter();
    lines.rfind(|line| line.text.contains(words)).unwrap().text
}

/// Returns how many lines contain these words.
fn times(phone: &Phone, words: &str) -> usize {
    let lines = phone.transcript();
    lines
        .iter()
        .filter(|line| line.text.contains(words))
        .count()
}

/// Returns the id of the button or row whose id begins like this.
fn choice(line: &Line, begins: &str) -> String {
    let mut all = line.buttons.iter().chain(&line.rows);
    let found = all.find(|one| one.id.starts_with(begins));
    found
        .unwrap_or_else(|| panic!("{begins}: {line:?}"))
        .id
        .clone()
}

/// Returns the URL in a line.
fn link(text: &str) -> &str {
    &text[text.find("http").unwrap()..]
}

/// Makes a customer who has put a coffee into the cart and ordered it. Returns the phone and the answer.
async fn ordered(till: &Till) -> (Phone, Line) {
    let phone = till.app.phone(PHONE).named("Amina");
    phone.say("Hello").await;
    phone.wait_for_more(0, LONG).await.unwrap();
    tap(&phone, "name").await;
    tap(&phone, "lang:en").await;
    tap(&phone, "svc:shop").await;
    phone.say("coffee").await;
    let is_found = |line: &Line| line.rows.iter().any(|row| row.id.starts_with("prd_"));
    let lines = phone
        .wait_for(LONG, |lines| lines.iter().any(is_found))
        .await
        .unwrap();
    let found = lines.iter().rfind(|line| is_found(line)).unwrap();
    let before = phone.heard();
    phone.tap(&choice(found, "prd_")).await.unwrap();
    phone.wait_for_more(before + 1, LONG).await.unwrap();
    let card = phone.transcript();
    let add = |line: &&Line| {
        line.buttons
            .iter()
            .chain(&line.rows)
            .any(|one| one.id.starts_with("cart:add:"))
    };
    let card = card.iter().rfind(add).unwrap();
    let added = tap(&phone, &choice(card, "cart:add:")).await;
    phone.tap(&choice(&added, "cart:order:")).await.unwrap();
    let lines = phone.wait_for(LONG, |lines| {
        lines
            .iter()
            .any(|line| line.text.contains("Order 1 is placed"))
    });
    let lines = lines.await.unwrap();
    let placed = lines
        .into_iter()
        .rfind(|line| line.text.contains("is placed"))
        .unwrap();
    (phone, placed)
}

/// Pays at the link, as a browser does.
async fn pay(till: &Till, line: &str) -> StatusCode {
    let url = format!("{}/pay", link(line));
    till.app.http.post(url).send().await.unwrap().status()
}

async fn one(till: &Till, path: &str) -> Value {
    let mut all = till.items(path).await;
    assert_eq!(all.len(), 1, "{path}: {all:?}");
    all.remove(0)
}

async fn payment(till: &Till, status: &str) -> Value {
    let id = one(till, "/payments").await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    till.until(id.parse().unwrap(), status).await
}

async fn stock(till: &Till) -> i64 {
    till.app.count("SELECT stock::bigint FROM products").await
}

async fn balance(till: &Till, account: &str) -> i64 {
    let all = till.items("/ledger-balances").await;
    let found = all.iter().find(|balance| balance["account"] == account);
    found.map_or(0, |balance| balance["amount_minor"].as_i64().unwrap())
}

async fn causes(till: &Till) -> Vec<Value> {
    let all = till.items("/payment-differences").await;
    all.into_iter().map(|one| one["cause"].clone()).collect()
}

fn at_stripe(till: &Till) -> i64 {
    let all = till.app.providers.stripe_balance(ACCOUNT);
    all.get("usd").copied().unwrap_or(0)
}

#[tokio::test]
async fn a_cart_in_the_chat_is_ordered_paid_on_the_page_and_booked_once() {
    let till = Till::open().await;
    till.webhooks(WebhookFault {
        duplicate: 1.0,
        reorder: 0.5,
        ..WebhookFault::default()
    });
    let (phone, _) = ordered(&till).await;
    let line = told(&phone, "Pay here").await;
    assert_eq!(pay(&till, &line).await, StatusCode::SEE_OTHER);
    told(&phone, "Order 1 is paid: 12.50 USD").await;
    assert_eq!(one(&till, "/orders").await["status"], "paid");
    till.app.providers.settle().await;
    till.app
        .until("SELECT 1 - least(count(*), 1) FROM payment_events WHERE applied_at IS NULL")
        .await;
    let compared = till.reconcile().await;
    assert_eq!(compared["repaired"], 0, "{compared}");
    assert_eq!(stock(&till).await, 2);
    assert_eq!(balance(&till, "sales").await, -1_250);
    assert_eq!(balance(&till, "stripe").await, at_stripe(&till));
    assert_eq!(
        (times(&phone, "Pay here"), times(&phone, "is paid")),
        (1, 1)
    );
    assert!(causes(&till).await.is_empty());
}

#[tokio::test]
async fn an_order_that_is_cancelled_in_the_chat_cannot_be_paid_any_more() {
    let till = Till::open().await;
    let (phone, placed) = ordered(&till).await;
    let line = told(&phone, "Pay here").await;
    phone.tap(&choice(&placed, "cart:cancel:")).await.unwrap();
    told(&phone, "Order 1 is cancelled").await;
    payment(&till, "withdrawn").await;
    let expired = async {
        while till.app.providers.stripe_sessions(ACCOUNT)[0].status != "expired" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, expired).await.unwrap();
    assert_eq!(pay(&till, &line).await, StatusCode::CONFLICT);
    assert_eq!(one(&till, "/orders").await["status"], "cancelled");
    assert_eq!(stock(&till).await, 3);
}

#[tokio::test]
async fn money_that_comes_for_a_cancelled_order_goes_back_and_is_reported() {
    let till = Till::open().await;
    let (phone, placed) = ordered(&till).await;
    let line = told(&phone, "Pay here").await;
    // Stripe cannot end the session in time.
    till.app.providers.fault(Fault {
        matches: Some("/expire".into()),
        status: Some(500),
        ..Fault::on(Service::Stripe)
    });
    phone.tap(&choice(&placed, "cart:cancel:")).await.unwrap();
    payment(&till, "withdrawn").await;
    assert_eq!(pay(&till, &line).await, StatusCode::SEE_OTHER);
    till.app
        .until(
            "SELECT count(*) FROM payments WHERE received_minor = 1250 AND refunded_minor = 1250",
        )
        .await;
    till.app
        .until("SELECT count(*) FROM refunds WHERE status = 'succeeded'")
        .await;
    assert_eq!(causes(&till).await, ["paid_after_end"]);
    assert_eq!(one(&till, "/orders").await["status"], "cancelled");
    assert_eq!(times(&phone, "is paid"), 0);
    // Stripe keeps its fee, and the comparison books it.
    till.app.providers.clear_faults();
    till.reconcile().await;
    assert_eq!(balance(&till, "stripe").await, at_stripe(&till));
    assert_eq!(stock(&till).await, 3);
}

#[tokio::test]
async fn an_order_whose_webhook_is_lost_is_fulfilled_by_the_comparison() {
    let till = Till::open().await;
    till.webhooks(WebhookFault {
        drop: 1.0,
        ..WebhookFault::default()
    });
    let (phone, _) = ordered(&till).await;
    let line = told(&phone, "Pay here").await;
    assert_eq!(pay(&till, &line).await, StatusCode::SEE_OTHER);
    till.app.providers.settle().await;
    assert_eq!(one(&till, "/orders").await["status"], "pending_payment");
    assert_eq!(till.reconcile().await["repaired"], 1);
    told(&phone, "Order 1 is paid").await;
    assert_eq!(till.reconcile().await["repaired"], 0);
    assert_eq!(times(&phone, "is paid"), 1);
    assert_eq!(balance(&till, "stripe").await, at_stripe(&till));
}

#[tokio::test]
async fn an_order_that_is_paid_with_something_else_is_not_fulfilled_and_is_reported() {
    for (amount, currency, cause) in [
        (1_000, "usd", "amount_differs"),
        (1_250, "eur", "currency_differs"),
    ] {
        let till = Till::open().await;
        let (phone, _) = ordered(&till).await;
        told(&phone, "Pay here").await;
        let session = till.app.providers.stripe_sessions(ACCOUNT).remove(0).id;
        let other = StripeAction::PayOther {
            amount,
            currency: currency.into(),
        };
        till.app.providers.stripe_act(&session, &other).unwrap();
        payment(&till, "mismatched").await;
        assert_eq!(one(&till, "/orders").await["status"], "pending_payment");
        assert_eq!(causes(&till).await, [cause]);
        assert_eq!(times(&phone, "is paid"), 0);
        assert_eq!(balance(&till, "sales").await, 0);
    }
}

#[tokio::test]
async fn the_link_comes_once_whatever_becomes_of_stripe_s_answer() {
    let fault = || Fault {
        matches: Some("/v1/checkout/sessions".into()),
        method: Some("POST".into()),
        times: Some(1),
        ..Fault::on(Service::Stripe)
    };
    for broken in [
        Fault {
            status: Some(500),
            ..fault()
        },
        Fault {
            delay_ms: Some(500),
            ..fault()
        },
        Fault {
            cut: Some(CutAt::Before),
            ..fault()
        },
        Fault {
            cut: Some(CutAt::After),
            ..fault()
        },
    ] {
        let till = Till::open().await;
        till.app.providers.fault(broken);
        let (phone, _) = ordered(&till).await;
        let line = told(&phone, "Pay here").await;
        assert_eq!(till.app.providers.stripe_sessions(ACCOUNT).len(), 1);
        assert_eq!(pay(&till, &line).await, StatusCode::SEE_OTHER);
        told(&phone, "Order 1 is paid").await;
        assert_eq!(times(&phone, "Pay here"), 1);
    }
}

/// Makes a customer who has just written. Their subscription ends in this many days and three seconds.
async fn subscribed(till: &Till, days: i64, grace_days: i64) -> (Phone, Value) {
    let phone = till.app.phone(PHONE).named("Amina");
    phone.say("Hello").await;
    phone.wait_for_more(0, LONG).await.unwrap();
    let contact = one(till, "/contacts").await["id"].clone();
    let plan = json!({"names": {"en": "IPTV"}, "price": {"minor": 500, "currency": "USD"},
        "period": {"unit": "month", "count": 1}, "remind_days": [1], "grace_days": grace_days});
    let (status, plan) = till.call(Method::POST, "/plans", Some(&plan)).await;
    assert_eq!(status, StatusCode::CREATED, "{plan}");
    let end = chrono::Utc::now() + chrono::TimeDelta::days(days) + chrono::TimeDelta::seconds(3);
    let new = json!({"contact_id": contact, "plan_id": plan["id"], "ends_at": end});
    let (status, made) = till.call(Method::POST, "/subscriptions", Some(&new)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    (phone, made)
}

#[tokio::test]
async fn a_reminder_s_link_is_paid_and_the_subscription_goes_on_once() {
    let till = Till::open().await;
    till.webhooks(WebhookFault {
        duplicate: 1.0,
        ..WebhookFault::default()
    });
    let (phone, made) = subscribed(&till, 1, 3).await;
    let line = told(&phone, "Renew it for").await;
    assert_eq!(pay(&till, &line).await, StatusCode::SEE_OTHER);
    told(&phone, "Thank you! Your subscription IPTV runs until").await;
    till.app.providers.settle().await;
    assert_eq!(till.reconcile().await["repaired"], 0);
    let path = format!("/subscriptions/{}/periods", made["id"].as_str().unwrap());
    let period = one(&till, &path).await;
    assert_eq!(period["starts_at"], made["ends_at"]);
    assert_eq!(times(&phone, "Thank you!"), 1);
    assert_eq!(balance(&till, "sales").await, -500);
}

#[tokio::test]
async fn in_the_grace_it_can_be_paid_and_without_one_it_ends() {
    let till = Till::open().await;
    let (phone, made) = subscribed(&till, 0, 3).await;
    let line = told(&phone, "and it goes on").await;
    assert_eq!(one(&till, "/subscriptions").await["status"], "grace");
    assert_eq!(pay(&till, &line).await, StatusCode::SEE_OTHER);
    told(&phone, "Thank you!").await;
    let now = one(&till, "/subscriptions").await;
    assert_eq!(
        (&now["status"], &now["id"]),
        (&json!("active"), &made["id"])
    );

    let till = Till::open().await;
    let (phone, _) = subscribed(&till, 0, 0).await;
    told(&phone, "has ended").await;
    assert_eq!(one(&till, "/subscriptions").await["status"], "expired");
    assert!(till.items("/payments").await.is_empty());
}
