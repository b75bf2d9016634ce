//! What the platform's staff sees and does, over real HTTP: and that nobody else does.

use kazi_jobs::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, answered, invalid, ok, refused},
    support::{App, business},
};

const ADMIN: &str = "/api/v1/admin";

impl Caller<'_> {
    /// Somebody of the staff, who is a member of a workspace as everybody may be.
    pub async fn staff(app: &App) -> Caller<'_> {
        let me = Caller::new(app, app.workspace, Role::Viewer).await;
        let email = format!("{}@example.com", me.id);
        let made = app.cli(&["staff", "add", &email]).await;
        assert!(made.status.success(), "{made:?}");
        me.below(ADMIN)
    }
}

fn figures<'a>(overview: &'a Value, service: &str) -> &'a Value {
    let items = overview["items"].as_array().unwrap();
    items.iter().find(|one| one["service"] == service).unwrap()
}

#[tokio::test]
async fn only_staff_by_the_command_line_gets_in_and_only_while_it_is_staff() {
    let app = App::start().await;
    let owner = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below(ADMIN);
    let paths = [
        "/users",
        "/workspaces",
        "/settings",
        "/overview?period=month",
        "/services/shop/overview?period=day",
        "/audit-log",
    ];
    for path in paths {
        refused(owner.get(path), 403, "forbidden").await;
    }
    let workspace = format!("/workspaces/{}", app.workspace);
    let why = json!({"reason": "x"});
    refused(
        owner.post(&format!("{workspace}/suspend"), &why),
        403,
        "forbidden",
    )
    .await;
    refused(owner.put("/settings", &json!({})), 403, "forbidden").await;

    let me = Caller::staff(&app).await;
    for path in paths {
        ok(me.get(path)).await;
    }
    let listed = app.cli(&["staff", "list", "--json"]).await;
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let email = format!("{}@example.com", me.id);
    assert_eq!(listed[0]["email"], email.as_str());
    let nobody = app.cli(&["staff", "add", "nobody@example.com"]).await;
    assert!(!nobody.status.success());
    let said = String::from_utf8(nobody.stderr).unwrap();
    assert!(said.contains("register first"), "{said}");

    assert!(app.cli(&["staff", "remove", &email]).await.status.success());
    refused(me.get("/users"), 403, "forbidden").await;
    let said = "SELECT count(*) FROM audit_log WHERE action = 'identity.set_staff' AND actor_kind = 'operator'";
    assert_eq!(app.count(said).await, 2);
}

#[tokio::test]
async fn users_and_workspaces_are_found_and_users_are_shut_out() {
    let app = App::start().await;
    let me = Caller::staff(&app).await;
    let other = business(app.db(), "Café Lumière").await;
    let them = Caller::new(&app, other, Role::Owner).await;
    let page = me.show("/users?limit=1").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = me.show(&format!("/users?limit=1&cursor={cursor}")).await;
    assert_ne!(page["items"], next["items"]);
    let q = them.id.to_string().to_uppercase();
    let found = me.show(&format!("/users?q={q}&is_staff=false")).await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let user = found["items"][0]["id"].as_str().unwrap().to_owned();
    assert!(found["items"][0].get("password_hash").is_none());
    let path = format!("/users/{user}");
    let shown = me.show(&path).await;
    assert_eq!(shown["workspaces"][0]["name"], "Café Lumière");

    let off = ok(me.call(Method::POST, &format!("{path}/disable"))).await;
    assert!(off["disabled_at"].is_string());
    refused(them.get("/api/v1/contacts"), 401, "invalid_token").await;
    let disabled = me.show("/users?disabled=true").await;
    assert_eq!(disabled["items"][0]["id"], user.as_str());
    let on = ok(me.call(Method::POST, &format!("{path}/enable"))).await;
    assert_eq!(on["disabled_at"], Value::Null);
    let own = me.show("/users?is_staff=true").await["items"][0]["id"].clone();
    let own = format!("/users/{}/disable", own.as_str().unwrap());
    refused(me.call(Method::POST, &own), 409, "is_staff").await;

    let found = me.show("/workspaces?q=LUMI&status=active").await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    let one = &found["items"][0];
    assert_eq!(
        (&one["id"], &one["members"]),
        (&json!(other.to_string()), &json!(1))
    );
    let full = me.show(&format!("/workspaces/{}", app.workspace)).await;
    assert_eq!(
        (&full["channels_active"], &full["channels_paused"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(full["ai_budget"]["limit_micro"], Value::Null);
    for (path, pointer) in [
        ("/users?q=", "/q"),
        ("/workspaces?status=lost", "/status"),
        ("/workspaces?name=x", "/name"),
        ("/overview?period=decade", "/period"),
        ("/overview?period=day&date=2999-01-01", "/date"),
    ] {
        invalid(me.get(path), pointer).await;
    }
    for path in [
        "/users/usr_0190a5b2c3d4e5f60718293a4b5c6d7e",
        "/workspaces/wsp_0190a5b2c3d4e5f60718293a4b5c6d7e",
        "/services/weather/overview?period=day",
    ] {
        refused(me.get(path), 404, "not_found").await;
    }
}

#[tokio::test]
async fn a_suspended_workspace_is_refused_sends_nothing_and_keeps_what_customers_write() {
    let app = App::start().await;
    let me = Caller::staff(&app).await;
    let owner = Caller::new(&app, app.workspace, Role::Owner).await;
    let key = json!({"name": "till", "scopes": ["contacts.read"]});
    let key = ok(owner.post("/api/v1/api-keys", &key)).await;
    let secret = key["secret"]
        .as_str()
        .or(key["key"].as_str())
        .unwrap()
        .to_owned();
    let phone = app.phone("254712345678");
    phone.say("Hello").await;
    app.until("SELECT count(*) FROM messages WHERE direction = 'out' AND accepted_at IS NOT NULL")
        .await;
    let contact = owner.show("/api/v1/contacts").await["items"][0]["id"].clone();
    let customer = Caller::customer(&app, contact.as_str().unwrap()).await;
    let other = business(app.db(), "Other").await;
    let they = Caller::new(&app, other, Role::Owner).await;

    let path = format!("/workspaces/{}", app.workspace);
    let suspend = |reason: &str| me.post(&format!("{path}/suspend"), &json!({"reason": reason}));
    invalid(suspend(""), "/reason").await;
    invalid(suspend(&"x".repeat(501)), "/reason").await;
    let off = ok(suspend("The invoice of May is not paid.")).await;
    assert_eq!(
        (&off["status"], &off["channels_active"]),
        (&json!("suspended"), &json!(0))
    );
    let again = ok(suspend("Another reason")).await;
    assert_eq!(again["suspended_reason"], off["suspended_reason"]);

    for request in [
        owner.get("/api/v1/contacts"),
        owner.get("/api/v1/workspaces/current"),
        app.http
            .get(app.url("/api/v1/contacts"))
            .bearer_auth(&secret),
        customer.get("/api/v1/customer/orders"),
    ] {
        let told = refused(request, 403, "workspace_suspended").await;
        assert!(
            told["title"].as_str().unwrap().contains("suspended"),
            "{told}"
        );
    }
    // What is the user's own goes on, and so do other workspaces.
    ok(owner.get("/api/v1/me")).await;
    let mine = ok(owner.get("/api/v1/workspaces")).await;
    assert_eq!(mine[0]["shut_out"], "workspace_suspended");
    let here = json!({"workspace_id": app.workspace.to_string()});
    let enter = owner.post("/api/v1/me/workspace", &here);
    refused(enter, 403, "workspace_suspended").await;
    ok(they.get("/api/v1/contacts")).await;

    let sent = app
        .count("SELECT count(*) FROM messages WHERE direction = 'out'")
        .await;
    phone.say("Are you there?").await;
    app.until("SELECT count(*) FROM messages WHERE direction = 'in' AND body = 'Are you there?'")
        .await;
    app.until("SELECT count(*) FROM (SELECT WHERE NOT EXISTS (SELECT FROM queue.jobs WHERE kind = 'conversations.receive')) ended")
        .await;
    let left = "SELECT count(*) FROM messages WHERE direction = 'out' AND accepted_at IS NOT NULL AND body <> ''";
    assert_eq!(app.count(left).await, sent);

    let on = ok(me.call(Method::POST, &format!("{path}/reactivate"))).await;
    assert_eq!(
        (&on["status"], &on["channels_active"]),
        (&json!("active"), &json!(2))
    );
    ok(owner.get("/api/v1/contacts")).await;
    phone.say("And now?").await;
    app.until("SELECT count(*) FROM messages WHERE direction = 'in' AND body = 'And now?'")
        .await;

    let log = owner.show("/api/v1/audit-log?actor_kind=staff").await;
    let actions: Vec<&str> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["action"].as_str().unwrap())
        .filter(|action| action.starts_with("workspaces."))
        .collect();
    assert_eq!(actions, ["workspaces.reactivate", "workspaces.suspend"]);
    let all = me.show("/audit-log").await;
    let items = all["items"].as_array().unwrap();
    assert!(items.iter().all(|one| one["actor_id"] == json!(me.id)));
    assert!(
        items
            .iter()
            .any(|one| one["workspace_id"] == json!(app.workspace.to_string()))
    );
}

#[tokio::test]
async fn settings_hold_from_now_on_and_each_look_is_recorded() {
    let app = App::start().await;
    let me = Caller::staff(&app).await;
    let prices = me.show("/settings").await["usage_prices"].clone();
    assert_eq!(
        prices,
        json!({"question_micro": 50_000, "push_micro": 200_000})
    );
    let put = |question: Value| {
        let prices = json!({"question_micro": question, "push_micro": 200_000});
        me.put("/settings", &json!({"usage_prices": prices}))
    };
    invalid(put(json!(-1)), "/usage_prices/question_micro").await;
    invalid(put(json!(100_000_001)), "/usage_prices/question_micro").await;
    invalid(put(json!("5 cents")), "/usage_prices/question_micro").await;
    ok(put(json!(70_000))).await;
    assert_eq!(
        me.show("/settings").await["usage_prices"]["question_micro"],
        70_000
    );
    answered(put(json!(70_000)), 200).await;
    let log = me.show("/audit-log").await;
    let actions: Vec<&str> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        [
            "staff.show_audit_log",
            "staff.show_settings",
            "staff.set_settings",
            "staff.show_settings"
        ]
    );
    assert_eq!(
        log["items"][2]["after"]["usage_prices"]["question_micro"], 70_000,
        "{log}"
    );
}

#[tokio::test]
async fn the_services_of_all_businesses_are_summed_and_show_no_content() {
    let app = App::start().await;
    let me = Caller::staff(&app).await;
    app.phone("254712345678").say("a very private word").await;
    app.until("SELECT count(*) FROM messages WHERE direction = 'out' AND accepted_at IS NOT NULL")
        .await;
    assert!(
        app.cli(&["enqueue", "analytics.fold", "{}"])
            .await
            .status
            .success()
    );
    app.until("SELECT count(*) FROM figures_daily WHERE figure = 'messages_in'")
        .await;
    let all = me.show("/overview?period=month").await;
    let talks = figures(&all, "conversations");
    assert_eq!(
        (
            &talks["messages_in"],
            &talks["active_customers"]["value"],
            &talks["workspaces"]["before"]
        ),
        (
            &json!({"value": 1, "before": 0, "growth_percent": null}),
            &json!(1),
            &json!(0)
        ),
        "{all}"
    );
    assert!(talks["messages_out"]["value"].as_i64().unwrap() > 0);
    let one = me
        .show("/services/conversations/overview?period=month")
        .await;
    assert_eq!(&one, talks);
    assert_eq!(figures(&all, "payments")["revenue"], json!([]));
    for path in [
        "/users",
        "/workspaces",
        "/overview?period=year",
        "/audit-log",
    ] {
        let body = me.show(path).await.to_string();
        assert!(!body.contains("private"), "{body}");
    }
}
