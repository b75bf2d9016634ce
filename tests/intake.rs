//! Calls of providers and of strangers to the webhooks.

use kazi_jobs::channels::ChannelKind;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{
    App, INSTANCE, LONG, NUMBER, SECRET, WEBHOOK_TOKEN, business, envelope, sign, text_message,
};

const EVENTS: &str = "SELECT count(*) FROM webhook_events";

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

async fn code(response: reqwest::Response) -> (StatusCode, String) {
    let status = response.status();
    let problem: Value =
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default();
    (
        status,
        problem["code"].as_str().unwrap_or_default().to_owned(),
    )
}

#[tokio::test]
async fn meta_s_challenge_is_answered_to_whoever_knows_the_verify_token() {
    let app = App::start().await;
    let ask = async |mode: &str, token: &str| {
        let query = format!("hub.mode={mode}&hub.challenge=4711&hub.verify_token={token}");
        app.http
            .get(app.url(&format!("/webhooks/whatsapp?{query}")))
            .send()
            .await
            .unwrap()
    };
    let answer = ask("subscribe", "verify%20me").await;
    assert_eq!(
        (answer.status(), answer.text().await.unwrap().as_str()),
        (StatusCode::OK, "4711")
    );
    for (mode, token) in [
        ("subscribe", "wrong"),
        ("subscribe", ""),
        ("other", "verify%20me"),
    ] {
        assert_eq!(ask(mode, token).await.status(), StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn what_cannot_be_trusted_or_read_is_refused_and_nothing_is_written() {
    let app = App::start().await;
    let good = bytes(&envelope(
        NUMBER,
        json!({"messages": [text_message("1", "254711", "hi")]}),
    ));
    assert_eq!(
        code(app.webhook(&good, "another secret").await).await,
        (StatusCode::UNAUTHORIZED, "bad_signature".into())
    );
    for signature in [
        "",
        "sha256=",
        "sha1=00",
        &sign(SECRET, b"other bytes"),
        "sha256=é",
    ] {
        let request = app
            .http
            .post(app.url("/webhooks/whatsapp"))
            .header("x-hub-signature-256", signature.as_bytes());
        assert_eq!(
            code(request.body(good.clone()).send().await.unwrap())
                .await
                .0,
            StatusCode::UNAUTHORIZED,
            "{signature}"
        );
    }
    assert_eq!(
        code(
            app.http
                .post(app.url("/webhooks/whatsapp"))
                .body(good.clone())
                .send()
                .await
                .unwrap()
        )
        .await
        .0,
        StatusCode::UNAUTHORIZED
    );
    for not_json in [
        &b"hello"[..],
        b"",
        b"[1, 2]",
        b"{\"entry\": 5}",
        b"{\"entry\": [",
        b"\xff\xfe",
    ] {
        assert_eq!(
            code(app.webhook(not_json, SECRET).await).await,
            (StatusCode::BAD_REQUEST, "not_json".into()),
            "{not_json:?}"
        );
    }
    let huge = vec![b' '; 4 * 1024 * 1024];
    assert_eq!(
        code(app.webhook(&huge, SECRET).await).await,
        (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large".into())
    );
    let wrong_method = app
        .http
        .put(app.url("/webhooks/whatsapp"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        code(wrong_method).await,
        (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed".into())
    );
    assert_eq!(
        code(app.http.get(app.url("/nowhere")).send().await.unwrap()).await,
        (StatusCode::NOT_FOUND, "not_found".into())
    );
    assert_eq!(app.count(EVENTS).await, 0);

    let metrics = app
        .http
        .get(app.url("/metrics"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    for outcome in ["bad_signature", "not_json", "body_too_large"] {
        let counted = format!("kazi_webhooks_total{{provider=\"whatsapp\",outcome=\"{outcome}\"}}");
        assert!(metrics.contains(&counted), "{counted} is not in\n{metrics}");
    }
}

#[tokio::test]
async fn a_body_with_many_entries_changes_and_messages_is_written_once_whole() {
    let app = App::start().await;
    let mut body = envelope(
        NUMBER,
        json!({
            "contacts": [{"wa_id": "254711", "profile": {"name": "A"}}, {"wa_id": "254712", "profile": {"name": "B"}}],
            "messages": [text_message("m1", "254711", "hi"), text_message("m2", "254712", "hi é 👋"), text_message("m1", "254711", "hi")],
            "statuses": [{"id": "none.of.ours", "status": "delivered", "timestamp": "1697043223"}],
        }),
    );
    let another = envelope(
        NUMBER,
        json!({"messages": [text_message("m3", "254713", "hi")]}),
    );
    body["entry"]
        .as_array_mut()
        .unwrap()
        .push(another["entry"][0].clone());
    let template = json!({"field": "message_template_status_update", "value": {"event": "APPROVED", "message_template_name": "x"}});
    let unknown = json!({"field": "some_day", "value": [1, {"deep": ["\u{0}"]}]});
    let empty = json!({"field": "messages", "value": null});
    body["entry"][0]["changes"]
        .as_array_mut()
        .unwrap()
        .extend([template, unknown, empty]);
    let body = bytes(&body);
    for _ in 0..3 {
        assert_eq!(app.webhook(&body, SECRET).await.status(), StatusCode::OK);
    }
    // Three messages, one status and two other changes. The repeated element in the body and the repeated bodies add
    // nothing.
    assert_eq!(app.count(EVENTS).await, 6);
    app.until("SELECT count(*) FROM (SELECT WHERE (SELECT count(*) FROM messages WHERE direction = 'in') = 3) done").await;
    app.until("SELECT count(*) FROM contacts WHERE name = 'B'")
        .await;
}

/// A provider signs the bytes that it sends. Kazi must not write them anew before it compares.
#[tokio::test]
async fn a_body_with_escapes_zeros_and_half_an_emoji_is_taken_as_it_was_signed() {
    let app = App::start().await;
    let whole = envelope(
        NUMBER,
        json!({
            "contacts": [{"wa_id": "254711", "profile": {"name": "NAME"}}],
            "messages": [text_message("m1", "254711", "TEXT")],
        }),
    )
    .to_string();
    let body = whole.replace("NAME", r"Am\u0000\u00edna").replace(
        "TEXT",
        r"me\u0040x.example \u003C3 \ud83c\udf38 http:\/\/x.example \ud83d",
    );
    assert_eq!(
        app.webhook(body.as_bytes(), SECRET).await.status(),
        StatusCode::OK
    );
    app.until(
        "SELECT count(*) FROM messages WHERE body = 'me@x.example <3 🌸 http://x.example \u{fffd}'",
    )
    .await;
    app.until("SELECT count(*) FROM contacts WHERE name = 'Amína'")
        .await;
    let greenapi = format!(
        r#"{{"typeWebhook": "incomingMessageReceived", "instanceData": {{"idInstance": {INSTANCE}}}, "idMessage": "3EB\u0000",
            "timestamp": 1785000541, "senderData": {{"chatId": "254712@c.us", "sender": "254712@c.us", "senderName": "B\ud83d"}},
            "messageData": {{"typeMessage": "textMessage", "textMessageData": {{"textMessage": "x\u0000y"}}}}}}"#
    );
    let sent = app
        .http
        .post(app.url("/webhooks/greenapi"))
        .header("authorization", WEBHOOK_TOKEN)
        .body(greenapi)
        .send();
    assert_eq!(sent.await.unwrap().status(), StatusCode::OK);
    app.until("SELECT count(*) FROM messages WHERE body = 'xy'")
        .await;
}

#[tokio::test]
async fn null_is_an_empty_list_and_the_business_s_own_words_are_echoes() {
    let app = App::start().await;
    let mut written = envelope(
        NUMBER,
        json!({"contacts": null, "statuses": null, "errors": null, "messages": [text_message("1", "254711", "hi")]}),
    );
    written["entry"][0]["id"] = json!(1022);
    let echo = json!({"from": "15550001111", "to": "254712", "id": "2", "type": "text", "text": {"body": "Hi"}});
    let mut echoed = envelope(NUMBER, json!({"messages": null, "message_echoes": [echo]}));
    echoed["entry"][0]["changes"][0]["field"] = "smb_message_echoes".into();
    for body in [written, echoed, json!({"entry": null})] {
        let answer = app.webhook(&bytes(&body), SECRET).await;
        assert_eq!(answer.status(), StatusCode::OK, "{body}");
    }
    for (kind, wanted) in [
        (
            "SELECT count(*) FROM webhook_events WHERE kind = 'message'",
            1,
        ),
        ("SELECT count(*) FROM webhook_events WHERE kind = 'echo'", 1),
        (EVENTS, 2),
    ] {
        assert_eq!(app.count(kind).await, wanted, "{kind}");
    }
}

#[tokio::test]
async fn a_number_that_nobody_has_is_kept_aside_for_the_operator() {
    let app = App::start().await;
    let body = bytes(&envelope(
        "555",
        json!({"messages": [text_message("1", "254711", "hi")]}),
    ));
    assert_eq!(app.webhook(&body, SECRET).await.status(), StatusCode::OK);
    let output = app.cli(&["events", "unrouted", "--json"]).await;
    let events: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (
            events[0]["external_id"].as_str(),
            events[0]["kind"].as_str()
        ),
        (Some("555"), Some("message"))
    );
    assert_eq!(
        app.count("SELECT count(*) FROM queue.jobs WHERE kind = 'conversations.receive'")
            .await,
        0
    );
}

#[tokio::test]
async fn one_business_cannot_speak_for_the_customers_of_another() {
    let app = App::start().await;
    let other = business(app.db(), "Other").await;
    app.add_channel(other, ChannelKind::WhatsApp, "777", "the other's secret")
        .await;
    let forged = bytes(&envelope(
        NUMBER,
        json!({"messages": [text_message("1", "254711", "hi")]}),
    ));
    // A known secret has signed the body, but not the secret of this number.
    assert_eq!(
        code(app.webhook(&forged, "the other's secret").await).await,
        (StatusCode::UNAUTHORIZED, "bad_signature".into())
    );
    // The same holds beside a number that the secret may sign for.
    let mut both = envelope(
        "777",
        json!({"messages": [text_message("2", "254711", "hi")]}),
    );
    let of_this = envelope(
        NUMBER,
        json!({"messages": [text_message("1", "254711", "hi")]}),
    );
    both["entry"]
        .as_array_mut()
        .unwrap()
        .push(of_this["entry"][0].clone());
    assert_eq!(
        app.webhook(&bytes(&both), "the other's secret")
            .await
            .status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(app.count(EVENTS).await, 0);
    assert_eq!(app.count("SELECT count(*) FROM webhook_keys").await, 0);
    // When the secret is corrected, Meta sends the body again. It is no duplicate.
    assert_eq!(app.webhook(&forged, SECRET).await.status(), StatusCode::OK);
    assert_eq!(
        app.count("SELECT count(*) FROM webhook_events WHERE channel_id IS NOT NULL")
            .await,
        1
    );
}

#[tokio::test]
async fn what_was_kept_aside_is_taken_when_it_comes_again_with_its_channel() {
    let app = App::start().await;
    let body = bytes(&envelope(
        "555",
        json!({"messages": [text_message("1", "254711", "hi")]}),
    ));
    for _ in 0..2 {
        assert_eq!(app.webhook(&body, SECRET).await.status(), StatusCode::OK);
    }
    assert_eq!(app.count(EVENTS).await, 1);
    let other = business(app.db(), "Other").await;
    app.add_channel(other, ChannelKind::WhatsApp, "555", SECRET)
        .await;
    // The intake remembers an unknown number for a few seconds.
    let routed = async {
        while app
            .count("SELECT count(*) FROM webhook_events WHERE channel_id IS NOT NULL")
            .await
            == 0
        {
            assert_eq!(app.webhook(&body, SECRET).await.status(), StatusCode::OK);
        }
    };
    assert!(tokio::time::timeout(LONG, routed).await.is_ok());
    assert_eq!(app.count(EVENTS).await, 2);
}

#[tokio::test]
async fn messages_whose_ids_differ_at_their_end_are_different() {
    let app = App::start().await;
    // The ids are as long as Meta's. Ids for the same customer have the same beginning.
    let wamid = |end: &str| {
        format!("wamid.HBgMMjU0NzEyMzQ1Njc4FQIAEhggQTlDM0YwMDFEMjE5QzQ5RUE4RkQ5RkQ2{end}")
    };
    let messages: Vec<Value> = ["NjZGNTdBQkQA", "NjZGNTdBQkQB", "NjZGNTdBQkQC"]
        .map(|end| text_message(&wamid(end), "254711", "hi"))
        .into();
    for message in &messages {
        let body = bytes(&envelope(NUMBER, json!({"messages": [message]})));
        assert_eq!(app.webhook(&body, SECRET).await.status(), StatusCode::OK);
    }
    assert_eq!(app.count(EVENTS).await, 3);
    let statuses: Vec<Value> = ["QQ", "QR"]
        .map(|end| json!({"id": wamid(end), "status": "delivered", "timestamp": "1697043223"}))
        .into();
    let body = bytes(&envelope(NUMBER, json!({"statuses": statuses})));
    assert_eq!(app.webhook(&body, SECRET).await.status(), StatusCode::OK);
    assert_eq!(app.count(EVENTS).await, 5);
}

#[tokio::test]
async fn what_is_about_a_whole_account_belongs_to_a_channel_of_it() {
    let app = App::start().await;
    sqlx::query("UPDATE channels SET account_id = '1022' WHERE kind = 'whatsapp'")
        .execute(app.db())
        .await
        .unwrap();
    let change = |account: &str, time: u32| {
        let value = json!({"event": "APPROVED", "message_template_name": account});
        let change = json!({"field": "message_template_status_update", "value": value});
        bytes(&json!({"entry": [{"id": account, "time": time, "changes": [change]}]}))
    };
    let body = change("1022", 1_763_700_000);
    assert_eq!(
        app.webhook(&body, "another secret").await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(app.webhook(&body, SECRET).await.status(), StatusCode::OK);
    // The repeated webhook is known. The same change an hour later is new.
    let later = change("1022", 1_763_703_600);
    for body in [&body, &later] {
        assert_eq!(app.webhook(body, SECRET).await.status(), StatusCode::OK);
    }
    // A known app has signed a change of an account that no channel has.
    let unknown = change("9999", 1_763_700_000);
    assert_eq!(app.webhook(&unknown, SECRET).await.status(), StatusCode::OK);
    for (query, count) in [
        (EVENTS, 3),
        (
            "SELECT count(*) FROM webhook_events WHERE channel_id IS NOT NULL AND external_id = '1022'",
            2,
        ),
    ] {
        assert_eq!(app.count(query).await, count, "{query}");
    }
}

#[tokio::test]
async fn an_unsigned_body_with_many_numbers_is_refused_without_looking_them_up() {
    let app = App::start().await;
    let entry = |number: usize| {
        let message = text_message(&number.to_string(), "254711", "hi");
        envelope(&number.to_string(), json!({"messages": [message]}))["entry"][0].clone()
    };
    // A number's own secret is not enough for so many numbers. The platform's secret is needed.
    for (entries, secret, status) in [
        (10_000, "nobody's secret", StatusCode::UNAUTHORIZED),
        (51, SECRET, StatusCode::UNAUTHORIZED),
        (50, SECRET, StatusCode::OK),
    ] {
        let entries: Vec<Value> = (0..entries).map(entry).collect();
        let body = bytes(&json!({"entry": entries}));
        assert_eq!(app.webhook(&body, secret).await.status(), status);
    }
    assert_eq!(app.count(EVENTS).await, 50);
}

#[tokio::test]
async fn green_api_is_known_by_its_token() {
    let app = App::start().await;
    let send = async |token: Option<&str>, body: Value| {
        let mut request = app
            .http
            .post(app.url("/webhooks/greenapi"))
            .body(body.to_string());
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        request.send().await.unwrap().status()
    };
    let instance: u64 = INSTANCE.parse().unwrap();
    let said = |id: &str| {
        json!({
            "typeWebhook": "incomingMessageReceived", "instanceData": {"idInstance": instance}, "idMessage": id,
            "senderData": {"chatId": "254711@c.us", "sender": "254711@c.us"},
            "messageData": {"typeMessage": "textMessage", "textMessageData": {"textMessage": "hi"}},
        })
    };
    for token in [None, Some(""), Some("Bearer wrong"), Some("wrong")] {
        assert_eq!(send(token, said("1")).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(send(Some(WEBHOOK_TOKEN), said("1")).await, StatusCode::OK);
    assert_eq!(
        send(Some(&format!("Bearer {WEBHOOK_TOKEN}")), said("1")).await,
        StatusCode::OK
    );
    assert_eq!(
        send(
            Some(WEBHOOK_TOKEN),
            json!({"typeWebhook": "stateInstanceChanged", "instanceData": {"idInstance": instance}})
        )
        .await,
        StatusCode::OK
    );
    assert_eq!(
        send(Some(WEBHOOK_TOKEN), json!("text")).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(app.count(EVENTS).await, 2);
}
