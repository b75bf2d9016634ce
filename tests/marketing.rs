//! Marketing campaigns over real HTTP: from the draft to the archive, with parts of three kinds, and everything that a member
//! may write wrongly.

use kazi_jobs::Role;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, answered, invalid_by, ok, refused},
    support::{App, business},
};

const CAMPAIGNS: &str = "/api/v1/marketing/campaigns";
const PEOPLE: usize = 4;

fn christmas() -> Value {
    json!({"name": "Christmas", "objective": "sales"})
}

/// The same with another value of one field.
fn with(field: &str, value: Value) -> Value {
    let mut new = christmas();
    new[field] = value;
    new
}

fn posters(amount_minor: i64) -> Value {
    json!({"spent_on": "2026-03-01", "description": "Posters",
           "amount": {"amount_minor": amount_minor, "currency": "USD"}})
}

async fn made(me: &Caller<'_>, new: &Value) -> String {
    let made = answered(me.post(CAMPAIGNS, new), 201).await;
    format!("{CAMPAIGNS}/{}", made["id"].as_str().unwrap())
}

fn attach(me: &Caller<'_>, campaign: &str, part: &Value) -> RequestBuilder {
    me.post(&format!("{campaign}/parts"), &json!({"part_id": part}))
}

impl Caller<'_> {
    /// Drafts of all kinds of parts: a broadcast, a post and an automation.
    async fn drafts(&self) -> [Value; 3] {
        let content = json!({"kind": "text", "text": "Tea is cheaper today."});
        let channels = self.show("/api/v1/channels").await;
        let channels = channels["items"].as_array().unwrap();
        let green = channels.iter().find(|one| one["kind"] == "greenapi");
        let new =
            json!({"name": "Tea offer", "channel_id": green.unwrap()["id"], "content": content});
        let broadcast = ok(self.post("/api/v1/messaging/campaigns", &new)).await;
        let new = json!({"text": "Fresh tea from Kericho"});
        let post = ok(self.post("/api/v1/social/contents", &new)).await;
        let steps = json!([{"key": "wait", "action": {"kind": "wait", "minutes": 5}}]);
        let new =
            json!({"name": "Tea thanks", "trigger": {"kind": "order_delivered"}, "steps": steps});
        let automation = ok(self.post("/api/v1/messaging/automations", &new)).await;
        [broadcast, post, automation].map(|one| one["id"].clone())
    }
}

#[tokio::test]
async fn a_campaign_is_written_started_ended_put_away_and_taken_back() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let user = me.show("/api/v1/me").await["id"].clone();
    let new = json!({
        "name": " Christmas 2026 ", "objective": "sales", "notes": "As last year",
        "goal": {"measure": "revenue", "target": 500_000, "currency": "kes"},
        "starts_on": "2030-12-01", "ends_on": "2030-12-24",
        "budget": {"amount_minor": 250_000, "currency": "KES"},
        "owner_id": user, "tags": ["Tea", "gifts", "tea"],
    });
    let first = me.post(CAMPAIGNS, &new).send().await.unwrap();
    assert_eq!(first.status(), 201);
    let place = first.headers()["location"].to_str().unwrap().to_owned();
    let tag = first.headers()["etag"].clone();
    let first: Value = first.json().await.unwrap();
    assert_eq!(me.show(&place).await, first);
    assert_eq!(
        (&first["name"], &first["status"], &first["tags"]),
        (
            &json!("Christmas 2026"),
            &json!("draft"),
            &json!(["gifts", "tea"])
        )
    );
    assert_eq!(first["goal"]["currency"], "KES");
    // Without a part nothing is known, and nothing is spent.
    let progress = json!({"parts": 0, "goal": {"reached": null, "percent": null},
                          "budget": {"spent_micros": 0, "percent": 0, "incomplete": false}});
    assert_eq!(first["progress"], progress);

    let mut other = new.clone();
    other["objective"] = json!("loyalty");
    other["goal"] = Value::Null;
    let put = || me.put(&place, &other).header("if-match", &tag);
    let second = ok(put()).await;
    assert_eq!(
        (&second["objective"], &second["goal"]),
        (&json!("loyalty"), &Value::Null)
    );
    refused(put(), 412, "changed_meanwhile").await;

    for (query, found) in [
        ("", 1),
        ("?q=christ", 1),
        ("?q=easter", 0),
        ("?status=active", 0),
        ("?status=draft&objective=loyalty&tag=TEA", 1),
        ("?objective=sales", 0),
        ("?limit=1", 1),
    ] {
        let listed = me.show(&format!("{CAMPAIGNS}{query}")).await;
        assert_eq!(listed["items"].as_array().unwrap().len(), found, "{query}");
    }
    let owned = format!("{CAMPAIGNS}?owner_id={}", user.as_str().unwrap());
    assert_eq!(me.show(&owned).await["items"][0]["progress"]["parts"], 0);

    let act = |deed: &str| me.post(&format!("{place}/{deed}"), &json!({}));
    refused(act("end"), 409, "wrong_state").await;
    assert_eq!(ok(act("activate")).await["status"], "active");
    refused(act("archive"), 409, "wrong_state").await;
    refused(me.delete(&place), 409, "wrong_state").await;
    let ended = ok(act("end")).await;
    assert!(ended["ended_at"].is_string());
    assert_eq!(ok(act("archive")).await["status"], "archived");
    assert_eq!(me.show(CAMPAIGNS).await["items"], json!([]));
    let away = me.show(&format!("{CAMPAIGNS}?status=archived")).await;
    assert_eq!(away["items"][0]["id"], first["id"]);
    refused(me.put(&place, &new), 409, "wrong_state").await;
    let expense = me.post(&format!("{place}/expenses"), &posters(1));
    refused(expense, 409, "wrong_state").await;
    assert_eq!(ok(act("restore")).await["status"], "ended");
    assert_eq!(ok(act("activate")).await["ended_at"], Value::Null);

    let draft = made(&me, &christmas()).await;
    ok(me.delete(&draft)).await;
    refused(me.get(&draft), 404, "not_found").await;
    for (action, times) in [
        (
            "SELECT count(*) FROM audit_log WHERE action = 'marketing.create'",
            2,
        ),
        (
            "SELECT count(*) FROM audit_log WHERE action = 'marketing.update'",
            1,
        ),
        (
            "SELECT count(*) FROM audit_log WHERE action = 'marketing.activate'",
            2,
        ),
        (
            "SELECT count(*) FROM audit_log WHERE action = 'marketing.delete'",
            1,
        ),
    ] {
        assert_eq!(app.count(action).await, times, "{action}");
    }
}

#[tokio::test]
async fn each_field_says_what_is_wrong_with_it() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let goal = |measure: &str, target: i64, currency: Value| json!({"measure": measure, "target": target, "currency": currency});
    let budget =
        |amount: i64, currency: &str| json!({"amount_minor": amount, "currency": currency});
    let nobody = "usr_01890000000000000000000000000000";
    for (field, value, pointer, code) in [
        ("name", json!(""), "/name", "length"),
        ("name", json!("x".repeat(121)), "/name", "length"),
        ("name", json!("a\u{7}b"), "/name", "characters"),
        ("objective", json!("fame"), "/objective", "invalid"),
        ("notes", json!("x".repeat(4_001)), "/notes", "length"),
        (
            "starts_on",
            json!("1999-12-31"),
            "/starts_on",
            "out_of_range",
        ),
        ("ends_on", json!("2101-01-01"), "/ends_on", "out_of_range"),
        (
            "goal",
            goal("read", 0, Value::Null),
            "/goal/target",
            "out_of_range",
        ),
        (
            "goal",
            goal("revenue", 1, Value::Null),
            "/goal/currency",
            "missing",
        ),
        (
            "goal",
            goal("revenue", 1, json!("shilling")),
            "/goal/currency",
            "unknown_currency",
        ),
        (
            "goal",
            goal("read", 1, json!("KES")),
            "/goal/currency",
            "unexpected",
        ),
        (
            "budget",
            budget(0, "KES"),
            "/budget/amount_minor",
            "out_of_range",
        ),
        (
            "budget",
            budget(1_000_000_000_001, "KES"),
            "/budget/amount_minor",
            "out_of_range",
        ),
        (
            "budget",
            budget(1, "K"),
            "/budget/currency",
            "unknown_currency",
        ),
        ("owner_id", json!(nobody), "/owner_id", "unknown"),
        ("tags", json!(vec!["x"; 21]), "/tags", "too_many"),
        ("tags", json!([""]), "/tags/0", "length"),
    ] {
        invalid_by(me.post(CAMPAIGNS, &with(field, value)), pointer, code).await;
    }
    let mut backwards = with("starts_on", json!("2030-02-02"));
    backwards["ends_on"] = json!("2030-02-01");
    invalid_by(me.post(CAMPAIGNS, &backwards), "/ends_on", "order").await;

    let path = made(&me, &christmas()).await;
    let same = with("name", json!("CHRISTMAS"));
    invalid_by(me.post(CAMPAIGNS, &same), "/name", "taken").await;
    // It may keep its own.
    ok(me.put(&path, &same)).await;

    let expenses = format!("{path}/expenses");
    let bad = |field: &str, value: Value| {
        let mut new = posters(100);
        new[field] = value;
        me.post(&expenses, &new)
    };
    let amount =
        |amount: i64, currency: &str| json!({"amount_minor": amount, "currency": currency});
    for (field, value, pointer, code) in [
        ("description", json!(" "), "/description", "length"),
        (
            "description",
            json!("x".repeat(201)),
            "/description",
            "length",
        ),
        ("spent_on", json!("2099-01-01"), "/spent_on", "out_of_range"),
        (
            "amount",
            amount(-1, "USD"),
            "/amount/amount_minor",
            "out_of_range",
        ),
        (
            "amount",
            amount(1, "??"),
            "/amount/currency",
            "unknown_currency",
        ),
    ] {
        invalid_by(bad(field, value), pointer, code).await;
    }
    let order = format!("{path}/analytics?from=2026-02-02&until=2026-02-01");
    invalid_by(me.get(&order), "/until", "order").await;
    for query in ["kind=letter", "kind=post&q="] {
        let found = me.get(&format!("/api/v1/marketing/parts?{query}"));
        refused(found, 422, "invalid").await;
    }
}

#[tokio::test]
async fn a_part_belongs_to_one_campaign_of_its_business() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let [broadcast, post, automation] = me.drafts().await;
    let path = made(&me, &christmas()).await;
    let other = made(&me, &with("name", json!("Easter"))).await;

    let found = me
        .show("/api/v1/marketing/parts?kind=broadcast&q=tea")
        .await;
    assert_eq!(
        (
            &found["items"][0]["part_id"],
            &found["items"][0]["campaign_id"]
        ),
        (&broadcast, &Value::Null)
    );
    for part in [&broadcast, &post, &automation] {
        let attached = ok(attach(&me, &path, part)).await;
        assert_eq!(
            (&attached["part_id"], &attached["status"]),
            (part, &json!("draft"))
        );
        // Again changes nothing, and another campaign does not get it.
        assert_eq!(ok(attach(&me, &path, part)).await, attached);
        refused(attach(&me, &other, part), 409, "attached_elsewhere").await;
    }
    let audited = "SELECT count(*) FROM audit_log WHERE action = 'marketing.attach'";
    assert_eq!(app.count(audited).await, 3);
    let found = me.show("/api/v1/marketing/parts?kind=post&q=KERICHO").await;
    assert_eq!(found["items"][0]["campaign_name"], "Christmas");
    let parts = me.show(&format!("{path}/parts")).await;
    let kinds: Vec<&Value> = parts["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["kind"])
        .collect();
    assert_eq!(kinds, ["broadcast", "post", "automation"]);

    // What is not there, what is of another kind, and what another business has.
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    let their = made(&stranger, &christmas()).await;
    for part in [&broadcast, &post, &automation] {
        invalid_by(attach(&stranger, &their, part), "/part_id", "unknown").await;
        let mine = format!("{path}/parts/{}", part.as_str().unwrap());
        refused(stranger.delete(&mine), 404, "not_found").await;
    }
    refused(stranger.get(&format!("{path}/analytics")), 404, "not_found").await;
    refused(attach(&stranger, &path, &broadcast), 404, "not_found").await;
    let found = stranger
        .show("/api/v1/marketing/parts?kind=broadcast")
        .await;
    assert_eq!(found["items"], json!([]));
    let contact = json!("ctc_01890000000000000000000000000000");
    invalid_by(attach(&me, &path, &contact), "/part_id", "invalid").await;

    // Deleted where it was made, each is told as deleted and can be taken out.
    let id = broadcast.as_str().unwrap();
    ok(me.delete(&format!("/api/v1/messaging/campaigns/{id}"))).await;
    let id = post.as_str().unwrap();
    ok(me.delete(&format!("/api/v1/social/contents/{id}"))).await;
    let id = automation.as_str().unwrap();
    ok(me.delete(&format!("/api/v1/messaging/automations/{id}"))).await;
    let shown = me.show(&format!("{path}/analytics")).await;
    let names: Vec<(&Value, &Value)> = shown["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["name"], &one["deleted"]))
        .collect();
    let gone = json!(true);
    assert_eq!(
        names,
        [
            (&json!("Tea offer"), &gone),
            (&json!("Fresh tea from Kericho"), &gone),
            (&json!("Tea thanks"), &gone)
        ]
    );
    assert_eq!(
        (&shown["total"]["sent"], &shown["unknown"]),
        (&json!(0), &json!("no_costs"))
    );
    for part in [&broadcast, &post, &automation] {
        let part = format!("{path}/parts/{}", part.as_str().unwrap());
        answered(me.delete(&part), 204).await;
        refused(me.delete(&part), 404, "not_found").await;
    }
}

#[tokio::test]
async fn a_broadcast_brings_its_figures_and_costs_along() {
    let mut app = App::prepare().await;
    app.change("UPDATE channels SET account_id = '1022' WHERE kind = 'whatsapp'")
        .await;
    app.run().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let price =
        json!({"country": "KE", "category": "marketing", "micros": 22_500, "currency": "USD"});
    ok(me.put("/api/v1/messaging/prices", &json!({"items": [price]}))).await;
    me.template().await;
    me.people(PEOPLE).await;
    let content = json!({"kind": "template", "name": "offer", "parameters": [{"field": {"name": "first_name"}}]});
    let new = json!({"name": "Tea", "channel_id": me.number().await, "content": content,
                     "audience": {"tags_any": ["vip"]}});
    let sent = ok(me.post("/api/v1/messaging/campaigns", &new)).await;
    let broadcast = format!(
        "/api/v1/messaging/campaigns/{}",
        sent["id"].as_str().unwrap()
    );
    ok(me.act(&broadcast, "send")).await;
    me.until_delivered(&broadcast, PEOPLE).await;

    let mut new = with("goal", json!({"measure": "sent", "target": 8}));
    new["budget"] = json!({"amount_minor": 900, "currency": "USD"});
    let path = made(&me, &new).await;
    ok(attach(&me, &path, &sent["id"])).await;
    let expense = answered(me.post(&format!("{path}/expenses"), &posters(81)), 201).await;
    let shown = me.show(&format!("{path}/analytics")).await;
    let total = &shown["total"];
    assert_eq!(
        (
            &total["sent"],
            &total["delivered"],
            &total["conversions"],
            &total["published"]
        ),
        (&json!(PEOPLE), &json!(PEOPLE), &json!(0), &Value::Null)
    );
    assert_eq!(total["costs"], json!({"USD": 90_000}));
    assert_eq!(shown["spent"], json!({"USD": 900_000}));
    assert_eq!(
        (&shown["return_percent"], &shown["cost_per_click"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(
        shown["progress"]["goal"],
        json!({"reached": PEOPLE, "percent": 50})
    );
    assert_eq!(shown["progress"]["budget"]["percent"], 10);
    let late = me.show(&format!("{path}/analytics?from=2099-01-01")).await;
    assert_eq!(
        (&late["total"]["sent"], &late["days"]),
        (&json!(0), &json!([]))
    );
    assert_eq!(late["progress"], shown["progress"]);

    // An expense is corrected by who has read it, and deleted.
    let one = format!("{path}/expenses/{}", expense["id"].as_str().unwrap());
    assert_eq!(me.show(&one).await, expense);
    let put = || me.put(&one, &posters(100)).header("if-match", "\"v1\"");
    assert_eq!(ok(put()).await["amount"]["amount_minor"], 100);
    refused(put(), 412, "changed_meanwhile").await;
    let listed = me.show(&format!("{path}/expenses?limit=1")).await;
    assert_eq!(listed["items"][0]["version"], 2);
    answered(me.delete(&one), 204).await;
    let shown = me.show(&path).await;
    assert_eq!(shown["progress"]["budget"]["spent_micros"], 90_000);

    // Taken out, the broadcast takes its costs along, and the log keeps them.
    let part = format!("{path}/parts/{}", sent["id"].as_str().unwrap());
    answered(me.delete(&part), 204).await;
    let kept =
        "SELECT (before->'costs'->>'USD')::bigint FROM audit_log WHERE action = 'marketing.detach'";
    assert_eq!(app.count(kept).await, 90_000);
    assert_eq!(
        me.show(&path).await["progress"]["budget"]["spent_micros"],
        0
    );
}

#[tokio::test]
async fn who_reads_does_not_write() {
    let app = App::start().await;
    let admin = Caller::new(&app, app.workspace, Role::Admin).await;
    let path = made(&admin, &christmas()).await;
    let expense = answered(admin.post(&format!("{path}/expenses"), &posters(1)), 201).await;
    let expense = format!("{path}/expenses/{}", expense["id"].as_str().unwrap());
    for role in [Role::Viewer, Role::Agent] {
        let me = Caller::new(&app, app.workspace, role).await;
        for read in ["", "/analytics", "/parts", "/expenses"] {
            me.show(&format!("{path}{read}")).await;
        }
        me.show("/api/v1/marketing/parts?kind=automation").await;
        for (method, path) in [
            (Method::POST, CAMPAIGNS.to_owned()),
            (Method::PUT, path.clone()),
            (Method::DELETE, path.clone()),
            (Method::POST, format!("{path}/activate")),
            (Method::POST, format!("{path}/end")),
            (Method::POST, format!("{path}/archive")),
            (Method::POST, format!("{path}/restore")),
            (Method::POST, format!("{path}/parts")),
            (
                Method::DELETE,
                format!("{path}/parts/cmp_01890000000000000000000000000000"),
            ),
            (Method::POST, format!("{path}/expenses")),
            (Method::PUT, expense.clone()),
            (Method::DELETE, expense.clone()),
        ] {
            let call = me.call(method, &path).json(&json!({}));
            refused(call, 403, "forbidden").await;
        }
    }
}
