//! Webhooks reach the business: repeated, batched, and broken by faults.

use tokio::net::TcpListener;

use super::*;
use crate::{Fault, WebhookFault};

fn broken(webhooks: WebhookFault) -> Fault {
    Fault {
        webhooks: Some(webhooks),
        seed: Some(7),
        ..Fault::on(Service::WhatsApp)
    }
}

#[tokio::test]
async fn a_refused_webhook_comes_again_and_others_overtake_it() {
    let scene = Scene::new().await;
    scene.business.answer(&[503]);
    let (phone, other) = (
        scene.customer(),
        scene.sim.phone("972540000000", Service::WhatsApp, NUMBER),
    );
    let first = tokio::spawn(async move { phone.say("one").await });
    scene.business.got(1).await;
    other.say("two").await;
    first.await.unwrap();
    let texts: Vec<Value> = scene
        .business
        .content()
        .into_iter()
        .map(|(_, one)| one["text"]["body"].clone())
        .collect();
    assert_eq!(texts, ["one", "two", "one"]);
    let hooks = scene.business.hooks();
    assert_eq!(hooks[0].raw, hooks[2].raw, "the very same bytes");
    scene.sim.settle().await;
}

#[tokio::test]
async fn an_unreachable_business_gets_everything_when_it_is_back() {
    let sim = Simulators::start(Options::default()).await.unwrap();
    // A port that was free a moment ago.
    let address = TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    sim.add_whatsapp(number(&format!("http://{address}/hook")));
    let phone = sim.phone(CUSTOMER, Service::WhatsApp, NUMBER);
    let said = tokio::spawn({
        let phone = phone.clone();
        async move { phone.say("one").await }
    });
    phone
        .wait_for(LIMIT, |lines| lines.len() == 1)
        .await
        .unwrap();
    assert!(!said.is_finished());
    let (business, _) = Business::open(address).await;
    let id = said.await.unwrap();
    assert_eq!(business.content()[0].1["id"], id.as_str());
    assert_eq!(phone.transcript()[0].status, "delivered");
}

#[tokio::test]
async fn a_slow_business_gets_batches_and_no_message_with_a_wrong_contact() {
    let scene = Scene::new().await;
    let phones: Vec<Phone> = (0..30)
        .map(|n| {
            scene
                .sim
                .phone(&format!("9725400000{n:02}"), Service::WhatsApp, NUMBER)
        })
        .collect();
    let said = phones
        .iter()
        .cloned()
        .map(|phone| tokio::spawn(async move { phone.say("Hi").await }));
    for task in said.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let hooks = scene.business.hooks();
    assert!(hooks.len() < 30, "{} calls for 30 messages", hooks.len());
    let mut messages = 0;
    for change in hooks
        .iter()
        .flat_map(|hook| hook.json["entry"][0]["changes"].as_array().unwrap())
    {
        let value = &change["value"];
        for message in value["messages"].as_array().unwrap() {
            messages += 1;
            assert_eq!(message["from"], value["contacts"][0]["wa_id"]);
        }
    }
    assert_eq!(messages, 30);
}

#[tokio::test]
async fn webhooks_come_twice() {
    let scene = Scene::new().await;
    scene.sim.fault(broken(WebhookFault {
        duplicate: 1.0,
        ..WebhookFault::default()
    }));
    let id = scene.customer().say("Hi").await;
    scene.sim.settle().await;
    let content = scene.business.content();
    assert_eq!(content.len(), 2);
    assert!(content.iter().all(|(_, one)| one["id"] == id.as_str()));
}

#[tokio::test]
async fn webhooks_get_lost() {
    let scene = Scene::new().await;
    scene.sim.fault(broken(WebhookFault {
        drop: 1.0,
        ..WebhookFault::default()
    }));
    scene.customer().say("Hi").await;
    scene.sim.settle().await;
    assert!(scene.business.hooks().is_empty());
    scene.sim.clear_faults();
    scene.customer().say("Hi").await;
    assert_eq!(scene.business.hooks().len(), 1);
}

#[tokio::test]
async fn so_many_webhooks_get_lost_and_the_next_does_not() {
    let scene = Scene::new().await;
    scene.sim.fault(Fault {
        times: Some(2),
        ..broken(WebhookFault {
            drop: 1.0,
            ..WebhookFault::default()
        })
    });
    for text in ["one", "two", "three"] {
        scene.customer().say(text).await;
    }
    scene.sim.settle().await;
    let content = scene.business.content();
    let texts: Vec<&Value> = content
        .iter()
        .map(|(_, one)| &one["text"]["body"])
        .collect();
    assert_eq!(texts, ["three"]);
}

#[tokio::test]
async fn webhooks_come_late_and_in_another_order() {
    let scene = Scene::new().await;
    scene.customer().say("Hi").await;
    let reorder = WebhookFault {
        reorder: 1.0,
        delay_ms: 20,
        ..WebhookFault::default()
    };
    scene.sim.fault(broken(reorder));
    let id = scene.text("Hello").await.unwrap();
    scene.sim.settle().await;
    let mut statuses = scene.business.statuses(&id);
    assert_ne!(statuses, ["sent", "delivered", "read"]);
    statuses.sort();
    assert_eq!(statuses, ["delivered", "read", "sent"]);
}
