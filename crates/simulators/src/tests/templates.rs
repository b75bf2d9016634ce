//! Templates as Meta takes them: samples in parts, a strict review, changes, and pauses.

use bytes::Bytes;
use kazi_clients::whatsapp::{self, ChangedTemplate, NewTemplate, Sample};
use serde_json::{Value, json};

use super::{Scene, TOKEN, WABA};
use crate::{CutAt, Fault, Service, TemplateChange};

fn picture() -> Sample {
    Sample {
        name: "spring.png".into(),
        mime: "image/png".into(),
        bytes: Bytes::from(vec![7_u8; 100_000]),
    }
}

fn cut(at: CutAt, times: u32) -> Fault {
    Fault {
        matches: Some("/upload:".into()),
        method: Some("POST".into()),
        cut: Some(at),
        times: Some(times),
        ..Fault::on(Service::WhatsApp)
    }
}

#[tokio::test]
async fn a_broken_upload_goes_on_where_it_stands() {
    for at in [CutAt::Before, CutAt::Middle, CutAt::After] {
        let scene = Scene::new().await;
        scene.sim.fault(cut(at, 1));
        let handle = scene.whatsapp(TOKEN).upload_sample(&picture()).await;
        let handle = handle.unwrap();
        assert_eq!(
            scene.sim.sample(&handle),
            Some(picture().bytes.to_vec()),
            "{at:?}"
        );
        let ledger = scene.sim.ledger(Service::WhatsApp);
        let sent = ledger
            .iter()
            .filter(|entry| entry.path.contains("/upload:"));
        let sent: Vec<&str> = sent.map(|entry| entry.method.as_str()).collect();
        assert_eq!(sent, ["POST", "GET", "POST"], "{at:?}");
    }
}

#[tokio::test]
async fn an_upload_that_breaks_for_ever_ends_with_its_failure() {
    let scene = Scene::new().await;
    scene.sim.fault(cut(CutAt::Before, 100));
    let ended = scene.whatsapp(TOKEN).upload_sample(&picture()).await;
    assert!(
        matches!(ended, Err(whatsapp::Error::Failed(_))),
        "{ended:?}"
    );
}

#[tokio::test]
async fn an_upload_takes_only_its_own_token_scheme_and_types() {
    let scene = Scene::new().await;
    let strange = Sample {
        mime: "image/gif".into(),
        ..picture()
    };
    let refused = scene.whatsapp(TOKEN).upload_sample(&strange).await;
    assert!(matches!(refused, Err(whatsapp::Error::Rejected(refusal)) if refusal.code == 100));
    let refused = scene.whatsapp("another").upload_sample(&picture()).await;
    assert!(matches!(refused, Err(whatsapp::Error::Rejected(refusal)) if refusal.code == 190));
    let base = format!("{}/v25.0", scene.sim.base_url(Service::WhatsApp));
    let asked = format!("{base}/app/uploads?file_length=3&file_type=image/png&file_name=a.png");
    let begun = scene.http.post(asked).bearer_auth(TOKEN).send().await;
    let begun: Value = begun.unwrap().json().await.unwrap();
    let session = format!("{base}/{}", begun["id"].as_str().unwrap());
    for (scheme, offset, body, status) in [
        ("Bearer", "0", "abc", 401),
        ("OAuth", "1", "abc", 400),
        ("OAuth", "0", "abcd", 400),
        ("OAuth", "0", "abc", 200),
    ] {
        let sent = scene.http.post(&session).header("file_offset", offset);
        let sent = sent.header("authorization", format!("{scheme} {TOKEN}"));
        let answer = sent.body(body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{scheme} {offset} {body}");
    }
}

struct Account {
    scene: Scene,
    handle: String,
}

impl Account {
    async fn open() -> Self {
        let scene = Scene::new().await;
        let handle = scene.whatsapp(TOKEN).upload_sample(&picture()).await;
        let handle = handle.unwrap();
        Self { scene, handle }
    }

    async fn ask(
        &self,
        (name, category, format): (&str, &str, &str),
        seconds: Option<i32>,
        components: &Value,
    ) -> Result<String, i64> {
        let new = NewTemplate {
            name,
            language: "en",
            category,
            allow_category_change: false,
            parameter_format: format,
            message_send_ttl_seconds: seconds,
            components,
        };
        let made = self.scene.whatsapp(TOKEN).create_template(WABA, &new).await;
        match made {
            Ok(made) => Ok(made.id.unwrap()),
            Err(whatsapp::Error::Rejected(refusal)) => Err(refusal.code),
            Err(other) => panic!("{other}"),
        }
    }

    fn decide(&self, status: &str, title: Option<&str>) {
        let change = TemplateChange {
            name: "offer".into(),
            language: "en".into(),
            status: Some(status.into()),
            title: title.map(str::to_owned),
            ..TemplateChange::default()
        };
        assert!(self.scene.sim.change_template(WABA, &change));
    }
}

#[tokio::test]
async fn the_review_refuses_what_meta_refuses() {
    let account = Account::open().await;
    let header = |format: &str| json!({"type": "HEADER", "format": format, "example": {"header_handle": [account.handle]}});
    let body = json!({"type": "BODY", "text": "Tea is cheap."});
    let buttons = |all: Value| json!({"type": "BUTTONS", "buttons": all});
    let reply = |text: &str| json!({"type": "QUICK_REPLY", "text": text});
    let url = |url: &str| json!({"type": "URL", "text": "Shop", "url": url});
    let named = json!({"type": "BODY", "text": "Hi {{name}}.",
                       "example": {"body_text_named_params": [{"param_name": "name", "example": "A"}]}});
    let card = |format: &str| json!({"components": [header(format), buttons(json!([url("https://a.test/")]))]});
    let cards = |all: Value| json!({"type": "CAROUSEL", "cards": all});
    let offer = json!({"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Soon!", "has_expiration": true}});
    let code = |more: Value| {
        let mut button = json!({"type": "OTP", "otp_type": "ONE_TAP",
                                "supported_apps": [{"package_name": "a.b", "signature_hash": "K8a/AINcGX7"}]});
        let fields = more.as_object().unwrap().clone();
        button.as_object_mut().unwrap().extend(fields);
        json!([{"type": "BODY", "add_security_recommendation": true}, {"type": "FOOTER", "code_expiration_minutes": 5},
               buttons(json!([button]))])
    };
    let positional = |text: &str, examples: Value| json!([{"type": "BODY", "text": text, "example": {"body_text": [examples]}}]);
    let plain = ("MARKETING", "POSITIONAL");
    let cases = [
        (plain, None, json!([body]), true),
        (plain, Some(43_200), json!([body]), true),
        (plain, Some(30), json!([body]), false),
        (plain, None, json!([header("IMAGE"), body]), true),
        (plain, None, json!([header("VIDEO"), body]), false),
        (
            plain,
            None,
            json!([{"type": "HEADER", "format": "IMAGE"}, body]),
            false,
        ),
        (
            plain,
            None,
            json!([{"type": "HEADER", "format": "LOCATION"}, body]),
            true,
        ),
        (("MARKETING", "NAMED"), None, json!([named]), true),
        (plain, None, json!([named]), false),
        (
            plain,
            None,
            positional("A {{1}} b {{2}} c.", json!(["1", "2"])),
            true,
        ),
        (
            plain,
            None,
            positional("A {{1}} {{2}} c.", json!(["1", "2"])),
            false,
        ),
        (plain, None, positional("A {{1}} c.", json!([])), false),
        (
            plain,
            None,
            json!([
                body,
                buttons(json!([reply("A"), reply("B"), url("https://a.test/")]))
            ]),
            true,
        ),
        (
            plain,
            None,
            json!([
                body,
                buttons(json!([reply("A"), url("https://a.test/"), reply("B")]))
            ]),
            false,
        ),
        (
            plain,
            None,
            json!([body, buttons(json!([reply("A"), reply("A")]))]),
            false,
        ),
        (
            plain,
            None,
            json!([body, buttons(json!([url("https://wa.me/1")]))]),
            false,
        ),
        (
            plain,
            None,
            json!([
                body,
                buttons(json!([{"type": "COPY_CODE", "example": "TEA"}]))
            ]),
            true,
        ),
        (
            ("UTILITY", "POSITIONAL"),
            None,
            json!([
                body,
                buttons(json!([{"type": "COPY_CODE", "example": "TEA"}]))
            ]),
            false,
        ),
        (
            plain,
            None,
            json!([
                body,
                buttons(
                    json!([{"type": "FLOW", "text": "Go", "flow_id": "1", "navigate_screen": "A"}])
                )
            ]),
            true,
        ),
        (
            plain,
            None,
            json!([
                body,
                buttons(json!([{"type": "FLOW", "text": "Go", "flow_id": "1"}]))
            ]),
            false,
        ),
        (
            plain,
            None,
            json!([body, cards(json!([card("IMAGE"), card("IMAGE")]))]),
            true,
        ),
        (
            plain,
            None,
            json!([body, cards(json!([card("IMAGE")]))]),
            false,
        ),
        (
            ("UTILITY", "POSITIONAL"),
            None,
            json!([body, cards(json!([card("IMAGE"), card("IMAGE")]))]),
            false,
        ),
        (
            plain,
            None,
            json!([
                offer,
                body,
                buttons(json!([{"type": "COPY_CODE", "example": "TEA"}, url("https://a.test/")]))
            ]),
            true,
        ),
        (
            plain,
            None,
            json!([offer, body, {"type": "FOOTER", "text": "Zuri"}]),
            false,
        ),
        (
            ("AUTHENTICATION", "POSITIONAL"),
            Some(900),
            code(json!({})),
            true,
        ),
        (
            ("AUTHENTICATION", "POSITIONAL"),
            None,
            code(json!({"otp_type": "ZERO_TAP"})),
            false,
        ),
        (("AUTHENTICATION", "POSITIONAL"), None, json!([body]), false),
    ];
    for (n, ((category, format), seconds, parts, fits)) in cases.iter().enumerate() {
        let name = format!("t{n}");
        let made = account
            .ask((&name, category, format), *seconds, parts)
            .await;
        assert_eq!(made.is_ok(), *fits, "{category} {seconds:?} {parts}");
    }
    // Meta has written the texts of the code.
    let list = account.scene.whatsapp(TOKEN).templates(WABA, None).await;
    let list = list.unwrap().templates;
    let code = list.iter().find(|one| one.category == "AUTHENTICATION");
    let body = &code.unwrap().components[0]["text"];
    assert!(body.as_str().unwrap().starts_with("*{{1}}* is your"));
}

#[tokio::test]
async fn an_approved_template_changes_once_a_day_and_only_pacing_is_ended() {
    let account = Account::open().await;
    let number = account.scene.whatsapp(TOKEN);
    let parts = |text: &str| json!([{"type": "BODY", "text": text}]);
    let offer = ("offer", "MARKETING", "POSITIONAL");
    let id = account.ask(offer, None, &parts("Tea.")).await.unwrap();
    let change = async |text: &str, category: Option<&str>| {
        let components = &parts(text);
        let changed = ChangedTemplate {
            category,
            message_send_ttl_seconds: None,
            components,
        };
        number.change_template(&id, &changed).await.is_ok()
    };
    assert!(!change("Under review.", None).await);
    account.decide("REJECTED", None);
    assert!(change("Better.", Some("UTILITY")).await);
    account.decide("REJECTED", None);
    assert!(change("Better still.", None).await, "as often as one likes");
    account.decide("APPROVED", None);
    assert!(!change("Of another category.", Some("MARKETING")).await);
    assert!(!change("", None).await);
    assert!(change("New.", None).await);
    account.decide("APPROVED", None);
    assert!(!change("Newer.", None).await);
    let unpaused = async || number.unpause_template(&id).await.unwrap().success;
    assert!(!unpaused().await);
    account.decide("PAUSED", Some("FIRST_PAUSE"));
    assert!(!unpaused().await);
    account.decide("PAUSED", None);
    assert!(unpaused().await);
    let list = number.templates(WABA, None).await.unwrap().templates;
    let now = list.iter().find(|one| one.name == "offer").unwrap();
    assert_eq!(now.status, "APPROVED");
    assert_eq!(now.components[0]["text"], "New.");
}
