//! Payments over HTTP: the program, the webhooks of the simulated Stripe, and the API for members.

use std::time::Duration;

use kazi_clients::stripe::webhook;
use kazi_jobs::{
    Role, Work,
    contacts::ContactId,
    payments::{self, NewPayment, OrderId, PaymentId, Subject},
};
use kazi_platform::{Clock, Money, actor::Actor};
use kazi_simulators::{CutAt, Fault, Service, StripeAccount, WebhookFault};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{App, LONG, business};

pub const ACCOUNT: &str = "acct_1";
const SECRET: &str = "whsec_1";

/// A running business with an account at Stripe.
pub struct Till {
    pub app: App,
    owner: String,
    webhook_url: String,
}

impl Till {
    pub async fn open() -> Self {
        let app = App::start().await;
        let owner = app.member(app.workspace, Role::Owner).await;
        let till = Self {
            app,
            owner,
            webhook_url: String::new(),
        };
        till.register("http://127.0.0.1:1/");
        let secrets = json!({"key": "sk_test_1", "webhook_secret": SECRET});
        let (status, made) = till
            .call(Method::PUT, "/payment-account", Some(&secrets))
            .await;
        assert_eq!(status, StatusCode::OK, "{made}");
        assert!(!made.to_string().contains(SECRET));
        let path = made["webhook_url"].as_str().unwrap();
        let path = &path[path.find("/webhooks").unwrap()..];
        let webhook_url = till.app.url(path);
        till.register(&webhook_url);
        Self {
            webhook_url,
            ..till
        }
    }

    fn register(&self, webhook_url: &str) {
        self.app.providers.add_stripe(StripeAccount {
            account: ACCOUNT.into(),
            key: "sk_test_1".into(),
            webhook_secret: SECRET.into(),
            webhook_url: webhook_url.into(),
        });
    }

    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        self.call_as(&self.owner, method, path, body).await
    }

    async fn call_as(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let url = self.app.url(&format!("/api/v1{path}"));
        let mut request = self.app.http.request(method, url).bearer_auth(token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (status, answer.json().await.unwrap_or_default())
    }

    /// Asks for 12.50 USD, as an order does.
    async fn request(&self) -> PaymentId {
        let order = OrderId::new();
        let now = Clock::system().now();
        let new = NewPayment {
            id: PaymentId::derived(order.uuid(), 1),
            subject: Subject::Order(order),
            contact: ContactId::new(),
            amount: Money {
                minor: 1250,
                currency: "USD".parse().unwrap(),
            },
            description: "Coffee",
            expires_at: now + chrono::TimeDelta::hours(2),
        };
        let workspace = self.app.workspace;
        let work = Work::begin(self.app.db(), workspace, now, Actor::SYSTEM).await;
        let mut work = work.unwrap();
        payments::request(&mut work, &new).await.unwrap();
        work.commit().await.unwrap();
        new.id
    }

    /// Waits until a payment has this status.
    pub async fn until(&self, id: PaymentId, status: &str) -> Value {
        let path = format!("/payments/{id}");
        let reached = async {
            loop {
                let (_, payment) = self.call(Method::GET, &path, None).await;
                if payment["status"] == status {
                    return payment;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LONG, reached)
            .await
            .unwrap_or_else(|_| panic!("{id} never became {status}"))
    }

    pub async fn opened(&self) -> (PaymentId, String) {
        let id = self.request().await;
        let payment = self.until(id, "open").await;
        (id, payment["session_id"].as_str().unwrap().to_owned())
    }

    pub fn webhooks(&self, faults: WebhookFault) {
        self.app.providers.fault(Fault {
            webhooks: Some(faults),
            ..Fault::on(Service::Stripe)
        });
    }

    /// Starts a comparison with Stripe and waits for its end.
    pub async fn reconcile(&self) -> Value {
        let (status, made) = self.call(Method::POST, "/reconciliations", None).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{made}");
        let path = format!("/reconciliations/{}", made["id"].as_str().unwrap());
        let ended = async {
            loop {
                let (_, now) = self.call(Method::GET, &path, None).await;
                if now["status"] == "done" {
                    return now;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LONG, ended).await.expect("it ends")
    }

    pub async fn items(&self, path: &str) -> Vec<Value> {
        let (status, page) = self.call(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        page["items"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn a_customer_pays_on_the_page_and_the_order_s_payment_is_paid_and_can_go_back() {
    let till = Till::open().await;
    let id = till.request().await;
    let payment = till.until(id, "open").await;
    // A browser pays like this.
    let url = payment["url"].as_str().unwrap();
    let page = till
        .app
        .http
        .get(url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("Coffee") && page.contains("12.50 USD"),
        "{page}"
    );
    let paid = till
        .app
        .http
        .post(format!("{url}/pay"))
        .send()
        .await
        .unwrap();
    assert_eq!(paid.status(), StatusCode::SEE_OTHER);
    let thanks = paid.headers()["location"].to_str().unwrap().to_owned();
    assert!(thanks.ends_with("/payments/thanks"));
    till.until(id, "paid").await;
    let new = json!({"reason": "A jar was broken"});
    let path = format!("/payments/{id}/refunds");
    let (status, _) = till.call(Method::POST, &path, Some(&new)).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let refunded = till.until(id, "refunded").await;
    assert_eq!(refunded["refunded_minor"], 1250);
    let (status, problem) = till.call(Method::POST, &path, Some(&new)).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("nothing_to_refund"))
    );
    let entries = till
        .items(&format!("/ledger-entries?payment_id={id}"))
        .await;
    assert_eq!(entries.len(), 4, "two transactions of two entries");
}

#[tokio::test]
async fn two_clicks_at_once_pay_once() {
    let till = Till::open().await;
    let (id, session) = till.opened().await;
    let url = format!("{}/stripe/pay/{session}/pay", till.app.providers.url());
    let click = || till.app.http.post(&url).send();
    let (one, two) = tokio::join!(click(), click());
    let mut statuses = [
        one.unwrap().status().as_u16(),
        two.unwrap().status().as_u16(),
    ];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    till.until(id, "paid").await;
    let sales = till.items("/ledger-entries?account=sales").await;
    assert_eq!(sales.len(), 1);
}

#[tokio::test]
async fn lost_doubled_and_reordered_webhooks_leave_nothing_that_a_comparison_does_not_mend() {
    let till = Till::open().await;
    let mut all = Vec::new();
    for _ in 0..4 {
        all.push(till.opened().await);
    }
    till.webhooks(WebhookFault {
        duplicate: 1.0,
        reorder: 0.5,
        delay_ms: 5,
        ..WebhookFault::default()
    });
    for (_, session) in &all[..2] {
        till.app.providers.stripe_pay(session).unwrap();
    }
    for (id, _) in &all[..2] {
        till.until(*id, "paid").await;
    }
    till.app.providers.settle().await;
    till.app.providers.clear_faults();
    till.webhooks(WebhookFault {
        drop: 1.0,
        ..WebhookFault::default()
    });
    for (_, session) in &all[2..] {
        till.app.providers.stripe_pay(session).unwrap();
    }
    till.app.providers.stripe_link(ACCOUNT, 700, "usd").unwrap();
    let compared = till.reconcile().await;
    assert_eq!(compared["repaired"], 2, "{compared}");
    for (id, _) in &all {
        till.until(*id, "paid").await;
    }
    let open = till.items("/payment-differences?open=true").await;
    let mut causes: Vec<&str> = open
        .iter()
        .map(|one| one["cause"].as_str().unwrap())
        .collect();
    causes.sort_unstable();
    assert_eq!(causes, ["charge_without_payment", "unknown_session"]);
    let balances = till.items("/ledger-balances").await;
    let book = |account: &str| {
        let found = balances
            .iter()
            .find(|balance| balance["account"] == account);
        found.unwrap()["amount_minor"].as_i64().unwrap()
    };
    assert_eq!(book("sales"), -4 * 1250);
    assert_eq!(
        book("stripe"),
        till.app.providers.stripe_balance(ACCOUNT)["usd"]
    );
}

#[tokio::test]
async fn a_program_that_dies_between_call_and_answer_makes_no_second_session() {
    let mut till = Till::open().await;
    till.app.providers.fault(Fault {
        matches: Some("/v1/checkout/sessions".into()),
        cut: Some(CutAt::After),
        times: Some(1),
        ..Fault::on(Service::Stripe)
    });
    let id = till.request().await;
    till.app
        .until("SELECT count(*) FROM payments WHERE requested_at IS NOT NULL")
        .await;
    till.app.kill().await;
    till.app.run().await;
    till.until(id, "open").await;
    assert_eq!(till.app.providers.stripe_sessions(ACCOUNT).len(), 1);
}

#[tokio::test]
async fn only_stripe_is_believed() {
    let till = Till::open().await;
    let body =
        r#"{"id":"evt_1","type":"checkout.session.completed","data":{"object":{"id":"cs_1"}}}"#;
    let now = Clock::system().now().timestamp();
    let post = async |url: &str, at: i64, secret: &str| {
        let signed = webhook::sign(secret, &at.to_string(), body.as_bytes());
        let request = till.app.http.post(url).body(body);
        let request = request.header("Stripe-Signature", format!("t={at},v1={signed}"));
        request.send().await.unwrap().status().as_u16()
    };
    let url = &till.webhook_url;
    assert_eq!(post(url, now, "whsec_2").await, 401);
    assert_eq!(post(url, now - 400, SECRET).await, 401);
    let other = till
        .app
        .url("/webhooks/stripe/pac_0190a5b2c3d4e5f60718293a4b5c6d7e");
    assert_eq!(post(&other, now, SECRET).await, 401);
    assert_eq!(
        till.app.count("SELECT count(*) FROM payment_events").await,
        0
    );
    // An unknown event is stored and answered with 200.
    assert_eq!(post(url, now, SECRET).await, 200);
    assert_eq!(post(url, now, SECRET).await, 200);
    till.app
        .until("SELECT count(*) FROM payment_events WHERE outcome = 'missing'")
        .await;
    assert_eq!(
        till.app.count("SELECT count(*) FROM payment_events").await,
        1
    );
}

#[tokio::test]
async fn a_signed_event_of_any_form_is_taken_and_left_out_where_it_says_nothing() {
    let till = Till::open().await;
    let now = Clock::system().now().timestamp();
    for (body, applied) in [
        (
            r#"{"id":"evt_a","object":"v2.core.event","type":"v1.billing.meter.error_report_triggered","livemode":false,
                "created":"2026-02-01T06:20:52.246Z","context":null,"related_object":{"id":"mtr_9","type":"billing.meter"}}"#,
            Some("SELECT count(*) FROM payment_events WHERE id = 'evt_a' AND outcome = 'ignored'"),
        ),
        (
            r#"{"id":"evt_b","object":"event","type":"checkout.session.completed","created":5,"data":null}"#,
            Some("SELECT count(*) FROM payment_events WHERE id = 'evt_b' AND outcome = 'missing'"),
        ),
        (
            r#"{"id":"evt_c","object":"event","type":"customer.created","created":5,"data":{"object":{"id":"cus_1","name":"\ud83d"}}}"#,
            Some("SELECT count(*) FROM payment_events WHERE id = 'evt_c' AND outcome = 'ignored'"),
        ),
        (r#"{"object":"v2.core.event","type":null}"#, None),
    ] {
        let signed = webhook::sign(SECRET, &now.to_string(), body.as_bytes());
        let request = till.app.http.post(&till.webhook_url).body(body);
        let request = request.header("Stripe-Signature", format!("t={now},v1={signed}"));
        assert_eq!(
            request.send().await.unwrap().status().as_u16(),
            200,
            "{body}"
        );
        if let Some(applied) = applied {
            till.app.until(applied).await;
        }
    }
    assert_eq!(
        till.app.count("SELECT count(*) FROM payment_events").await,
        3
    );
}

#[tokio::test]
async fn who_may_not_cannot_and_another_business_sees_nothing() {
    let till = Till::open().await;
    let (id, _) = till.opened().await;
    let viewer = till.app.member(till.app.workspace, Role::Viewer).await;
    let refund = json!({"reason": "x"});
    let path = format!("/payments/{id}/refunds");
    let (status, _) = till
        .call_as(&viewer, Method::POST, &path, Some(&refund))
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let admin = till.app.member(till.app.workspace, Role::Admin).await;
    let (status, _) = till
        .call_as(&admin, Method::DELETE, "/payment-account", None)
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, problem) = till.call(Method::DELETE, "/payment-account", None).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("payments_wait"))
    );
    for (key, code) in [("pk_test_1", "format"), ("sk_test_2", "refused")] {
        let (status, problem) = till
            .call(Method::PUT, "/payment-account", Some(&json!({"key": key})))
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        assert_eq!(problem["errors"][0]["code"], code);
    }
    let other = business(till.app.db(), "Other").await;
    let other = till.app.member(other, Role::Owner).await;
    for path in [format!("/payments/{id}"), path, "/payment-account".into()] {
        let (status, _) = till.call_as(&other, Method::GET, &path, None).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    let same = json!({"key": "sk_test_1"});
    let (status, _) = till
        .call_as(&other, Method::PUT, "/payment-account", Some(&same))
        .await;
    assert_eq!(status, StatusCode::CONFLICT, "it is another's account");
    tokio::time::timeout(Duration::from_secs(60), till.app.providers.settle())
        .await
        .unwrap();
}
