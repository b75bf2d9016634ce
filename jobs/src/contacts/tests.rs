mod imports;
mod lines;
mod merging;
mod records;

use kazi_platform::Phone;
use serde_json::json;

use super::*;
use crate::{
    channels::{ChannelKind, EventKind},
    testing::{CUSTOMER, Shop},
};

async fn made(shop: &Shop, new: serde_json::Value) -> ContactView {
    let mut work = shop.work().await;
    let new = serde_json::from_value(new).unwrap();
    let made = create(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    made
}

async fn count(shop: &Shop, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
}

async fn met(shop: &Shop, user: Option<&str>, digits: Option<&str>) -> Contact {
    let identity = Identity {
        user_id: user.map(str::to_owned),
        chat_id: digits.map(str::to_owned),
        phone: digits.and_then(Phone::from_wa_id),
        name: None,
    };
    let mut work = shop.work().await;
    let contact = resolve(&mut work, shop.whatsapp, &identity).await.unwrap();
    work.commit().await.unwrap();
    contact
}

#[tokio::test]
async fn a_number_that_was_given_to_somebody_else_does_not_bring_the_old_one_s_contact() {
    let shop = Shop::open().await;
    let old = met(&shop, Some("KE.1"), Some(CUSTOMER)).await;
    let stranger = met(&shop, Some("KE.2"), Some(CUSTOMER)).await;
    assert_ne!(old.id, stranger.id);
    assert_eq!(stranger.phone, Phone::from_wa_id(CUSTOMER));
    // The number alone is the stranger's now; the user id is still the old one's.
    assert_eq!(met(&shop, None, Some(CUSTOMER)).await.id, stranger.id);
    let known = met(&shop, Some("KE.1"), None).await;
    assert_eq!((known.id, known.phone), (old.id, None));
}

#[tokio::test]
async fn who_is_first_known_by_the_number_is_the_same_with_a_user_id() {
    let shop = Shop::open().await;
    let before = met(&shop, None, Some(CUSTOMER)).await;
    assert_eq!(met(&shop, Some("KE.1"), Some(CUSTOMER)).await.id, before.id);
    assert_eq!(met(&shop, Some("KE.1"), None).await.id, before.id);
}

#[tokio::test]
async fn who_changes_the_number_takes_the_conversation_and_leaves_the_number() {
    let shop = Shop::open().await;
    let person = met(&shop, None, Some(CUSTOMER)).await;
    let moved = json!({"id": "1", "from": CUSTOMER, "type": "system",
                       "system": {"type": "user_changed_number", "wa_id": "254799999999"}});
    shop.record(
        ChannelKind::WhatsApp,
        EventKind::Message,
        CUSTOMER,
        json!({"message": moved, "contact": null}),
    )
    .await;
    shop.drain().await;
    let stranger = met(&shop, None, Some(CUSTOMER)).await;
    assert_ne!(stranger.id, person.id);
    // WhatsApp may give a new user id with the new number.
    let again = met(&shop, Some("KE.9"), Some("254799999999")).await;
    assert_eq!(again.id, person.id);
    assert_eq!(again.phone, Phone::from_wa_id("254799999999"));
    let peer = sqlx::query_scalar::<_, String>("SELECT recipient FROM conversations")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!(peer, "254799999999", "where the next answer goes");
}

#[tokio::test]
async fn what_people_tell_whatsapp_of_marketing_is_a_consent() {
    let shop = Shop::open().await;
    let person = met(&shop, Some("KE.1"), Some(CUSTOMER)).await;
    let wants = async |number: u8, who: serde_json::Value, value: &str| {
        let mut preference =
            json!({"category": "marketing_messages", "value": value, "timestamp": 1731705721});
        preference
            .as_object_mut()
            .unwrap()
            .extend(who.as_object().unwrap().clone());
        let payload =
            json!({"n": number, "messaging_product": "whatsapp", "user_preferences": [preference]});
        shop.record(ChannelKind::WhatsApp, EventKind::Other, "", payload)
            .await;
        shop.drain().await;
        opted_out(&mut shop.work().await, person.id).await.unwrap()
    };
    assert!(wants(1, json!({"wa_id": CUSTOMER}), "stop").await);
    assert!(!wants(2, json!({"user_id": "KE.1"}), "resume").await);
    assert!(!wants(3, json!({"wa_id": CUSTOMER, "user_id": "KE.1"}), "ponder").await);
    let sources = sqlx::query_scalar::<_, String>("SELECT source FROM consents")
        .fetch_all(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!(sources, ["provider", "provider"]);
}
