use std::collections::BTreeMap;

use kazi_clients::whatsapp::Body;
use kazi_platform::{actor::Actor, database};
use kazi_queue::{
    inspect::{self, JobFilter, JobView, State},
    trace::TraceId,
};
use kazi_simulators::Service;
use serde_json::json;
use tokio::task::JoinSet;

use super::*;
use crate::{
    Across,
    channels::{EventKind, NewEvent},
    contacts::{self, ContactId, Identity},
    conversations,
    inbound::record,
    messages::{
        CampaignId, Cause, NewOutbound, StatusUpdate, progress, queue_all,
        writer::{Acceptance, Announcement},
    },
    testing::{NUMBER, Shop},
};

/// A broadcast to so many people who have not written.
async fn broadcast(shop: &Shop, people: usize) -> Vec<MessageId> {
    let now = shop.now();
    let mut work = shop.work_by(Actor::SYSTEM).await;
    let mut audience: Vec<(ContactId, String)> = Vec::new();
    for n in 0..people {
        let identity = Identity {
            chat_id: Some(format!("2547000{n:05}")),
            ..Identity::default()
        };
        let contact = contacts::resolve(&mut work, shop.whatsapp, &identity);
        audience.push((contact.await.unwrap().id, identity.chat_id.unwrap()));
    }
    let sender = channels::sender(&mut work, shop.whatsapp)
        .await
        .unwrap()
        .unwrap();
    let ways = conversations::reach_all(&mut work, &sender, &audience)
        .await
        .unwrap();
    let body = Body::Template {
        name: "hello_world".into(),
        language: "en_US".into(),
        parameters: Vec::new(),
        names: Vec::new(),
        header: None,
        buttons: Vec::new(),
        cards: Vec::new(),
        offer_ends: None,
        shown: None,
    };
    let all: Vec<NewOutbound<'_>> = ways
        .iter()
        .map(|way| NewOutbound {
            id: MessageId::derived(way.conversation.id.uuid(), 1),
            conversation: &way.conversation,
            body: &body,
            cause: Cause::Campaign,
            at: now,
        })
        .collect();
    let campaign = CampaignId::new();
    let new = queue_all(&mut work, campaign, &all, &[]).await.unwrap();
    assert_eq!(new.len(), people);
    let again = queue_all(&mut work, campaign, &all, &[]).await.unwrap();
    assert_eq!(again.len(), 0, "the same broadcast is written once");
    work.commit().await.unwrap();
    all.iter().map(|message| message.id).collect()
}

async fn rows(shop: &Shop) -> BTreeMap<String, i64> {
    let mut work = shop.work().await;
    progress(&mut work, Cause::Campaign).await.unwrap()
}

async fn dead(shop: &Shop) -> Vec<JobView> {
    let filter = JobFilter {
        state: Some(State::Dead),
        ..JobFilter::default()
    };
    inspect::list(&mut *shop.conn().await, &filter)
        .await
        .unwrap()
        .jobs
}

fn counts<const N: usize>(all: [(&str, i64); N]) -> BTreeMap<String, i64> {
    all.map(|(status, n)| (status.to_owned(), n)).into()
}

fn told(message: MessageId, status: &str) -> Value {
    json!({"id": format!("wamid.{message}"), "status": status, "biz_opaque_callback_data": message.to_string()})
}

/// Records statuses as the intake does with those of one call.
async fn hear(shop: &Shop, payloads: &[Value]) {
    let events: Vec<NewEvent> = payloads
        .iter()
        .map(|payload| NewEvent {
            provider: ChannelKind::WhatsApp,
            kind: EventKind::Status,
            key: payload.to_string(),
            external_id: NUMBER.into(),
            route: Some((shop.workspace, shop.whatsapp)),
            sender: String::new(),
            payload: payload.to_string(),
            trace: TraceId::random(),
        })
        .collect();
    let events: Vec<&NewEvent> = events.iter().collect();
    let mut tx = database::platform(&shop.ctx.db).await.unwrap();
    record(&mut tx, shop.now(), &events).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn statuses_that_come_together_are_one_job_and_move_each_message_forward_only() {
    let shop = Shop::open().await;
    let all = broadcast(&shop, 30).await;
    assert_eq!(shop.drain().await.done, 30);
    assert_eq!(rows(&shop).await, counts([("accepted", 30)]));
    assert_eq!(shop.sent(Service::WhatsApp).len(), 30);

    // Each in another order, some of them further than others.
    let mut payloads: Vec<Value> = all.iter().map(|id| told(*id, "delivered")).collect();
    payloads.extend(all.iter().rev().map(|id| told(*id, "sent")));
    payloads.extend(all[..10].iter().map(|id| told(*id, "read")));
    hear(&shop, &payloads).await;
    assert_eq!(shop.pending().await.len(), 1);
    assert_eq!(shop.drain().await.done, 1);
    assert_eq!(rows(&shop).await, counts([("delivered", 20), ("read", 10)]));
    let late: Vec<Value> = all[..5].iter().map(|id| told(*id, "played")).collect();
    hear(&shop, &late).await;
    hear(&shop, &payloads[..40]).await;
    shop.drain().await;
    assert_eq!(rows(&shop).await, counts([("delivered", 20), ("read", 10)]));
    let whole: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM messages
         WHERE accepted_at IS NOT NULL AND sent_at IS NOT NULL AND delivered_at IS NOT NULL AND provider_id IS NOT NULL",
    )
    .fetch_one(&mut *shop.conn().await)
    .await
    .unwrap();
    assert_eq!(whole, 30, "the times of all steps are noted");
}

#[tokio::test]
async fn what_is_wrong_with_one_status_does_not_hold_the_others() {
    let shop = Shop::open().await;
    let all = broadcast(&shop, 4).await;
    shop.drain().await;
    let refused = shop.sent(Service::WhatsApp);
    let refused = refused
        .iter()
        .find(|entry| entry.callback == Some(all[1].to_string()));
    let stranger = MessageId::at(shop.now());
    hear(
        &shop,
        &[
            told(all[0], "delivered"),
            json!("no status at all"),
            told(stranger, "delivered"),
            json!({"id": refused.unwrap().message_id, "status": "failed", "biz_opaque_callback_data": all[1].to_string(),
                   "errors": [{"code": 131026, "title": "undeliverable"}]}),
            told(all[2], "read"),
            json!({"id": "wamid.x", "status": "delivered", "biz_opaque_callback_data": "otp_of_another"}),
            json!({"id": "wamid.y", "status": "of the future"}),
            told(all[3], "sent"),
        ],
    )
    .await;
    shop.drain().await;
    assert_eq!(
        rows(&shop).await,
        counts([("delivered", 1), ("failed", 1), ("read", 1), ("sent", 1)])
    );
    // The stranger's waits alone for its message; what cannot be read is for a person.
    assert_eq!(
        (shop.pending().await.len(), dead(&shop).await.len()),
        (1, 1)
    );
    for _ in 0..6 {
        shop.after(Duration::from_secs(40)).await;
    }
    assert_eq!(
        (shop.pending().await.len(), dead(&shop).await.len()),
        (0, 1)
    );
}

#[tokio::test]
async fn a_batch_that_fails_falls_apart_and_only_the_culprit_is_left() {
    let shop = Shop::open().await;
    let all = broadcast(&shop, 5).await;
    shop.drain().await;
    // The database refuses this one row.
    let refuse = format!(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
         CREATE TRIGGER refuse BEFORE UPDATE ON messages FOR EACH ROW WHEN (NEW.id = '{}') EXECUTE FUNCTION refuse()",
        all[2].uuid()
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(refuse))
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    let payloads: Vec<Value> = all.iter().map(|id| told(*id, "delivered")).collect();
    hear(&shop, &payloads).await;
    for _ in 0..8 {
        shop.after(Duration::from_secs(40)).await;
    }
    assert_eq!(
        rows(&shop).await,
        counts([("accepted", 1), ("delivered", 4)])
    );
    let dead = dead(&shop).await;
    assert_eq!((shop.pending().await.len(), dead.len()), (0, 1));
    let detail = inspect::show(&mut *shop.conn().await, dead[0].id)
        .await
        .unwrap();
    assert_eq!(
        detail.unwrap().payload["events"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn a_job_of_the_first_version_still_runs() {
    let old = json!({"workspace": WorkspaceId::new(), "event": WebhookEventId::new()});
    let new: ApplyStatus =
        serde_json::from_value(ApplyStatus::upgrade(1, old.clone()).unwrap()).unwrap();
    assert_eq!(json!(new.events), json!([old["event"]]));
}

#[tokio::test]
async fn of_many_who_announce_a_message_one_may_send_it_and_only_for_its_workspace() {
    use crate::messages::writer::Announcement;
    let shop = Shop::open().await;
    let all = broadcast(&shop, 3).await;
    let announce = |workspace, message| {
        let (writer, at) = (shop.ctx.writer(), shop.now());
        let one = Announcement {
            workspace,
            message,
            at,
            awaited: false,
        };
        async move { writer.announce(one).await.unwrap().is_some() }
    };
    assert!(!announce(WorkspaceId::new(), all[0]).await);
    assert_eq!(rows(&shop).await, counts([("queued", 3)]));
    let calls: JoinSet<bool> = (0..20)
        .map(|n| announce(shop.workspace, all[n % 2]))
        .collect();
    let mine = calls.join_all().await;
    assert_eq!(mine.iter().filter(|mine| **mine).count(), 2);
    assert_eq!(rows(&shop).await, counts([("queued", 1), ("sending", 2)]));
}

#[tokio::test]
async fn announcements_lock_their_messages_in_the_order_of_their_ids() {
    let shop = Shop::open().await;
    let mut all = broadcast(&shop, 8).await;
    all.sort_unstable();
    let lock = "SELECT FROM messages WHERE id = $1 FOR UPDATE NOWAIT";
    let mut tx = shop.ctx.owner.begin().await.unwrap();
    let hold = sqlx::query(lock).bind(all[0].uuid());
    hold.execute(&mut *tx).await.unwrap();
    let mut announcing = JoinSet::new();
    for message in all.clone() {
        let (writer, workspace, at) = (shop.ctx.writer(), shop.workspace, shop.now());
        let one = Announcement {
            workspace,
            message,
            at,
            awaited: false,
        };
        announcing.spawn(async move { writer.announce(one).await });
    }
    let waiting = "SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let conn = &mut *shop.conn().await;
    while sqlx::query_scalar::<_, i64>(waiting)
        .fetch_one(&mut *conn)
        .await
        .unwrap()
        == 0
    {
        tokio::task::yield_now().await;
    }
    // Who waits for the first holds none of the others: whoever takes these back never waits in a circle.
    for id in &all[1..] {
        let next = sqlx::query(lock).bind(id.uuid());
        next.execute(&mut *tx).await.unwrap();
    }
    tx.rollback().await.unwrap();
    while let Some(announced) = announcing.join_next().await {
        assert!(announced.unwrap().unwrap().is_some());
    }
}

#[tokio::test]
async fn what_is_told_of_one_business_moves_no_message_of_another() {
    let shop = Shop::open().await;
    let all = broadcast(&shop, 3).await;
    shop.drain().await;
    let reports = all.iter().map(|id| {
        let update = StatusUpdate {
            channel: shop.whatsapp,
            status: Status::Read,
            provider_id: "wamid.of.nobody",
            at: shop.now(),
        };
        (*id, Report::of(&update))
    });
    let reports: BTreeMap<MessageId, Report> = reports.collect();
    // As the job does it, which is no tenant there.
    let across = Across::of(&shop.ctx).await.unwrap();
    let mut work = across.within(WorkspaceId::new());
    let known = store::bulk::apply(&mut work, shop.whatsapp, &reports).await;
    assert!(known.unwrap().is_empty());
    work.commit().await.unwrap();
    assert_eq!(rows(&shop).await, counts([("accepted", 3)]));
}

#[tokio::test]
async fn that_a_refused_request_had_been_sent_moves_nothing() {
    let shop = Shop::open().await;
    let all = broadcast(&shop, 2).await;
    shop.drain().await;
    for id in &all {
        let callback = id.to_string();
        let wamid: String = sqlx::query_scalar("SELECT provider_id FROM messages WHERE id = $1")
            .bind(id.uuid())
            .fetch_one(&mut *shop.conn().await)
            .await
            .unwrap();
        // "Service unavailable": it is sent again later.
        shop.status(&wamid, Some(&callback), "failed", Some(131_016))
            .await;
    }
    shop.drain().await;
    assert_eq!(rows(&shop).await, counts([("queued", 2)]));
    let late: Vec<Value> = all.iter().map(|id| told(*id, "sent")).collect();
    hear(&shop, &late).await;
    shop.drain().await;
    assert_eq!(rows(&shop).await, counts([("queued", 2)]));
}

/// The pushes that are charged.
async fn charged(shop: &Shop) -> i64 {
    sqlx::query_scalar(
        "SELECT coalesce(sum(quantity), 0)::bigint FROM usage_causes WHERE kind = 'push'",
    )
    .fetch_one(&shop.ctx.owner)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_message_is_charged_once_whether_its_answer_or_a_status_comes_first() {
    let shop = Shop::open().await;
    let all = broadcast(&shop, 3).await;
    for id in &all {
        let announcement = Announcement {
            workspace: shop.workspace,
            message: *id,
            at: shop.now(),
            awaited: false,
        };
        let announced = shop.ctx.writer().announce(announcement).await;
        assert!(announced.unwrap().is_some());
    }
    assert_eq!(charged(&shop).await, 0);
    let accept = async |id: MessageId| {
        let acceptance = Acceptance {
            workspace: shop.workspace,
            message: id,
            provider_id: format!("wamid.{id}"),
            at: shop.now(),
            awaited: false,
        };
        shop.ctx.writer().accept(acceptance).await.unwrap();
    };
    // One alone, and two in a group.
    let mut work = shop.work().await;
    let update = StatusUpdate {
        channel: shop.whatsapp,
        status: Status::Delivered,
        provider_id: "wamid.1",
        at: shop.now(),
    };
    assert!(store::apply(&mut work, all[0], &update).await.unwrap());
    work.commit().await.unwrap();
    assert_eq!(charged(&shop).await, 1);
    let news: Vec<Value> = all[..2].iter().map(|id| told(*id, "delivered")).collect();
    hear(&shop, &news).await;
    shop.drain().await;
    assert_eq!(charged(&shop).await, 2);
    for id in &all {
        accept(*id).await;
    }
    assert_eq!(charged(&shop).await, 3);
    // Refused by a webhook, and its next request is taken.
    sqlx::query("UPDATE messages SET status = 'sending', accepted_at = NULL")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    for id in &all {
        accept(*id).await;
    }
    assert_eq!(charged(&shop).await, 3);
}

async fn failures(shop: &Shop) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM messages
         WHERE failed_at IS NOT NULL OR error_code IS NOT NULL OR error_detail IS NOT NULL OR dead_letter IS NOT NULL",
    )
    .fetch_one(&mut *shop.conn().await)
    .await
    .unwrap()
}

/// The provider's ids of what was sent, by message.
async fn wamid(shop: &Shop, id: MessageId) -> String {
    sqlx::query_scalar("SELECT provider_id FROM messages WHERE id = $1")
        .bind(id.uuid())
        .fetch_one(&mut *shop.conn().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_arrived_after_all_is_no_failure_any_more_and_nobody_sends_it_again() {
    let shop = Shop::open().await;
    let all = broadcast(&shop, 5).await;
    shop.drain().await;
    // Four for a person to look at; one of a kind that nobody looks at.
    for (n, id) in all.iter().enumerate() {
        let code = if n == 4 { 131_026 } else { 131_008 };
        let wamid = wamid(&shop, *id).await;
        shop.status(&wamid, Some(&id.to_string()), "failed", Some(code))
            .await;
    }
    shop.drain().await;
    assert_eq!(rows(&shop).await, counts([("failed", 5)]));
    let letters = dead(&shop).await;
    assert_eq!(letters.len(), 4);
    // That it was sent is no news of one that failed.
    hear(&shop, &[told(all[0], "sent"), told(all[1], "sent")]).await;
    shop.drain().await;
    assert_eq!(rows(&shop).await, counts([("failed", 5)]));
    // Alone, by Meta's id only.
    let by_id = wamid(&shop, all[0]).await;
    shop.status(&by_id, None, "read", None).await;
    shop.drain().await;
    assert_eq!(dead(&shop).await.len(), 3);
    // Together.
    let late: Vec<Value> = all[1..].iter().map(|id| told(*id, "delivered")).collect();
    hear(&shop, &late).await;
    shop.drain().await;
    assert_eq!(rows(&shop).await, counts([("delivered", 4), ("read", 1)]));
    assert_eq!((dead(&shop).await.len(), failures(&shop).await), (0, 0));
    // The letters are gone, so nobody can send them round again; and the failure is told once more to no effect.
    for letter in letters {
        inspect::retry(&mut *shop.conn().await, letter.id)
            .await
            .unwrap();
    }
    let wamid = wamid(&shop, all[2]).await;
    let again = json!({"id": wamid, "status": "failed", "biz_opaque_callback_data": all[2].to_string(),
        "errors": [{"code": 131_008, "title": "again"}]});
    hear(&shop, &[again]).await;
    shop.drain().await;
    assert_eq!(shop.sent(Service::WhatsApp).len(), 5);
    assert_eq!(rows(&shop).await, counts([("delivered", 4), ("read", 1)]));
}

#[tokio::test]
async fn what_arrived_while_it_waited_to_be_sent_again_is_not_sent_again() {
    let shop = Shop::open().await;
    let all = broadcast(&shop, 2).await;
    shop.drain().await;
    for id in &all {
        let wamid = wamid(&shop, *id).await;
        // "Service unavailable": it would be sent again.
        shop.status(&wamid, Some(&id.to_string()), "failed", Some(131_016))
            .await;
    }
    shop.drain().await;
    hear(&shop, &[told(all[0], "read"), told(all[1], "delivered")]).await;
    for _ in 0..3 {
        shop.after(Duration::from_secs(3_600)).await;
    }
    assert_eq!(shop.sent(Service::WhatsApp).len(), 2);
    assert_eq!(rows(&shop).await, counts([("delivered", 1), ("read", 1)]));
}

#[tokio::test]
async fn good_and_bad_news_of_one_message_in_one_call_are_good_news() {
    let shop = Shop::open().await;
    let all = broadcast(&shop, 2).await;
    shop.drain().await;
    let mut news = Vec::new();
    for id in &all {
        let wamid = wamid(&shop, *id).await;
        news.push(
            json!({"id": wamid, "status": "failed", "biz_opaque_callback_data": id.to_string(),
            "errors": [{"code": 131_000, "title": "Something went wrong"}]}),
        );
        news.push(told(*id, "delivered"));
    }
    hear(&shop, &news).await;
    for _ in 0..3 {
        shop.after(Duration::from_secs(3_600)).await;
    }
    assert_eq!(rows(&shop).await, counts([("delivered", 2)]));
    assert_eq!(shop.sent(Service::WhatsApp).len(), 2);
}
