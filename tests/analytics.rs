//! The figures of a business over HTTP.

use kazi_jobs::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, answered, ok},
    conversation::{ask, tap},
    payments::Till,
    support::App,
};

/// The count and the hours of a time.
fn hours(times: &Value) -> (i64, i64) {
    let number = |field: &str| times[field].as_i64().unwrap();
    (number("count"), number("seconds") / 3_600)
}

async fn figures(till: &Till, path: &str) -> Value {
    let (status, body) = till.call(Method::GET, path, None).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

#[tokio::test]
async fn money_that_comes_is_revenue_until_it_goes_back() {
    let till = Till::open().await;
    let stats = "/dashboard/stats?period=month";
    assert_eq!(figures(&till, stats).await["revenue"], json!([]));
    let (id, _) = till.opened().await;
    let payment = till.until(id, "open").await;
    let url = payment["url"].as_str().unwrap();
    let pay = till.app.http.post(format!("{url}/pay"));
    pay.send().await.unwrap();
    till.until(id, "paid").await;

    let seen = figures(&till, stats).await;
    assert_eq!(
        seen["revenue"],
        json!([{"currency": "USD", "minor": {"value": 1250, "before": 0, "growth_percent": null}}])
    );
    let days = figures(&till, "/analytics/overview").await;
    let today = days["days"].as_array().unwrap().last().unwrap();
    assert_eq!(today["day"], seen["until"]);
    assert_eq!(
        today["revenue"],
        json!([{"currency": "USD", "minor": 1250}])
    );
    let recent = figures(&till, "/analytics/recent-activity?limit=1").await;
    assert_eq!(recent["items"][0]["subject_id"], id.to_string());

    let reason = json!({"reason": "A jar was broken"});
    let path = format!("/payments/{id}/refunds");
    till.call(Method::POST, &path, Some(&reason)).await;
    till.until(id, "refunded").await;
    let seen = figures(&till, stats).await;
    assert_eq!(seen["revenue"][0]["minor"]["value"], 0);
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused_by_its_name() {
    let till = Till::open().await;
    for (path, pointer) in [
        ("/dashboard/stats?period=decade", "/period"),
        ("/dashboard/stats?period=day&date=2026-02-30", "/date"),
        ("/dashboard/stats?period=day&date=9999-12-31", "/date"),
        ("/analytics/overview?until=9999-12-31", "/until"),
        ("/analytics/overview?from=0001-01-01", "/from"),
        (
            "/analytics/overview?from=2026-02-02&until=2026-02-01",
            "/from",
        ),
        ("/analytics/recent-activity?limit=51", "/limit"),
    ] {
        let (got, body) = till.call(Method::GET, path, None).await;
        assert_eq!(got, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {body}");
        assert_eq!(body["errors"][0]["pointer"], pointer, "{path}: {body}");
    }
    // The first and the last days that a date can say are days as others.
    figures(&till, "/dashboard/stats?period=year&date=0001-01-01").await;
    let anybody = till
        .app
        .http
        .get(till.app.url("/api/v1/dashboard/stats?period=day"));
    assert_eq!(
        anybody.send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn waits_for_a_member_count_once_and_by_the_hours_of_the_business() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    // Each week has two hours, so seven days have two, whenever the test runs.
    let opening = json!({"weekday": 3, "from": "09:00", "until": "11:00"});
    let settings = json!({"settings": {"business_hours": {"week": [opening]}}});
    let workspace = me.get("/api/v1/workspaces/current").send().await.unwrap();
    let tag = workspace.headers()["etag"].clone();
    ok(me
        .patch("/api/v1/workspaces/current", &settings)
        .header("if-match", tag))
    .await;
    let times = async || {
        let overview = me.show("/api/v1/analytics/overview").await;
        let today = overview["days"].as_array().unwrap().last().unwrap();
        assert_eq!(today["response_times"], overview["response_times"]);
        overview["response_times"].clone()
    };
    let nothing = json!({"count": 0, "seconds": 0, "average_seconds": null});

    let phone = app.phone("254712345678").named("Amina");
    ask(&phone, "Hello").await;
    tap(&phone, "name").await;
    tap(&phone, "lang:en").await;
    ask(&phone, "agent").await;
    let found = me
        .show("/api/v1/conversations?waiting=true&handed_over=true")
        .await;
    let chat = format!(
        "/api/v1/conversations/{}",
        found["items"][0]["id"].as_str().unwrap()
    );
    // What the bot says to it is no answer.
    assert_eq!(times().await["conversation_first_response"], nothing);
    app.change("UPDATE figure_waits SET since = since - interval '7 days'")
        .await;
    for text in ["Hello Amina", "How may I help?"] {
        ok(me.post(&format!("{chat}/messages"), &json!({"text": text}))).await;
    }
    let first = times().await;
    assert_eq!(hours(&first["conversation_first_response"]), (1, 2));
    assert_eq!(first["conversation_resolution"], nothing);
    ok(me.call(Method::POST, &format!("{chat}/hand-back"))).await;
    assert_eq!(hours(&times().await["conversation_resolution"]), (1, 2));
    // With the bot again, and closed: nobody waits.
    ok(me.call(Method::POST, &format!("{chat}/close"))).await;
    assert_eq!(hours(&times().await["conversation_resolution"]), (1, 2));

    let contact = me.show("/api/v1/contacts").await["items"][0]["id"].clone();
    let new = json!({"contact_id": contact, "subject": "No picture", "message": "Black."});
    let ticket = answered(me.post("/api/v1/support/tickets", &new), 201).await;
    let path = format!("/api/v1/support/tickets/{}", ticket["id"].as_str().unwrap());
    app.change("UPDATE tickets SET created_at = created_at - interval '14 days'")
        .await;
    for text in ["Plug it in.", "And now?"] {
        let answer = json!({"message": text});
        answered(me.post(&format!("{path}/messages"), &answer), 201).await;
    }
    let seen = times().await;
    assert_eq!(hours(&seen["ticket_first_response"]), (1, 4));
    assert_eq!(seen["ticket_resolution"], nothing);
    ok(me.call(Method::POST, &format!("{path}/resolve"))).await;
    assert_eq!(hours(&times().await["ticket_resolution"]), (1, 4));
    // A resolution that did not last is none.
    ok(me.call(Method::POST, &format!("{path}/reopen"))).await;
    assert_eq!(times().await["ticket_resolution"], nothing);
    ok(me.call(Method::POST, &format!("{path}/close"))).await;
    let last = times().await;
    assert_eq!(hours(&last["ticket_resolution"]), (1, 4));
    assert_eq!(
        last["ticket_resolution"]["average_seconds"],
        last["ticket_resolution"]["seconds"]
    );
}
