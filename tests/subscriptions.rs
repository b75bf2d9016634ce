//! Plans and subscriptions over real HTTP: by members, and by customers for themselves.

use kazi_jobs::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, ok, refused},
    support::{App, business},
};

const PLANS: &str = "/api/v1/plans";
const SUBSCRIPTIONS: &str = "/api/v1/subscriptions";
const OWN: &str = "/api/v1/customer/subscriptions";

impl Caller<'_> {
    async fn plan(&self) -> Value {
        ok(self.post(PLANS, &monthly())).await
    }
}

fn monthly() -> Value {
    json!({"names": {"en": "IPTV"}, "price": {"minor": 500, "currency": "USD"},
           "period": {"unit": "month", "count": 1}})
}

#[tokio::test]
async fn a_plan_is_made_listed_and_changed() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let made = me.post(PLANS, &monthly()).send().await.unwrap();
    assert_eq!(made.status(), 201);
    let (path, tag) = (
        made.headers()["location"].to_str().unwrap().to_owned(),
        made.headers()["etag"].clone(),
    );
    let plan: Value = made.json().await.unwrap();
    assert_eq!(plan["remind_days"], json!([7, 3, 1]));
    assert_eq!(plan["grace_days"], 3);
    let patch = |body: Value| me.call(Method::PATCH, &path).json(&body);
    let changed = ok(
        patch(json!({"price": {"minor": 600, "currency": "USD"}, "active": false}))
            .header("if-match", &tag),
    )
    .await;
    assert_eq!(changed["price"]["minor"], 600);
    let again = patch(json!({"active": true})).header("if-match", &tag);
    refused(again, 412, "changed_meanwhile").await;
    let active = me.show(&format!("{PLANS}?active=true")).await;
    assert_eq!(active["items"], json!([]));
    assert_eq!(me.show(PLANS).await["items"][0]["id"], plan["id"]);

    // The period stays, and what is wrong is told by its field.
    refused(
        patch(json!({"period": {"unit": "day", "count": 1}})),
        422,
        "invalid",
    )
    .await;
    let mut wrong = monthly();
    wrong["grace_days"] = json!(91);
    let said = refused(me.post(PLANS, &wrong), 422, "invalid").await;
    assert_eq!(said["errors"][0]["pointer"], "/grace_days");
    wrong = monthly();
    wrong["period"] = json!({"unit": "year", "count": 1});
    refused(me.post(PLANS, &wrong), 422, "invalid").await;
}

#[tokio::test]
async fn a_contact_is_subscribed_renewed_and_cancelled() {
    let app = App::till().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let contact = me.contact("+254712345678").await;
    let plan = me.plan().await;
    let body = json!({"contact_id": contact, "plan_id": plan["id"]});
    let made = ok(me.post(SUBSCRIPTIONS, &body)).await;
    assert_eq!(made["status"], "pending");
    assert!(made["payment"]["id"].as_str().unwrap().starts_with("pay_"));
    refused(me.post(SUBSCRIPTIONS, &body), 409, "already_subscribed").await;

    let path = format!("{SUBSCRIPTIONS}/{}", made["id"].as_str().unwrap());
    let again = ok(me.post(&format!("{path}/renew"), &json!({}))).await;
    assert_eq!(again["payment"]["id"], made["payment"]["id"], "one is open");
    assert_eq!(
        me.show(&format!("{path}/periods")).await["items"],
        json!([])
    );
    let listed = me
        .show(&format!(
            "{SUBSCRIPTIONS}?status=pending&contact_id={contact}"
        ))
        .await;
    assert_eq!(listed["items"][0]["id"], made["id"]);
    let other = me.show(&format!("{SUBSCRIPTIONS}?status=active")).await;
    assert_eq!(other["items"], json!([]));

    let cancel = |at_end: bool| me.post(&format!("{path}/cancel"), &json!({"at_end": at_end}));
    assert_eq!(ok(cancel(false)).await["status"], "cancelled");
    assert_eq!(ok(cancel(true)).await["status"], "cancelled", "it stays so");
    refused(
        me.post(&format!("{path}/renew"), &json!({})),
        409,
        "subscription_over",
    )
    .await;

    // Paid elsewhere: it runs at once, and its reminders and its end are planned.
    let mut paid = body.clone();
    paid["ends_at"] = json!("2099-01-01T00:00:00Z");
    let said = refused(me.post(SUBSCRIPTIONS, &paid), 422, "invalid").await;
    assert_eq!(said["errors"][0]["pointer"], "/ends_at");
    paid["ends_at"] = json!(chrono::Utc::now() + chrono::TimeDelta::days(30));
    let running = ok(me.post(SUBSCRIPTIONS, &paid)).await;
    assert_eq!(running["status"], "active");
    let planned = "SELECT count(*) FROM queue.jobs WHERE kind IN ('subscriptions.remind_renewal', 'subscriptions.expire')";
    assert_eq!(app.count(planned).await, 4);
    let noted = "SELECT count(*) FROM audit_log WHERE action IN ('subscriptions.subscribe', 'subscriptions.cancel')";
    assert_eq!(app.count(noted).await, 3);
}

#[tokio::test]
async fn a_customer_sees_their_own_and_no_other() {
    let app = App::till().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let (amina, other) = (
        me.contact("+254712345678").await,
        me.contact("+254712345679").await,
    );
    let plan = me.plan().await;
    let customer = Caller::customer(&app, &amina).await;
    let offered = customer.show("/api/v1/customer/plans").await;
    assert_eq!(offered["items"][0]["id"], plan["id"]);
    let made = ok(customer.post(OWN, &json!({"plan_id": plan["id"]}))).await;
    assert_eq!(made["contact_id"], amina);
    let id = made["id"].as_str().unwrap();

    let secret = json!({"details": {"password": "maize kettle"}});
    let path = format!("{SUBSCRIPTIONS}/{id}/details");
    ok(me.call(Method::PUT, &path).json(&secret)).await;
    let shown = customer.show(&format!("{OWN}/{id}")).await;
    assert_eq!(shown["details"], secret["details"]);
    assert_eq!(customer.show(OWN).await["items"][0]["id"], id);
    let renewed = ok(customer.post(&format!("{OWN}/{id}/renew"), &json!({}))).await;
    assert_eq!(renewed["payment"]["id"], made["payment"]["id"]);

    let other = Caller::customer(&app, &other).await;
    assert_eq!(other.show(OWN).await["items"], json!([]));
    refused(
        other.call(Method::GET, &format!("{OWN}/{id}")),
        404,
        "not_found",
    )
    .await;
    for act in ["renew", "cancel"] {
        let body = json!({"at_end": true});
        refused(
            other.post(&format!("{OWN}/{id}/{act}"), &body),
            404,
            "not_found",
        )
        .await;
    }
    let cancel = customer.post(&format!("{OWN}/{id}/cancel"), &json!({"at_end": true}));
    assert_eq!(ok(cancel).await["status"], "cancelled");
}

#[tokio::test]
async fn who_may_not_does_not_and_another_workspace_sees_nothing() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let contact = me.contact("+254712345678").await;
    let plan = me.plan().await;
    let body = json!({"contact_id": contact, "plan_id": plan["id"]});
    let made = ok(me.post(SUBSCRIPTIONS, &body)).await;

    let viewer = Caller::new(&app, app.workspace, Role::Viewer).await;
    viewer.show(SUBSCRIPTIONS).await;
    refused(viewer.post(SUBSCRIPTIONS, &body), 403, "forbidden").await;
    refused(viewer.post(PLANS, &monthly()), 403, "forbidden").await;

    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    assert_eq!(stranger.show(PLANS).await["items"], json!([]));
    assert_eq!(stranger.show(SUBSCRIPTIONS).await["items"], json!([]));
    let id = made["id"].as_str().unwrap();
    for path in [
        format!("{SUBSCRIPTIONS}/{id}"),
        format!("{SUBSCRIPTIONS}/{id}/periods"),
        format!("{PLANS}/{}", plan["id"].as_str().unwrap()),
    ] {
        refused(stranger.call(Method::GET, &path), 404, "not_found").await;
    }
    let cancel = stranger.post(
        &format!("{SUBSCRIPTIONS}/{id}/cancel"),
        &json!({"at_end": false}),
    );
    refused(cancel, 404, "not_found").await;
    let said = refused(stranger.post(SUBSCRIPTIONS, &body), 422, "invalid").await;
    assert_eq!(said["errors"][0]["pointer"], "/contact_id");
}
