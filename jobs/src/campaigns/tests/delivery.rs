//! Throttle, canary, breaker and frequency cap, with a provider that refuses.

use super::*;
use crate::workspaces::FrequencyCap;

const SECOND: Duration = Duration::from_secs(1);
/// The recipient has no WhatsApp.
const UNDELIVERABLE: i64 = 131_026;

async fn drafted(shop: &Shop, delivery: serde_json::Value) -> CampaignId {
    let id = draft(shop).await;
    let patch = CampaignPatch {
        delivery: Some(serde_json::from_value(delivery).unwrap()),
        ..CampaignPatch::default()
    };
    act!(shop, id, update, patch).unwrap();
    id
}

/// A campaign that is being sent, with what was due.
async fn started(shop: &Shop, delivery: serde_json::Value) -> CampaignId {
    let id = drafted(shop, delivery).await;
    act!(shop, id, send, BASE).unwrap();
    shop.drain().await;
    id
}

async fn notified(shop: &Shop, reason: &str) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM notifications WHERE kind = 'campaign_stopped' AND data->>'reason' = $1",
    )
    .bind(reason)
    .fetch_one(&shop.ctx.owner)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_throttle_sends_so_many_a_second_whoever_dies_or_pauses() {
    let shop = shop(12).await;
    let id = started(&shop, json!({"throttle": 3})).await;
    assert_eq!(reached(&shop).len(), 3);
    shop.drain().await;
    assert_eq!(reached(&shop).len(), 3);
    shop.ctx.clock.advance(TimeDelta::seconds(1));
    let turn = async || {
        let mut work = shop.work().await;
        let sending = lock(&mut work, id).await.unwrap().unwrap();
        broadcast::turn(&mut work, &sending).await.unwrap();
        work
    };
    // A process dies in the middle of its turn, and another takes it.
    drop(turn().await);
    turn().await.commit().await.unwrap();
    shop.drain().await;
    assert_eq!(reached(&shop).len(), 6);
    act!(shop, id, pause).unwrap();
    shop.after(SECOND * 60).await;
    // What was not used in the pause is lost, but for a second.
    act!(shop, id, resume).unwrap();
    shop.drain().await;
    assert_eq!(reached(&shop).len(), 12);
    once_each(&shop, 12);
}

#[tokio::test]
async fn a_canary_waits_and_goes_on_by_itself_when_few_have_failed() {
    let shop = shop(10).await;
    shop.providers.fault(refuses(UNDELIVERABLE, Some(1)));
    let canary =
        json!({"canary": {"recipients": 4, "wait_minutes": 10, "max_failure_percent": 25}});
    let id = started(&shop, canary).await;
    assert_eq!(reached(&shop).len(), 3);
    shop.after(SECOND).await;
    let first = look(&shop, id).await;
    assert!(first.canary_sent_at.is_some() && first.canary_passed_at.is_none());
    shop.after(SECOND * 540).await;
    assert_eq!(reached(&shop).len(), 3);
    shop.after(SECOND * 60).await;
    once_each(&shop, 9);
    shop.after(SECOND * 60).await;
    let over = look(&shop, id).await;
    assert_eq!(over.status, CampaignStatus::Completed);
    assert!(over.canary_passed_at.is_some());
}

#[tokio::test]
async fn a_canary_that_fails_pauses_and_a_member_may_let_it_go_on() {
    let shop = shop(10).await;
    let member = shop.member(crate::Role::Admin).await;
    assert!(!member.is_nil());
    shop.providers.fault(refuses(UNDELIVERABLE, Some(2)));
    let canary = json!({"canary": {"percent": 40, "wait_minutes": 10, "max_failure_percent": 25}});
    let id = started(&shop, canary).await;
    shop.after(SECOND).await;
    shop.after(SECOND * 600).await;
    let paused = look(&shop, id).await;
    assert_eq!(paused.status, CampaignStatus::Paused);
    assert_eq!(paused.reason.as_deref(), Some("canary_failed"));
    let words = "2 of the 4 first messages have failed (undeliverable: 2): at most 25 % may";
    assert_eq!(paused.reason_detail.as_deref(), Some(words));
    assert_eq!(notified(&shop, "canary_failed").await, 1);
    assert_eq!(reached(&shop).len(), 2);
    act!(shop, id, resume).unwrap();
    shop.drain().await;
    once_each(&shop, 8);
}

#[tokio::test]
async fn failures_of_one_class_trip_the_breaker_and_it_can_go_on() {
    let shop = shop(30).await;
    shop.member(crate::Role::Admin).await;
    shop.providers.fault(refuses(UNDELIVERABLE, None));
    // Another class has a limit of its own.
    let breaker = json!({"throttle": 1, "breaker": {"minimum": 10, "max_failure_percent": 50,
                         "classes": {"marketing_cap": 1}}});
    let id = started(&shop, breaker).await;
    for _ in 0..12 {
        shop.after(SECOND).await;
    }
    let paused = look(&shop, id).await;
    assert_eq!(paused.reason.as_deref(), Some("failures"));
    let words = "10 of its last 10 messages have failed (undeliverable): at most 50 % may";
    assert_eq!(paused.reason_detail.as_deref(), Some(words));
    assert_eq!(notified(&shop, "failures").await, 1);
    assert_eq!(figures(&shop, id).await.failed.total, 10);
    shop.providers.clear_faults();
    // Failures from before do not count again.
    act!(shop, id, resume).unwrap();
    for _ in 0..25 {
        shop.after(SECOND).await;
    }
    once_each(&shop, 20);
    assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);
}

#[tokio::test]
async fn a_breaker_that_is_off_or_allows_so_many_lets_them_fail() {
    for breaker in [
        json!({"minimum": 10, "enabled": false}),
        json!({"minimum": 10, "classes": {"undeliverable": 100}}),
    ] {
        let shop = shop(15).await;
        shop.providers.fault(refuses(UNDELIVERABLE, None));
        let id = started(&shop, json!({"throttle": 1, "breaker": breaker})).await;
        for _ in 0..20 {
            shop.after(SECOND).await;
        }
        assert_eq!(look(&shop, id).await.status, CampaignStatus::Completed);
        assert_eq!(figures(&shop, id).await.failed.total, 15);
    }
}

async fn set_cap(shop: &Shop, messages: i64, days: i64) {
    let cap = FrequencyCap { messages, days };
    sqlx::query("UPDATE workspaces SET settings = $1")
        .bind(json!({"frequency_cap": cap}))
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
}

#[tokio::test]
async fn who_has_got_enough_is_left_out_of_the_planning_until_the_days_are_over() {
    let shop = shop(3).await;
    set_cap(&shop, 1, 7).await;
    // One message fails: that contact got nothing.
    shop.providers.fault(refuses(UNDELIVERABLE, Some(1)));
    started(&shop, json!({})).await;
    assert_eq!(reached(&shop).len(), 2);
    contact(&shop, "+254712399999", "KE").await;
    let report = async |id| look(&shop, id).await.report.unwrap();
    let second = report(planned(&shop).await).await;
    assert_eq!(second.left_out.get("frequency_cap"), Some(&2));
    assert_eq!((second.contacts, second.recipients), (4, 2));
    // A campaign may have a cap of its own.
    let own = drafted(&shop, json!({"frequency_cap": {"messages": 2, "days": 7}})).await;
    act!(shop, own, plan, BASE).unwrap();
    shop.drain().await;
    assert_eq!(report(own).await.recipients, 4);
    // The first messages are older than seven days now.
    shop.after(SECOND * (7 * 86_400 + 1)).await;
    assert_eq!(report(planned(&shop).await).await.recipients, 4);
}

#[tokio::test]
async fn two_campaigns_at_once_do_not_pass_the_cap() {
    let shop = shop(4).await;
    set_cap(&shop, 1, 7).await;
    let (first, second) = (planned(&shop).await, planned(&shop).await);
    let first = act!(shop, first, send, BASE).unwrap();
    let second = act!(shop, second, send, BASE).unwrap();
    let mut one = shop.work().await;
    lock(&mut one, first.id).await.unwrap();
    broadcast::turn(&mut one, &first).await.unwrap();
    let mut other = shop.work().await;
    lock(&mut other, second.id).await.unwrap();
    let behind = async {
        broadcast::turn(&mut other, &second).await.unwrap();
        other.commit().await.unwrap();
    };
    // The other is behind the first when it waits for its lock.
    let ahead = async {
        let waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
        while sqlx::query_scalar::<_, i64>(waits)
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap()
            == 0
        {}
        one.commit().await.unwrap();
    };
    tokio::join!(behind, ahead);
    shop.drain().await;
    once_each(&shop, 4);
    let left_out = figures(&shop, second.id).await.left_out.reasons;
    assert_eq!(left_out.get("frequency_cap"), Some(&4));
}
