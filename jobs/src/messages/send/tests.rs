use std::time::Duration;

use kazi_queue::inspect::{self, State};
use kazi_simulators::{CutAt, Fault, Service};

use super::*;
use crate::{
    channels,
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
        &inspect::Filter {
            state: Some(State::Dead),
            ..Default::default()
        },
    )
    .await
    .unwrap();
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
    shop.ctx.channels.clear();
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

    channels::resume(&mut *shop.conn().await, shop.workspace, shop.whatsapp)
        .await
        .unwrap();
    shop.ctx.channels.clear();
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
        &inspect::Filter {
            state: Some(State::Dead),
            ..Default::default()
        },
    )
    .await
    .unwrap();
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
        .fetch_one(&shop.ctx.db)
        .await
        .unwrap();
    assert!(!contact);
}
