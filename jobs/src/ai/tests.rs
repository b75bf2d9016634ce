use kazi_platform::actor::Actor;

use crate::{
    Across, Work,
    ai::{self, Format, NewDocument, NewPrompt, PromptId, Retrieved, Source, Verdict},
    testing::Shop,
    workspaces::{self, NewWorkspace},
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

/// Adds a document in a language.
async fn know(shop: &Shop, language: &str, title: &str, body: &str) {
    let mut work = shop.work().await;
    let document = NewDocument {
        title: title.into(),
        language: language.into(),
        format: Format::Text,
        body: body.into(),
    };
    ai::create_document(&mut work, &document).await.unwrap();
    work.commit().await.unwrap();
}

async fn ask(shop: &Shop, language: &str, question: &str) -> Retrieved {
    let mut work = shop.work().await;
    ai::retrieve(&mut work, language, "en", question, None, 10_000)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_word_typed_wrongly_is_found_by_its_letters_in_any_script() {
    let shop = Shop::open().await;
    for (language, title, body, question) in [
        (
            "en",
            "Warranty",
            "Grinders have a warranty of two years.",
            "waranty for griders?",
        ),
        ("pt", "Promoção", "Descontos até sábado.", "promocao"),
        ("ar", "الضمان", "ضمان الأجهزة سنتان.", "ضماان الاجهزه"),
        (
            "hi",
            "वारंटी",
            "चक्की पर दो साल की वारंटी है।",
            "चककी की वारनटी",
        ),
    ] {
        know(&shop, language, title, body).await;
        let found = ask(&shop, language, question).await;
        assert_eq!(found.verdict, Verdict::Known, "{question}: {found:?}");
        let first = &found.passages[0];
        assert_eq!(
            (first.text.as_str(), first.source, first.letters_place),
            (
                format!("{title}: {body}").as_str(),
                Source::Knowledge,
                Some(1)
            )
        );
    }
    let coffee = ask(&shop, "en", "do you have kenyian cofee").await;
    assert_eq!(coffee.passages[0].source, Source::Product);
    assert_eq!(coffee.passages[0].words_place, None);
}

#[tokio::test]
async fn a_question_of_other_things_is_unknown_and_thanks_are_no_question() {
    let shop = Shop::open().await;
    know(
        &shop,
        "en",
        "Warranty",
        "Grinders have a warranty of two years.",
    )
    .await;
    for (question, verdict) in [
        ("Who won the football match?", Verdict::Unknown),
        ("What is the capital of Australia?", Verdict::Unknown),
        ("Thank you!", Verdict::NoQuestion),
        ("?! 🙂", Verdict::NoQuestion),
        ("", Verdict::NoQuestion),
        ("Which warranty do you give?", Verdict::Known),
    ] {
        let found = ask(&shop, "en", question).await;
        assert_eq!(found.verdict, verdict, "{question}: {found:?}");
    }
    // Neither signs of a query nor a very long text break the search.
    for odd in ["' | & ! :* ( <-> \\", &"warranty' ".repeat(2_000)] {
        ask(&shop, "en", odd).await;
    }
}

#[tokio::test]
async fn nobody_finds_what_another_business_knows() {
    let shop = Shop::open().await;
    know(&shop, "en", "Secret", "The safe opens with hippopotamus.").await;
    let mut across = Across::begin(&shop.ctx.db, shop.now(), Actor::OPERATOR)
        .await
        .unwrap();
    let new = NewWorkspace {
        name: "Other",
        default_language: "en",
        languages: &["en".to_owned()],
        country: None,
        currency: "USD".parse().unwrap(),
    };
    let theirs = workspaces::create(across.conn(), &new).await.unwrap();
    across.within(theirs).commit().await.unwrap();
    let mut work = shop.work_in(theirs, Actor::OPERATOR).await;
    let found = ai::retrieve(
        &mut work,
        "en",
        "en",
        "hippopotamus hipopotamus safe",
        None,
        10_000,
    )
    .await
    .unwrap();
    assert!(found.passages.is_empty(), "{found:?}");
    assert_eq!(found.verdict, Verdict::Unknown);
}

#[tokio::test]
async fn single_calls_go_after_90_days_and_their_sums_stay() {
    let shop = Shop::open().await;
    let call = ai::Call {
        conversation: None,
        purpose: "reply",
        model_asked: "a/b",
        model_served: None,
        prompt_tokens: 1,
        completion_tokens: 1,
        cost_micro: 700,
        latency_ms: 1,
        outcome: "ok",
        passages: &[],
        prompt: None,
        answers: Vec::new(),
    };
    let log = async || {
        let mut work = shop.work().await;
        ai::log_call(&mut work, &call).await.unwrap();
        work.commit().await.unwrap();
    };
    let day = std::time::Duration::from_secs(86_400);
    log().await;
    shop.after(day * 2).await;
    log().await;
    for (days, left) in [(87, 2), (2, 1), (2, 0)] {
        shop.after(day * days).await;
        let mut conn = shop.conn().await;
        kazi_queue::Job::enqueue(&ai::Purge {}, &mut conn)
            .await
            .unwrap();
        drop(conn);
        shop.drain().await;
        let calls: i64 = sqlx::query_scalar("SELECT count(*) FROM ai_calls")
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap();
        assert_eq!(calls, left);
    }
    let sum: i64 = sqlx::query_scalar("SELECT sum(cost_micro)::bigint FROM ai_usage")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    let months: i64 = sqlx::query_scalar("SELECT sum(spent_micro)::bigint FROM ai_months")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!((sum, months), (1_400, 1_400));
}

#[tokio::test]
async fn all_calls_of_an_answer_are_behind_each_of_its_messages() {
    let shop = Shop::open().await;
    let [first, second, other] = [(); 3].map(|()| uuid::Uuid::now_v7());
    // Tools, then the answer in two messages. Then another answer.
    for answers in [vec![first], vec![first, second], vec![other]] {
        let call = ai::Call {
            conversation: None,
            purpose: "reply",
            model_asked: "a/b",
            model_served: None,
            prompt_tokens: 1,
            completion_tokens: 1,
            cost_micro: 1,
            latency_ms: 1,
            outcome: "ok",
            passages: &[],
            prompt: None,
            answers,
        };
        let mut work = shop.work().await;
        ai::log_call(&mut work, &call).await.unwrap();
        work.commit().await.unwrap();
        shop.after(std::time::Duration::from_secs(1)).await;
    }
    let mut work = shop.work().await;
    let mut behind = async |message| {
        let calls = ai::calls_behind(&mut work, message).await.unwrap();
        calls.into_iter().map(|call| call.id).collect::<Vec<_>>()
    };
    let calls = behind(first).await;
    assert_eq!(calls.len(), 2);
    assert!(calls.is_sorted());
    assert_eq!(behind(second).await, calls);
    assert_eq!(behind(other).await.len(), 1);
    assert_eq!(behind(uuid::Uuid::now_v7()).await, []);
}
