use kazi_clients::whatsapp::Body;
use kazi_platform::actor::{Actor, ActorKind};
use kazi_simulators::Service;
use uuid::Uuid;

use super::*;
use crate::{
    conversations::{self, MessageId},
    messages::{self, Cause, NewOutbound},
    testing::Shop,
};

fn somebody() -> Actor {
    Actor {
        kind: ActorKind::Staff,
        id: Some(Uuid::now_v7()),
        ..Actor::SYSTEM
    }
}

#[tokio::test]
async fn what_waits_in_a_suspended_workspace_is_sent_when_it_is_active_again() {
    let shop = Shop::open().await;
    shop.hear("m1", "Hello").await;
    shop.drain().await;
    let sent = shop.sent(Service::WhatsApp).len();
    assert!(sent > 0);
    let mut work = shop.work_by(somebody()).await;
    suspend(&mut work, "not paid").await.unwrap();
    work.commit().await.unwrap();
    // The directory forgets after some seconds; a process that starts now knows no channel yet.
    let ctx = shop.ctx.with(channels::Directory::new(
        shop.ctx.db.clone(),
        shop.ctx.keyring.clone(),
    ));
    let conversation: Uuid = sqlx::query_scalar("SELECT id FROM conversations")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    let mut work = shop.work().await;
    let conversation = conversations::get(&mut work, conversation.into())
        .await
        .unwrap();
    let text = Body::Text {
        text: "Your table is free.".into(),
    };
    let new = NewOutbound {
        id: MessageId::at(work.now()),
        conversation: &conversation.unwrap(),
        body: &text,
        cause: Cause::Reminder,
        at: work.now(),
    };
    messages::queue_out(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    let run = async || {
        kazi_queue::testing::drain(&shop.ctx.owner, &crate::registry(), &ctx, shop.now())
            .await
            .unwrap()
    };
    run().await;
    assert_eq!(shop.sent(Service::WhatsApp).len(), sent);
    let mut work = shop.work_by(somebody()).await;
    reactivate(&mut work).await.unwrap();
    work.commit().await.unwrap();
    shop.after(std::time::Duration::from_secs(3_600)).await;
    assert_eq!(shop.sent(Service::WhatsApp).len(), sent + 1);
}

#[tokio::test]
async fn a_channel_that_was_paused_before_stays_paused_after_a_suspension() {
    let shop = Shop::open().await;
    let mut work = shop.work().await;
    channels::stop(&mut work, shop.greenapi, "holidays")
        .await
        .unwrap();
    work.commit().await.unwrap();
    let status = async || -> Vec<(String, Option<String>)> {
        sqlx::query_as("SELECT status, status_reason FROM channels ORDER BY kind DESC")
            .fetch_all(&shop.ctx.owner)
            .await
            .unwrap()
    };
    let mut work = shop.work_by(somebody()).await;
    suspend(&mut work, "not paid").await.unwrap();
    work.commit().await.unwrap();
    let holidays = ("paused".to_owned(), Some("holidays".to_owned()));
    let by_staff = ("paused".to_owned(), Some(SUSPENDED.to_owned()));
    assert_eq!(status().await, [by_staff, holidays.clone()]);
    let mut work = shop.work_by(somebody()).await;
    reactivate(&mut work).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(status().await, [("active".to_owned(), None), holidays]);
}
