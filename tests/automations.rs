//! Automations over real HTTP: from the draft to the message, and everything that a member may write wrongly.

use kazi_jobs::Role;
use kazi_simulators::{Service, Template};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, answered, invalid_by, ok, refused},
    support::{App, LONG, business},
};

const AUTOMATIONS: &str = "/api/v1/messaging/automations";
const ACCOUNT: &str = "1022";

/// The program, with a number whose account has an approved template.
async fn start() -> App {
    let mut app = App::prepare().await;
    app.change("UPDATE channels SET account_id = '1022' WHERE kind = 'whatsapp'")
        .await;
    app.change(
        "INSERT INTO templates (workspace_id, id, account_id, name, language, category, status, body, components)
         SELECT workspace_id, gen_random_uuid(), '1022', 'offer', 'en', 'utility', 'approved', 'Hello {{1}}!',
                '[{\"type\": \"BODY\", \"text\": \"Hello {{1}}!\"}]'
         FROM channels WHERE kind = 'whatsapp'",
    )
    .await;
    app.providers.add_template(
        ACCOUNT,
        Template {
            name: "offer".into(),
            language: "en".into(),
            category: "UTILITY".into(),
            body: "Hello {{1}}!".into(),
            status: "APPROVED".into(),
            ..Template::default()
        },
    );
    app.run().await;
    app
}

impl Caller<'_> {
    async fn whatsapp(&self) -> String {
        let channels = self.show("/api/v1/channels").await;
        let all = channels["items"].as_array().unwrap();
        let number = all.iter().find(|one| one["kind"] == "whatsapp");
        number.unwrap()["id"].as_str().unwrap().to_owned()
    }

    fn does(&self, path: &str, deed: &str, body: &Value) -> RequestBuilder {
        self.post(&format!("{path}/{deed}"), body)
    }

    /// Asks until the answer is as wished.
    async fn waits_for(&self, path: &str, fits: impl Fn(&Value) -> bool) -> Value {
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
}

fn greeting(channel: &str) -> Value {
    json!({"key": "greet", "action": {"kind": "send", "channel_id": channel, "content": {
        "kind": "template", "name": "offer", "parameters": [{"field": {"name": "first_name"}}]}}})
}

fn weekly(steps: &Value) -> Value {
    json!({"name": "Tea", "trigger": {"kind": "cron", "expression": "0 9 * * MON"}, "steps": steps,
           "reentry_after_days": 6})
}

async fn made(me: &Caller<'_>, new: &Value) -> String {
    let made = ok(me.post(AUTOMATIONS, new)).await;
    format!("{AUTOMATIONS}/{}", made["id"].as_str().unwrap())
}

#[tokio::test]
async fn an_automation_is_written_simulated_activated_and_counted() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let channel = me.whatsapp().await;
    for phone in ["+254712300001", "+254712300002"] {
        let new = json!({"phone": phone, "name": "Amina O", "language": "en", "tags": ["tea"]});
        ok(me.post("/api/v1/contacts", &new)).await;
    }
    ok(me.post(
        "/api/v1/contacts",
        &json!({"phone": "+254712300003", "tags": ["tea"]}),
    ))
    .await;
    let steps = json!([
        {"key": "mark", "action": {"kind": "add_tag", "tag": "greeted"}},
        greeting(&channel),
        {"key": "pause", "action": {"kind": "wait", "minutes": 60}},
        {"key": "end", "action": {"kind": "stop"}},
    ]);
    let mut new = weekly(&steps);
    new["trigger"]["audience"] = json!({"tags_any": ["tea"]});
    let path = made(&me, &new).await;
    let draft = me.get(&path).send().await.unwrap();
    let etag = draft.headers()["etag"].to_str().unwrap().to_owned();
    let draft: Value = draft.json().await.unwrap();
    assert_eq!(
        (&draft["status"], &draft["next_at"]),
        (&json!("draft"), &Value::Null)
    );

    let simulation = me.show(&format!("{path}/simulation")).await;
    assert_eq!(simulation["contacts"], 3);
    let reasons = simulation["sample"].as_array().unwrap().iter();
    let without: Vec<&Value> = reasons
        .map(|one| &one["reason"])
        .filter(|why| !why.is_null())
        .collect();
    assert_eq!(without, [&json!("missing_parameter")]);

    new["name"] = "Green tea".into();
    let put = |etag: &str| me.put(&path, &new).header("if-match", etag);
    ok(put(&etag)).await;
    refused(put(&etag), 412, "changed_meanwhile").await;

    let active = ok(me.does(&path, "activate", &json!({}))).await;
    assert_eq!(active["status"], "active");
    assert!(active["next_at"].is_string());
    // Monday has come.
    app.change("UPDATE automations SET next_at = now() - interval '1 second'")
        .await;
    app.cli(&["enqueue", "automations.find_due", "{}"]).await;
    let figures = format!("{path}/figures");
    let counted = me
        .waits_for(&figures, |one| {
            one["steps"][1]["delivered"] == 2 && one["failed"]["total"] == 1
        })
        .await;
    assert_eq!(
        (&counted["entered"], &counted["active"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(counted["failed"]["reasons"]["missing_parameter"], 1);
    assert_eq!(counted["steps"][2]["waiting"], 2);
    let sent = app.providers.ledger(Service::WhatsApp).into_iter();
    let sent = sent.filter(|entry| entry.message_id.is_some() && entry.body["type"] == "template");
    assert_eq!(sent.count(), 2);

    // Who is in it, page by page.
    let first = me.show(&format!("{path}/enrolments?limit=2")).await;
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = me
        .show(&format!("{path}/enrolments?limit=2&cursor={cursor}"))
        .await;
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    let waiting = me.show(&format!("{path}/enrolments?status=active")).await;
    let one = waiting["items"][0]["id"].as_str().unwrap().to_owned();
    let details = me.show(&format!("{path}/enrolments/{one}")).await;
    assert_eq!(details["step"], "pause");
    assert_eq!(details["steps"][1]["result"], "sent");
    let stop = format!("{path}/enrolments/{one}/stop");
    let stopped = ok(me.call(Method::POST, &stop)).await;
    assert_eq!(
        (&stopped["status"], &stopped["reason"]),
        (&json!("stopped"), &json!("by_a_member"))
    );

    refused(me.delete(&path), 409, "wrong_state").await;
    let paused = ok(me.call(Method::POST, &format!("{path}/pause"))).await;
    assert_eq!(paused["status"], "paused");
    answered(me.delete(&path), 204).await;
    refused(me.get(&path), 404, "not_found").await;
    let log = me.show("/api/v1/audit-log?action=automations").await;
    let actions = log["items"].as_array().unwrap().iter();
    let actions: Vec<&str> = actions.map(|one| one["action"].as_str().unwrap()).collect();
    for action in [
        "create",
        "update",
        "activate",
        "stop_enrolment",
        "pause",
        "delete",
    ] {
        let action = format!("automations.{action}");
        assert!(actions.contains(&action.as_str()), "{action}: {actions:?}");
    }
}

#[tokio::test]
async fn what_is_written_wrongly_is_told_by_field() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let channel = me.whatsapp().await;
    let stop = |key: &str| json!({"key": key, "action": {"kind": "stop"}});
    let good = weekly(&json!([greeting(&channel)]));
    let with = |change: &dyn Fn(&mut Value)| {
        let mut new = good.clone();
        change(&mut new);
        new
    };
    let many: Vec<Value> = (0..31).map(|n| stop(&format!("s{n}"))).collect();
    for (new, pointer, code) in [
        (with(&|new| new["name"] = "".into()), "/name", "length"),
        (with(&|new| new["steps"] = json!([])), "/steps", "too_many"),
        (
            with(&|new| new["steps"] = json!(many)),
            "/steps",
            "too_many",
        ),
        (
            with(&|new| new["steps"] = json!([stop("a"), stop("a")])),
            "/steps/1/key",
            "duplicate",
        ),
        (
            with(&|new| new["steps"][0]["next"] = "greet".into()),
            "/steps/0/next",
            "cycle",
        ),
        (
            with(&|new| new["steps"][0]["next"] = "nowhere".into()),
            "/steps/0/next",
            "unknown_step",
        ),
        (
            with(&|new| {
                new["steps"][0]["action"]["content"]["parameters"][0]["field"]["name"] =
                    "shoe".into()
            }),
            "/steps/0/action/content/parameters/0/field/name",
            "unknown_field",
        ),
        (
            with(&|new| {
                new["steps"][0]["action"]["content"]["parameters"][0]["field"]["name"] =
                    "subject.total".into()
            }),
            "/steps/0/action/content/parameters/0/field/name",
            "unknown_variable",
        ),
        (
            with(&|new| {
                new["steps"][0]["action"]["channel_id"] =
                    "chn_00000000000000000000000000000000".into()
            }),
            "/steps/0/action/channel_id",
            "unknown_channel",
        ),
        (
            with(&|new| new["trigger"]["expression"] = "* * * * *".into()),
            "/trigger/expression",
            "too_often",
        ),
        (
            with(&|new| new["trigger"]["expression"] = "every morning".into()),
            "/trigger/expression",
            "cron",
        ),
        (
            with(&|new| {
                new["trigger"] =
                    json!({"kind": "anniversary", "field": "birthday", "time": "09:00"})
            }),
            "/trigger/field",
            "unknown_field",
        ),
        (
            with(&|new| new["trigger"] = json!({"kind": "inactive", "days": 0})),
            "/trigger/days",
            "out_of_range",
        ),
        (
            with(&|new| new["daily_entries"] = 0.into()),
            "/daily_entries",
            "out_of_range",
        ),
    ] {
        invalid_by(me.post(AUTOMATIONS, &new), pointer, code).await;
    }
    // A template that there is not, or that wants other variables, can be written, but not activated.
    for change in [
        json!({"kind": "template", "name": "none", "parameters": []}),
        json!({"kind": "template", "name": "offer", "parameters": []}),
    ] {
        let new = with(&|new| new["steps"][0]["action"]["content"] = change.clone());
        let path = made(&me, &new).await;
        refused(me.does(&path, "activate", &json!({})), 409, "wrong_state").await;
        refused(
            me.call(Method::POST, &format!("{path}/pause")),
            409,
            "wrong_state",
        )
        .await;
    }
}

#[tokio::test]
async fn ten_thousand_and_one_contacts_are_asked_about_first() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    app.change(
        "INSERT INTO contacts (workspace_id, id, phone, language)
         SELECT id, gen_random_uuid(), '+2547' || (10000000 + n), 'en' FROM workspaces, generate_series(1, 10001) n",
    )
    .await;
    let steps = json!([{"key": "end", "action": {"kind": "stop"}}]);
    let path = made(&me, &weekly(&steps)).await;
    let asked = refused(
        me.does(&path, "activate", &json!({})),
        409,
        "reach_unconfirmed",
    )
    .await;
    assert!(
        asked["detail"]
            .as_str()
            .unwrap()
            .starts_with("10001 contacts"),
        "{asked}"
    );
    let confirmed = json!({"confirm_reach": true});
    let active = ok(me.does(&path, "activate", &confirmed)).await;
    assert_eq!(active["status"], "active");
}

#[tokio::test]
async fn an_active_automation_is_changed_only_by_who_may_activate_it() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let stop = |key: &str| json!([{"key": key, "action": {"kind": "stop"}}]);
    let path = made(&me, &weekly(&stop("end"))).await;
    let put = async |new: &Value| {
        let shown = me.get(&path).send().await.unwrap();
        let etag = shown.headers()["etag"].to_str().unwrap().to_owned();
        me.put(&path, new).header("if-match", etag)
    };
    app.change(
        "INSERT INTO totp_secrets (user_id, secret, created_at, confirmed_at)
         SELECT user_id, '', now(), now() FROM members WHERE role = 'owner'",
    )
    .await;
    let stale = "UPDATE sessions SET stepped_up_at = now() - interval '11 minutes'";
    app.change(stale).await;
    // A draft does nothing yet.
    ok(put(&weekly(&stop("last"))).await).await;
    app.change("UPDATE sessions SET stepped_up_at = now()")
        .await;
    ok(me.does(&path, "activate", &json!({}))).await;
    app.change(stale).await;
    refused(put(&weekly(&stop("end"))).await, 403, "step_up_required").await;
    // A name is no change of what it does.
    let mut renamed = weekly(&stop("last"));
    renamed["name"] = "Coffee".into();
    ok(put(&renamed).await).await;
    app.change("UPDATE sessions SET stepped_up_at = now()")
        .await;
    let changed = ok(put(&weekly(&stop("end"))).await).await;
    assert_eq!(
        (&changed["status"], &changed["revision"]),
        (&json!("active"), &json!(3))
    );
}

#[tokio::test]
async fn automations_are_kept_apart_and_only_admins_write_them() {
    let app = start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let steps = json!([{"key": "end", "action": {"kind": "stop"}}]);
    let path = made(&me, &weekly(&steps)).await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    agent.show(&path).await;
    refused(agent.post(AUTOMATIONS, &weekly(&steps)), 403, "forbidden").await;
    refused(agent.does(&path, "activate", &json!({})), 403, "forbidden").await;
    let other = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, other, Role::Owner).await;
    for request in [
        stranger.get(&path),
        stranger.put(&path, &weekly(&steps)),
        stranger.does(&path, "activate", &json!({})),
        stranger.get(&format!("{path}/enrolments")),
        stranger.get(&format!("{path}/figures")),
        stranger.get(&format!("{path}/simulation")),
        stranger.delete(&path),
    ] {
        refused(request, 404, "not_found").await;
    }
}
