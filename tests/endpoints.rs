//! Endpoints over HTTP, with the whole program: what a business's own server sees.

use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use kazi_jobs::Role;
use kazi_simulators::{Call, Receiver, Say};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::time::timeout;

use crate::{
    caller::{Caller, answered, invalid, refused},
    support::{App, LONG, business},
};

const ENDPOINTS: &str = "/api/v1/endpoints";
const DELIVERIES: &str = "/api/v1/endpoints/deliveries";

/// A program that may call servers on this machine.
async fn app() -> App {
    let mut app = App::prepare().await;
    app.set("KAZI_ENDPOINTS__NETWORKS", "127.0.0.0/8");
    app.run().await;
    app
}

/// What an admin does in these journeys.
impl Caller<'_> {
    async fn endpoint(&self, url: &str) -> (String, String) {
        let made = answered(self.post(ENDPOINTS, &json!({"url": url})), 201).await;
        let text = |field: &str| made[field].as_str().unwrap().to_owned();
        (format!("{ENDPOINTS}/{}", text("id")), text("secret"))
    }

    async fn ticket(&self, contact: &str) -> String {
        let body = json!({"contact_id": contact, "subject": "No picture", "message": "Black."});
        let made = answered(self.post("/api/v1/support/tickets", &body), 201).await;
        made["id"].as_str().unwrap().to_owned()
    }
}

async fn admin(app: &App) -> Caller<'_> {
    Caller::new(app, app.workspace, Role::Admin).await
}

async fn calls(receiver: &Receiver, count: usize) -> Vec<Call> {
    let waited = timeout(LONG, receiver.until(count)).await;
    waited.unwrap_or_else(|_| panic!("only {} of {count} calls", receiver.calls().len()))
}

/// Verifies a call as its receiver would, by the specification alone.
fn is_signed(call: &Call, secret: &str) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap());
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.unwrap()).unwrap();
    let (id, at) = (call.header("webhook-id"), call.header("webhook-timestamp"));
    mac.update(format!("{id}.{at}.{}", call.body).as_bytes());
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    let mut given = call.header("webhook-signature").split(' ');
    given.any(|one| one == signature)
}

#[tokio::test]
async fn a_business_is_told_with_a_signature_and_reads_what_was_delivered() {
    let app = app().await;
    let admin = admin(&app).await;
    let receiver = Receiver::start().await.unwrap();
    let (endpoint, secret) = admin.endpoint(&receiver.url("/hook")).await;
    let contact = admin.contact("+254712345678").await;
    let ticket = admin.ticket(&contact).await;
    let told = calls(&receiver, 1).await;
    assert!(is_signed(&told[0], &secret));
    let mut forged = told[0].clone();
    forged.body.push(' ');
    assert!(!is_signed(&forged, &secret));
    let body = told[0].json();
    assert_eq!(
        (&body["type"], &body["data"]["id"]),
        (&json!("ticket.opened"), &json!(ticket))
    );

    app.until("SELECT count(*) FROM deliveries WHERE state = 'succeeded'")
        .await;
    let event = body["id"].as_str().unwrap();
    let list = format!("{DELIVERIES}?event_id={event}&state=succeeded");
    let listed = answered(admin.get(&list), 200).await;
    let delivery = format!(
        "{DELIVERIES}/{}",
        listed["items"][0]["id"].as_str().unwrap()
    );
    let shown = answered(admin.get(&delivery), 200).await;
    assert_eq!(shown["payload"], body);
    assert_eq!(shown["log"][0]["status_code"], 200);
    // The secret is not shown again.
    let plain = answered(admin.get(&endpoint), 200).await;
    assert!(plain["secret"].is_null() && !plain.to_string().contains("whsec_"));

    answered(admin.post(&format!("{delivery}/replay"), &json!({})), 202).await;
    let told = calls(&receiver, 2).await;
    assert_eq!(told[1].header("webhook-id"), event);
    let test = json!({"event_type": "order.paid"});
    answered(admin.post(&format!("{endpoint}/test"), &test), 202).await;
    assert_eq!(calls(&receiver, 3).await[2].json()["test"], true);
    let rotated = answered(
        admin.post(&format!("{endpoint}/rotate-secret"), &json!({})),
        200,
    )
    .await;
    admin.ticket(&contact).await;
    let last = calls(&receiver, 4).await.pop().unwrap();
    assert!(is_signed(&last, &secret) && is_signed(&last, rotated["secret"].as_str().unwrap()));
    let audited = "SELECT count(*) FROM audit_log WHERE action IN
         ('endpoints.create', 'endpoints.replay', 'endpoints.test', 'endpoints.rotate_secret')";
    assert_eq!(app.count(audited).await, 4);
}

#[tokio::test]
async fn bad_input_other_workspaces_and_lower_roles_are_refused() {
    let app = App::start().await;
    let admin = admin(&app).await;
    let (endpoint, _) = admin.endpoint("https://example.com/hook").await;
    for (body, pointer) in [
        (json!({"url": "http://example.com/"}), "/url"),
        (json!({"url": "https://169.254.169.254/latest"}), "/url"),
        (
            json!({"url": "https://example.com/", "description": "x".repeat(201)}),
            "/description",
        ),
        (
            json!({"url": "https://example.com/", "event_types": []}),
            "/event_types",
        ),
        (
            json!({"url": "https://example.com/", "event_types": ["rain"]}),
            "/event_types/0",
        ),
    ] {
        invalid(admin.post(ENDPOINTS, &body), pointer).await;
    }
    let patch = |body: Value| admin.patch(&endpoint, &body);
    let changed = patch(json!({"event_types": ["order.paid"], "enabled": false}));
    let changed = answered(changed.header("If-Match", "\"v1\""), 200).await;
    assert_eq!(
        (&changed["enabled"], &changed["event_types"]),
        (&json!(false), &json!(["order.paid"]))
    );
    let stale = patch(json!({"enabled": true})).header("If-Match", "\"v1\"");
    refused(stale, 412, "changed_meanwhile").await;
    let all = answered(patch(json!({"event_types": null})), 200).await;
    assert!(all["event_types"].is_null() && all["enabled"] == false);
    let test = json!({"event_type": "order.paid"});
    let off = admin.post(&format!("{endpoint}/test"), &test);
    refused(off, 409, "endpoint_disabled").await;

    let types = answered(admin.get(&format!("{ENDPOINTS}/event-types")), 200).await;
    let types = types["items"].as_array().unwrap();
    assert!(types.len() > 30);
    assert!(
        types
            .iter()
            .all(|one| one["example"]["type"] == one["type"])
    );

    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    answered(agent.get(ENDPOINTS), 403).await;
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    answered(stranger.get(&endpoint), 404).await;
    let rotate = format!("{endpoint}/rotate-secret");
    answered(stranger.call(Method::POST, &rotate), 404).await;
    answered(admin.delete(&endpoint), 204).await;
    answered(admin.get(&endpoint), 404).await;
}

#[tokio::test]
async fn a_target_that_hangs_holds_up_nobody_else() {
    let app = app().await;
    let admin = admin(&app).await;
    let (hangs, works) = (
        Receiver::start().await.unwrap(),
        Receiver::start().await.unwrap(),
    );
    hangs.says(|_| Say::Nothing);
    admin.endpoint(&hangs.url("/")).await;
    admin.endpoint(&works.url("/")).await;
    let contact = admin.contact("+254712345678").await;
    let begun = Instant::now();
    for _ in 0..12 {
        admin.ticket(&contact).await;
    }
    calls(&works, 12).await;
    assert!(
        begun.elapsed() < Duration::from_secs(9),
        "{:?}",
        begun.elapsed()
    );
    // It holds a few calls, and not all.
    assert_eq!(calls(&hangs, 4).await.len(), 4);
}

#[tokio::test]
async fn a_process_that_dies_between_calls_again_with_the_same_id() {
    let mut app = app().await;
    let receiver = Receiver::start().await.unwrap();
    receiver.says(|_| Say::Nothing);
    let admin = admin(&app).await;
    let (_, secret) = admin.endpoint(&receiver.url("/")).await;
    let contact = admin.contact("+254712345678").await;
    admin.ticket(&contact).await;
    calls(&receiver, 1).await;
    app.kill().await;
    receiver.says(|_| Say::Status(200, ""));
    app.run().await;
    let told = calls(&receiver, 2).await;
    assert_eq!(told[0].header("webhook-id"), told[1].header("webhook-id"));
    assert_eq!(told[0].body, told[1].body);
    assert!(is_signed(&told[1], &secret));
    app.until("SELECT count(*) FROM deliveries WHERE state = 'succeeded' AND attempts = 1")
        .await;
}

#[tokio::test]
async fn without_opened_networks_a_private_server_is_never_called() {
    let app = App::start().await;
    let admin = admin(&app).await;
    let receiver = Receiver::start().await.unwrap();
    let private = json!({"url": receiver.url("/")});
    invalid(admin.post(ENDPOINTS, &private), "/url").await;
    // It was entered while the operator had opened the network, or its name leads elsewhere now.
    let (endpoint, _) = admin.endpoint("https://example.com/").await;
    for url in ["http://127.0.0.1:1/", "https://localhost/"] {
        sqlx::query("UPDATE endpoints SET url = $1")
            .bind(url)
            .execute(app.db())
            .await
            .unwrap();
        let test = json!({"event_type": "ticket.opened"});
        answered(admin.post(&format!("{endpoint}/test"), &test), 202).await;
    }
    app.until("SELECT count(*) / 2 FROM delivery_attempts")
        .await;
    assert!(receiver.calls().is_empty());
    let told = app
        .count("SELECT count(*) FROM delivery_attempts WHERE status_code IS NOT NULL")
        .await;
    assert_eq!(told, 0);
}
