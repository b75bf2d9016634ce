//! News: articles by the API, readers by the API and in the chat, and a provider that fails.

use kazi_jobs::Role;
use kazi_simulators::{CutAt, Fault, Phone, Service, WebhookFault};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    caller::Caller,
    support::{App, LONG, business},
};

const ARTICLES: &str = "/api/v1/news/articles";
const SUBSCRIPTIONS: &str = "/api/v1/news/subscriptions";

impl Caller<'_> {
    /// Status and body of a call's answer.
    async fn answer(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let mut request = self.call(method, path);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn make(&self, path: &str, body: &Value) -> Value {
        let (status, body) = self.answer(Method::POST, path, Some(body)).await;
        assert!((200..300).contains(&status), "{status}: {body}");
        body
    }

    /// A 422 about this field.
    async fn invalid(&self, method: Method, path: &str, body: &Value, about: (&str, &str)) {
        let (status, answer) = self.answer(method, path, Some(body)).await;
        let error = &answer["errors"][0];
        let told = (error["pointer"].as_str(), error["code"].as_str());
        assert_eq!(
            (status, told),
            (422, (Some(about.0), Some(about.1))),
            "{answer}"
        );
    }
}

fn article(number: usize) -> Value {
    json!({
        "external_id": format!("wire-{number}"), "title": format!("Headline {number}"), "body": "They won.",
        "url": format!("https://news.test/{number}"), "topics": ["sports"], "published_at": "2026-01-01T00:00:00Z",
    })
}

/// As [`article`], published now.
fn fresh(number: usize) -> Value {
    let mut article = article(number);
    article["published_at"] = json!(chrono::Utc::now());
    article
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[tokio::test]
async fn articles_are_made_listed_changed_and_deleted() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let made = me.make(ARTICLES, &article(1)).await;
    let path = format!("{ARTICLES}/{}", made["id"].as_str().unwrap());
    assert_eq!(me.show(&path).await, made);
    assert_eq!(made["language"], "en", "the workspace's");
    let (status, taken) = me.answer(Method::POST, ARTICLES, Some(&article(1))).await;
    assert_eq!(
        (status, &taken["errors"][0]["pointer"]),
        (409, &json!("/external_id"))
    );
    // A feed that is brought again.
    let bulk = json!({"articles": [article(1), article(2), article(3)]});
    let taken = me.make(&format!("{ARTICLES}/bulk"), &bulk).await;
    let created: Vec<_> = taken["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["created"].clone())
        .collect();
    assert_eq!(created, [false, true, true]);
    assert_eq!(taken["items"][0]["id"], made["id"]);

    let page = me
        .show(&format!(
            "{ARTICLES}?limit=2&topic=sports&language=en&breaking=false"
        ))
        .await;
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    let cursor = page["next_cursor"].as_str().unwrap();
    let last = me
        .show(&format!(
            "{ARTICLES}?limit=2&topic=sports&language=en&breaking=false&cursor={cursor}"
        ))
        .await;
    assert_eq!(last["items"][0]["id"], made["id"]);
    let patch = json!({"title": "Another", "source": "Post", "published_at": null});
    let (status, changed) = me.answer(Method::PATCH, &path, Some(&patch)).await;
    assert_eq!(
        (status, &changed["title"], &changed["published_at"]),
        (200, &json!("Another"), &Value::Null)
    );
    assert_eq!(me.answer(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(me.answer(Method::GET, &path, None).await.0, 404);
    let again = me
        .make(
            &format!("{ARTICLES}/bulk"),
            &json!({"articles": [article(1)]}),
        )
        .await;
    assert_eq!(
        again["items"][0]["created"], false,
        "a deleted article does not come back"
    );
    assert_eq!(
        me.show("/api/v1/news/topics").await["items"]
            .as_array()
            .unwrap()
            .len(),
        8
    );
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_by_its_field() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let faults = [
        ("title", json!(""), "/title", "length"),
        ("title", json!("x".repeat(256)), "/title", "length"),
        ("body", json!("x".repeat(20_001)), "/body", "length"),
        ("url", json!("http://news.test/1"), "/url", "not_https"),
        ("url", json!("https://"), "/url", "invalid"),
        ("url", json!("https://10.0.0.1/1"), "/url", "private_host"),
        (
            "url",
            json!("https://a:b@news.test/1"),
            "/url",
            "credentials",
        ),
        (
            "url",
            json!(format!("https://news.test/{}", "x".repeat(500))),
            "/url",
            "too_long",
        ),
        (
            "image_url",
            json!("javascript:alert(1)"),
            "/image_url",
            "not_https",
        ),
        (
            "image_url",
            json!("https://metadata.google.internal/"),
            "/image_url",
            "private_host",
        ),
        (
            "image_url",
            json!("https://news.test@10.0.0.1/"),
            "/image_url",
            "credentials",
        ),
        ("topics", json!(["gossip"]), "/topics/0", "unknown_topic"),
        ("topics", json!(["sports", "sports"]), "/topics/1", "twice"),
        ("topics", json!([]), "/topics", "length"),
        ("language", json!("de"), "/language", "unknown_language"),
        ("external_id", json!(""), "/external_id", "length"),
    ];
    for (field, value, pointer, code) in faults {
        let body = with(article(1), field, value);
        me.invalid(Method::POST, ARTICLES, &body, (pointer, code))
            .await;
        let bulk = json!({"articles": [article(2), body]});
        let pointer = format!("/articles/1{pointer}");
        me.invalid(
            Method::POST,
            &format!("{ARTICLES}/bulk"),
            &bulk,
            (&pointer, code),
        )
        .await;
    }
    let later = json!({
        "title": "T", "body": "B", "url": "https://a.test", "topics": ["world"], "breaking": true,
        "published_at": "2999-01-01T00:00:00Z",
    });
    me.invalid(Method::POST, ARTICLES, &later, ("/published_at", "later"))
        .await;
    let many: Vec<Value> = (0..101).map(article).collect();
    let bulk = format!("{ARTICLES}/bulk");
    me.invalid(
        Method::POST,
        &bulk,
        &json!({"articles": many}),
        ("/articles", "length"),
    )
    .await;
    assert_eq!(
        app.count("SELECT count(*) FROM news_articles").await,
        0,
        "all or none"
    );

    let contact = me
        .make(
            "/api/v1/contacts",
            &json!({"name": "Amina", "phone": "0712 345 678"}),
        )
        .await;
    let subscription = json!({
        "contact": contact["id"], "topics": ["sports"], "briefs": {"morning": "07:30"}, "zone": "Africa/Nairobi",
    });
    let nobody = "ctc_0190a5b2c3d4e5f60718293a4b5c6d7e";
    let faults = [
        ("contact", json!(nobody), "/contact", "unknown"),
        ("topics", json!(["gossip"]), "/topics/0", "unknown_topic"),
        (
            "briefs",
            json!({"evening": "25:00"}),
            "/briefs/evening",
            "time",
        ),
        (
            "briefs",
            json!({"night": "23:00"}),
            "/briefs/night",
            "unknown_field",
        ),
        ("zone", json!("Nairobi"), "/zone", "unknown_zone"),
        ("language", json!("de"), "/language", "unknown_language"),
        ("daily_limit", json!(11), "/daily_limit", "out_of_range"),
        ("daily_limit", json!(0), "/daily_limit", "out_of_range"),
    ];
    for (field, value, pointer, code) in faults {
        let body = with(subscription.clone(), field, value);
        me.invalid(Method::POST, SUBSCRIPTIONS, &body, (pointer, code))
            .await;
    }
    let made = me.make(SUBSCRIPTIONS, &subscription).await;
    assert_eq!(
        made["briefs"],
        json!({"morning": "07:30", "afternoon": null, "evening": null})
    );
    assert!(
        made["next_due_at"].as_str().unwrap().contains("T04:30:00"),
        "{made}"
    );
    let (status, taken) = me
        .answer(Method::POST, SUBSCRIPTIONS, Some(&subscription))
        .await;
    assert_eq!(
        (status, &taken["errors"][0]["pointer"]),
        (409, &json!("/contact"))
    );
    let path = format!("{SUBSCRIPTIONS}/{}", made["id"].as_str().unwrap());
    me.invalid(
        Method::PATCH,
        &path,
        &json!({"zone": "X/Y"}),
        ("/zone", "unknown_zone"),
    )
    .await;
    let (status, stopped) = me
        .answer(Method::PATCH, &path, Some(&json!({"active": false})))
        .await;
    assert_eq!((status, &stopped["next_due_at"]), (200, &Value::Null));
    let list = me
        .show(&format!("{SUBSCRIPTIONS}?active=false&topic=sports"))
        .await;
    assert_eq!(list["items"][0]["id"], made["id"]);
    assert_eq!(
        me.answer(Method::GET, &format!("{SUBSCRIPTIONS}?topic=gossip"), None)
            .await
            .0,
        422
    );
    assert_eq!(me.answer(Method::DELETE, &path, None).await.0, 204);
}

#[tokio::test]
async fn who_may_not_is_told_so_and_another_business_s_news_are_not_there() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let made = me.make(ARTICLES, &article(1)).await;
    let path = format!("{ARTICLES}/{}", made["id"].as_str().unwrap());
    let viewer = Caller::new(&app, app.workspace, Role::Viewer).await;
    assert_eq!(viewer.show(&path).await["id"], made["id"]);
    for (method, path) in [
        (Method::POST, ARTICLES.to_owned()),
        (Method::DELETE, path.clone()),
        (Method::POST, format!("{path}/break")),
        (Method::POST, SUBSCRIPTIONS.to_owned()),
    ] {
        assert_eq!(
            viewer.answer(method, &path, Some(&article(2))).await.0,
            403,
            "{path}"
        );
    }
    let elsewhere = business(app.db(), "Other").await;
    let other = Caller::new(&app, elsewhere, Role::Owner).await;
    for method in [Method::GET, Method::DELETE] {
        assert_eq!(other.answer(method, &path, None).await.0, 404);
    }
    assert_eq!(other.show(ARTICLES).await["items"], json!([]));
}

/// Says something and waits for what the phone shows last to contain something.
async fn until_shown(phone: &Phone, words: &str) {
    let shown = phone
        .wait_for(LONG, |lines| {
            lines
                .iter()
                .any(|line| line.direction == "in" && line.text.contains(words))
        })
        .await;
    assert!(
        shown.is_some(),
        "{words:?} is not among {:?}",
        phone.transcript()
    );
}

fn times_shown(phone: &Phone, words: &str) -> usize {
    let lines = phone.transcript().into_iter();
    lines
        .filter(|line| line.direction == "in" && line.text.contains(words))
        .count()
}

/// A customer who reads about sports.
async fn reader(app: &App, wa_id: &str) -> Phone {
    let phone = app.phone(wa_id).named("Amina");
    for (say, shown) in [
        ("Hello", "your name"),
        ("Amina", "language"),
        ("English", "All set"),
        ("news", "want to read about"),
        ("sports", "When shall I write"),
        ("7:30", "Sports at 07:30"),
    ] {
        phone.say(say).await;
        until_shown(&phone, shown).await;
    }
    phone
}

#[tokio::test]
async fn a_reader_subscribes_in_the_chat_and_gets_each_article_once_however_the_provider_behaves() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let phone = reader(&app, "254712345678").await;

    // The provider fails at first.
    me.make(ARTICLES, &fresh(1)).await;
    app.providers.fault(Fault {
        status: Some(500),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    phone.say("news").await;
    until_shown(&phone, "Your news").await;
    phone.tap("news:latest").await.unwrap();
    until_shown(&phone, "*Headline 1*").await;

    // It is late, and tells everything twice.
    me.make(ARTICLES, &fresh(2)).await;
    app.providers.fault(Fault {
        delay_ms: Some(300),
        times: Some(2),
        ..Fault::on(Service::WhatsApp)
    });
    app.providers.fault(Fault {
        webhooks: Some(WebhookFault {
            duplicate: 1.0,
            ..WebhookFault::default()
        }),
        ..Fault::on(Service::WhatsApp)
    });
    phone.tap("news:latest").await.unwrap();
    until_shown(&phone, "*Headline 2*").await;

    // Its answer never comes: it has taken the message, and is not asked to once more.
    let broken = me.make(ARTICLES, &fresh(3)).await;
    app.providers.fault(Fault {
        cut: Some(CutAt::After),
        times: Some(1),
        ..Fault::on(Service::WhatsApp)
    });
    let now = format!("{ARTICLES}/{}/break", broken["id"].as_str().unwrap());
    for _ in 0..2 {
        let (status, told) = me.answer(Method::POST, &now, None).await;
        assert_eq!((status, &told["breaking"]), (202, &json!(true)), "{told}");
    }
    until_shown(&phone, "*Headline 3*").await;
    app.until("SELECT count(*) FROM (SELECT WHERE NOT EXISTS (SELECT FROM messages WHERE cause = 'news' AND status NOT IN ('delivered', 'read'))) done").await;
    for headline in ["*Headline 1*", "*Headline 2*", "*Headline 3*"] {
        assert_eq!(times_shown(&phone, headline), 1, "{headline}");
    }
    let digests = me.show("/api/v1/news/digests").await;
    let slots: Vec<_> = digests["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["slot"].clone())
        .collect();
    assert_eq!(slots, ["breaking", "latest", "latest"]);
    assert!(
        digests["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["status"] == "sent")
    );
    phone.say("stop news").await;
    until_shown(&phone, "You get no more news").await;
    assert_eq!(
        me.show(&format!("{SUBSCRIPTIONS}?active=true")).await["items"],
        json!([])
    );
}

#[tokio::test]
async fn the_schedule_sends_a_brief_that_is_due_once() {
    let app = App::start().await;
    let me = Caller::new(&app, app.workspace, Role::Admin).await;
    let phone = reader(&app, "254712345679").await;
    me.make(ARTICLES, &fresh(1)).await;
    app.change("UPDATE news_subscriptions SET next_due_at = now(), next_slot = 'morning'")
        .await;
    for _ in 0..2 {
        let run = app.cli(&["cron", "run", "news.digest"]).await;
        assert!(run.status.success(), "{run:?}");
    }
    until_shown(&phone, "Your morning news").await;
    app.until("SELECT count(*) FROM (SELECT WHERE NOT EXISTS (SELECT FROM queue.jobs WHERE kind LIKE 'news.%')) done").await;
    assert_eq!(times_shown(&phone, "*Headline 1*"), 1);
    assert_eq!(app.count("SELECT count(*) FROM news_digests").await, 1);
}
