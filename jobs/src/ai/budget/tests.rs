use std::time::Duration;

use chrono::NaiveDate;
use kazi_platform::actor::Actor;
use kazi_simulators::Service;
use serde_json::{Value, json};

use crate::{
    Role,
    ai::{self, AtLimit, Budget, BudgetState, Call, Days, NewPrompt},
    channels::ChannelKind,
    testing::Shop,
    workspaces,
};

const DAY: Duration = Duration::from_secs(86_400);

fn call(cost_micro: i64) -> Call<'static> {
    Call {
        conversation: None,
        purpose: "reply",
        model_asked: "a/b",
        model_served: None,
        prompt_tokens: 10,
        completion_tokens: 5,
        cost_micro,
        latency_ms: 1,
        outcome: "ok",
        passages: &[],
        prompt: None,
        answers: Vec::new(),
    }
}

/// Logs a call. Returns the notifications so far: warned, reached.
async fn spend(shop: &Shop, cost_micro: i64) -> (i64, i64) {
    let mut work = shop.work().await;
    ai::log_call(&mut work, &call(cost_micro)).await.unwrap();
    work.commit().await.unwrap();
    told(shop).await
}

async fn told(shop: &Shop) -> (i64, i64) {
    sqlx::query_as(
        "SELECT count(*) FILTER (WHERE kind = 'ai_budget_warned'), count(*) FILTER (WHERE kind = 'ai_budget_reached')
         FROM notifications",
    )
    .fetch_one(&shop.ctx.owner)
    .await
    .unwrap()
}

async fn set(shop: &Shop, limit_micro: i64, at_limit: AtLimit) -> BudgetState {
    let mut work = shop.work_by(Actor::OPERATOR).await;
    let budget = Budget {
        limit_micro: Some(limit_micro),
        at_limit,
    };
    let view = ai::set_budget(&mut work, budget).await.unwrap();
    work.commit().await.unwrap();
    view.state
}

#[tokio::test]
async fn admins_are_told_of_80_and_of_100_percent_of_a_limit_once_a_month_each() {
    let shop = Shop::open().await;
    shop.member(Role::Admin).await;
    shop.member(Role::Agent).await;
    set(&shop, 1_000, AtLimit::Menu).await;
    assert_eq!(spend(&shop, 799).await, (0, 0));
    assert_eq!(spend(&shop, 1).await, (1, 0));
    assert_eq!(spend(&shop, 199).await, (1, 0));
    assert_eq!(spend(&shop, 1).await, (1, 1));
    assert_eq!(spend(&shop, 500).await, (1, 1));
    // A higher limit has marks of its own.
    set(&shop, 3_000, AtLimit::Menu).await;
    assert_eq!(spend(&shop, 899).await, (1, 1));
    assert_eq!(spend(&shop, 1).await, (2, 1));
    assert_eq!(spend(&shop, 600).await, (2, 2));
    // Each month has its own sum.
    shop.after(DAY * 31).await;
    assert_eq!(spend(&shop, 2_400).await, (3, 2));
}

#[tokio::test]
async fn a_budget_below_what_is_spent_is_reached_at_once() {
    let shop = Shop::open().await;
    shop.member(Role::Admin).await;
    // What was spent before there was a budget counts too.
    spend(&shop, 500).await;
    assert_eq!(set(&shop, 600, AtLimit::Menu).await, BudgetState::Warned);
    assert_eq!(told(&shop).await, (1, 0));
    assert_eq!(set(&shop, 500, AtLimit::Menu).await, BudgetState::Reached);
    assert_eq!(told(&shop).await, (1, 1));
    let audited = sqlx::query_scalar::<_, Value>(
        "SELECT jsonb_agg(after ORDER BY id) FROM audit_log WHERE action = 'ai.set_budget'",
    );
    let audited = audited.fetch_one(&shop.ctx.owner).await.unwrap();
    assert_eq!(audited, json!([{"limit_micro": 600}, {"limit_micro": 500}]));
}

#[tokio::test]
async fn two_calls_that_end_at_once_are_both_counted_and_one_tells() {
    let shop = Shop::open().await;
    shop.member(Role::Admin).await;
    set(&shop, 100, AtLimit::Menu).await;
    let spends = (0..8).map(|_| spend(&shop, 50));
    futures_util::future::join_all(spends).await;
    assert_eq!(told(&shop).await, (0, 1));
    let view = ai::budget(&mut shop.work().await).await.unwrap();
    assert_eq!(view.spent_micro, 400);
}

/// A customer whose next question a model would answer, in a shop with two models.
async fn asking() -> Shop {
    let shop = Shop::open().await;
    let mut work = shop.work().await;
    let new = NewPrompt {
        name: "Two".into(),
        channel_id: None,
        body: "You are Zuri's assistant.".into(),
        models: vec!["good/one".into(), "cheap/one".into()],
        temperature: 0.0,
        max_tokens: 200,
        tools: true,
    };
    let prompt = ai::create_prompt(&mut work, &new).await.unwrap();
    ai::activate_prompt(&mut work, &prompt).await.unwrap();
    work.commit().await.unwrap();
    for (id, text) in [("a", "hey"), ("b", "Amina"), ("c", "English")] {
        shop.hear(id, text).await;
        shop.drain().await;
    }
    shop
}

async fn ask(shop: &Shop, id: &str) -> String {
    shop.hear(id, "When do you open?").await;
    shop.drain().await;
    let line = shop.phone(ChannelKind::WhatsApp).transcript().pop();
    line.unwrap().text
}

#[tokio::test]
async fn at_the_limit_customers_get_the_menu_and_no_model_is_asked() {
    let shop = asking().await;
    set(&shop, 1, AtLimit::Menu).await;
    // The call that passes the limit still ends.
    assert!(ask(&shop, "1").await.contains("8:00"));
    assert!(ask(&shop, "2").await.contains("cannot answer"));
    assert_eq!(shop.sent(Service::OpenRouter).len(), 1);
    set(&shop, 1_000_000, AtLimit::Menu).await;
    assert!(ask(&shop, "3").await.contains("8:00"));
}

#[tokio::test]
async fn at_the_limit_the_last_of_the_models_answers() {
    let shop = asking().await;
    set(&shop, 1, AtLimit::Cheaper).await;
    ask(&shop, "1").await;
    assert!(ask(&shop, "2").await.contains("8:00"));
    let asked: Vec<Value> = shop
        .sent(Service::OpenRouter)
        .iter()
        .map(|entry| entry.body["models"].clone())
        .collect();
    assert_eq!(
        asked,
        [json!(["good/one", "cheap/one"]), json!(["cheap/one"])]
    );
}

#[tokio::test]
async fn usage_is_summed_by_the_day_of_the_workspace() {
    let shop = Shop::open().await;
    sqlx::query("UPDATE workspaces SET time_zone = 'Pacific/Kiritimati'")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    for cost in [10, 20, 5_000] {
        spend(&shop, cost).await;
    }
    let mut work = shop.work().await;
    let lost = Call {
        outcome: "model_busy",
        ..call(0)
    };
    ai::log_call(&mut work, &lost).await.unwrap();
    let zone = chrono_tz::Pacific::Kiritimati;
    let today = shop.now().with_timezone(&zone).date_naive();
    assert_eq!(workspaces::today(&mut work).await.unwrap(), today);
    let report = ai::usage(&mut work, Days::default()).await.unwrap();
    assert_eq!((report.calls, report.cost_micro), (4, 5_030));
    let rows: Vec<_> = report
        .items
        .iter()
        .map(|row| {
            (
                row.day,
                row.bucket.name(),
                row.calls,
                row.failed,
                row.prompt_tokens,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [(today, "low", 3, 1, 30), (today, "medium", 1, 0, 10)]
    );
    let long = Days {
        from: NaiveDate::from_ymd_opt(2000, 1, 1),
        until: None,
    };
    assert!(ai::usage(&mut work, long).await.is_err());
}
