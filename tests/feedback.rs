//! Feedback over real HTTP: from the delivered order to the figures and the file, and everything that a member may write
//! wrongly.

use kazi_jobs::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, answered, invalid, invalid_by, ok, refused},
    conversation::{ask, tap},
    support::{App, LONG, business},
};

const FEEDBACK: &str = "/api/v1/feedback";
const SETTINGS: &str = "/api/v1/feedback/settings";
const FIGURES: &str = "/api/v1/feedback/figures";

fn at_once() -> Value {
    json!({"after_orders": true, "after_bookings": false, "delay_hours": 0, "low_opens_ticket": true})
}

#[tokio::test]
async fn a_delivered_order_brings_a_score_words_a_ticket_figures_and_a_file() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner).await;
    let phone = app.phone("254712345678").named("Amina");
    ask(&phone, "Hello").await;
    tap(&phone, "name").await;
    tap(&phone, "lang:en").await;
    ok(me.put(SETTINGS, &at_once())).await;
    app.change(
        "INSERT INTO orders (workspace_id, id, number, contact_id, status, currency, total_minor, expires_at, created_at, updated_at)
         SELECT workspace_id, gen_random_uuid(), 1, id, 'shipped', 'USD', 2500, now(), now(), now() FROM contacts",
    )
    .await;
    let orders = me.show("/api/v1/orders").await;
    let order = orders["items"][0]["id"].as_str().unwrap();
    let delivered = format!("/api/v1/orders/{order}/deliver");
    ok(me.post(&delivered, &json!({}))).await;
    let asked = phone
        .wait_for(LONG, |lines| {
            lines
                .iter()
                .any(|line| line.rows.len() == 5 && line.text.contains("order 1"))
        })
        .await
        .expect("no question came");
    let asked = asked
        .into_iter()
        .rfind(|line| line.rows.len() == 5)
        .unwrap();
    tap(&phone, &asked.rows[4].id).await;
    // A number is another score.
    ask(&phone, "2").await;
    let thanks = ask(&phone, "=It was broken.").await;
    assert!(thanks.text.contains("Thank you"), "{thanks:?}");

    let found = me.show(&format!("{FEEDBACK}?score=2&status=given")).await;
    let one = &found["items"][0];
    assert_eq!(
        (&one["comment"], &one["order_id"], &one["score"]),
        (&json!("=It was broken."), &json!(order), &json!(2))
    );
    let path = format!("{FEEDBACK}/{}", one["id"].as_str().unwrap());
    assert_eq!(me.show(&path).await, *one);
    let ticket = format!(
        "/api/v1/support/tickets/{}",
        one["ticket_id"].as_str().unwrap()
    );
    assert_eq!(me.show(&ticket).await["category"], "feedback");
    let contact = one["contact_id"].as_str().unwrap();
    for (query, found) in [
        (format!("contact_id={contact}"), 1),
        ("score=5".to_owned(), 0),
        ("status=skipped".to_owned(), 0),
        (
            "from=2020-01-01T00:00:00Z&until=2020-02-01T00:00:00Z".to_owned(),
            0,
        ),
        ("from=2020-01-01T00:00:00Z&limit=1".to_owned(), 1),
    ] {
        let listed = me.show(&format!("{FEEDBACK}?{query}")).await;
        assert_eq!(listed["items"].as_array().unwrap().len(), found, "{query}");
    }
    let figures = me.show(&format!("{FIGURES}?period=month")).await;
    assert_eq!(
        (
            &figures["total"]["average"],
            &figures["total"]["answer_rate"]
        ),
        (&json!(2.0), &json!(1.0))
    );
    assert_eq!(figures["total"]["scores"]["2"], 1);
    assert_eq!(figures["periods"].as_array().unwrap().len(), 1);

    let new = json!({"rows": {"kind": "feedback", "score": 2}, "format": "csv"});
    let export = answered(me.post("/api/v1/exports", &new), 202).await;
    let path = format!("/api/v1/exports/{}", export["id"].as_str().unwrap());
    let ended = async {
        loop {
            let view = me.show(&path).await;
            if !view["finished_at"].is_null() {
                break view;
            }
        }
    };
    let view = tokio::time::timeout(LONG, ended).await.unwrap();
    assert_eq!(
        (&view["status"], &view["rows_done"]),
        (&json!("done"), &json!(1))
    );

    // Nobody else sees it.
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    refused(
        stranger.get(&format!("{FEEDBACK}/{}", one["id"].as_str().unwrap())),
        404,
        "not_found",
    )
    .await;
    assert_eq!(stranger.show(FEEDBACK).await["items"], json!([]));
    assert_eq!(stranger.show(SETTINGS).await["after_orders"], false);
}

#[tokio::test]
async fn settings_are_off_at_first_and_changed_by_who_has_read_them() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let first = me.get(SETTINGS).send().await.unwrap();
    let tag = first.headers()["etag"].clone();
    let first: Value = first.json().await.unwrap();
    assert_eq!(
        (
            &first["after_orders"],
            &first["after_bookings"],
            &first["updated_at"]
        ),
        (&json!(false), &json!(false), &Value::Null)
    );
    let set = ok(me.put(SETTINGS, &at_once()).header("if-match", &tag)).await;
    assert_eq!(set["after_orders"], true);
    let late = me.put(SETTINGS, &at_once()).header("if-match", &tag);
    refused(late, 412, "changed_meanwhile").await;
    let said = "SELECT count(*) FROM audit_log WHERE action = 'feedback.set_settings'";
    assert_eq!(app.count(said).await, 1);

    for (field, value, pointer) in [
        ("delay_hours", json!(-1), "/delay_hours"),
        ("delay_hours", json!(721), "/delay_hours"),
        ("template", json!(""), "/template"),
        ("template", json!("x".repeat(513)), "/template"),
    ] {
        let mut wrong = at_once();
        wrong[field] = value;
        invalid(me.put(SETTINGS, &wrong), pointer).await;
    }
    for query in [
        "score=0",
        "score=6",
        "status=lost",
        "contact_id=x",
        "fish=1",
    ] {
        answered(me.get(&format!("{FEEDBACK}?{query}")), 422).await;
    }
    for query in [
        "from=2026-02-01&until=2026-01-01",
        "from=2020-01-01&until=2026-01-01",
    ] {
        invalid_by(
            me.get(&format!("{FIGURES}?{query}")),
            "/from",
            "out_of_range",
        )
        .await;
    }
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    agent.show(SETTINGS).await;
    refused(
        agent.call(Method::PUT, SETTINGS).json(&at_once()),
        403,
        "forbidden",
    )
    .await;
}
