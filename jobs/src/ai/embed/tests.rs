use std::time::Duration;

use kazi_queue::Job;
use kazi_simulators::{Fault, Service};
use serde_json::{Value, json};

use super::EmbedAll;
use crate::{
    ai::{
        self, AtLimit, Budget, Document, Embeddings, EmbeddingsView, Format, NewDocument,
        Retrieved, Verdict,
    },
    channels::ChannelKind,
    testing::Shop,
};

/// Turns embeddings on.
async fn turn_on(shop: &Shop, model: &str) -> EmbeddingsView {
    let mut work = shop.work().await;
    let new = Embeddings {
        enabled: true,
        model: model.into(),
        known_from: 0.45,
    };
    let view = ai::set_embeddings(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    view
}

/// A shop whose knowledge has vectors.
async fn embedded() -> Shop {
    let shop = Shop::open().await;
    turn_on(&shop, "vendor/vectors").await;
    shop.drain().await;
    shop
}

async fn view(shop: &Shop) -> EmbeddingsView {
    ai::embeddings(&mut shop.work().await).await.unwrap()
}

fn parking(body: &str) -> NewDocument {
    NewDocument {
        title: "Parking".into(),
        language: "en".into(),
        format: Format::Text,
        body: body.into(),
    }
}

async fn know(shop: &Shop, body: &str) -> Document {
    let mut work = shop.work().await;
    let made = ai::create_document(&mut work, &parking(body)).await;
    work.commit().await.unwrap();
    made.unwrap()
}

/// The requests for vectors.
fn asked(shop: &Shop) -> Vec<Value> {
    let sent = shop.sent(Service::OpenRouter).into_iter();
    let sent = sent.map(|entry| entry.body);
    sent.filter(|body| body["input"].is_array()).collect()
}

/// Calls in the log of costs.
async fn logged(shop: &Shop, outcome: &str) -> i64 {
    let count = "SELECT count(*) FROM ai_calls WHERE purpose = 'embedding' AND outcome = $1";
    sqlx::query_scalar(count)
        .bind(outcome)
        .fetch_one(&shop.ctx.owner)
        .await
        .unwrap()
}

/// Lets the next requests for vectors fail.
fn fail(shop: &Shop, fault: Fault) {
    shop.providers.fault(Fault {
        matches: Some("embeddings".into()),
        ..fault
    });
}

/// Lets all attempts pass.
async fn patience(shop: &Shop) {
    for _ in 0..6 {
        shop.after(Duration::from_secs(600)).await;
    }
}

/// What is found of a question in English, with its meaning.
async fn ask(shop: &Shop, question: &str) -> Retrieved {
    let mut work = shop.work().await;
    let embedder = ai::embedder(&mut work).await.unwrap();
    drop(work);
    let meaning = ai::meaning_of(&shop.ctx, shop.workspace, embedder, question).await;
    let mut work = shop.work().await;
    ai::retrieve(&mut work, "en", "en", question, meaning.as_ref(), 10_000)
        .await
        .unwrap()
}

#[tokio::test]
async fn each_piece_gets_one_vector_and_a_change_pays_for_what_is_new() {
    let shop = Shop::open().await;
    shop.drain().await;
    assert_eq!(asked(&shop).len(), 0, "they are off at first");
    let on = turn_on(&shop, "vendor/vectors").await;
    assert_eq!(on.embedded, 0);
    shop.drain().await;
    let now = view(&shop).await;
    assert!(
        now.pieces > 0 && now.embedded == now.pieces.min(now.most_pieces),
        "{now:?}"
    );
    let before = asked(&shop).len();
    assert_eq!(asked(&shop)[0]["model"], "vendor/vectors");
    assert_eq!(asked(&shop)[0]["provider"]["data_collection"], "deny");
    assert_eq!(logged(&shop, "ok").await, i64::try_from(before).unwrap());

    // Nothing is new: nothing is asked.
    EmbedAll {}.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    assert_eq!(asked(&shop).len(), before);

    let made = know(&shop, "Customers park behind the lighthouse.").await;
    shop.drain().await;
    let more = view(&shop).await;
    assert_eq!(
        (more.pieces, more.embedded),
        (now.pieces + 1, now.embedded + 1)
    );
    let newest = asked(&shop).pop().unwrap();
    assert_eq!(
        newest["input"],
        json!(["Parking: Customers park behind the lighthouse."])
    );
    let mut work = shop.work().await;
    let new = parking("Customers park below the waterfall.");
    ai::replace_document(&mut work, &made, &new).await.unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    assert_eq!(view(&shop).await.embedded, more.embedded);
    let found = ask(&shop, "Is there parking below the waterfall?").await;
    assert_eq!(found.passages[0].meaning_place, Some(1), "{found:?}");

    // Another model makes all of them anew.
    turn_on(&shop, "vendor/others").await;
    assert_eq!(view(&shop).await.embedded, 0);
    shop.drain().await;
    assert_eq!(view(&shop).await.embedded, more.embedded);
}

#[tokio::test]
async fn a_question_in_other_words_is_found_by_its_meaning() {
    let shop = embedded().await;
    know(&shop, "Customers park behind the lighthouse.").await;
    shop.drain().await;
    let question = "Somewhere for my vehicle?";
    let without = ask(&shop, question).await;
    assert_eq!(without.verdict, Verdict::Unknown, "{without:?}");
    let vector: Vec<f32> = sqlx::query_scalar(
        "SELECT vector FROM knowledge_vectors v JOIN knowledge k ON k.id = v.knowledge_id WHERE k.title = 'Parking'",
    )
    .fetch_one(&shop.ctx.owner)
    .await
    .unwrap();
    // A real model knows that they mean the same.
    let row = json!({"index": 0, "embedding": vector});
    fail(
        &shop,
        Fault {
            body: Some(
                json!({"model": "vendor/vectors", "data": [row], "usage": {"cost": 0.000_002}}),
            ),
            times: Some(1),
            ..Fault::on(Service::OpenRouter)
        },
    );
    let found = ask(&shop, question).await;
    assert_eq!(found.verdict, Verdict::Known, "{found:?}");
    let first = &found.passages[0];
    assert!(first.text.contains("lighthouse"), "{found:?}");
    assert_eq!(
        (first.words_place, first.letters_place, first.meaning_place),
        (None, None, Some(1))
    );
    assert!(first.nearness.unwrap() > 0.99);

    // Vectors of another size cannot be compared, and break nothing.
    let row = json!({"index": 0, "embedding": [1.0, 2.0]});
    fail(
        &shop,
        Fault {
            body: Some(json!({"model": "vendor/vectors", "data": [row]})),
            times: Some(1),
            ..Fault::on(Service::OpenRouter)
        },
    );
    assert_eq!(ask(&shop, question).await.verdict, Verdict::Unknown);
}

#[tokio::test]
async fn a_question_without_its_meaning_is_answered_all_the_same() {
    let shop = embedded().await;
    for (id, text) in [("a", "hey"), ("b", "Amina"), ("c", "English")] {
        shop.hear(id, text).await;
        shop.drain().await;
    }
    let once = || Fault {
        times: Some(1),
        ..Fault::on(Service::OpenRouter)
    };
    let odd = json!({"model": "vendor/vectors", "data": []});
    for (id, fault, outcome) in [
        (
            "1",
            Fault {
                status: Some(500),
                ..once()
            },
            "model_unavailable",
        ),
        (
            "2",
            Fault {
                status: Some(402),
                ..once()
            },
            "model_credit",
        ),
        (
            "3",
            Fault {
                body: Some(odd),
                ..once()
            },
            "model_empty",
        ),
        (
            "4",
            Fault {
                delay_ms: Some(8_000),
                ..once()
            },
            "model_unavailable",
        ),
    ] {
        let before = logged(&shop, outcome).await;
        fail(&shop, fault);
        shop.hear(id, "When do you open and close?").await;
        shop.drain().await;
        let said = shop.phone(ChannelKind::WhatsApp).transcript();
        let said = &said.last().unwrap().text;
        assert!(said.contains("8:00"), "{id}: {said}");
        assert_eq!(logged(&shop, outcome).await, before + 1, "{id}");
    }
}

#[tokio::test]
async fn a_provider_that_is_busy_is_asked_again_and_one_that_refuses_an_hour_later() {
    let shop = Shop::open().await;
    fail(
        &shop,
        Fault {
            status: Some(503),
            times: Some(2),
            ..Fault::on(Service::OpenRouter)
        },
    );
    turn_on(&shop, "vendor/vectors").await;
    patience(&shop).await;
    assert_eq!(logged(&shop, "model_busy").await, 2);
    let now = view(&shop).await;
    assert_eq!(now.embedded, now.pieces);

    fail(
        &shop,
        Fault {
            status: Some(402),
            times: Some(1),
            ..Fault::on(Service::OpenRouter)
        },
    );
    know(&shop, "Customers park behind the lighthouse.").await;
    patience(&shop).await;
    assert_eq!(logged(&shop, "model_credit").await, 1);
    assert_eq!(view(&shop).await.embedded, now.embedded);
    assert!(shop.pending().await.is_empty(), "no dead letter");
    EmbedAll {}.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    assert_eq!(view(&shop).await.embedded, now.embedded + 1);
}

#[tokio::test]
async fn no_vector_is_made_once_the_budget_is_spent() {
    let shop = Shop::open().await;
    let mut work = shop.work().await;
    let budget = Budget {
        limit_micro: Some(1),
        at_limit: AtLimit::Cheaper,
    };
    ai::set_budget(&mut work, budget).await.unwrap();
    work.commit().await.unwrap();
    sqlx::query("UPDATE ai_months SET spent_micro = 1")
        .execute(&shop.ctx.owner)
        .await
        .unwrap();
    turn_on(&shop, "vendor/vectors").await;
    shop.drain().await;
    assert_eq!(view(&shop).await.embedded, 0);
    ask(&shop, "When do you open?").await;
    assert_eq!(asked(&shop).len(), 0);
}

#[tokio::test]
async fn a_setting_that_cannot_be_is_refused() {
    let shop = Shop::open().await;
    for (model, known_from, pointer) in [
        ("vectors", 0.5, "/model"),
        ("vendor/x y", 0.5, "/model"),
        ("vendor/x", 1.5, "/known_from"),
        ("vendor/x", f32::NAN, "/known_from"),
    ] {
        let mut work = shop.work().await;
        let new = Embeddings {
            enabled: true,
            model: model.into(),
            known_from,
        };
        let refused = ai::set_embeddings(&mut work, &new).await.unwrap_err();
        let ai::DocumentError::Invalid(invalid) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(invalid.0[0].pointer, pointer);
    }
}
