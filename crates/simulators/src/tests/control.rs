//! The control endpoints, as the page and load generators use them.

use reqwest::Method;
use serde_json::json;

use super::*;

async fn call(scene: &Scene, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let mut request = scene
        .http
        .request(method, format!("{}{path}", scene.sim.url()));
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (
        status,
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default(),
    )
}

#[tokio::test]
async fn a_phone_writes_and_reads_by_http_from_any_origin() {
    let scene = Scene::new().await;
    let path = format!("/_phones/{CUSTOMER}/messages");
    let write = |body: Value| call(&scene, Method::POST, &path, Some(body));
    let (status, answer) =
        write(json!({"to": NUMBER, "channel": "whatsapp", "text": "Hi", "name": "Ana"})).await;
    assert_eq!(status, 202);
    let raw = json!({"to": NUMBER, "channel": "whatsapp", "type": "location", "location": {"latitude": 1, "longitude": 2}});
    assert_eq!(write(raw).await.0, 202);
    scene.sim.settle().await;
    let content = scene.business.content();
    assert_eq!(
        (&content[0].1["id"], &content[0].1["text"]["body"]),
        (&answer["id"], &json!("Hi"))
    );
    assert_eq!(content[1].1["location"]["longitude"], 2);
    let list = Body::Buttons {
        text: "?".into(),
        buttons: vec![kazi_clients::whatsapp::Button {
            id: "b".into(),
            title: "B".into(),
        }],
    };
    let sent = scene.send(&list, "msg_1").await.unwrap();
    let tap = json!({"to": NUMBER, "channel": "whatsapp", "tap": {"kind": "button", "id": "b", "title": "B", "context": sent}});
    assert_eq!(write(tap).await.0, 202);
    assert_eq!(
        write(json!({"to": NUMBER, "channel": "whatsapp", "tap": {"id": "x"}}))
            .await
            .0,
        409
    );
    assert_eq!(
        write(json!({"to": "404", "channel": "whatsapp", "text": "Hi"}))
            .await
            .0,
        404
    );
    for nothing in [
        json!({"to": NUMBER, "channel": "whatsapp"}),
        // A picture without a picture.
        json!({"to": NUMBER, "channel": "whatsapp", "type": "image"}),
        json!({"to": NUMBER, "channel": "whatsapp", "type": "image", "text": {"body": "Hi"}}),
    ] {
        assert_eq!(write(nothing.clone()).await.0, 422, "{nothing}");
    }
    scene.sim.settle().await;
    for query in [
        "channel=whatsapp".to_owned(),
        format!("channel=whatsapp&to={NUMBER}"),
    ] {
        let (_, lines) = call(
            &scene,
            Method::GET,
            &format!("/_phones/{CUSTOMER}?{query}"),
            None,
        )
        .await;
        let kinds: Vec<&str> = lines
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["kind"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, ["text", "location", "buttons", "button_reply"]);
        assert_eq!(lines[2]["buttons"][0]["id"], "b");
    }
    let url = format!("{}{path}", scene.sim.url());
    let asked = scene
        .http
        .request(Method::OPTIONS, url)
        .send()
        .await
        .unwrap();
    assert_eq!(asked.headers()["access-control-allow-origin"], "*");
    assert_eq!(asked.headers()["access-control-allow-headers"], "*");
}

#[tokio::test]
async fn listeners_get_every_change_until_the_simulators_stop() {
    let scene = Scene::new().await;
    let url = format!("{}/_phones/events", scene.sim.url());
    let mut events = scene.http.get(url).send().await.unwrap();
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    scene.customer().say("Hi").await;
    let mut text = String::new();
    while text.matches("data:").count() < 2 {
        text += std::str::from_utf8(&events.chunk().await.unwrap().unwrap()).unwrap();
    }
    let first = text
        .lines()
        .find_map(|line| line.strip_prefix("data: "))
        .unwrap();
    let change: Value = serde_json::from_str(first).unwrap();
    assert_eq!(
        (&change["phone"], &change["channel"], &change["to"]),
        (&json!(CUSTOMER), &json!("whatsapp"), &json!(NUMBER))
    );
    assert_eq!(
        (&change["message"]["text"], &change["message"]["status"]),
        (&json!("Hi"), &json!("sending"))
    );
    let url = scene.sim.url();
    scene.sim.shutdown().await;
    assert_eq!(events.chunk().await.unwrap(), None);
    assert!(scene.http.get(url).send().await.unwrap_err().is_connect());
}

#[tokio::test]
async fn accounts_faults_and_the_ledger_are_reached_by_http() {
    let scene = Scene::new().await;
    let post = |path: &'static str, body: Value| call(&scene, Method::POST, path, Some(body));
    let account = json!({
        "service": "whatsapp", "phone_number_id": "7", "business_account_id": "8", "display_phone": "+1 555", "token": "t7",
        "app_secret": "s", "webhook_url": "http://127.0.0.1:9/",
    });
    assert_eq!(post("/_accounts", account).await.0, 201);
    assert_eq!(
        post("/_accounts", json!({"service": "openrouter", "key": "k"}))
            .await
            .0,
        201
    );
    assert_eq!(
        post("/_accounts", json!({"service": "whatsapp"})).await.0,
        422
    );
    let fault = json!({"service": "whatsapp", "match": "/7", "status": 500, "times": 2});
    assert_eq!(post("/_faults", fault).await.0, 201);
    assert_eq!(
        post("/_faults", json!({"service": "whatsapp", "typo": 1}))
            .await
            .0,
        422
    );
    let hook = json!({"service": "whatsapp", "webhooks": {"duplicate": 0.1, "reorder": 1.0}});
    assert_eq!(post("/_faults", hook).await.0, 201);
    let url = format!("{}/v25.0/7", scene.sim.base_url(Service::WhatsApp));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let answer = scene.http.get(&url).bearer_auth("t7").send().await.unwrap();
        statuses.push(answer.status().as_u16());
        if statuses.len() == 1 {
            let (_, left) = call(&scene, Method::GET, "/_faults", None).await;
            assert_eq!(
                (&left[0]["times"], left.as_array().unwrap().len()),
                (&json!(1), 2)
            );
        }
    }
    assert_eq!(statuses, [500, 500, 200]);
    assert_eq!(call(&scene, Method::DELETE, "/_faults", None).await.0, 204);
    assert_eq!(
        call(&scene, Method::GET, "/_faults", None).await.1,
        json!([])
    );
    let (_, entries) = call(
        &scene,
        Method::GET,
        "/_ledger?service=whatsapp&since=1",
        None,
    )
    .await;
    let numbers: Vec<&Value> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["n"])
        .collect();
    assert_eq!(numbers, [2, 3]);
    assert_eq!(entries[0]["fault"], "status 500");
    let (_, newest) = call(&scene, Method::GET, "/_ledger?limit=2", None).await;
    assert_eq!((&newest[0]["n"], &newest[1]["n"]), (&json!(2), &json!(3)));
    assert_eq!(call(&scene, Method::DELETE, "/_ledger", None).await.0, 204);
    assert_eq!(
        call(&scene, Method::GET, "/_ledger", None).await.1,
        json!([])
    );
}

#[tokio::test]
async fn the_page_is_whole_and_asks_what_there_is() {
    let scene = Scene::new().await;
    let get = async |path: &str| {
        let url = format!("{}{path}", scene.sim.url());
        scene.http.get(url).send().await.unwrap()
    };
    let page = get("/").await;
    let policy = page.headers()["content-security-policy"].clone();
    assert!(policy.to_str().unwrap().contains("script-src 'self';"));
    let page = page.text().await.unwrap();
    for after in page.split("=\"/").skip(1) {
        let file = format!("/{}", after.split('"').next().unwrap());
        assert_eq!(get(&file).await.status(), 200, "{file}");
    }
    let script = get("/page.js").await.text().await.unwrap();
    let asked: Vec<String> = script
        .split(['\'', '`', '?'])
        .filter(|part| part.starts_with("/_"))
        .map(str::to_owned)
        .collect();
    assert!(asked.len() > 8, "{asked:?}");
    for path in asked {
        assert_eq!(get(&path).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn the_business_s_own_server_keeps_what_it_is_told_and_refuses_on_request() {
    let scene = Scene::new().await;
    let refusal = json!({"status": 503, "times": 1});
    let path = "/_received/faults";
    for _ in 0..2 {
        let added = call(&scene, Method::POST, path, Some(refusal.clone())).await;
        assert_eq!(added.0, 201);
    }
    let tell = async |body: Value| {
        let url = scene.sim.business_url();
        let told = scene.http.post(url).header("webhook-id", "evt_1");
        told.json(&body).send().await.unwrap().status().as_u16()
    };
    assert_eq!(tell(json!({"type": "order.paid"})).await, 503);
    assert_eq!(
        call(&scene, Method::GET, path, None).await.1,
        json!([refusal])
    );
    scene.sim.clear_faults();
    assert_eq!(tell(json!({"type": "order.paid"})).await, 200);
    let (_, told) = call(&scene, Method::GET, "/_received", None).await;
    let seen = |n: usize| {
        (
            told[n]["answered"].clone(),
            told[n]["headers"]["webhook-id"].clone(),
        )
    };
    assert_eq!(seen(0), (json!(503), json!("evt_1")));
    assert_eq!(seen(1), (json!(200), json!("evt_1")));
    assert_eq!(told[1]["body"], r#"{"type":"order.paid"}"#);

    for refusal in [json!({"status": 500, "times": 0}), json!({"status": 503})] {
        let added = call(&scene, Method::POST, path, Some(refusal)).await;
        assert_eq!(added.0, 201);
    }
    for _ in 0..3 {
        assert_eq!(tell(json!({})).await, 503, "until the faults are cleared");
    }
    scene.sim.clear_faults();
    assert_eq!(tell(json!({})).await, 200);
}

#[tokio::test]
async fn simulators_stop_when_nobody_holds_them() {
    let scene = Scene::new().await;
    let (url, clone) = (scene.sim.url(), scene.sim.clone());
    drop(scene.sim);
    assert_eq!(
        scene
            .http
            .get(format!("{url}/_faults"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    let stopped = clone.world.office.stop.clone();
    drop(clone);
    assert!(stopped.is_cancelled());
}

#[tokio::test]
async fn what_the_owner_writes_on_the_phone_of_the_number_is_an_echo() {
    let scene = Scene::new().await;
    let path = format!("/_phones/{CUSTOMER}/echoes");
    for (to, channel) in [(NUMBER, "whatsapp"), (INSTANCE, "greenapi")] {
        let body = json!({"to": to, "channel": channel, "text": "Come at nine"});
        let (status, _) = call(&scene, Method::POST, &path, Some(body)).await;
        assert_eq!(status, 202);
    }
    let stranger = json!({"to": "404", "channel": "whatsapp", "text": "Hi"});
    assert_eq!(
        call(&scene, Method::POST, &path, Some(stranger)).await.0,
        404
    );
    let hooks = scene.business.got(2).await;
    let change = |hook: &Hook| hook.json["entry"][0]["changes"][0].clone();
    let echo = hooks.iter().map(change).find(Value::is_object).unwrap();
    assert_eq!(echo["field"], "smb_message_echoes");
    let echo = &echo["value"]["message_echoes"][0];
    assert_eq!(
        (&echo["to"], &echo["text"]["body"]),
        (&json!(CUSTOMER), &json!("Come at nine"))
    );
    assert!(
        hooks
            .iter()
            .any(|hook| hook.json["typeWebhook"] == "outgoingMessageReceived")
    );
    let line = scene.customer().transcript().pop().unwrap();
    assert_eq!(
        (line.direction.as_str(), line.text.as_str()),
        ("in", "Come at nine")
    );
}
