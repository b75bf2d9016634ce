//! Questions to customers from the event to the figures, with jobs that run twice, people who opt out, and the night.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::Phone;
use kazi_queue::Job;
use kazi_simulators::{Line, Service};
use serde_json::{Value, json};

use super::*;
use crate::{
    appointments::tests::visited,
    channels::{ChannelKind, EventKind},
    contacts::ContactId,
    orders,
    payments::OrderId,
    support,
    templates::{self, Category, Template, TemplateId, TemplateStatus},
    testing::{CUSTOMER, Shop},
};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

async fn tap(shop: &Shop, id: &str) {
    // Ids sort by the millisecond.
    shop.ctx.clock.advance(TimeDelta::milliseconds(1));
    let message = json!({
        "id": format!("wamid.{}", shop.now().timestamp_micros()), "from": CUSTOMER, "type": "interactive",
        "interactive": {"type": "list_reply", "list_reply": {"id": id, "title": "Tapped"}},
    });
    let payload = json!({"message": message, "contact": {"wa_id": CUSTOMER}});
    let (kind, what) = (ChannelKind::WhatsApp, EventKind::Message);
    shop.record(kind, what, CUSTOMER, payload).await;
    shop.drain().await;
}

async fn says(shop: &Shop, text: &str) -> Line {
    let id = format!("wamid.{}", shop.now().timestamp_micros());
    shop.hear(&id, text).await;
    shop.drain().await;
    last(shop)
}

fn last(shop: &Shop) -> Line {
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    lines
        .into_iter()
        .rfind(|line| line.direction == "in")
        .unwrap()
}

/// Settings that ask an hour after an order and a booking, with some fields of another value.
async fn set(shop: &Shop, other: Value) {
    let mut new = json!({"after_orders": true, "after_bookings": true, "delay_hours": 1, "low_opens_ticket": true});
    new.as_object_mut()
        .unwrap()
        .extend(other.as_object().unwrap().clone());
    let new: Settings = serde_json::from_value(new).unwrap();
    let mut work = shop.work().await;
    let before = lock_settings(&mut work).await.unwrap();
    set_settings(&mut work, &before, &new).await.unwrap();
    work.commit().await.unwrap();
}

/// A shop that asks, with a customer who is known.
async fn shop() -> (Shop, ContactId) {
    let shop = Shop::open().await;
    for text in ["hey", "Amina"] {
        says(&shop, text).await;
    }
    tap(&shop, "lang:en").await;
    let phone = Phone::from_wa_id(CUSTOMER).unwrap();
    let found = contacts::by_phone(&mut shop.work().await, &phone).await;
    set(&shop, json!({})).await;
    let contact = found.unwrap().unwrap().id;
    (shop, contact)
}

/// An order that the customer has got.
async fn delivered(shop: &Shop, contact: ContactId, number: i64) -> OrderId {
    let id = OrderId::new();
    sqlx::query(
        "INSERT INTO orders (workspace_id, id, number, contact_id, status, currency, total_minor, expires_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, 'shipped', 'USD', 2500, now(), now(), now())",
    )
    .bind(shop.workspace.uuid())
    .bind(id.uuid())
    .bind(number)
    .bind(contact.uuid())
    .execute(&mut *shop.conn().await)
    .await
    .unwrap();
    let mut work = shop.work().await;
    orders::deliver(&mut work, id).await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    id
}

async fn all(shop: &Shop) -> Vec<Feedback> {
    list(&mut shop.work().await, &FeedbackFilter::default(), None, 9)
        .await
        .unwrap()
}

async fn only(shop: &Shop) -> Feedback {
    let mut all = all(shop).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// Why somebody was left out, the last time.
async fn left_out(shop: &Shop) -> String {
    let skipped = FeedbackFilter {
        status: Some(FeedbackStatus::Skipped),
        ..FeedbackFilter::default()
    };
    let newest = list(&mut shop.work().await, &skipped, None, 1).await;
    newest.unwrap().remove(0).reason.unwrap()
}

#[tokio::test]
async fn a_customer_is_asked_once_taps_a_score_and_another_and_writes_words() {
    let (shop, contact) = shop().await;
    let order = delivered(&shop, contact, 41).await;
    assert_eq!(all(&shop).await, []);
    shop.after(HOUR).await;
    let asked = last(&shop);
    assert!(asked.text.contains("order 41"), "{asked:?}");
    assert_eq!(asked.rows.len(), 5);
    // The event comes twice, and its job too.
    let again = Ask {
        workspace: shop.workspace,
        about: About::Order(order),
    };
    again.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    assert_eq!(only(&shop).await.status, FeedbackStatus::Asked);

    tap(&shop, &asked.rows[0].id).await;
    let words = last(&shop);
    assert!(words.text.contains("1 of 5"), "{words:?}");
    tap(&shop, &asked.rows[3].id).await;
    let one = only(&shop).await;
    assert_eq!((one.score, one.status), (Some(4), FeedbackStatus::Scored));
    assert!(
        says(&shop, "It came early.")
            .await
            .text
            .contains("Thank you")
    );
    let one = only(&shop).await;
    assert_eq!(
        (one.score, one.comment.as_deref(), one.status),
        (Some(4), Some("It came early."), FeedbackStatus::Given)
    );
    assert_eq!((one.order_id, one.ticket_id), (Some(order), None));
    // It is complete: no tap changes it, and the next words are about something else.
    tap(&shop, &asked.rows[4].id).await;
    says(&shop, "menu").await;
    tap(&shop, &words.buttons[0].id).await;
    shop.after(HOUR * 2).await;
    assert_eq!(only(&shop).await, one);
}

#[tokio::test]
async fn a_low_score_opens_one_ticket_after_an_hour_without_words() {
    let (shop, contact) = shop().await;
    let agent = shop.member(crate::Role::Agent).await;
    delivered(&shop, contact, 7).await;
    shop.after(HOUR).await;
    // A number is the score.
    says(&shop, "2").await;
    assert_eq!(only(&shop).await.score, Some(2));
    shop.after(HOUR).await;
    let one = only(&shop).await;
    assert_eq!(one.status, FeedbackStatus::Given);
    Conclude {
        workspace: shop.workspace,
        feedback: one.id,
    }
    .enqueue(&mut *shop.conn().await)
    .await
    .unwrap();
    shop.drain().await;
    let mut work = shop.work().await;
    let filter = support::TicketFilter::default();
    let tickets = support::tickets(&mut work, &filter, None, 9).await.unwrap();
    assert_eq!(tickets.len(), 1);
    assert_eq!(Some(tickets[0].id), one.ticket_id);
    assert_eq!(tickets[0].subject, "2 of 5 for order 7");
    let rows = crate::notifications::list(&mut work, agent, false, None, 9).await;
    let kinds: Vec<String> = rows.unwrap().into_iter().map(|row| row.kind).collect();
    assert_eq!(kinds, ["feedback_low"]);
    // Long after it, a text is for the bot again.
    says(&shop, "menu").await;
    assert_eq!(only(&shop).await.comment, None);
}

#[tokio::test]
async fn nobody_is_asked_twice_in_30_days_or_against_their_wish() {
    let (shop, contact) = shop().await;
    delivered(&shop, contact, 1).await;
    delivered(&shop, contact, 2).await;
    shop.after(HOUR).await;
    assert_eq!(left_out(&shop).await, "asked_recently");
    let mut work = shop.work().await;
    contacts::set_consent(&mut work, contact, false, "keyword")
        .await
        .unwrap();
    work.commit().await.unwrap();
    delivered(&shop, contact, 3).await;
    shop.after(HOUR).await;
    assert_eq!(left_out(&shop).await, "opted_out");
    let mut work = shop.work().await;
    contacts::set_consent(&mut work, contact, true, "keyword")
        .await
        .unwrap();
    work.commit().await.unwrap();
    // 30 days later the customer has not written for long, and no template is chosen.
    shop.after(DAY * 30).await;
    delivered(&shop, contact, 4).await;
    shop.after(HOUR).await;
    assert_eq!(left_out(&shop).await, "window_closed");
    let mut work = shop.work().await;
    contacts::block(&mut work, contact, true).await.unwrap();
    work.commit().await.unwrap();
    delivered(&shop, contact, 5).await;
    shop.after(HOUR).await;
    assert_eq!(left_out(&shop).await, "blocked");
    // Whoever was left out was not asked.
    let mut work = shop.work().await;
    contacts::block(&mut work, contact, false).await.unwrap();
    work.commit().await.unwrap();
    let before = all(&shop).await.len();
    set(&shop, json!({"after_orders": false})).await;
    delivered(&shop, contact, 6).await;
    shop.after(HOUR).await;
    assert_eq!(all(&shop).await.len(), before, "it is off");
    let span = Span {
        from: Some((shop.now() - TimeDelta::days(60)).date_naive()),
        until: None,
    };
    let figures = figures(&mut shop.work().await, FeedbackPeriod::Month, span)
        .await
        .unwrap();
    assert_eq!(figures.skipped["opted_out"], 1, "{figures:?}");
}

#[tokio::test]
async fn after_a_day_of_silence_the_template_asks_and_its_buttons_are_scores() {
    let (shop, contact) = shop().await;
    let mut conn = shop.conn().await;
    sqlx::query("UPDATE channels SET account_id = '1' WHERE kind = 'whatsapp'")
        .execute(&mut *conn)
        .await
        .unwrap();
    shop.ctx.channels().clear();
    set(&shop, json!({"template": "how_was_it"})).await;
    shop.after(DAY * 2).await;
    delivered(&shop, contact, 1).await;
    shop.after(HOUR).await;
    assert_eq!(left_out(&shop).await, "no_template");

    let body = "How was it?";
    let buttons: Vec<Value> = (1..=5)
        .map(|score| json!({"type": "QUICK_REPLY", "text": score.to_string()}))
        .collect();
    let components =
        json!([{"type": "BODY", "text": body}, {"type": "BUTTONS", "buttons": buttons}]);
    let template = Template {
        id: TemplateId::new(),
        account: "1".into(),
        name: "how_was_it".into(),
        language: "en".into(),
        category: Category::Utility,
        status: TemplateStatus::Approved,
        body: body.into(),
        components,
        paused_until: None,
    };
    let mut work = shop.work().await;
    templates::save(&mut work, &template).await.unwrap();
    work.commit().await.unwrap();
    delivered(&shop, contact, 2).await;
    shop.after(HOUR).await;
    let asked = all(&shop).await.remove(0);
    assert_eq!(asked.status, FeedbackStatus::Asked);
    let sent = shop.sent(Service::WhatsApp).pop().unwrap();
    assert_eq!(sent.body["template"]["name"], "how_was_it");
    let parts = sent.body["template"]["components"].as_array().unwrap();
    let payload = &parts.last().unwrap()["parameters"][0]["payload"];
    assert_eq!(payload, &json!(format!("feedback:{}:5", asked.id)));
    tap(&shop, payload.as_str().unwrap()).await;
    assert_eq!(all(&shop).await[0].score, Some(5));
}

#[tokio::test]
async fn a_question_waits_for_the_end_of_the_night() {
    let (shop, contact) = shop().await;
    let nairobi = |later: i64| {
        let at = shop.now() + TimeDelta::minutes(later);
        let local = at.with_timezone(&chrono_tz::Africa::Nairobi);
        local.format("%H:%M").to_string()
    };
    let hours = json!({"quiet_hours": {"from": nairobi(30), "until": nairobi(150)}});
    sqlx::query("UPDATE workspaces SET settings = $1")
        .bind(hours)
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    delivered(&shop, contact, 1).await;
    shop.after(HOUR).await;
    assert_eq!(all(&shop).await, []);
    shop.after(HOUR * 2).await;
    assert_eq!(only(&shop).await.status, FeedbackStatus::Asked);
}

#[tokio::test]
async fn a_merge_moves_feedback_and_an_erasure_leaves_the_score_alone() {
    let (shop, contact) = shop().await;
    delivered(&shop, contact, 1).await;
    shop.after(HOUR).await;
    says(&shop, "5").await;
    says(&shop, "Amina of Nairobi is glad.").await;
    let other = ContactId::new();
    sqlx::query("INSERT INTO contacts (workspace_id, id, name) VALUES ($1, $2, 'Amina')")
        .bind(shop.workspace.uuid())
        .bind(other.uuid())
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    let mut work = shop.work().await;
    crate::people::merge(&mut work, contact, other)
        .await
        .unwrap();
    let data = crate::people::personal_data(&mut work, other)
        .await
        .unwrap();
    assert_eq!(data.feedback[0].score, Some(5));
    crate::people::erase(&mut work, other).await.unwrap();
    work.commit().await.unwrap();
    let one = only(&shop).await;
    assert_eq!(
        (one.contact_id, one.score, one.comment),
        (other, Some(5), None)
    );
}

#[tokio::test]
async fn a_tap_on_the_question_of_another_changes_nothing() {
    let (shop, contact) = shop().await;
    delivered(&shop, contact, 1).await;
    shop.after(HOUR).await;
    let other = ContactId::new();
    sqlx::query("INSERT INTO contacts (workspace_id, id, name) VALUES ($1, $2, 'Brian')")
        .bind(shop.workspace.uuid())
        .bind(other.uuid())
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    sqlx::query("UPDATE feedback SET contact_id = $1")
        .bind(other.uuid())
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    let one = only(&shop).await;
    tap(&shop, &format!("feedback:{}:1", one.id)).await;
    assert_eq!(only(&shop).await, one);
}

#[tokio::test]
async fn a_completed_booking_is_asked_about_with_its_day() {
    let (shop, contact) = shop().await;
    let booking = visited(&shop, contact, shop.now() - TimeDelta::hours(1)).await;
    shop.after(HOUR).await;
    assert!(
        last(&shop).text.contains("your visit on"),
        "{:?}",
        last(&shop)
    );
    assert_eq!(only(&shop).await.booking_id, Some(booking));
}
