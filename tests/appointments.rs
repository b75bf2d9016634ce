//! Appointments over real HTTP: hours and offerings, two bookings at once, and a reminder whose provider fails.

use chrono::{DurationRound, TimeDelta, Utc};
use kazi_jobs::Role;
use kazi_simulators::{CutAt, Fault, Service, WebhookFault};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::{
    caller::Caller,
    support::{App, LONG, business},
};

impl Caller<'_> {
    /// A provider that is open round the clock, and an offering of theirs with reminders so many minutes before.
    pub async fn salon(&self, reminders: &[i32]) -> (String, String) {
        let new = json!({"kind": "person", "name": "Wanjiru", "zone": "Africa/Nairobi"});
        let provider = id(&answer(self.post("/providers", &new), 201).await);
        let always = |weekday: i32| json!({"weekday": weekday, "from": "00:00", "until": "24:00"});
        let week: Vec<Value> = (1..=7).map(always).collect();
        let hours = self.call(Method::PUT, &format!("/providers/{provider}/hours"));
        answer(hours.json(&json!({"week": week})), 204).await;
        let new = json!({
            "names": {"en": "Haircut"}, "duration_minutes": 30, "step_minutes": 15, "min_ahead_minutes": 0,
            "reminder_minutes": reminders, "provider_ids": [provider],
        });
        let offering = id(&answer(self.post("/offerings", &new), 201).await);
        (provider, offering)
    }
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

async fn answer(request: RequestBuilder, status: u16) -> Value {
    let response = request.send().await.unwrap();
    let was = response.status();
    let body = response.text().await.unwrap();
    assert_eq!(was, status, "{body}");
    serde_json::from_str(&body).unwrap_or_default()
}

/// The code of a field's fault.
fn fault(problem: &Value) -> (&str, &str) {
    let error = &problem["errors"][0];
    (
        error["pointer"].as_str().unwrap(),
        error["code"].as_str().unwrap(),
    )
}

/// A minute, so far ahead.
fn ahead(minutes: i64) -> String {
    let now = Utc::now().duration_trunc(TimeDelta::minutes(1)).unwrap();
    (now + TimeDelta::minutes(minutes)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

#[tokio::test]
async fn of_two_calls_for_one_time_one_gets_it_and_the_other_is_told() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1");
    let (provider, offering) = me.salon(&[1440, 120]).await;
    let contact = id(&answer(
        me.post("/contacts", &json!({"phone": "+254712345678"})),
        201,
    )
    .await);
    let slots = answer(
        me.get(&format!(
            "/slots?offering_id={offering}&provider_id={provider}"
        )),
        200,
    )
    .await;
    let starts_at = slots["items"][300]["starts_at"].clone();
    let wish = json!({"offering_id": offering, "provider_id": provider, "contact_id": contact, "starts_at": starts_at});
    let book = async || me.post("/bookings", &wish).send().await.unwrap();
    let (one, other) = tokio::join!(book(), book());
    let (won, lost) = if one.status() == 201 {
        (one, other)
    } else {
        (other, one)
    };
    assert_eq!((won.status().as_u16(), lost.status().as_u16()), (201, 409));
    let lost: Value = lost.json().await.unwrap();
    assert_eq!(
        (&lost["code"], fault(&lost)),
        (&json!("slot_taken"), ("/starts_at", "taken"))
    );
    let etag = won.headers()["etag"].to_str().unwrap().to_owned();
    let booking: Value = won.json().await.unwrap();
    let path = format!("/bookings/{}", id(&booking));
    assert_eq!(answer(me.get(&path), 200).await, booking);

    // The slot is gone, and there again once it is cancelled.
    let free = async || {
        let slots = answer(
            me.get(&format!(
                "/slots?offering_id={offering}&provider_id={provider}"
            )),
            200,
        )
        .await;
        slots["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|slot| slot["starts_at"] == starts_at)
    };
    assert!(!free().await);
    let confirm = me
        .call(Method::POST, &format!("{path}/confirm"))
        .header("if-match", &etag);
    assert_eq!(answer(confirm, 200).await["status"], "confirmed");
    let stale = me
        .call(Method::POST, &format!("{path}/cancel"))
        .header("if-match", &etag);
    answer(stale, 412).await;
    let moved = answer(
        me.post(&format!("{path}/move"), &json!({"starts_at": ahead(3_000)})),
        200,
    )
    .await;
    assert_eq!(
        (&moved["status"], &moved["version"]),
        (&json!("booked"), &json!(3))
    );
    assert!(free().await);
    let early = answer(me.call(Method::POST, &format!("{path}/complete")), 409).await;
    assert_eq!(early["code"], "wrong_state");
    let cancelled = answer(me.call(Method::POST, &format!("{path}/cancel")), 200).await;
    assert_eq!(cancelled["status"], "cancelled");
    answer(me.call(Method::POST, &format!("{path}/confirm")), 409).await;
    let listed = answer(
        me.get(&format!("/bookings?status=cancelled&contact_id={contact}")),
        200,
    )
    .await;
    assert_eq!(listed["items"][0]["id"], booking["id"]);

    // Another workspace's member sees none of it, and a viewer changes nothing.
    let other = Caller::new(&app, business(app.db(), "Other").await, Role::Owner)
        .await
        .below("/api/v1");
    answer(other.get(&path), 404).await;
    answer(other.call(Method::POST, &format!("{path}/cancel")), 404).await;
    let theirs = answer(other.post("/bookings", &wish), 422).await;
    assert_eq!(fault(&theirs), ("/offering_id", "unknown"));
    let viewer = Caller::new(&app, app.workspace, Role::Viewer)
        .await
        .below("/api/v1");
    answer(viewer.get(&path), 200).await;
    answer(viewer.call(Method::POST, &format!("{path}/cancel")), 403).await;
    let agent = Caller::new(&app, app.workspace, Role::Agent)
        .await
        .below("/api/v1");
    answer(agent.post("/providers", &json!({})), 403).await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_field() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1");
    let (provider, offering) = me.salon(&[120]).await;
    let contact = id(&answer(
        me.post("/contacts", &json!({"phone": "+254712345678"})),
        201,
    )
    .await);
    let refused = async |request: RequestBuilder| {
        let problem = answer(request, 422).await;
        let (pointer, code) = fault(&problem);
        (pointer.to_owned(), code.to_owned())
    };
    let is = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    let wish = |starts_at: &str| {
        let wish = json!({"offering_id": offering, "provider_id": provider, "contact_id": contact, "starts_at": starts_at});
        me.post("/bookings", &wish)
    };
    assert_eq!(
        refused(wish("2020-01-01T10:00:00Z")).await,
        is("/starts_at", "past")
    );
    assert_eq!(
        refused(wish("9999-01-01T10:00:00Z")).await,
        is("/starts_at", "too_far")
    );
    assert_eq!(refused(wish("soon")).await, is("/starts_at", "invalid"));
    // A day off, by the provider's calendar.
    let far = Utc::now() + TimeDelta::days(5);
    let day = far
        .with_timezone(&chrono::FixedOffset::east_opt(3 * 3_600).unwrap())
        .date_naive();
    let special = format!("/providers/{provider}/special-hours/{day}");
    answer(
        me.call(Method::PUT, &special).json(&json!({"hours": []})),
        204,
    )
    .await;
    let noon = format!("{day}T09:00:00Z");
    assert_eq!(
        refused(wish(&noon)).await,
        is("/starts_at", "outside_hours")
    );
    let hours = answer(me.get(&format!("/providers/{provider}/hours")), 200).await;
    assert_eq!(
        hours["special"][0],
        json!({"day": day.to_string(), "hours": []})
    );
    answer(me.call(Method::DELETE, &special), 204).await;
    answer(me.call(Method::DELETE, &special), 404).await;
    answer(wish(&noon), 201).await;
    let past = format!("/providers/{provider}/special-hours/2020-01-01");
    let past = me.call(Method::PUT, &past).json(&json!({"hours": []}));
    assert_eq!(refused(past).await, is("", "out_of_range"));

    let slots =
        async |rest: &str| refused(me.get(&format!("/slots?offering_id={offering}{rest}"))).await;
    let range = "&from=2026-01-01T00:00:00Z&until=2026-06-01T00:00:00Z";
    assert_eq!(slots(range).await, is("/until", "too_long"));
    assert_eq!(
        slots("&until=2020-01-01T00:00:00Z").await,
        is("/until", "not_after")
    );
    assert_eq!(
        slots("&provider_id=prv_0190a5b2c3d4e5f60718293a4b5c6d7e").await,
        is("/provider_id", "unknown")
    );
    assert_eq!(
        slots("&from=-262143-01-01T00:00:00Z&until=%2B262142-12-31T00:00:00Z").await,
        is("/until", "too_long")
    );
}

#[tokio::test]
async fn a_customer_books_for_themselves_and_sees_no_one_else_s() {
    let app = App::start().await;
    let admin = Caller::new(&app, app.workspace, Role::Admin)
        .await
        .below("/api/v1");
    let (provider, offering) = admin.salon(&[120]).await;
    let contact = id(&answer(
        admin.post("/contacts", &json!({"phone": "+254712345678"})),
        201,
    )
    .await);
    let theirs = json!({"offering_id": offering, "provider_id": provider, "contact_id": contact, "starts_at": ahead(600)});
    let theirs = id(&answer(admin.post("/bookings", &theirs), 201).await);
    let own = id(&answer(
        admin.post("/contacts", &json!({"phone": "+254700000001"})),
        201,
    )
    .await);
    let me = Caller::customer(&app, &own).await.below("/api/v1");
    assert_eq!(
        answer(me.get("/customer/offerings"), 200).await["items"][0]["id"],
        offering
    );
    let slots = answer(
        me.get(&format!("/customer/slots?offering_id={offering}")),
        200,
    )
    .await;
    let wish = json!({"offering_id": offering, "provider_id": provider, "starts_at": slots["items"][4]["starts_at"]});
    let mine = answer(me.post("/customer/bookings", &wish), 201).await;
    let listed = answer(me.get("/customer/bookings"), 200).await;
    assert_eq!(listed["items"], json!([mine]));
    let to = json!({"starts_at": ahead(900)});
    answer(
        me.post(&format!("/customer/bookings/{}/move", id(&mine)), &to),
        200,
    )
    .await;
    answer(
        me.call(
            Method::POST,
            &format!("/customer/bookings/{}/confirm", id(&mine)),
        ),
        200,
    )
    .await;
    answer(
        me.call(
            Method::POST,
            &format!("/customer/bookings/{}/cancel", id(&mine)),
        ),
        200,
    )
    .await;
    for what in ["confirm", "cancel"] {
        answer(
            me.call(Method::POST, &format!("/customer/bookings/{theirs}/{what}")),
            404,
        )
        .await;
    }
    answer(me.get("/bookings"), 401).await;
}

/// A booking whose reminder is due within the minute, by somebody who has just written; the phone's digits.
async fn reminded(app: &App) -> (Caller<'_>, String, kazi_simulators::Phone) {
    let phone = app.phone("254712345678").named("Amina");
    phone.say("Hello").await;
    let greeted = |lines: &[kazi_simulators::Line]| lines.iter().any(|line| line.direction == "in");
    phone.wait_for(LONG, greeted).await.unwrap();
    let me = Caller::new(app, app.workspace, Role::Admin)
        .await
        .below("/api/v1");
    // The next minute but one is at least a minute away: its reminder of a minute is due within one.
    let (provider, offering) = me.salon(&[1]).await;
    let contacts = answer(me.get("/contacts"), 200).await;
    let contact = contacts["items"][0]["id"].clone();
    let wish = json!({"offering_id": offering, "provider_id": provider, "contact_id": contact, "starts_at": ahead(2)});
    let booking = id(&answer(me.post("/bookings", &wish), 201).await);
    (me, booking, phone)
}

fn reminders(lines: &[kazi_simulators::Line]) -> usize {
    lines.iter().filter(|line| line.text.contains('⏰')).count()
}

#[tokio::test]
async fn a_reminder_arrives_once_though_its_provider_fails_and_tells_late_and_twice_and_a_tap_confirms()
 {
    let app = App::start().await;
    let (me, booking, phone) = reminded(&app).await;
    let fault = |fault| app.providers.fault(fault);
    // Its webhooks come late and twice; its answers: an error, then none though it has sent the message.
    let webhooks = WebhookFault {
        duplicate: 1.0,
        delay_ms: 100,
        ..WebhookFault::default()
    };
    fault(Fault {
        webhooks: Some(webhooks),
        ..Fault::on(Service::WhatsApp)
    });
    fault(Fault {
        status: Some(503),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    fault(Fault {
        cut: Some(CutAt::After),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    phone
        .wait_for(2 * LONG, |lines| reminders(lines) > 0)
        .await
        .expect("no reminder came");
    phone.tap(&format!("book:confirm:{booking}")).await.unwrap();
    app.until("SELECT count(*) FROM bookings WHERE status = 'confirmed'")
        .await;
    app.until("SELECT count(*) FROM (SELECT WHERE NOT EXISTS (SELECT FROM messages WHERE direction = 'out' AND status IN ('queued', 'sending'))) done").await;
    assert_eq!(reminders(&phone.transcript()), 1);
    let seen = answer(me.get(&format!("/bookings/{booking}")), 200).await;
    assert!(
        seen["reminded_at"].is_string() && seen["unreachable"].is_null(),
        "{seen}"
    );
}

#[tokio::test]
async fn a_process_that_dies_before_a_reminder_is_due_leaves_it_to_the_next() {
    let mut app = App::start().await;
    let phone = {
        let (_, _, phone) = reminded(&app).await;
        phone
    };
    app.kill().await;
    app.run().await;
    phone
        .wait_for(2 * LONG, |lines| reminders(lines) > 0)
        .await
        .expect("no reminder came");
    app.until("SELECT count(*) FROM bookings WHERE reminded_at IS NOT NULL")
        .await;
    assert_eq!(
        app.count("SELECT count(*) FROM messages WHERE cause = 'reminder'")
            .await,
        1
    );
}

#[tokio::test]
async fn hours_that_somebody_else_has_changed_meanwhile_are_not_overwritten() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Owner)
        .await
        .below("/api/v1");
    let (provider, _) = me.salon(&[]).await;
    let path = format!("/providers/{provider}/hours");
    let tag = |response: &Response| response.headers()["etag"].to_str().unwrap().to_owned();
    let read = async || tag(&me.get(&path).send().await.unwrap());
    let day = (Utc::now() + TimeDelta::days(5)).date_naive();
    let special = format!("/providers/{provider}/special-hours/{day}");
    let closed = || me.put(&path, &json!({"week": []}));
    let off = || me.put(&special, &json!({"hours": []}));
    let drop = || me.call(Method::DELETE, &special);
    let mut stale = read().await;
    // Each change makes the tag of the one before stale, for each of the changes.
    for change in [&closed, &off, &drop] as [&dyn Fn() -> RequestBuilder; 3] {
        let done = change().header("If-Match", &stale).send().await.unwrap();
        let next = tag(&done);
        assert_eq!((done.status().as_u16(), &next), (204, &read().await));
        for late in [&closed, &off, &drop] as [&dyn Fn() -> RequestBuilder; 3] {
            let problem = answer(late().header("If-Match", &stale), 412).await;
            assert_eq!(problem["code"], "changed_meanwhile");
        }
        assert_eq!(read().await, next);
        stale = next;
    }
    // The tag is that of the staff, whose time zone the hours are in.
    let zone = json!({"zone": "Asia/Kolkata"});
    answer(me.patch(&format!("/providers/{provider}"), &zone), 200).await;
    answer(closed().header("If-Match", &stale), 412).await;
    // Without a tag the change is meant for any state.
    answer(closed(), 204).await;
}
