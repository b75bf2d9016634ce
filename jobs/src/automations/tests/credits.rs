//! Automations of a business that pays in advance: each message reserves its own credits.

use super::*;
use crate::credits::{self, CreditPrice, Grant, Terms};

async fn give(shop: &Shop, credits: i64) {
    let mut work = shop.work().await;
    let grant = Grant {
        credits,
        reason: "Invoice 17".into(),
    };
    credits::give(&mut work, &grant).await.unwrap();
    work.commit().await.unwrap();
}

async fn prepaid(shop: &Shop, credits: i64) {
    let mut work = shop.work().await;
    let terms = Terms {
        prepaid: true,
        prices: Vec::new(),
    };
    let account = credits::lock_or_make(&mut work).await.unwrap();
    credits::set_terms(&mut work, &account, &terms)
        .await
        .unwrap();
    work.commit().await.unwrap();
    give(shop, credits).await;
}

/// What a message of marketing costs.
async fn set_price(shop: &Shop, credits: i32) {
    let terms = Terms {
        prepaid: true,
        prices: vec![CreditPrice {
            country: "KE".into(),
            category: Category::Marketing,
            credits,
        }],
    };
    let mut work = shop.work().await;
    let account = credits::lock_or_make(&mut work).await.unwrap();
    credits::set_terms(&mut work, &account, &terms)
        .await
        .unwrap();
    work.commit().await.unwrap();
}

/// The balance, whose books hold at this moment: available, reserved, spent.
async fn balance(shop: &Shop) -> (i64, i64, i64) {
    let mut work = shop.work().await;
    let faults = credits::check(&mut work).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
    let now = credits::credits(&mut work, None).await.unwrap();
    (now.available, now.reserved, now.spent)
}

#[tokio::test]
async fn an_automation_without_credits_pauses_and_nobody_in_it_is_lost() {
    let shop = shop(3).await;
    prepaid(&shop, 2).await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    look(&shop, id).await;
    let automation = shown(&shop, id).await;
    assert_eq!(automation.status, AutomationStatus::Paused);
    assert_eq!(automation.reason.as_deref(), Some("credits"));
    let figures = counted(&shop, id).await;
    assert_eq!((figures.entered, figures.failed.total), (3, 0));
    // What was queued has its credits.
    assert_eq!(balance(&shop).await, (0, 0, 2));
    once_each(&shop, 2);

    give(&shop, 1).await;
    shop.drain().await;
    once_each(&shop, 3);
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Active);
    assert_eq!(counted(&shop, id).await.finished, 3);
    assert_eq!(balance(&shop).await, (0, 0, 3));
    let mut work = shop.work().await;
    let filter = credits::EntryFilter::default();
    let entries = credits::entries(&mut work, filter, None, 50).await.unwrap();
    let of = entries.iter().find(|entry| entry.automation_id.is_some());
    let of = of.unwrap();
    assert_eq!(of.automation_id, Some(id.to_string()));
    assert_eq!(
        (of.used_for.as_deref(), of.campaign_id),
        (Some("Tea"), None)
    );
}

#[tokio::test]
async fn an_automation_goes_on_when_the_price_of_its_message_is_there_and_not_before() {
    let shop = shop(2).await;
    prepaid(&shop, 5).await;
    set_price(&shop, 5).await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    look(&shop, id).await;
    once_each(&shop, 1);
    let pauses = async || -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM audit_log WHERE action = 'automations.stop'")
            .fetch_one(&mut *shop.conn().await)
            .await
            .unwrap()
    };
    // Some credits come, and too few for one message: it does not go on and pause again.
    for _ in 0..2 {
        give(&shop, 1).await;
        shop.drain().await;
        let automation = shown(&shop, id).await;
        assert_eq!(automation.status, AutomationStatus::Paused);
        assert_eq!(pauses().await, 1);
    }
    // The price falls to what is there.
    set_price(&shop, 2).await;
    shop.drain().await;
    once_each(&shop, 2);
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Active);
    assert_eq!((pauses().await, balance(&shop).await), (1, (0, 0, 7)));
}

#[tokio::test]
async fn a_pause_by_a_person_releases_what_is_queued_and_credits_do_not_end_it() {
    let shop = shop(2).await;
    prepaid(&shop, 5).await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    look_alone(&shop, id).await;
    assert_eq!(balance(&shop).await, (3, 2, 0));
    act!(shop, id, pause).unwrap();
    assert_eq!(balance(&shop).await, (5, 0, 0));
    give(&shop, 1).await;
    shop.drain().await;
    assert_eq!(shown(&shop, id).await.status, AutomationStatus::Paused);
    assert!(reached(&shop).is_empty());
}

#[tokio::test]
async fn whoever_opts_out_gives_the_credits_of_a_queued_message_back() {
    let shop = shop(2).await;
    prepaid(&shop, 2).await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    look_alone(&shop, id).await;
    let mut work = shop.work().await;
    let everybody = contacts::Audience::default();
    let found = contacts::audience(&mut work, &everybody, None, 1)
        .await
        .unwrap();
    contacts::set_consent(&mut work, found[0].id, false, "keyword")
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert_eq!(balance(&shop).await, (1, 1, 0));
    shop.drain().await;
    assert_eq!(balance(&shop).await, (1, 0, 1));
}

#[tokio::test]
async fn without_an_account_an_automation_counts_nothing() {
    let shop = shop(1).await;
    let id = active(&shop, &new(daily(&shop), &[send(&shop, "greet", "offer")])).await;
    look(&shop, id).await;
    once_each(&shop, 1);
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM messages WHERE credits IS NOT NULL")
        .fetch_one(&mut *shop.conn().await)
        .await
        .unwrap();
    assert_eq!(rows, 0);
}
