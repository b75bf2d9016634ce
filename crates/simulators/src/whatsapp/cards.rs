//! Filling in the cards of a carousel, and the end of a limited-time offer.

use serde_json::{Value, json};

use super::{
    errors::Refusal,
    fill::{buttons, component, header, part},
    templates::Template,
};
use crate::chats::Choice;

/// The longest body of a filled-in card, in characters (Meta).
const BODY: usize = 160;

/// A filled-in card.
pub(super) struct Card {
    pub lines: Vec<String>,
    /// Its quick replies.
    pub choices: Vec<Choice>,
}

/// Fills in each card.
pub(super) fn cards(template: &Template, asked: &Value) -> Result<Vec<Card>, Refusal> {
    let own = find(&template.more, "CAROUSEL");
    let Some(own) = own.and_then(|part| part["cards"].as_array()) else {
        return Ok(Vec::new());
    };
    let given = component(asked, &json!({"type": "carousel"}));
    let given = given.and_then(|part| part["cards"].as_array());
    let given = given.map_or(&[][..], Vec::as_slice);
    if given.len() != own.len() {
        let details = format!(
            "carousel: number of cards ({}) does not match the expected number ({})",
            given.len(),
            own.len()
        );
        return Err(Refusal::new(132_012, details));
    }
    let mut all = Vec::new();
    for (index, card) in own.iter().enumerate() {
        let asked = given.iter().find(|one| one["card_index"] == index);
        let Some(asked) = asked else {
            let details = format!("carousel: the card {index} is missing");
            return Err(Refusal::new(132_012, details));
        };
        all.push(fill(template, card, asked)?);
    }
    Ok(all)
}

fn fill(template: &Template, card: &Value, asked: &Value) -> Result<Card, Refusal> {
    let parts = card["components"].as_array().cloned().unwrap_or_default();
    let of = |kind: &str| find(&parts, kind);
    let format = of("HEADER").and_then(|part| part["format"].as_str());
    let body = of("BODY").and_then(|part| part["text"].as_str());
    let own = of("BUTTONS").and_then(|part| part["buttons"].as_array());
    let card = Template {
        category: template.category.clone(),
        header_format: format.map(str::to_uppercase),
        body: body.unwrap_or_default().to_owned(),
        buttons: own.cloned().unwrap_or_default(),
        ..Template::default()
    };
    let mut lines: Vec<String> = header(&card, asked)?.into_iter().collect();
    let text = part("body", &card.body, asked)?;
    if text.chars().count() > BODY {
        let details = format!("body: more than {BODY} characters on a card");
        return Err(Refusal::new(132_005, details));
    }
    lines.extend((!text.is_empty()).then_some(text));
    let (links, choices) = buttons(&card, asked)?;
    lines.extend(links);
    Ok(Card { lines, choices })
}

/// The line of a limited-time offer.
pub(super) fn offer(template: &Template, asked: &Value) -> Result<Option<String>, Refusal> {
    let Some(own) = find(&template.more, "LIMITED_TIME_OFFER") else {
        return Ok(None);
    };
    let own = &own["limited_time_offer"];
    let text = own["text"].as_str().unwrap_or_default().to_owned();
    if own["has_expiration"] != true {
        return Ok(Some(text));
    }
    let given = component(asked, &json!({"type": "limited_time_offer"}));
    let given = given.map(|part| &part["parameters"][0]["limited_time_offer"]);
    match given.and_then(|offer| offer["expiration_time_ms"].as_i64()) {
        Some(ends) => Ok(Some(format!("{text} (until {ends})"))),
        None => {
            let details = "limited_time_offer: expiration_time_ms is required";
            Err(Refusal::new(131_008, details))
        }
    }
}

fn find<'a>(parts: &'a [Value], kind: &str) -> Option<&'a Value> {
    parts.iter().find(|part| {
        part["type"]
            .as_str()
            .is_some_and(|own| own.eq_ignore_ascii_case(kind))
    })
}
