//! Carousels and limited-time offers: what a template wants for them, and what arrives.

use super::*;

const HOUR: TimeDelta = TimeDelta::hours(1);

fn marketing(name: &str, more: Vec<serde_json::Value>) -> kazi_simulators::Template {
    kazi_simulators::Template {
        name: name.into(),
        body: "Hi {{guest}}.".into(),
        more,
        ..kazi_simulators::Template::default()
    }
}

/// A carousel of two cards. The first has a button of a tracked link.
fn carousel() -> kazi_simulators::Template {
    let card = |address: &str| {
        json!({"components": [
            {"type": "HEADER", "format": "IMAGE"},
            {"type": "BODY", "text": "Only {{price}} a box."},
            {"type": "BUTTONS", "buttons": [
                {"type": "URL", "text": "Buy", "url": address}, {"type": "QUICK_REPLY", "text": "More"}]},
        ]})
    };
    let tracked = format!("{BASE}/l/{{{{1}}}}");
    let cards =
        json!({"type": "CAROUSEL", "cards": [card(&tracked), card("https://x.test/{{1}}")]});
    marketing("carousel", vec![cards])
}

fn limited() -> kazi_simulators::Template {
    let offer = json!({"text": "Soon over", "has_expiration": true});
    let offer = json!({"type": "LIMITED_TIME_OFFER", "limited_time_offer": offer});
    kazi_simulators::Template {
        header_format: Some("IMAGE".into()),
        buttons: vec![
            json!({"type": "COPY_CODE", "text": "Copy"}),
            json!({"type": "URL", "text": "Look", "url": "https://x.test/{{1}}"}),
        ],
        ..marketing("limited", vec![offer])
    }
}

fn name() -> serde_json::Value {
    json!([{"field": {"name": "first_name"}}])
}

fn limited_until(ends: Timestamp) -> serde_json::Value {
    json!({"kind": "template", "name": "limited", "parameters": name(),
        "header": {"link": "https://x.test/tea.png"}, "offer_ends_at": ends,
        "buttons": [{"code": {"index": 0, "value": {"text": "TEA10"}}}, {"url": {"index": 1, "value": {"text": "tea"}}}]})
}

fn card(file: &str, end: serde_json::Value) -> serde_json::Value {
    json!({"link": format!("https://x.test/{file}.png"), "parameters": [{"text": "5 USD"}],
        "buttons": [{"url": {"index": 0, "value": end}}, {"payload": {"index": 1, "value": {"text": file}}}]})
}

fn carousel_of(cards: &[serde_json::Value]) -> serde_json::Value {
    json!({"kind": "template", "name": "carousel", "parameters": name(), "cards": cards})
}

fn pointers(told: &[(String, String)]) -> Vec<&str> {
    told.iter().map(|(pointer, _)| pointer.as_str()).collect()
}

/// The parts of the last request of a template.
fn components(shop: &Shop) -> serde_json::Value {
    let last = shop.sent(Service::WhatsApp).pop().unwrap();
    assert!(last.message_id.is_some(), "{last:?}");
    last.body["template"]["components"].clone()
}

#[tokio::test]
async fn cards_come_with_their_pictures_words_and_buttons() {
    let shop = shop(1).await;
    approve(&shop, carousel()).await;
    let link = json!({"link": {"url": "https://zuri.example/green"}});
    let cards = [card("green", link), card("black", json!({"text": "black"}))];
    let id = drafted(&shop, carousel_of(&cards)).await;
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    assert_eq!(figures(&shop, id).await.accepted, 1);
    let parts = components(&shop);
    assert_eq!(parts[0]["parameters"][0]["parameter_name"], "guest");
    let cards = &parts[1]["cards"];
    let button = |card: usize, n: usize| &cards[card]["components"][n + 2]["parameters"][0];
    let code = button(0, 0)["text"].as_str().unwrap();
    let target = follow(&shop.ctx, code, true).await.unwrap();
    assert_eq!(target.as_deref(), Some("https://zuri.example/green"));
    assert_eq!(button(1, 0)["text"], "black");
    assert_eq!(button(1, 1)["payload"], "black");
    let top = &cards[1]["components"][0]["parameters"][0];
    assert_eq!(top["image"]["link"], "https://x.test/black.png");
    let words = &cards[1]["components"][1]["parameters"][0];
    assert_eq!(
        (&words["parameter_name"], &words["text"]),
        (&json!("price"), &json!("5 USD"))
    );
}

#[tokio::test]
async fn what_a_card_lacks_is_told_by_its_number() {
    let shop = shop(1).await;
    approve(&shop, carousel()).await;
    let text = |text: &str| json!({"text": text});
    let told = refusal(&shop, carousel_of(&[])).await;
    assert_eq!(pointers(&told), ["/content/cards"]);
    let link = json!({"link": {"url": "https://zuri.example/black"}});
    let mut bare = card("green", text("green"));
    bare["parameters"] = json!([]);
    bare["buttons"] = json!([]);
    let told = refusal(&shop, carousel_of(&[bare, card("black", link)])).await;
    let second = "/content/cards/1/buttons/0/link";
    assert_eq!(
        pointers(&told),
        [
            "/content/cards/0/parameters",
            "/content/cards/0/buttons",
            second
        ]
    );
    // These are no cards of any template.
    let mut wrong = card("green", text("green"));
    wrong["link"] = json!("http://x.test/tea.png");
    wrong["parameters"] = json!([{"link": {"url": "https://zuri.example/"}}]);
    wrong["buttons"] = json!([{"code": {"index": 0, "value": {"text": "MORE THAN FIFTEEN"}}}]);
    let new = json!({"name": "Tea", "channel_id": shop.whatsapp,
                     "content": carousel_of(&[card("black", text("x")), wrong])});
    let new: NewCampaign = serde_json::from_value(new).unwrap();
    let Err(CampaignError::Invalid(invalid)) = create(&mut shop.work().await, &new).await else {
        panic!("it was created")
    };
    let told: Vec<String> = invalid.0.into_iter().map(|fault| fault.pointer).collect();
    let of = |field: &str| format!("/content/cards/1/{field}");
    assert_eq!(
        told,
        [of("link"), of("parameters/0/link"), of("buttons/0/text")]
    );
    shop.drain().await;
    assert!(shop.sent(Service::WhatsApp).is_empty());
}

#[tokio::test]
async fn an_offer_comes_with_its_end_and_needs_one_that_is_still_to_come() {
    let shop = shop(1).await;
    approve(&shop, limited()).await;
    let mut endless = limited_until(shop.now() + HOUR);
    endless.as_object_mut().unwrap().remove("offer_ends_at");
    let told = refusal(&shop, endless).await;
    assert_eq!(pointers(&told), ["/content/offer_ends_at"]);
    let ends = shop.now() + HOUR;
    let id = drafted(&shop, limited_until(ends)).await;
    let late = Schedule {
        at: (ends + HOUR).to_rfc3339(),
    };
    let Err(CampaignError::Invalid(invalid)) = act!(shop, id, schedule, &late, BASE) else {
        panic!("it starts after its offer")
    };
    assert_eq!(invalid.0[0].code, "after_the_offer");
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    let parts = components(&shop);
    let offer = &parts[2]["parameters"][0]["limited_time_offer"];
    assert_eq!(offer["expiration_time_ms"], ends.timestamp_millis());
    assert_eq!(parts[3]["parameters"][0]["coupon_code"], "TEA10");
    assert_eq!(parts[4]["parameters"][0]["text"], "tea");
    // Now it is over.
    let id = drafted(&shop, limited_until(shop.now() + HOUR)).await;
    shop.ctx.clock.advance(HOUR);
    let Err(CampaignError::Invalid(invalid)) = act!(shop, id, send, BASE) else {
        panic!("it was started")
    };
    assert_eq!(invalid.0[0].pointer, "/content/offer_ends_at");
}

#[tokio::test]
async fn nobody_gets_an_offer_that_ended_while_the_message_waited() {
    let shop = shop(3).await;
    approve(&shop, limited()).await;
    let content = limited_until(shop.now() + HOUR);
    let id = drafted(&shop, content).await;
    act!(shop, id, plan, BASE).unwrap();
    shop.drain().await;
    let sending = act!(shop, id, send, BASE).unwrap();
    // Two wait in the lane, and one is not queued yet.
    let mut work = shop.work().await;
    let slow = Campaign {
        delivery: serde_json::from_value(
            json!({"canary": {"recipients": 2, "wait_minutes": 1, "max_failure_percent": 0}}),
        )
        .unwrap(),
        ..sending
    };
    broadcast::turn(&mut work, &slow).await.unwrap();
    work.commit().await.unwrap();
    let waiting = figures(&shop, id).await;
    assert_eq!((waiting.queued, waiting.waiting), (2, 1));
    shop.ctx.clock.advance(HOUR);
    shop.drain().await;
    shop.after(Duration::from_secs(60)).await;
    assert!(shop.sent(Service::WhatsApp).is_empty());
    let over = look(&shop, id).await;
    assert_eq!(over.status, CampaignStatus::Completed);
    let left_out = Some("offer_ended".to_owned());
    let all = listed(&shop, id, RecipientFilter::default()).await;
    assert_eq!(all, vec![("left_out".to_owned(), left_out); 3]);
    assert_eq!(shop.pending().await.len(), 0);
}

#[tokio::test]
async fn an_offer_that_has_ended_ends_its_arm_and_no_other() {
    let shop = shop(16).await;
    approve(&shop, limited()).await;
    let id = draft(&shop).await;
    let experiment = json!({"metric": "read", "decide_after_hours": 24, "choice": "automatic", "arms": [
        {"name": "Plain", "percent": 50},
        {"name": "Offer", "percent": 50, "content": limited_until(shop.now() + HOUR)},
    ]});
    let patch: CampaignPatch = serde_json::from_value(json!({"experiment": experiment})).unwrap();
    act!(shop, id, update, patch).unwrap();
    act!(shop, id, plan, BASE).unwrap();
    shop.drain().await;
    act!(shop, id, send, BASE).unwrap();
    shop.ctx.clock.advance(HOUR);
    shop.drain().await;
    let all = listed(&shop, id, RecipientFilter::default()).await;
    let ended = |one: &&(String, Option<String>)| one.1.as_deref() == Some("offer_ended");
    let left_out = all.iter().filter(ended).count();
    let reached = reached(&shop).len();
    assert!(left_out > 0 && reached > 0, "{all:?}");
    assert_eq!(left_out + reached, 16);
}
