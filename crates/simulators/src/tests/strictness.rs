//! The simulator refuses what Meta refuses, with Meta's code, and accepts the rest.

use serde_json::{Value, json};

use super::*;
use crate::TemplateChange;

async fn post(scene: &Scene, path: &str, token: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}{path}", scene.sim.base_url(Service::WhatsApp));
    let answer = scene
        .http
        .post(url)
        .bearer_auth(token)
        .json(body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn with(kind: &str, content: Value) -> Value {
    json!({"messaging_product": "whatsapp", "to": CUSTOMER, "type": kind, kind: content})
}

fn buttons(titles: &[&str]) -> Value {
    let buttons: Vec<Value> = titles
        .iter()
        .enumerate()
        .map(|(n, title)| json!({"type": "reply", "reply": {"id": n.to_string(), "title": title}}))
        .collect();
    with(
        "interactive",
        json!({"type": "button", "body": {"text": "?"}, "action": {"buttons": buttons}}),
    )
}

fn list(sections: Value) -> Value {
    with(
        "interactive",
        json!({
            "type": "list", "body": {"text": "?"}, "action": {"button": "Menu", "sections": sections},
        }),
    )
}

fn link(title: &str, url: &str) -> Value {
    let parameters = json!({"display_text": title, "url": url});
    with(
        "interactive",
        json!({"type": "cta_url", "body": {"text": "?"}, "action": {"name": "cta_url", "parameters": parameters}}),
    )
}

fn location(action: &str) -> Value {
    with(
        "interactive",
        json!({"type": "location_request_message", "body": {"text": "?"}, "action": {"name": action}}),
    )
}

fn rows(count: usize) -> Vec<Value> {
    (0..count)
        .map(|n| json!({"id": format!("r{n}"), "title": format!("Row {n}")}))
        .collect()
}

fn template(language: &str, parameters: &[&str]) -> Value {
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|text| json!({"type": "text", "text": text}))
        .collect();
    with(
        "template",
        json!({
            "name": "order_ready", "language": {"code": language},
            "components": [{"type": "body", "parameters": parameters}],
        }),
    )
}

#[tokio::test]
async fn a_message_is_refused_as_meta_refuses_it() {
    let scene = Scene::with(Options {
        rate_per_second: None,
        ..Options::default()
    })
    .await;
    scene.sim.add_template(
        WABA,
        crate::Template {
            name: "order_ready".into(),
            language: "en".into(),
            category: "UTILITY".into(),
            body: "Hello {{1}}, your order {{2}} is ready.".into(),
            status: "APPROVED".into(),
            ..crate::Template::default()
        },
    );
    let long = |count: usize| "é".repeat(count);
    let mut nobody = with("text", json!({"body": "Hi"}));
    nobody.as_object_mut().unwrap().remove("to");
    let mut no_product = with("text", json!({"body": "Hi"}));
    no_product
        .as_object_mut()
        .unwrap()
        .remove("messaging_product");
    let mut callback = with("text", json!({"body": "Hi"}));
    callback["biz_opaque_callback_data"] = long(513).into();
    let mut not_a_phone = with("text", json!({"body": "Hi"}));
    not_a_phone["to"] = "Ana".into();
    let mut user_in_to = with("text", json!({"body": "Hi"}));
    user_in_to["to"] = "KE.40917723".into();
    let mut recipient = nobody.clone();
    recipient["recipient"] = "KE.40917723".into();
    let mut number_as_recipient = nobody.clone();
    number_as_recipient["recipient"] = CUSTOMER.into();
    let mut to_itself = with("text", json!({"body": "Hi"}));
    to_itself["to"] = "15550001111".into();
    let twice = json!([{"rows": [{"id": "a", "title": "A"}, {"id": "a", "title": "B"}]}]);
    let untitled = json!([{"title": "One", "rows": rows(1)}, {"rows": rows(1)}]);
    // The request, the HTTP status, and the code (0 means accepted).
    let table = [
        ("a user id in to", user_in_to, 400, 131_009),
        ("a user id as recipient", recipient, 200, 0),
        ("a number as recipient", number_as_recipient, 400, 131_009),
        ("text", with("text", json!({"body": long(4096)})), 200, 0),
        (
            "text too long",
            with("text", json!({"body": long(4097)})),
            400,
            100,
        ),
        (
            "empty text",
            with("text", json!({"body": " "})),
            400,
            131_008,
        ),
        ("no text", with("text", Value::Null), 400, 131_008),
        (
            "unknown key",
            with("text", json!({"body": "Hi", "colour": "red"})),
            400,
            100,
        ),
        ("unknown type", with("hologram", json!({})), 400, 131_051),
        ("no recipient", nobody, 400, 100),
        ("no product", no_product, 400, 100),
        ("not a phone", not_a_phone, 400, 131_009),
        ("to itself", to_itself, 400, 131_021),
        ("callback too long", callback, 400, 100),
        ("no JSON", json!("Hi"), 400, 100),
        (
            "image",
            with(
                "image",
                json!({"link": "https://a.example/a.png", "caption": long(1024)}),
            ),
            200,
            0,
        ),
        (
            "caption too long",
            with(
                "image",
                json!({"link": "https://a.example/a.png", "caption": long(1025)}),
            ),
            400,
            100,
        ),
        (
            "image without link",
            with("image", json!({"caption": "A"})),
            400,
            131_008,
        ),
        (
            "image, not a link",
            with("image", json!({"link": "a.png"})),
            400,
            131_009,
        ),
        ("buttons", buttons(&["A", "B", &long(20)]), 200, 0),
        ("four buttons", buttons(&["A", "B", "C", "D"]), 400, 131_009),
        ("no buttons", buttons(&[]), 400, 131_009),
        ("button title too long", buttons(&[&long(21)]), 400, 100),
        ("button titles the same", buttons(&["A", "A"]), 400, 131_009),
        ("list", list(json!([{"rows": rows(10)}])), 200, 0),
        (
            "eleven rows in two sections",
            list(json!([{"title": "1", "rows": rows(5)}, {"title": "2", "rows": rows(6)}])),
            400,
            131_009,
        ),
        ("row ids the same", list(twice), 400, 131_009),
        (
            "row title too long",
            list(json!([{"rows": [{"id": "a", "title": long(25)}]}])),
            400,
            100,
        ),
        (
            "row description too long",
            list(json!([{"rows": [{"id": "a", "title": "A", "description": long(73)}]}])),
            400,
            100,
        ),
        ("two sections, one untitled", list(untitled), 400, 131_008),
        ("no sections", list(json!([])), 400, 131_009),
        ("a link", link("Open", "https://shop.test"), 200, 0),
        ("a link to nowhere", link("Open", "shop.test"), 400, 131_009),
        (
            "a link with a long text",
            link(&long(21), "https://shop.test"),
            400,
            100,
        ),
        (
            "a request for a location",
            location("send_location"),
            200,
            0,
        ),
        (
            "a request for something else",
            location("send_money"),
            400,
            131_009,
        ),
        (
            "a card",
            with("contacts", json!([{"name": {"formatted_name": "Ana"}}])),
            200,
            0,
        ),
        (
            "a card that is no list",
            with("contacts", json!({"name": {}})),
            400,
            100,
        ),
        ("no card", with("contacts", json!([])), 400, 131_008),
        (
            "a card without a name",
            with("contacts", json!([{}])),
            400,
            131_008,
        ),
        (
            "a place in words",
            with("location", json!({"latitude": "north", "longitude": 36.8})),
            400,
            131_009,
        ),
        (
            "a place beyond the pole",
            with("location", json!({"latitude": 91, "longitude": 36.8})),
            400,
            131_009,
        ),
        (
            "a place without a longitude",
            with("location", json!({"latitude": -1.28})),
            400,
            131_008,
        ),
        (
            "a preview that is neither yes nor no",
            with("text", json!({"body": "Hi", "preview_url": "maybe"})),
            400,
            100,
        ),
        ("template", template("en", &["Ana", "7"]), 200, 0),
        (
            "template in another language",
            template("fr", &["Ana", "7"]),
            404,
            132_001,
        ),
        (
            "template with too few parameters",
            template("en", &["Ana"]),
            400,
            132_000,
        ),
        (
            "template with an empty parameter",
            template("en", &["Ana", ""]),
            400,
            131_008,
        ),
        (
            "template with a newline",
            template("en", &["Ana", "a\nb"]),
            400,
            132_018,
        ),
        (
            "template too long",
            template("en", &["Ana", &long(1024)]),
            400,
            132_005,
        ),
    ];
    for (what, body, status, code) in table {
        let path = format!("/v25.0/{NUMBER}/messages");
        let (got, answer) = post(&scene, &path, TOKEN, &body).await;
        assert_eq!(
            (got, answer["error"]["code"].as_i64().unwrap_or(0)),
            (status, code),
            "{what}: {answer}"
        );
        if code != 0 {
            let error = &answer["error"];
            assert_eq!(error["type"], "OAuthException", "{what}");
            assert!(
                error["error_data"]["details"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{what}"
            );
            assert!(error["fbtrace_id"].is_string(), "{what}");
        }
    }
    let shown = scene.customer().transcript();
    assert_eq!(shown.len(), 8, "only what was accepted is on the phone");
    assert_eq!(shown[4].text, "?\nOpen: https://shop.test");
    assert_eq!(shown[7].text, format!("Hello Ana, your order 7 is ready."));
}

#[tokio::test]
async fn a_token_opens_its_own_numbers_only() {
    let scene = Scene::new().await;
    scene.sim.add_whatsapp(WhatsAppAccount {
        phone_number_id: "2".into(),
        business_account_id: "3".into(),
        token: "other".into(),
        ..number("http://127.0.0.1:9/")
    });
    let hi = with("text", json!({"body": "Hi"}));
    let own = format!("/v24.0/{NUMBER}/messages");
    assert_eq!(
        post(&scene, &own, "wrong", &hi).await.1["error"]["code"],
        190
    );
    assert_eq!(post(&scene, &own, "wrong", &hi).await.0, 401);
    assert_eq!(
        post(&scene, &own, "other", &hi).await.1["error"]["code"],
        100
    );
    assert_eq!(
        post(&scene, "/v24.0/404/messages", TOKEN, &hi).await.1["error"]["code"],
        100
    );
    // The Graph API's own errors come before WhatsApp reads anything.
    let (status, answer) = post(&scene, &format!("/latest/{NUMBER}/messages"), TOKEN, &hi).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &2_500.into()));
    let (_, answer) = post(&scene, "/v24.0/404/messages", TOKEN, &hi).await;
    assert_eq!(answer["error"]["error_subcode"], 33);
    assert_eq!(answer["error"]["type"], "GraphMethodException");
    assert_eq!(post(&scene, &own, TOKEN, &hi).await.0, 200);
}

#[tokio::test]
async fn a_number_and_a_pair_have_limits() {
    let options = Options {
        rate_per_second: Some(3),
        ..Options::default()
    };
    let scene = Scene::with(options).await;
    let path = format!("/v25.0/{NUMBER}/messages");
    let hi = with("text", json!({"body": "Hi"}));
    let mut codes = Vec::new();
    for _ in 0..30 {
        let (_, answer) = post(&scene, &path, TOKEN, &hi).await;
        codes.push(answer["error"]["code"].as_i64());
    }
    assert_eq!(codes[..3], [None; 3]);
    assert!(codes.contains(&Some(130_429)));

    let scene = Scene::with(Options {
        rate_per_second: None,
        ..Options::default()
    })
    .await;
    scene.sim.limit_pairs(true);
    for n in 0..46 {
        let (_, answer) = post(&scene, &path, TOKEN, &hi).await;
        let wanted = if n < 45 { Value::Null } else { 131_056.into() };
        assert_eq!(answer["error"]["code"], wanted, "message {n}");
    }
    let mut other = hi.clone();
    other["to"] = "972540000000".into();
    assert_eq!(
        post(&scene, &path, TOKEN, &other).await.0,
        200,
        "another recipient"
    );
}

#[tokio::test]
async fn a_template_is_made_listed_and_sent() {
    let scene = Scene::new().await;
    let path = format!("/v25.0/{WABA}/message_templates");
    let mut made = json!({
        "name": "order_ready", "language": "en", "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Take {{1}} and {{2}} now.", "example": {"body_text": [["a", "b"]]}}],
    });
    assert_eq!(
        post(&scene, &path, TOKEN, &made).await.1["status"],
        "PENDING"
    );
    let approved = TemplateChange {
        name: "order_ready".into(),
        language: "en".into(),
        status: Some("APPROVED".into()),
        ..TemplateChange::default()
    };
    assert!(scene.sim.change_template(WABA, &approved));
    // A parameter's text is not filled in again.
    let (status, _) = post(
        &scene,
        &format!("/v25.0/{NUMBER}/messages"),
        TOKEN,
        &template("en", &["{{2}}", "b"]),
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(
        scene.customer().transcript()[0].text,
        "Take {{2}} and b now."
    );
    made["name"] = "Order Ready".into();
    assert_eq!(
        post(&scene, &path, TOKEN, &made).await.1["error"]["code"],
        100
    );
    let url = format!("{}{path}", scene.sim.base_url(Service::WhatsApp));
    let all: Value = scene
        .http
        .get(url)
        .bearer_auth(TOKEN)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(all["data"][0]["name"], "hello_world");
    assert_eq!(all["data"][1]["name"], "order_ready");
}

async fn get(scene: &Scene, path: &str) -> (u16, Value) {
    let url = format!("{}{path}", scene.sim.base_url(Service::WhatsApp));
    let answer = scene.http.get(url).bearer_auth(TOKEN).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_number_tells_its_fields_and_keeps_its_profile() {
    let scene = Scene::new().await;
    let fields =
        format!("/v25.0/{NUMBER}?fields=quality_rating%2Cname_status,health_status%7Bentities%7D");
    let (status, answer) = get(&scene, &fields).await;
    let mut names: Vec<&str> = answer
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        names,
        ["health_status", "id", "name_status", "quality_rating"]
    );
    let (status, answer) = get(&scene, &format!("/v25.0/{NUMBER}?fields=moon")).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &100.into()));
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("(moon)")
    );
    let (_, answer) = get(&scene, &format!("/v25.0/{WABA}/phone_numbers")).await;
    assert_eq!(answer["data"][0]["id"], NUMBER);

    let profile = format!("/v25.0/{NUMBER}/whatsapp_business_profile");
    for (body, status) in [
        (
            json!({"messaging_product": "whatsapp", "about": "Tea", "websites": ["https://shop.test"]}),
            200,
        ),
        (
            json!({"messaging_product": "whatsapp", "about": "é".repeat(140)}),
            400,
        ),
        (
            json!({"messaging_product": "whatsapp", "colour": "red"}),
            400,
        ),
        (
            json!({"messaging_product": "whatsapp", "websites": ["a", "b", "c"]}),
            400,
        ),
        (json!({"about": "Tea"}), 400),
    ] {
        assert_eq!(
            post(&scene, &profile, TOKEN, &body).await.0,
            status,
            "{body}"
        );
    }
    let (_, answer) = get(&scene, &format!("{profile}?fields=about,websites")).await;
    assert_eq!(
        answer["data"][0],
        json!({"about": "Tea", "websites": ["https://shop.test"], "messaging_product": "whatsapp"})
    );
}

#[tokio::test]
async fn a_file_is_uploaded_in_parts_and_fetched_again() {
    let scene = Scene::new().await;
    let url = format!(
        "{}/v25.0/{NUMBER}/media",
        scene.sim.base_url(Service::WhatsApp)
    );
    let upload = async |parts: &[&str]| -> Value {
        let mut body = String::new();
        for (part, value) in parts.iter().filter_map(|part| part.split_once('=')) {
            body.push_str(&format!(
                "--b\r\nContent-Disposition: form-data; name=\"{part}\"\r\n\r\n{value}\r\n"
            ));
        }
        let post = scene.http.post(&url).bearer_auth(TOKEN);
        let post = post.header("content-type", "multipart/form-data; boundary=b");
        post.body(body + "--b--")
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    };
    let (product, file) = ("messaging_product=whatsapp", "file=x");
    let made = upload(&[product, "type=text/plain", file]).await;
    let id = made["id"].as_str().unwrap();
    assert_eq!(get(&scene, &format!("/v25.0/{id}")).await.1["id"], id);
    for parts in [
        &[product, "type=text/plain"][..],
        &["type=text/plain", file],
        &["messaging_product=x", "type=text/plain", file],
        &[product, "type=application/x-msdownload", file],
    ] {
        assert_eq!(upload(parts).await["error"]["code"], 100, "{parts:?}");
    }
    let large = "x".repeat(500_001);
    let sticker = upload(&[product, "type=image/webp", &format!("file={large}")]).await;
    assert_eq!(sticker["error"]["code"], 131_053);
    let (status, _) = get(&scene, &format!("/v25.0/{}", "7700000000000")).await;
    assert_eq!(status, 400, "nobody has uploaded this one");
}

#[tokio::test]
async fn a_listed_template_says_how_its_parameters_are_named() {
    let scene = Scene::new().await;
    for (name, body) in [
        ("by_number", "Hello {{1}}"),
        ("by_name", "Hello {{first_name}}"),
    ] {
        scene.sim.add_template(
            WABA,
            crate::Template {
                name: name.into(),
                language: "en".into(),
                category: "UTILITY".into(),
                body: body.into(),
                status: "APPROVED".into(),
                ..crate::Template::default()
            },
        );
    }
    let (_, all) = get(&scene, &format!("/v25.0/{WABA}/message_templates")).await;
    let formats = all["data"].as_array().unwrap().iter();
    let formats: Vec<&Value> = formats.map(|one| &one["parameter_format"]).collect();
    assert_eq!(formats, ["POSITIONAL", "POSITIONAL", "NAMED"]);
}

#[tokio::test]
async fn a_template_is_refused_for_what_it_is_not_given() {
    let scene = Scene::with(Options {
        rate_per_second: None,
        ..Options::default()
    })
    .await;
    let add = |template: crate::Template| {
        let approved = crate::Template {
            language: "en".into(),
            category: "MARKETING".into(),
            status: "APPROVED".into(),
            ..template
        };
        scene.sim.add_template(WABA, approved);
    };
    add(crate::Template {
        name: "picture".into(),
        body: "Look.".into(),
        header_format: Some("IMAGE".into()),
        ..crate::Template::default()
    });
    add(crate::Template {
        name: "title".into(),
        body: "Look.".into(),
        header: Some("No. {{1}}".into()),
        ..crate::Template::default()
    });
    add(crate::Template {
        name: "named".into(),
        body: "Dear {{guest}}, see {{what}}.".into(),
        ..crate::Template::default()
    });
    add(crate::Template {
        name: "coupon".into(),
        body: "Look.".into(),
        buttons: vec![
            json!({"type": "COPY_CODE"}),
            json!({"type": "QUICK_REPLY", "text": "No"}),
        ],
        ..crate::Template::default()
    });
    add(crate::Template {
        name: "cards".into(),
        body: "Look.".into(),
        more: vec![json!({"type": "CAROUSEL", "cards": []})],
        ..crate::Template::default()
    });
    let text = |name: Option<&str>, text: &str| match name {
        Some(name) => json!({"type": "text", "parameter_name": name, "text": text}),
        None => json!({"type": "text", "text": text}),
    };
    let part = |kind: &str, parameters: Vec<Value>| json!({"type": kind, "parameters": parameters});
    let button = |kind: &str, index: u8, parameter: Value| json!({"type": "button", "sub_type": kind, "index": index.to_string(), "parameters": [parameter]});
    let picture = json!({"type": "image", "image": {"link": "https://x.test/a.png"}});
    let code = || {
        button(
            "copy_code",
            0,
            json!({"type": "coupon_code", "coupon_code": "TEA"}),
        )
    };
    let table = [
        ("picture", vec![], 132_012),
        (
            "picture",
            vec![part("header", vec![text(None, "a")])],
            132_012,
        ),
        ("picture", vec![part("header", vec![picture])], 0),
        ("title", vec![], 132_000),
        ("title", vec![part("header", vec![text(None, "7")])], 0),
        (
            "title",
            vec![part("header", vec![text(None, "7\n8")])],
            132_018,
        ),
        ("named", vec![], 132_000),
        (
            "named",
            vec![part("body", vec![text(None, "A"), text(None, "B")])],
            100,
        ),
        (
            "named",
            vec![part(
                "body",
                vec![text(Some("guest"), "A"), text(Some("who"), "B")],
            )],
            132_000,
        ),
        (
            "named",
            vec![part(
                "body",
                vec![text(Some("what"), "B"), text(Some("guest"), "A")],
            )],
            0,
        ),
        (
            "named",
            vec![part(
                "body",
                vec![text(Some("what"), "a     b"), text(Some("guest"), "A")],
            )],
            132_018,
        ),
        ("coupon", vec![], 131_008),
        ("coupon", vec![code()], 0),
        (
            "coupon",
            vec![code(), button("url", 1, text(None, "x"))],
            132_018,
        ),
        (
            "coupon",
            vec![
                code(),
                button("quick_reply", 1, json!({"type": "payload", "payload": "n"})),
            ],
            0,
        ),
        ("cards", vec![], 132_012),
    ];
    for (name, components, code) in table {
        let mut body = with(
            "template",
            json!({"name": name, "language": {"code": "en"}}),
        );
        if !components.is_empty() {
            body["template"]["components"] = components.into();
        }
        let path = format!("/v25.0/{NUMBER}/messages");
        let (_, answer) = post(&scene, &path, TOKEN, &body).await;
        let got = answer["error"]["code"].as_i64().unwrap_or(0);
        assert_eq!(got, code, "{name}: {body} {answer}");
    }
}
