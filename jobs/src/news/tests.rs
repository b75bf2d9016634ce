//! Readers and their news, with real jobs, a real database and simulated providers.

use std::time::Duration;

use chrono::{TimeDelta, Timelike};
use kazi_platform::{Phone, Timestamp};
use kazi_queue::Job;
use kazi_simulators::{CutAt, Fault, Service};
use serde_json::json;

use super::{
    store::{subscriptions as store, summaries},
    *,
};
use crate::{
    Work,
    channels::ChannelKind,
    contacts::{self, ContactId},
    templates::{self, Category, Template, TemplateId, TemplateStatus},
    testing::{CUSTOMER, Shop},
};

/// A shop whose customer is known and reads English.
async fn known() -> Shop {
    let shop = Shop::open().await;
    for (id, text) in [("a", "hey"), ("b", "Amina"), ("c", "English")] {
        shop.hear(id, text).await;
        shop.drain().await;
    }
    shop
}

async fn customer(shop: &Shop) -> ContactId {
    let phone: Phone = Phone::from_wa_id(CUSTOMER).unwrap();
    let contact = contacts::by_phone(&mut shop.work().await, &phone).await;
    contact.unwrap().unwrap().id
}

/// `HH:MM` in UTC, so many minutes from now.
fn in_minutes(shop: &Shop, minutes: i64) -> String {
    (shop.now() + TimeDelta::minutes(minutes))
        .format("%H:%M")
        .to_string()
}

fn new_reader(contact: ContactId, morning: String) -> NewNewsSubscription {
    NewNewsSubscription {
        contact_id: contact,
        topics: vec!["sports".into(), "world".into()],
        briefs: BriefTimes {
            morning: Some(morning),
            ..BriefTimes::default()
        },
        zone: None,
        language: None,
        daily_limit: None,
    }
}

async fn reads(shop: &Shop, new: NewNewsSubscription) -> NewsSubscription {
    let mut work = shop.work().await;
    let made = subscribe(&mut work, new).await;
    work.commit().await.unwrap();
    made.unwrap()
}

/// The customer, with a brief in five minutes.
async fn reader(shop: &Shop) -> NewsSubscription {
    let new = new_reader(customer(shop).await, in_minutes(shop, 5));
    reads(shop, new).await
}

async fn change(shop: &Shop, reader: &NewsSubscription, patch: NewsSubscriptionPatch) {
    let mut work = shop.work().await;
    let before = lock_subscription(&mut work, reader.id)
        .await
        .unwrap()
        .unwrap();
    change_subscription(&mut work, before, patch).await.unwrap();
    work.commit().await.unwrap();
}

fn new_article(number: usize, body: &str, published_at: Option<Timestamp>) -> NewArticle {
    NewArticle {
        external_id: None,
        title: format!("Headline {number}"),
        body: body.to_owned(),
        url: format!("https://news.test/{number}"),
        image_url: None,
        source: None,
        author: None,
        language: None,
        topics: vec!["sports".into()],
        breaking: false,
        published_at,
    }
}

/// An article that is short enough to be told as it is, unless `body` says more.
async fn publish(shop: &Shop, number: usize, body: &str) -> Article {
    let new = new_article(number, body, Some(shop.now()));
    let mut work = shop.work().await;
    let made = create_article(&mut work, new).await;
    work.commit().await.unwrap();
    made.unwrap()
}

fn long() -> String {
    format!(
        "The match ended in a draw. Both sides were tired. {}",
        "More was said. ".repeat(30)
    )
}

/// Lets time pass, and does what the schedule does.
async fn minutes(shop: &Shop, minutes: i64) {
    shop.ctx.clock.advance(TimeDelta::minutes(minutes));
    Digest {}.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    // Those who wait for a summary.
    shop.after(Duration::from_secs(5)).await;
}

/// What the phone has got that is news.
fn news(shop: &Shop) -> Vec<String> {
    let lines = shop.phone(ChannelKind::WhatsApp).transcript().into_iter();
    lines
        .filter(|line| line.direction == "in" && line.text.contains("Headline"))
        .map(|line| line.text)
        .collect()
}

fn told(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| line.starts_with("*Headline"))
        .collect()
}

async fn outcomes(shop: &Shop) -> Vec<(String, Option<String>)> {
    sqlx::query_as("SELECT status, reason FROM news_digests ORDER BY id")
        .fetch_all(&mut *shop.conn().await)
        .await
        .unwrap()
}

async fn number(shop: &Shop, query: &'static str) -> i64 {
    sqlx::query_scalar(query)
        .fetch_one(&mut *shop.conn().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_brief_comes_once_at_its_time_and_then_on_the_next_day() {
    let shop = known().await;
    let reader = reader(&shop).await;
    publish(&shop, 1, "They won.").await;
    minutes(&shop, 3).await;
    assert_eq!(news(&shop).len(), 0, "not before its time");
    minutes(&shop, 2).await;
    Digest {}.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    let got = news(&shop);
    assert_eq!(got.len(), 1);
    assert!(
        got[0].contains("Your morning news") && got[0].contains("They won."),
        "{}",
        got[0]
    );
    assert!(got[0].contains("https://news.test/1") && got[0].contains("stop news"));
    let next = lock_subscription(&mut shop.work().await, reader.id).await;
    let next = next.unwrap().unwrap().next_due_at.unwrap();
    assert_eq!(next, reader.next_due_at.unwrap() + TimeDelta::days(1));
    assert_eq!(shop.pending().await.len(), 0);
}

#[tokio::test]
async fn no_article_is_told_twice_and_no_more_than_the_day_allows() {
    let shop = known().await;
    // Noon, so that a day has an afternoon.
    let noon = shop.now().with_hour(12).unwrap() + TimeDelta::days(1);
    shop.ctx.clock.advance(noon - shop.now());
    shop.hear("d", "menu").await;
    shop.drain().await;
    let reader = reader(&shop).await;
    for number in 1..=5 {
        publish(&shop, number, "Short.").await;
    }
    minutes(&shop, 5).await;
    assert_eq!(told(&news(&shop)[0]).len(), 3, "the daily limit");
    let again = NewsSubscriptionPatch {
        briefs: Some(BriefTimes {
            evening: Some(in_minutes(&shop, 10)),
            ..BriefTimes::default()
        }),
        ..NewsSubscriptionPatch::default()
    };
    change(&shop, &reader, again).await;
    minutes(&shop, 11).await;
    assert_eq!(news(&shop).len(), 1, "the day has had its three");
    minutes(&shop, 24 * 60).await;
    // By then the 24 hours are over, and there is no template; on the day after, they are not.
    shop.ctx.clock.advance(TimeDelta::hours(23));
    shop.hear("e", "menu").await;
    shop.drain().await;
    minutes(&shop, 60).await;
    let got = news(&shop);
    let mut all: Vec<&str> = got.iter().flat_map(|text| told(text)).collect();
    all.sort_unstable();
    let before = all.len();
    all.dedup();
    assert_eq!((before, all.len()), (5, 5), "{got:?}");
}

#[tokio::test]
async fn who_was_due_while_nothing_ran_is_told_a_little_late_or_not_at_all() {
    let shop = known().await;
    reader(&shop).await;
    publish(&shop, 1, "Short.").await;
    minutes(&shop, 5 + 29).await;
    assert_eq!(news(&shop).len(), 1, "29 minutes late");
    publish(&shop, 2, "Short.").await;
    minutes(&shop, 24 * 60 + 2).await;
    assert_eq!(news(&shop).len(), 1, "31 minutes late");
    assert_eq!(number(&shop, "SELECT count(*) FROM news_digests").await, 1);
    let next = "SELECT count(*) FROM news_subscriptions WHERE next_due_at IS NOT NULL";
    assert_eq!(number(&shop, next).await, 1);
}

#[tokio::test]
async fn a_digest_whose_job_was_kept_waiting_for_too_long_is_left_out() {
    let shop = known().await;
    reader(&shop).await;
    publish(&shop, 1, "Short.").await;
    shop.ctx.clock.advance(TimeDelta::minutes(5));
    // The digest is begun; its job waits.
    let running = kazi_queue::testing::drain;
    let only = Registry::new().register::<Digest>();
    Digest {}.enqueue(&mut *shop.conn().await).await.unwrap();
    running(&shop.ctx.owner, &only, &shop.ctx, shop.now())
        .await
        .unwrap();
    shop.after(Duration::from_secs(31 * 60)).await;
    assert_eq!(
        outcomes(&shop).await,
        [("skipped".into(), Some("late".into()))]
    );
    assert_eq!(news(&shop).len(), 0);
}

#[tokio::test]
async fn who_stops_the_news_or_says_stop_is_told_nothing() {
    let shop = known().await;
    let reader = reader(&shop).await;
    publish(&shop, 1, "Short.").await;
    shop.hear("1", "STOP").await;
    minutes(&shop, 5).await;
    let out = ("unreachable".to_owned(), Some("opted_out".to_owned()));
    assert_eq!(outcomes(&shop).await, [out]);
    shop.hear("2", "start").await;
    shop.drain().await;
    let soon = NewsSubscriptionPatch {
        briefs: Some(BriefTimes {
            evening: Some(in_minutes(&shop, 5)),
            ..BriefTimes::default()
        }),
        ..NewsSubscriptionPatch::default()
    };
    change(&shop, &reader, soon).await;
    shop.hear("3", "stop news").await;
    minutes(&shop, 5).await;
    assert_eq!(news(&shop).len(), 0);
    assert_eq!(number(&shop, "SELECT count(*) FROM news_digests").await, 1);
    let tale = shop
        .phone(ChannelKind::WhatsApp)
        .transcript()
        .pop()
        .unwrap()
        .text;
    assert!(tale.contains("no more news"), "{tale}");
}

#[tokio::test]
async fn a_digest_that_is_due_when_its_reader_stops_is_not_sent() {
    let shop = known().await;
    let reader = reader(&shop).await;
    publish(&shop, 1, "Short.").await;
    shop.ctx.clock.advance(TimeDelta::minutes(5));
    let only = Registry::new().register::<Digest>();
    Digest {}.enqueue(&mut *shop.conn().await).await.unwrap();
    kazi_queue::testing::drain(&shop.ctx.owner, &only, &shop.ctx, shop.now())
        .await
        .unwrap();
    let stop = NewsSubscriptionPatch {
        active: Some(false),
        ..NewsSubscriptionPatch::default()
    };
    change(&shop, &reader, stop).await;
    shop.drain().await;
    assert_eq!(
        outcomes(&shop).await,
        [("skipped".into(), Some("stopped".into()))]
    );
    assert_eq!(news(&shop).len(), 0);
}

/// Somebody else with a phone, who reads at the same time as the customer.
async fn other(shop: &Shop, number: u32, language: Option<&str>) -> NewsSubscription {
    let new = contacts::NewContact {
        phone: Some(format!("+2547000000{number:02}")),
        ..contacts::NewContact::default()
    };
    let mut work = shop.work().await;
    let made = contacts::create(&mut work, &new).await;
    work.commit().await.unwrap();
    let new = NewNewsSubscription {
        language: language.map(str::to_owned),
        ..new_reader(made.unwrap().id, in_minutes(shop, 5))
    };
    reads(shop, new).await
}

#[tokio::test]
async fn an_article_is_summarised_once_for_each_language_however_many_read_it() {
    let shop = known().await;
    reader(&shop).await;
    for number in 1..4 {
        other(&shop, number, None).await;
    }
    for number in 4..7 {
        other(&shop, number, Some("fr")).await;
    }
    publish(&shop, 1, &long()).await;
    minutes(&shop, 5).await;
    assert!(
        news(&shop)[0].contains("In short: The match ended in a draw."),
        "{:?}",
        news(&shop)
    );
    assert_eq!(
        shop.sent(Service::OpenRouter).len(),
        2,
        "English and French"
    );
    let logged = "SELECT count(*) FROM ai_calls WHERE purpose = 'summary' AND outcome = 'ok'";
    assert_eq!(number(&shop, logged).await, 2);
}

#[tokio::test]
async fn of_many_who_ask_for_a_summary_at_the_same_time_one_has_it_made() {
    let shop = known().await;
    let article = publish(&shop, 1, &long()).await.id;
    let asks = (0..8).map(|_| {
        let (ctx, workspace) = (shop.ctx.clone(), shop.workspace);
        tokio::spawn(async move {
            let mut work = Work::of(&ctx, workspace).await.unwrap();
            let mine = summaries::want(&mut work, &[article], "fr").await.unwrap();
            work.commit().await.unwrap();
            mine.len()
        })
    });
    let mut made = 0;
    for ask in asks.collect::<Vec<_>>() {
        made += ask.await.unwrap();
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn without_a_model_the_first_sentences_do() {
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
            "down",
            Fault {
                status: Some(502),
                ..Fault::on(Service::OpenRouter)
            },
            4,
        ),
        // It may have been paid: it is not asked for again.
        (
            "answer lost",
            Fault {
                cut: Some(CutAt::After),
                ..Fault::on(Service::OpenRouter)
            },
            1,
        ),
        (
            "empty",
            Fault {
                body: Some(
                    json!({"id": "g", "model": "m", "choices": [{"message": {"content": " "}}]}),
                ),
                ..Fault::on(Service::OpenRouter)
            },
            1,
        ),
    ];
    for (name, fault, calls) in faults {
        let shop = known().await;
        reader(&shop).await;
        publish(&shop, 1, &long()).await;
        shop.providers.fault(fault);
        minutes(&shop, 5).await;
        for _ in 0..5 {
            shop.after(Duration::from_secs(20)).await;
        }
        let got = news(&shop);
        assert_eq!(got.len(), 1, "{name}");
        assert!(
            got[0].contains("\nThe match ended in a draw."),
            "{name}: {}",
            got[0]
        );
        assert_eq!(shop.sent(Service::OpenRouter).len(), calls, "{name}");
        assert_eq!(shop.pending().await.len(), 0, "{name}");
    }
}

#[tokio::test]
async fn a_summary_that_comes_too_late_is_not_waited_for_and_one_that_hiccups_is() {
    let shop = known().await;
    reader(&shop).await;
    publish(&shop, 1, &long()).await;
    shop.providers.fault(Fault {
        status: Some(429),
        retry_after: Some(600),
        times: Some(1),
        ..Fault::on(Service::OpenRouter)
    });
    minutes(&shop, 5).await;
    assert_eq!(news(&shop).len(), 0, "it is still hoped for");
    shop.after(Duration::from_secs(90)).await;
    assert!(news(&shop)[0].contains("\nThe match ended in a draw."));
    // It comes for whoever reads next.
    shop.after(Duration::from_secs(600)).await;
    let done = "SELECT count(*) FROM news_summaries WHERE status = 'done'";
    assert_eq!(number(&shop, done).await, 1);
    assert_eq!(news(&shop).len(), 1);
}

#[tokio::test]
async fn a_run_that_died_while_it_asked_is_not_paid_for_again() {
    let shop = known().await;
    let article = publish(&shop, 1, &long()).await.id;
    let mut work = shop.work().await;
    summaries::want(&mut work, &[article], "en").await.unwrap();
    // As the first run left it.
    summaries::ask(&mut work, article, "en").await.unwrap();
    let job = Summarise {
        workspace: shop.workspace,
        article,
        language: "en".into(),
    };
    job.enqueue_with(work.conn(), job.options().tenant(shop.workspace))
        .await
        .unwrap();
    work.commit().await.unwrap();
    shop.drain().await;
    assert_eq!(shop.sent(Service::OpenRouter).len(), 0);
    let fallback = "SELECT count(*) FROM news_summaries WHERE status = 'fallback'";
    assert_eq!(number(&shop, fallback).await, 1);
    let lost = "SELECT count(*) FROM ai_calls WHERE outcome = 'model_no_answer'";
    assert_eq!(number(&shop, lost).await, 1);
}

#[tokio::test]
async fn breaking_news_go_to_every_reader_of_the_topic_once() {
    let shop = known().await;
    let mine = reader(&shop).await;
    other(&shop, 1, None).await;
    let elsewhere = other(&shop, 2, None).await;
    let topics = NewsSubscriptionPatch {
        topics: Some(vec!["health".into()]),
        ..NewsSubscriptionPatch::default()
    };
    change(&shop, &elsewhere, topics).await;
    let article = publish(&shop, 1, "A goal.").await;
    for _ in 0..2 {
        let mut work = shop.work().await;
        let before = lock_article(&mut work, article.id).await.unwrap().unwrap();
        break_article(&mut work, before).await.unwrap();
        // As if its job ran twice.
        let job = Breaking {
            workspace: shop.workspace,
            article: article.id,
            after: None,
        };
        job.enqueue(work.conn()).await.unwrap();
        work.commit().await.unwrap();
        shop.drain().await;
    }
    assert_eq!(news(&shop).len(), 1);
    assert!(news(&shop)[0].contains("Breaking news"));
    let digests = "SELECT count(*) FROM news_digests WHERE slot = 'breaking'";
    assert_eq!(number(&shop, digests).await, 2);
    // The brief has nothing more to tell.
    minutes(&shop, 5).await;
    assert_eq!(news(&shop).len(), 1);
    assert!(mine.active);
}

#[tokio::test]
async fn breaking_news_reach_more_readers_than_one_job_deals_with() {
    let shop = known().await;
    let statement = "WITH new AS (
            INSERT INTO contacts (workspace_id, id, name)
            SELECT (SELECT id FROM workspaces), gen_random_uuid(), 'R' || n FROM generate_series(1, 1001) n RETURNING workspace_id, id)
         INSERT INTO news_subscriptions (workspace_id, id, contact_id, topics, zone)
         SELECT workspace_id, gen_random_uuid(), id, '{sports}', 'UTC' FROM new";
    sqlx::query(statement)
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    let new = NewArticle {
        breaking: true,
        ..new_article(1, "A goal.", None)
    };
    let mut work = shop.work().await;
    create_article(&mut work, new).await.unwrap();
    work.commit().await.unwrap();
    let only = Registry::new().register::<Breaking>();
    let drained = kazi_queue::testing::drain(&shop.ctx.owner, &only, &shop.ctx, shop.now()).await;
    assert_eq!(drained.unwrap().done, 3);
    assert_eq!(
        number(&shop, "SELECT count(DISTINCT contact_id) FROM news_digests").await,
        1_001
    );
    assert_eq!(shop.pending().await.len(), 1_001);
}

#[tokio::test]
async fn outside_of_the_24_hours_the_headlines_come_by_template_and_a_tap_brings_the_rest() {
    let shop = known().await;
    reader(&shop).await;
    publish(&shop, 1, "They won.").await;
    shop.ctx.clock.advance(TimeDelta::hours(30));
    publish(&shop, 2, "They lost.").await;
    let due = "UPDATE news_subscriptions SET next_due_at = $1";
    sqlx::query(due)
        .bind(shop.now())
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    minutes(&shop, 0).await;
    assert_eq!(
        outcomes(&shop).await,
        [("unreachable".into(), Some("no_template".into()))]
    );
    let kept = "SELECT count(*) FROM news_deliveries";
    assert_eq!(
        number(&shop, kept).await,
        0,
        "what was not told is news still"
    );

    let account = "SELECT coalesce(account_id, '') FROM channels WHERE kind = 'whatsapp'";
    let account: String = sqlx::query_scalar(account)
        .fetch_one(&mut *shop.conn().await)
        .await
        .unwrap();
    let body = "News from {{1}}: {{2}}. Tap below to read.";
    let template = Template {
        id: TemplateId::new(),
        account,
        name: TEMPLATE.into(),
        language: "en".into(),
        category: Category::Marketing,
        status: TemplateStatus::Approved,
        body: body.into(),
        components: json!([]),
        paused_until: None,
    };
    let mut work = shop.work().await;
    templates::save(&mut work, &template).await.unwrap();
    work.commit().await.unwrap();
    let due = "UPDATE news_subscriptions SET next_due_at = $1";
    sqlx::query(due)
        .bind(shop.now() + TimeDelta::minutes(1))
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
    minutes(&shop, 1).await;
    let said = "SELECT body FROM messages WHERE cause = 'news'";
    let said: String = sqlx::query_scalar(said)
        .fetch_one(&mut *shop.conn().await)
        .await
        .unwrap();
    assert!(
        said.contains("Zuri") && said.contains("Headline 2 • Headline 1"),
        "{said}"
    );
    let digest = "SELECT id FROM news_digests WHERE status = 'sent'";
    let digest: uuid::Uuid = sqlx::query_scalar(digest)
        .fetch_one(&mut *shop.conn().await)
        .await
        .unwrap();
    let payload = format!("news:read:{}", DigestId::from(digest));
    tap(&shop, "t", &payload).await;
    let got = news(&shop).pop().unwrap();
    assert!(
        got.contains("They lost.") && got.contains("They won."),
        "{got}"
    );
}

/// A tap on a quick reply of a template.
async fn tap(shop: &Shop, id: &str, payload: &str) {
    let content = json!({"payload": payload, "text": "Read"});
    shop.phone(ChannelKind::WhatsApp)
        .send_raw(json!({"type": "text", "text": {"body": "."}}))
        .await;
    let message = json!({"id": id, "from": CUSTOMER, "type": "button", "button": content});
    let payload = json!({"message": message, "contact": {"wa_id": CUSTOMER}});
    let kind = crate::channels::EventKind::Message;
    shop.record(ChannelKind::WhatsApp, kind, CUSTOMER, payload)
        .await;
    shop.drain().await;
}

#[tokio::test]
async fn in_the_chat_somebody_subscribes_reads_the_latest_changes_and_stops() {
    let shop = known().await;
    publish(&shop, 1, "They won.").await;
    let say = async |id: &str, text: &str| {
        shop.hear(id, text).await;
        shop.drain().await;
        shop.phone(ChannelKind::WhatsApp)
            .transcript()
            .pop()
            .unwrap()
    };
    let topics = say("1", "news").await;
    assert_eq!(topics.rows.len(), TOPICS.len(), "{topics:?}");
    // Sports, by its number.
    assert!(say("2", "6").await.text.contains("You chose: Sports"));
    let times = say("3", "1").await;
    assert_eq!(times.rows.len(), 4, "{times:?}");
    let done = say("4", "7:30, 18:45").await;
    assert!(
        done.text.contains("Sports at 07:30, 18:45 (UTC)"),
        "{}",
        done.text
    );
    // The first of what is offered: the latest.
    let latest = say("5", "1").await;
    assert!(latest.text.contains("They won."), "{latest:?}");
    say("6", "news").await;
    assert!(
        say("7", "1").await.text.contains("nothing new"),
        "told once"
    );
    say("8", "news").await;
    assert!(say("9", "4").await.text.contains("no more news"));
    let customer = customer(&shop).await;
    let reader = store::lock_of(&mut shop.work().await, customer).await;
    let reader = reader.unwrap().unwrap();
    assert!(!reader.active && reader.next_due_at.is_none());
    // Who comes back is asked anew; a question in between is not the news'.
    say("10", "news").await;
    say("11", "sports, monde").await;
    assert!(
        say("12", "25:00")
            .await
            .text
            .contains("cannot read that time")
    );
    assert!(
        say("13", "9:15")
            .await
            .text
            .contains("Sports, World at 09:15")
    );
    say("14", "news").await;
    assert!(say("15", "When do you open?").await.text.contains("8:00"));
}

#[tokio::test]
async fn an_article_that_changes_is_summarised_anew() {
    let shop = known().await;
    reader(&shop).await;
    let article = publish(&shop, 1, &long()).await;
    minutes(&shop, 5).await;
    let mut work = shop.work().await;
    let before = lock_article(&mut work, article.id).await.unwrap().unwrap();
    let patch = ArticlePatch {
        body: Some(format!("It was a win after all. {}", long())),
        ..ArticlePatch::default()
    };
    update_article(&mut work, before, patch).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(
        number(&shop, "SELECT count(*) FROM news_summaries").await,
        0
    );
}

#[tokio::test]
async fn what_is_old_is_forgotten_and_a_draft_is_not() {
    let shop = known().await;
    reader(&shop).await;
    publish(&shop, 1, "Short.").await;
    minutes(&shop, 5).await;
    let mut work = shop.work().await;
    let draft = new_article(2, "Draft.", None);
    create_article(&mut work, draft).await.unwrap();
    work.commit().await.unwrap();
    shop.ctx.clock.advance(TimeDelta::days(92));
    Purge {}.enqueue(&mut *shop.conn().await).await.unwrap();
    shop.drain().await;
    let left =
        "SELECT (SELECT count(*) FROM news_articles) + 10 * (SELECT count(*) FROM news_digests)";
    assert_eq!(number(&shop, left).await, 1);
}
