//! Deliveries to a receiver over HTTP, against a real database. The waits pass by the test's clock.

mod listening;

use std::{collections::BTreeSet, time::Duration};

use kazi_platform::{Phone, actor::Actor};
use kazi_queue::Job;
use kazi_simulators::{Call, Receiver, Say};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::*;
use crate::{
    Role, contacts, notifications, people, sealed,
    support::{self, NewTicket, Status, TicketId},
    testing::{CUSTOMER, Shop},
};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3_600);

/// A shop with a customer, and an endpoint that is told of tickets.
struct Desk {
    shop: Shop,
    receiver: Receiver,
    endpoint: EndpointId,
    contact: contacts::ContactId,
    secret: String,
}

impl Desk {
    async fn open() -> Self {
        let shop = Shop::open().await;
        shop.hear("1", "hey").await;
        shop.drain().await;
        let phone = Phone::from_wa_id(CUSTOMER).unwrap();
        let found = contacts::by_phone(&mut shop.work().await, &phone).await;
        let contact = found.unwrap().unwrap().id;
        let receiver = Receiver::start().await.unwrap();
        let mut work = shop.work().await;
        let new = NewEndpoint {
            url: receiver.url("/hook?token=hunter2"),
            description: "Tickets".into(),
            event_types: Some(vec![
                Type::TICKET_OPENED,
                Type::TICKET_ASSIGNED,
                Type::TICKET_CLOSED,
                Type::TICKET_REOPENED,
            ]),
        };
        let (made, Secret(secret)) = add(&shop, &mut work, &new).await.unwrap();
        work.commit().await.unwrap();
        Self {
            receiver,
            endpoint: made.id,
            contact,
            secret: secret.expose_secret().to_owned(),
            shop,
        }
    }

    /// Ids sort by the millisecond.
    fn tick(&self) {
        self.shop
            .ctx
            .clock
            .advance(chrono::TimeDelta::milliseconds(1));
    }

    async fn ticket(&self) -> TicketId {
        let (subject, message) = ("No picture".into(), "The screen is black.".into());
        let new = NewTicket::plain(self.contact, subject, message);
        self.tick();
        let mut work = self.shop.work().await;
        let ticket = support::open(&mut work, &new).await.unwrap();
        work.commit().await.unwrap();
        ticket.id
    }

    async fn set_open(&self, ticket: TicketId, open: bool) {
        self.tick();
        let mut work = self.shop.work().await;
        let status = if open { Status::Open } else { Status::Closed };
        support::move_to(&mut work, ticket, status).await.unwrap();
        work.commit().await.unwrap();
    }

    async fn endpoint(&self) -> Endpoint {
        let found = endpoint(&mut self.shop.work().await, self.endpoint).await;
        found.unwrap().unwrap()
    }

    async fn switch_on(&self) {
        let mut work = self.shop.work().await;
        let before = lock(&mut work, self.endpoint).await.unwrap();
        let patch = EndpointPatch {
            enabled: Some(true),
            ..EndpointPatch::default()
        };
        let reach = &self.shop.ctx.providers.endpoints;
        update(&mut work, reach, &before, &patch).await.unwrap();
        work.commit().await.unwrap();
    }

    /// The deliveries, oldest first.
    async fn log(&self) -> Vec<Delivery> {
        let mut work = self.shop.work().await;
        let found = deliveries(&mut work, DeliveryFilter::default(), None, 100).await;
        let mut found = found.unwrap();
        found.reverse();
        found
    }

    async fn states(&self) -> Vec<DeliveryState> {
        self.log().await.iter().map(|one| one.state).collect()
    }

    /// What the receiver was told: types with the digits of the subject.
    fn told(&self) -> Vec<(String, String)> {
        let calls = self.receiver.calls();
        calls.iter().map(kind_and_subject).collect()
    }
}

async fn add(
    shop: &Shop,
    work: &mut crate::Work,
    new: &NewEndpoint,
) -> Result<(Endpoint, Secret), EndpointError> {
    let with = (&shop.ctx.keyring, &shop.ctx.providers.endpoints);
    create(work, with, new).await
}

fn kind_and_subject(call: &Call) -> (String, String) {
    let body = call.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&body["type"]), text(&body["data"]["id"]))
}

fn signatures_of(call: &Call, secrets: &[&str]) -> String {
    let secrets: Vec<_> = secrets.iter().map(|it| (*it).to_owned().into()).collect();
    let (id, seconds) = (call.header("webhook-id"), call.header("webhook-timestamp"));
    let (id, seconds) = (id.parse().unwrap(), seconds.parse().unwrap());
    secret::signatures(&secrets, id, seconds, &call.body)
}

fn keys(value: &Value) -> BTreeSet<&String> {
    value.as_object().unwrap().keys().collect()
}

#[tokio::test]
async fn an_event_is_told_once_and_looks_like_its_example() {
    let desk = Desk::open().await;
    let ticket = desk.ticket().await;
    desk.shop.drain().await;
    desk.shop.after(HOUR).await;
    let calls = desk.receiver.calls();
    let [call] = &calls[..] else {
        panic!("{calls:?}")
    };
    let body = call.json();
    assert_eq!(body["data"]["id"], json!(ticket));
    assert_eq!(body["workspace_id"], json!(desk.shop.workspace));
    assert_eq!(call.header("webhook-id"), body["id"]);
    assert_eq!(
        call.header("webhook-signature"),
        signatures_of(call, &[&desk.secret])
    );
    let example = Type::TICKET_OPENED.payload(desk.shop.workspace);
    assert_eq!(keys(&body), keys(&example));
    assert_eq!(keys(&body["data"]), keys(&example["data"]));
    let [delivery] = &desk.log().await[..] else {
        panic!("one delivery")
    };
    assert_eq!(
        (delivery.state, delivery.attempts),
        (DeliveryState::Succeeded, 1)
    );
    let mut work = desk.shop.work().await;
    let details = super::delivery(&mut work, delivery.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(details.payload, body);
    assert_eq!(details.log[0].status_code, Some(200));
    assert_eq!(details.log[0].answer, "thanks");
    // A second run of the job finds an end.
    let job = Deliver {
        workspace: desk.shop.workspace,
        endpoint: desk.endpoint,
        delivery: delivery.id,
        subject: ticket.uuid(),
    };
    job.enqueue(&mut *desk.shop.conn().await).await.unwrap();
    desk.shop.drain().await;
    assert_eq!(desk.receiver.calls().len(), 1);
}

#[tokio::test]
async fn a_change_that_is_rolled_back_tells_nobody_and_no_endpoint_costs_no_row() {
    let desk = Desk::open().await;
    let new = NewTicket::plain(desk.contact, "No".into(), "No".into());
    let mut work = desk.shop.work().await;
    support::open(&mut work, &new).await.unwrap();
    work.rollback().await.unwrap();
    // Nobody wants this type.
    desk.shop.hear("2", "Amina").await;
    desk.shop.drain().await;
    assert_eq!(desk.log().await, []);
    assert!(desk.receiver.calls().is_empty());
}

#[tokio::test]
async fn events_of_one_subject_keep_their_order_and_hold_up_no_other() {
    let desk = Desk::open().await;
    let (one, two) = (desk.ticket().await, desk.ticket().await);
    let mut refusals = 2;
    let first = json!(one);
    desk.receiver.says(move |call| {
        if call.json()["data"]["id"] == first && refusals > 0 {
            refusals -= 1;
            return Say::Status(500, "not now");
        }
        Say::Status(204, "")
    });
    for ticket in [one, two] {
        desk.set_open(ticket, false).await;
        desk.set_open(ticket, true).await;
    }
    desk.shop.drain().await;
    let of = |ticket: TicketId| {
        let told = desk.told();
        let of_it = told.into_iter().filter(|(_, id)| *id == ticket.to_string());
        of_it.map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    let all = ["ticket.opened", "ticket.closed", "ticket.reopened"];
    assert_eq!(of(two), all);
    assert_eq!(of(one), ["ticket.opened"]);
    assert!(
        desk.endpoint().await.failing_since.is_none(),
        "another call has succeeded since"
    );
    desk.shop.after(6 * SECOND).await;
    assert_eq!(of(one), ["ticket.opened"; 2]);
    desk.shop.after(6 * 60 * SECOND).await;
    let both = [
        "ticket.opened",
        "ticket.opened",
        "ticket.opened",
        "ticket.closed",
        "ticket.reopened",
    ];
    assert_eq!(of(one), both);
    let ids: BTreeSet<String> = desk
        .receiver
        .calls()
        .iter()
        .map(|call| call.header("webhook-id").to_owned())
        .collect();
    assert_eq!(ids.len(), 6, "a repeated call has the same id");
}

#[tokio::test]
async fn after_ten_refusals_the_event_is_lost_and_the_next_one_goes() {
    let desk = Desk::open().await;
    desk.receiver.says(|call| {
        let opened = call.json()["type"] == "ticket.opened";
        Say::Status(if opened { 503 } else { 200 }, "maintenance")
    });
    let ticket = desk.ticket().await;
    desk.set_open(ticket, false).await;
    desk.shop.drain().await;
    let waits = [6, 331, 1_981, 7_921, 19_801, 39_601, 55_441, 79_201, 95_041];
    for (done, seconds) in (1..).zip(waits) {
        assert_eq!(desk.log().await[0].attempts, done);
        desk.shop.after(seconds * SECOND).await;
    }
    // After ten failures in a row it rests for a second.
    desk.shop.after(2 * SECOND).await;
    let log = desk.log().await;
    assert_eq!((log[0].state, log[0].attempts), (DeliveryState::Failed, 10));
    assert_eq!(log[1].state, DeliveryState::Succeeded);
    assert!(desk.endpoint().await.enabled);
    // A person delivers it again.
    desk.receiver.says(|_| Say::Status(200, ""));
    let mut work = desk.shop.work().await;
    let again = replay(&mut work, log[0].id).await.unwrap();
    assert_eq!(again.state, DeliveryState::Pending);
    assert!(matches!(
        replay(&mut work, log[0].id).await,
        Err(EndpointError::Pending)
    ));
    work.commit().await.unwrap();
    desk.shop.drain().await;
    let log = desk.log().await;
    assert_eq!(
        (log[0].state, log[0].attempts),
        (DeliveryState::Succeeded, 11)
    );
}

#[tokio::test]
async fn gone_switches_the_endpoint_off_and_what_was_lost_is_delivered_later_in_its_order() {
    let desk = Desk::open().await;
    let admin = desk.shop.member(Role::Admin).await;
    desk.receiver.says(|_| Say::Status(410, "bye"));
    let ticket = desk.ticket().await;
    let since = desk.shop.now();
    desk.set_open(ticket, false).await;
    desk.set_open(ticket, true).await;
    desk.shop.drain().await;
    let after = desk.endpoint().await;
    assert_eq!((after.enabled, after.stopped), (false, Some(Stopped::Gone)));
    use DeliveryState::{Cancelled, Failed, Succeeded};
    assert_eq!(desk.states().await, [Failed, Cancelled, Cancelled]);
    assert_eq!(desk.receiver.calls().len(), 1);
    let mut work = desk.shop.work().await;
    let told = notifications::list(&mut work, admin, false, None, 9)
        .await
        .unwrap();
    assert_eq!(
        told.iter()
            .filter(|one| one.kind == "endpoint_stopped")
            .count(),
        1
    );
    // While it is off, nothing is written and nothing is replayed.
    assert!(matches!(
        replay_failed(&mut work, desk.endpoint, since).await,
        Err(EndpointError::Disabled)
    ));
    drop(work);
    desk.set_open(ticket, false).await;
    assert_eq!(desk.log().await.len(), 3);

    desk.receiver.says(|_| Say::Status(200, ""));
    desk.switch_on().await;
    desk.shop.ctx.clock.advance(chrono::TimeDelta::seconds(1));
    let mut work = desk.shop.work().await;
    let count = replay_failed(&mut work, desk.endpoint, since)
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert_eq!(count, 3);
    desk.shop.drain().await;
    desk.shop.drain().await;
    assert_eq!(desk.states().await, [Succeeded; 3]);
    let kinds: Vec<String> = desk
        .told()
        .into_iter()
        .skip(1)
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(kinds, ["ticket.opened", "ticket.closed", "ticket.reopened"]);
}

#[tokio::test]
async fn five_days_without_a_success_switch_the_endpoint_off() {
    let desk = Desk::open().await;
    let admin = desk.shop.member(Role::Admin).await;
    desk.receiver.says(|_| Say::Status(500, ""));
    let mut hours = 0;
    while desk.endpoint().await.enabled {
        assert!(hours <= 5 * 24 + 12, "it is still on");
        desk.ticket().await;
        desk.shop.after(12 * HOUR).await;
        hours += 12;
    }
    assert!(hours > 5 * 24, "after {hours} hours");
    assert_eq!(desk.endpoint().await.stopped, Some(Stopped::Failing));
    let mut work = desk.shop.work().await;
    let told = notifications::list(&mut work, admin, false, None, 99)
        .await
        .unwrap();
    assert_eq!(
        told.iter()
            .filter(|one| one.kind == "endpoint_stopped")
            .count(),
        1
    );
    drop(work);
    // Switched on again it has five days again.
    desk.switch_on().await;
    let ticket = desk.ticket().await;
    desk.shop.after(HOUR).await;
    assert!(desk.endpoint().await.enabled, "{ticket}");
}

#[tokio::test]
async fn an_endpoint_that_asks_for_time_gets_it() {
    let desk = Desk::open().await;
    desk.receiver.says(|_| Say::Slower(3_600));
    desk.ticket().await;
    desk.shop.drain().await;
    let parked: chrono::DateTime<chrono::Utc> =
        sqlx::query_scalar("SELECT parked_until FROM queue.lanes WHERE lane = $1")
            .bind(desk.endpoint.to_string())
            .fetch_one(&desk.shop.ctx.owner)
            .await
            .unwrap();
    assert_eq!((parked - desk.shop.now()).num_minutes(), 60);
    desk.receiver.says(|_| Say::Status(200, ""));
    desk.shop.after(HOUR - 10 * SECOND).await;
    assert_eq!(desk.receiver.calls().len(), 1);
    desk.shop.after(11 * SECOND).await;
    assert_eq!(desk.states().await, [DeliveryState::Succeeded]);
}

#[tokio::test]
async fn a_redirect_leads_nowhere() {
    let desk = Desk::open().await;
    let inner = Receiver::start().await.unwrap();
    let to = inner.url("/admin");
    desk.receiver.says(move |_| Say::Redirect(to.clone()));
    desk.ticket().await;
    desk.shop.drain().await;
    assert!(inner.calls().is_empty());
    let id = desk.log().await[0].id;
    let details = delivery(&mut desk.shop.work().await, id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(details.log[0].status_code, Some(302));
    assert!(details.log[0].error.as_ref().unwrap().contains("redirect"));
}

#[tokio::test]
async fn for_a_day_after_a_rotation_both_secrets_sign() {
    let desk = Desk::open().await;
    let mut work = desk.shop.work().await;
    let keyring = &desk.shop.ctx.keyring;
    let (after, Secret(new)) = rotate_secret(&mut work, keyring, desk.endpoint)
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert_eq!(
        after.old_secret_until,
        Some(desk.shop.now() + chrono::TimeDelta::hours(24))
    );
    let new = new.expose_secret();
    desk.ticket().await;
    desk.shop.drain().await;
    let call = desk.receiver.calls().pop().unwrap();
    assert_eq!(
        call.header("webhook-signature"),
        signatures_of(&call, &[new, &desk.secret])
    );
    // A new data key reaches both.
    let mut work = desk.shop.work().await;
    let resealed = sealed::reseal(&mut work, keyring).await.unwrap();
    work.commit().await.unwrap();
    assert!(resealed >= 2);
    desk.ticket().await;
    desk.shop.after(23 * HOUR).await;
    let call = desk.receiver.calls().pop().unwrap();
    assert!(call.header("webhook-signature").contains(' '));
    desk.shop.after(HOUR).await;
    desk.ticket().await;
    desk.shop.drain().await;
    let call = desk.receiver.calls().pop().unwrap();
    assert_eq!(
        call.header("webhook-signature"),
        signatures_of(&call, &[new])
    );
}

#[tokio::test]
async fn no_secret_stands_in_a_job_an_error_or_the_audit_log() {
    let desk = Desk::open().await;
    // Nobody listens there any more.
    let closed = Receiver::start().await.unwrap().url("/?token=hunter2");
    let mut work = desk.shop.work().await;
    let before = lock(&mut work, desk.endpoint).await.unwrap();
    let patch = EndpointPatch {
        url: Some(closed),
        ..EndpointPatch::default()
    };
    let reach = &desk.shop.ctx.providers.endpoints;
    update(&mut work, reach, &before, &patch).await.unwrap();
    let keyring = &desk.shop.ctx.keyring;
    rotate_secret(&mut work, keyring, desk.endpoint)
        .await
        .unwrap();
    work.commit().await.unwrap();
    desk.ticket().await;
    let jobs: Vec<String> = sqlx::query_scalar("SELECT payload::text FROM queue.jobs")
        .fetch_all(&desk.shop.ctx.owner)
        .await
        .unwrap();
    desk.shop.drain().await;
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT coalesce(error, '') FROM delivery_attempts
         UNION ALL SELECT coalesce(before::text, '') || coalesce(after::text, '') FROM audit_log
                   WHERE action = 'endpoints.rotate_secret'
         UNION ALL SELECT j::text FROM queue.jobs j
         UNION ALL SELECT payload FROM announcements",
    )
    .fetch_all(&desk.shop.ctx.owner)
    .await
    .unwrap();
    let errors = rows.iter().filter(|row| row.contains("not sent")).count();
    assert!(errors > 0, "{rows:?}");
    for row in jobs.iter().chain(&rows) {
        assert!(!row.contains("hunter2") && !row.contains("whsec_"), "{row}");
    }
    let stored: Vec<u8> = sqlx::query_scalar("SELECT secret FROM endpoints")
        .fetch_one(&desk.shop.ctx.owner)
        .await
        .unwrap();
    assert!(!String::from_utf8_lossy(&stored).contains("whsec_"));
}

#[tokio::test]
async fn a_test_says_that_it_is_one_and_waits_for_no_other_event() {
    let desk = Desk::open().await;
    desk.receiver.says(|call| {
        Say::Status(
            if call.json()["test"] == true {
                200
            } else {
                500
            },
            "",
        )
    });
    desk.ticket().await;
    let mut work = desk.shop.work().await;
    // Also of a type that it is not subscribed to.
    let sent = test(&mut work, desk.endpoint, Type::ORDER_PAID)
        .await
        .unwrap();
    work.commit().await.unwrap();
    desk.shop.drain().await;
    let call = desk.receiver.calls().pop().unwrap().json();
    assert_eq!(
        (&call["test"], &call["type"]),
        (&json!(true), &json!("order.paid"))
    );
    assert_eq!(call["data"], Type::ORDER_PAID.example());
    let found = delivery(&mut desk.shop.work().await, sent.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.delivery.state, DeliveryState::Succeeded);
}

#[tokio::test]
async fn an_erasure_and_the_purge_leave_nothing() {
    let desk = Desk::open().await;
    desk.receiver.says(|_| Say::Status(500, ""));
    desk.ticket().await;
    desk.shop.drain().await;
    let mut work = desk.shop.work().await;
    people::erase(&mut work, desk.contact).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(desk.log().await, []);
    desk.shop.after(HOUR).await;
    assert_eq!(desk.receiver.calls().len(), 1, "what is erased is not sent");

    // A test has no contact.
    let mut work = desk.shop.work().await;
    test(&mut work, desk.endpoint, Type::TICKET_OPENED)
        .await
        .unwrap();
    let before = lock(&mut work, desk.endpoint).await.unwrap();
    delete(&mut work, &before).await.unwrap();
    work.commit().await.unwrap();
    desk.shop.drain().await;
    assert_eq!(desk.states().await, [DeliveryState::Cancelled]);
    for days in [29, 2] {
        desk.shop.ctx.clock.advance(chrono::TimeDelta::days(days));
        Purge {}
            .enqueue(&mut *desk.shop.conn().await)
            .await
            .unwrap();
        desk.shop.drain().await;
        let rows: i64 = sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM endpoints) + (SELECT count(*) FROM announcements)",
        )
        .fetch_one(&desk.shop.ctx.owner)
        .await
        .unwrap();
        assert_eq!(rows, if days == 29 { 2 } else { 0 });
    }
}

#[tokio::test]
async fn the_number_of_endpoints_and_their_urls_have_limits() {
    let desk = Desk::open().await;
    let mut work = desk.shop.work_by(Actor::SYSTEM).await;
    let new = |url: &str| NewEndpoint {
        url: url.into(),
        description: String::new(),
        event_types: None,
    };
    for bad in [
        "ftp://example.com/",
        "https://10.0.0.1/",
        "http://example.com:80/x y",
        "https://n8n/",
    ] {
        let refused = add(&desk.shop, &mut work, &new(bad)).await;
        assert!(matches!(refused, Err(EndpointError::Invalid(_))), "{bad}");
    }
    for _ in 1..20 {
        add(&desk.shop, &mut work, &new("https://example.com/hook"))
            .await
            .unwrap();
    }
    let one_more = add(&desk.shop, &mut work, &new("https://example.com/hook")).await;
    assert!(matches!(one_more, Err(EndpointError::TooMany(20))));
}
