use std::time::Duration;

use kazi_clients::whatsapp::Body;
use kazi_simulators::{CutAt, Fault, Line, Service};
use serde_json::json;

use super::{Composed, Reply};
use crate::{
    ai::{self, Embeddings, PromptPatch},
    channels::ChannelKind,
    conversations::{self, ConversationId, MessageId},
    inbox::{self, InboxError},
    messages::Cause,
    testing::Shop,
};

/// A shop whose customer is known and reads English.
pub(super) async fn known() -> Shop {
    let shop = Shop::open().await;
    for (id, text) in [("a", "hey"), ("b", "Amina"), ("c", "English")] {
        shop.hear(id, text).await;
        shop.drain().await;
    }
    shop
}

/// Takes the tools from the prompt.
pub(super) async fn without_tools(shop: &Shop) {
    let mut work = shop.work().await;
    let prompt = ai::active_prompt(&mut work, None).await.unwrap().unwrap();
    let patch = PromptPatch {
        tools: Some(false),
        ..PromptPatch::default()
    };
    let changed = ai::update_prompt(&mut work, &prompt, patch).await.unwrap();
    assert_eq!(changed.revision, prompt.revision + 1);
    work.commit().await.unwrap();
}

fn newest(shop: &Shop) -> Line {
    shop.phone(ChannelKind::WhatsApp)
        .transcript()
        .pop()
        .unwrap()
}

#[tokio::test]
async fn a_question_is_answered_from_what_is_known_of_the_business() {
    let shop = known().await;
    shop.hear("1", "When do you open and close?").await;
    shop.drain().await;
    assert!(
        newest(&shop).text.contains("8:00"),
        "{}",
        newest(&shop).text
    );
    let asked = &shop.sent(Service::OpenRouter)[0].body;
    let turns = asked["messages"].as_array().unwrap();
    assert_eq!(
        turns.last().unwrap()["content"],
        "When do you open and close?"
    );
    assert!(
        turns[0]["content"]
            .as_str()
            .unwrap()
            .contains("Answer in English")
    );
    assert_eq!(asked["provider"]["data_collection"], "deny");

    shop.hear("2", "what does the coffee cost").await;
    shop.drain().await;
    assert!(
        newest(&shop).text.contains("12.50 USD"),
        "{}",
        newest(&shop).text
    );
    let (calls, outcome) =
        sqlx::query_as::<_, (i64, String)>("SELECT count(*), min(outcome) FROM ai_calls")
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap();
    assert_eq!((calls, outcome.as_str()), (2, "ok"));
}

#[tokio::test]
async fn what_nothing_answers_is_refused_without_a_model_and_logged_with_what_was_found() {
    let shop = known().await;
    without_tools(&shop).await;
    shop.hear("1", "Who won the football match on Sunday evening?")
        .await;
    shop.drain().await;
    let line = newest(&shop);
    assert!(line.text.starts_with("I do not know that"), "{}", line.text);
    assert_eq!(line.buttons.len(), 3);
    assert!(shop.sent(Service::OpenRouter).is_empty());
    assert_eq!(bill(&shop).await, ("nothing_known".to_owned(), 0));
    let sums = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM ai_usage")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    assert_eq!(sums, 0, "no model was called");

    // Thanks are no question: the model may answer.
    shop.hear("2", "Thank you!").await;
    shop.drain().await;
    assert_eq!(shop.sent(Service::OpenRouter).len(), 1);

    // A question that leans on the one before it.
    shop.hear("3", "Do you have Kenyan coffee?").await;
    shop.drain().await;
    shop.hear("4", "And what does it cost?").await;
    shop.drain().await;
    let asked = shop.sent(Service::OpenRouter).pop().unwrap().body;
    let system = asked["messages"][0]["content"].as_str().unwrap();
    assert!(system.contains("Kenyan coffee (12.50 USD)"), "{system}");
    let kept = sqlx::query_as::<_, (i16, String, Option<i16>)>(
        "SELECT place, text, words_place FROM ai_passages p JOIN ai_calls c ON c.id = p.call_id
         WHERE c.outcome = 'ok' ORDER BY c.id DESC, place LIMIT 1",
    )
    .fetch_one(&shop.ctx.owner)
    .await
    .unwrap();
    assert_eq!((kept.0, kept.2), (1, Some(1)));
    assert!(kept.1.starts_with("Kenyan coffee"), "{}", kept.1);
}

#[tokio::test]
async fn the_next_message_waits_for_the_answer_to_the_one_before() {
    let shop = known().await;
    shop.hear("1", "When do you open?").await;
    shop.hear("2", "menu").await;
    shop.drain().await;
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    let answers: Vec<&Line> = lines.iter().filter(|line| line.direction == "in").collect();
    assert!(answers[answers.len() - 2].text.contains("8:00"));
    assert_eq!(answers[answers.len() - 1].buttons.len(), 3);
}

#[tokio::test]
async fn a_model_s_marks_are_turned_into_whatsapps_and_data_is_no_answer() {
    let shop = known().await;
    for (n, (answer, wanted, buttons)) in [
        (
            "### Hours\n**8:00** to [19:00](https://zuri.test/hours)",
            "Hours\n\n*8:00* to 19:00: https://zuri.test/hours",
            0,
        ),
        (
            "```json\n{\"reply\": \"at eight\"}\n```",
            "I cannot answer that",
            3,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let choice = json!({"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"});
        shop.providers.fault(Fault {
            body: Some(json!({"id": "g", "model": "m/x", "choices": [choice],
                              "usage": {"prompt_tokens": 1, "completion_tokens": 1, "cost": 0.001}})),
            times: Some(1),
            ..Fault::on(Service::OpenRouter)
        });
        shop.hear(&format!("q{n}"), "When do you open?").await;
        shop.drain().await;
        let said = newest(&shop);
        assert!(said.text.starts_with(wanted), "{}", said.text);
        assert_eq!(said.buttons.len(), buttons);
    }
    let asked = shop.sent(Service::OpenRouter).len();
    assert_eq!(asked, 2, "what is paid for is not asked for again");
}

#[tokio::test]
async fn without_a_model_the_customer_gets_the_menu() {
    let faults = [
        (
            "no credit",
            Fault {
                status: Some(402),
                ..Fault::on(Service::OpenRouter)
            },
            1,
        ),
        (
            "bad key",
            Fault {
                status: Some(401),
                ..Fault::on(Service::OpenRouter)
            },
            1,
        ),
        (
            "down",
            Fault {
                status: Some(502),
                ..Fault::on(Service::OpenRouter)
            },
            3,
        ),
        (
            "cut",
            Fault {
                cut: Some(CutAt::Before),
                ..Fault::on(Service::OpenRouter)
            },
            3,
        ),
        (
            "empty",
            Fault {
                body: Some(
                    json!({"id": "g", "model": "m", "choices": [{"message": {"content": ""}}]}),
                ),
                ..Fault::on(Service::OpenRouter)
            },
            2,
        ),
        (
            "error in a 200",
            Fault {
                body: Some(json!({"error": {"code": 502, "message": "x"}})),
                ..Fault::on(Service::OpenRouter)
            },
            3,
        ),
    ];
    for (name, fault, calls) in faults {
        let shop = known().await;
        shop.providers.fault(fault);
        shop.hear("1", "When do you open?").await;
        for _ in 0..4 {
            shop.after(Duration::from_secs(10)).await;
        }
        let line = newest(&shop);
        assert!(
            line.text.contains("cannot answer") && line.buttons.len() == 3,
            "{name}: {}",
            line.text
        );
        assert_eq!(shop.sent(Service::OpenRouter).len(), calls, "{name}");
        assert_eq!(shop.pending().await.len(), 0, "{name}");
    }
}

#[tokio::test]
async fn a_hiccup_of_the_model_is_not_seen() {
    let shop = known().await;
    shop.providers.fault(Fault {
        status: Some(503),
        times: Some(1),
        ..Fault::on(Service::OpenRouter)
    });
    shop.hear("1", "When do you open?").await;
    shop.drain().await;
    shop.after(Duration::from_secs(10)).await;
    assert!(newest(&shop).text.contains("8:00"));
}

#[tokio::test]
async fn a_conversation_that_is_too_long_for_the_model_is_shortened() {
    let shop = known().await;
    let too_long = json!({"error": {"code": 400, "message": "maximum context length"}});
    shop.providers.fault(Fault {
        status: Some(400),
        body: Some(too_long),
        times: Some(1),
        ..Fault::on(Service::OpenRouter)
    });
    shop.hear("1", "When do you open?").await;
    shop.drain().await;
    assert!(newest(&shop).text.contains("8:00"));
    let turns: Vec<usize> = shop
        .sent(Service::OpenRouter)
        .iter()
        .map(|entry| entry.body["messages"].as_array().unwrap().len())
        .collect();
    assert!(turns[0] > 2 && turns[1] == 2, "{turns:?}");
}

/// Makes the writing of a model's answer fail this many times.
async fn break_answers(shop: &Shop, times: i32) {
    for statement in [
        "CREATE SEQUENCE hiccups".to_owned(),
        format!(
            "CREATE FUNCTION hiccup() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 IF nextval('hiccups') <= {times} THEN RAISE EXCEPTION 'hiccup'; END IF; RETURN NEW; END $$"
        ),
        "CREATE TRIGGER hiccup BEFORE INSERT ON messages FOR EACH ROW WHEN (NEW.cause = 'ai') EXECUTE FUNCTION hiccup()"
            .to_owned(),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&shop.ctx.owner).await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_written_at_once_is_not_paid_for_twice() {
    let shop = known().await;
    break_answers(&shop, 1).await;
    shop.hear("1", "When do you open?").await;
    shop.drain().await;
    assert!(newest(&shop).text.contains("8:00"));
    assert_eq!(shop.sent(Service::OpenRouter).len(), 1);
}

#[tokio::test]
async fn what_a_call_cost_is_logged_with_its_answer_or_not_at_all() {
    let shop = known().await;
    break_answers(&shop, 3).await;
    shop.hear("1", "When do you open?").await;
    shop.drain().await;
    let calls = async || {
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM ai_calls")
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap()
    };
    assert_eq!(calls().await, 0);
    shop.after(Duration::from_secs(10)).await;
    assert!(newest(&shop).text.contains("8:00"));
    assert_eq!(calls().await, 1);
}

#[tokio::test]
async fn a_question_asked_before_the_greeting_is_answered_after_it() {
    let shop = Shop::open().await;
    for (id, text) in [("a", "When do you open?"), ("b", "Amina"), ("c", "English")] {
        shop.hear(id, text).await;
        shop.drain().await;
    }
    assert!(
        newest(&shop).text.contains("8:00"),
        "{}",
        newest(&shop).text
    );
    assert_eq!(shop.sent(Service::OpenRouter).len(), 1);
}

#[tokio::test]
async fn many_jobs_at_once_do_not_wait_for_each_other_s_connections() {
    let mut shop = known().await;
    let pool = shop.small_pool(2, Duration::from_secs(60)).await;
    let channels = crate::channels::Directory::new(pool.clone(), shop.ctx.keyring.clone());
    shop.ctx = shop.ctx.with(channels);
    // Sends of one customer wait for each other; these are of many.
    for customer in 0..12 {
        let from = format!("2547000000{customer:02}");
        let message = json!({"id": from, "from": from, "type": "text", "text": {"body": "hey"}});
        shop.providers
            .phone(&from, Service::WhatsApp, crate::testing::NUMBER)
            .send_raw(json!({"type": "text", "text": {"body": "hey"}}))
            .await;
        shop.record(
            ChannelKind::WhatsApp,
            crate::channels::EventKind::Message,
            &from,
            json!({"message": message, "contact": {"wa_id": from}}),
        )
        .await;
    }
    shop.ctx.db = pool;
    let before = shop.sent(Service::WhatsApp).len();
    let config = kazi_queue::EngineConfig {
        pools: crate::pools::ALL.map(|pool| (pool, 12)).into(),
        ..kazi_queue::EngineConfig::default()
    };
    let owner = shop.ctx.owner.clone();
    let engine = kazi_queue::Engine::start(owner, crate::registry(), shop.ctx.clone(), config)
        .await
        .unwrap();
    let all = tokio::time::timeout(Duration::from_secs(20), async {
        while shop.sent(Service::WhatsApp).len() < before + 12 {
            tokio::task::yield_now().await;
        }
    });
    let in_time = all.await.is_ok();
    engine.shutdown(Duration::from_secs(5)).await;
    assert!(
        in_time,
        "{} of 12",
        shop.sent(Service::WhatsApp).len() - before
    );
}

/// What the model answers to the next calls.
fn answers(shop: &Shop, times: Option<u32>, content: &str, reason: &str, cost: f64) {
    shop.providers.fault(Fault {
        matches: Some("completions".into()),
        body: Some(json!({
            "id": "gen-1", "model": "vendor/thinker",
            "choices": [{"message": {"content": content, "reasoning": "hm"}, "finish_reason": reason}],
            "usage": {"prompt_tokens": 200, "completion_tokens": 60, "cost": cost},
        })),
        times,
        ..Fault::on(Service::OpenRouter)
    });
}

/// Asks a question, and returns the texts that answer it.
async fn asked(shop: &Shop) -> String {
    let before = shop.phone(ChannelKind::WhatsApp).transcript().len();
    shop.hear("1", "When do you open?").await;
    for _ in 0..4 {
        shop.after(Duration::from_secs(10)).await;
    }
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    let texts = lines[before..].iter().map(|line| line.text.as_str());
    texts.collect::<Vec<_>>().join("\n")
}

/// The calls in the log: their outcomes in order, and what they cost in millionths of a dollar.
async fn bill(shop: &Shop) -> (String, i64) {
    sqlx::query_as(
        "SELECT string_agg(outcome, ',' ORDER BY id), sum(cost_micro)::bigint FROM ai_calls",
    )
    .fetch_one(&shop.ctx.owner)
    .await
    .unwrap()
}

#[tokio::test]
async fn the_customer_gets_a_whole_answer_or_the_menu_and_each_call_is_paid_once() {
    for (content, reason, times, log) in [
        // The model breaks off: once more.
        (
            "We open on Mondays and",
            "error",
            Some(1),
            "model_unavailable,ok",
        ),
        (
            "We open on Mondays and",
            "error",
            None,
            "model_unavailable,model_unavailable",
        ),
        // The same limit would cut it again, and the same filter stop it again.
        ("We open on Mondays and", "length", None, "model_cut"),
        (
            "We open on Mondays and",
            "content_filter",
            None,
            "model_moderation",
        ),
        (
            "<think>\nThe prompt says never to",
            "length",
            None,
            "model_cut",
        ),
        (
            "<think>\nThe prompt says never to",
            "stop",
            Some(1),
            "model_empty,ok",
        ),
        ("", "stop", None, "model_empty,model_empty"),
    ] {
        let shop = known().await;
        answers(&shop, times, content, reason, 0.002);
        let said = asked(&shop).await;
        let told = match times {
            Some(_) => said.contains("8:00"),
            None => said.contains("cannot answer"),
        };
        assert!(
            told && !said.contains("Mondays") && !said.contains("prompt"),
            "{content} {reason}: {said}"
        );
        let (outcomes, cost) = bill(&shop).await;
        assert_eq!(outcomes, log, "{content} {reason}");
        let paid = i64::try_from(log.matches("model").count()).unwrap() * 2_000;
        assert!(
            (paid..paid + 2_000).contains(&cost),
            "{content} {reason}: {cost}"
        );
    }
}

#[tokio::test]
async fn a_model_s_thoughts_are_not_said() {
    let shop = known().await;
    let content = "<think>\nThis customer seems cross.\n</think>\n\nWe open at ten.";
    answers(&shop, Some(1), content, "stop", 0.002);
    assert_eq!(asked(&shop).await.lines().last(), Some("We open at ten."));
    assert_eq!(bill(&shop).await, ("ok".to_owned(), 2_000));
}

/// The customer's messages, oldest first.
async fn heard(shop: &Shop) -> Vec<(ConversationId, MessageId)> {
    sqlx::query_as("SELECT conversation_id, id FROM messages WHERE direction = 'in' ORDER BY id")
        .fetch_all(&shop.ctx.owner)
        .await
        .unwrap()
}

/// The model has answered the question, and the answer is not written yet.
async fn answers_now(shop: &Shop, (conversation, message): (ConversationId, MessageId)) {
    let reply = Reply {
        workspace: shop.workspace,
        conversation,
        message,
        earlier: Vec::new(),
    };
    let asked = reply.prepare(&shop.ctx).await.unwrap().unwrap();
    let answer = Composed {
        bodies: vec![Body::Text {
            text: "We open at 8:00.".into(),
        }],
        ..Composed::default()
    };
    let written = reply.write(&shop.ctx, &asked, &answer, Cause::Ai, None);
    written.await.unwrap();
}

async fn count(shop: &Shop, conversation: ConversationId) -> i64 {
    let chat = conversations::chat(&mut shop.work().await, conversation).await;
    chat.unwrap().unwrap().answers
}

/// Waits for its lock like the API.
async fn member_answers(
    shop: &Shop,
    conversation: ConversationId,
    seen: i64,
) -> Result<(), InboxError> {
    let mut work = shop.work().await;
    let chat = conversations::lock_chat(&mut work, conversation).await?;
    let new = inbox::Answer {
        text: Some("At eight.".into()),
        answers_seen: Some(seen),
        ..inbox::Answer::default()
    };
    inbox::answer(&mut work, chat.unwrap(), &new).await?;
    work.commit().await?;
    Ok(())
}

async fn said(shop: &Shop) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM messages WHERE cause IN ('ai', 'agent')")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_member_and_the_model_who_answer_in_one_moment_give_one_answer() {
    let shop = known().await;
    let [first, second, third] = heard(&shop).await[..] else {
        panic!("three messages came");
    };
    let conversation = first.0;
    let seen = count(&shop, conversation).await;
    // The model comes first: the member is told so.
    answers_now(&shop, first).await;
    let late = member_answers(&shop, conversation, seen).await;
    assert!(matches!(late, Err(InboxError::Answered)), "{late:?}");
    assert_eq!(said(&shop).await, 1);
    // The member comes first: the model's answer is dropped, though it waited for the lock.
    let mut work = shop.work().await;
    let chat = conversations::lock_chat(&mut work, conversation).await;
    let chat = chat.unwrap().unwrap();
    let waits = answers_now(&shop, second);
    let answers = async {
        let new = inbox::Answer {
            text: Some("At eight.".into()),
            answers_seen: Some(chat.answers),
            ..inbox::Answer::default()
        };
        inbox::answer(&mut work, chat, &new).await.unwrap();
        work.commit().await.unwrap();
    };
    tokio::join!(waits, answers);
    assert_eq!(said(&shop).await, 2);
    // In any order.
    let mut work = shop.work().await;
    let back = conversations::set_handed_over(&mut work, conversation, false).await;
    back.unwrap();
    work.commit().await.unwrap();
    let seen = count(&shop, conversation).await;
    let (_, _) = tokio::join!(
        answers_now(&shop, third),
        member_answers(&shop, conversation, seen)
    );
    assert_eq!(said(&shop).await, 3);
}

/// The requests for the vector of a text.
fn meanings(shop: &Shop, text: &str) -> usize {
    let sent = shop.sent(Service::OpenRouter).into_iter();
    sent.filter(|entry| entry.body["input"] == json!([text]))
        .count()
}

#[tokio::test]
async fn the_meaning_of_what_is_not_searched_or_not_answered_is_not_paid_for() {
    let shop = known().await;
    let mut work = shop.work().await;
    let on = Embeddings {
        enabled: true,
        model: "vendor/vectors".into(),
        known_from: 0.45,
    };
    ai::set_embeddings(&mut work, &on).await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    shop.hear("1", "Do you have Kenyan coffee?").await;
    shop.drain().await;
    assert_eq!(meanings(&shop, "Do you have Kenyan coffee?"), 1);

    // It tells of nothing, and leans on the question before it.
    shop.hear("2", "And how?").await;
    shop.drain().await;
    assert_eq!(meanings(&shop, "And how?"), 0);
    let asked = shop.sent(Service::OpenRouter).pop().unwrap().body;
    let system = asked["messages"][0]["content"].as_str().unwrap();
    assert!(system.contains("Kenyan coffee (12.50 USD)"), "{system}");

    // The platform suspends the workspace while an answer waits to be written.
    let (conversation, message) = heard(&shop).await[0];
    let reply = Reply {
        workspace: shop.workspace,
        conversation,
        message,
        earlier: Vec::new(),
    };
    sqlx::query("UPDATE workspaces SET suspended_at = now()")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    let before = shop.sent(Service::OpenRouter).len();
    assert!(reply.prepare(&shop.ctx).await.unwrap().is_none());
    assert_eq!(shop.sent(Service::OpenRouter).len(), before);
}
