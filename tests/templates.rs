//! Templates with a file on top, from the sample for Meta's reviewers to the customer's phone.

use kazi_jobs::Role;
use kazi_simulators::{CutAt, Fault, Service, TemplateChange};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, invalid, invalid_by, ok, refused},
    support::App,
};

const TEMPLATES: &str = "/api/v1/templates";
const ACCOUNT: &str = "1022";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

async fn start() -> App {
    let mut app = App::prepare().await;
    app.change("UPDATE channels SET account_id = '1022' WHERE kind = 'whatsapp'")
        .await;
    app.run().await;
    app
}

/// A file for Meta's reviewers.
fn upload(me: &Caller<'_>, channel: &str, bytes: Vec<u8>) -> RequestBuilder {
    let path = format!("{TEMPLATES}/samples?channel_id={channel}&file_name=spring.png");
    me.call(Method::POST, &path)
        .header("content-type", "image/png")
        .body(bytes)
}

fn decide(app: &App, status: &str, reason: Option<&str>) {
    let change = TemplateChange {
        name: "spring".into(),
        language: "en".into(),
        status: Some(status.into()),
        reason: reason.map(str::to_owned),
        ..TemplateChange::default()
    };
    assert!(app.providers.change_template(ACCOUNT, &change));
}

fn named(channel: &str, handle: &Value, text: &str) -> Value {
    json!({
        "channel_id": channel, "name": "spring", "language": "en", "category": "marketing",
        "parameter_format": "named",
        "header": {"format": "image", "handle": handle},
        "body": {"text": text, "examples": ["Amina", "25%"]},
        "buttons": [{"type": "copy_code", "example": "TEA25"},
                    {"type": "url", "text": "Shop", "url": "https://shop.example/{{1}}",
                     "example": "https://shop.example/tea"}],
    })
}

#[tokio::test]
async fn a_sample_a_rejection_a_change_and_a_campaign_reach_the_phone() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let channel = me.number().await;
    // The connection to Meta breaks in the middle of the file.
    app.providers.fault(Fault {
        matches: Some("/upload:".into()),
        method: Some("POST".into()),
        cut: Some(CutAt::Middle),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    let file = [PNG, &[7; 50_000]].concat();
    let sample = ok(upload(&me, &channel, file.clone())).await;
    assert_eq!(sample["format"], "image");
    assert_eq!(sample["mime"], "image/png");
    let handle = &sample["handle"];
    let kept = app.providers.sample(handle.as_str().unwrap());
    assert_eq!(kept, Some(file));

    let draft = named(
        &channel,
        handle,
        "Hello {{first_name}}, tea is {{discount}} cheaper.",
    );
    let made = ok(me.post(TEMPLATES, &draft)).await;
    assert_eq!(made["parameter_format"], "named");
    assert_eq!(made["draft"]["header"]["handle"], *handle);
    let path = format!("{TEMPLATES}/{}", made["id"].as_str().unwrap());
    ok(me.act(&path, "submit")).await;
    let there = "SELECT count(*) FROM templates WHERE name = 'spring' AND provider_id IS NOT NULL";
    app.until(there).await;
    decide(&app, "REJECTED", Some("PROMOTIONAL"));
    let rejected = me.until(&path, |one| one["status"] == "rejected").await;
    let advice = rejected["reason_detail"].as_str().unwrap();
    assert!(advice.contains("WhatsApp Manager"), "{advice}");

    let draft = named(
        &channel,
        handle,
        "Dear {{first_name}}, tea is {{discount}} cheaper.",
    );
    let changed = ok(me.put(&path, &draft)).await;
    assert_eq!(changed["edit"], "written");
    ok(me.act(&path, "submit")).await;
    me.until(&path, |one| one["status"] == "submitted").await;
    decide(&app, "APPROVED", None);
    me.until(&path, |one| one["status"] == "approved").await;

    let contact =
        json!({"phone": "+254712300001", "name": "Amina O", "tags": ["vip"], "language": "en"});
    ok(me.post("/api/v1/contacts", &contact)).await;
    let picture = "https://cdn.example/spring.png";
    let content = json!({
        "kind": "template", "name": "spring", "header": {"link": picture},
        "parameters": [{"field": {"name": "first_name"}}, {"text": "25%"}],
        "buttons": [{"code": {"index": 0, "value": {"text": "TEA25"}}},
                    {"url": {"index": 1, "value": {"text": "tea"}}}],
    });
    let campaign = json!({"name": "Spring", "channel_id": channel, "content": content});
    let campaign = ok(me.post("/api/v1/messaging/campaigns", &campaign)).await;
    let campaign = format!(
        "/api/v1/messaging/campaigns/{}",
        campaign["id"].as_str().unwrap()
    );
    ok(me.act(&campaign, "plan")).await;
    me.until(&campaign, |one| one["status"] == "planned").await;
    ok(me.act(&campaign, "send")).await;
    me.until_delivered(&campaign, 1).await;
    let phone = app.phone("254712300001");
    let line = phone.transcript().pop().unwrap();
    for words in [
        picture,
        "Dear Amina, tea is 25% cheaper.",
        "TEA25",
        "https://shop.example/tea",
    ] {
        assert!(line.text.contains(words), "{words}: {}", line.text);
    }
}

#[tokio::test]
async fn a_sample_of_a_wrong_type_or_too_large_never_leaves() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let channel = me.number().await;
    invalid_by(upload(&me, &channel, b"GIF89a".to_vec()), "/file", "kind").await;
    invalid_by(upload(&me, &channel, Vec::new()), "/file", "kind").await;
    let large = [PNG, &vec![7; 5_000_000]].concat();
    invalid_by(upload(&me, &channel, large), "/file", "too_large").await;
    let larger = [b"%PDF-1.7\n".as_slice(), &vec![7; 16_000_000]].concat();
    refused(upload(&me, &channel, larger), 413, "body_too_large").await;
    let nobody = "chn_01890000000070008000000000000000";
    invalid(upload(&me, nobody, PNG.to_vec()), "/channel_id").await;
    assert!(app.providers.ledger(Service::WhatsApp).is_empty());
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    refused(upload(&agent, &channel, PNG.to_vec()), 403, "forbidden").await;
    app.providers.fault(Fault {
        matches: Some("/uploads".into()),
        code: Some(100),
        ..Fault::on(Service::WhatsApp)
    });
    refused(upload(&me, &channel, PNG.to_vec()), 409, "wrong_state").await;
}
