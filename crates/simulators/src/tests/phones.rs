//! Customers: the business receives what they write and tap in the provider's form.

use kazi_clients::whatsapp::{Button, ListRow};
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_tap_answers_the_newest_message_that_can_be_tapped() {
    let scene = Scene::new().await;
    let phone = scene.customer().named("Ana");
    assert_eq!(
        phone.tap("yes").await,
        Err("there is nothing to tap".to_owned())
    );
    let asked = phone.say("Hi").await;
    let button = |id: &str| Button {
        id: id.into(),
        title: id.to_uppercase(),
    };
    let buttons = Body::Buttons {
        text: "Sure?".into(),
        buttons: vec![button("yes"), button("no")],
    };
    let sent = scene.send(&buttons, "msg_1").await.unwrap();
    let tapped = phone.tap("no").await.unwrap();
    assert!(phone.tap("perhaps").await.unwrap_err().contains("yes, no"));
    let row = ListRow {
        id: "r".into(),
        title: "R".into(),
        description: None,
    };
    let list = Body::List {
        text: "Which?".into(),
        button: "Menu".into(),
        rows: vec![row],
    };
    scene.send(&list, "msg_2").await.unwrap();
    phone.tap("r").await.unwrap();

    let content = scene.business.content();
    let find = |id: &str| &content.iter().find(|(_, one)| one["id"] == id).unwrap().1;
    assert_eq!(find(&asked)["text"]["body"], "Hi");
    assert_eq!(find(&asked)["from"], CUSTOMER);
    assert_eq!(
        find(&tapped)["interactive"]["button_reply"],
        json!({"id": "no", "title": "NO"})
    );
    assert_eq!(find(&tapped)["context"]["id"], sent.as_str());
    assert_eq!(
        content
            .iter()
            .filter(|(_, one)| one["interactive"]["type"] == "list_reply")
            .count(),
        1
    );
    let contact = &scene.business.hooks()[0].json["entry"][0]["changes"][0]["value"]["contacts"][0];
    assert_eq!(
        (
            contact["profile"]["name"].as_str(),
            contact["wa_id"].as_str()
        ),
        (Some("Ana"), Some(CUSTOMER))
    );
    assert!(is_status(&phone.transcript(), &tapped, "delivered"));
}

#[tokio::test]
async fn a_person_with_a_username_has_no_phone_but_can_be_answered() {
    let scene = Scene::new().await;
    let phone = scene.customer().hidden("US.134912");
    phone.say("Hi").await;
    let (_, message) = &scene.business.content()[0];
    assert_eq!(message.get("from"), None);
    assert_eq!(message["from_user_id"], "US.134912");
    let contact = &scene.business.hooks()[0].json["entry"][0]["changes"][0]["value"]["contacts"][0];
    assert_eq!(
        (contact.get("wa_id"), contact["user_id"].as_str()),
        (None, Some("US.134912"))
    );
    let body = Body::Text {
        text: "Hello".into(),
    };
    let message = Outbound {
        to: "US.134912",
        body: &body,
        callback: "msg_1",
    };
    let id = scene
        .whatsapp(TOKEN)
        .send(&message)
        .await
        .unwrap()
        .message_id;
    scene.sim.settle().await;
    assert_eq!(
        scene.business.statuses(&id),
        ["sent", "delivered", "read"],
        "the window is open"
    );
    assert!(is_status(&phone.transcript(), &id, "read"));
}

#[tokio::test]
async fn waiting_ends_when_the_line_comes_or_the_time_is_over() {
    let scene = Scene::new().await;
    let phone = scene.customer();
    phone.say("Hi").await;
    let wait = phone.wait_for(LIMIT, |lines| lines.iter().any(|line| line.text == "Hello"));
    let (lines, sent) = tokio::join!(wait, scene.text("Hello"));
    assert_eq!(lines.unwrap()[1].id, sent.unwrap());
    let read = phone.wait_for(LIMIT, |lines| {
        lines.last().is_some_and(|line| line.status == "read")
    });
    assert!(read.await.is_some());
    assert!(
        phone
            .wait_for(Duration::from_millis(10), |lines| lines.len() > 2)
            .await
            .is_none()
    );
}
