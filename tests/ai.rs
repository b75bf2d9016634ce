//! A business instructs its model, tries the instructions, and gives the model something to know.

use kazi_jobs::Role;
use kazi_simulators::{Fault, Phone, Service};
use reqwest::{Method, StatusCode, header::HeaderValue};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, ok, refused},
    conversation,
    support::{App, INSTANCE, LONG, business},
};

fn at(list: &str, thing: &Value) -> String {
    format!("/{list}/{}", thing["id"].as_str().unwrap())
}

async fn admin(app: &App) -> Caller<'_> {
    let admin = Caller::new(app, app.workspace, Role::Admin).await;
    admin.below("/api/v1")
}

/// Sends a text, and returns the answer.
async fn ask(phone: &Phone, text: &str) -> String {
    conversation::ask(phone, text).await.text
}

/// The phones of customers who have said their names and read English, one on each channel.
async fn phones(app: &App) -> [Phone; 2] {
    let whatsapp = app.phone("254712345678");
    let greenapi = app
        .providers
        .phone("254712345679", Service::GreenApi, INSTANCE);
    for phone in [&whatsapp, &greenapi] {
        for text in ["hey", "Amina", "English"] {
            ask(phone, text).await;
        }
    }
    [whatsapp, greenapi]
}

/// The newest request to a model: the models, and the instructions.
fn newest_request(app: &App) -> (Value, String) {
    let asked = app
        .providers
        .ledger(Service::OpenRouter)
        .pop()
        .unwrap()
        .body;
    let system = asked["messages"][0]["content"].as_str().unwrap().to_owned();
    (asked["models"].clone(), system)
}

fn new_prompt(body: &str) -> Value {
    json!({"name": "Assistant", "body": body, "models": ["vendor/big", "vendor/small"]})
}

#[tokio::test]
async fn a_prompt_is_tried_activated_for_a_channel_changed_and_restored() {
    let app = App::start().await;
    let admin = admin(&app).await;
    let [whatsapp, greenapi] = phones(&app).await;

    // Nobody hears a prompt before it is active, but the business can try it.
    let mut new = new_prompt("You speak like a pirate.");
    let channels = admin.show("/channels").await;
    let mut channels = channels["items"].as_array().unwrap().iter();
    let channel = channels.find(|channel| channel["kind"] == "whatsapp");
    new["channel_id"] = channel.unwrap()["id"].clone();
    let made = admin.post("/prompts", &new).send().await.unwrap();
    let first = made.headers()["etag"].clone();
    let made: Value = made.json().await.unwrap();
    let path = at("prompts", &made);
    assert_eq!(
        (&made["active"], &made["revision"]),
        (&json!(false), &json!(1))
    );
    assert!(ask(&whatsapp, "When do you open?").await.contains("8:00"));
    assert!(newest_request(&app).1.contains("Zuri's assistant"));

    let turns = json!({"turns": [
        {"author": "customer", "text": "I want coffee."},
        {"author": "business", "text": "We have Kenyan coffee."},
        {"author": "customer", "text": "What does the Kenyan coffee cost?"},
    ]});
    let lines = whatsapp.transcript().len();
    let tried = ok(admin.post(&format!("{path}/test"), &turns)).await;
    assert!(
        tried["messages"][0].as_str().unwrap().contains("12.50 USD"),
        "{tried}"
    );
    assert!(
        tried["passages"][0]
            .as_str()
            .unwrap()
            .contains("Kenyan coffee")
    );
    assert_eq!(tried["model"], "vendor/big");
    assert!(tried["cost_micro"].as_i64().unwrap() > 0);
    let (models, system) = newest_request(&app);
    assert_eq!(models, json!(["vendor/big", "vendor/small"]));
    assert!(system.contains("pirate") && system.contains("Answer in English"));
    assert_eq!(whatsapp.transcript().len(), lines, "nobody got the answer");
    let logged = "SELECT count(*) FROM ai_calls WHERE purpose = 'test' AND outcome = 'ok' AND conversation_id IS NULL";
    assert_eq!(app.count(logged).await, 1);

    // The prompt of a channel goes before the one of all channels.
    let active = ok(admin.post(&format!("{path}/activate"), &json!({}))).await;
    assert_eq!(active["active"], true);
    ask(&whatsapp, "When do you open?").await;
    assert!(newest_request(&app).1.contains("pirate"));
    ask(&greenapi, "When do you open?").await;
    assert!(newest_request(&app).1.contains("Zuri's assistant"));

    // A change of the text is a new revision, and a change of the name is none.
    let named = ok(admin.patch(&path, &json!({"name": "Pirate"}))).await;
    assert_eq!(named["revision"], 1);
    let changed = ok(admin.patch(&path, &json!({"body": "You speak like a judge."}))).await;
    assert_eq!(changed["revision"], 2);
    ask(&whatsapp, "When do you open?").await;
    assert!(newest_request(&app).1.contains("judge"));
    let stale = admin.patch(&path, &json!({"name": "X"}));
    refused(stale.header("If-Match", &first), 412, "changed_meanwhile").await;
    let restored = ok(admin.post(&format!("{path}/restore"), &json!({"revision": 1}))).await;
    assert_eq!(
        (&restored["revision"], &restored["body"]),
        (&json!(3), &new["body"])
    );
    let kept = admin.show(&format!("{path}/revisions?limit=2")).await;
    assert_eq!(kept["items"][0]["body"], new["body"]);
    assert_eq!(kept["items"][1]["body"], "You speak like a judge.");
    let cursor = kept["next_cursor"].as_str().unwrap();
    let rest = admin
        .show(&format!("{path}/revisions?limit=2&cursor={cursor}"))
        .await;
    assert_eq!(rest["items"][0]["revision"], 1);
    let unknown = admin.post(&format!("{path}/restore"), &json!({"revision": 9}));
    refused(unknown, 404, "not_found").await;

    // Another prompt takes its place, and then it can be deleted.
    refused(admin.delete(&path), 409, "prompt_active").await;
    let other = ok(admin.post("/prompts", &{
        let mut other = new_prompt("You speak like a poet.");
        other["channel_id"] = new["channel_id"].clone();
        other
    }))
    .await;
    let other = at("prompts", &other);
    ok(admin.post(&format!("{other}/activate"), &json!({}))).await;
    assert_eq!(admin.show(&path).await["active"], false);
    let gone = admin.delete(&path).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    ok(admin.post(&format!("{other}/deactivate"), &json!({}))).await;
    ask(&whatsapp, "When do you open?").await;
    assert!(newest_request(&app).1.contains("Zuri's assistant"));
    let log = "SELECT count(DISTINCT action) FROM audit_log WHERE action LIKE 'ai.%_prompt' AND actor_kind = 'member'";
    assert_eq!(app.count(log).await, 5);
}

#[tokio::test]
async fn a_wrong_prompt_and_a_model_that_does_not_answer_are_told() {
    let app = App::start().await;
    let admin = admin(&app).await;
    let wrong = json!({
        "name": " ", "body": "", "models": ["gpt", "a/b"], "temperature": 2.5, "max_tokens": 0,
        "channel_id": "chn_0190a5b2c3d47e5f860718293a4b5c6d",
    });
    let problem = refused(admin.post("/prompts", &wrong), 422, "invalid").await;
    let pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(
        pointers,
        ["/name", "/body", "/models/0", "/temperature", "/max_tokens"]
    );
    let mut stranger = new_prompt("Hi.");
    stranger["channel_id"] = wrong["channel_id"].clone();
    let problem = refused(admin.post("/prompts", &stranger), 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/channel_id");

    let made = ok(admin.post("/prompts", &new_prompt("Hi."))).await;
    let path = at("prompts", &made);
    let test = format!("{path}/test");
    let problem = refused(
        admin.post(&test, &json!({"turns": [], "language": "xx"})),
        422,
        "invalid",
    )
    .await;
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2);
    let ours = json!({"turns": [{"author": "business", "text": "Hello?"}]});
    let problem = refused(admin.post(&test, &ours), 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/turns/0/author");
    let turns = json!({"turns": [{"author": "customer", "text": "Hello?"}]});
    // What a customer would get, and not what the model wrote.
    let says = |content: &str| {
        let message = json!({"role": "assistant", "content": content});
        app.providers.fault(Fault {
            body: Some(json!({"id": "g", "model": "m/x", "choices": [
                {"index": 0, "message": message, "finish_reason": "stop"}]})),
            times: Some(1),
            ..Fault::on(Service::OpenRouter)
        });
    };
    says("# Hello\n**Welcome**");
    let answered = ok(admin.post(&test, &turns)).await;
    assert_eq!(answered["messages"], json!(["Hello\n\n*Welcome*"]));
    says("{\"text\": \"Hello\"}");
    let problem = refused(admin.post(&test, &turns), 503, "model_unavailable").await;
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("model_no_text")
    );
    let strange = json!({"turns": [{"author": "customer", "text": "Who won the football match?"}]});
    refused(admin.post(&test, &strange), 409, "nothing_known").await;
    app.providers.fault(Fault {
        status: Some(402),
        ..Fault::on(Service::OpenRouter)
    });
    let problem = refused(admin.post(&test, &turns), 503, "model_unavailable").await;
    assert!(problem["detail"].as_str().unwrap().contains("model_credit"));
    let logged =
        "SELECT count(*) FROM ai_calls WHERE purpose = 'test' AND outcome = 'model_credit'";
    assert_eq!(app.count(logged).await, 1);

    let viewer = Caller::new(&app, app.workspace, Role::Viewer)
        .await
        .below("/api/v1");
    viewer.show(&path).await;
    refused(viewer.post(&test, &turns), 403, "forbidden").await;
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner)
        .await
        .below("/api/v1");
    refused(stranger.get(&path), 404, "not_found").await;
    refused(stranger.post(&test, &turns), 404, "not_found").await;
    refused(
        stranger.post(&format!("{path}/activate"), &json!({})),
        404,
        "not_found",
    )
    .await;
}

#[tokio::test]
async fn what_a_document_says_is_answered_until_it_is_replaced_or_deleted() {
    let app = App::start().await;
    let admin = admin(&app).await;
    let [phone, _] = phones(&app).await;
    let document = |title: &str, format: &str, body: &str| json!({"title": title, "language": "en", "format": format, "body": body});

    let text = document(
        "Parking",
        "text",
        "Customers park behind the house.\n\nBicycles stand in the yard.",
    );
    ok(admin.post("/knowledge", &text)).await;
    assert!(
        ask(&phone, "Where do customers park?")
            .await
            .contains("behind the house")
    );

    let markdown = document(
        "Delivery",
        "markdown",
        "# Nairobi\nBy motorbike within two hours.\n\n# Mombasa\nBy train, on the next day.\n",
    );
    let made = ok(admin.post("/knowledge", &markdown)).await;
    assert_eq!(made["pieces"], 2);
    let told = ask(&phone, "How is delivery to Mombasa?").await;
    assert!(told.contains("Delivery › Mombasa: By train"), "{told}");

    let questions = "question;answer\nDo you gift-wrap parcels?;Yes, for one dollar.\nIs there a warranty?;Two years.\n";
    let faq = admin
        .post("/knowledge", &document("FAQ", "questions", questions))
        .send()
        .await
        .unwrap();
    let first = faq.headers()["etag"].clone();
    let faq: Value = faq.json().await.unwrap();
    let path = at("knowledge", &faq);
    assert_eq!(faq["pieces"], 2);
    assert!(
        ask(&phone, "Can you gift-wrap it?")
            .await
            .contains("one dollar")
    );

    // The same file once more, with another answer.
    let newer = questions.replace("one dollar", "free");
    let replace = admin.put(&path, &document("FAQ", "questions", &newer));
    let replaced = ok(replace.header("If-Match", &first)).await;
    assert_ne!(replaced["body_sha256"], faq["body_sha256"]);
    assert_eq!(replaced["pieces"], 2);
    let stale = admin.put(&path, &document("FAQ", "questions", questions));
    refused(stale.header("If-Match", &first), 412, "changed_meanwhile").await;
    let told = ask(&phone, "Can you gift-wrap it?").await;
    assert!(
        told.contains("free") && !told.contains("one dollar"),
        "{told}"
    );
    assert_eq!(admin.show(&path).await["body"], newer);
    assert_eq!(
        app.count("SELECT count(*) FROM audit_log WHERE action = 'ai.replace_document' AND after ? 'body_sha256'").await,
        1
    );

    let gone = admin.delete(&path).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    let told = ask(&phone, "Can you gift-wrap it?").await;
    assert!(!told.contains("free"), "{told}");
    refused(admin.get(&path), 404, "not_found").await;
    let left = admin.show("/knowledge").await;
    let titles: Vec<&Value> = left["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["title"])
        .collect();
    assert_eq!(titles, ["Delivery", "Parking", "Opening hours"]);
    assert!(left["items"][0].get("body").is_none());
}

#[tokio::test]
async fn passages_are_found_by_their_words() {
    let app = App::start().await;
    let admin = admin(&app).await;
    let add = async |title: &str, language: &str, format: &str, body: &str| {
        let new = json!({"title": title, "language": language, "format": format, "body": body});
        ok(admin.post("/knowledge", &new)).await
    };
    let delivery = add(
        "Delivery",
        "en",
        "markdown",
        "# Nairobi\nBy motorbike, 100% insured.\n\n# Mombasa\nBy train, on the next day.\n",
    )
    .await;
    add("Livraison", "fr", "text", "Un café est prêt à Nairobi.").await;
    add("توصيل", "ar", "text", "نوصل الطلبات إلى نيروبي.").await;
    let viewer = Caller::new(&app, app.workspace, Role::Viewer)
        .await
        .below("/api/v1");
    let found = async |query: &[(&str, &str)]| {
        let page = ok(viewer.get("/knowledge/passages").query(query)).await;
        page["items"].as_array().unwrap().clone()
    };
    for (words, titles) in [
        ("nairobi", &["Livraison", "Delivery › Nairobi"][..]),
        ("NAIROBI motorb", &["Delivery › Nairobi"]),
        ("delivery day", &["Delivery › Mombasa"]),
        ("cafe pret", &["Livraison"]),
        ("الطلبات", &["توصيل"]),
        ("100%", &["Delivery › Nairobi"]),
        ("m%a", &[]),
        ("nairobi hippopotamus", &[]),
    ] {
        let found = found(&[("q", words)]).await;
        let found: Vec<&str> = found
            .iter()
            .map(|one| one["title"].as_str().unwrap())
            .collect();
        assert_eq!(found, titles, "{words}");
    }
    let one = &found(&[("q", "train")]).await[0];
    assert_eq!(
        (
            &one["document_id"],
            &one["document_title"],
            &one["text"],
            &one["language"]
        ),
        (
            &delivery["id"],
            &json!("Delivery"),
            &json!("By train, on the next day."),
            &json!("en")
        )
    );
    let id = delivery["id"].as_str().unwrap();
    assert_eq!(found(&[("document_id", id)]).await.len(), 2);
    assert_eq!(found(&[("document_id", id), ("q", "café")]).await.len(), 0);

    // Page by page, all of them.
    let all = found(&[]).await;
    let (mut paged, mut cursor) = (Vec::new(), None);
    loop {
        let mut page = viewer.get("/knowledge/passages?limit=2");
        if let Some(cursor) = &cursor {
            page = page.query(&[("cursor", cursor)]);
        }
        let page = ok(page).await;
        paged.extend(page["items"].as_array().unwrap().clone());
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(paged, all);
    assert!(all.len() >= 4);

    let long = "x".repeat(201);
    for q in [" ", &long] {
        let call = viewer.get("/knowledge/passages").query(&[("q", q)]);
        let problem = refused(call, 422, "invalid").await;
        assert_eq!(problem["errors"][0]["pointer"], "/q");
    }
    let theirs = business(app.db(), "Another").await;
    let stranger = Caller::new(&app, theirs, Role::Owner).await;
    let none = stranger.show("/api/v1/knowledge/passages?q=nairobi").await;
    assert_eq!(none["items"], json!([]));
}

#[tokio::test]
async fn a_document_that_cannot_be_cut_is_refused_by_its_field() {
    let app = App::start().await;
    let admin = admin(&app).await;
    for (body, pointer, code) in [
        (
            json!({"title": "", "language": "en", "format": "text", "body": "x"}),
            "/title",
            "length",
        ),
        (
            json!({"title": "A", "language": "xx", "format": "text", "body": "x"}),
            "/language",
            "unknown_language",
        ),
        (
            json!({"title": "A", "language": "en", "format": "text", "body": " \n"}),
            "/body",
            "pieces",
        ),
        (
            json!({"title": "A", "language": "en", "format": "text", "body": "a\u{0}"}),
            "/body",
            "not_storable",
        ),
        (
            json!({"title": "A", "language": "en", "format": "text", "body": "x".repeat(300_001)}),
            "/body",
            "length",
        ),
        (
            json!({"title": "A", "language": "en", "format": "questions", "body": "a,b\nc\n"}),
            "/body",
            "invalid",
        ),
        (
            json!({"title": "A", "language": "en", "format": "questions", "body": "a,b\n".repeat(2_001)}),
            "/body",
            "pieces",
        ),
    ] {
        let problem = refused(admin.post("/knowledge", &body), 422, "invalid").await;
        let errors = problem["errors"].as_array().unwrap();
        assert_eq!(
            (errors.len(), &errors[0]["pointer"], &errors[0]["code"]),
            (1, &json!(pointer), &json!(code)),
            "{problem}"
        );
    }
    let viewer = Caller::new(&app, app.workspace, Role::Viewer)
        .await
        .below("/api/v1");
    let fine = json!({"title": "A", "language": "en", "format": "text", "body": "x"});
    refused(viewer.post("/knowledge", &fine), 403, "forbidden").await;
    let made = ok(admin.post("/knowledge", &fine)).await;
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner)
        .await
        .below("/api/v1");
    refused(
        stranger.put(&at("knowledge", &made), &fine),
        404,
        "not_found",
    )
    .await;
}

#[tokio::test]
async fn a_question_in_five_messages_gets_one_answer() {
    let app = App::start().await;
    let admin = admin(&app).await;
    let [phone, _] = phones(&app).await;
    let asked = || app.providers.ledger(Service::OpenRouter);
    // As by default.
    let settings = json!({"settings": {"gather_seconds": null}});
    ok(admin.patch("/workspaces/current", &settings)).await;
    let lines = [
        "we come",
        "on Saturday",
        "before work",
        "when do you",
        "open?",
    ];
    for line in lines {
        phone.say(line).await;
    }
    let answered = |before: usize| {
        let phone = phone.clone();
        async move {
            let came = phone.wait_for(LONG, |all| all.len() > before).await;
            came.unwrap().pop().unwrap()
        }
    };
    let before = phone.transcript().len();
    // The menu does not wait, and the question has its answer after it.
    phone.say("menu").await;
    assert_eq!(answered(before + 1).await.buttons.len(), 3);
    assert_eq!(asked().len(), 0);
    let answer = answered(before + 2).await.text;
    assert!(answer.contains("8:00"), "{answer}");
    let [request] = &asked()[..] else {
        panic!("one request")
    };
    let turns = request.body["messages"].as_array().unwrap().iter();
    let heard: Vec<&str> = turns
        .filter(|turn| turn["role"] == "user")
        .filter_map(|turn| turn["content"].as_str())
        .collect();
    assert_eq!(heard[heard.len() - lines.len()..], lines);
}

#[tokio::test]
async fn tools_are_a_setting_of_a_prompt() {
    let app = App::start().await;
    let admin = admin(&app).await;
    let [phone, _] = phones(&app).await;
    let made = ok(admin.post("/prompts", &new_prompt("Be brief."))).await;
    assert_eq!(made["tools"], true, "a new prompt has them");
    let path = at("prompts", &made);
    ok(admin.post(&format!("{path}/activate"), &json!({}))).await;
    let offers = || {
        let newest = app.providers.ledger(Service::OpenRouter).pop();
        newest.unwrap().body["tools"].is_array()
    };
    let cart = ask(&phone, "Please add two Kenyan coffee to my cart").await;
    assert!(offers() && cart.contains("25.00 USD"), "{cart}");
    assert_eq!(app.count("SELECT count(*) FROM orders").await, 0);
    let off = ok(admin.patch(&path, &json!({"tools": false}))).await;
    assert_eq!(
        (&off["tools"], &off["revision"]),
        (&json!(false), &json!(2))
    );
    ask(&phone, "What is in my cart?").await;
    assert!(!offers());
    let back = ok(admin.post(&format!("{path}/restore"), &json!({"revision": 1}))).await;
    assert_eq!(
        (&back["tools"], &back["revision"]),
        (&json!(true), &json!(3))
    );
}

/// A PDF of some pages with the same text.
fn pdf(text: &str, pages: usize) -> String {
    let content = format!("BT /F1 12 Tf 72 700 Td ({text}) Tj ET");
    let kids: String = (5..5 + pages).map(|id| format!("{id} 0 R ")).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{kids}]/Count {pages}>>"),
        format!(
            "<</Length {}>>\nstream\n{content}\nendstream",
            content.len()
        ),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<</Font<</F1 4 0 R>>>>>>";
    objects.extend(std::iter::repeat_n(page.to_owned(), pages));
    let (mut file, mut places) = ("%PDF-1.4\n".to_owned(), Vec::new());
    for (object, number) in objects.iter().zip(1..) {
        places.push(file.len());
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = file.len();
    let size = objects.len() + 1;
    file.push_str(&format!("xref\n0 {size}\n0000000000 65535 f \n"));
    for place in places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    file + &format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n")
}

#[tokio::test]
async fn what_a_pdf_says_is_answered_and_what_is_none_is_refused() {
    let app = App::start().await;
    let admin = admin(&app).await;
    let [phone, _] = phones(&app).await;
    let documents = "SELECT count(*) FROM knowledge_documents";
    let before = app.count(documents).await;
    let send = |title: &str, kind: &str, file: String| {
        let path = format!("/knowledge/pdf?title={title}&language=en");
        let call = admin.call(Method::POST, &path);
        call.header("Content-Type", kind).body(file)
    };
    let file = pdf("Customers park behind the lighthouse.", 1);
    let made = ok(send("Parking", "application/pdf", file.clone())).await;
    assert_eq!(
        (&made["source"], &made["state"], &made["pieces"]),
        (&json!("pdf"), &json!("ready"), &json!(1))
    );
    let told = ask(&phone, "Where do customers park?").await;
    assert!(told.contains("behind the lighthouse"), "{told}");
    assert!(told.contains("Parking › 1"), "{told}");

    refused(
        send("A", "text/plain", file.clone()),
        415,
        "unsupported_media_type",
    )
    .await;
    let large = "x".repeat(10 * 1024 * 1024 + 1);
    refused(send("A", "application/pdf", large), 413, "body_too_large").await;
    for (title, file, pointer, code) in [
        ("", file.clone(), "/title", "length"),
        ("A", "no pdf".to_owned(), "/file", "not_pdf"),
        ("A", "%PDF-1.4 no more".to_owned(), "/file", "broken"),
        ("A", pdf("", 1), "/file", "no_text"),
        ("A", pdf("many", 500), "/file", "pages"),
    ] {
        let problem = refused(send(title, "application/pdf", file), 422, "invalid").await;
        let error = &problem["errors"][0];
        assert_eq!(
            (&error["pointer"], &error["code"]),
            (&json!(pointer), &json!(code))
        );
    }
    let now = app.count(documents).await;
    assert_eq!(now, before + 1, "a refused file leaves nothing");

    let path = at("knowledge", &made);
    refused(
        admin.post(&format!("{path}/fetch"), &json!({})),
        409,
        "no_page",
    )
    .await;
    let again = |version: &HeaderValue, file: String| {
        let path = format!("{path}/pdf?title=Parking&language=en");
        let call = admin.call(Method::PUT, &path);
        call.header("Content-Type", "application/pdf")
            .header("If-Match", version)
            .body(file)
    };
    let version = admin.get(&path).send().await.unwrap().headers()["etag"].clone();
    let newer = pdf("Customers park below the waterfall.", 2);
    refused(again(&version, "no pdf".to_owned()), 422, "invalid").await;
    let replaced = ok(again(&version, newer.clone())).await;
    assert_eq!(
        (&replaced["id"], &replaced["pieces"]),
        (&made["id"], &json!(2))
    );
    refused(again(&version, newer), 412, "changed_meanwhile").await;
    let told = ask(&phone, "Where do customers park?").await;
    assert!(told.contains("below the waterfall"), "{told}");
    assert!(!told.contains("lighthouse"), "{told}");
    assert_eq!(app.count(documents).await, before + 1);
}

#[tokio::test]
async fn a_page_is_written_down_by_a_public_address_alone() {
    let app = App::start().await;
    let admin = admin(&app).await;
    let page = |address: &str| json!({"title": "Delivery", "language": "en", "address": address});
    for (address, code) in [
        ("http://example.com/", "not_https"),
        ("https://localhost/", "private_host"),
        ("https://169.254.169.254/latest/meta-data", "private_host"),
        ("https://user:word@example.com/", "credentials"),
        ("delivery", "invalid"),
    ] {
        let call = admin.post("/knowledge/pages", &page(address));
        let problem = refused(call, 422, "invalid").await;
        let error = &problem["errors"][0];
        assert_eq!(
            (&error["pointer"], &error["code"]),
            (&json!("/address"), &json!(code))
        );
    }
    let good = page("https://kazi.invalid/delivery");
    let made = ok(admin.post("/knowledge/pages", &good)).await;
    assert_eq!(
        (&made["source"], &made["state"], &made["address"]),
        (&json!("web"), &json!("fetching"), &good["address"])
    );
    let path = at("knowledge", &made);
    let again = ok(admin.post(&format!("{path}/fetch"), &json!({}))).await;
    assert_eq!(again["state"], "fetching");
    let viewer = Caller::new(&app, app.workspace, Role::Viewer)
        .await
        .below("/api/v1");
    refused(viewer.post("/knowledge/pages", &good), 403, "forbidden").await;
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner)
        .await
        .below("/api/v1");
    refused(
        stranger.post(&format!("{path}/fetch"), &json!({})),
        404,
        "not_found",
    )
    .await;
}

#[tokio::test]
async fn embeddings_are_a_setting_of_the_workspace() {
    let app = App::start().await;
    let admin = admin(&app).await;
    let [phone, _] = phones(&app).await;
    let off = ok(admin.get("/ai/embeddings")).await;
    assert_eq!(
        (&off["enabled"], &off["embedded"], &off["most_pieces"]),
        (&json!(false), &json!(0), &json!(2000))
    );
    let mut new =
        json!({"enabled": true, "model": "openai/text-embedding-3-small", "known_from": 0.45});
    let on = ok(admin.put("/ai/embeddings", &new)).await;
    assert_eq!(on["enabled"], true);
    let told = ask(&phone, "When do you open?").await;
    assert!(told.contains("8:00"), "{told}");
    let calls = ok(admin.get("/ai/calls?purpose=embedding")).await;
    assert_eq!(calls["items"][0]["outcome"], "ok");
    // What cannot be tried pays for no meaning.
    let prompt = ok(admin.post("/prompts", &new_prompt("Hi."))).await;
    let test = format!("{}/test", at("prompts", &prompt));
    let paid = |question: &str| {
        let sent = app.providers.ledger(Service::OpenRouter).into_iter();
        sent.filter(|sent| sent.body["input"] == json!([question]))
            .count()
    };
    let question = "When do you open on Mondays?";
    let turns = |author: &str| json!({"turns": [{"author": author, "text": question}]});
    refused(admin.post(&test, &turns("business")), 422, "invalid").await;
    assert_eq!(paid(question), 0);
    ok(admin.post(&test, &turns("customer"))).await;
    assert_eq!(paid(question), 1);
    new["model"] = json!("small");
    let problem = refused(admin.put("/ai/embeddings", &new), 422, "invalid").await;
    assert_eq!(problem["errors"][0]["pointer"], "/model");
    let agent = Caller::new(&app, app.workspace, Role::Agent)
        .await
        .below("/api/v1");
    refused(agent.put("/ai/embeddings", &new), 403, "forbidden").await;
    let theirs = business(app.db(), "Other").await;
    let stranger = Caller::new(&app, theirs, Role::Owner)
        .await
        .below("/api/v1");
    let other = ok(stranger.get("/ai/embeddings")).await;
    assert_eq!(
        (&other["enabled"], &other["embedded"]),
        (&json!(false), &json!(0))
    );
}
