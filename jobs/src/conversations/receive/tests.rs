use std::time::Duration;

use kazi_simulators::{Line, Service};
use serde_json::json;

use crate::{
    channels::{ChannelKind, EventKind},
    locale::{self, LANGUAGES},
    testing::{CUSTOMER, Shop},
};

/// The newest line on the customer's phone, after everything has run.
async fn answered(shop: &Shop, kind: ChannelKind) -> Line {
    shop.drain().await;
    assert_eq!(shop.pending().await.len(), 0);
    shop.phone(kind)
        .transcript()
        .into_iter()
        .rfind(|line| line.direction == "in")
        .unwrap()
}

/// What the bot says to a text over WhatsApp.
async fn says(shop: &Shop, id: &str, text: &str) -> Line {
    shop.hear(id, text).await;
    answered(shop, ChannelKind::WhatsApp).await
}

async fn tap(shop: &Shop, choice: &str) -> Line {
    let message = json!({
        "id": format!("wamid.tap.{choice}.{}", shop.sent(Service::WhatsApp).len()), "from": CUSTOMER, "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": choice, "title": "Tapped"}},
    });
    let payload = json!({"message": message, "contact": {"wa_id": CUSTOMER}});
    shop.record(ChannelKind::WhatsApp, EventKind::Message, CUSTOMER, payload)
        .await;
    answered(shop, ChannelKind::WhatsApp).await
}

#[tokio::test]
async fn somebody_new_becomes_known_and_finds_a_product() {
    let shop = Shop::open().await;
    let hello = says(&shop, "1", "hey").await;
    assert!(
        hello.text.contains("Zuri") && hello.text.contains("your name"),
        "{}",
        hello.text
    );
    assert_eq!(hello.buttons[0].title, "Amina");

    let language = says(&shop, "2", "Amina O.").await;
    assert_eq!(
        language
            .buttons
            .iter()
            .map(|b| b.id.as_str())
            .collect::<Vec<_>>(),
        ["lang:en", "lang:fr"]
    );
    let menu = tap(&shop, "lang:fr").await;
    assert!(menu.text.contains("C’est fait, Amina O."), "{}", menu.text);
    assert_eq!(
        menu.buttons
            .iter()
            .map(|b| b.title.as_str())
            .collect::<Vec<_>>(),
        ["Boutique", "Horaires", "Quelqu’un"]
    );

    tap(&shop, "svc:shop").await;
    let found = says(&shop, "3", "cafés").await;
    assert_eq!(found.rows[0].title, "Café du Kenya");
    let next = tap(&shop, &found.rows[0].id.clone()).await;
    assert_eq!(next.buttons.len(), 3);
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    let picture = lines.iter().find(|line| line.kind == "image").unwrap();
    assert!(picture.text.contains("12.50 USD"), "{}", picture.text);
}

#[tokio::test]
async fn the_same_event_is_answered_once_however_often_its_job_runs() {
    let shop = Shop::open().await;
    shop.hear("1", "hey").await;
    let event = sqlx::query_scalar::<_, uuid::Uuid>("SELECT id FROM webhook_events")
        .fetch_one(&shop.ctx.db)
        .await
        .unwrap();
    for _ in 0..3 {
        let mut conn = shop.conn().await;
        kazi_queue::Job::enqueue(
            &super::Receive {
                event: event.into(),
            },
            &mut conn,
        )
        .await
        .unwrap();
    }
    shop.drain().await;
    assert_eq!(shop.sent(Service::WhatsApp).len(), 1);
}

#[tokio::test]
async fn an_opt_out_is_written_down_with_where_it_came_from() {
    let shop = Shop::open().await;
    assert!(
        says(&shop, "1", "STOP")
            .await
            .text
            .contains("no more offers")
    );
    assert!(
        says(&shop, "2", "إيقاف")
            .await
            .text
            .contains("no more offers")
    );
    let consents = sqlx::query_as::<_, (bool, String)>("SELECT granted, source FROM consents")
        .fetch_all(&shop.ctx.db)
        .await
        .unwrap();
    assert_eq!(
        consents,
        [(false, "keyword".to_owned())],
        "what is so already is not written again"
    );
}

#[tokio::test]
async fn a_person_takes_over_until_the_menu_is_asked_for() {
    let shop = Shop::open().await;
    assert!(
        says(&shop, "1", "agent")
            .await
            .text
            .contains("member of our team")
    );
    let before = shop.sent(Service::WhatsApp).len();
    says(&shop, "2", "are you there?").await;
    assert_eq!(shop.sent(Service::WhatsApp).len(), before);
    assert_eq!(says(&shop, "3", "menu").await.buttons.len(), 3);
}

#[tokio::test]
async fn what_the_bot_cannot_read_is_kept_and_answered_and_reactions_are_only_kept() {
    let shop = Shop::open().await;
    shop.hear("0", "hey").await;
    shop.drain().await;
    let kinds = [
        "audio", "location", "sticker", "contacts", "order", "hologram", "reaction", "system",
    ];
    for kind in kinds {
        let message = json!({"id": kind, "from": CUSTOMER, "type": kind, kind: {"anything": [1, {"x": null}]}});
        shop.record(
            ChannelKind::WhatsApp,
            EventKind::Message,
            CUSTOMER,
            json!({"message": message, "contact": null}),
        )
        .await;
    }
    let drained = shop.drain().await;
    assert_eq!((drained.dead, drained.retried), (0, 0));
    let kept = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM messages WHERE direction = 'in'")
        .fetch_one(&shop.ctx.db)
        .await
        .unwrap();
    assert_eq!(kept, 1 + 8);
    // One greeting and an answer each, but for the reaction and the system's message.
    assert_eq!(shop.sent(Service::WhatsApp).len(), 1 + 6);
}

#[tokio::test]
async fn a_new_number_is_followed_and_a_hidden_one_is_filled_in_later() {
    let shop = Shop::open().await;
    let hidden =
        json!({"id": "1", "from_user_id": "KE.1", "type": "text", "text": {"body": "hey"}});
    shop.record(
        ChannelKind::WhatsApp,
        EventKind::Message,
        "KE.1",
        json!({"message": hidden, "contact": {"user_id": "KE.1"}}),
    )
    .await;
    shop.after(Duration::from_secs(1)).await;
    let phone = async || {
        sqlx::query_scalar::<_, Option<String>>("SELECT phone FROM contacts")
            .fetch_all(&shop.ctx.db)
            .await
            .unwrap()
    };
    assert_eq!(phone().await, [None]);

    let shown = json!({"id": "2", "from": CUSTOMER, "from_user_id": "KE.1", "type": "text", "text": {"body": "me"}});
    shop.record(
        ChannelKind::WhatsApp,
        EventKind::Message,
        "KE.1",
        json!({"message": shown, "contact": null}),
    )
    .await;
    shop.after(Duration::from_secs(1)).await;
    assert_eq!(phone().await, [Some(format!("+{CUSTOMER}"))]);

    let moved = json!({"id": "3", "from": CUSTOMER, "from_user_id": "KE.1", "type": "system", "system": {"type": "user_changed_number", "wa_id": "254799999999"}});
    shop.record(
        ChannelKind::WhatsApp,
        EventKind::Message,
        "KE.1",
        json!({"message": moved, "contact": null}),
    )
    .await;
    shop.after(Duration::from_secs(1)).await;
    assert_eq!(phone().await, [Some("+254799999999".to_owned())]);
}

#[tokio::test]
async fn every_language_is_greeted_in_its_own_words_over_green_api() {
    let shop = Shop::open().await;
    sqlx::query("UPDATE workspaces SET languages = $1")
        .bind(LANGUAGES.map(str::to_owned))
        .execute(&shop.ctx.db)
        .await
        .unwrap();
    for (language, customer) in LANGUAGES.into_iter().zip(201..) {
        let phone = shop.providers.phone(
            &format!("201000000{customer}"),
            Service::GreenApi,
            crate::testing::INSTANCE,
        );
        let hello = locale::word(language, "keywords-hello");
        let chat = format!("201000000{customer}@c.us");
        let payload = json!({
            "typeWebhook": "incomingMessageReceived", "idMessage": language, "instanceData": {"idInstance": 1101000001},
            "senderData": {"chatId": chat, "sender": chat, "senderName": ""},
            "messageData": {"typeMessage": "textMessage", "textMessageData": {"textMessage": hello}},
        });
        shop.record(ChannelKind::GreenApi, EventKind::Message, &chat, payload)
            .await;
        shop.drain().await;
        let said = phone.transcript().pop().unwrap().text;
        assert!(
            said.contains(&locale::text(language, "ask-name", &[])),
            "{language}: {said}"
        );
    }
}
