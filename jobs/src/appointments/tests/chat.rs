//! Booking in the chat, message by message.

use kazi_simulators::{Line, Service};
use serde_json::json;

use super::*;
use crate::{
    channels::{ChannelKind, EventKind},
    locale::{self, LANGUAGES},
    testing::CUSTOMER,
};

/// Taps something and hears the answer. Reminders may wait.
pub(super) async fn tap(salon: &Salon, id: &str) -> Line {
    let shop = &salon.shop;
    let message = json!({
        "id": format!("wamid.tap.{id}.{}", shop.sent(Service::WhatsApp).len()), "from": CUSTOMER, "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": id, "title": "Tapped"}},
    });
    let payload = json!({"message": message, "contact": {"wa_id": CUSTOMER}});
    shop.record(ChannelKind::WhatsApp, EventKind::Message, CUSTOMER, payload)
        .await;
    shop.drain().await;
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    lines
        .into_iter()
        .rfind(|line| line.direction == "in")
        .unwrap()
}

fn ids(line: &Line) -> Vec<String> {
    line.rows
        .iter()
        .chain(&line.buttons)
        .map(|choice| choice.id.clone())
        .collect()
}

fn find(line: &Line, start: &str) -> String {
    let ids = ids(line);
    let found = ids.iter().find(|id| id.starts_with(start));
    found
        .unwrap_or_else(|| panic!("{start} is not among {ids:?}"))
        .clone()
}

/// From the menu to the question whether to book: the first time of the second day.
async fn up_to_the_question(salon: &Salon) -> Line {
    let what = tap(salon, "book:offerings").await;
    let days = tap(salon, &find(&what, "book:with:")).await;
    let times = tap(salon, &ids(&days)[1]).await;
    tap(salon, &find(&times, "book:ask:")).await
}

#[tokio::test]
async fn a_customer_books_confirms_moves_and_cancels() {
    let salon = Salon::open().await;
    salon.shop.listen().await;
    let question = up_to_the_question(&salon).await;
    assert!(
        question.text.contains("Haircut with Wanjiru"),
        "{}",
        question.text
    );
    let done = tap(&salon, &find(&question, "book:yes:")).await;
    assert!(done.text.starts_with("✅ Booked"), "{}", done.text);
    let mine = tap(&salon, &find(&done, "book:mine")).await;
    let one = tap(&salon, &find(&mine, "book:one:")).await;
    let (confirm, to_move, cancel) = (
        find(&one, "book:confirm:"),
        find(&one, "book:move:"),
        find(&one, "book:cancel:"),
    );
    assert!(tap(&salon, &confirm).await.text.contains("see you then"));
    let id: BookingId = confirm.rsplit(':').next().unwrap().parse().unwrap();
    let before = salon.see(id).await;
    assert_eq!(before.status, Status::Confirmed);

    let days = tap(&salon, &to_move).await;
    let times = tap(&salon, &ids(&days)[2]).await;
    let question = tap(&salon, &find(&times, "book:ask:")).await;
    let moved = tap(&salon, &find(&question, "book:yes:")).await;
    assert!(moved.text.starts_with("✅ Moved"), "{}", moved.text);
    let after = salon.see(id).await;
    assert_eq!(after.status, Status::Booked);
    assert!(after.starts_at > before.starts_at);

    assert!(tap(&salon, &cancel).await.text.contains("cancelled"));
    assert_eq!(salon.see(id).await.status, Status::Cancelled);
    // Once more is no harm; and what is cancelled is not confirmed.
    assert!(tap(&salon, &cancel).await.text.contains("cancelled"));
    assert!(
        tap(&salon, &confirm)
            .await
            .text
            .contains("cannot be changed")
    );
    salon.at(after.starts_at).await;
    assert!(salon.reminders().is_empty());
    let told = [
        "booking.created",
        "booking.confirmed",
        "booking.moved",
        "booking.cancelled",
    ];
    assert_eq!(salon.shop.announced("booking").await, told);
    let heard = salon.shop.announced("message").await;
    assert_eq!(heard.first().map(String::as_str), Some("message.received"));
}

#[tokio::test]
async fn a_time_that_is_taken_meanwhile_is_told_of_and_others_are_offered() {
    let salon = Salon::open().await;
    let question = up_to_the_question(&salon).await;
    let yes = find(&question, "book:yes:");
    let seconds: i64 = yes.rsplit(':').next().unwrap().parse().unwrap();
    let starts_at = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
    salon.book(starts_at).await;
    let told = tap(&salon, &yes).await;
    assert!(
        told.text.contains("cannot be had any more"),
        "{}",
        told.text
    );
    let others = ids(&told);
    assert!(
        others
            .iter()
            .all(|id| !id.ends_with(&format!(":{seconds}"))),
        "{others:?}"
    );
    let question = tap(&salon, &find(&told, "book:ask:")).await;
    assert!(
        tap(&salon, &find(&question, "book:yes:"))
            .await
            .text
            .starts_with("✅ Booked")
    );
}

#[tokio::test]
async fn with_several_providers_one_is_chosen_and_long_lists_go_on() {
    let salon = Salon::open().await;
    let mut work = salon.work().await;
    let other = add_staff(&mut work, "Otieno").await;
    let patch = json!({"provider_ids": [salon.staff.id, other.id]});
    let patch: OfferingPatch = serde_json::from_value(patch).unwrap();
    update_offering(&mut work, &salon.offering, patch)
        .await
        .unwrap();
    work.commit().await.unwrap();
    let what = tap(&salon, "book:offerings").await;
    let who = tap(&salon, &find(&what, "book:with:")).await;
    let names: Vec<&str> = who
        .buttons
        .iter()
        .map(|button| button.title.as_str())
        .collect();
    assert_eq!(names, ["Wanjiru", "Otieno"]);
    let days = tap(&salon, &ids(&who)[1]).await;
    assert_eq!(days.rows.len(), 10);
    let more = tap(&salon, &ids(&days)[9]).await;
    assert!(
        more.rows
            .iter()
            .all(|day| !ids(&days)[..9].contains(&day.id))
    );
    let times = tap(&salon, &ids(&more)[0]).await;
    let later = tap(&salon, &ids(&times)[9]).await;
    assert_ne!(ids(&times)[0], ids(&later)[0]);
    let question = tap(&salon, &ids(&later)[0]).await;
    assert!(question.text.contains("Otieno"), "{}", question.text);
}

#[tokio::test]
async fn a_tap_on_a_reminder_confirms_or_cancels() {
    let salon = Salon::open().await;
    let booking = salon.book(salon.ahead(5)).await;
    salon.at(booking.starts_at - TimeDelta::hours(2)).await;
    tap(&salon, &format!("book:confirm:{}", booking.id)).await;
    assert_eq!(salon.see(booking.id).await.status, Status::Confirmed);
    tap(&salon, &format!("book:cancel:{}", booking.id)).await;
    assert_eq!(salon.see(booking.id).await.status, Status::Cancelled);
    // Too late, for one that has begun.
    let late = salon.book(salon.ahead(3)).await;
    salon.at(late.starts_at).await;
    let told = tap(&salon, &format!("book:cancel:{}", late.id)).await;
    assert!(told.text.contains("cannot be changed"), "{}", told.text);
}

#[test]
fn what_stands_on_buttons_fits_in_every_language() {
    for language in LANGUAGES {
        for key in [
            "book-yes",
            "book-confirm",
            "book-cancel",
            "book-move",
            "book-mine",
            "book-again",
            "book-more",
            "book-other-day",
            "book-other-time",
        ] {
            let said = locale::text(language, key, &[]);
            assert!(
                said.chars().count() <= kazi_clients::whatsapp::BUTTON_TITLE_LIMIT,
                "{language} {key}: {said}"
            );
        }
        for weekday in 1..=7 {
            let said = locale::text(language, &format!("date-weekday-{weekday}"), &[]);
            assert!(
                said.chars().count() + 3 <= kazi_clients::whatsapp::ROW_TITLE_LIMIT,
                "{said}"
            );
        }
    }
}
