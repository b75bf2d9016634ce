//! A model that calls tools: by itself, as a script says, and when it obeys somebody else.

mod injections;

use std::time::Duration;

use kazi_clients::openrouter::ToolCall;
use kazi_queue::Job;
use kazi_simulators::{Fault, Line, Service};
use serde_json::{Value, json};

use super::{
    super::tests::{known, without_tools},
    AfterCalls, Reply,
};
use crate::{
    ai::{self, AtLimit, Budget, Call},
    channels::ChannelKind,
    contacts::ContactId,
    conversations::{self, ConversationId, MessageId},
    testing::Shop,
};

/// Asks, and returns the newest answer.
async fn ask(shop: &Shop, text: &str) -> Line {
    shop.hear(text, text).await;
    for _ in 0..3 {
        shop.after(Duration::from_secs(10)).await;
    }
    newest(shop)
}

fn newest(shop: &Shop) -> Line {
    let lines = shop.phone(ChannelKind::WhatsApp).transcript();
    let mut lines = lines.into_iter();
    lines.rfind(|line| line.direction == "in").unwrap()
}

fn choices(line: &Line) -> Vec<String> {
    let all = line.rows.iter().chain(&line.buttons);
    all.map(|choice| choice.id.clone()).collect()
}

fn requests(shop: &Shop) -> Vec<Value> {
    let sent = shop.sent(Service::OpenRouter).into_iter();
    sent.map(|entry| entry.body).collect()
}

/// The results of tools in a request, in order.
fn results(request: &Value) -> Vec<Value> {
    let messages = request["messages"].as_array().unwrap().iter();
    let results = messages.filter(|message| message["role"] == "tool");
    results
        .map(|result| serde_json::from_str(result["content"].as_str().unwrap()).unwrap())
        .collect()
}

async fn count(shop: &Shop, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
}

/// The pieces in the open cart of a contact.
async fn pieces(shop: &Shop, contact: ContactId) -> i64 {
    let sql = "SELECT coalesce(sum(quantity), 0)::bigint FROM cart_items i JOIN carts c ON c.id = i.cart_id WHERE contact_id = $1";
    let pieces = sqlx::query_scalar(sql).bind(contact.uuid());
    pieces.fetch_one(&shop.ctx.owner).await.unwrap()
}

async fn customer(shop: &Shop) -> ContactId {
    sqlx::query_scalar("SELECT contact_id FROM conversations ORDER BY id LIMIT 1")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
}

async fn coffee(shop: &Shop) -> String {
    let id: crate::catalog::ProductId =
        sqlx::query_scalar("SELECT id FROM products WHERE sku = 'COF'")
            .fetch_one(&shop.ctx.owner)
            .await
            .unwrap();
    id.to_string()
}

/// The arguments of a call that puts pieces of coffee into the cart.
async fn two_bags(shop: &Shop) -> String {
    json!({"product_id": coffee(shop).await, "quantity": 2}).to_string()
}

/// The last message of the customer, and its conversation.
async fn last_heard(shop: &Shop) -> (ConversationId, MessageId) {
    sqlx::query_as(
        "SELECT conversation_id, id FROM messages WHERE direction = 'in' ORDER BY id DESC LIMIT 1",
    )
    .fetch_one(&shop.ctx.owner)
    .await
    .unwrap()
}

async fn reply(shop: &Shop) -> Reply {
    let (conversation, message) = last_heard(shop).await;
    Reply {
        workspace: shop.workspace,
        conversation,
        message,
        earlier: Vec::new(),
    }
}

#[tokio::test]
async fn a_model_fills_the_cart_and_the_customer_orders_it() {
    let shop = known().await;
    let contact = customer(&shop).await;
    let said = ask(&shop, "Please add two Kenyan coffee to my cart").await;
    assert_eq!(pieces(&shop, contact).await, 2);
    assert!(choices(&said)[0].starts_with("cart:order:"), "{said:?}");
    assert!(said.text.contains("25.00 USD"), "{}", said.text);
    assert_eq!(count(&shop, "SELECT count(*) FROM orders").await, 0);
    // Search, add, answer: each is a call with its cost.
    let asked = requests(&shop);
    assert_eq!(asked.len(), 3);
    let (first, second) = (&asked[1]["messages"], &asked[2]["messages"]);
    assert!(second.as_array().unwrap().len() == first.as_array().unwrap().len() + 2);
    let paid = "SELECT count(*) FROM ai_calls WHERE purpose = 'reply' AND outcome = 'ok' AND cost_micro > 0";
    assert_eq!(count(&shop, paid).await, 3);
    let spent =
        "SELECT count(*) FROM ai_months WHERE spent_micro = (SELECT sum(cost_micro) FROM ai_calls)";
    assert_eq!(count(&shop, spent).await, 1);
    // All three are behind the answer, in their order.
    let answer: MessageId = sqlx::query_scalar("SELECT id FROM messages WHERE cause = 'ai'")
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap();
    let mut work = shop.work().await;
    let behind = ai::calls_behind(&mut work, answer.uuid()).await.unwrap();
    assert!(behind.is_sorted_by(|a, b| a.id < b.id));
    assert_eq!(behind.len(), 3);
    drop(work);
    // The audit log and other messages are the customer's.
    let said = ask(&shop, "What is in my cart, and where is my order?").await;
    assert_eq!(
        results(requests(&shop).last().unwrap()).len(),
        2,
        "in parallel"
    );
    assert!(said.text.contains("Kenyan coffee"), "{}", said.text);
}

#[tokio::test]
async fn a_process_that_dies_between_a_tool_and_the_answer_repeats_neither() {
    let shop = known().await;
    let contact = customer(&shop).await;
    for statement in [
        "CREATE SEQUENCE deaths",
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF nextval('deaths') <= 3 THEN RAISE EXCEPTION 'died'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER die BEFORE INSERT ON messages FOR EACH ROW WHEN (NEW.cause = 'ai') EXECUTE FUNCTION die()",
    ] {
        sqlx::raw_sql(statement)
            .execute(&shop.ctx.owner)
            .await
            .unwrap();
    }
    shop.providers
        .fault(Fault::calling(&[("add_to_cart", &two_bags(&shop).await)]));
    shop.hear("1", "Two bags of coffee, please").await;
    shop.drain().await;
    assert_eq!(
        (pieces(&shop, contact).await, requests(&shop).len()),
        (2, 2)
    );
    shop.after(Duration::from_secs(10)).await;
    // The second run asked for the answer alone.
    assert_eq!(
        (pieces(&shop, contact).await, requests(&shop).len()),
        (2, 3)
    );
    assert_eq!(
        count(&shop, "SELECT count(*) FROM messages WHERE cause = 'ai'").await,
        1
    );
    // A run after the answer asks nothing, and neither does a tool run again.
    let again = reply(&shop).await;
    again.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    assert_eq!(
        (pieces(&shop, contact).await, requests(&shop).len()),
        (2, 3)
    );
}

/// Two runs have asked the model, and both carry out what it said.
#[tokio::test]
async fn of_two_runs_one_carries_out_the_calls() {
    let shop = known().await;
    let contact = customer(&shop).await;
    let reply = reply(&shop).await;
    let calls = [ToolCall {
        id: "1".into(),
        name: "add_to_cart".into(),
        arguments: two_bags(&shop).await,
    }];
    let mut asked = reply.prepare(&shop.ctx).await.unwrap().unwrap();
    let question = asked.question.take().unwrap();
    let call = Call {
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
        answers: Vec::new(),
    };
    let run = || reply.carry_out(&shop.ctx, &asked, &question, &calls, &call);
    let (one, other) = tokio::join!(run(), run());
    for after in [one.unwrap(), other.unwrap()] {
        assert!(matches!(after, AfterCalls::Again(rounds, _) if rounds.len() == 1));
    }
    assert_eq!(pieces(&shop, contact).await, 2);
    // A member takes the conversation while the model works: the bot does nothing more.
    let mut work = shop.work().await;
    conversations::set_handed_over(&mut work, reply.conversation, true)
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert!(matches!(run().await.unwrap(), AfterCalls::Over));
    assert_eq!(pieces(&shop, contact).await, 2);
    let logged = "SELECT count(*) FROM ai_calls WHERE model_asked = 'a/b' AND cost_micro = 1";
    assert_eq!(count(&shop, logged).await, 3, "each is paid for");
}

#[tokio::test]
async fn a_call_that_does_not_fit_is_an_error_for_the_model() {
    let shop = known().await;
    let id = coffee(&shop).await;
    let wrong = [
        ("refund_order", "{}".to_owned()),
        ("add_to_cart", "{\"product_id\": ".to_owned()),
        (
            "add_to_cart",
            json!({"product_id": id, "quantity": "two"}).to_string(),
        ),
        (
            "add_to_cart",
            json!({"product_id": id, "quantity": 1_000}).to_string(),
        ),
        ("add_to_cart", json!({"product_id": "a\u{0}b"}).to_string()),
        ("add_to_cart", json!({"product_id": id}).to_string()),
    ];
    let wrong = wrong.each_ref().map(|(name, with)| (*name, with.as_str()));
    shop.providers.fault(Fault::calling(&wrong));
    ask(&shop, "Some coffee").await;
    let told = results(requests(&shop).last().unwrap());
    for (told, rule) in told.iter().zip([
        "no such tool",
        "not JSON",
        "quantity must be a whole number",
        "quantity must be",
        "must be a text",
        "no more tools",
    ]) {
        let error = told["error"].as_str().unwrap_or_default();
        assert!(error.contains(rule), "{rule}: {told}");
    }
    assert_eq!(told.len(), 6);
    assert_eq!(
        pieces(&shop, customer(&shop).await).await,
        0,
        "five calls and no more"
    );
    assert_eq!(shop.pending().await.len(), 0);
}

#[tokio::test]
async fn a_model_that_only_calls_tools_is_stopped() {
    let shop = known().await;
    shop.providers.fault(Fault {
        times: None,
        ..Fault::calling(&[("show_cart", "{}")])
    });
    let said = ask(&shop, "Hm").await;
    assert!(said.text.contains("cannot answer"), "{}", said.text);
    let asked = requests(&shop);
    // Four rounds, an answer that was none, and one more try.
    assert_eq!(asked.len(), 6);
    assert_eq!(asked[3]["tool_choice"], Value::Null);
    assert_eq!(asked[4]["tool_choice"], "none");
    assert_eq!(count(&shop, "SELECT count(*) FROM tool_rounds").await, 4);
    assert_eq!(count(&shop, "SELECT count(*) FROM ai_calls").await, 6);
}

#[tokio::test]
async fn what_the_tools_have_done_is_shown_though_no_model_answers() {
    let shop = known().await;
    shop.providers
        .fault(Fault::calling(&[("add_to_cart", &two_bags(&shop).await)]));
    shop.providers.fault(Fault {
        status: Some(402),
        ..Fault::on(Service::OpenRouter)
    });
    let said = ask(&shop, "Two bags of coffee").await;
    assert!(choices(&said)[0].starts_with("cart:order:"), "{said:?}");
}

#[tokio::test]
async fn the_budget_is_asked_before_each_round() {
    let shop = known().await;
    let mut work = shop.work().await;
    let budget = Budget {
        limit_micro: Some(1),
        at_limit: AtLimit::Menu,
    };
    ai::set_budget(&mut work, budget).await.unwrap();
    work.commit().await.unwrap();
    shop.providers
        .fault(Fault::calling(&[("order_status", "{}")]));
    let said = ask(&shop, "Where is it?").await;
    assert!(said.text.contains("cannot answer"), "{}", said.text);
    assert_eq!(requests(&shop).len(), 1);
}

#[tokio::test]
async fn a_model_hands_over_to_a_person() {
    let shop = known().await;
    let said = ask(&shop, "I want to speak to somebody").await;
    assert!(said.text.contains("A member of our team"), "{}", said.text);
    let ticket = "SELECT count(*) FROM ticket_messages WHERE body = 'I want to speak to somebody'";
    assert_eq!(count(&shop, ticket).await, 1);
    let lines = shop.phone(ChannelKind::WhatsApp).transcript().len();
    shop.hear("more", "Hello?").await;
    shop.drain().await;
    let after = shop.phone(ChannelKind::WhatsApp).transcript().len();
    assert_eq!(after, lines + 1, "only what the customer wrote");
    assert_eq!(requests(&shop).len(), 1);
}

#[tokio::test]
async fn a_model_that_knows_no_tools_is_asked_without_them() {
    let shop = known().await;
    let none =
        json!({"error": {"code": 404, "message": "No endpoints found that support tool use."}});
    shop.providers.fault(Fault {
        status: Some(404),
        body: Some(none),
        times: Some(1),
        ..Fault::on(Service::OpenRouter)
    });
    assert!(ask(&shop, "When do you open?").await.text.contains("8:00"));
    let asked = requests(&shop);
    assert_eq!(asked.len(), 2);
    assert!(asked[0]["tools"].is_array() && asked[1]["tools"].is_null());
}

#[tokio::test]
async fn a_prompt_without_tools_offers_none() {
    let shop = known().await;
    without_tools(&shop).await;
    ask(&shop, "When do you open and close?").await;
    assert!(requests(&shop)[0]["tools"].is_null());
    // A call that was not offered is no answer.
    shop.providers.fault(Fault {
        times: None,
        ..Fault::calling(&[("show_cart", "{}")])
    });
    let said = ask(&shop, "And now?").await;
    assert!(said.text.contains("cannot answer"), "{}", said.text);
    assert_eq!(count(&shop, "SELECT count(*) FROM tool_rounds").await, 0);
}

#[tokio::test]
async fn the_calls_of_a_contact_go_with_the_contact_and_end_after_a_month() {
    let shop = known().await;
    ask(&shop, "What is in my cart?").await;
    let contact = customer(&shop).await;
    assert_eq!(count(&shop, "SELECT count(*) FROM tool_rounds").await, 1);
    let mut work = shop.work().await;
    crate::bot::store::erase(&mut work, contact).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(count(&shop, "SELECT count(*) FROM tool_rounds").await, 0);
    ask(&shop, "And what is in my cart now?").await;
    assert_eq!(count(&shop, "SELECT count(*) FROM tool_rounds").await, 1);
    shop.ctx.clock.advance(chrono::TimeDelta::days(31));
    crate::bot::Forget {}
        .enqueue(&mut *shop.conn().await)
        .await
        .unwrap();
    shop.drain().await;
    assert_eq!(count(&shop, "SELECT count(*) FROM tool_rounds").await, 0);
}
