//! The guarantees that hold when the program, the database or a provider fails in the middle of its work.

use std::collections::BTreeMap;

use kazi_simulators::{CutAt, Fault, Service, WebhookFault};
use reqwest::StatusCode;
use serde_json::json;

use crate::support::{App, LONG, NUMBER, SECRET, envelope, text_message};

/// Returns how many messages each customer received.
fn sent(app: &App) -> BTreeMap<String, usize> {
    let mut sent = BTreeMap::new();
    for entry in app.providers.ledger(Service::WhatsApp) {
        if entry.message_id.is_some() {
            *sent
                .entry(entry.body["to"].as_str().unwrap_or_default().to_owned())
                .or_default() += 1;
        }
    }
    sent
}

#[tokio::test]
async fn killed_in_the_middle_of_many_conversations_it_answers_everybody_once() {
    const CUSTOMERS: usize = 60;
    let mut app = App::start().await;
    let phones: Vec<_> = (0..CUSTOMERS)
        .map(|n| app.phone(&format!("2547000{n:05}")))
        .collect();
    let saying: Vec<_> = phones
        .iter()
        .cloned()
        .map(|phone| tokio::spawn(async move { phone.say("Hello").await }))
        .collect();
    phones[0]
        .wait_for_more(0, LONG)
        .await
        .expect("the first answer");
    app.kill().await;
    app.run().await;
    for said in saying {
        said.await.unwrap();
    }
    for phone in &phones {
        phone
            .wait_for_more(0, LONG)
            .await
            .expect("an answer for everybody");
    }
    app.until("SELECT count(*) FROM (SELECT WHERE NOT EXISTS (SELECT FROM messages WHERE direction = 'out' AND status <> 'read')) done").await;
    let sent = sent(&app);
    assert_eq!(sent.len(), CUSTOMERS);
    assert!(
        sent.values().all(|times| *times == 1),
        "somebody was answered twice: {sent:?}"
    );
}

#[tokio::test]
async fn a_stop_that_is_asked_for_loses_nothing() {
    let mut app = App::start().await;
    let phones: Vec<_> = (0..20)
        .map(|n| app.phone(&format!("2547000{n:05}")))
        .collect();
    let saying: Vec<_> = phones
        .iter()
        .cloned()
        .map(|phone| tokio::spawn(async move { phone.say("Hello").await }))
        .collect();
    phones[0]
        .wait_for_more(0, LONG)
        .await
        .expect("the first answer");
    assert!(app.stop().await.success());
    app.run().await;
    for (phone, said) in phones.iter().zip(saying) {
        said.await.unwrap();
        phone
            .wait_for_more(0, LONG)
            .await
            .expect("an answer for everybody");
    }
    assert!(sent(&app).values().all(|times| *times == 1));
}

#[tokio::test]
async fn while_the_database_is_away_nothing_is_promised_and_then_everything_goes_on() {
    let app = App::start().await;
    let name = sqlx::query_scalar::<_, String>("SELECT current_database()")
        .fetch_one(app.db())
        .await
        .unwrap();
    // Connects to another database of the same server, because this one accepts no connections.
    let other = app
        .db()
        .connect_options()
        .as_ref()
        .clone()
        .database("postgres");
    let outside = sqlx::postgres::PgPoolOptions::new()
        .max_connections(1)
        .connect_with(other)
        .await
        .unwrap();
    let outside_do = async |statement: String| {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
            .execute(&outside)
            .await
            .unwrap();
    };
    outside_do(format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false")).await;
    outside_do(format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    ))
    .await;

    let body = envelope(
        NUMBER,
        json!({"messages": [text_message("1", "254711", "hi")]}),
    )
    .to_string();
    assert_eq!(
        app.webhook(body.as_bytes(), SECRET).await.status(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    let alive = app.http.get(app.url("/healthz")).send().await.unwrap();
    let ready = app.http.get(app.url("/readyz")).send().await.unwrap();
    assert_eq!(
        (alive.status(), ready.status()),
        (StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE)
    );

    let phone = app.phone("254712345678");
    let saying = tokio::spawn({
        let phone = phone.clone();
        async move { phone.say("Hello").await }
    });
    outside_do(format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS true")).await;
    saying.await.unwrap();
    phone
        .wait_for_more(0, LONG)
        .await
        .expect("the answer, late");
    assert_eq!(
        app.http
            .get(app.url("/readyz"))
            .send()
            .await
            .unwrap()
            .status(),
        StatusCode::OK
    );
    assert!(sent(&app).values().all(|times| *times == 1));
}

#[tokio::test]
async fn a_provider_at_its_worst_gets_every_message_once() {
    const CUSTOMERS: usize = 30;
    let app = App::start().await;
    let faults = [
        Fault {
            share: Some(0.2),
            cut: Some(CutAt::After),
            seed: Some(1),
            ..Fault::on(Service::WhatsApp)
        },
        Fault {
            share: Some(0.2),
            cut: Some(CutAt::Before),
            seed: Some(2),
            ..Fault::on(Service::WhatsApp)
        },
        Fault {
            share: Some(0.2),
            status: Some(500),
            code: Some(131000),
            seed: Some(3),
            ..Fault::on(Service::WhatsApp)
        },
        Fault {
            webhooks: Some(WebhookFault {
                duplicate: 0.3,
                delay_ms: 30,
                reorder: 1.0,
                drop: 0.0,
            }),
            ..Fault::on(Service::WhatsApp)
        },
    ];
    for fault in faults {
        app.providers.fault(Fault {
            matches: fault.webhooks.is_none().then(|| "messages".into()),
            ..fault
        });
    }
    let phones: Vec<_> = (0..CUSTOMERS)
        .map(|n| app.phone(&format!("2547000{n:05}")))
        .collect();
    for phone in &phones {
        phone.say("Hello").await;
    }
    for phone in &phones {
        phone
            .wait_for_more(0, LONG)
            .await
            .expect("an answer for everybody");
    }
    app.until("SELECT count(*) FROM (SELECT WHERE NOT EXISTS (SELECT FROM messages WHERE direction = 'out' AND status <> 'read')) done").await;
    let sent = sent(&app);
    assert_eq!(sent.len(), CUSTOMERS);
    assert!(
        sent.values().all(|times| *times == 1),
        "somebody got a message twice: {sent:?}"
    );
}
