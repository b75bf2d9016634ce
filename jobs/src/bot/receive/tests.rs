use std::time::Duration;

use kazi_simulators::{Line, Service};
use serde_json::json;

use crate::{
    channels::{ChannelKind, EventKind},
    locale::{self, LANGUAGES},
    testing::{CUSTOMER, Shop},
};

/// What is still to be done, but for a ticket that may wait for hours.
async fn left(shop: &Shop) -> usize {
    let jobs = shop.pending().await;
    jobs.iter()
        .filter(|job| job.kind != "support.remind_unanswered")
        .count()
}

/// The newest line on the customer's phone, after everything has run.
async fn answered(shop: &Shop, kind: ChannelKind) -> Line {
    shop.drain().await;
    assert_eq!(left(shop).await, 0);
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
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    for _ in 0..3 {
        let mut conn = shop.conn().await;
        kazi_queue::Job::enqueue(
            &super::Receive {
                workspace: shop.workspace,
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
        .fetch_all(&shop.ctx.owner)
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
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!(kept, 1 + 8);
    // The greeting, one answer for all that came at once and cannot be read, and one for the order.
    assert_eq!(shop.sent(Service::WhatsApp).len(), 1 + 1 + 1);
}

/// A message of the customer over WhatsApp.
async fn message(shop: &Shop, mut message: serde_json::Value) {
    shop.ctx.clock.advance(chrono::TimeDelta::milliseconds(1));
    message["from"] = CUSTOMER.into();
    let payload = json!({"message": message, "contact": {"wa_id": CUSTOMER}});
    shop.record(ChannelKind::WhatsApp, EventKind::Message, CUSTOMER, payload)
        .await;
}

/// A shop whose customer has been greeted.
async fn greeted() -> Shop {
    let shop = Shop::open().await;
    for (id, text) in [("a", "hey"), ("b", "Amina"), ("c", "English")] {
        says(&shop, id, text).await;
    }
    shop
}

/// The texts that are answered after something, in their order.
async fn answers(shop: &Shop, before: usize) -> Vec<String> {
    shop.drain().await;
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    let said = lines.into_iter().filter(|line| line.direction == "in");
    said.skip(before).map(|line| line.text).collect()
}

/// The kinds and the texts of what came in.
async fn kept(shop: &Shop) -> Vec<(String, String)> {
    sqlx::query_as("SELECT kind, body FROM messages WHERE direction = 'in' ORDER BY id")
        .fetch_all(&shop.ctx.owner)
        .await
        .unwrap()
}

async fn ticket_lines(shop: &Shop) -> Vec<String> {
    sqlx::query_scalar("SELECT body FROM ticket_messages ORDER BY id")
        .fetch_all(&shop.ctx.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn pictures_of_one_album_get_one_answer_and_the_next_ones_another() {
    let shop = greeted().await;
    let before = shop.sent(Service::WhatsApp).len();
    for n in 0..6 {
        message(
            &shop,
            json!({"id": format!("p{n}"), "type": "image", "image": {"id": n.to_string()}}),
        )
        .await;
    }
    let said = answers(&shop, before).await;
    assert!(
        said.len() == 1 && said[0].contains("only read text"),
        "{said:?}"
    );
    shop.after(Duration::from_secs(120)).await;
    // A caption is what is answered, whatever comes with it.
    message(
        &shop,
        json!({"id": "q1", "type": "image", "image": {"id": "1", "caption": "menu"}}),
    )
    .await;
    message(
        &shop,
        json!({"id": "q2", "type": "video", "video": {"id": "2"}}),
    )
    .await;
    let said = answers(&shop, before + 1).await;
    assert!(
        said.len() == 1 && said[0].contains("How can I help"),
        "{said:?}"
    );
}

#[tokio::test]
async fn files_of_another_kind_get_an_answer_of_their_own() {
    let shop = greeted().await;
    let mut before = shop.sent(Service::WhatsApp).len();
    let place = json!({"type": "location", "location": {"latitude": 4, "longitude": 39}});
    let voice = json!({"type": "audio", "audio": {"id": "7", "voice": true}});
    let picture = json!({"type": "image", "image": {"id": "8", "caption": "menu"}});
    for (n, (first, second, answer)) in [
        (&place, &voice, "only read text"),
        (&picture, &voice, "only read text"),
        (&voice, &place, "kept it"),
        (&picture, &place, "kept it"),
    ]
    .into_iter()
    .enumerate()
    {
        for (said, of) in [(first, "a"), (second, "b")] {
            let mut said = said.clone();
            said["id"] = format!("k{n}{of}").into();
            message(&shop, said).await;
            shop.after(Duration::from_secs(1)).await;
        }
        let said = answers(&shop, before).await;
        assert!(said.len() == 2 && said[1].contains(answer), "{n}: {said:?}");
        before += 2;
        shop.after(Duration::from_secs(120)).await;
    }
    // Of one kind, and of nothing else, one is enough.
    for n in 0..3 {
        let mut said = voice.clone();
        said["id"] = format!("v{n}").into();
        message(&shop, said).await;
    }
    assert_eq!(answers(&shop, before).await.len(), 1);
}

#[tokio::test]
async fn a_contact_without_a_name_is_offered_the_name_of_the_profile() {
    for made_by in ["import", "echo"] {
        let shop = Shop::open().await;
        if made_by == "import" {
            sqlx::query(
                "INSERT INTO contacts (workspace_id, id, phone, country) VALUES ($1, $2, $3, 'KE')",
            )
            .bind(shop.workspace.uuid())
            .bind(uuid::Uuid::now_v7())
            .bind(format!("+{CUSTOMER}"))
            .execute(&shop.ctx.owner)
            .await
            .unwrap();
        } else {
            let echo = json!({"id": "wamid.e7", "from": "15550100200", "to": CUSTOMER, "type": "text",
                              "text": {"body": "I call you soon"}});
            let payload = json!({"message": echo, "contact": null});
            shop.record(ChannelKind::WhatsApp, EventKind::Echo, CUSTOMER, payload)
                .await;
            shop.drain().await;
            // The bot is silent for a while after the business has written.
            shop.after(Duration::from_secs(3_600)).await;
        }
        let hello = says(&shop, "1", "hey").await;
        let buttons: Vec<&str> = hello.buttons.iter().map(|b| b.title.as_str()).collect();
        assert_eq!(buttons, ["Amina"], "{made_by}");
        // The name that the business or the contact gave stays.
        says(&shop, "2", "Amina O.").await;
        says(&shop, "3", "English").await;
        let name = sqlx::query_scalar::<_, String>("SELECT name FROM contacts")
            .fetch_all(&shop.ctx.owner)
            .await
            .unwrap();
        assert_eq!(name, ["Amina O."], "{made_by}");
    }
}

#[tokio::test]
async fn another_firms_menu_is_kept_and_not_answered_and_a_forwarded_one_is() {
    let shop = Shop::open().await;
    for (id, text) in [("a", "hey"), ("b", "Amina"), ("c", "English")] {
        green(&shop, id, text).await;
    }
    let before = shop.sent(Service::GreenApi).len();
    let chat = format!("{CUSTOMER}@c.us");
    for (n, forwarded) in [(0, false), (1, true)] {
        shop.after(Duration::from_secs(120)).await;
        let menu = json!({"contentText": "Rate our bank", "footer": "Thanks", "isForwarded": forwarded,
                          "buttons": [{"buttonId": "1", "buttonText": "Good"}]});
        let payload = json!({
            "typeWebhook": "incomingMessageReceived", "idMessage": format!("menu{n}"),
            "senderData": {"chatId": chat, "sender": chat},
            "messageData": {"typeMessage": "buttonsMessage", "buttonsMessage": menu},
        });
        shop.record(ChannelKind::GreenApi, EventKind::Message, &chat, payload)
            .await;
        shop.drain().await;
        assert_eq!(shop.sent(Service::GreenApi).len(), before + n);
    }
    let kept = kept(&shop).await;
    let menu = (
        "interactive".to_owned(),
        "Rate our bank\nThanks\n[Good]".to_owned(),
    );
    assert_eq!(kept[kept.len() - 2..], [menu.clone(), menu]);
}

#[tokio::test]
async fn an_edit_and_a_deletion_reach_the_ticket() {
    let shop = greeted().await;
    says(&shop, "d", "agent").await;
    let text = |id: &str, text: &str| json!({"id": id, "type": "text", "text": {"body": text}});
    message(&shop, text("t1", "My order is 118")).await;
    shop.drain().await;
    message(&shop, text("t2", "My card is 4111")).await;
    shop.drain().await;
    for n in 0..2 {
        message(
            &shop,
            json!({"id": format!("t3{n}"), "type": "revoke", "revoke": {"original_message_id": "t2"}}),
        )
        .await;
    }
    message(
        &shop,
        json!({"id": "t4", "type": "edit", "edit": {"original_message_id": "t1",
               "message": {"type": "text", "text": {"body": "My order is 181"}}}}),
    )
    .await;
    shop.drain().await;
    let lines = ["agent", "✏️ My order is 181", "[deleted] My card is 4111"];
    assert_eq!(ticket_lines(&shop).await, lines);
    // What opened the ticket is its subject.
    message(
        &shop,
        json!({"id": "t5", "type": "revoke", "revoke": {"original_message_id": "d"}}),
    )
    .await;
    shop.drain().await;
    let subject = sqlx::query_scalar::<_, String>("SELECT subject FROM tickets")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!(subject, "[deleted] agent");
}

#[tokio::test]
async fn an_edit_and_a_deletion_change_the_message_and_are_not_answered() {
    let shop = greeted().await;
    message(
        &shop,
        json!({"id": "m1", "type": "text", "text": {"body": "When do you opn?"}}),
    )
    .await;
    shop.drain().await;
    let before = shop.sent(Service::WhatsApp).len();
    message(
        &shop,
        json!({"id": "m2", "type": "edit", "edit": {"original_message_id": "m1",
        "message": {"type": "text", "text": {"body": "When do you open?"}}}}),
    )
    .await;
    message(
        &shop,
        json!({"id": "m3", "type": "text", "text": {"body": "My card is 1234"}}),
    )
    .await;
    shop.drain().await;
    let with_question = shop.sent(Service::WhatsApp).len();
    assert_eq!(with_question, before + 1);
    message(
        &shop,
        json!({"id": "m4", "type": "revoke", "revoke": {"original_message_id": "m3"}}),
    )
    .await;
    message(
        &shop,
        json!({"id": "m5", "type": "revoke", "revoke": {"original_message_id": "of.another"}}),
    )
    .await;
    message(
        &shop,
        json!({"id": "m6", "type": "reaction", "reaction": {"message_id": "x", "emoji": "🙏"}}),
    )
    .await;
    shop.drain().await;
    assert_eq!(shop.sent(Service::WhatsApp).len(), with_question);
    // A model sees the corrected question, and what was deleted not at all.
    message(
        &shop,
        json!({"id": "m7", "type": "text", "text": {"body": "And on Sunday?"}}),
    )
    .await;
    shop.drain().await;
    let asked = shop.sent(Service::OpenRouter).pop().unwrap().body;
    let turns: Vec<&str> = asked["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|turn| turn["role"] == "user")
        .filter_map(|turn| turn["content"].as_str())
        .collect();
    assert!(turns.contains(&"When do you open?"), "{turns:?}");
    assert!(
        turns
            .iter()
            .all(|turn| !turn.contains("1234") && !turn.contains("opn") && !turn.contains('['))
    );
    assert!(ticket_lines(&shop).await.is_empty());
}

#[tokio::test]
async fn a_change_that_overtakes_its_message_is_in_it_from_the_start() {
    let shop = greeted().await;
    let asked = shop.sent(Service::OpenRouter).len();
    let before = shop.sent(Service::WhatsApp).len();
    message(
        &shop,
        json!({"id": "e1", "type": "edit", "edit": {"original_message_id": "m1",
        "message": {"type": "text", "text": {"body": "When do you open?"}}}}),
    )
    .await;
    message(
        &shop,
        json!({"id": "r1", "type": "revoke", "revoke": {"original_message_id": "m2"}}),
    )
    .await;
    shop.drain().await;
    assert_eq!(shop.sent(Service::WhatsApp).len(), before);
    message(
        &shop,
        json!({"id": "m1", "type": "text", "text": {"body": "When do you opn?"}}),
    )
    .await;
    message(
        &shop,
        json!({"id": "m2", "type": "text", "text": {"body": "My card is 1234"}}),
    )
    .await;
    shop.drain().await;
    // The corrected question is answered, and what was deleted is not.
    assert_eq!(shop.sent(Service::WhatsApp).len(), before + 1);
    let questions = shop.sent(Service::OpenRouter);
    assert_eq!(questions.len(), asked + 1);
    let question = questions.last().unwrap().body["messages"]
        .as_array()
        .unwrap();
    assert_eq!(question.last().unwrap()["content"], "When do you open?");
    let stored: Vec<(String, serde_json::Value)> = sqlx::query_as(
        "SELECT body, content FROM messages WHERE provider_id IN ('m1', 'm2') ORDER BY provider_id",
    )
    .fetch_all(&shop.ctx.owner)
    .await
    .unwrap();
    assert_eq!(stored[0].0, "When do you open?");
    assert_eq!(stored[0].1["before"], "When do you opn?");
    assert_eq!(stored[1].1["deleted"], true);
    let waiting: i64 = sqlx::query_scalar("SELECT count(*) FROM bot_states WHERE step ? 'early'")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!(waiting, 0);
}

#[tokio::test]
async fn who_has_given_no_name_is_asked_once_and_not_for_each_file() {
    let shop = Shop::open().await;
    let picture = |id: &str| json!({"id": id, "type": "image", "image": {"id": "7"}});
    message(&shop, picture("p1")).await;
    shop.drain().await;
    for (n, said) in [
        picture("p2"),
        json!({"id": "l1", "type": "location", "location": {"latitude": 1.5, "longitude": 2.5}}),
        json!({"id": "o1", "type": "order", "order": {"catalog_id": "1", "product_items": [
            {"product_retailer_id": "COF", "quantity": 1, "item_price": 12.5, "currency": "USD"}]}}),
        json!({"id": "e1", "type": "edit", "edit": {"original_message_id": "p1",
               "message": {"type": "image", "image": {"id": "7", "caption": "Look"}}}}),
        picture("p3"),
    ]
    .into_iter()
    .enumerate()
    {
        shop.after(Duration::from_secs(300)).await;
        message(&shop, said).await;
        shop.drain().await;
        let lines = shop.phone(ChannelKind::WhatsApp).transcript();
        let asked = lines.iter().filter(|line| line.text.contains("name"));
        assert_eq!(asked.count(), 1, "{n}: {lines:?}");
    }
    // The next text is still the answer.
    let language = says(&shop, "name", "Amina").await;
    assert_eq!(language.buttons[0].id, "lang:en");
}

#[tokio::test]
async fn a_correction_to_stop_is_obeyed() {
    let shop = greeted().await;
    message(
        &shop,
        json!({"id": "m1", "type": "text", "text": {"body": "Stpo"}}),
    )
    .await;
    let before = {
        shop.drain().await;
        shop.sent(Service::WhatsApp).len()
    };
    message(
        &shop,
        json!({"id": "m2", "type": "edit", "edit": {"original_message_id": "m1",
        "message": {"type": "text", "text": {"body": "Stop"}}}}),
    )
    .await;
    let said = answers(&shop, before).await;
    assert!(
        said.len() == 1 && said[0].contains("no more offers"),
        "{said:?}"
    );
}

#[tokio::test]
async fn a_form_an_order_and_a_place_are_thanked_for_and_kept_for_a_person() {
    let shop = greeted().await;
    let before = shop.sent(Service::WhatsApp).len();
    message(&shop, json!({"id": "m1", "type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {
        "response_json": "{\"size\":\"L\"}"}}})).await;
    message(
        &shop,
        json!({"id": "m2", "type": "order", "order": {"product_items": [
        {"product_retailer_id": "MUG", "quantity": 2}]}}),
    )
    .await;
    message(&shop, json!({"id": "m3", "type": "location", "location": {"latitude": 1, "longitude": 2, "name": "Fort"}})).await;
    let said = answers(&shop, before).await;
    let wanted = ["got your answers", "passed your order", "kept it"];
    assert_eq!(said.len(), 3, "{said:?}");
    for (said, wanted) in said.iter().zip(wanted) {
        assert!(said.contains(wanted), "{said}");
    }
    assert_eq!(ticket_lines(&shop).await, ["🛒 2 × MUG"]);
    let kept = kept(&shop).await;
    let body = |kind: &str| {
        let found = kept.iter().rfind(|(of, _)| of == kind);
        found.map(|(_, body)| body.as_str())
    };
    assert_eq!(body("interactive"), Some("📝 size: L"));
    assert_eq!(body("location"), Some("📍 Fort\n1, 2"));
}

#[tokio::test]
async fn a_person_reads_what_everything_says() {
    let shop = greeted().await;
    says(&shop, "d", "agent").await;
    let before = shop.sent(Service::WhatsApp).len();
    for (n, said) in [
        json!({"type": "location", "location": {"latitude": 1, "longitude": 2}}),
        json!({"type": "image", "image": {"id": "1"}}),
        json!({"type": "image", "image": {"id": "2"}}),
        json!({"type": "unsupported", "errors": [{"code": 131_051, "title": "Unknown"}]}),
        json!({"type": "edit", "edit": {"original_message_id": "0", "message": {"type": "text", "text": {"body": "Now"}}}}),
        json!({"type": "revoke", "revoke": {"original_message_id": "1"}}),
        json!({"type": "reaction", "reaction": {"message_id": "1", "emoji": "👍"}}),
    ]
    .into_iter()
    .enumerate()
    {
        let mut said = said;
        said["id"] = n.to_string().into();
        message(&shop, said).await;
    }
    shop.drain().await;
    assert_eq!(shop.sent(Service::WhatsApp).len(), before);
    let mut lines = ticket_lines(&shop).await;
    // Of one moment: their order is anybody's.
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "[deleted] [image]",
            "[image]",
            "[unsupported: Unknown]",
            "agent",
            "✏️ Now"
        ]
    );
}

#[tokio::test]
async fn a_reaction_or_a_place_ends_no_scene() {
    let shop = greeted().await;
    // The ticket waits for words or a file.
    says(&shop, "d", "ticket").await;
    message(
        &shop,
        json!({"id": "r", "type": "reaction", "reaction": {"message_id": "1", "emoji": "👍"}}),
    )
    .await;
    message(
        &shop,
        json!({"id": "p", "type": "location", "location": {"latitude": 1.5, "longitude": 2.5}}),
    )
    .await;
    let said = answered(&shop, ChannelKind::WhatsApp).await;
    assert!(
        said.text.contains("only read text") && said.buttons.is_empty(),
        "{said:?}"
    );
    says(&shop, "e", "My cup is broken").await;
    assert_eq!(ticket_lines(&shop).await, ["My cup is broken"]);
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
            .fetch_all(&shop.ctx.owner)
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
        .execute(&shop.ctx.owner)
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

/// A text over Green API, and the newest line on the phone after it.
async fn green(shop: &Shop, id: &str, text: &str) -> String {
    shop.ctx.clock.advance(chrono::TimeDelta::milliseconds(1));
    let chat = format!("{CUSTOMER}@c.us");
    let payload = json!({
        "typeWebhook": "incomingMessageReceived", "idMessage": id, "senderData": {"chatId": chat, "sender": chat},
        "messageData": {"typeMessage": "textMessage", "textMessageData": {"textMessage": text}},
    });
    shop.record(ChannelKind::GreenApi, EventKind::Message, &chat, payload)
        .await;
    answered(shop, ChannelKind::GreenApi).await.text
}

#[tokio::test]
async fn a_service_chosen_by_its_number_is_the_question_that_the_model_gets() {
    let shop = Shop::open().await;
    for (id, text) in [("a", "hey"), ("b", "Amina"), ("c", "English")] {
        green(&shop, id, text).await;
    }
    let answer = green(&shop, "1", "2").await;
    assert!(answer.contains("8:00"), "{answer}");
    let asked = &shop.sent(Service::OpenRouter)[0].body;
    let question = asked["messages"].as_array().unwrap().last().unwrap();
    assert_eq!(question["content"], "Hours");
    // The model has answered since: a number is said to it, not to the menu of before.
    green(&shop, "2", "3").await;
    let asked = &shop.sent(Service::OpenRouter)[1].body;
    let question = asked["messages"].as_array().unwrap().last().unwrap();
    assert_eq!(question["content"], "3");
    // And to a person it is no choice either.
    green(&shop, "3", "agent").await;
    let before = shop.sent(Service::GreenApi).len();
    green(&shop, "4", "1").await;
    assert_eq!(shop.sent(Service::GreenApi).len(), before);
}

#[tokio::test]
async fn poison_in_any_field_is_no_error_and_the_message_is_kept() {
    let shop = Shop::open().await;
    let long = "9".repeat(5000);
    let payloads = [
        r#"{"message":{"id":"a\u0000","from":"254711\u0000","type":"te\u0000xt","text":{"body":"h\u0000i"}},
            "contact":{"profile":{"name":"A\u0000\ud83d"}}}"#.to_owned(),
        r#"{"message":{"id":7,"from":254712,"type":"text","timestamp":1697043223,"text":{"body":"\ud83d"}}}"#.to_owned(),
        r#"{"message":{"id":"c","from":"254713","type":"text","text":"not an object"},"contact":[]}"#.to_owned(),
        r#"{"message":{"id":"d","from":"254714","type":"image","image":{"id":{},"caption":"\udc00x"}},"contact":{"profile":"?"}}"#.to_owned(),
        r#"{"message":{"id":"e","from":"254715","type":["x"],"interactive":3,"system":"y"},"contact":7}"#.to_owned(),
        format!(r#"{{"message":{{"id":"{long}","from":"254716","from_user_id":"{long}","type":"{long}"}},"contact":null}}"#),
    ];
    for (number, payload) in (0..).zip(&payloads) {
        let event = crate::channels::NewEvent {
            provider: ChannelKind::WhatsApp,
            kind: EventKind::Message,
            key: format!("poison {number}"),
            external_id: crate::testing::NUMBER.into(),
            route: Some((shop.workspace, shop.whatsapp)),
            sender: number.to_string(),
            payload: payload.clone(),
            trace: kazi_queue::trace::TraceId::random(),
        };
        let mut conn = shop.conn().await;
        crate::inbound::record(&mut conn, shop.now(), &[&event])
            .await
            .unwrap();
    }
    let drained = shop.drain().await;
    let kept = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM messages WHERE direction = 'in'")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!(
        usize::try_from(kept).unwrap(),
        payloads.len(),
        "{drained:?}"
    );
}

#[test]
fn who_is_named_only_by_the_contact_has_a_sequence_of_one_s_own() {
    let of = |user: &str| {
        let payload = json!({"message": {"id": "1"}, "contact": {"user_id": user}}).to_string();
        crate::bot::sequence_of(crate::channels::ChannelId::new(), "", &payload)
    };
    assert!(of("KE.1").ends_with(":KE.1") && of("KE.2").ends_with(":KE.2"));
}

#[tokio::test]
async fn who_shows_no_number_is_answered_as_a_recipient() {
    let shop = Shop::open().await;
    let hidden = shop
        .providers
        .phone("KE.4091", Service::WhatsApp, crate::testing::NUMBER);
    hidden
        .send_raw(json!({"type": "text", "text": {"body": "hey"}}))
        .await;
    let message = json!({"id": "wamid.h", "from_user_id": "KE.4091", "type": "text", "text": {"body": "hey"}});
    let payload = json!({"message": message, "contact": {"user_id": "KE.4091", "profile": {"name": "Wanjiru"}}});
    shop.record(
        ChannelKind::WhatsApp,
        EventKind::Message,
        "KE.4091",
        payload,
    )
    .await;
    shop.drain().await;
    let sent = shop.sent(Service::WhatsApp);
    assert!(!sent.is_empty());
    for entry in &sent {
        assert_eq!(entry.body["recipient"], "KE.4091");
        assert!(entry.body.get("to").is_none() && entry.message_id.is_some());
    }
}

/// A notification of Green API, and what was sent after it: the chats.
async fn told_by_green(shop: &Shop, id: &str, chat: &str, sender: &str) -> Vec<String> {
    let before = shop.sent(Service::GreenApi).len();
    let payload = json!({
        "typeWebhook": "incomingMessageReceived", "idMessage": id, "instanceData": {"idInstance": 1101000001},
        "senderData": {"chatId": chat, "sender": sender, "senderName": "Njeri"},
        "messageData": {"typeMessage": "textMessage", "textMessageData": {"textMessage": "hello"}},
    });
    shop.record(ChannelKind::GreenApi, EventKind::Message, chat, payload)
        .await;
    shop.drain().await;
    let sent = shop.sent(Service::GreenApi).split_off(before);
    let chats = sent
        .iter()
        .map(|entry| entry.body["chatId"].as_str().unwrap().to_owned());
    chats.collect()
}

#[tokio::test]
async fn a_hidden_chat_of_green_api_is_a_person_and_others_are_not() {
    let shop = Shop::open().await;
    let count = async || {
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM contacts")
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap()
    };
    for (n, chat) in [
        "null@c.us",
        "",
        "status@broadcast",
        "77@newsletter",
        "1-2@g.us",
        "5@bot",
    ]
    .into_iter()
    .enumerate()
    {
        let sent = told_by_green(&shop, &format!("n{n}"), chat, chat).await;
        assert!(sent.is_empty(), "{chat}: {sent:?}");
    }
    assert_eq!(count().await, 0);
    let hidden = "98765432101234@lid";
    let sent = told_by_green(&shop, "h1", hidden, hidden).await;
    assert!(
        !sent.is_empty() && sent.iter().all(|chat| chat == hidden),
        "{sent:?}"
    );
    // Their number shows: the same contact, and the same conversation.
    let number = "254712000009@c.us";
    told_by_green(&shop, "h2", hidden, number).await;
    let sent = told_by_green(&shop, "h3", "254712000009:3@c.us", "254712000009:3@c.us").await;
    assert!(sent.iter().all(|chat| chat == number), "{sent:?}");
    assert_eq!(count().await, 1);
    let conversations = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM conversations")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!(conversations, 1);
}

#[tokio::test]
async fn a_status_of_a_hidden_chat_moves_the_message_on() {
    let shop = Shop::open().await;
    told_by_green(&shop, "g1", "254712000009@c.us", "254712000009@c.us").await;
    let provider_id = shop.sent(Service::GreenApi)[0].message_id.clone().unwrap();
    let payload = json!({
        "typeWebhook": "outgoingMessageStatus", "idMessage": provider_id, "instanceData": {"idInstance": 1101000001},
        "chatId": "98765432101234@lid", "status": "read", "timestamp": 1_785_000_020,
    });
    shop.record(ChannelKind::GreenApi, EventKind::Status, "", payload)
        .await;
    shop.drain().await;
    let status =
        sqlx::query_scalar::<_, String>("SELECT status FROM messages WHERE provider_id = $1")
            .bind(provider_id)
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap();
    assert_eq!(status, "read");
}
