use std::time::Duration;

use kazi_clients::whatsapp::Body;
use kazi_queue::inspect::{self, State};
use kazi_simulators::{CutAt, Fault, Service};

use super::*;
use crate::{
    channels::{self, ChannelKind},
    messages::{MessageView, by_traces},
    testing::Shop,
};

/// Somebody new says hello: one message goes out.
async fn greeted() -> Shop {
    let shop = Shop::open().await;
    shop.hear("wamid.1", "Hello").await;
    shop
}

async fn the_message(shop: &Shop) -> MessageView {
    let traces: Vec<String> = channels::recent(&mut *shop.conn().await, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|e| e.trace)
        .collect();
    let since = shop.ctx.started_at - TimeDelta::hours(1);
    let all = by_traces(&mut *shop.conn().await, since, &traces)
        .await
        .unwrap();
    all.into_iter()
        .find(|message| message.direction == "out")
        .unwrap()
}

fn fault(change: impl FnOnce(&mut Fault)) -> Fault {
    let mut fault = Fault {
        matches: Some("messages".into()),
        ..Fault::on(Service::WhatsApp)
    };
    change(&mut fault);
    fault
}

#[tokio::test]
async fn a_message_is_sent_with_our_id_and_its_statuses_only_move_forward() {
    let shop = greeted().await;
    shop.drain().await;
    let sent = shop.sent(Service::WhatsApp);
    let message = the_message(&shop).await;
    assert_eq!((sent.len(), message.status.as_str()), (1, "accepted"));
    assert_eq!(
        sent[0].callback.as_deref(),
        Some(message.id.to_string().as_str())
    );

    let provider_id = sent[0].message_id.clone().unwrap();
    // Out of order, twice, and one skipped.
    for (status, then) in [
        ("read", "read"),
        ("sent", "read"),
        ("read", "read"),
        ("failed", "read"),
        ("delivered", "read"),
    ] {
        shop.status(&provider_id, None, status, None).await;
        shop.drain().await;
        assert_eq!(the_message(&shop).await.status, then, "after {status}");
    }
    let message = the_message(&shop).await;
    assert!(
        message.sent_at.is_some() && message.delivered_at.is_some() && message.read_at.is_some()
    );
    assert_eq!(shop.pending().await.len(), 0);
}

#[tokio::test]
async fn a_request_whose_answer_was_lost_is_not_sent_again_when_a_status_tells_of_it() {
    let shop = greeted().await;
    shop.providers
        .fault(fault(|fault| fault.cut = Some(CutAt::After)));
    shop.drain().await;
    assert_eq!(the_message(&shop).await.status, "sending");
    for _ in 0..10 {
        shop.after(Duration::from_secs(20)).await;
    }
    assert_eq!(
        shop.sent(Service::WhatsApp).len(),
        1,
        "200 of 300 seconds have passed"
    );

    let entry = &shop.sent(Service::WhatsApp)[0];
    shop.status(
        entry.message_id.as_deref().unwrap(),
        entry.callback.as_deref(),
        "delivered",
        None,
    )
    .await;
    shop.drain().await;
    shop.after(Duration::from_secs(3600)).await;
    assert_eq!(the_message(&shop).await.status, "delivered");
    assert_eq!(
        (
            shop.sent(Service::WhatsApp).len(),
            shop.pending().await.len()
        ),
        (1, 0)
    );
}

#[tokio::test]
async fn a_request_of_which_nothing_is_ever_heard_is_sent_again_after_the_wait() {
    let shop = greeted().await;
    shop.providers.fault(fault(|fault| {
        fault.cut = Some(CutAt::Before);
        fault.times = Some(1);
    }));
    shop.drain().await;
    shop.after(Duration::from_secs(299)).await;
    assert_eq!(shop.sent(Service::WhatsApp).len(), 1);
    shop.after(Duration::from_secs(5)).await;
    assert_eq!(
        (
            shop.sent(Service::WhatsApp).len(),
            the_message(&shop).await.status.as_str()
        ),
        (2, "accepted")
    );
    assert_eq!(shop.pending().await.len(), 0);
}

#[tokio::test]
async fn a_provider_that_never_answers_comes_to_an_end_as_a_dead_letter() {
    let shop = greeted().await;
    shop.providers
        .fault(fault(|fault| fault.cut = Some(CutAt::Before)));
    for _ in 0..200 {
        shop.after(Duration::from_secs(301)).await;
    }
    let dead = inspect::list(
        &mut *shop.conn().await,
        &inspect::JobFilter {
            state: Some(State::Dead),
            ..Default::default()
        },
    )
    .await
    .unwrap()
    .jobs;
    assert_eq!(
        (dead.len(), dead[0].error_class.as_deref()),
        (1, Some("ambiguous"))
    );
    assert_eq!(shop.sent(Service::WhatsApp).len(), 8);
}

#[tokio::test]
async fn a_request_that_surely_did_not_leave_is_tried_again_soon() {
    let mut shop = greeted().await;
    let reachable = shop.ctx.providers.clone();
    let mut providers = (*reachable).clone();
    providers.whatsapp_base_url = "http://127.0.0.1:1".into();
    shop.ctx.providers = providers.into();
    shop.drain().await;
    assert_eq!(the_message(&shop).await.status, "queued");
    shop.ctx.providers = reachable;
    shop.after(Duration::from_secs(5)).await;
    assert_eq!(the_message(&shop).await.status, "accepted");
}

#[tokio::test]
async fn an_outage_of_hours_is_waited_for_and_one_of_days_is_a_dead_letter() {
    for (hours, ends) in [(20, "accepted"), (26, "failed")] {
        let mut shop = greeted().await;
        let reachable = shop.ctx.providers.clone();
        let mut providers = (*reachable).clone();
        providers.whatsapp_base_url = "http://127.0.0.1:1".into();
        shop.ctx.providers = providers.into();
        shop.drain().await;
        for _ in 0..hours * 6 {
            shop.after(Duration::from_secs(600)).await;
        }
        shop.ctx.providers = reachable;
        shop.after(Duration::from_secs(600)).await;
        assert_eq!(the_message(&shop).await.status, ends, "{hours} hours");
        assert_eq!(shop.sent(Service::WhatsApp).len() == 1, ends == "accepted");
    }
}

/// Tells by webhook what became of the newest request.
async fn told(shop: &Shop, status: &str, error: Option<i64>) {
    let entry = shop.sent(Service::WhatsApp).pop().unwrap();
    let (id, callback) = (
        entry.message_id.unwrap_or("wamid.lost".into()),
        entry.callback,
    );
    shop.status(&id, callback.as_deref(), status, error).await;
    shop.drain().await;
}

async fn dead(shop: &Shop) -> Vec<inspect::JobView> {
    let filter = inspect::JobFilter {
        state: Some(State::Dead),
        ..Default::default()
    };
    inspect::list(&mut *shop.conn().await, &filter)
        .await
        .unwrap()
        .jobs
}

#[tokio::test]
async fn what_is_refused_by_webhook_goes_on_as_if_it_were_refused_in_the_answer() {
    // The code; when it is sent again at the latest; or the class of the dead letter, if any.
    let hour = 3600;
    for (code, again, class) in [
        (Some(131000), Some(10), None),
        (Some(131016), Some(10), None),
        (None, Some(10), None),
        (Some(131056), Some(10), None),
        (Some(130429), Some(10), None),
        (Some(80007), Some(300), None),
        (Some(131053), Some(10), None),
        (Some(131049), Some(24 * hour), None),
        (Some(131047), None, Some("window_closed")),
        (Some(131009), None, Some("our_fault")),
        (Some(132001), None, Some("template")),
        (Some(131026), None, None),
        (Some(130472), None, None),
    ] {
        let shop = greeted().await;
        shop.drain().await;
        // Twice: webhooks come more than once.
        for _ in 0..2 {
            match code {
                Some(code) => told(&shop, "failed", Some(code)).await,
                None => {
                    let id = shop.sent(Service::WhatsApp)[0].message_id.clone();
                    let payload = serde_json::json!({"id": id, "status": "failed", "errors": [{"title": "odd"}]});
                    shop.record(
                        ChannelKind::WhatsApp,
                        channels::EventKind::Status,
                        "",
                        payload,
                    )
                    .await;
                    shop.drain().await;
                }
            }
        }
        let view = channels::list(&mut *shop.conn().await).await.unwrap();
        assert!(view.iter().all(|view| view.status == "active"), "{code:?}");
        let message = the_message(&shop).await;
        match again {
            Some(seconds) => {
                assert_eq!(message.status, "queued", "{code:?}");
                assert_eq!(
                    shop.sent(Service::WhatsApp).len(),
                    1,
                    "{code:?}: not at once"
                );
                shop.after(Duration::from_secs(seconds)).await;
                assert_eq!(the_message(&shop).await.status, "accepted", "{code:?}");
                assert_eq!(shop.sent(Service::WhatsApp).len(), 2, "{code:?}");
            }
            None => {
                assert_eq!(
                    (message.status.as_str(), message.error_code),
                    ("failed", code)
                );
                let classes: Vec<_> = dead(&shop).await;
                let classes: Vec<_> = classes
                    .iter()
                    .filter_map(|d| d.error_class.as_deref())
                    .collect();
                assert_eq!(classes, class.into_iter().collect::<Vec<_>>(), "{code:?}");
            }
        }
        assert_eq!(shop.pending().await.len(), 0, "{code:?}");
    }
}

#[tokio::test]
async fn what_is_refused_by_webhook_again_and_again_comes_to_an_end() {
    let shop = greeted().await;
    shop.drain().await;
    for _ in 0..20 {
        told(&shop, "failed", Some(131000)).await;
        shop.after(Duration::from_secs(1000)).await;
    }
    assert_eq!(shop.sent(Service::WhatsApp).len(), 8);
    let letters = dead(&shop).await;
    assert_eq!(letters.len(), 1);
    // An operator sends it round again.
    inspect::retry(&mut *shop.conn().await, letters[0].id)
        .await
        .unwrap();
    shop.drain().await;
    assert_eq!(the_message(&shop).await.status, "accepted");
}

#[tokio::test]
async fn answer_and_webhook_may_both_refuse_in_either_order() {
    // The webhook comes while the answer is lost, and the job waits for news.
    for (code, ends) in [(131000, "accepted"), (131047, "failed")] {
        let shop = greeted().await;
        shop.providers.fault(fault(|fault| {
            fault.cut = Some(CutAt::After);
            fault.times = Some(1);
        }));
        shop.drain().await;
        told(&shop, "failed", Some(code)).await;
        for _ in 0..200 {
            shop.after(Duration::from_secs(5)).await;
        }
        assert_eq!(the_message(&shop).await.status, ends, "{code}");
        let requests = if ends == "failed" { 1 } else { 2 };
        assert_eq!(shop.sent(Service::WhatsApp).len(), requests, "{code}");
        assert_eq!(dead(&shop).await.len(), usize::from(ends == "failed"));
        assert_eq!(shop.pending().await.len(), 0);
    }
    // The answer refuses first.
    let shop = greeted().await;
    shop.providers.fault(fault(|fault| {
        fault.code = Some(131000);
        fault.times = Some(1);
    }));
    shop.drain().await;
    told(&shop, "failed", Some(131000)).await;
    for _ in 0..20 {
        shop.after(Duration::from_secs(5)).await;
    }
    assert_eq!(the_message(&shop).await.status, "accepted");
    assert_eq!(shop.sent(Service::WhatsApp).len(), 2);
}

#[tokio::test]
async fn a_picture_that_could_not_be_fetched_after_all_comes_as_its_words() {
    let shop = greeted().await;
    // So that it waits, and can be made a picture.
    shop.providers.fault(fault(|fault| {
        fault.code = Some(130429);
        fault.times = Some(1);
    }));
    shop.drain().await;
    let body = Body::Image {
        link: "https://shop.test/gone.jpg".into(),
        caption: Some("Kenyan coffee, 12.50 USD".into()),
    };
    sqlx::query("UPDATE messages SET kind = 'image', content = $1 WHERE direction = 'out'")
        .bind(sqlx::types::Json(body))
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    shop.after(Duration::from_secs(10)).await;
    told(&shop, "sent", None).await;
    told(&shop, "failed", Some(131053)).await;
    shop.after(Duration::from_secs(10)).await;
    let sent = shop.sent(Service::WhatsApp);
    assert_eq!((sent.len(), &sent[1].body["type"]), (3, &"image".into()));
    assert_eq!(
        sent[2].body["text"]["body"], "Kenyan coffee, 12.50 USD",
        "{:?}",
        sent[2].body
    );
}

#[tokio::test]
async fn green_api_s_copy_of_a_picture_tells_that_it_has_arrived() {
    let shop = Shop::open().await;
    let chat = "254712345678@c.us";
    let hello = serde_json::json!({
        "typeWebhook": "incomingMessageReceived", "idMessage": "1", "senderData": {"chatId": chat},
        "messageData": {"typeMessage": "textMessage", "textMessageData": {"textMessage": "hey"}},
    });
    shop.record(
        ChannelKind::GreenApi,
        channels::EventKind::Message,
        chat,
        hello,
    )
    .await;
    shop.providers.fault(Fault {
        cut: Some(CutAt::After),
        times: Some(1),
        ..Fault::on(Service::GreenApi)
    });
    shop.drain().await;
    let body = Body::Image {
        link: "https://shop.test/coffee.jpg".into(),
        caption: Some("Kenyan coffee".into()),
    };
    sqlx::query("UPDATE messages SET kind = 'image', content = $1, body = 'Kenyan coffee' WHERE direction = 'out'")
        .bind(sqlx::types::Json(body))
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let copy = serde_json::json!({
        "typeWebhook": "outgoingAPIMessageReceived", "idMessage": "G1", "senderData": {"chatId": chat},
        "messageData": {"typeMessage": "imageMessage", "fileMessageData": {"caption": "Kenyan coffee"}},
    });
    shop.record(ChannelKind::GreenApi, channels::EventKind::Status, "", copy)
        .await;
    shop.drain().await;
    shop.after(Duration::from_secs(600)).await;
    assert_eq!(the_message(&shop).await.status, "accepted");
    assert_eq!(shop.sent(Service::GreenApi).len(), 1);
}

#[tokio::test]
async fn an_absurd_wait_for_news_never_means_at_once() {
    for wait in [Duration::ZERO, Duration::MAX] {
        let mut shop = greeted().await;
        let mut providers = (*shop.ctx.providers).clone();
        providers.ambiguous_wait = wait;
        shop.ctx.providers = providers.into();
        shop.providers
            .fault(fault(|fault| fault.cut = Some(CutAt::After)));
        shop.drain().await;
        shop.drain().await;
        assert_eq!(shop.sent(Service::WhatsApp).len(), 1);
    }
}

#[tokio::test]
async fn limits_of_the_provider_count_no_attempt() {
    for code in [130429, 4, 80007] {
        let shop = greeted().await;
        shop.providers.fault(fault(|fault| {
            fault.code = Some(code);
            fault.times = Some(12);
        }));
        for _ in 0..13 {
            shop.after(Duration::from_secs(400)).await;
        }
        assert_eq!(the_message(&shop).await.status, "accepted", "{code}");
    }
}

#[tokio::test]
async fn a_bad_token_pauses_the_channel_and_the_message_waits_for_a_new_one() {
    let shop = greeted().await;
    shop.providers.fault(fault(|fault| {
        fault.code = Some(190);
        fault.times = Some(1);
    }));
    shop.drain().await;
    let view = channels::list(&mut *shop.conn().await)
        .await
        .unwrap()
        .into_iter()
        .find(|view| view.kind == "whatsapp")
        .unwrap();
    assert_eq!(view.status, "paused");
    assert!(view.status_reason.unwrap().contains("190"));
    shop.ctx.channels().clear();
    for _ in 0..20 {
        shop.after(Duration::from_secs(90)).await;
    }
    assert_eq!(
        (
            shop.sent(Service::WhatsApp).len(),
            the_message(&shop).await.status.as_str()
        ),
        (1, "queued")
    );

    let mut work = shop.work().await;
    channels::resume(&mut work, shop.whatsapp).await.unwrap();
    work.commit().await.unwrap();
    shop.ctx.channels().clear();
    shop.after(Duration::from_secs(90)).await;
    assert_eq!(the_message(&shop).await.status, "accepted");
}

#[tokio::test]
async fn a_refusal_that_is_our_fault_is_a_dead_letter_and_can_be_sent_when_it_is_put_right() {
    let shop = greeted().await;
    shop.providers.fault(fault(|fault| {
        fault.code = Some(131009);
        fault.times = Some(1);
    }));
    assert_eq!(shop.drain().await.dead, 1);
    let message = the_message(&shop).await;
    assert_eq!(
        (message.status.as_str(), message.error_code),
        ("failed", Some(131009))
    );

    let mut conn = shop.conn().await;
    let dead = inspect::list(
        &mut conn,
        &inspect::JobFilter {
            state: Some(State::Dead),
            ..Default::default()
        },
    )
    .await
    .unwrap()
    .jobs;
    inspect::retry(&mut conn, dead[0].id).await.unwrap();
    drop(conn);
    shop.drain().await;
    assert_eq!(the_message(&shop).await.status, "accepted");
}

#[tokio::test]
async fn one_who_wants_no_marketing_of_ours_is_opted_out_by_the_provider_s_word() {
    let shop = greeted().await;
    shop.drain().await;
    let entry = shop.sent(Service::WhatsApp).remove(0);
    shop.status(
        entry.message_id.as_deref().unwrap(),
        entry.callback.as_deref(),
        "failed",
        Some(131050),
    )
    .await;
    shop.drain().await;
    assert_eq!(the_message(&shop).await.error_code, Some(131050));
    let contact = sqlx::query_scalar::<_, bool>("SELECT granted FROM consents")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    assert!(!contact);
}

#[tokio::test]
async fn a_status_of_no_message_is_waited_on_only_while_a_request_has_no_answer() {
    let shop = greeted().await;
    let status = async |callback: Option<&str>, id: &str| {
        shop.status(id, callback, "delivered", None).await;
        let drained = shop.drain().await;
        assert_eq!(drained.dead, 0);
        drained.retried
    };
    shop.drain().await;
    // Of a program beside us, and of a code.
    assert_eq!(status(None, "wamid.7").await, 0);
    assert_eq!(status(Some("otc_0190"), "wamid.8").await, 0);
    let copy = serde_json::json!({
        "typeWebhook": "outgoingMessageStatus", "idMessage": "G1", "chatId": "254712345678@c.us", "status": "delivered",
    });
    shop.record(ChannelKind::GreenApi, channels::EventKind::Status, "", copy)
        .await;
    assert_eq!(shop.drain().await.retried, 0);
    // The next answer is lost: its message may be any that nobody knows.
    shop.providers
        .fault(fault(|fault| fault.cut = Some(CutAt::After)));
    shop.hear("wamid.2", "shop").await;
    assert_eq!(shop.drain().await.retried, 1);
    assert_eq!(status(Some("otc_0191"), "wamid.9").await, 0);
    assert_eq!(status(None, "wamid.10").await, 1);
}
