use std::time::Duration;

use kazi_simulators::Service;
use serde_json::{Value, json};

use crate::{
    channels::{ChannelKind, EventKind},
    testing::{CUSTOMER, Shop},
};

const MINUTE: Duration = Duration::from_secs(60);

/// The direction, the cause and the text of all messages.
async fn conversation(shop: &Shop) -> Vec<(String, String, String)> {
    sqlx::query_as("SELECT direction, cause, body FROM messages ORDER BY created_at, id")
        .fetch_all(&shop.ctx.owner)
        .await
        .unwrap()
}

fn line(direction: &str, cause: &str, body: &str) -> (String, String, String) {
    (direction.into(), cause.into(), body.into())
}

/// The owner writes on the phone of the number.
async fn owner(shop: &Shop, message: Value) {
    let mut said = json!({"from": "15550100200", "to": CUSTOMER});
    said.as_object_mut()
        .unwrap()
        .extend(message.as_object().unwrap().clone());
    let payload = json!({"message": said, "contact": null});
    shop.record(ChannelKind::WhatsApp, EventKind::Echo, CUSTOMER, payload)
        .await;
    // Messages of one millisecond have no order.
    shop.after(Duration::from_secs(1)).await;
}

async fn answers(shop: &Shop) -> usize {
    shop.drain().await;
    shop.sent(Service::WhatsApp).len()
}

#[tokio::test]
async fn the_bot_is_silent_while_the_owner_talks_and_speaks_again_afterwards() {
    let shop = Shop::open().await;
    owner(
        &shop,
        json!({"id": "wamid.o1", "type": "text", "text": {"body": "Your cake is ready"}}),
    )
    .await;
    shop.hear("1", "great, when can I come?").await;
    assert_eq!(answers(&shop).await, 0);
    assert_eq!(
        conversation(&shop).await,
        [
            line("out", "agent", "Your cake is ready"),
            line("in", "customer", "great, when can I come?")
        ]
    );
    shop.after(MINUTE * 20).await;
    owner(
        &shop,
        json!({"id": "wamid.o2", "type": "image", "image": {"id": "7"}}),
    )
    .await;
    // Half an hour after the first words, and not after the last ones.
    shop.after(MINUTE * 15).await;
    shop.hear("2", "ok").await;
    assert_eq!(answers(&shop).await, 0);
    shop.after(MINUTE * 20).await;
    shop.hear("3", "hello").await;
    assert_eq!(answers(&shop).await, 1);
}

#[tokio::test]
async fn consent_and_a_wish_for_a_person_or_the_menu_are_heard_while_the_owner_talks() {
    for (words, cause) in [
        ("STOP", "no more offers"),
        ("agent", "member of our team"),
        ("menu", "How can I help you"),
    ] {
        let shop = Shop::open().await;
        owner(
            &shop,
            json!({"id": "wamid.o1", "type": "text", "text": {"body": "Hello"}}),
        )
        .await;
        sqlx::query("UPDATE contacts SET registered_at = now()")
            .execute(&shop.ctx.owner)
            .await
            .unwrap();
        shop.hear("1", words).await;
        assert_eq!(answers(&shop).await, 1, "{words}");
        let said = conversation(&shop).await;
        assert!(said.last().unwrap().2.contains(cause), "{said:?}");
    }
}

#[tokio::test]
async fn what_the_owner_corrects_deletes_or_likes_is_kept_and_keeps_nobody_silent() {
    let shop = Shop::open().await;
    let words = json!({"id": "wamid.o1", "type": "text", "text": {"body": "At nin"}});
    owner(&shop, words.clone()).await;
    owner(&shop, words).await;
    owner(
        &shop,
        json!({"id": "wamid.o2", "type": "edit", "edit": {"original_message_id": "wamid.o1",
        "message": {"type": "text", "text": {"body": "At nine"}}}}),
    )
    .await;
    assert_eq!(
        conversation(&shop).await,
        [
            line("out", "agent", "At nine"),
            line("out", "agent", "✏️ At nine")
        ]
    );
    shop.after(MINUTE * 31).await;
    owner(
        &shop,
        json!({"id": "wamid.o3", "type": "reaction", "reaction": {"emoji": "👍"}}),
    )
    .await;
    shop.hear("1", "hello").await;
    assert_eq!(answers(&shop).await, 1);
    // Meta tells how far the owner's words got. They have no request of ours.
    shop.status("wamid.o1", None, "failed", Some(131_026)).await;
    shop.drain().await;
    assert!(
        shop.pending()
            .await
            .iter()
            .all(|job| job.kind != "messages.send")
    );
}

#[tokio::test]
async fn green_api_tells_what_the_phone_and_other_programs_send() {
    let shop = Shop::open().await;
    let chat = format!("{CUSTOMER}@c.us");
    let told = |kind: &str, id: &str, text: &str| {
        json!({"typeWebhook": kind, "idMessage": id, "senderData": {"chatId": chat, "sender": "254700000001@c.us", "senderName": "Shop"},
            "messageData": {"typeMessage": "textMessage", "textMessageData": {"textMessage": text}}})
    };
    let customer = |id: &str, text: &str| {
        json!({"typeWebhook": "incomingMessageReceived", "idMessage": id, "senderData": {"chatId": chat, "sender": chat},
            "messageData": {"typeMessage": "textMessage", "textMessageData": {"textMessage": text}}})
    };
    let (green, sent) = (ChannelKind::GreenApi, Service::GreenApi);
    shop.record(green, EventKind::Message, &chat, customer("C1", "hello"))
        .await;
    shop.drain().await;
    let greeted = shop.sent(sent).len();
    assert_eq!(greeted, 1);
    // Our own greeting is told too: it is known by its id, and silences nobody.
    let ours: (String, String) =
        sqlx::query_as("SELECT provider_id, body FROM messages WHERE direction = 'out'")
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap();
    shop.record(
        green,
        EventKind::Echo,
        &chat,
        told("outgoingAPIMessageReceived", &ours.0, &ours.1),
    )
    .await;
    shop.record(green, EventKind::Message, &chat, customer("C2", "Neema"))
        .await;
    shop.drain().await;
    assert_eq!(shop.sent(sent).len(), 2);
    for (n, kind) in ["outgoingMessageReceived", "outgoingAPIMessageReceived"]
        .into_iter()
        .enumerate()
    {
        shop.after(MINUTE * 40).await;
        shop.record(
            green,
            EventKind::Echo,
            &chat,
            told(kind, &format!("O{n}"), &format!("By hand {n}")),
        )
        .await;
        shop.drain().await;
        shop.record(
            green,
            EventKind::Message,
            &chat,
            customer(&format!("D{n}"), "and?"),
        )
        .await;
        shop.drain().await;
        assert_eq!(shop.sent(sent).len(), 2, "{kind}");
    }
    let said = conversation(&shop).await;
    let by_hand: Vec<&str> = said
        .iter()
        .filter(|(_, cause, _)| cause == "agent")
        .map(|(_, _, body)| body.as_str())
        .collect();
    assert_eq!(by_hand, ["By hand 0", "By hand 1"]);
}

#[tokio::test]
async fn what_the_owner_corrects_before_it_comes_is_stored_as_corrected() {
    let shop = Shop::open().await;
    let edit = json!({"id": "e1", "type": "edit", "edit": {"original_message_id": "wamid.o1",
                      "message": {"type": "text", "text": {"body": "At nine"}}}});
    owner(&shop, edit).await;
    let said = json!({"id": "wamid.o1", "type": "text", "text": {"body": "At nne"}});
    owner(&shop, said).await;
    let stored = conversation(&shop).await;
    assert_eq!(stored[1], line("out", "agent", "At nine"));
}
