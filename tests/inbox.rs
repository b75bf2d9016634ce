//! The inbox over real HTTP: members read what customers write, answer it and hand it back.

use kazi_jobs::Role;
use kazi_platform::UserId;
use kazi_simulators::{Phone, Service, Template};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, answered, ok},
    support::{App, LONG, business},
};

const CONVERSATIONS: &str = "/api/v1/conversations";
const CANNED: &str = "/api/v1/canned-replies";
const STREAM: &str = "/api/v1/events/stream";

impl Caller<'_> {
    /// The conversations that a filter finds.
    async fn chats(&self, filter: &str) -> Vec<Value> {
        let page = self.show(&format!("{CONVERSATIONS}?{filter}")).await;
        page["items"].as_array().unwrap().clone()
    }

    /// Asks until a filter finds one conversation.
    async fn find(&self, filter: &str) -> Value {
        let found = async {
            loop {
                if let Some(chat) = self.chats(filter).await.pop() {
                    return chat;
                }
            }
        };
        let found = tokio::time::timeout(LONG, found).await;
        found.unwrap_or_else(|_| panic!("nothing was found by {filter}"))
    }

    /// Something that is done without a body.
    async fn deed(&self, path: &str, deed: &str) -> Value {
        ok(self.call(Method::POST, &format!("{path}/{deed}"))).await
    }
}

/// A member's user as the API writes it.
fn user(member: &Caller<'_>) -> Value {
    json!(UserId::from(member.id))
}

fn path(chat: &Value) -> String {
    format!("{CONVERSATIONS}/{}", chat["id"].as_str().unwrap())
}

/// The texts that have come to the phone.
fn texts(phone: &Phone) -> Vec<String> {
    let lines = phone.transcript().into_iter();
    let came = lines.filter(|line| line.direction == "in");
    came.map(|line| line.text).collect()
}

async fn until_came(phone: &Phone, text: &str) {
    let came = phone
        .wait_for(LONG, |lines| {
            let mut all = lines.iter().filter(|line| line.direction == "in");
            all.any(|line| line.text.contains(text))
        })
        .await;
    assert!(came.is_some(), "{text:?} did not come");
}

/// A customer whom the bot knows.
async fn known(app: &App) -> Phone {
    let phone = app.phone("254712345678").named("Amina");
    phone.say("Hello").await;
    until_came(&phone, "Zuri").await;
    phone.tap("name").await.unwrap();
    phone
        .wait_for(LONG, |lines| lines.iter().any(|line| !line.rows.is_empty()))
        .await
        .unwrap();
    // The question for the name has a button too.
    let before = phone.transcript().len();
    phone.tap("lang:en").await.unwrap();
    phone
        .wait_for(LONG, |lines| {
            let mut new = lines.iter().skip(before);
            new.any(|line| !line.buttons.is_empty())
        })
        .await
        .unwrap();
    phone
}

/// How often the provider was asked to send a text.
fn asked_to_send(app: &App, text: &str) -> usize {
    let ledger = app.providers.ledger(Service::WhatsApp).into_iter();
    ledger
        .filter(|entry| entry.body["text"]["body"] == text)
        .count()
}

#[tokio::test]
async fn a_member_finds_who_waits_answers_and_hands_back_to_the_bot() {
    let app = App::start().await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let phone = known(&app).await;
    // The bot has answered: nobody waits.
    assert_eq!(agent.chats("waiting=true").await, Vec::<Value>::new());
    phone.say("agent").await;
    until_came(&phone, "member of our team").await;
    let chat = agent
        .find("waiting=true&handed_over=true&assignee_id=nobody&status=open")
        .await;
    assert_eq!(chat["contact_name"], "Amina");
    assert_eq!(chat["contact_phone"], "+254712345678");
    assert_eq!(chat["unread"], 4);
    let said = chat["last_message"]["text"].as_str().unwrap();
    assert!(said.contains("member of our team"), "{said}");
    let chat = path(&chat);

    let send = |key: &str| {
        let request = agent.post(
            &format!("{chat}/messages"),
            &json!({"text": "Amina, hello!"}),
        );
        request.header("idempotency-key", key)
    };
    let sent = ok(send("once")).await;
    assert_eq!(ok(send("once")).await, sent);
    assert_eq!(
        (&sent["cause"], &sent["author_id"]),
        (&json!("agent"), &json!(agent.id))
    );
    until_came(&phone, "Amina, hello!").await;
    assert_eq!(asked_to_send(&app, "Amina, hello!"), 1);
    let now = agent.show(&chat).await;
    assert_eq!(now["waiting_since"], Value::Null);
    assert_eq!(
        (&now["unread"], &now["assignee_id"]),
        (&json!(0), &user(&agent))
    );
    assert_eq!(now["last_message"]["text"], "Amina, hello!");

    // The bot is silent, and the member is told once.
    let before = texts(&phone).len();
    phone.say("Where is my parcel?").await;
    phone.say("I wait for it.").await;
    agent.find("assignee_id=me&waiting=true").await;
    let two =
        "SELECT count(*) FROM (SELECT WHERE (SELECT sum(unread) FROM conversations) = 2) both_came";
    app.until(two).await;
    let told = agent.show("/api/v1/notifications").await;
    let told = told["items"].as_array().unwrap();
    let of_it = told
        .iter()
        .filter(|one| one["kind"] == "conversation_waiting");
    assert_eq!(of_it.count(), 1, "{told:?}");
    assert_eq!(texts(&phone).len(), before);
    // The words for a person went into a ticket only before a member saw to the conversation.
    assert_eq!(app.count("SELECT count(*) FROM ticket_messages").await, 1);
    assert_eq!(agent.deed(&chat, "read").await["unread"], 0);

    let back = agent.deed(&chat, "hand-back").await;
    assert_eq!(
        (&back["handed_over"], &back["assignee_id"]),
        (&json!(false), &Value::Null)
    );
    phone.say("Hello").await;
    let answered = phone
        .wait_for(LONG, |lines| {
            lines.iter().filter(|line| line.direction == "in").count() > before
        })
        .await;
    assert!(answered.is_some(), "the bot does not answer");
    agent.find("waiting=false&handed_over=false").await;

    // All that was said, the newest first, page by page.
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = format!("{chat}/messages?limit=4{cursor}");
        let page = agent.show(&page).await;
        all.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let ids: Vec<&str> = all.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted_by(|a, b| a > b), "{ids:?}");
    assert_eq!(all.last().unwrap()["text"], "Hello");
    let mine = all.iter().find(|one| one["text"] == "Amina, hello!");
    assert!(mine.unwrap()["sending_at"].is_string());

    let found = agent.show("/api/v1/messages/search?q=PARC%20where").await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(found["items"][0]["text"], "Where is my parcel?");
    let nothing = agent.show("/api/v1/messages/search?q=parcel%20none").await;
    assert_eq!(nothing["items"], json!([]));
    let changes = "SELECT count(*) FROM audit_log WHERE action IN ('inbox.answer', 'inbox.read', 'inbox.hand_back')";
    assert_eq!(app.count(changes).await, 3);
}

#[tokio::test]
async fn after_a_day_only_a_template_reaches_the_customer() {
    let app = App::start().await;
    app.change("UPDATE channels SET account_id = '1022' WHERE kind = 'whatsapp'")
        .await;
    app.change(
        r#"INSERT INTO templates (workspace_id, id, account_id, name, language, category, status, body, components)
           SELECT workspaces.id, gen_random_uuid(), '1022', t.name, 'en', t.category, 'approved', 'Hello {{1}}, we are back.',
                  '[{"type": "HEADER", "format": "TEXT", "text": "Zuri"}, {"type": "FOOTER", "text": "Thank you"},
                    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stop"}]}]'
           FROM workspaces, (VALUES ('we_are_back', 'utility'), ('offer', 'marketing')) AS t(name, category)"#,
    )
    .await;
    app.providers.add_template(
        "1022",
        Template {
            name: "we_are_back".into(),
            language: "en".into(),
            category: "UTILITY".into(),
            body: "Hello {{1}}, we are back.".into(),
            status: "APPROVED".into(),
            header: None,
            footer: None,
            header_format: None,
            buttons: Vec::new(),
            more: Vec::new(),
        },
    );
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let phone = known(&app).await;
    let chat = path(&agent.find("q=amina").await);
    app.change("UPDATE conversations SET last_inbound_at = last_inbound_at - interval '25 hours'")
        .await;
    let send = |body: Value| agent.post(&format!("{chat}/messages"), &body);
    let late = answered(send(json!({"text": "Are you there?"})), 409).await;
    assert_eq!(late["code"], "window_closed");
    let template = |name: &str, parameters: Value| {
        send(json!({"template": {"name": name, "parameters": parameters}}))
    };
    let unknown = answered(template("gone", json!([])), 422).await;
    assert_eq!(unknown["errors"][0]["pointer"], "/template/name");
    let few = answered(template("we_are_back", json!([])), 422).await;
    assert_eq!(few["errors"][0]["pointer"], "/template/parameters");
    app.change("UPDATE contacts SET marketing = false").await;
    let unwanted = answered(template("offer", json!(["Amina"])), 409).await;
    assert_eq!(unwanted["code"], "opted_out");
    let sent = ok(template("we_are_back", json!(["Amina"]))).await;
    assert_eq!(
        (&sent["kind"], &sent["status"]),
        (&json!("template"), &json!("queued"))
    );
    until_came(&phone, "Hello Amina, we are back.").await;
    // It reads as on the phone, also after the template has changed.
    app.change("UPDATE templates SET body = 'Bye {{1}}.', components = '[]'")
        .await;
    let messages = agent.show(&format!("{chat}/messages?limit=1")).await;
    let message = &messages["items"][0];
    let shown = json!({"header": "Zuri", "body": "Hello Amina, we are back.", "footer": "Thank you",
                       "buttons": ["Stop"]});
    assert_eq!(message["content"]["shown"], shown);
    let words = "Zuri\nHello Amina, we are back.\nThank you\n[Stop]";
    assert_eq!(message["text"], words);
    assert_eq!(agent.show(&chat).await["last_message"]["text"], words);
    let found = agent.show("/api/v1/messages/search?q=we%20back").await;
    assert_eq!(found["items"][0]["id"], sent["id"]);
    // A blocked contact gets nothing.
    app.change("UPDATE contacts SET blocked_at = now()").await;
    let blocked = answered(template("we_are_back", json!(["Amina"])), 409).await;
    assert_eq!(blocked["code"], "contact_blocked");
}

#[tokio::test]
async fn a_member_sends_cards_and_an_offer_with_its_end() {
    let app = App::start().await;
    app.change("UPDATE channels SET account_id = '1022' WHERE kind = 'whatsapp'")
        .await;
    let url = json!([{"type": "URL", "text": "Look", "url": "https://x.test/{{1}}"}]);
    let card = json!({"components": [
        {"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Only {{1}} a box."},
        {"type": "BUTTONS", "buttons": url}]});
    let cards = json!({"type": "CAROUSEL", "cards": [card, card]});
    let offer = json!({"type": "LIMITED_TIME_OFFER",
                       "limited_time_offer": {"text": "Soon over", "has_expiration": true}});
    let coupon = json!([{"type": "COPY_CODE", "text": "Copy"}]);
    for (name, parts, more, buttons) in [
        ("cards", json!([cards]), cards, json!([])),
        (
            "limited",
            json!([offer, {"type": "BUTTONS", "buttons": coupon}]),
            offer,
            coupon,
        ),
    ] {
        sqlx::query(
            "INSERT INTO templates (workspace_id, id, account_id, name, language, category, status, body, components)
             SELECT id, gen_random_uuid(), '1022', $1, 'en', 'marketing', 'approved', 'Look.', $2 FROM workspaces",
        )
        .bind(name)
        .bind(parts)
        .execute(app.db())
        .await
        .unwrap();
        let template = Template {
            name: name.into(),
            language: "en".into(),
            category: "MARKETING".into(),
            body: "Look.".into(),
            status: "APPROVED".into(),
            buttons: buttons.as_array().unwrap().clone(),
            more: vec![more],
            ..Template::default()
        };
        app.providers.add_template("1022", template);
    }
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let phone = known(&app).await;
    let chat = path(&agent.find("q=amina").await);
    let send =
        |template: Value| agent.post(&format!("{chat}/messages"), &json!({"template": template}));
    let card = |file: &str, price: Value| {
        json!({"link": format!("https://x.test/{file}.png"), "parameters": price,
               "buttons": [{"index": 0, "value": file}]})
    };
    let cards = |cards: Value| send(json!({"name": "cards", "cards": cards}));
    let green = card("green", json!(["5 USD"]));
    let mut local = green.clone();
    local["link"] = json!("https://10.0.0.1/a.png");
    let mut mute = green.clone();
    mute["buttons"] = json!([]);
    let limited = |ends: Value| {
        let buttons = json!([{"index": 0, "value": "TEA10"}]);
        send(json!({"name": "limited", "buttons": buttons, "offer_ends_at": ends}))
    };
    for (asked, pointer) in [
        (cards(json!([green])), "cards"),
        (
            cards(json!([green, card("black", json!([]))])),
            "cards/1/parameters",
        ),
        (
            cards(json!([green, card("black", json!([" "]))])),
            "cards/1/parameters/0",
        ),
        (cards(json!([local, green])), "cards/0/link"),
        (cards(json!([green, mute])), "cards/1/buttons"),
        (limited(Value::Null), "offer_ends_at"),
        (limited(json!("2020-01-01T00:00:00Z")), "offer_ends_at"),
    ] {
        let fault = answered(asked, 422).await;
        assert_eq!(
            fault["errors"][0]["pointer"],
            format!("/template/{pointer}"),
            "{fault}"
        );
    }
    let black = card("black", json!(["6 USD"]));
    ok(cards(json!([green, black]))).await;
    until_came(&phone, "Only 6 USD a box.").await;
    until_came(&phone, "https://x.test/black").await;
    ok(limited(json!("2100-01-01T00:00:00Z"))).await;
    until_came(&phone, "Soon over (until 4102444800000)").await;
    until_came(&phone, "TEA10").await;
}

#[tokio::test]
async fn a_conversation_is_assigned_snoozed_noted_closed_and_reopened() {
    let app = App::start().await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let other = Caller::new(&app, app.workspace, Role::Agent).await;
    let phone = known(&app).await;
    let chat = path(&agent.find("status=open").await);

    let assign = |who: Value| agent.post(&format!("{chat}/assign"), &json!({"assignee_id": who}));
    let read = agent.get(&chat).send().await.unwrap();
    let etag = read.headers()["etag"].to_str().unwrap().to_owned();
    let mine = ok(assign(user(&other)).header("if-match", &etag)).await;
    assert_eq!(mine["assignee_id"], user(&other));
    let stale = answered(assign(Value::Null).header("if-match", &etag), 412).await;
    assert_eq!(stale["code"], "changed_meanwhile");
    assert_eq!(other.chats("assignee_id=me").await.len(), 1);
    assert_eq!(
        agent
            .chats(&format!("assignee_id={}", UserId::from(other.id)))
            .await
            .len(),
        1
    );
    assert_eq!(agent.chats("assignee_id=me").await.len(), 0);
    assert_eq!(agent.chats("assignee_id=nobody").await.len(), 0);
    let told = other.show("/api/v1/notifications").await;
    assert_eq!(told["items"][0]["kind"], "conversation_assigned");
    let nobody = json!("usr_0190a5b2c3d47e5f860718293a4b5c6d");
    let unknown = answered(assign(nobody), 422).await;
    assert_eq!(unknown["errors"][0]["pointer"], "/assignee_id");

    let snooze = |until: &str| agent.post(&format!("{chat}/snooze"), &json!({"until": until}));
    let past = answered(snooze("2020-01-01T00:00:00Z"), 422).await;
    assert_eq!(past["errors"][0]["pointer"], "/until");
    let soon = (chrono::Utc::now() + chrono::TimeDelta::hours(3)).to_rfc3339();
    assert_eq!(ok(snooze(&soon)).await["status"], "snoozed");
    assert_eq!(agent.chats("status=snoozed").await.len(), 1);
    assert_eq!(agent.chats("status=open").await.len(), 0);
    phone.say("menu").await;
    agent.find("status=open").await;

    let notes = format!("{chat}/notes");
    let before = texts(&phone).len();
    let note = ok(agent.post(&notes, &json!({"body": "She wants an invoice."}))).await;
    assert_eq!(note["author_id"], json!(agent.id));
    let listed = other.show(&notes).await;
    assert_eq!(listed["items"], json!([note]));
    let long = answered(agent.post(&notes, &json!({"body": "x".repeat(4_001)})), 422).await;
    assert_eq!(long["errors"][0]["pointer"], "/body");

    let closed = agent.deed(&chat, "close").await;
    assert_eq!(
        (&closed["status"], &closed["unread"]),
        (&json!("closed"), &json!(0))
    );
    let late = agent.post(&format!("{chat}/messages"), &json!({"text": "Hello?"}));
    assert_eq!(answered(late, 409).await["code"], "conversation_closed");
    let late = agent.call(Method::POST, &format!("{chat}/hand-back"));
    assert_eq!(answered(late, 409).await["code"], "conversation_closed");
    assert_eq!(agent.deed(&chat, "reopen").await["status"], "open");
    agent.deed(&chat, "close").await;
    // The next message begins a new one, beside which the old one cannot be open.
    phone.say("menu").await;
    let new = agent.find("status=open").await;
    assert_ne!(path(&new), chat);
    let doubled = agent.call(Method::POST, &format!("{chat}/reopen"));
    assert_eq!(answered(doubled, 409).await["code"], "already_exists");
    phone
        .wait_for(LONG, |lines| {
            lines.iter().filter(|line| line.direction == "in").count() > before
        })
        .await
        .unwrap();
    let notes_came = texts(&phone).iter().any(|text| text.contains("invoice"));
    assert!(!notes_came, "a note is for members alone");
    // Both conversations, page by page, and by their contact.
    let contact = new["contact_id"].as_str().unwrap();
    let page = agent
        .show(&format!("{CONVERSATIONS}?limit=1&contact_id={contact}"))
        .await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = agent
        .show(&format!(
            "{CONVERSATIONS}?limit=1&contact_id={contact}&cursor={cursor}"
        ))
        .await;
    assert_eq!(page["items"][0]["id"], new["id"]);
    assert_eq!(path(&next["items"][0]), chat);
    assert_eq!(next["next_cursor"], Value::Null);
    let tags = json!({"tags": ["vip"]});
    ok(agent.patch(&format!("/api/v1/contacts/{contact}"), &tags)).await;
    assert_eq!(agent.chats("tag=VIP").await.len(), 2);
    assert_eq!(agent.chats("tag=none").await.len(), 0);
    assert_eq!(agent.chats("q=0712%20345678").await.len(), 2);
    assert_eq!(agent.chats("q=nobody").await.len(), 0);
}

#[tokio::test]
async fn files_and_products_are_sent_and_the_customer_sees_who_reads_and_types() {
    let app = App::start().await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let phone = known(&app).await;
    let chat = path(&agent.find("status=open").await);
    let messages = format!("{chat}/messages");

    ok(agent.call(Method::POST, &format!("{chat}/typing"))).await;
    let signs = |typing: bool| {
        let ledger = app.providers.ledger(Service::WhatsApp).into_iter();
        let mut read = ledger.filter(|entry| entry.body["status"] == "read");
        read.any(|entry| entry.body["typing_indicator"].is_object() == typing)
    };
    let told = "SELECT count(*) FROM (SELECT WHERE NOT EXISTS (SELECT FROM queue.jobs WHERE kind = 'inbox.signal')) told";
    app.until(told).await;
    assert!(signs(true) && !signs(false));
    assert_eq!(agent.deed(&chat, "read").await["unread"], 0);

    let link = "https://files.example/invoice.pdf";
    let file = json!({"media": {"kind": "document", "link": link, "caption": "Your invoice", "file_name": "invoice.pdf"}});
    let sent = ok(agent.post(&messages, &file)).await;
    assert_eq!(
        (&sent["kind"], &sent["text"]),
        (&json!("document"), &json!("Your invoice"))
    );
    until_came(&phone, "Your invoice").await;
    let ledger = app.providers.ledger(Service::WhatsApp);
    let document = ledger.iter().find(|entry| entry.body["type"] == "document");
    assert_eq!(
        document.unwrap().body["document"]["filename"],
        "invoice.pdf"
    );
    assert!(signs(false), "the messages are marked as read");
    let spoken = "https://files.example/hello.ogg";
    let spoken = json!({"media": {"kind": "audio", "link": spoken}});
    assert_eq!(ok(agent.post(&messages, &spoken)).await["kind"], "audio");

    let products = agent.show("/api/v1/products?limit=1").await;
    let product = &products["items"][0];
    let card = ok(agent.post(&messages, &json!({"product_id": product["id"]}))).await;
    let text = card["text"].as_str().unwrap();
    assert!(
        text.contains("In stock") || text.contains("Out of stock"),
        "{text}"
    );
    until_came(&phone, text.lines().next().unwrap()).await;

    let answers = agent.show(&chat).await["answers"].as_i64().unwrap();
    let seen = |answers: i64| json!({"text": "And this?", "answers_seen": answers});
    let late = answered(agent.post(&messages, &seen(answers - 1)), 409).await;
    assert_eq!(late["code"], "answered_meanwhile");
    ok(agent.post(&messages, &seen(answers))).await;
    let gone = "prd_0190a5b2c3d47e5f860718293a4b5c6d";
    for (body, pointer) in [
        (json!({"product_id": gone}), "/product_id"),
        (json!({"media": {"kind": "image"}}), "/media/link"),
        (json!({"media": {"link": link}}), "/media/kind"),
        (
            json!({"media": {"kind": "image", "link": "http://localhost/a"}}),
            "/media/link",
        ),
        (
            json!({"media": {"kind": "audio", "link": link, "caption": "x"}}),
            "/media/caption",
        ),
        (
            json!({"media": {"kind": "image", "link": link, "file_name": "x"}}),
            "/media/file_name",
        ),
    ] {
        let fault = answered(agent.post(&messages, &body), 422).await;
        assert_eq!(fault["errors"][0]["pointer"], pointer, "{body}");
    }
}

#[tokio::test]
async fn canned_replies_are_made_changed_and_deleted() {
    let app = App::start().await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let new =
        json!({"code": "hours", "texts": {"en": "We open at 8:00.", "fr": "Nous ouvrons à 8 h."}});
    let made = agent.post(CANNED, &new).send().await.unwrap();
    assert_eq!(made.status(), 201);
    let place = made.headers()["location"].to_str().unwrap().to_owned();
    let etag = made.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(agent.show(&place).await["texts"]["en"], "We open at 8:00.");
    let taken = answered(agent.post(CANNED, &new), 409).await;
    assert_eq!(taken["errors"][0]["pointer"], "/code");
    for (body, pointer) in [
        (json!({"code": "Hours!", "texts": {"en": "x"}}), "/code"),
        (json!({"code": "a", "texts": {}}), "/texts"),
        (json!({"code": "a", "texts": {"xx": "x"}}), "/texts/xx"),
        (
            json!({"code": "a", "texts": {"en": "x".repeat(4_097)}}),
            "/texts/en",
        ),
    ] {
        let fault = answered(agent.post(CANNED, &body), 422).await;
        assert_eq!(fault["errors"][0]["pointer"], pointer);
    }
    let patch = |body: Value| agent.patch(&place, &body).header("if-match", &etag);
    let changed = ok(patch(json!({"code": "open"}))).await;
    assert_eq!(
        (&changed["code"], &changed["texts"]),
        (&json!("open"), &new["texts"])
    );
    answered(patch(json!({"code": "late"})), 412).await;
    assert_eq!(agent.show(CANNED).await["items"], json!([changed]));
    let viewer = Caller::new(&app, app.workspace, Role::Viewer).await;
    assert_eq!(viewer.show(CANNED).await["items"], json!([changed]));
    answered(viewer.delete(&place), 403).await;
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    answered(stranger.get(&place), 404).await;
    answered(stranger.delete(&place), 404).await;
    ok(agent.delete(&place)).await;
    answered(agent.get(&place), 404).await;
    let changes = "SELECT count(*) FROM audit_log WHERE action LIKE 'inbox.%_canned_reply'";
    assert_eq!(app.count(changes).await, 3);
}

#[tokio::test]
async fn who_may_not_and_what_is_wrong_is_refused() {
    let app = App::start().await;
    let viewer = Caller::new(&app, app.workspace, Role::Viewer).await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    known(&app).await;
    let chat = path(&viewer.find("status=open").await);
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    assert_eq!(stranger.chats("").await.len(), 0);
    let found = stranger.show("/api/v1/messages/search?q=hello").await;
    assert_eq!(found["items"], json!([]));
    for path in [
        chat.clone(),
        format!("{chat}/messages"),
        format!("{chat}/notes"),
    ] {
        viewer.show(&path).await;
        answered(stranger.get(&path), 404).await;
    }
    let until = "2100-01-01T00:00:00Z";
    for (deed, body) in [
        ("messages", json!({"text": "Hello"})),
        ("assign", json!({"assignee_id": null})),
        ("hand-back", Value::Null),
        ("close", Value::Null),
        ("reopen", Value::Null),
        ("snooze", json!({"until": until})),
        ("read", Value::Null),
        ("notes", json!({"body": "Hello"})),
    ] {
        let call = |caller: &Caller<'_>| {
            let request = caller.call(Method::POST, &format!("{chat}/{deed}"));
            match body.is_null() {
                true => request,
                false => request.json(&body),
            }
        };
        answered(call(&viewer), 403).await;
        answered(call(&stranger), 404).await;
    }
    assert_eq!(
        app.count("SELECT count(*) FROM messages WHERE cause = 'agent'")
            .await,
        0
    );
    let messages = format!("{chat}/messages");
    for (body, pointer) in [
        (json!({}), "/text"),
        (json!({"text": "x", "template": {"name": "x"}}), "/text"),
        (json!({"text": "  "}), "/text"),
        (json!({"text": "x".repeat(4_097)}), "/text"),
        (json!({"template": {"name": ""}}), "/template/name"),
        (
            json!({"template": {"name": "x", "parameters": vec!["x"; 51]}}),
            "/template/parameters",
        ),
        (json!({"text": "x", "to": "y"}), "/to"),
    ] {
        let fault = answered(agent.post(&messages, &body), 422).await;
        assert_eq!(fault["errors"][0]["pointer"], pointer, "{body}");
    }
    for (filter, pointer) in [
        ("assignee_id=somebody", "/assignee_id"),
        ("status=lost", "/status"),
        ("q=%20", "/q"),
        ("who=me", "/who"),
    ] {
        let fault = answered(agent.get(&format!("{CONVERSATIONS}?{filter}")), 422).await;
        assert_eq!(fault["errors"][0]["pointer"], pointer, "{filter}");
    }
    for query in ["", "q=%20", &format!("q={}", "x".repeat(201))] {
        let search = format!("/api/v1/messages/search?{query}");
        let fault = answered(agent.get(&search), 422).await;
        assert_eq!(fault["errors"][0]["pointer"], "/q", "{query}");
    }
}

/// An open stream of events.
struct Live {
    answer: reqwest::Response,
    rest: String,
}

/// An event of a stream: its name, its cursor and its data.
type Told = (String, String, Value);

impl Live {
    async fn open(caller: &Caller<'_>, last: Option<&str>) -> Self {
        let mut request = caller.get(STREAM);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let rest = String::new();
        Self { answer, rest }
    }

    async fn next(&mut self) -> Told {
        loop {
            if let Some((block, rest)) = self.rest.split_once("\n\n") {
                let field = |name: &str| {
                    let mut lines = block.lines();
                    let value = lines.find_map(|line| line.strip_prefix(name));
                    value.map(|value| value.trim_start().to_owned())
                };
                let told = field("event:").map(|name| {
                    let data = field("data:").unwrap();
                    (
                        name,
                        field("id:").unwrap(),
                        serde_json::from_str(&data).unwrap(),
                    )
                });
                self.rest = rest.to_owned();
                if let Some(told) = told {
                    return told;
                }
                continue;
            }
            let chunk = tokio::time::timeout(LONG, self.answer.chunk()).await;
            let chunk = chunk.expect("no event came").unwrap();
            self.rest += std::str::from_utf8(&chunk.expect("the stream has ended")).unwrap();
        }
    }

    /// Reads on until an event with this name.
    async fn until(&mut self, name: &str) -> Told {
        loop {
            let told = self.next().await;
            if told.0 == name {
                return told;
            }
        }
    }
}

#[tokio::test]
async fn open_pages_are_told_at_once_and_come_back_without_a_gap() {
    let app = App::start().await;
    let agent = Caller::new(&app, app.workspace, Role::Agent).await;
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    let phone = known(&app).await;
    let chat = agent.find("status=open").await;
    let mut live = Live::open(&agent, None).await;
    let mut elsewhere = Live::open(&stranger, None).await;
    assert_eq!(live.next().await.0, "begun");
    assert_eq!(elsewhere.next().await.0, "begun");

    phone.say("agent").await;
    let came = live.until("message.received").await;
    assert_eq!(came.2["data"]["conversation_id"], chat["id"]);
    live.until("message.sent").await;
    let status = live.until("message.status").await;
    let message = status.2["data"]["message_id"].as_str().unwrap();
    assert!(message.starts_with("msg_"), "{message}");
    let chat = path(&chat);
    let mine = json!({"assignee_id": user(&agent)});
    ok(agent.post(&format!("{chat}/assign"), &mine)).await;
    let assigned = live.until("conversation.assigned").await;
    assert_eq!(assigned.2["data"]["assignee_id"], user(&agent));
    drop(live);

    // What happens meanwhile comes when the client comes back, and then the stream goes on.
    agent.deed(&chat, "close").await;
    let mut again = Live::open(&agent, Some(&assigned.1)).await;
    let closed = again.until("conversation.closed").await;
    assert!(closed.2["id"].as_i64() > assigned.2["id"].as_i64());
    assert_eq!(again.until("begun").await.2, json!({}));
    agent.deed(&chat, "reopen").await;
    again.until("conversation.reopened").await;
    let mut late = Live::open(&agent, Some("1-0")).await;
    assert_eq!(late.next().await.0, "reset");

    // Another workspace has heard nothing of it.
    let contact = json!({"name": "Otis", "phone": "+254712000111"});
    let contact = ok(stranger.post("/api/v1/contacts", &contact)).await;
    let ticket = json!({"contact_id": contact["id"], "subject": "Screen", "message": "Black"});
    ok(stranger.post("/api/v1/support/tickets", &ticket)).await;
    assert_eq!(elsewhere.next().await.0, "ticket.created");

    let wrong = agent.get(STREAM).header("last-event-id", "yesterday");
    assert_eq!(answered(wrong, 400).await["code"], "bad_last_event_id");
    let mut open = vec![again, late];
    while open.len() < 5 {
        open.push(Live::open(&agent, None).await);
    }
    assert_eq!(
        answered(agent.get(STREAM), 409).await["code"],
        "too_many_streams"
    );
}
