//! Tickets over HTTP.

use kazi_jobs::Role;
use kazi_simulators::Line;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, answered, invalid, invalid_by, ok},
    media::{PNG, way},
    support::{App, LONG, business},
};

const TICKETS: &str = "/api/v1/support/tickets";

fn call(app: &App, token: &str, method: Method, path: &str) -> RequestBuilder {
    let request = app.http.request(method, app.url(path));
    request.bearer_auth(token)
}

#[tokio::test]
async fn a_ticket_is_opened_assigned_answered_closed_and_reopened() {
    let app = App::start().await;
    let me = app.member(app.workspace, Role::Agent).await;
    let get = |path: &str| call(&app, &me, Method::GET, path);
    let post = |path: &str, body: Value| call(&app, &me, Method::POST, path).json(&body);
    let contact = answered(
        post("/api/v1/contacts", json!({"phone": "+254712345678"})),
        201,
    )
    .await;
    let body = json!({"contact_id": contact["id"], "subject": "No picture", "message": "Black."});
    let ticket = answered(post(TICKETS, body.clone()), 201).await;
    assert!(ticket["waiting_since"].is_string());
    let path = format!("{TICKETS}/{}", ticket["id"].as_str().unwrap());
    assert_eq!(answered(get(&path), 200).await["subject"], "No picture");
    let waiting = format!("{TICKETS}?waiting=true&status=open");
    assert_eq!(
        answered(get(&waiting), 200).await["items"][0]["id"],
        ticket["id"]
    );

    let members = answered(get("/api/v1/members"), 200).await;
    let user = &members["items"][0]["id"];
    assert!(user.is_string());
    let assign = |who: Value| {
        let request = call(&app, &me, Method::PUT, &format!("{path}/assignee"));
        request.json(&json!({"assignee_id": who}))
    };
    assert_eq!(
        answered(assign(user.clone()), 200).await["assignee_id"],
        *user
    );
    let stranger = json!("usr_0190a5b2c3d47e5f860718293a4b5c6d");
    let refused = answered(assign(stranger), 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/assignee_id");
    assert!(answered(assign(Value::Null), 200).await["assignee_id"].is_null());

    let messages = format!("{path}/messages");
    let written = answered(post(&messages, json!({"message": "Plug it in."})), 201).await;
    assert_eq!(written["author"], "team");
    let listed = answered(get(&messages), 200).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    assert_eq!(answered(get(&waiting), 200).await["items"], json!([]));

    let note = json!({"message": "Looks like the cable.", "internal": true, "status": "pending"});
    assert_eq!(answered(post(&messages, note), 201).await["internal"], true);
    let patch = |body: Value| call(&app, &me, Method::PATCH, &path).json(&body);
    let sorted =
        json!({"priority": "high", "category": "tv", "tags": ["Cable"], "fields": {"serial": 7}});
    let sorted = answered(patch(sorted), 200).await;
    assert_eq!(
        (&sorted["tags"], &sorted["status"]),
        (&json!(["cable"]), &json!("pending"))
    );
    let stale = patch(json!({"category": null})).header("If-Match", "\"v1\"");
    answered(stale, 412).await;
    let wrong = answered(patch(json!({"tags": [""], "fields": {"a": []}})), 422).await;
    let pointers: Vec<&Value> = wrong["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["pointer"])
        .collect();
    assert_eq!(pointers, ["/tags/0", "/fields/a"]);
    let found = format!(
        "{TICKETS}?priority=high&category=tv&tag=cable&number=1&q=pictu&assignee_id=nobody"
    );
    assert_eq!(
        answered(get(&found), 200).await["items"][0]["id"],
        ticket["id"]
    );
    assert_eq!(
        answered(get(&format!("{found}&status=open")), 200).await["items"],
        json!([])
    );
    answered(get(&format!("{TICKETS}?assignee_id=x")), 422).await;
    let customer = Caller::customer(&app, contact["id"].as_str().unwrap()).await;
    let mine = answered(customer.get("/api/v1/customer/tickets"), 200).await;
    assert_eq!(
        (&mine["items"][0]["number"], &mine["items"][0]["status"]),
        (&json!(1), &json!("pending"))
    );
    let own = format!(
        "/api/v1/customer/tickets/{}",
        ticket["id"].as_str().unwrap()
    );
    answered(customer.get(&own), 200).await;
    let other = answered(
        post("/api/v1/contacts", json!({"phone": "+254712345679"})),
        201,
    )
    .await;
    let other = Caller::customer(&app, other["id"].as_str().unwrap()).await;
    answered(other.get(&own), 404).await;

    let resolved = answered(post(&format!("{path}/resolve"), json!({})), 200).await;
    assert_eq!(resolved["status"], "resolved");
    let held = answered(post(&format!("{path}/hold"), json!({})), 409).await;
    assert_eq!(held["code"], "wrong_state");
    let closed = answered(post(&format!("{path}/close"), json!({})), 200).await;
    assert_eq!(closed["status"], "closed");
    let late = answered(post(&messages, json!({"message": "x"})), 409).await;
    assert_eq!(late["code"], "ticket_closed");
    let open = answered(post(&format!("{path}/reopen"), json!({})), 200).await;
    assert_eq!(open["status"], "open");
    let long = answered(post(&messages, json!({"message": "x".repeat(4_001)})), 422).await;
    assert_eq!(long["errors"][0]["pointer"], "/message");

    let viewer = app.member(app.workspace, Role::Viewer).await;
    answered(call(&app, &viewer, Method::GET, &path), 200).await;
    answered(call(&app, &viewer, Method::POST, TICKETS).json(&body), 403).await;
    let theirs = business(app.db(), "Other").await;
    let stranger = app.member(theirs, Role::Owner).await;
    answered(call(&app, &stranger, Method::GET, &path), 404).await;
    answered(
        call(&app, &stranger, Method::POST, &format!("{path}/close")),
        404,
    )
    .await;
    let told = answered(
        call(&app, &stranger, Method::POST, TICKETS).json(&body),
        422,
    )
    .await;
    assert_eq!(told["errors"][0]["pointer"], "/contact_id");
}

#[tokio::test]
async fn members_attach_files_which_the_customer_gets() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Agent).await;
    let phone = app.phone("254712345678");
    phone.say("Hello").await;
    let heard = |lines: &[Line]| lines.iter().any(|line| line.direction == "in");
    phone.wait_for(LONG, heard).await.expect("the bot's answer");
    let contact = me.show("/api/v1/contacts").await["items"][0]["id"].clone();
    let new = json!({"contact_id": contact, "subject": "No picture", "message": "Black."});
    let ticket = ok(me.post(TICKETS, &new)).await;
    let path = format!("{TICKETS}/{}/messages", ticket["id"].as_str().unwrap());
    let stored = async |caller: &Caller<'_>| {
        let file = ok(caller.upload("image/png", Some("a.png"), PNG)).await;
        file["id"].clone()
    };
    let (one, two) = (stored(&me).await, stored(&me).await);
    let answer = json!({"message": "Like this:", "media_ids": [one, two]});
    let written = answered(me.post(&path, &answer), 201).await;
    let files = written["media"].as_array().unwrap();
    assert_eq!((&files[0]["id"], &files[1]["id"]), (&one, &two));
    let got = |lines: &[Line]| lines.iter().filter(|line| line.file.is_some()).count() == 2;
    let lines = phone.wait_for(LONG, got).await.expect("both files");
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts[texts.len() - 3..], ["Like this:", "", ""]);
    let note = json!({"media_ids": [one], "internal": true});
    answered(me.post(&path, &note), 201).await;
    let listed = me.show(&path).await;
    let link = way(&listed["items"][2]["media"][0]["link"]);
    let given = app.http.get(app.url(&link)).send().await.unwrap();
    assert_eq!(given.bytes().await.unwrap(), PNG);

    let theirs = business(app.db(), "Other").await;
    let them = Caller::new(&app, theirs, Role::Owner).await;
    let foreign = stored(&them).await;
    for internal in [false, true] {
        let body = json!({"message": "x", "media_ids": [one, foreign], "internal": internal});
        invalid_by(me.post(&path, &body), "/media_ids/1", "unknown").await;
        let body = json!({"media_ids": [one, two, one], "internal": internal});
        invalid_by(me.post(&path, &body), "/media_ids/2", "twice").await;
        let body = json!({"media_ids": vec![&one; 6], "internal": internal});
        invalid_by(me.post(&path, &body), "/media_ids", "too_many").await;
        invalid(me.post(&path, &json!({"internal": internal})), "/message").await;
    }
    // A deleted file goes to nobody, and no file to a customer who has not written.
    answered(
        me.delete(&format!("/api/v1/media/{}", two.as_str().unwrap())),
        204,
    )
    .await;
    let body = json!({"message": "x", "media_ids": [two]});
    invalid_by(me.post(&path, &body), "/media_ids/0", "not_here").await;
    let silent = me.contact("+254712345679").await;
    let new = json!({"contact_id": silent, "subject": "No sound", "message": "Silent."});
    let ticket = ok(me.post(TICKETS, &new)).await;
    let path = format!("{TICKETS}/{}/messages", ticket["id"].as_str().unwrap());
    let body = json!({"message": "x", "media_ids": [one]});
    let late = answered(me.post(&path, &body), 409).await;
    assert_eq!(late["code"], "window_closed");
    assert_eq!(me.show(&path).await["items"].as_array().unwrap().len(), 1);
}
