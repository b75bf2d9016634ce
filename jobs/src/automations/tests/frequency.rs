//! The frequency cap of the workspace: automations and campaigns count each other's messages.

use super::*;
use crate::{
    automations::{
        send as sending,
        store::steps::{self, NewDone},
    },
    campaigns,
};

/// Kazi's address, as the shop's context has it.
const BASE: &str = "http://127.0.0.1:1";

async fn set_cap(shop: &Shop, messages: i64, days: i64) {
    sqlx::query("UPDATE workspaces SET settings = $1")
        .bind(json!({"frequency_cap": {"messages": messages, "days": days}}))
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
}

/// Plans a campaign of the template `offer`, and sends it. Returns how many the cap has left out.
async fn campaign(shop: &Shop) -> Option<i64> {
    let new = json!({"name": "Spring", "channel_id": shop.whatsapp, "content": {
        "kind": "template", "name": "offer", "parameters": [{"field": {"name": "first_name"}}]}});
    let new: campaigns::NewCampaign = serde_json::from_value(new).unwrap();
    let mut work = shop.work().await;
    let made = campaigns::create(&mut work, &new).await.unwrap();
    campaigns::plan(&mut work, &made, BASE).await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    let mut work = shop.work().await;
    let planned = campaigns::lock(&mut work, made.id).await.unwrap().unwrap();
    let report = planned.report.clone().unwrap();
    if report.recipients > 0 {
        campaigns::send(&mut work, &planned, BASE).await.unwrap();
    }
    work.commit().await.unwrap();
    shop.drain().await;
    report.left_out.get("frequency_cap").copied()
}

#[tokio::test]
async fn a_campaign_leaves_out_whom_an_automation_has_written_to() {
    let shop = shop(2).await;
    set_cap(&shop, 1, 7).await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    look(&shop, id).await;
    once_each(&shop, 2);
    contact(&shop, 2).await;
    assert_eq!(campaign(&shop).await, Some(2));
    once_each(&shop, 3);
}

#[tokio::test]
async fn an_automation_skips_a_message_beyond_the_cap_and_its_contact_goes_on() {
    let shop = shop(2).await;
    template_in(
        &shop,
        ("receipt", "en"),
        Category::Utility,
        "Hello {{1}}, here it is.",
    )
    .await;
    set_cap(&shop, 1, 7).await;
    assert_eq!(campaign(&shop).await, None);
    once_each(&shop, 2);
    contact(&shop, 2).await;
    let steps = [
        send(&shop, "greet", "offer"),
        send(&shop, "thank", "receipt"),
    ];
    let id = active(&shop, &new(daily(&shop), &steps)).await;
    look(&shop, id).await;
    let to = |name: &str| {
        reached(&shop)
            .iter()
            .filter(|(_, sent)| sent == name)
            .count()
    };
    assert_eq!((to("offer"), to("receipt")), (3, 3));
    let figures = counted(&shop, id).await;
    assert_eq!(figures.finished, 3);
    let mut reasons = Vec::new();
    for enrolment in all_enrolments(&shop, id).await {
        let done = steps_of(&mut shop.work().await, enrolment.id)
            .await
            .unwrap();
        reasons.extend(done[0].reason.clone());
    }
    assert_eq!(reasons, ["frequency_cap", "frequency_cap"]);
    // The days of the campaign's messages are over, and those of the automation's own are not.
    shop.ctx
        .clock
        .advance(TimeDelta::days(7) - TimeDelta::minutes(1));
    look(&shop, id).await;
    assert_eq!((to("offer"), to("receipt")), (5, 6));
}

#[tokio::test]
async fn of_two_automations_at_once_one_writes_to_a_contact() {
    let shop = shop(1).await;
    set_cap(&shop, 1, 7).await;
    let later = || {
        new(
            daily(&shop),
            &[wait("soon", 60), send(&shop, "greet", "offer")],
        )
    };
    let (one, other) = (active(&shop, &later()).await, active(&shop, &later()).await);
    look_alone(&shop, one).await;
    let first = all_enrolments(&shop, one).await.remove(0);
    let second = all_enrolments(&shop, other).await.remove(0);
    let everybody = contacts::Audience::default();
    let person = contacts::addressee(&mut shop.work().await, &everybody, first.contact_id)
        .await
        .unwrap()
        .unwrap();
    let Action::Send {
        channel_id,
        content,
    } = shown(&shop, one).await.steps.remove(1).action
    else {
        panic!("it sends");
    };
    let mut ahead = shop.work().await;
    let mut behind = shop.work().await;
    let sent = sending::send(&mut ahead, &first, "greet", (channel_id, &content), &person).await;
    let sending::Outcome::Sent(sent) = sent.unwrap() else {
        panic!("nothing was sent before");
    };
    let done = NewDone {
        enrolment: first.id,
        position: 1,
        step: steps::id_of(&mut ahead, one, "greet").await.unwrap(),
        result: "sent",
        reason: None,
        message: Some(sent.message),
        marketing: sent.marketing,
    };
    steps::insert(&mut ahead, &done).await.unwrap();
    let waits = async {
        let waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
        while sqlx::query_scalar::<_, i64>(waits)
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap()
            == 0
        {}
        ahead.commit().await.unwrap();
    };
    let of = (channel_id, &content);
    let (_, outcome) = tokio::join!(
        waits,
        sending::send(&mut behind, &second, "greet", of, &person)
    );
    assert!(matches!(
        outcome.unwrap(),
        sending::Outcome::Skipped("frequency_cap")
    ));
}
