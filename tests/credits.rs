//! Prepaid credits over real HTTP: the staff makes a business prepaid, its campaigns pay, and its admins buy more.

use kazi_jobs::{Role, Work, credits};
use kazi_platform::{Clock, WorkspaceId, actor::Actor};
use kazi_simulators::{StripeAccount, WebhookFault};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, invalid, ok, refused},
    support::App,
};

const CREDITS: &str = "/api/v1/credits";

/// A program whose first workspace sells credits and uses them too.
async fn market() -> App {
    let mut app = App::prepare().await;
    let seller = app.workspace.to_string();
    app.set("KAZI_CREDITS__SELLER", &seller);
    // Meta has templates of the number's account.
    app.change("UPDATE channels SET account_id = '1022' WHERE kind = 'whatsapp'")
        .await;
    app.run().await;
    app
}

/// The staff makes the workspace prepaid, and gives it credits.
async fn prepaid(app: &App, count: i64) {
    let staff = Caller::staff(app).await;
    let path = format!("/workspaces/{}/credits", app.workspace);
    let terms = json!({"prepaid": true, "prices": []});
    let now = ok(staff.put(&path, &terms)).await;
    assert_eq!(
        (&now["prepaid"], &now["available"]),
        (&json!(true), &json!(0))
    );
    if count > 0 {
        let grant = json!({"credits": count, "reason": "Invoice 17"});
        let now = ok(staff.post(&format!("{path}/grants"), &grant)).await;
        assert_eq!(now["available"], count);
    }
}

/// Nothing speaks against the books.
async fn holds(app: &App) {
    let now = Clock::system().now();
    let work = Work::begin(app.db(), app.workspace, now, Actor::SYSTEM).await;
    let faults = credits::check(&mut work.unwrap()).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

#[tokio::test]
async fn only_the_staff_sets_terms_and_gives_and_bad_values_are_named() {
    let app = market().await;
    let owner = Caller::new(&app, app.workspace, Role::Owner).await;
    let path = format!("/api/v1/admin/workspaces/{}/credits", app.workspace);
    let terms = json!({"prepaid": true, "prices": []});
    refused(owner.get(&path), 403, "forbidden").await;
    refused(owner.put(&path, &terms), 403, "forbidden").await;
    let grant = json!({"credits": 5, "reason": "x"});
    let grants = format!("{path}/grants");
    refused(owner.post(&grants, &grant), 403, "forbidden").await;
    refused(owner.get("/api/v1/admin/credit-packs"), 403, "forbidden").await;

    let staff = Caller::staff(&app).await.below("");
    refused(staff.post(&grants, &grant), 409, "not_prepaid").await;
    let price = |country: &str, credits: i64| json!({"country": country, "category": "marketing", "credits": credits});
    for (prices, pointer) in [
        (json!([price("Kenya", 1)]), "/prices/0/country"),
        (json!([price("KE", 1_001)]), "/prices/0/credits"),
        (json!([price("KE", 1), price("KE", 2)]), "/prices/1/country"),
    ] {
        let terms = json!({"prepaid": true, "prices": prices});
        invalid(staff.put(&path, &terms), pointer).await;
    }
    let prices = json!([price("KE", 2), price("*", 3)]);
    let terms = json!({"prepaid": true, "prices": prices});
    let read = staff.get(&path).send().await.unwrap().headers()["etag"].clone();
    ok(staff.put(&path, &terms).header("if-match", &read)).await;
    // Another member of the staff has read the terms before.
    let late = staff.put(&path, &json!({"prepaid": true, "prices": []}));
    refused(late.header("if-match", &read), 412, "changed_meanwhile").await;
    let nowhere = format!("/api/v1/admin/workspaces/{}/credits", WorkspaceId::new());
    refused(staff.get(&nowhere), 404, "not_found").await;
    refused(staff.put(&nowhere, &terms), 404, "not_found").await;
    for (grant, pointer) in [
        (json!({"credits": 0, "reason": "x"}), "/credits"),
        (json!({"credits": -1, "reason": "x"}), "/credits"),
        (json!({"credits": 5, "reason": " "}), "/reason"),
    ] {
        invalid(staff.post(&grants, &grant), pointer).await;
    }
    ok(staff.post(&grants, &grant)).await;

    let shown = owner.show(CREDITS).await;
    assert_eq!(shown["available"], 5);
    assert_eq!(shown["prices"], json!([price("*", 3), price("KE", 2)]));
    let entries = owner.show(&format!("{CREDITS}/entries?kind=grant")).await;
    assert_eq!(entries["items"][0]["note"], "x");
    let log = owner.show("/api/v1/audit-log?actor_kind=staff").await;
    let log = log.to_string();
    assert!(
        log.contains("credits.set_terms") && log.contains("credits.give"),
        "{log}"
    );
}

#[tokio::test]
async fn each_call_wants_its_permission() {
    let app = market().await;
    prepaid(&app, 0).await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let admin = Caller::new(&app, app.workspace, Role::Admin).await;
    let entries = format!("{CREDITS}/entries");
    let (packs, top_ups) = (format!("{CREDITS}/packs"), format!("{CREDITS}/top-ups"));
    for path in [CREDITS, &entries, &packs, &top_ups] {
        refused(agent.get(path), 403, "forbidden").await;
        ok(admin.get(path)).await;
    }
    let mark = json!({"low_mark": 5});
    refused(agent.patch(CREDITS, &mark), 403, "forbidden").await;
    let buy = json!({"pack_id": credits::PackId::new()});
    refused(agent.post(&top_ups, &buy), 403, "forbidden").await;
    invalid(admin.post(&top_ups, &buy), "/pack_id").await;

    let before = admin.get(CREDITS).send().await.unwrap();
    let tag = before.headers()["etag"].clone();
    let now = ok(admin.patch(CREDITS, &mark).header("if-match", &tag)).await;
    assert_eq!(now["low_mark"], 5);
    let late = admin.patch(CREDITS, &mark).header("if-match", &tag);
    refused(late, 412, "changed_meanwhile").await;
    let wrong = json!({"low_mark": -1});
    invalid(admin.patch(CREDITS, &wrong), "/low_mark").await;
}

#[tokio::test]
async fn a_business_without_an_account_sees_none_and_buys_none() {
    let app = market().await;
    let owner = Caller::new(&app, app.workspace, Role::Owner).await;
    let shown = owner.show(CREDITS).await;
    assert_eq!(
        (&shown["prepaid"], &shown["can_buy"]),
        (&json!(false), &json!(false))
    );
    let buy = json!({"pack_id": credits::PackId::new()});
    let top_ups = format!("{CREDITS}/top-ups");
    refused(owner.post(&top_ups, &buy), 409, "not_prepaid").await;
    let mark = json!({"low_mark": 5});
    refused(owner.patch(CREDITS, &mark), 409, "not_prepaid").await;
}

#[tokio::test]
async fn packs_are_made_changed_and_deleted_by_the_staff() {
    let app = market().await;
    let staff = Caller::staff(&app).await;
    let new = |name: &str, amount: i64| json!({"name": name, "credits": 1000, "amount_minor": amount, "currency": "USD"});
    for (body, pointer) in [
        (new("", 2_500), "/name"),
        (new("Starter", 1), "/amount_minor"),
        (
            json!({"name": "x", "credits": 0, "amount_minor": 500, "currency": "USD"}),
            "/credits",
        ),
        (
            json!({"name": "x", "credits": 1, "amount_minor": 500, "currency": "shell"}),
            "/currency",
        ),
        (
            json!({"name": "x", "credits": 1, "amount_minor": 500, "currency": "ABC"}),
            "/currency",
        ),
    ] {
        invalid(staff.post("/credit-packs", &body), pointer).await;
    }
    let made = ok(staff.post("/credit-packs", &new("Starter", 2_500))).await;
    let path = format!("/credit-packs/{}", made["id"].as_str().unwrap());
    let read = staff.get(&path).send().await.unwrap();
    let tag = read.headers()["etag"].clone();
    let changed = staff
        .put(&path, &new("Small", 2_000))
        .header("if-match", &tag);
    assert_eq!(ok(changed).await["name"], "Small");
    let late = staff
        .put(&path, &new("Late", 2_000))
        .header("if-match", &tag);
    refused(late, 412, "changed_meanwhile").await;
    let gone = staff.call(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(gone.status(), 204);
    refused(staff.get(&path), 404, "not_found").await;
}

#[tokio::test]
async fn a_campaign_reserves_is_charged_and_pauses_until_a_top_up_arrives() {
    let app = market().await;
    let owner = Caller::new(&app, app.workspace, Role::Owner).await;
    // The account at Stripe of the platform's own workspace.
    let register = |webhook_url: &str| {
        app.providers.add_stripe(StripeAccount {
            account: "acct_1".into(),
            key: "sk_test_1".into(),
            webhook_secret: "whsec_1".into(),
            webhook_url: webhook_url.into(),
        });
    };
    register("http://127.0.0.1:1/");
    let secrets = json!({"key": "sk_test_1", "webhook_secret": "whsec_1"});
    let made = ok(owner.put("/api/v1/payment-account", &secrets)).await;
    let webhook = made["webhook_url"].as_str().unwrap();
    register(&app.url(&webhook[webhook.find("/webhooks").unwrap()..]));
    // Each webhook comes twice.
    app.providers.fault(kazi_simulators::Fault {
        webhooks: Some(WebhookFault {
            duplicate: 1.0,
            ..WebhookFault::default()
        }),
        ..kazi_simulators::Fault::on(kazi_simulators::Service::Stripe)
    });
    let staff = Caller::staff(&app).await;
    let pack = json!({"name": "Starter", "credits": 10, "amount_minor": 2500, "currency": "USD"});
    let pack = ok(staff.post("/credit-packs", &pack)).await;
    prepaid(&app, 3).await;

    let [campaign] = drafts(&owner, 5, ["Tea"]).await;
    ok(owner.act(&campaign, "send")).await;
    let paused = owner
        .until(&campaign, |one| one["status"] == "paused")
        .await;
    assert_eq!(paused["reason"], "credits");
    assert_eq!(
        paused["report"]["credits"],
        json!({"price": 5, "available": 3, "missing": 2})
    );
    let said = refused(owner.act(&campaign, "resume"), 409, "not_enough_credits").await;
    assert!(
        said["detail"]
            .as_str()
            .unwrap()
            .starts_with("credits are missing (2)"),
        "{said}"
    );
    holds(&app).await;

    let buy = json!({"pack_id": pack["id"]});
    let top_up = ok(owner.post(&format!("{CREDITS}/top-ups"), &buy)).await;
    let top_up = format!("{CREDITS}/top-ups/{}", top_up["id"].as_str().unwrap());
    let open = owner.until(&top_up, |one| one["status"] == "open").await;
    assert!(open["url"].as_str().unwrap().starts_with("http"));
    let payments = owner.show("/api/v1/payments").await;
    let payment: &Value = &payments["items"][0];
    assert_eq!(payment["subject_kind"], "credits");
    let session = payment["session_id"].as_str().unwrap();
    app.providers.stripe_pay(session).unwrap();
    owner.until(&top_up, |one| one["status"] == "paid").await;
    owner.until_delivered(&campaign, 5).await;
    let shown = owner.show(CREDITS).await;
    assert_eq!(
        (&shown["available"], &shown["reserved"], &shown["spent"]),
        (&json!(8), &json!(0), &json!(5))
    );
    holds(&app).await;
    let kinds = |entries: &Value| {
        let items = entries["items"].as_array().unwrap().iter();
        items
            .map(|one| one["kind"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let entries = owner.show(&format!("{CREDITS}/entries?limit=100")).await;
    let top_ups = kinds(&entries).into_iter().filter(|kind| kind == "top_up");
    assert_eq!(top_ups.count(), 1, "{entries}");
}

#[tokio::test]
async fn two_campaigns_sent_at_once_for_one_balance_are_sent_one_after_a_top_up() {
    let app = market().await;
    let owner = Caller::new(&app, app.workspace, Role::Owner).await;
    prepaid(&app, 5).await;
    let campaigns = drafts(&owner, 4, ["Tea", "Coffee"]).await;
    // Both are planned by jobs that run at once.
    tokio::join!(
        async { ok(owner.act(&campaigns[0], "send")).await },
        async { ok(owner.act(&campaigns[1], "send")).await }
    );
    let over = |one: &Value| one["status"] == "completed" || one["status"] == "paused";
    let mut ends = Vec::new();
    for campaign in &campaigns {
        let end = owner.until(campaign, over).await;
        ends.push(end["status"].as_str().unwrap().to_owned());
    }
    ends.sort();
    assert_eq!(ends, ["completed", "paused"]);
    holds(&app).await;
    prepaid_more(&app, 3).await;
    for campaign in &campaigns {
        owner.until_delivered(campaign, 4).await;
    }
    let shown = owner.show(CREDITS).await;
    assert_eq!(
        (&shown["available"], &shown["spent"]),
        (&json!(0), &json!(8))
    );
    holds(&app).await;
}

/// The addresses of new campaigns to so many contacts.
async fn drafts<const N: usize>(
    owner: &Caller<'_>,
    contacts: usize,
    names: [&str; N],
) -> [String; N] {
    owner.template().await;
    owner.people(contacts).await;
    let channel = owner.number().await;
    let content = json!({"kind": "template", "name": "offer", "parameters": [{"field": {"name": "first_name"}}]});
    let mut all = names.map(String::from);
    for one in &mut all {
        let new = json!({"name": one, "channel_id": channel, "content": content});
        let made = ok(owner.post("/api/v1/messaging/campaigns", &new)).await;
        *one = format!(
            "/api/v1/messaging/campaigns/{}",
            made["id"].as_str().unwrap()
        );
    }
    all
}

async fn prepaid_more(app: &App, count: i64) {
    let staff = Caller::staff(app).await;
    let path = format!("/workspaces/{}/credits/grants", app.workspace);
    let grant = json!({"credits": count, "reason": "Invoice 18"});
    ok(staff.post(&path, &grant)).await;
}

/// A process dies while a campaign pays, and another one goes on: nobody pays twice, and nothing stays reserved.
#[tokio::test]
async fn a_process_that_is_killed_while_a_campaign_pays_leaves_books_that_hold() {
    let mut app = market().await;
    prepaid(&app, 300).await;
    let campaign = {
        let owner = Caller::new(&app, app.workspace, Role::Owner).await;
        let [campaign] = drafts(&owner, 300, ["Tea"]).await;
        ok(owner.act(&campaign, "send")).await;
        let spent = |one: &Value| one["spent"].as_i64().unwrap() > 20;
        owner.until(CREDITS, spent).await;
        campaign
    };
    for _ in 0..3 {
        app.kill().await;
        holds(&app).await;
        app.run().await;
    }
    let owner = Caller::new(&app, app.workspace, Role::Owner).await;
    owner
        .until(&campaign, |one| one["status"] == "completed")
        .await;
    let shown = owner.until(CREDITS, |one| one["reserved"] == 0).await;
    assert_eq!(
        (&shown["available"], &shown["spent"]),
        (&json!(0), &json!(300))
    );
    holds(&app).await;
}
