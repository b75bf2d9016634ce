use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::Timestamp;
use kazi_queue::Job;
use kazi_simulators::{Line, Service};
use serde_json::json;

use super::{Gather, LINES, Next, add};
use crate::{
    bot::Receive,
    channels::{ChannelKind, EventKind, WebhookEventId},
    conversations::{self, ConversationId, MessageId, State},
    testing::{CUSTOMER, Shop},
};

const QUESTION: [&str; 5] = [
    "I come on Saturday",
    "with my sister",
    "before work",
    "when do you open",
    "and when do you close?",
];
const BETWEEN: Duration = Duration::from_millis(600);
const WAIT: Duration = Duration::from_secs(3);

/// A shop that waits as by default. Its customer is known and reads English.
async fn known() -> Shop {
    let shop = Shop::open().await;
    shop.gather_for(None).await;
    for (id, text) in [("a", "hey"), ("b", "Amina"), ("c", "English")] {
        shop.hear(id, text).await;
        shop.drain().await;
    }
    shop
}

/// The last messages of each request to the model.
fn asked(shop: &Shop, count: usize) -> Vec<Vec<String>> {
    let requests = shop.sent(Service::OpenRouter).into_iter();
    let turns = requests.map(|entry| {
        let turns = entry.body["messages"].as_array().unwrap();
        let last = turns.len().saturating_sub(count);
        let texts = turns[last..].iter().map(|turn| turn["content"].as_str());
        texts.map(|text| text.unwrap().to_owned()).collect()
    });
    turns.collect()
}

fn answers(shop: &Shop) -> Vec<Line> {
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    lines
        .into_iter()
        .filter(|line| line.direction == "in")
        .collect()
}

async fn tap(shop: &Shop, choice: &str) {
    let message = json!({
        "id": format!("tap.{choice}"), "from": CUSTOMER, "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": choice, "title": "Hours"}},
    });
    shop.ctx.clock.advance(TimeDelta::milliseconds(1));
    let payload = json!({"message": message, "contact": {"wa_id": CUSTOMER}});
    shop.record(ChannelKind::WhatsApp, EventKind::Message, CUSTOMER, payload)
        .await;
}

#[tokio::test]
async fn five_lines_within_three_seconds_get_one_answer() {
    let shop = known().await;
    let before = answers(&shop).len();
    for line in QUESTION {
        shop.hear(line, line).await;
        shop.after(BETWEEN).await;
    }
    assert_eq!(answers(&shop).len(), before, "it waits for more");
    shop.after(WAIT).await;
    assert_eq!(asked(&shop, 5), [QUESTION]);
    let said = answers(&shop);
    assert_eq!(said.len(), before + 1);
    assert!(said[before].text.contains("8:00"), "{}", said[before].text);
    assert_eq!(shop.pending().await.len(), 0);
    // The next question is another one.
    shop.hear("next", "what does the coffee cost").await;
    shop.drain().await;
    shop.after(WAIT).await;
    assert_eq!(asked(&shop, 1)[1], ["what does the coffee cost"]);
    assert_eq!(answers(&shop).len(), before + 2);
}

/// A process that dies after a commit and before the end of its job runs the job again.
async fn all_again(shop: &Shop) {
    let (mut conn, workspace) = (shop.conn().await, shop.workspace);
    let events: Vec<WebhookEventId> =
        sqlx::query_scalar("SELECT id FROM webhook_events ORDER BY id")
            .fetch_all(&mut *conn)
            .await
            .unwrap();
    for event in events {
        let again = Receive { workspace, event };
        again.enqueue(&mut conn).await.unwrap();
    }
    let lines: Vec<(ConversationId, MessageId)> = sqlx::query_as(
        "SELECT conversation_id, id FROM messages WHERE direction = 'in' ORDER BY id",
    )
    .fetch_all(&mut *conn)
    .await
    .unwrap();
    for (conversation, line) in lines {
        let again = Gather {
            workspace,
            conversation,
            line,
            sequence: None,
        };
        again.enqueue(&mut conn).await.unwrap();
    }
}

#[tokio::test]
async fn each_line_is_answered_once_wherever_the_process_dies() {
    // The process dies after so many lines, and after the answer.
    for died in 0..=QUESTION.len() {
        let shop = known().await;
        let before = answers(&shop).len();
        for (number, line) in QUESTION.into_iter().enumerate() {
            shop.hear(line, line).await;
            shop.drain().await;
            if number == died {
                // The wait of the last line is over for the one that runs again.
                all_again(&shop).await;
                shop.drain().await;
            }
        }
        shop.after(WAIT).await;
        all_again(&shop).await;
        shop.drain().await;
        let lines: Vec<String> = asked(&shop, 5).into_iter().flatten().collect();
        for line in QUESTION {
            let count = shop
                .sent(Service::OpenRouter)
                .iter()
                .filter(|entry| entry.body["messages"].to_string().contains(line))
                .count();
            assert!(
                count > 0 && lines.contains(&line.to_owned()),
                "{died}: {line}"
            );
        }
        let requests = shop.sent(Service::OpenRouter).len();
        assert_eq!(answers(&shop).len(), before + requests, "{died}");
        assert!(requests <= 2, "{died}: {requests}");
        assert_eq!(shop.pending().await.len(), 0, "{died}");
    }
}

#[tokio::test]
async fn menus_buttons_and_stop_words_do_not_wait() {
    let shop = known().await;
    shop.hear("1", "when do you open").await;
    shop.drain().await;
    let before = answers(&shop).len();
    shop.hear("2", "menu").await;
    shop.drain().await;
    let menu = answers(&shop);
    assert_eq!((menu.len(), menu[before].buttons.len()), (before + 1, 3));
    tap(&shop, "svc:shop").await;
    shop.drain().await;
    assert!(answers(&shop)[before + 1].text.contains("looking for"));
    shop.hear("3", "stop").await;
    shop.drain().await;
    assert_eq!(answers(&shop).len(), before + 3);
    assert_eq!(shop.sent(Service::OpenRouter).len(), 0);
    shop.after(WAIT).await;
    let said = answers(&shop);
    assert!(said[before + 3].text.contains("8:00"), "{said:?}");
}

#[tokio::test]
async fn a_tap_is_answered_at_once_with_the_lines_before_it() {
    let shop = known().await;
    let before = answers(&shop).len();
    shop.hear("1", "I come on Saturday").await;
    shop.drain().await;
    tap(&shop, "svc:hours").await;
    shop.drain().await;
    assert_eq!(asked(&shop, 2), [["I come on Saturday", "Hours"]]);
    shop.after(WAIT).await;
    assert_eq!(answers(&shop).len(), before + 1);
}

#[tokio::test]
async fn without_a_wait_each_line_has_its_answer_at_once() {
    let shop = known().await;
    shop.gather_for(Some(0)).await;
    let before = answers(&shop).len();
    shop.hear("1", "when do you open").await;
    shop.hear("2", "what does the coffee cost").await;
    shop.drain().await;
    assert_eq!(answers(&shop).len(), before + 2);
    let last: Vec<String> = asked(&shop, 1).into_iter().flatten().collect();
    assert_eq!(last, ["when do you open", "what does the coffee cost"]);
}

#[tokio::test]
async fn who_takes_the_conversation_over_answers_the_lines_that_wait() {
    let shop = known().await;
    shop.hear("1", "when do you open").await;
    shop.drain().await;
    shop.hear("2", "agent").await;
    shop.drain().await;
    let before = answers(&shop).len();
    shop.after(WAIT).await;
    assert_eq!(answers(&shop).len(), before);
    assert_eq!(shop.sent(Service::OpenRouter).len(), 0);
}

#[tokio::test]
async fn a_line_that_is_deleted_or_corrected_in_time_is_not_asked() {
    let shop = known().await;
    for (id, text) in [("1", "I hate mornings"), ("2", "when do you opn")] {
        shop.hear(id, text).await;
        shop.drain().await;
    }
    let mut work = shop.work().await;
    let (id,): (ConversationId,) = sqlx::query_as("SELECT id FROM conversations")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    let talk = conversations::get(&mut work, id).await.unwrap().unwrap();
    for (of, text) in [("1", None), ("2", Some("when do you open"))] {
        let changed = crate::messages::rewrite(&mut work, &talk, (of, true), text).await;
        assert!(changed.unwrap().is_some());
    }
    work.commit().await.unwrap();
    shop.after(WAIT).await;
    let turns = asked(&shop, 20).concat();
    assert_eq!(turns.last().unwrap(), "when do you open");
    assert!(
        !turns.iter().any(|turn| turn.contains("mornings")),
        "{turns:?}"
    );
}

#[test]
fn a_customer_who_goes_on_writing_is_answered_between() {
    let begin: Timestamp = "2026-03-01T09:00:00Z".parse().unwrap();
    let (line, wait) = (MessageId::at(begin), TimeDelta::seconds(3));
    let at = |seconds| begin + TimeDelta::seconds(seconds);
    let mut state = State::default();
    for (second, until) in [(0, 3), (2, 5), (11, 14), (13, 15), (14, 15)] {
        let next = add(&mut state, line, at(second), wait);
        assert_eq!(next, Next::Wait(at(until)), "{second}");
    }
    let next = add(&mut state, line, at(15), wait);
    assert_eq!(next, Next::Ask(vec![line; 5]));
    assert_eq!(state, State::default());
    for _ in 1..LINES {
        assert_eq!(add(&mut state, line, begin, wait), Next::Wait(at(3)));
    }
    let next = add(&mut state, line, begin, wait);
    assert_eq!(next, Next::Ask(vec![line; LINES - 1]));
    let next = add(&mut state, line, begin, TimeDelta::zero());
    assert_eq!(next, Next::Ask(Vec::new()));
}
