use std::time::Duration;

use kazi_simulators::Service;
use serde_json::{Value, json};

use crate::{
    channels::{ChannelKind, EventKind},
    testing::{CUSTOMER, Shop},
};

/// A text by this user id, of somebody who hides the number unless it is given.
async fn writes(shop: &Shop, id: &str, user: &str, phone: Option<&str>) {
    let mut message = json!({"id": id, "from_user_id": user, "type": "text", "text": {"body": format!("by {user}")}});
    if let Some(phone) = phone {
        message["from"] = phone.into();
    }
    let payload = json!({"message": message, "contact": {"user_id": user}});
    shop.record(ChannelKind::WhatsApp, EventKind::Message, user, payload)
        .await;
    shop.after(Duration::from_secs(1)).await;
}

/// The change as a change of the number tells it.
async fn field(shop: &Shop, previous: &str, current: &str, at: i64) {
    let payload = json!({"messaging_product": "whatsapp", "user_id_update": [{
        "wa_id": null, "detail": "User changed phone number",
        "user_id": {"previous": previous, "current": current}, "timestamp": at.to_string()}]});
    shop.record(ChannelKind::WhatsApp, EventKind::Other, "", payload)
        .await;
    shop.after(Duration::from_secs(1)).await;
}

/// The change as a system message tells it.
async fn system(shop: &Shop, system: Value) {
    let current = system["user_id"].as_str().unwrap().to_owned();
    let message = json!({"id": format!("wamid.{current}"), "type": "system", "system": system});
    let payload = json!({"message": message, "contact": null});
    shop.record(ChannelKind::WhatsApp, EventKind::Message, &current, payload)
        .await;
    shop.after(Duration::from_secs(1)).await;
}

/// How many contacts and open conversations there are, and where answers go.
async fn people(shop: &Shop) -> (i64, i64, Vec<String>) {
    let count = |sql: &'static str| sqlx::query_scalar(sql).fetch_one(&shop.ctx.owner);
    let recipients = sqlx::query_scalar(
        "SELECT recipient FROM conversations WHERE status <> 'closed' ORDER BY recipient",
    );
    (
        count("SELECT count(*) FROM contacts WHERE merged_into IS NULL")
            .await
            .unwrap(),
        count("SELECT count(*) FROM conversations WHERE status <> 'closed'")
            .await
            .unwrap(),
        recipients.fetch_all(&shop.ctx.owner).await.unwrap(),
    )
}

fn one(recipient: &str) -> (i64, i64, Vec<String>) {
    (1, 1, vec![recipient.to_owned()])
}

#[tokio::test]
async fn a_customer_with_a_new_user_id_goes_on_in_the_same_conversation() {
    let shop = Shop::open().await;
    let at = shop.now().timestamp();
    writes(&shop, "1", "KE.1", None).await;
    for _ in 0..2 {
        field(&shop, "KE.1", "KE.2", at).await;
    }
    assert_eq!(people(&shop).await, one("KE.2"));
    writes(&shop, "2", "KE.2", None).await;
    let answered = &shop.sent(Service::WhatsApp).pop().unwrap().body;
    assert_eq!(answered["recipient"], "KE.2", "{answered}");
    system(
        &shop,
        json!({"type": "user_changed_user_id", "previous_user_id": "KE.2", "user_id": "KE.3"}),
    )
    .await;
    assert_eq!(people(&shop).await, one("KE.3"));
    // A message by the old id was late. The answer goes to the new one.
    writes(&shop, "3", "KE.1", None).await;
    assert_eq!(people(&shop).await, one("KE.3"));
    let conversations = "SELECT count(DISTINCT conversation_id) FROM messages";
    let conversations: i64 = sqlx::query_scalar(conversations)
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!(conversations, 1);
}

#[tokio::test]
async fn the_first_message_by_a_new_user_id_may_overtake_the_news() {
    for phone in [None, Some(CUSTOMER)] {
        let shop = Shop::open().await;
        let at = shop.now().timestamp();
        writes(&shop, "1", "KE.1", phone).await;
        writes(&shop, "2", "KE.2", phone).await;
        assert_eq!(people(&shop).await.0, 2, "nobody knows yet");
        field(&shop, "KE.1", "KE.2", at).await;
        assert_eq!(people(&shop).await, one(phone.unwrap_or("KE.2")));
        writes(&shop, "3", "KE.2", None).await;
        assert_eq!(people(&shop).await, one("KE.2"));
        let kept = "SELECT phone FROM contacts WHERE merged_into IS NULL";
        let kept: Option<String> = sqlx::query_scalar(kept)
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap();
        assert_eq!(kept, phone.map(|phone| format!("+{phone}")));
    }
}

#[tokio::test]
async fn changes_that_come_in_the_wrong_order_end_at_the_newest_user_id() {
    let shop = Shop::open().await;
    let at = shop.now().timestamp() - 3_600;
    writes(&shop, "1", "KE.1", None).await;
    field(&shop, "KE.2", "KE.3", at + 60).await;
    field(&shop, "KE.1", "KE.2", at).await;
    assert_eq!(people(&shop).await, one("KE.3"));
    writes(&shop, "2", "KE.3", None).await;
    assert_eq!(people(&shop).await, one("KE.3"));
}

#[tokio::test]
async fn a_new_number_brings_a_new_user_id() {
    let shop = Shop::open().await;
    writes(&shop, "1", "KE.1", Some(CUSTOMER)).await;
    let changed = json!({"type": "user_changed_number", "wa_id": "254799999999",
                         "previous_user_id": "KE.1", "user_id": "KE.2"});
    system(&shop, changed).await;
    assert_eq!(people(&shop).await, one("254799999999"));
    writes(&shop, "2", "KE.2", None).await;
    assert_eq!(people(&shop).await, one("KE.2"));
    // Somebody else has the old number now.
    writes(&shop, "3", "KE.7", Some(CUSTOMER)).await;
    assert_eq!(people(&shop).await.0, 2);
}

#[tokio::test]
async fn news_of_whatsapp_itself_do_not_open_the_24_hours() {
    let shop = Shop::open().await;
    system(
        &shop,
        json!({"type": "user_changed_user_id", "previous_user_id": "KE.1", "user_id": "KE.2"}),
    )
    .await;
    let opened: Option<chrono::DateTime<chrono::Utc>> =
        sqlx::query_scalar("SELECT last_inbound_at FROM conversations")
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap();
    assert_eq!(opened, None);
}
