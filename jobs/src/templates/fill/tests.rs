//! Filling a template: what fits it, and what Meta would refuse.

use serde_json::Value;

use super::*;
use crate::templates::{Category, Place, TemplateId, TemplateStatus};

fn template(body: &str) -> Template {
    Template {
        id: TemplateId::new(),
        account: "1".into(),
        name: "t".into(),
        language: "en".into(),
        category: Category::Utility,
        status: TemplateStatus::Approved,
        body: body.into(),
        components: Value::Null,
        paused_until: None,
    }
}

fn filled(
    template: &Template,
    parameters: &[String],
    header: Option<&HeaderValue>,
    buttons: Vec<ButtonParameter>,
) -> Result<Body, FillError> {
    template.fill(Values {
        parameters,
        header,
        buttons,
        ..Values::default()
    })
}

#[test]
fn what_meta_would_refuse_is_refused_here() {
    let two = template("Hello {{1}}, see you {{2}}.");
    let texts = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        filled(&two, &texts(&["A"]), None, Vec::new()),
        Err(FillError::Parameters {
            wanted: 2,
            given: 1
        })
    );
    assert_eq!(
        filled(&two, &texts(&["A", " \n"]), None, Vec::new()),
        Err(FillError::Empty(2))
    );
    let long = "x".repeat(1_024);
    assert_eq!(
        filled(&two, &texts(&["A", &long]), None, Vec::new()),
        Err(FillError::TooLong(1_024))
    );
    let Ok(Body::Template { parameters, .. }) =
        filled(&two, &texts(&["A\nB", "at     8"]), None, Vec::new())
    else {
        panic!("it can be filled in")
    };
    assert_eq!(parameters, ["A B", "at 8"]);
}

#[test]
fn a_template_is_filled_in_as_meta_wants_it() {
    let mut template = template("Hello {{guest}}, see you {{day}}.");
    template.components = serde_json::json!([
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "FOOTER", "text": "Zuri"},
        {"type": "BUTTONS", "buttons": [
            {"type": "COPY_CODE", "text": "Copy"},
            {"type": "URL", "text": "Map", "url": "https://x.test/{{1}}"},
            {"type": "QUICK_REPLY", "text": "Yes"},
        ]},
    ]);
    let texts = ["A".to_owned(), "today".to_owned()];
    let picture = HeaderValue::Link("https://x.test/a.png".into());
    let code = |text: &str| ButtonParameter::Code {
        index: 0,
        text: text.into(),
    };
    let url = ButtonParameter::Url {
        index: 1,
        text: "north".into(),
    };
    let yes = |index| ButtonParameter::Payload {
        index,
        payload: "y".into(),
    };
    let all = vec![code("TEA"), url.clone(), yes(2)];
    let Ok(Body::Template {
        names,
        header,
        buttons,
        shown,
        ..
    }) = filled(&template, &texts, Some(&picture), all.clone())
    else {
        panic!("it can be filled in")
    };
    let words = ["Copy", "Map", "Yes"].map(str::to_owned).to_vec();
    assert_eq!(
        shown,
        Some(TemplateText {
            header: None,
            body: "Hello A, see you today.".into(),
            footer: Some("Zuri".into()),
            buttons: words,
        })
    );
    assert_eq!(names, ["guest", "day"]);
    assert_eq!(
        header,
        Some(HeaderParameter::Image {
            link: "https://x.test/a.png".into()
        })
    );
    assert_eq!(buttons, all);
    let faults = |header, buttons| filled(&template, &texts, header, buttons).unwrap_err();
    assert_eq!(faults(None, all.clone()), FillError::Header("an image"));
    let words = HeaderValue::Text("Hi".into());
    assert_eq!(
        faults(Some(&words), all.clone()),
        FillError::Header("an image")
    );
    for (buttons, index) in [
        (vec![url.clone()], 0),
        (vec![code("TEA")], 1),
        (vec![code("TEA"), url.clone(), yes(1)], 1),
        (vec![code("\u{3164}"), url.clone()], 0),
    ] {
        let fault = faults(Some(&picture), buttons);
        assert!(
            matches!(&fault, FillError::Button { index: at, .. } if *at == index),
            "{fault:?}"
        );
    }
    let long = vec![code("0123456789ABCDEF"), url];
    assert_eq!(
        faults(Some(&picture), long),
        FillError::Button {
            index: 0,
            wanted: "a shorter text"
        }
    );
    assert_eq!(template.taken(&[yes(1), yes(2)]), [yes(2)]);
}

#[test]
fn a_text_on_top_is_shown_with_its_value() {
    let mut template = template("Thank you.");
    let shown = |template: &Template, header: Option<&HeaderValue>| {
        let filled = filled(template, &[], header, Vec::new());
        let Ok(Body::Template { shown, .. }) = filled else {
            panic!("{filled:?}")
        };
        shown.unwrap().header
    };
    assert_eq!(shown(&template, None), None);
    template.components = serde_json::json!([{"type": "header", "text": "Order {{1}}"}]);
    let value = HeaderValue::Text("{{1}} 7".into());
    assert_eq!(
        shown(&template, Some(&value)).as_deref(),
        Some("Order {{1}} 7")
    );
    template.components = serde_json::json!([{"type": "HEADER", "format": "TEXT", "text": "News"}]);
    assert_eq!(shown(&template, None).as_deref(), Some("News"));
}

#[test]
fn a_place_cards_and_the_end_of_an_offer_are_filled_in() {
    let mut template = template("Tea for {{1}}.");
    template.components = serde_json::json!([
        {"type": "HEADER", "format": "LOCATION"},
        {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Soon!", "has_expiration": true}},
        {"type": "CAROUSEL", "cards": [
            {"components": [
                {"type": "HEADER", "format": "VIDEO"},
                {"type": "BODY", "text": "Only {{price}}."},
                {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Buy", "url": "https://x.test/{{1}}"}]},
            ]},
        ]},
    ]);
    let place = HeaderValue::Location(Place {
        latitude: "-1.28".into(),
        longitude: "36.82".into(),
        name: "Zuri".into(),
        address: "Kimathi Street".into(),
    });
    let parameters = ["Amina".to_owned()];
    let url = |text: &str| ButtonParameter::Url {
        index: 0,
        text: text.into(),
    };
    let card = CardValues {
        link: "https://x.test/a.mp4".into(),
        parameters: vec!["5 KES".into()],
        buttons: vec![url("tea")],
    };
    let ends = chrono::DateTime::from_timestamp(1_700_000_000, 0);
    let cards = [card.clone()];
    let values = Values {
        parameters: &parameters,
        header: Some(&place),
        buttons: Vec::new(),
        cards: &cards,
        offer_ends_at: ends,
    };
    let Ok(Body::Template {
        header,
        cards: filled,
        offer_ends,
        ..
    }) = template.fill(values.clone())
    else {
        panic!("it can be filled in")
    };
    assert!(matches!(header, Some(HeaderParameter::Location(place)) if place.latitude == "-1.28"));
    assert_eq!(offer_ends, Some(1_700_000_000_000));
    assert_eq!(filled[0].names, ["price"]);
    assert_eq!(filled[0].buttons, [url("tea")]);
    let fault = |values: Values<'_>| template.fill(values).unwrap_err();
    let few = Values {
        cards: &[],
        ..values.clone()
    };
    let (wanted, given) = (1, 0);
    assert_eq!(fault(few), FillError::Cards { wanted, given });
    let bare = CardValues {
        buttons: Vec::new(),
        ..card
    };
    let bare = [bare];
    let bare = Values {
        cards: &bare,
        ..values.clone()
    };
    assert_eq!(
        fault(bare).to_string(),
        "card 0: button 0 wants the end of its address"
    );
    let endless = Values {
        offer_ends_at: None,
        ..values.clone()
    };
    assert_eq!(
        fault(endless).to_string(),
        "the offer wants the time when it ends"
    );
    let words = HeaderValue::Text("Hi".into());
    let words = Values {
        header: Some(&words),
        ..values
    };
    assert_eq!(fault(words), FillError::Header("a place"));
}
