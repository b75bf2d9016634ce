//! Each rule is broken once, and the violation names the field.

use serde_json::{Value, json};

use super::*;
use crate::{channels::ChannelId, templates::Category};

/// A draft that keeps all rules, with some fields in place of its own. `null` removes a field.
fn draft(of: Value) -> NewDraft {
    let mut whole = json!({
        "channel_id": ChannelId::new(), "name": "offer", "language": "en_US", "category": "marketing",
        "body": {"text": "Hello {{1}}.", "examples": ["Amina"]},
    });
    let fields = whole.as_object_mut().unwrap();
    for (key, value) in of.as_object().unwrap() {
        match value {
            Value::Null => fields.remove(key),
            value => fields.insert(key.clone(), value.clone()),
        };
    }
    serde_json::from_value(whole).unwrap()
}

fn code(of: Value) -> NewDraft {
    let mut whole = json!({"category": "authentication", "body": null,
                           "buttons": [{"type": "one_time_password", "otp_type": "copy_code"}]});
    let fields = of.as_object().unwrap().clone();
    whole.as_object_mut().unwrap().extend(fields);
    draft(whole)
}

/// The first violation.
fn fault(draft: &NewDraft) -> Option<String> {
    let Invalid(all) = draft.check().err()?;
    Some(all[0].pointer.clone())
}

fn all_fit(drafts: Vec<NewDraft>) {
    for draft in drafts {
        let found = draft.check();
        assert!(found.is_ok(), "{found:?}: {draft:?}");
    }
}

fn each_breaks(drafts: Vec<(NewDraft, &str)>) {
    for (draft, pointer) in drafts {
        assert_eq!(fault(&draft).as_deref(), Some(pointer), "{draft:?}");
    }
}

#[test]
fn names_languages_and_lives() {
    all_fit(vec![
        draft(json!({"language": "en"})),
        draft(json!({"language": "zh_HK", "name": "a1_"})),
        draft(json!({"message_send_ttl_seconds": 43_200})),
        draft(json!({"message_send_ttl_seconds": 2_592_000})),
        draft(json!({"category": "utility", "message_send_ttl_seconds": -1})),
        code(json!({"message_send_ttl_seconds": 900})),
    ]);
    each_breaks(vec![
        (draft(json!({"name": "Big"})), "/name"),
        (draft(json!({"name": ""})), "/name"),
        (draft(json!({"name": "x".repeat(513)})), "/name"),
        (draft(json!({"language": "english"})), "/language"),
        (draft(json!({"language": "en_XX"})), "/language"),
        (
            draft(json!({"message_send_ttl_seconds": 43_199})),
            "/message_send_ttl_seconds",
        ),
        (
            draft(json!({"message_send_ttl_seconds": -1})),
            "/message_send_ttl_seconds",
        ),
        (
            draft(json!({"category": "utility", "message_send_ttl_seconds": 43_201})),
            "/message_send_ttl_seconds",
        ),
        (
            code(json!({"message_send_ttl_seconds": 29})),
            "/message_send_ttl_seconds",
        ),
    ]);
}

#[test]
fn texts_and_their_variables() {
    let body = |text: &str, examples: &[&str]| {
        draft(json!({"body": {"text": text, "examples": examples}}))
    };
    let named = |text: &str, examples: &[&str]| {
        draft(json!({"parameter_format": "named", "body": {"text": text, "examples": examples}}))
    };
    all_fit(vec![
        body("Hello {{1}}.", &["A"]),
        body("Hello.", &[]),
        body("Hello {{1}}, see {{2}} and {{1}}.", &["A", "B"]),
        body("One\n\ntwo.", &[]),
        named("Hello {{first_name}}, no. {{order_2}}.", &["A", "7"]),
    ]);
    let (text, examples) = ("/body/text", "/body/examples");
    each_breaks(vec![
        (body("", &[]), text),
        (body(&"x".repeat(1_025), &[]), text),
        (body("Hello {{1}}.", &[]), examples),
        (body("Hello {{1}}.", &[" "]), examples),
        (body("Hello.", &["A"]), examples),
        (body("Hello {{2}}.", &["A"]), text),
        (body("Hello {{ 1 }}.", &["A"]), text),
        (body("Hello {{name}}.", &["A"]), text),
        (body("{{1}} is here.", &["A"]), text),
        (body("Here is {{1}}", &["A"]), text),
        (body("Hello {{1}} {{2}}.", &["A", "B"]), text),
        (body("One\n\n\ntwo.", &[]), text),
        (body("Hello }} there.", &[]), text),
        (body("Hello {{1}}.", &[&"x".repeat(1_024)]), text),
        (named("Hello {{1}}.", &["A"]), text),
        (named("Hello {{Name}}.", &["A"]), text),
        (named("Hello {{name}}.", &[]), examples),
        (draft(json!({"footer": "{{1}}"})), "/footer"),
        (draft(json!({"footer": "One\ntwo"})), "/footer"),
        (draft(json!({"footer": "x".repeat(61)})), "/footer"),
    ]);
}

#[test]
fn headers() {
    let header = |header: Value| draft(json!({"header": header}));
    all_fit(vec![
        header(json!({"text": "News"})),
        header(json!({"text": "News of {{1}}", "examples": ["May"]})),
        draft(
            json!({"parameter_format": "named", "header": {"text": "For {{name}}", "examples": ["A"]},
                     "body": {"text": "Hi."}}),
        ),
        header(json!({"format": "image", "handle": "4::aW"})),
        header(json!({"format": "document", "handle": "4::aW"})),
        header(json!({"format": "location"})),
    ]);
    each_breaks(vec![
        (header(json!({})), "/header/text"),
        (header(json!({"text": "x".repeat(61)})), "/header/text"),
        (header(json!({"text": "One\ntwo"})), "/header/text"),
        (header(json!({"text": "*News*"})), "/header/text"),
        (
            header(json!({"text": "{{1}} and {{2}}", "examples": ["A", "B"]})),
            "/header/text",
        ),
        (header(json!({"text": "For {{1}}"})), "/header/examples"),
        (
            header(json!({"text": "News", "handle": "4::aW"})),
            "/header/handle",
        ),
        (header(json!({"format": "image"})), "/header/handle"),
        (
            header(json!({"format": "image", "handle": "https://cdn.test/a"})),
            "/header/handle",
        ),
        (
            header(json!({"format": "video", "handle": "4::aW", "text": "Hi"})),
            "/header/text",
        ),
        (
            header(json!({"format": "location", "handle": "4::aW"})),
            "/header/handle",
        ),
    ]);
}

#[test]
fn buttons_alone_and_together() {
    let buttons = |buttons: Value| draft(json!({"buttons": buttons}));
    let reply = |text: &str| json!({"type": "quick_reply", "text": text});
    let call = json!({"type": "phone_number", "text": "Call", "phone_number": "+254711000001"});
    let site = |text: &str| json!({"type": "url", "text": text, "url": "https://a.test/"});
    let copy = json!({"type": "copy_code", "example": "TEA25"});
    let flow =
        json!({"type": "flow", "text": "Fill in", "flow_id": "15261", "navigate_screen": "ONE"});
    all_fit(vec![
        buttons(json!([reply("Yes"), reply("No"), site("Shop"), call])),
        buttons(json!([site("Shop"), call, copy, reply("Yes")])),
        buttons(json!([flow])),
        buttons(
            json!([{"type": "flow", "text": "Go", "flow_id": "1", "flow_action": "data_exchange"}]),
        ),
    ]);
    let first = |field: &str| format!("/buttons/0/{field}");
    let many: Vec<Value> = (0..11).map(|n| reply(&n.to_string())).collect();
    each_breaks(vec![
        (buttons(json!(many)), "/buttons"),
        (
            buttons(json!([site("A"), site("B"), site("C")])),
            "/buttons",
        ),
        (buttons(json!([call, call])), "/buttons"),
        (buttons(json!([copy, copy])), "/buttons"),
        (buttons(json!([flow, flow])), "/buttons"),
        (
            buttons(json!([reply("A"), site("B"), reply("C")])),
            "/buttons",
        ),
        (buttons(json!([site("A"), reply("B"), call])), "/buttons"),
        (buttons(json!([reply("A"), reply("A")])), "/buttons/1/text"),
        (
            draft(json!({"category": "utility", "buttons": [copy]})),
            &first("type"),
        ),
    ]);
    for (button, field) in [
        (reply(""), "text"),
        (reply(&"x".repeat(26)), "text"),
        (reply("Hi {{1}}"), "text"),
        (
            json!({"type": "quick_reply", "text": "A", "url": "https://a.test/"}),
            "url",
        ),
        (
            json!({"type": "phone_number", "text": "Call", "phone_number": "12"}),
            "phone_number",
        ),
        (
            json!({"type": "copy_code", "text": "Copy", "example": "TEA"}),
            "text",
        ),
        (json!({"type": "copy_code"}), "example"),
        (
            json!({"type": "copy_code", "example": "x".repeat(16)}),
            "example",
        ),
        (
            json!({"type": "flow", "text": "Go", "flow_id": "x", "navigate_screen": "ONE"}),
            "flow_id",
        ),
        (
            json!({"type": "flow", "text": "Go", "flow_id": "1"}),
            "navigate_screen",
        ),
        (
            json!({"type": "flow", "text": "Go", "flow_id": "1", "flow_action": "data_exchange", "navigate_screen": "ONE"}),
            "navigate_screen",
        ),
        (
            json!({"type": "one_time_password", "otp_type": "copy_code"}),
            "type",
        ),
    ] {
        let found = fault(&buttons(json!([button])));
        assert_eq!(found, Some(first(field)), "{button}");
    }
}

#[test]
fn a_button_opens_a_public_address_whatever_its_variable_is() {
    let good = "https://a.test/tea";
    let long = format!("https://a.test/{}", "x".repeat(2_000));
    for (url, example, fault) in [
        (good, None, None),
        ("https://a.test/{{1}}", Some(good), None),
        ("https://a.test?p={{1}}", Some(good), None),
        (
            "https://a.test{{1}}",
            Some(good),
            Some(("url", "variables")),
        ),
        ("https://{{1}}", Some(good), Some(("url", "variables"))),
        (
            "https://a.test/{{2}}",
            Some(good),
            Some(("url", "variables")),
        ),
        ("http://a.test/", None, Some(("url", "not_https"))),
        ("https://10.0.0.1/", None, Some(("url", "private_host"))),
        (
            "https://169.254.169.254/{{1}}",
            Some(good),
            Some(("url", "private_host")),
        ),
        ("https://a.test@b.test/", None, Some(("url", "credentials"))),
        (
            "https://wa.me/254711000001",
            None,
            Some(("url", "whatsapp")),
        ),
        (
            "https://chat.whatsapp.com/x",
            None,
            Some(("url", "whatsapp")),
        ),
        (&long, None, Some(("url", "length"))),
        (good, Some(good), Some(("example", "not_here"))),
        ("https://a.test/{{1}}", None, Some(("example", "invalid"))),
        (
            "https://a.test/{{1}}",
            Some("https://localhost/x"),
            Some(("example", "private_host")),
        ),
        (
            "https://a.test/{{1}}",
            Some("https://a:b@a.test/x"),
            Some(("example", "credentials")),
        ),
    ] {
        let mut button = json!({"type": "url", "text": "Shop", "url": url});
        if let Some(example) = example {
            button["example"] = example.into();
        }
        let draft = draft(json!({"buttons": [button]}));
        let found = draft.check().err().map(|Invalid(all)| all);
        let found = found
            .as_deref()
            .map(|all| (all[0].pointer.as_str(), all[0].code, all.len()));
        let fault = fault.map(|(field, code)| (format!("/buttons/0/{field}"), code));
        let fault = fault
            .as_ref()
            .map(|(pointer, code)| (pointer.as_str(), *code, 1));
        assert_eq!(found, fault, "{url} {example:?}");
    }
}

#[test]
fn authentication_templates() {
    let app = json!({"package_name": "com.example.shop", "signature_hash": "K8a/AINcGX7"});
    let otp = |more: Value| {
        let mut button =
            json!({"type": "one_time_password", "otp_type": "one_tap", "supported_apps": [app]});
        let fields = more.as_object().unwrap().clone();
        button.as_object_mut().unwrap().extend(fields);
        code(json!({"buttons": [button]}))
    };
    all_fit(vec![
        code(json!({})),
        code(json!({"add_security_recommendation": true, "code_expiration_minutes": 10})),
        otp(json!({"text": "Copy", "autofill_text": "Fill in"})),
        otp(json!({"otp_type": "zero_tap", "zero_tap_terms_accepted": true})),
    ]);
    each_breaks(vec![
        (code(json!({"body": {"text": "Code {{1}}."}})), "/body"),
        (code(json!({"header": {"text": "Code"}})), "/header"),
        (code(json!({"footer": "Zuri"})), "/footer"),
        (code(json!({"buttons": []})), "/buttons"),
        (
            code(json!({"buttons": [{"type": "quick_reply", "text": "Yes"}]})),
            "/buttons/0/type",
        ),
        (
            code(json!({"code_expiration_minutes": 91})),
            "/code_expiration_minutes",
        ),
        (
            code(json!({"buttons": [{"type": "one_time_password"}]})),
            "/buttons/0/otp_type",
        ),
        (
            otp(json!({"supported_apps": []})),
            "/buttons/0/supported_apps",
        ),
        (
            otp(
                json!({"supported_apps": [{"package_name": "shop", "signature_hash": "K8a/AINcGX7"}]}),
            ),
            "/buttons/0/supported_apps/0/package_name",
        ),
        (
            otp(json!({"supported_apps": [{"package_name": "a.b", "signature_hash": "short"}]})),
            "/buttons/0/supported_apps/0/signature_hash",
        ),
        (
            otp(json!({"otp_type": "copy_code"})),
            "/buttons/0/supported_apps",
        ),
        (
            otp(json!({"otp_type": "zero_tap"})),
            "/buttons/0/zero_tap_terms_accepted",
        ),
        (
            draft(json!({"add_security_recommendation": true})),
            "/add_security_recommendation",
        ),
        (
            draft(json!({"code_expiration_minutes": 5})),
            "/code_expiration_minutes",
        ),
    ]);
}

#[test]
fn offers_that_end() {
    let copy = json!({"type": "copy_code", "example": "TEA25"});
    let shop = json!({"type": "url", "text": "Shop", "url": "https://a.test/"});
    let offer = |more: Value| {
        let mut whole = json!({"limited_time_offer": {"text": "Soon over!", "has_expiration": true},
                               "header": {"format": "image", "handle": "4::aW"}, "buttons": [copy, shop]});
        let fields = more.as_object().unwrap().clone();
        whole.as_object_mut().unwrap().extend(fields);
        draft(whole)
    };
    all_fit(vec![
        offer(json!({})),
        offer(json!({"header": null})),
        offer(json!({"limited_time_offer": {"text": "Now!"}, "buttons": [shop]})),
    ]);
    each_breaks(vec![
        (
            offer(json!({"category": "utility", "buttons": [shop]})),
            "/limited_time_offer",
        ),
        (offer(json!({"footer": "Zuri"})), "/footer"),
        (offer(json!({"header": {"text": "News"}})), "/header/format"),
        (
            offer(json!({"limited_time_offer": {"text": "x".repeat(17)}})),
            "/limited_time_offer/text",
        ),
        (
            offer(json!({"body": {"text": "x".repeat(601)}})),
            "/body/text",
        ),
        (offer(json!({"buttons": [shop, copy]})), "/buttons"),
        (offer(json!({"buttons": [shop]})), "/buttons"),
    ]);
}

#[test]
fn carousels() {
    let card = |format: &str, body: Value| {
        let mut card = json!({"header": {"format": format, "handle": "4::aW"},
                              "buttons": [{"type": "url", "text": "Buy", "url": "https://a.test/"}]});
        if !body.is_null() {
            card["body"] = body;
        }
        card
    };
    let tea = || card("image", json!({"text": "Tea."}));
    let cards = |cards: Vec<Value>| draft(json!({"cards": cards}));
    all_fit(vec![
        cards(vec![tea(), tea()]),
        cards(vec![card("video", Value::Null); 10]),
    ]);
    let mut reply = tea();
    reply["buttons"] = json!([{"type": "quick_reply", "text": "More"}]);
    let mut bare = tea();
    bare["buttons"] = json!([]);
    each_breaks(vec![
        (cards(vec![tea()]), "/cards"),
        (cards(vec![tea(); 11]), "/cards"),
        (
            draft(json!({"category": "utility", "cards": [tea(), tea()]})),
            "/cards",
        ),
        (
            draft(json!({"footer": "Zuri", "cards": [tea(), tea()]})),
            "/footer",
        ),
        (
            draft(
                json!({"buttons": [{"type": "quick_reply", "text": "A"}], "cards": [tea(), tea()]}),
            ),
            "/buttons",
        ),
        (
            cards(vec![tea(), card("video", json!({"text": "Tea."}))]),
            "/cards/1/header/format",
        ),
        (
            cards(vec![tea(), card("image", Value::Null)]),
            "/cards/1/body",
        ),
        (cards(vec![tea(), reply]), "/cards/1/buttons"),
        (cards(vec![bare.clone(), bare]), "/cards/0/buttons"),
        (
            cards(vec![
                card("document", Value::Null),
                card("document", Value::Null),
            ]),
            "/cards/0/header/format",
        ),
        (
            cards(vec![card("image", json!({"text": "x".repeat(161)})), tea()]),
            "/cards/0/body/text",
        ),
    ]);
    assert_eq!(draft(json!({})).category, Category::Marketing);
}
