//! Green API: messages, notifications and refusals.

use kazi_clients::greenapi::{Error, webhook::Notification};

use super::*;
use crate::Fault;

const CHAT: &str = "972541234567@c.us";

#[tokio::test]
async fn a_text_and_a_file_arrive_and_their_notifications_come_in_order() {
    let scene = Scene::new().await;
    let client = scene.greenapi(GREEN_TOKEN);
    assert_eq!(client.state().await.unwrap(), "authorized");
    let phone = scene
        .sim
        .phone(CUSTOMER, Service::GreenApi, INSTANCE)
        .named("Ana");
    let said = phone.say("Hi").await;
    let id = client.send_message(CHAT, "Hello").await.unwrap();
    scene.sim.settle().await;
    client
        .send_file(CHAT, "https://a.example/a.png", Some("A"), None)
        .await
        .unwrap();
    let lines = phone.transcript();
    assert_eq!(
        (lines[1].text.as_str(), lines[1].status.as_str()),
        ("Hello", "read")
    );
    assert_eq!(
        (lines[2].kind.as_str(), lines[2].text.as_str()),
        ("image", "A")
    );

    let hooks = scene.business.hooks();
    assert_eq!(hooks[0].headers["authorization"], "Bearer hook-token");
    let told: Vec<Notification> = hooks
        .iter()
        .map(|hook| serde_json::from_slice(&hook.raw).unwrap())
        .collect();
    assert_eq!(told[0].type_webhook, "incomingMessageReceived");
    assert_eq!(told[0].id_message.as_ref(), Some(&said));
    assert_eq!(told[0].message_data.as_ref().unwrap().text(), Some("Hi"));
    let sender = told[0].sender_data.as_ref().unwrap();
    assert_eq!(
        (sender.chat_id.as_deref(), sender.sender_name.as_deref()),
        (Some(CHAT), Some("Ana"))
    );
    assert_eq!(
        told[0]
            .instance_data
            .as_ref()
            .unwrap()
            .id_instance
            .to_string(),
        INSTANCE
    );
    assert_eq!(told[1].type_webhook, "outgoingAPIMessageReceived");
    assert_eq!(told[1].message_data.as_ref().unwrap().text(), Some("Hello"));
    let of_text = told
        .iter()
        .filter(|one| one.id_message.as_ref() == Some(&id));
    let statuses: Vec<Option<&str>> = of_text.map(|one| one.status.as_deref()).collect();
    assert_eq!(
        statuses,
        [None, Some("sent"), Some("delivered"), Some("read")]
    );
    assert_eq!(told[2].chat_id.as_deref(), Some(CHAT));
}

#[tokio::test]
async fn a_request_is_refused_as_green_api_refuses_it() {
    let scene = Scene::new().await;
    let error = scene
        .greenapi("wrong-token")
        .send_message(CHAT, "Hi")
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Credential), "{error}");
    let client = scene.greenapi(GREEN_TOKEN);
    for (chat, text) in [
        ("972541234567", "Hi"),
        ("Ana@c.us", "Hi"),
        (CHAT, ""),
        (CHAT, &"a".repeat(20_001)),
    ] {
        let error = client.send_message(chat, text).await.unwrap_err();
        assert!(matches!(error, Error::Refused(400)), "{chat}: {error}");
    }
    scene.sim.fault(Fault {
        status: Some(466),
        times: Some(1),
        ..Fault::on(Service::GreenApi)
    });
    let error = client.send_message(CHAT, "Hi").await.unwrap_err();
    assert!(matches!(error, Error::Quota), "{error}");
    let ledger = scene.sim.ledger(Service::GreenApi);
    assert_eq!(ledger[0].path, format!("/waInstance{INSTANCE}/sendMessage"));
    let all = serde_json::to_string(&ledger).unwrap();
    assert!(!all.contains(GREEN_TOKEN) && !all.contains("wrong-token"));
}

#[tokio::test]
async fn more_than_fifty_a_second_are_too_many() {
    let scene = Scene::new().await;
    let client = scene.greenapi(GREEN_TOKEN);
    let mut refused = 0;
    for n in 0..500 {
        match client.send_message(CHAT, &n.to_string()).await {
            Ok(_) => {}
            Err(Error::TooFast(Some(wait))) => {
                assert_eq!(wait, Duration::from_secs(1));
                refused += 1;
                break;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(refused, 1);
    assert!(scene.sim.ledger(Service::GreenApi).len() > 50);
}
