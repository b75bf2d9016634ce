//! Messages of the program's own client: on the phone, in the ledger, and their statuses by webhook.

use kazi_clients::{
    signature::is_signed,
    whatsapp::{Button, ListRow, Reaction, webhook},
};

use super::*;

#[tokio::test]
async fn our_client_and_the_simulator_understand_each_other() {
    let scene = Scene::new().await;
    let phone = scene.customer();
    phone.say("Hi").await;
    let button = Button {
        id: "yes".into(),
        title: "Yes".into(),
    };
    let row = ListRow {
        id: "a".into(),
        title: "A".into(),
        description: Some("First".into()),
    };
    let bodies = [
        Body::Text {
            text: "Olá 👋".into(),
        },
        Body::Image {
            link: "https://a.example/a.png".into(),
            caption: Some("A".into()),
        },
        Body::Buttons {
            text: "Sure?".into(),
            buttons: vec![button],
        },
        Body::List {
            text: "Which?".into(),
            button: "Menu".into(),
            rows: vec![row],
        },
        Body::Template {
            name: "hello_world".into(),
            language: "en_US".into(),
            parameters: vec![],
            names: Vec::new(),
            header: None,
            buttons: Vec::new(),
            cards: Vec::new(),
            offer_ends: None,
            shown: None,
        },
    ];
    for (n, body) in bodies.iter().enumerate() {
        scene.send(body, &format!("msg_{n}")).await.unwrap();
    }
    let lines = phone.transcript();
    let kinds: Vec<&str> = lines.iter().map(|line| line.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["text", "text", "image", "buttons", "list", "template"]
    );
    assert_eq!(lines[1].text, "Olá 👋");
    assert_eq!(
        lines[2].image_url.as_deref(),
        Some("https://a.example/a.png")
    );
    assert_eq!(lines[3].buttons[0].id, "yes");
    assert_eq!(lines[4].rows[0].description.as_deref(), Some("First"));
    assert_eq!(lines[5].callback.as_deref(), Some("msg_4"));

    let ledger = scene.sim.ledger(Service::WhatsApp);
    assert_eq!(ledger.len(), 5);
    let entry = &ledger[0];
    assert_eq!((entry.account.as_str(), entry.status), (NUMBER, 200));
    assert_eq!(entry.path, format!("/v25.0/{NUMBER}/messages"));
    assert_eq!(entry.body["text"]["body"], "Olá 👋");
    assert_eq!(entry.message_id.as_ref(), Some(&lines[1].id));
    assert_eq!(entry.callback.as_deref(), Some("msg_0"));
    scene.sim.clear_ledger();
    assert!(scene.sim.ledger(Service::WhatsApp).is_empty());

    let state = scene.whatsapp(TOKEN).phone_number().await.unwrap();
    assert_eq!(
        state.display_phone_number.as_deref(),
        Some("+1 555-000-1111")
    );
}

#[tokio::test]
async fn statuses_come_signed_and_in_order_and_settle_waits_for_all() {
    let scene = Scene::new().await;
    scene.customer().say("Hi").await;
    let mut ids = Vec::new();
    for n in 0..20 {
        let body = Body::Text {
            text: format!("ü {n}"),
        };
        ids.push(scene.send(&body, &format!("msg_{n}")).await.unwrap());
    }
    scene.sim.settle().await;
    for id in &ids {
        assert_eq!(scene.business.statuses(id), ["sent", "delivered", "read"]);
    }
    let lines = scene.customer().transcript();
    assert!(lines[1..].iter().all(|line| line.status == "read"));
    for hook in scene.business.hooks() {
        let signature = hook.headers["x-hub-signature-256"].to_str().unwrap();
        assert!(is_signed(SECRET, signature, &hook.raw));
        let envelope: webhook::Envelope<'_> = serde_json::from_slice(&hook.raw).unwrap();
        assert_eq!(envelope.entry[0].id, WABA);
    }
    let (_, sent) = scene
        .business
        .content()
        .into_iter()
        .find(|(_, one)| one["id"] == ids[0])
        .unwrap();
    assert_eq!(sent["biz_opaque_callback_data"], "msg_0");
    assert_eq!(sent["recipient_id"], CUSTOMER);
    // A status names its person once in its change, without a profile.
    let hooks = scene.business.hooks();
    let changes = hooks
        .iter()
        .map(|hook| &hook.json["entry"][0]["changes"][0]["value"]);
    let told: Vec<_> = changes
        .filter(|value| value["statuses"].is_array())
        .collect();
    assert!(!told.is_empty());
    for value in told {
        let contacts = value["contacts"].as_array().unwrap();
        assert_eq!(
            (contacts.len(), &contacts[0]["wa_id"]),
            (1, &CUSTOMER.into()),
            "{value}"
        );
        assert_eq!(contacts[0].get("profile"), None);
    }
    assert_eq!(sent["pricing"]["category"], "service");
}

#[tokio::test]
async fn a_phone_that_does_not_read_stops_at_delivered() {
    let options = Options {
        status_delay: Duration::ZERO,
        reads: false,
        ..Options::default()
    };
    let scene = Scene::with(options).await;
    scene.customer().say("Hi").await;
    let id = scene.text("Hello").await.unwrap();
    scene.sim.settle().await;
    assert_eq!(scene.business.statuses(&id), ["sent", "delivered"]);
}

#[tokio::test]
async fn free_text_outside_of_the_window_is_accepted_and_then_fails() {
    let scene = Scene::new().await;
    let id = scene.text("Are you there?").await.unwrap();
    scene.sim.settle().await;
    let failed = &scene.business.content()[0].1;
    assert_eq!(
        (
            failed["status"].as_str(),
            failed["errors"][0]["code"].as_i64()
        ),
        (Some("failed"), Some(131_047))
    );
    assert!(is_status(&scene.customer().transcript(), &id, "failed"));
    // A template does not open the window, and can be sent without an open one.
    let template = Body::Template {
        name: "hello_world".into(),
        language: "en_US".into(),
        parameters: vec![],
        names: Vec::new(),
        header: None,
        buttons: Vec::new(),
        cards: Vec::new(),
        offer_ends: None,
        shown: None,
    };
    let id = scene.send(&template, "msg_2").await.unwrap();
    scene.sim.settle().await;
    assert_eq!(scene.business.statuses(&id), ["sent", "delivered", "read"]);
}

#[tokio::test]
async fn a_wrong_token_is_refused_as_a_credential() {
    let scene = Scene::new().await;
    let body = Body::Text { text: "Hi".into() };
    let message = Outbound {
        to: CUSTOMER,
        body: &body,
        callback: "msg_1",
    };
    let error = scene.whatsapp("wrong").send(&message).await.unwrap_err();
    let kazi_clients::whatsapp::Error::Rejected(rejection) = error else {
        panic!("{error}")
    };
    assert_eq!(
        (rejection.code, rejection.reaction()),
        (190, Reaction::Credential)
    );
}

#[tokio::test]
async fn a_medium_that_a_phone_sends_can_be_fetched() {
    let scene = Scene::new().await;
    scene
        .customer()
        .send_raw(serde_json::json!({"type": "image", "image": {"caption": "Mine"}}))
        .await;
    let id = scene.business.content()[0].1["image"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let media = scene.whatsapp(TOKEN).media(&id).await.unwrap();
    let file = scene
        .http
        .get(&media.url)
        .bearer_auth(TOKEN)
        .send()
        .await
        .unwrap();
    assert_eq!(file.headers()["content-type"], "image/png");
    assert_eq!(
        file.bytes().await.unwrap().len() as u64,
        media.file_size.unwrap()
    );
}
