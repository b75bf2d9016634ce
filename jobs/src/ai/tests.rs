use crate::{
    Work,
    ai::{self, NewPrompt, PromptId},
    testing::Shop,
};

async fn new_prompt(shop: &Shop, name: &str) -> PromptId {
    let mut work = shop.work().await;
    let new = NewPrompt {
        name: name.into(),
        channel_id: None,
        body: "Be brief.".into(),
        models: vec!["a/b".into()],
        temperature: 0.0,
        max_tokens: 200,
        tools: true,
    };
    let made = ai::create_prompt(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    made.id
}

async fn locked(mut work: Work, id: PromptId) -> (Work, ai::Prompt) {
    let prompt = ai::lock_prompt(&mut work, id).await.unwrap().unwrap();
    (work, prompt)
}

#[tokio::test]
async fn of_two_prompts_that_are_activated_at_once_the_second_stays_active() {
    let shop = Shop::open().await;
    let (first, second) = (new_prompt(&shop, "A").await, new_prompt(&shop, "B").await);
    let (mut one, a) = locked(shop.work().await, first).await;
    let (mut other, b) = locked(shop.work().await, second).await;
    ai::activate_prompt(&mut one, &a).await.unwrap();
    let waiting = tokio::spawn(async move {
        ai::activate_prompt(&mut other, &b).await.unwrap();
        other.commit().await.unwrap();
    });
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while sqlx::query_scalar::<_, i64>(waits)
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
        == 0
    {
        tokio::task::yield_now().await;
    }
    one.commit().await.unwrap();
    waiting.await.unwrap();
    let mut work = shop.work().await;
    let active = ai::active_prompt(&mut work, None).await.unwrap().unwrap();
    assert_eq!(active.id, second);
}
