//! Tests of the clients against servers that answer late, wrongly, or not at all.

use std::time::Duration;

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
    routing::any,
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    greenapi::{self, GreenApi},
    http::{self, Failure},
    openrouter::{self, OpenRouter, Privacy},
    whatsapp::{self, Body, Outbound, WhatsApp},
};

const TOKEN: &str = "the-secret-token";

/// Starts a server that gives the same answer to each request.
async fn answering(
    status: u16,
    headers: &[(&'static str, &'static str)],
    body: impl Into<String>,
) -> String {
    let status = StatusCode::from_u16(status).unwrap();
    let all: HeaderMap = headers
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect();
    let body = body.into();
    let routes = Router::new().fallback(any(
        move || async move { (status, all, body).into_response() },
    ));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

/// Starts a server that reads a request, writes `then`, and then holds or closes the connection.
async fn raw(then: &'static [u8], hold: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(then).await;
            if hold {
                held.push(socket);
            }
        }
    });
    url
}

async fn send(base: &str) -> Result<whatsapp::Accepted, whatsapp::Error> {
    let http = http::client().unwrap();
    let number = WhatsApp::new(
        http,
        base,
        "v24.0",
        "106",
        TOKEN.into(),
        Duration::from_millis(500),
    );
    let body = Body::Text {
        text: "a private message".into(),
    };
    number
        .send(&Outbound {
            to: "254711",
            body: &body,
            callback: "msg_1",
        })
        .await
}

async fn green(base: &str) -> Result<String, greenapi::Error> {
    let http = http::client().unwrap();
    GreenApi::new(http, base, "1101", TOKEN.into(), Duration::from_millis(500))
        .send_message("1@c.us", "private")
        .await
}

async fn complete(base: &str) -> Result<openrouter::Completion, openrouter::Unanswered> {
    let http = http::client().unwrap();
    let client = OpenRouter::new(http, base, TOKEN.into(), Duration::from_millis(500));
    let request = openrouter::Request {
        models: vec!["a/b".into()],
        messages: Vec::new(),
        max_tokens: 1,
        temperature: 0.0,
        provider: Privacy::default(),
        tools: Vec::new(),
        tool_choice: None,
    };
    client.complete(&request).await
}

#[tokio::test]
async fn what_surely_did_not_leave_is_told_from_what_may_have_arrived() {
    let refused = send("http://127.0.0.1:1").await.unwrap_err();
    assert!(
        matches!(refused, whatsapp::Error::Failed(Failure::NotSent(_))),
        "{refused}"
    );
    let ambiguous = [
        ("no answer in time", raw(b"", true).await),
        ("closed without an answer", raw(b"", false).await),
        (
            "cut within the answer",
            raw(
                b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"messages\"",
                false,
            )
            .await,
        ),
        ("not HTTP", raw(b"220 smtp ready\r\n", true).await),
        ("not JSON", answering(200, &[], "<html>").await),
        (
            "JSON without a message",
            answering(200, &[], "{\"messages\": []}").await,
        ),
        (
            "a proxy's error",
            answering(502, &[], "<html>Bad gateway").await,
        ),
        (
            "too much",
            answering(200, &[], "x".repeat(3 * 1024 * 1024)).await,
        ),
        (
            "elsewhere",
            answering(302, &[("location", "http://127.0.0.1:1/")], "").await,
        ),
    ];
    for (what, base) in ambiguous {
        let error = send(&base).await.unwrap_err();
        assert!(
            matches!(error, whatsapp::Error::Failed(Failure::Ambiguous(_))),
            "{what}: {error}"
        );
        let error = green(&base).await.unwrap_err();
        let told = matches!(
            error,
            greenapi::Error::Failed(Failure::Ambiguous(_)) | greenapi::Error::Refused(302)
        );
        assert!(told, "{what}: {error}");
    }
}

#[tokio::test]
async fn no_error_shows_a_token_an_address_or_a_message() {
    let bases = [
        "http://127.0.0.1:1".to_owned(),
        raw(b"", false).await,
        answering(
            400,
            &[],
            "{\"error\": {\"message\": \"bad\", \"code\": 100}}",
        )
        .await,
        answering(200, &[], "a private message").await,
    ];
    for base in bases {
        let shown = [
            format!("{0} {0:?}", send(&base).await.unwrap_err()),
            format!("{0} {0:?}", green(&base).await.unwrap_err()),
            format!("{0} {0:?}", complete(&base).await.unwrap_err()),
        ];
        for text in shown {
            assert!(
                !text.contains(TOKEN) && !text.contains("private") && !text.contains("waInstance"),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn meta_s_own_refusal_is_told_with_its_code_and_how_long_to_wait() {
    let body = r#"{"error": {"message": "(#130429) Rate limit hit", "type": "OAuthException", "code": 130429, "new": {"x": 1},
                   "error_data": {"messaging_product": "whatsapp", "details": "too many"}, "fbtrace_id": "A"}}"#;
    let error = send(&answering(400, &[("retry-after", "7")], body).await)
        .await
        .unwrap_err();
    let whatsapp::Error::Rejected(rejection) = error else {
        panic!("{error}")
    };
    assert_eq!((rejection.code, rejection.status), (130429, 400));
    assert_eq!(rejection.retry_after, Some(Duration::from_secs(7)));
    assert_eq!(rejection.details.as_deref(), Some("too many"));
}

#[tokio::test]
async fn an_absurd_wait_is_a_day() {
    let body = r#"{"error": {"message": "x", "code": 4}}"#;
    for (asked, wait) in [
        ("86401", Some(86_400)),
        ("18446744073709551615", Some(86_400)),
        // A number that does not fit into an integer counts as missing.
        ("99999999999999999999999", None),
        ("soon", None),
    ] {
        let error = send(&answering(429, &[("retry-after", asked)], body).await)
            .await
            .unwrap_err();
        let whatsapp::Error::Rejected(rejection) = error else {
            panic!("{error}")
        };
        let wait = wait.map(Duration::from_secs);
        assert_eq!(rejection.retry_after, wait, "{asked}");
    }
}

#[tokio::test]
async fn fields_that_nobody_has_heard_of_do_no_harm() {
    let body = r#"{"messaging_product": "whatsapp", "future": [1], "contacts": [{"input": "1", "wa_id": "2", "x": {}}],
                   "messages": [{"id": "wamid.1", "message_status": "held_for_quality_assessment", "y": null}]}"#;
    let accepted = send(&answering(200, &[], body).await).await.unwrap();
    assert_eq!(
        (accepted.message_id.as_str(), accepted.wa_id.as_deref()),
        ("wamid.1", Some("2"))
    );
    assert_eq!(
        accepted.status.as_deref(),
        Some("held_for_quality_assessment")
    );
}

#[tokio::test]
async fn green_api_s_refusals_are_told_apart() {
    for (status, told) in [
        (401, "token"),
        (403, "token"),
        (429, "slower"),
        (466, "quota"),
        (400, "refused"),
        (500, "HTTP 500"),
    ] {
        let error = green(&answering(status, &[("retry-after", "3")], "").await)
            .await
            .unwrap_err();
        assert!(error.to_string().contains(told), "{status}: {error}");
    }
}

#[tokio::test]
async fn openrouter_s_errors_are_found_wherever_they_stand() {
    use openrouter::Error::{
        BadRequest, Busy, Credential, Empty, Failed, Moderated, NoCredit, Unavailable,
    };
    let error = async |status, body: &str| {
        let base = answering(status, &[("retry-after", "9")], body).await;
        complete(&base).await.unwrap_err().error
    };
    assert!(
        matches!(error(400, r#"{"error": {"code": 400, "message": "too long"}}"#).await, BadRequest(text) if text == "too long")
    );
    assert!(matches!(error(401, "").await, Credential));
    assert!(matches!(error(402, "{}").await, NoCredit));
    assert!(matches!(error(403, "").await, Moderated));
    for status in [429, 503] {
        let busy = error(status, "").await;
        assert!(
            matches!(busy, Busy { retry_after: Some(after), .. } if after == Duration::from_secs(9)),
            "{busy}"
        );
    }
    for status in [408, 500, 502, 524, 529] {
        assert!(matches!(error(status, "").await, Unavailable(_)));
    }
    assert!(matches!(
        error(200, r#"{"error": {"code": 402, "message": "no credit"}}"#).await,
        NoCredit
    ));
    let in_choice =
        r#"{"choices": [{"finish_reason": "error", "error": {"code": "odd", "message": "x"}}]}"#;
    assert!(matches!(error(200, in_choice).await, Unavailable(502)));
    for empty in [
        "{}",
        r#"{"choices": []}"#,
        r#"{"choices": [{"message": {"content": null}}]}"#,
        r#"{"choices": [{"message": {"content": " \n"}}]}"#,
    ] {
        assert!(matches!(error(200, empty).await, Empty), "{empty}");
    }
    assert!(matches!(error(200, "not json").await, Failed(_)));
}

#[tokio::test]
async fn openrouter_s_answer_is_whole_or_an_error_that_keeps_its_cost() {
    use openrouter::Error::{Cut, Empty, Moderated, Unavailable};
    let answer = async |choice: serde_json::Value, usage: serde_json::Value| {
        let body = json!({"id": null, "model": "m/1", "choices": [choice], "usage": usage});
        complete(&answering(200, &[], &body.to_string()).await).await
    };
    let paid = json!({"prompt_tokens": 210, "completion_tokens": 9.0, "cost": "0.0001"});
    let half =
        |reason: &str| json!({"message": {"content": "We open at"}, "finish_reason": reason});
    let native = json!({"message": {"content": "We open at"}, "finish_reason": null, "native_finish_reason": "MAX_TOKENS"});
    let thought = json!({"message": {"content": "<think>They want", "reasoning": "x"}, "finish_reason": "stop"});
    let refusal =
        json!({"message": {"content": null, "refusal": "I cannot"}, "finish_reason": "stop"});
    for (choice, expected) in [
        (half("error"), Unavailable(502)),
        (half("length"), Cut),
        (native, Cut),
        (half("content_filter"), Moderated),
        (half("tool_calls"), Empty),
        (thought, Empty),
        (refusal, Moderated),
        (json!({"message": null, "finish_reason": "stop"}), Empty),
    ] {
        let failed = answer(choice.clone(), paid.clone()).await.unwrap_err();
        assert_eq!(failed.error.to_string(), expected.to_string(), "{choice}");
        assert_eq!(failed.model.as_deref(), Some("m/1"));
        assert!((failed.usage.cost - 0.0001).abs() < 1e-9, "{choice}");
        assert_eq!(failed.usage.completion_tokens, 9);
    }
    // A bill that nobody can read does not cost the answer.
    let whole = json!({"message": {"content": "We open at nine."}, "finish_reason": "stop"});
    let parts = json!({"message": {"content": [
        {"type": "thinking", "text": "They want"}, {"type": "text", "text": "We open at nine."},
    ]}});
    for (choice, usage) in [
        (
            &whole,
            json!({"prompt_tokens": null, "completion_tokens": null, "cost": null}),
        ),
        (&whole, json!({"prompt_tokens": -1, "cost": {}})),
        (&whole, json!("free")),
        (&parts, json!(null)),
    ] {
        let done = answer(choice.clone(), usage.clone()).await.unwrap();
        assert_eq!(
            (done.text.as_str(), done.usage),
            ("We open at nine.", openrouter::Usage::default()),
            "{usage}"
        );
    }
}
