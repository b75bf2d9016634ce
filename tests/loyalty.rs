//! Loyalty over real HTTP: rules, tiers, rewards, points and codes, and everything that a member may write wrongly.

use kazi_jobs::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, answered, invalid, invalid_by, ok, refused},
    support::{App, business},
};

const ACCOUNTS: &str = "/api/v1/loyalty/accounts";
const SETTINGS: &str = "/api/v1/loyalty/settings";
const TIERS: &str = "/api/v1/loyalty/tiers";
const REWARDS: &str = "/api/v1/loyalty/rewards";
const REDEMPTIONS: &str = "/api/v1/loyalty/redemptions";
const USE: &str = "/api/v1/loyalty/codes/use";
const TOTALS: &str = "/api/v1/loyalty/totals";

fn rules() -> Value {
    json!({"enabled": true, "order": {"points": 1, "per_minor": 100}, "visit_points": 10,
           "expiry": {"months": 12, "warn_days": 14}})
}

fn coffee() -> Value {
    json!({"name": "Free coffee", "cost": 60, "stock": 1})
}

fn points_of(contact: &str) -> String {
    format!("/api/v1/loyalty/accounts/{contact}")
}

fn id(thing: &Value) -> &str {
    thing["id"].as_str().unwrap()
}

impl Caller<'_> {
    async fn give(&self, contact: &str, points: i64) -> Value {
        let path = format!("{}/adjust", points_of(contact));
        let body = json!({"points": points, "reason": "For the long wait"});
        ok(self.post(&path, &body)).await
    }
}

#[tokio::test]
async fn an_order_earns_points_that_buy_a_reward_whose_code_the_staff_takes_once() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    ok(me.put(SETTINGS, &rules())).await;
    ok(me.post(
        TIERS,
        &json!({"name": "Gold", "threshold": 50, "multiplier_percent": 200}),
    ))
    .await;
    let contact = me.contact("+254712345678").await;
    app.change(
        "INSERT INTO orders (workspace_id, id, number, contact_id, status, currency, total_minor, expires_at, created_at, updated_at)
         SELECT workspace_id, gen_random_uuid(), 1, id, 'shipped', 'USD', 5099, now(), now(), now() FROM contacts",
    )
    .await;
    let orders = me.show("/api/v1/orders").await;
    let order = id(&orders["items"][0]).to_owned();
    ok(me.post(&format!("/api/v1/orders/{order}/deliver"), &json!({}))).await;
    app.until("SELECT count(*) FROM loyalty_entries WHERE account = 'customer'")
        .await;
    let account = me.show(&points_of(&contact)).await;
    assert_eq!(
        (
            &account["balance"],
            &account["earned"],
            &account["tier"]["name"]
        ),
        (&json!(50), &json!(50), &json!("Gold"))
    );
    assert_eq!(account["expiring"]["points"], 50);
    assert_eq!(me.give(&contact, 70).await["balance"], 120);

    // Two members take the last one at the same time.
    let reward = ok(me.post(REWARDS, &coffee())).await;
    let wish = json!({"contact_id": contact, "reward_id": id(&reward)});
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let (one, two) = tokio::join!(
        me.post(REDEMPTIONS, &wish).send(),
        agent.post(REDEMPTIONS, &wish).send()
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    let (won, lost) = match one.status().as_u16() {
        201 => (one, two),
        _ => (two, one),
    };
    assert_eq!((won.status().as_u16(), lost.status().as_u16()), (201, 409));
    let place = won.headers()["location"].to_str().unwrap().to_owned();
    let won: Value = won.json().await.unwrap();
    assert_eq!(lost.json::<Value>().await.unwrap()["code"], "out_of_stock");
    let shown = me.show(&place).await;
    assert_eq!((&shown["cost"], shown.get("code")), (&json!(60), None));
    assert!(
        won["code"]
            .as_str()
            .unwrap()
            .ends_with(shown["code_hint"].as_str().unwrap())
    );
    assert_eq!(me.show(&points_of(&contact)).await["balance"], 60);

    let entries = format!("{}/entries", points_of(&contact));
    let first = me.show(&format!("{entries}?limit=2")).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = me.show(&format!("{entries}?limit=2&cursor={cursor}")).await;
    let of = |page: &Value| -> Vec<(Value, Value)> {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|one| (one["kind"].clone(), one["balance"].clone()))
            .collect()
    };
    assert_eq!(
        [of(&first), of(&second)].concat(),
        [
            (json!("redemption"), json!(60)),
            (json!("adjustment"), json!(120)),
            (json!("order"), json!(50))
        ]
    );
    assert_eq!(second["items"][0]["order_id"], order);
    assert_eq!(
        me.show(TOTALS).await,
        json!({"issued": -120, "customer": 60, "redeemed": 60, "expired": 0})
    );

    let typed = won["code"]
        .as_str()
        .unwrap()
        .to_lowercase()
        .replace('-', " ");
    let code = json!({"code": typed});
    let viewer = Caller::new(&app, app.workspace, Role::Viewer).await;
    refused(viewer.post(USE, &code), 403, "forbidden").await;
    let used = ok(agent.post(USE, &code)).await;
    assert!(used["used_at"].is_string(), "{used}");
    refused(agent.post(USE, &code), 409, "code_used").await;
    refused(
        agent.post(USE, &json!({"code": "0000-0000-0000"})),
        404,
        "not_found",
    )
    .await;
    refused(agent.post(USE, &json!({"code": "?"})), 404, "not_found").await;
    for (query, found) in [
        (format!("contact_id={contact}&used=true"), 1),
        ("used=false".to_owned(), 0),
        (format!("reward_id={}", id(&reward)), 1),
    ] {
        let listed = me.show(&format!("{REDEMPTIONS}?{query}")).await;
        assert_eq!(listed["items"].as_array().unwrap().len(), found, "{query}");
    }

    // Nobody else sees it, or takes its codes.
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    refused(stranger.get(&points_of(&contact)), 404, "not_found").await;
    refused(stranger.get(&entries), 404, "not_found").await;
    refused(stranger.get(&place), 404, "not_found").await;
    refused(stranger.post(USE, &code), 404, "not_found").await;
    refused(stranger.post(REDEMPTIONS, &wish), 404, "not_found").await;
    let adjust = format!("{}/adjust", points_of(&contact));
    let one = json!({"points": 1, "reason": "x"});
    refused(stranger.post(&adjust, &one), 404, "not_found").await;
    assert_eq!(stranger.show(TOTALS).await["issued"], 0);
    let audited = "SELECT count(DISTINCT action) FROM audit_log WHERE action LIKE 'loyalty.%'";
    assert_eq!(app.count(audited).await, 6);
}

#[tokio::test]
async fn accounts_are_listed_in_an_order_by_tier_by_words_and_by_page() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let gold = json!({"name": "Gold", "threshold": 50, "multiplier_percent": 100});
    let gold = ok(me.post(TIERS, &gold)).await;
    let mut contacts = Vec::new();
    for (phone, points) in [
        ("+254712345671", 30),
        ("+254712345672", 10),
        ("+254712345673", 20),
    ] {
        let contact = me.contact(phone).await;
        me.give(&contact, points).await;
        contacts.push(contact);
    }
    // The second one has earned enough for the tier.
    app.change(
        "UPDATE loyalty_lots SET counts = true, points = 60 WHERE contact_id = (SELECT id FROM contacts WHERE phone = '+254712345672')",
    )
    .await;
    // The contacts of a page, by their places above.
    let of = |page: &Value| -> Vec<usize> {
        let items = page["items"].as_array().unwrap().iter();
        items
            .filter_map(|one| contacts.iter().position(|id| one["contact_id"] == **id))
            .collect()
    };
    let page = me.show(ACCOUNTS).await;
    assert_eq!(of(&page), [0, 2, 1]);
    assert_eq!(page["items"][0]["balance"], 30);
    assert!(page["items"][0]["changed_at"].is_string(), "{page}");
    let up = me.show(&format!("{ACCOUNTS}?sort=balance&limit=2")).await;
    assert_eq!(of(&up), [1, 2]);
    let cursor = up["next_cursor"].as_str().unwrap();
    let rest = me
        .show(&format!("{ACCOUNTS}?sort=balance&limit=2&cursor={cursor}"))
        .await;
    assert_eq!(of(&rest), [0]);
    assert!(rest["next_cursor"].is_null());
    let latest = me.show(&format!("{ACCOUNTS}?sort=-changed_at")).await;
    assert_eq!(of(&latest), [2, 1, 0]);
    let tier = me.show(&format!("{ACCOUNTS}?tier_id={}", id(&gold))).await;
    assert_eq!(of(&tier), [1]);
    assert_eq!(tier["items"][0]["tier"]["name"], "Gold");
    let found = me.show(&format!("{ACCOUNTS}?q=712345673")).await;
    assert_eq!(of(&found), [2]);
    let both = format!("{ACCOUNTS}?q=712345673&tier_id={}", id(&gold));
    assert_eq!(me.show(&both).await["items"], json!([]));

    let other = format!("{ACCOUNTS}?sort=-changed_at&cursor={cursor}");
    invalid(me.get(&other), "/cursor").await;
    let nobody = format!("{ACCOUNTS}?tier_id=tir_0190a5b2c3d47e5f860718293a4b5c6d");
    invalid(me.get(&nobody), "/tier_id").await;
    invalid(me.get(&format!("{ACCOUNTS}?q=%20")), "/q").await;
    invalid(me.get(&format!("{ACCOUNTS}?sort=name")), "/sort").await;
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    assert_eq!(stranger.show(ACCOUNTS).await["items"], json!([]));
}

#[tokio::test]
async fn rules_tiers_and_rewards_are_changed_by_who_has_read_them() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let first = me.get(SETTINGS).send().await.unwrap();
    let tag = first.headers()["etag"].clone();
    assert_eq!(first.json::<Value>().await.unwrap()["enabled"], false);
    ok(me.put(SETTINGS, &rules()).header("if-match", &tag)).await;
    let late = me.put(SETTINGS, &rules()).header("if-match", &tag);
    refused(late, 412, "changed_meanwhile").await;

    let silver = json!({"name": "Silver", "threshold": 100, "multiplier_percent": 150});
    let made = me.post(TIERS, &silver).send().await.unwrap();
    let (path, tag) = (
        made.headers()["location"].to_str().unwrap().to_owned(),
        made.headers()["etag"].clone(),
    );
    let changed = json!({"name": "Silber", "threshold": 120, "multiplier_percent": 150});
    ok(me.put(&path, &changed).header("if-match", &tag)).await;
    refused(
        me.put(&path, &changed).header("if-match", &tag),
        412,
        "changed_meanwhile",
    )
    .await;
    refused(
        me.delete(&path).header("if-match", &tag),
        412,
        "changed_meanwhile",
    )
    .await;
    assert_eq!(me.show(&path).await["name"], "Silber");
    assert_eq!(me.show(TIERS).await["items"].as_array().unwrap().len(), 1);
    answered(me.delete(&path), 204).await;
    refused(me.get(&path), 404, "not_found").await;

    let made = me.post(REWARDS, &coffee()).send().await.unwrap();
    let (path, tag) = (
        made.headers()["location"].to_str().unwrap().to_owned(),
        made.headers()["etag"].clone(),
    );
    // What customers take is no edit.
    let contact = me.contact("+254712345678").await;
    me.give(&contact, 60).await;
    let reward = me.show(&path).await;
    let wish = json!({"contact_id": contact, "reward_id": id(&reward)});
    ok(me.post(REDEMPTIONS, &wish)).await;
    let patch = |body: Value| me.call(Method::PATCH, &path).json(&body);
    let dear = ok(patch(json!({"cost": 70})).header("if-match", &tag)).await;
    assert_eq!((&dear["cost"], &dear["stock"]), (&json!(70), &json!(0)));
    refused(
        patch(json!({"cost": 80})).header("if-match", &tag),
        412,
        "changed_meanwhile",
    )
    .await;
    assert!(ok(patch(json!({"stock": null}))).await["stock"].is_null());
    refused(me.post(REDEMPTIONS, &wish), 409, "too_few_points").await;
    ok(patch(json!({"valid_until": "2020-01-01T00:00:00Z"}))).await;
    refused(me.post(REDEMPTIONS, &wish), 409, "wrong_state").await;
    assert_eq!(
        me.show(&format!("{REWARDS}?active=false")).await["items"],
        json!([])
    );
    answered(me.delete(&path), 204).await;
    refused(me.get(&path), 404, "not_found").await;
    refused(me.post(REDEMPTIONS, &wish), 404, "not_found").await;
    let listed = me.show(REDEMPTIONS).await;
    assert_eq!(listed["items"][0]["reward_name"], "Free coffee");

    for role in [Role::Viewer, Role::Agent] {
        let other = Caller::new(&app, app.workspace, role).await;
        other.show(SETTINGS).await;
        refused(other.put(SETTINGS, &rules()), 403, "forbidden").await;
        refused(other.post(REWARDS, &coffee()), 403, "forbidden").await;
        let adjust = format!("{}/adjust", points_of(&contact));
        let one = json!({"points": 1, "reason": "x"});
        refused(other.post(&adjust, &one), 403, "forbidden").await;
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_by_its_field() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    for (field, value, pointer) in [
        (
            "order",
            json!({"points": 0, "per_minor": 100}),
            "/order/points",
        ),
        (
            "order",
            json!({"points": 1, "per_minor": 0}),
            "/order/per_minor",
        ),
        (
            "order",
            json!({"points": 1, "per_minor": -5}),
            "/order/per_minor",
        ),
        ("visit_points", json!(-1), "/visit_points"),
        (
            "birthday",
            json!({"points": 5, "field": "birthday"}),
            "/birthday/field",
        ),
        ("expiry", json!({"months": 0}), "/expiry/months"),
        ("expiry", json!({"months": 121}), "/expiry/months"),
        (
            "expiry",
            json!({"months": 1, "warn_days": 30}),
            "/expiry/warn_days",
        ),
        (
            "expiry",
            json!({"months": 12, "warn_days": 0}),
            "/expiry/warn_days",
        ),
    ] {
        let mut wrong = rules();
        wrong[field] = value;
        invalid(me.put(SETTINGS, &wrong), pointer).await;
    }
    let long = "x".repeat(61);
    for (field, value, pointer) in [
        ("cost", json!(-1), "/cost"),
        ("cost", json!(0), "/cost"),
        ("cost", json!(1_000_001), "/cost"),
        ("name", json!(""), "/name"),
        ("name", json!(long), "/name"),
        ("stock", json!(-1), "/stock"),
        ("code_days", json!(0), "/code_days"),
    ] {
        let mut wrong = coffee();
        wrong[field] = value;
        invalid(me.post(REWARDS, &wrong), pointer).await;
    }
    let gold = json!({"name": "Gold", "threshold": 500, "multiplier_percent": 150});
    ok(me.post(TIERS, &gold)).await;
    for (field, value, pointer) in [
        ("name", json!(long), "/name"),
        ("threshold", json!(0), "/threshold"),
        ("threshold", json!(500), "/threshold"),
        ("multiplier_percent", json!(99), "/multiplier_percent"),
        ("multiplier_percent", json!(1_001), "/multiplier_percent"),
    ] {
        let mut wrong = json!({"name": "Platinum", "threshold": 900, "multiplier_percent": 200});
        wrong[field] = value;
        invalid(me.post(TIERS, &wrong), pointer).await;
    }
    // A lower tier does not earn more, and a higher one not less.
    let below = json!({"name": "Silver", "threshold": 100, "multiplier_percent": 160});
    invalid_by(me.post(TIERS, &below), "/multiplier_percent", "order").await;
    let above = json!({"name": "Platinum", "threshold": 900, "multiplier_percent": 140});
    invalid_by(me.post(TIERS, &above), "/multiplier_percent", "order").await;

    let contact = me.contact("+254712345678").await;
    let adjust = format!("{}/adjust", points_of(&contact));
    for (body, pointer) in [
        (json!({"points": 0, "reason": "x"}), "/points"),
        (json!({"points": 1_000_001, "reason": "x"}), "/points"),
        (json!({"points": 1, "reason": ""}), "/reason"),
        (json!({"points": 1, "reason": "x".repeat(501)}), "/reason"),
    ] {
        invalid(me.post(&adjust, &body), pointer).await;
    }
    refused(
        me.post(&adjust, &json!({"points": -1, "reason": "x"})),
        409,
        "too_few_points",
    )
    .await;
    let nobody = points_of("ctc_0190a5b2c3d47e5f860718293a4b5c6d");
    refused(me.get(&nobody), 404, "not_found").await;
}
