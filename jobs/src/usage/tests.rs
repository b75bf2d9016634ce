use std::time::Duration;

use kazi_clients::whatsapp::Body;
use kazi_queue::Job;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{
    Across, Work,
    contacts::ContactId,
    conversations::MessageId,
    messages::{self, Cause, Notice, TemplateUse},
    testing::Shop,
};

async fn folded(shop: &Shop) {
    let mut conn = shop.conn().await;
    Fold {}.enqueue(&mut conn).await.unwrap();
    drop(conn);
    shop.drain().await;
}

async fn seen(shop: &Shop, text: Option<&str>) -> Value {
    let found = month(&mut shop.work().await, text).await.unwrap();
    serde_json::to_value(found).unwrap()
}

async fn asked(work: &mut Work, messages: &[Uuid]) {
    for message in messages {
        note_question(work, *message).await.unwrap();
    }
}

async fn pushed(work: &mut Work, messages: i64) {
    let (of, at) = (work.workspace(), work.now());
    note_pushes(work.conn(), &[(of, messages)], at)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_cause_is_charged_once_at_the_price_of_its_time_on_the_day_of_the_business() {
    let shop = Shop::open().await;
    sqlx::query("UPDATE workspaces SET time_zone = 'Africa/Nairobi'")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
    let mut work = shop.work().await;
    asked(&mut work, &[one, two, one]).await;
    pushed(&mut work, 1).await;
    work.commit().await.unwrap();
    folded(&shop).await;
    // Once more, when it is counted.
    let mut work = shop.work().await;
    asked(&mut work, &[one]).await;
    work.commit().await.unwrap();
    folded(&shop).await;
    let first = seen(&shop, None).await;
    assert_eq!(
        (
            &first["questions"],
            &first["pushes"],
            &first["amount_micro"]
        ),
        (&json!(2), &json!(1), &json!(300_000)),
        "{first}"
    );

    // Another price counts from its time on.
    let mut across = Across::of(&shop.ctx).await.unwrap();
    let now = across.now();
    set_price(
        across.conn(),
        ChargeKind::Question,
        now + chrono::TimeDelta::seconds(1),
        70_000,
    )
    .await
    .unwrap();
    across.commit().await.unwrap();
    let mut work = shop.work().await;
    asked(&mut work, &[Uuid::now_v7()]).await;
    work.commit().await.unwrap();
    shop.after(Duration::from_secs(1)).await;
    let mut work = shop.work().await;
    asked(&mut work, &[Uuid::now_v7()]).await;
    work.commit().await.unwrap();
    folded(&shop).await;
    let months = months(&mut shop.work().await).await.unwrap();
    let amount: i64 = months.iter().map(|month| month.amount_micro).sum();
    assert_eq!(amount, 300_000 + 50_000 + 70_000);

    // The end of a month in UTC is the next month in Nairobi.
    sqlx::query(
        "INSERT INTO usage_causes (workspace_id, kind, cause_id, at) VALUES ($1, 'push', gen_random_uuid(), '2025-05-31T22:00Z')",
    )
    .bind(shop.workspace.uuid())
    .execute(&shop.ctx.owner)
    .await
    .unwrap();
    folded(&shop).await;
    assert_eq!(seen(&shop, Some("2025-05")).await["pushes"], 0);
    let june = seen(&shop, Some("2025-06")).await;
    assert_eq!(june["items"][0]["day"], "2025-06-01");
    assert_eq!(june["items"][0]["amount_micro"], 200_000);
}

#[tokio::test]
async fn an_answered_question_and_an_accepted_push_are_charged_and_other_messages_are_not() {
    let shop = Shop::open().await;
    shop.hear("m1", "Hello").await;
    shop.drain().await;
    folded(&shop).await;
    assert_eq!(seen(&shop, None).await["amount_micro"], 0);
    let contact: ContactId = sqlx::query_scalar("SELECT id FROM contacts")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    let causes = [
        Cause::Campaign,
        Cause::Reminder,
        Cause::News,
        Cause::Order,
        Cause::Agent,
    ];
    for (n, cause) in (1..).zip(causes) {
        let mut work = shop.work().await;
        let notice = Notice {
            id: MessageId::derived(contact.uuid(), n),
            contact,
            channel: Some(shop.whatsapp),
            body: Body::Text {
                text: "Good day".into(),
            },
            template: TemplateUse {
                name: "none",
                parameters: Vec::new(),
                buttons: Vec::new(),
            },
            cause,
            marketing: false,
            at: work.now(),
        };
        messages::notify(&mut work, &notice).await.unwrap();
        work.commit().await.unwrap();
    }
    assert_eq!(shop.drain().await.done, causes.len());
    folded(&shop).await;
    let view = seen(&shop, None).await;
    assert_eq!(
        (&view["pushes"], &view["questions"]),
        (&json!(3), &json!(0))
    );
}

#[tokio::test]
async fn causes_go_after_90_days_and_days_stay() {
    let shop = Shop::open().await;
    let mut work = shop.work().await;
    pushed(&mut work, 1).await;
    work.commit().await.unwrap();
    folded(&shop).await;
    let count = async |query: &'static str| -> i64 {
        sqlx::query_scalar(query)
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap()
    };
    for (days, left) in [(89, 1), (2, 0)] {
        shop.after(Duration::from_secs(86_400 * days)).await;
        let mut conn = shop.conn().await;
        Purge {}.enqueue(&mut conn).await.unwrap();
        drop(conn);
        shop.drain().await;
        assert_eq!(count("SELECT count(*) FROM usage_causes").await, left);
    }
    assert_eq!(
        count("SELECT sum(quantity)::bigint FROM usage_days").await,
        1
    );
}
