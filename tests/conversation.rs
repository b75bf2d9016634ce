//! A customer talks with a business.

use kazi_jobs::locale::{self, LANGUAGES};
use kazi_simulators::{Line, Phone, Service};

use crate::support::{App, INSTANCE, LONG};

/// Sends a text and waits for the next line on the phone.
pub async fn ask(phone: &Phone, text: &str) -> Line {
    let before = phone.heard();
    phone.say(text).await;
    next(phone, before).await
}

pub async fn tap(phone: &Phone, id: &str) -> Line {
    let before = phone.heard();
    phone.tap(id).await.unwrap();
    next(phone, before).await
}

async fn next(phone: &Phone, before: usize) -> Line {
    let answer = phone.wait_for_more(before, LONG).await;
    answer.expect("no answer came")
}

#[tokio::test]
async fn from_hello_to_a_product_a_question_a_person_and_goodbye() {
    let app = App::start().await;
    let phone = app.phone("254712345678").named("Amina");
    assert!(ask(&phone, "Hello").await.text.contains("Zuri"));
    assert_eq!(tap(&phone, "name").await.rows.len(), 6, "the languages");
    assert_eq!(tap(&phone, "lang:en").await.buttons.len(), 3, "the menu");
    assert!(tap(&phone, "svc:shop").await.text.contains("looking for"));
    let found = ask(&phone, "coffee").await;
    assert_eq!(found.rows[0].title, "Kenyan coffee");
    let before = phone.heard();
    phone.tap(&found.rows[0].id).await.unwrap();
    phone
        .wait_for_more(before + 1, LONG)
        .await
        .expect("a picture and what to do next");
    assert_eq!(phone.heard(), before + 2);
    let lines = phone.transcript();
    assert!(
        lines
            .iter()
            .any(|line| line.image_url.is_some() && line.text.contains("12.50 USD"))
    );
    assert!(
        ask(&phone, "When do you open and close?")
            .await
            .text
            .contains("8:00")
    );
    assert!(
        ask(&phone, "agent")
            .await
            .text
            .contains("member of our team")
    );
    assert!(ask(&phone, "STOP").await.text.contains("no more offers"));

    // All messages are read, and no job is left.
    let read = |lines: &[Line]| {
        lines
            .iter()
            .filter(|line| line.direction == "in")
            .all(|line| line.status == "read")
    };
    phone.wait_for(LONG, read).await.expect("not all was read");
    app.until("SELECT count(*) FROM (SELECT WHERE NOT EXISTS (SELECT FROM messages WHERE direction = 'out' AND status <> 'read')) done").await;
    app.until("SELECT count(*) FROM (SELECT WHERE NOT EXISTS (SELECT FROM queue.jobs WHERE kind NOT IN ('channels.purge_events', 'idempotency.purge', 'support.remind_unanswered'))) done").await;
    assert_eq!(app.count("SELECT count(*) FROM queue.dead").await, 0);
}

#[tokio::test]
async fn every_language_from_its_hello_to_its_menu() {
    let app = App::start().await;
    for (language, digits) in LANGUAGES.into_iter().zip(10..) {
        let phone = app.phone(&format!("2547123456{digits}"));
        let hello = ask(&phone, &locale::word(language, "keywords-hello")).await;
        assert!(
            hello
                .text
                .contains(&locale::text(language, "ask-name", &[])),
            "{language}: {}",
            hello.text
        );
        let name = "Noor";
        let languages = ask(&phone, name).await;
        assert_eq!(
            languages.text,
            locale::text(language, "ask-language", &[("name", name)])
        );
        let menu = tap(&phone, &format!("lang:{language}")).await;
        assert_eq!(
            menu.text,
            locale::text(language, "welcome", &[("name", name)])
        );
        let again = ask(&phone, &locale::word(language, "keywords-menu")).await;
        assert_eq!(
            again.text,
            locale::text(language, "menu-text", &[("name", name)])
        );
    }
}

#[tokio::test]
async fn over_green_api_with_numbers_and_files() {
    let app = App::start().await;
    let phone = app
        .providers
        .phone("201001234567", Service::GreenApi, INSTANCE);
    assert!(ask(&phone, "hello").await.text.contains("Zuri"));
    assert!(ask(&phone, "Layla").await.text.contains("5. العربية"));
    assert!(
        ask(&phone, "1")
            .await
            .text
            .contains("1. shop\n2. hours\n3. agent")
    );
    assert!(ask(&phone, "١").await.text.contains("looking for"));
    assert!(
        ask(&phone, "coffee")
            .await
            .text
            .contains("1. Kenyan coffee – 12.50 USD")
    );
    let before = phone.heard();
    phone.say("1").await;
    phone
        .wait_for_more(before + 1, LONG)
        .await
        .expect("a picture and what to do next");
    assert_eq!(phone.heard(), before + 2);
    let lines = phone.transcript();
    assert!(lines.iter().any(|line| line.image_url.is_some()));
    app.until("SELECT count(*) FROM (SELECT WHERE NOT EXISTS (SELECT FROM messages WHERE direction = 'out' AND status <> 'read')) done").await;
}

#[tokio::test]
async fn the_bot_is_silent_while_the_owner_writes_on_the_phone_of_the_number() {
    let app = App::start().await;
    let phone = app.phone("254712345678").named("Amina");
    assert!(ask(&phone, "Hello").await.text.contains("Zuri"));
    phone.hear_from_owner("Amina, your cake is ready").await;
    app.until("SELECT count(*) FROM conversations WHERE quiet_until > now()")
        .await;
    let before = phone.heard();
    phone.say("Great, I come at nine").await;
    app.until("SELECT count(*) FROM messages WHERE body = 'Great, I come at nine'")
        .await;
    // Whoever asks for a person is heard; this answer would come after any other.
    assert!(
        ask(&phone, "agent")
            .await
            .text
            .contains("member of our team")
    );
    assert_eq!(phone.heard(), before + 1);
}
