//! Templates, segments and campaigns over real HTTP, with a provider that reviews, refuses, is late and falls silent.

use std::collections::BTreeSet;

use kazi_jobs::Role;
use kazi_simulators::{CutAt, Fault, Service, TemplateChange, WebhookFault};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, invalid, ok, refused},
    support::{App, LONG, business},
};

const TEMPLATES: &str = "/api/v1/templates";
const SEGMENTS: &str = "/api/v1/messaging/segments";
const CAMPAIGNS: &str = "/api/v1/messaging/campaigns";
const ACCOUNT: &str = "1022";
const PEOPLE: usize = 12;

impl Caller<'_> {
    /// What is done without a body.
    pub fn act(&self, path: &str, deed: &str) -> RequestBuilder {
        self.call(Method::POST, &format!("{path}/{deed}"))
    }

    /// The channel of the WhatsApp number.
    pub async fn number(&self) -> String {
        let channels = self.show("/api/v1/channels").await;
        let all = channels["items"].as_array().unwrap();
        let number = all.iter().find(|one| one["kind"] == "whatsapp");
        text(&number.unwrap()["id"])
    }

    async fn regular(&self, new: &Value) -> String {
        text(&ok(self.post("/api/v1/contacts", new)).await["id"])
    }

    /// So many who are to get it.
    pub async fn people(&self, count: usize) -> Vec<String> {
        let mut all = Vec::new();
        for n in 0..count {
            let phone = format!("+2547123{n:05}");
            let new = json!({"phone": phone, "name": "Amina O", "tags": ["vip"], "language": "en"});
            all.push(self.regular(&new).await);
        }
        all
    }

    /// A template of Meta's, from its draft to its approval.
    pub async fn template(&self) -> String {
        self.template_with(&json!([])).await
    }

    /// The same with buttons.
    pub async fn template_with(&self, buttons: &Value) -> String {
        let body = json!({"text": "Hello {{1}}, tea is cheaper today.", "examples": ["Amina"]});
        let draft = json!({"channel_id": self.number().await, "name": "offer", "language": "en",
                           "category": "marketing", "body": body, "buttons": buttons});
        let made = ok(self.post(TEMPLATES, &draft)).await;
        assert_eq!(made["status"], "draft");
        let path = format!("{TEMPLATES}/{}", text(&made["id"]));
        ok(self.act(&path, "submit")).await;
        let there =
            "SELECT count(*) FROM templates WHERE name = 'offer' AND provider_id IS NOT NULL";
        self.app.until(there).await;
        meta_says(self.app, "APPROVED");
        self.until(&path, |template| template["status"] == "approved")
            .await;
        path
    }

    async fn segment(&self) -> String {
        let new = json!({"name": "Regulars", "audience": {"tags_any": ["vip"]}});
        text(&ok(self.post(SEGMENTS, &new)).await["id"])
    }

    /// A draft to the segment; its path.
    async fn campaign(&self) -> String {
        let content = json!({"kind": "template", "name": "offer", "parameters": [{"field": {"name": "first_name"}}]});
        let new = json!({"name": "Tea", "channel_id": self.number().await, "content": content,
                         "segment_id": self.segment().await});
        let made = ok(self.post(CAMPAIGNS, &new)).await;
        assert_eq!(made["status"], "draft");
        format!("{CAMPAIGNS}/{}", text(&made["id"]))
    }

    /// A planned campaign to so many.
    async fn planned(&self, count: usize) -> String {
        self.template().await;
        self.people(count).await;
        let path = self.campaign().await;
        ok(self.act(&path, "plan")).await;
        self.until(&path, |one| one["status"] == "planned").await;
        path
    }

    /// So fast.
    async fn rate(&self, per_second: f64, burst: u32) {
        let path = format!("/api/v1/channels/{}/rate", self.number().await);
        let rate = json!({"per_second": per_second, "burst": burst});
        ok(self.call(Method::PUT, &path).json(&rate)).await;
    }

    /// A campaign of which four have got it, and no more will for an hour: of five one is kept for conversations.
    async fn in_the_middle(&self) -> String {
        let path = self.planned(PEOPLE).await;
        self.rate(0.001, 5).await;
        ok(self.act(&path, "send")).await;
        let funnel = format!("{path}/funnel");
        self.until(&funnel, |f| f["delivered"] == 4).await;
        path
    }

    /// Asks until the answer is as wished.
    pub async fn until(&self, path: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let asked = tokio::time::timeout(LONG, async {
            loop {
                last = self.show(path).await;
                if fits(&last) {
                    break;
                }
                tokio::task::yield_now().await;
            }
        });
        let ended = asked.await.is_ok();
        assert!(ended, "{path} stays {last}");
        last
    }

    pub async fn until_delivered(&self, path: &str, count: usize) -> Value {
        self.until(path, |one| one["status"] == "completed").await;
        let funnel = format!("{path}/funnel");
        self.until(&funnel, |funnel| funnel["delivered"] == count)
            .await
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The program, with a number whose account Meta has templates of.
async fn start() -> App {
    let mut app = App::prepare().await;
    app.change("UPDATE channels SET account_id = '1022' WHERE kind = 'whatsapp'")
        .await;
    app.run().await;
    app
}

fn meta_says(app: &App, status: &str) {
    let change = TemplateChange {
        name: "offer".into(),
        language: "en".into(),
        status: Some(status.into()),
        ..TemplateChange::default()
    };
    assert!(app.providers.change_template(ACCOUNT, &change));
}

fn sending() -> Fault {
    Fault {
        matches: Some("messages".into()),
        method: Some("POST".into()),
        ..Fault::on(Service::WhatsApp)
    }
}

/// Those for whom the provider took a message.
fn reached(app: &App) -> Vec<String> {
    let ledger = app.providers.ledger(Service::WhatsApp).into_iter();
    ledger
        .filter(|entry| entry.message_id.is_some() && entry.body["type"] == "template")
        .map(|entry| text(&entry.body["to"]))
        .collect()
}

/// Each of so many got it, and got it once.
fn once_each(app: &App, people: usize) {
    let reached = reached(app);
    let distinct: BTreeSet<&String> = reached.iter().collect();
    assert_eq!((reached.len(), distinct.len()), (people, people));
}

#[tokio::test]
async fn a_campaign_is_planned_with_reasons_sent_once_by_two_clicks_and_counted_exactly() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    me.template().await;
    me.people(3).await;
    let vip = |fields: Value| {
        let mut new = json!({"name": "Amina O", "tags": ["vip"], "language": "en"});
        let fields = fields.as_object().unwrap().clone();
        new.as_object_mut().unwrap().extend(fields);
        new
    };
    me.regular(&json!({"phone": "+254712399999", "name": "No regular"}))
        .await;
    me.regular(&vip(json!({"email": "amina@example.com"})))
        .await;
    me.regular(&vip(json!({"phone": "+12025550123"}))).await;
    me.regular(&vip(json!({"phone": "+254712388888", "name": null})))
        .await;
    let blocked = me.regular(&vip(json!({"phone": "+254712377777"}))).await;
    ok(me.act(&format!("/api/v1/contacts/{blocked}"), "block")).await;
    let out = me.regular(&vip(json!({"phone": "+254712366666"}))).await;
    let said = json!({"marketing": false, "note": "by phone"});
    ok(me.post(&format!("/api/v1/contacts/{out}/consents"), &said)).await;

    let path = me.campaign().await;
    ok(me.act(&path, "plan")).await;
    let planned = me.until(&path, |one| one["status"] == "planned").await;
    let reasons = json!({"no_phone": 1, "us_marketing": 1, "missing_parameter": 1, "blocked": 1, "opted_out": 1});
    let report = &planned["report"];
    assert_eq!(
        (
            &report["contacts"],
            &report["recipients"],
            &report["left_out"]
        ),
        (&json!(8), &json!(3), &reasons)
    );
    let left_out = me.show(&format!("{path}/recipients?state=left_out")).await;
    let left_out = left_out["items"].as_array().unwrap();
    let of = |contact: &str| {
        let one = left_out.iter().find(|one| one["contact_id"] == contact);
        one.unwrap()["reason"].clone()
    };
    assert_eq!(
        (left_out.len(), of(&blocked), of(&out)),
        (5, json!("blocked"), json!("opted_out"))
    );

    let clicks = [0, 1].map(|_| me.act(&path, "send").send());
    for answer in futures_util::future::join_all(clicks).await {
        assert_eq!(answer.unwrap().status(), 202);
    }
    let funnel = me.until_delivered(&path, 3).await;
    once_each(&app, 3);
    let whole = json!({"contacts": 8, "recipients": 3, "left_out": {"total": 5, "reasons": reasons},
                       "waiting": 0, "queued": 0, "sending": 0, "accepted": 3, "sent": 3, "delivered": 3,
                       "read": funnel["read"], "failed": {"total": 0, "codes": {}}, "replied": 0, "clicked": 0, "clicks": 0,
                       "opted_out": 0, "converted": 0, "conversions": 0, "revenue": []});
    assert_eq!(funnel, whole);
    for deed in ["send", "pause", "cancel", "plan"] {
        refused(me.act(&path, deed), 409, "wrong_state").await;
    }
    // In the inbox it reads as on the phone.
    let chats = me.show("/api/v1/conversations?limit=1").await;
    assert_eq!(
        chats["items"][0]["last_message"]["text"],
        "Hello Amina, tea is cheaper today."
    );
}

#[tokio::test]
async fn a_campaign_that_is_paused_in_the_middle_goes_on_with_the_others() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let path = me.in_the_middle().await;
    assert_eq!(ok(me.act(&path, "pause")).await["status"], "paused");
    let funnel = me.show(&format!("{path}/funnel")).await;
    let some = reached(&app).len();
    assert!((1..PEOPLE).contains(&some));
    assert_eq!(
        (&funnel["queued"], &funnel["waiting"], &funnel["accepted"]),
        (&json!(0), &json!(PEOPLE - some), &json!(some))
    );
    refused(me.act(&path, "send"), 409, "wrong_state").await;
    me.rate(1_000.0, 100).await;
    ok(me.act(&path, "resume")).await;
    me.until_delivered(&path, PEOPLE).await;
    once_each(&app, PEOPLE);
}

#[tokio::test]
async fn a_campaign_that_is_cancelled_in_the_middle_still_counts_what_is_told_late() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let path = me.planned(PEOPLE).await;
    app.providers.fault(Fault {
        webhooks: Some(WebhookFault {
            delay_ms: 2_000,
            ..WebhookFault::default()
        }),
        ..Fault::on(Service::WhatsApp)
    });
    me.rate(0.001, 5).await;
    ok(me.act(&path, "send")).await;
    let funnel = format!("{path}/funnel");
    me.until(&funnel, |f| {
        f["accepted"].as_i64() > Some(0) && f["sending"] == 0
    })
    .await;
    assert_eq!(ok(me.act(&path, "cancel")).await["status"], "cancelled");
    me.rate(1_000.0, 100).await;
    let some = reached(&app).len();
    assert!((1..PEOPLE).contains(&some));
    let counted = me.until(&funnel, |f| f["delivered"] == some).await;
    assert_eq!(
        (&counted["queued"], &counted["waiting"]),
        (&json!(0), &json!(PEOPLE - some))
    );
    for deed in ["resume", "send"] {
        refused(me.act(&path, deed), 409, "wrong_state").await;
    }
    once_each(&app, some);
}

#[tokio::test]
async fn who_opts_out_after_the_planning_gets_nothing() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let path = me.planned(3).await;
    let all = me.show(&format!("{path}/recipients")).await;
    let who = text(&all["items"][0]["contact_id"]);
    let said = json!({"marketing": false, "note": "by phone"});
    ok(me.post(&format!("/api/v1/contacts/{who}/consents"), &said)).await;
    ok(me.act(&path, "send")).await;
    let funnel = me.until_delivered(&path, 2).await;
    assert_eq!(
        funnel["left_out"],
        json!({"total": 1, "reasons": {"opted_out": 1}})
    );
    once_each(&app, 2);
}

#[tokio::test]
async fn a_template_that_is_paused_in_the_middle_pauses_the_campaign_until_it_is_approved() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let path = me.in_the_middle().await;
    meta_says(&app, "PAUSED");
    let paused = me.until(&path, |one| one["status"] == "paused").await;
    assert_eq!(paused["reason"], "template_paused");
    me.rate(1_000.0, 100).await;
    meta_says(&app, "APPROVED");
    me.until_delivered(&path, PEOPLE).await;
    once_each(&app, PEOPLE);
}

#[tokio::test]
async fn a_token_that_dies_in_the_middle_pauses_the_campaign_and_says_why() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let path = me.in_the_middle().await;
    app.providers.fault(Fault {
        code: Some(190),
        ..sending()
    });
    me.rate(1_000.0, 100).await;
    let paused = me.until(&path, |one| one["status"] == "paused").await;
    assert_eq!(paused["reason"], "channel_stopped");
    refused(me.act(&path, "resume"), 409, "wrong_state").await;
    app.providers.clear_faults();
    let channel = format!("/api/v1/channels/{}", me.number().await);
    ok(me.act(&channel, "resume")).await;
    // What was refused waits with the others: nothing leaves before a person says so.
    me.until(&format!("{path}/funnel"), |f| {
        f["queued"] == 0 && f["sending"] == 0
    })
    .await;
    ok(me.act(&path, "resume")).await;
    me.until_delivered(&path, PEOPLE).await;
    once_each(&app, PEOPLE);
}

#[tokio::test]
async fn a_provider_that_fails_is_late_or_loses_its_answers_sends_nobody_two() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let path = me.planned(PEOPLE).await;
    for fault in [
        Fault {
            status: Some(500),
            times: Some(2),
            ..sending()
        },
        Fault {
            cut: Some(CutAt::After),
            times: Some(3),
            ..sending()
        },
        Fault {
            delay_ms: Some(500),
            times: Some(2),
            ..sending()
        },
    ] {
        app.providers.fault(fault);
    }
    ok(me.act(&path, "send")).await;
    let funnel = me.until_delivered(&path, PEOPLE).await;
    assert_eq!(funnel["failed"]["total"], 0);
    once_each(&app, PEOPLE);
}

#[tokio::test]
async fn what_never_gets_an_answer_is_neither_lost_nor_over() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let path = me.planned(2).await;
    app.providers.fault(Fault {
        cut: Some(CutAt::Before),
        ..sending()
    });
    ok(me.act(&path, "send")).await;
    app.until("SELECT count(*) FROM messages WHERE cause = 'campaign' AND status = 'sending'")
        .await;
    assert_eq!(me.show(&path).await["status"], "sending");
    app.providers.clear_faults();
    // The wait for news ends, and then it is sent again.
    me.until_delivered(&path, 2).await;
    once_each(&app, 2);
}

#[tokio::test]
async fn what_is_wrong_with_a_campaign_is_told_by_its_field_and_to_whom_it_belongs() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let path = me.planned(1).await;
    for at in [
        "2020-01-01T09:00:00Z",
        "2020-01-01T09:00:00",
        "2030-05-01T09:00:00 Mars/Phobos",
        "tomorrow",
        "2099-01-01T00:00:00Z",
    ] {
        invalid(
            me.post(&format!("{path}/schedule"), &json!({"at": at})),
            "/at",
        )
        .await;
    }
    let zone = json!({"time_zone": "Mars/Phobos"});
    invalid(
        me.call(Method::PATCH, "/api/v1/workspaces/current")
            .json(&zone),
        "/time_zone",
    )
    .await;
    let whom = me.show(&path).await;
    for (field, value, pointer) in [
        ("name", json!(""), "/name"),
        (
            "channel_id",
            json!(format!("chn_{}", "0".repeat(32))),
            "/channel_id",
        ),
        (
            "segment_id",
            json!(format!("seg_{}", "0".repeat(32))),
            "/segment_id",
        ),
        (
            "content",
            json!({"kind": "text", "text": "Hello"}),
            "/content/kind",
        ),
        ("audience", json!({"countries": ["xx"]}), "/audience"),
        ("delivery", json!({"throttle": 1_000}), "/delivery/throttle"),
        (
            "delivery",
            json!({"canary": {"wait_minutes": 5, "max_failure_percent": 5}}),
            "/delivery/canary",
        ),
    ] {
        let mut new = json!({"name": "Tea", "channel_id": whom["channel_id"], "content": whom["content"],
                             "segment_id": whom["segment_id"]});
        new[field] = value;
        invalid(me.post(CAMPAIGNS, &new), pointer).await;
    }

    let other = business(app.db(), "Other").await;
    let other = Caller::new(&app, other, Role::Owner).await;
    refused(other.call(Method::GET, &path), 404, "not_found").await;
    for deed in ["plan", "send", "pause", "resume", "cancel"] {
        refused(other.act(&path, deed), 404, "not_found").await;
    }
    for part in ["funnel", "recipients"] {
        refused(
            other.call(Method::GET, &format!("{path}/{part}")),
            404,
            "not_found",
        )
        .await;
    }
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    for deed in ["plan", "send", "pause", "resume", "cancel"] {
        refused(agent.act(&path, deed), 403, "forbidden").await;
    }
    assert_eq!(agent.show(&path).await["status"], "planned");
}

#[tokio::test]
async fn an_operator_lists_campaigns_and_watches_one_go() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let path = me.planned(2).await;
    let id = path.rsplit('/').next().unwrap();
    let listed = app.cli(&["campaigns", "list", "--json"]).await;
    assert!(listed.status.success());
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(
        (&listed[0]["id"], &listed[0]["status"]),
        (&json!(id), &json!("planned"))
    );
    let sent = app
        .cli(&["campaigns", "send", id, "--watch", "--json"])
        .await;
    let said = String::from_utf8_lossy(&sent.stderr);
    assert!(sent.status.success(), "{said}");
    let sent: Value = serde_json::from_slice(&sent.stdout).unwrap();
    assert_eq!(
        (&sent["campaign"]["status"], &sent["funnel"]["accepted"]),
        (&json!("completed"), &json!(2))
    );
    let unknown = format!("cmp_{}", "0".repeat(32));
    assert!(
        !app.cli(&["campaigns", "show", &unknown])
            .await
            .status
            .success()
    );
    once_each(&app, 2);
}

#[tokio::test]
async fn prices_that_somebody_else_has_changed_meanwhile_are_not_overwritten() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let path = "/api/v1/messaging/prices";
    let set = |micros: &[i64]| {
        let price = |(country, micros): (&str, &i64)| json!({"country": country, "category": "marketing", "micros": micros, "currency": "USD"});
        let items: Vec<_> = ["*", "KE"].into_iter().zip(micros).map(price).collect();
        me.put(path, &json!({"items": items}))
    };
    let tag = async |request: RequestBuilder| {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.headers()["etag"].to_str().unwrap().to_owned()
    };
    let none = tag(me.get(path)).await;
    let first = tag(set(&[70]).header("If-Match", &none)).await;
    assert_eq!(first, tag(me.get(path)).await);
    let late = set(&[10]).header("If-Match", &none);
    refused(late, 412, "changed_meanwhile").await;
    // Each part of the prices counts.
    let second = tag(set(&[70, 10]).header("If-Match", &first)).await;
    let third = tag(set(&[70, 20]).header("If-Match", &second)).await;
    assert!(first != second && second != third);
    refused(
        set(&[]).header("If-Match", &second),
        412,
        "changed_meanwhile",
    )
    .await;
    let kept = ok(me.get(path)).await;
    assert_eq!(kept["items"][1]["micros"], 20);
    // Of two changes of one state, one is refused, although no row is there to be locked.
    ok(set(&[])).await;
    let (one, other) = (
        set(&[1]).header("If-Match", &none).send(),
        set(&[2]).header("If-Match", &none).send(),
    );
    let (one, other) = tokio::join!(one, other);
    let mut statuses = [
        one.unwrap().status().as_u16(),
        other.unwrap().status().as_u16(),
    ];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}
