//! What models cost: the log of calls, their sums, and the budget, over real HTTP.

use kazi_jobs::Role;
use kazi_simulators::Service;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, ok, refused},
    conversation::{ask, tap},
    support::{App, business},
};

const CALLS: &str = "/api/v1/ai/calls";
const USAGE: &str = "/api/v1/ai/usage";
const BUDGET: &str = "/api/v1/ai/budget";

#[tokio::test]
async fn calls_are_listed_summed_and_limited_by_the_budget() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let none = me.show(BUDGET).await;
    assert_eq!(
        (&none["limit_micro"], &none["spent_micro"]),
        (&Value::Null, &json!(0))
    );

    let phone = app.phone("254712345678").named("Amina");
    ask(&phone, "Hello").await;
    tap(&phone, "name").await;
    tap(&phone, "lang:en").await;
    for _ in 0..2 {
        assert!(ask(&phone, "When do you open?").await.text.contains("8:00"));
    }
    let first = me.show(&format!("{CALLS}?limit=1")).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = me.show(&format!("{CALLS}?limit=1&cursor={cursor}")).await;
    let calls = [&first["items"][0], &second["items"][0]];
    assert!(
        calls[0]["id"].as_str() > calls[1]["id"].as_str(),
        "the newest first"
    );
    assert_eq!(second["next_cursor"], Value::Null);
    let conversation = calls[0]["conversation_id"].as_str().unwrap();
    assert!(conversation.starts_with("cnv_"), "{conversation}");
    let (purpose, model) = (&calls[0]["purpose"], &calls[0]["model_served"]);
    assert_eq!((purpose, model), (&json!("reply"), &json!("a/b")));
    let cost: i64 = calls
        .iter()
        .filter_map(|call| call["cost_micro"].as_i64())
        .sum();
    assert!(cost > 0);
    let one = format!("{CALLS}/{}", calls[0]["id"].as_str().unwrap());
    let detail = me.show(&one).await;
    assert_eq!(detail["cost_micro"], calls[0]["cost_micro"]);
    let passage = &detail["passages"][0];
    assert!(
        passage["text"].as_str().unwrap().contains("8:00"),
        "{detail}"
    );
    assert_eq!(
        (&passage["source"], &passage["words_place"]),
        (&json!("knowledge"), &json!(1))
    );
    assert!(passage["covers"].as_f64().unwrap() > 0.3 && passage["score"].as_f64().unwrap() > 0.01);
    let theirs = business(app.db(), "Another").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    refused(stranger.get(&one), 404, "not_found").await;
    let viewer = Caller::new(&app, app.workspace, Role::Viewer).await;
    refused(viewer.get(&one), 403, "forbidden").await;

    // From an answer to the call behind it. The menu before it has asked no model.
    let messages = format!("/api/v1/conversations/{conversation}/messages");
    let said = me.show(&messages).await;
    let said = said["items"].as_array().unwrap();
    let behind = |cause: &str| {
        let message = said.iter().find(|one| one["cause"] == cause).unwrap();
        format!("/api/v1/messages/{}/calls", message["id"].as_str().unwrap())
    };
    let answer = behind("ai");
    let found = me.show(&answer).await;
    assert_eq!(found, json!({"items": [calls[0]]}));
    let prompts = me.show("/api/v1/prompts").await;
    let prompt = &prompts["items"][0];
    assert_eq!(
        (&detail["prompt_id"], &detail["prompt_revision"]),
        (&prompt["id"], &prompt["revision"])
    );
    assert_eq!(me.show(&behind("bot")).await, json!({"items": []}));
    refused(stranger.get(&answer), 404, "not_found").await;
    refused(viewer.get(&answer), 403, "forbidden").await;
    let at = calls[0]["at"].as_str().unwrap();
    for (filter, found) in [
        ("model=a/b&purpose=reply&outcome=ok".to_owned(), 2),
        ("model=other".to_owned(), 0),
        ("purpose=summary".to_owned(), 0),
        ("outcome=model_busy".to_owned(), 0),
        ("from=2100-01-01T00:00:00Z".to_owned(), 0),
        (format!("until={}", at.replace('+', "%2B")), 1),
    ] {
        let page = me.show(&format!("{CALLS}?{filter}")).await;
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{filter}");
    }

    let sums = me.show(USAGE).await;
    assert_eq!(
        (&sums["calls"], &sums["cost_micro"]),
        (&json!(2), &json!(cost))
    );
    let row = &sums["items"][0];
    assert_eq!(
        (&row["calls"], &row["failed"], &row["bucket"], &row["model"]),
        (&json!(2), &json!(0), &json!("low"), &json!("a/b"))
    );
    let long = me.get(&format!("{USAGE}?from=2000-01-01"));
    let told = refused(long, 422, "invalid").await;
    assert_eq!(told["errors"][0]["pointer"], "/from");

    // 80 % is spent: admins are warned, and all models answer.
    let prompts = me.show("/api/v1/prompts").await;
    let prompt = format!(
        "/api/v1/prompts/{}",
        prompts["items"][0]["id"].as_str().unwrap()
    );
    let two = json!({"models": ["vendor/good", "vendor/cheap"]});
    ok(me.patch(&prompt, &two)).await;
    let mut budget = json!({"limit_micro": cost * 5 / 4, "at_limit": "cheaper"});
    assert_eq!(ok(me.put(BUDGET, &budget)).await["state"], "warned");
    let news = me.show("/api/v1/notifications").await;
    assert_eq!(news["items"][0]["kind"], "ai_budget_warned");
    assert!(ask(&phone, "When do you open?").await.text.contains("8:00"));
    let models = || {
        let asked = app.providers.ledger(Service::OpenRouter).pop();
        asked.unwrap().body["models"].clone()
    };
    assert_eq!(models(), two["models"]);

    // All of it is spent: the last model answers, or none.
    budget["limit_micro"] = json!(cost);
    assert_eq!(ok(me.put(BUDGET, &budget)).await["state"], "reached");
    assert!(ask(&phone, "When do you open?").await.text.contains("8:00"));
    assert_eq!(models(), json!(["vendor/cheap"]));
    let by_model = me.show(USAGE).await;
    let cheap = by_model["items"].as_array().unwrap();
    assert!(
        cheap
            .iter()
            .any(|row| row["model"] == "vendor/cheap" && row["calls"] == 1)
    );
    budget["at_limit"] = json!("menu");
    ok(me.put(BUDGET, &budget)).await;
    let menu = ask(&phone, "When do you open?").await;
    assert!(menu.text.contains("cannot answer"), "{}", menu.text);
    let turns = json!({"turns": [{"author": "customer", "text": "When do you open?"}]});
    let test = me.post(&format!("{prompt}/test"), &turns);
    let told = refused(test, 503, "model_unavailable").await;
    assert!(told["detail"].as_str().unwrap().contains("budget"));
    let news = me.show("/api/v1/notifications").await;
    assert_eq!(news["items"][0]["kind"], "ai_budget_reached");
    ok(me.put(BUDGET, &json!({"limit_micro": null, "at_limit": "menu"}))).await;
    assert!(ask(&phone, "When do you open?").await.text.contains("8:00"));
    let audited =
        "SELECT count(*) FROM audit_log WHERE action = 'ai.set_budget' AND actor_id IS NOT NULL";
    assert_eq!(app.count(audited).await, 4);
}

#[tokio::test]
async fn only_admins_of_the_workspace_see_its_costs() {
    let app = App::start().await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let wanted = json!({"limit_micro": 1, "at_limit": "cheaper"});
    for path in [CALLS, USAGE, BUDGET] {
        refused(agent.get(path), 403, "forbidden").await;
    }
    refused(agent.put(BUDGET, &wanted), 403, "forbidden").await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let wrong = me.put(BUDGET, &json!({"limit_micro": 0, "at_limit": "menu"}));
    let told = refused(wrong, 422, "invalid").await;
    assert_eq!(told["errors"][0]["pointer"], "/limit_micro");
    ok(me.put(BUDGET, &wanted)).await;
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    assert_eq!(stranger.show(BUDGET).await["limit_micro"], Value::Null);
}
