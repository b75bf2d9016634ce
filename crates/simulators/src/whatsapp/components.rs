//! What Meta's review refuses at once: a template whose parts break a rule.
//!
//! Source: Meta, "Template components", "Authentication templates", "Limited-time offer templates", "Media card carousel
//! templates" and "Configure message time-to-live".

use serde_json::{Value, json};

use super::{
    codes,
    errors::Refusal,
    fill::variables,
    templates::{Made, Template},
};
use crate::World;

const BODY: usize = 1_024;
const OFFER_BODY: usize = 600;
const CARD_BODY: usize = 160;
const HEADER_FOOTER: usize = 60;
const OFFER: usize = 16;
const BUTTONS: usize = 10;
const BUTTON_TEXT: usize = 25;
const URL: usize = 2_000;
const COUPON: usize = 15;

pub(super) type Checked<T = ()> = Result<T, Refusal>;

pub(super) fn refused<T>(details: impl Into<String>) -> Checked<T> {
    Err(Refusal::new(100, details))
}

pub(super) fn unless(holds: bool, details: &str) -> Checked {
    match holds {
        true => Ok(()),
        false => refused(details),
    }
}

/// Reads a whole template.
pub(super) fn read(world: &World, asked: &Value) -> Checked<Made> {
    let text = |key: &str| asked[key].as_str().unwrap_or_default().to_owned();
    let (name, language, category) = (text("name"), text("language"), text("category"));
    let small = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    unless(
        (1..=512).contains(&name.len()) && name.bytes().all(small),
        "name must be lower case letters, digits and underscores, at most 512",
    )?;
    let locale = language.split('_').enumerate().all(|(n, part)| {
        let letters = part.bytes().all(|b| b.is_ascii_alphabetic());
        letters && part.len() >= 2 && (n > 0 || part.len() <= 3)
    });
    unless(locale, "language is required, like en or en_US")?;
    let named = match asked["parameter_format"].as_str() {
        None | Some("POSITIONAL") => false,
        Some("NAMED") => true,
        Some(_) => return refused("parameter_format must be one of {NAMED, POSITIONAL}"),
    };
    let (least, most) = match category.as_str() {
        "AUTHENTICATION" => (30, 900),
        "UTILITY" => (30, 43_200),
        "MARKETING" => (43_200, 2_592_000),
        _ => return refused("category must be one of {UTILITY, MARKETING, AUTHENTICATION}"),
    };
    if !asked["message_send_ttl_seconds"].is_null() {
        let seconds = asked["message_send_ttl_seconds"].as_i64();
        let fits = seconds.is_some_and(|seconds| {
            (least..=most).contains(&seconds) || (seconds == -1 && category != "MARKETING")
        });
        unless(fits, "message_send_ttl_seconds is out of its range")?;
    }
    let mut made = Made {
        template: Template {
            name,
            language,
            category,
            status: "PENDING".into(),
            ..Template::default()
        },
        components: asked["components"].clone(),
    };
    let parts = asked["components"].as_array();
    let parts = parts.map_or(&[][..], Vec::as_slice);
    let mut seen = Vec::new();
    for part in parts {
        let kind = part["type"].as_str().unwrap_or_default();
        unless(!seen.contains(&kind), "components: a type is there twice")?;
        seen.push(kind);
    }
    if made.template.category == "AUTHENTICATION" {
        codes::read(&mut made, parts)?;
        return Ok(made);
    }
    let own = (world, named);
    read_parts(own, &mut made.template, parts, BODY)?;
    unless(
        !made.template.body.is_empty(),
        "a BODY of at most 1024 characters is required",
    )?;
    together(&made.template, &seen)?;
    // Meta answers with an address in place of a sample's handle.
    keep_address(&mut made.components);
    Ok(made)
}

/// Reads the parts of a template, or of a card.
fn read_parts(
    (world, named): (&World, bool),
    template: &mut Template,
    parts: &[Value],
    most: usize,
) -> Checked {
    for part in parts {
        let text = part["text"].as_str().unwrap_or_default().to_owned();
        let length = text.chars().count();
        match part["type"].as_str().unwrap_or_default() {
            "HEADER" => header((world, named), template, part)?,
            "BODY" => {
                unless((1..=most).contains(&length), "BODY: the text is too long")?;
                let trimmed = text.trim();
                let inside = !trimmed.starts_with("{{") && !trimmed.ends_with("}}");
                unless(inside, "BODY: a variable cannot be at the start or the end")?;
                unless(
                    !text.contains("\n\n\n"),
                    "BODY: more than two line breaks in a row",
                )?;
                let mut between = text.split("}}").skip(1);
                let next = between.any(|rest| rest.trim_start().starts_with("{{"));
                unless(!next, "BODY: two variables stand next to each other")?;
                examples(
                    "BODY",
                    &text,
                    &part["example"]["body_text"][0],
                    &part["example"]["body_text_named_params"],
                    named,
                )?;
                template.body = text;
            }
            "FOOTER" => {
                let fits = (1..=HEADER_FOOTER).contains(&length) && !text.contains(['{', '\n']);
                unless(
                    fits,
                    "FOOTER: one line of 1 to 60 characters without variables",
                )?;
                template.footer = Some(text);
            }
            "BUTTONS" => {
                template.buttons = part["buttons"].as_array().cloned().unwrap_or_default();
                buttons(template)?;
            }
            "LIMITED_TIME_OFFER" => {
                let offer = &part["limited_time_offer"]["text"];
                let length = offer.as_str().map_or(0, |text| text.chars().count());
                let fits = (1..=OFFER).contains(&length);
                unless(fits, "LIMITED_TIME_OFFER: a text of 1 to 16 characters")?;
                template.more.push(part.clone());
            }
            "CAROUSEL" => {
                cards((world, named), template, part)?;
                template.more.push(part.clone());
            }
            other => return refused(format!("components: unknown type {other:?}")),
        }
    }
    Ok(())
}

fn header((world, named): (&World, bool), template: &mut Template, part: &Value) -> Checked {
    let format = part["format"].as_str().unwrap_or_default();
    match format {
        "TEXT" => {
            let text = part["text"].as_str().unwrap_or_default();
            let length = text.chars().count();
            let fits = (1..=HEADER_FOOTER).contains(&length) && !text.contains(['\n', '*']);
            unless(
                fits,
                "HEADER: one line of 1 to 60 characters without formatting",
            )?;
            let example = &part["example"];
            let (one, other) = (
                &example["header_text"],
                &example["header_text_named_params"],
            );
            examples("HEADER", text, one, other, named)?;
            unless(
                variables(text).len() <= 1,
                "HEADER: one variable at most, with its example",
            )?;
            template.header = Some(text.to_owned());
        }
        "IMAGE" | "VIDEO" | "DOCUMENT" => {
            let handle = part["example"]["header_handle"][0].as_str();
            let mime = handle.and_then(|handle| world.uploads.mime(handle));
            let fits = mime.is_some_and(|mime| match format {
                "IMAGE" => mime.starts_with("image/"),
                "VIDEO" => mime.starts_with("video/"),
                _ => mime == "application/pdf",
            });
            unless(fits, "HEADER: a sample of its format is required")?;
            template.header_format = Some(format.to_owned());
        }
        "LOCATION" => template.header_format = Some(format.to_owned()),
        _ => {
            return refused(
                "HEADER: format must be one of {TEXT, IMAGE, VIDEO, DOCUMENT, LOCATION}",
            );
        }
    }
    Ok(())
}

/// Each variable is in the template's format, and has an example.
fn examples(kind: &str, text: &str, plain: &Value, by_name: &Value, named: bool) -> Checked {
    let names = variables(text);
    let filled = |one: &Value| one.as_str().is_some_and(|text| !text.is_empty());
    let fits = if named {
        let given = by_name.as_array().map_or(&[][..], Vec::as_slice);
        let small = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        names.iter().all(|name| {
            name.bytes().all(small)
                && !name.bytes().all(|b| b.is_ascii_digit())
                && given
                    .iter()
                    .any(|one| one["param_name"] == name.as_str() && filled(&one["example"]))
        }) && given.len() == names.len()
    } else {
        let given = plain.as_array().map_or(&[][..], Vec::as_slice);
        let mut counted = (1..).zip(&names);
        counted.all(|(n, name)| *name == n.to_string())
            && given.len() == names.len()
            && given.iter().all(filled)
    };
    unless(
        fits,
        &format!("{kind}: each variable needs its format and an example"),
    )
}

fn buttons(template: &Template) -> Checked {
    let all = &template.buttons;
    unless(
        (1..=BUTTONS).contains(&all.len()),
        "BUTTONS: 1 to 10 buttons",
    )?;
    let kind = |button: &Value| button["type"].as_str().unwrap_or_default().to_owned();
    for (limited, most) in [
        ("URL", 2),
        ("PHONE_NUMBER", 1),
        ("COPY_CODE", 1),
        ("FLOW", 1),
    ] {
        let count = all.iter().filter(|button| kind(button) == limited).count();
        unless(count <= most, "BUTTONS: too many of one type")?;
    }
    let replies: Vec<bool> = all.iter().map(|one| kind(one) == "QUICK_REPLY").collect();
    let turns = replies.windows(2).filter(|pair| pair[0] != pair[1]).count();
    unless(
        turns <= 1,
        "BUTTONS: invalid combination: quick replies must stand together",
    )?;
    for (n, button) in all.iter().enumerate() {
        let text = button["text"].as_str().unwrap_or_default();
        if kind(button) == "COPY_CODE" {
            let code = button["example"].as_str().unwrap_or_default();
            let fits =
                (1..=COUPON).contains(&code.chars().count()) && template.category == "MARKETING";
            unless(fits, "BUTTONS: a coupon is for marketing, with an example")?;
            continue;
        }
        let fits = (1..=BUTTON_TEXT).contains(&text.chars().count()) && !text.contains(['{', '\n']);
        unless(fits, "BUTTONS: a text of 1 to 25 characters is required")?;
        let twice = all[..n].iter().any(|other| other["text"] == text);
        unless(!twice, "BUTTONS: two buttons have the same text")?;
        button_alone(button)?;
    }
    Ok(())
}

fn button_alone(button: &Value) -> Checked {
    let text = |key: &str| button[key].as_str().unwrap_or_default();
    match text("type") {
        "QUICK_REPLY" => Ok(()),
        "PHONE_NUMBER" => unless(
            (1..=20).contains(&text("phone_number").chars().count()),
            "BUTTONS: a phone_number of at most 20 characters is required",
        ),
        "URL" => {
            let url = text("url");
            let names = variables(url);
            let ends = names.is_empty() || (names == ["1"] && url.ends_with("{{1}}"));
            let example = button["example"].as_array().map_or(0, Vec::len);
            let host = url.trim_start_matches("https://");
            let own = host.starts_with("wa.me") || host.contains("whatsapp.com");
            let fits = url.starts_with("https://")
                && url.chars().count() <= URL
                && names.len() == example
                && ends
                && !own;
            unless(
                fits,
                "BUTTONS: an https URL, with at most one variable at its end and an example of it",
            )
        }
        "FLOW" => {
            let navigates = matches!(text("flow_action"), "" | "navigate");
            let screen = !text("navigate_screen").is_empty();
            unless(
                !text("flow_id").is_empty() && navigates == screen,
                "BUTTONS: a flow needs flow_id, and navigate_screen where it navigates",
            )
        }
        _ => refused(
            "BUTTONS: type must be one of {QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE, FLOW, OTP}",
        ),
    }
}

fn cards((world, named): (&World, bool), template: &Template, part: &Value) -> Checked {
    let all = part["cards"].as_array().map_or(&[][..], Vec::as_slice);
    unless((2..=10).contains(&all.len()), "CAROUSEL: 2 to 10 cards")?;
    let mut first: Option<(Option<String>, bool, Vec<Value>)> = None;
    for card in all {
        let parts = card["components"].as_array();
        let parts = parts.map_or(&[][..], Vec::as_slice);
        let mut read = Template {
            category: template.category.clone(),
            ..Template::default()
        };
        read_parts((world, named), &mut read, parts, CARD_BODY)?;
        let seen = matches!(read.header_format.as_deref(), Some("IMAGE" | "VIDEO"));
        let fits = seen && read.footer.is_none() && read.more.is_empty() && read.buttons.len() <= 2;
        unless(
            fits,
            "CAROUSEL: a card has an image or a video, and at most two buttons",
        )?;
        let kinds: Vec<Value> = read.buttons.iter().map(|one| one["type"].clone()).collect();
        let built = (read.header_format, !read.body.is_empty(), kinds);
        let same = first.get_or_insert_with(|| built.clone()) == &built;
        unless(same, "CAROUSEL: all cards must have the same components")?;
    }
    Ok(())
}

/// The rules between the parts.
fn together(template: &Template, seen: &[&str]) -> Checked {
    let has = |kind: &str| seen.contains(&kind);
    let marketing = template.category == "MARKETING";
    if has("CAROUSEL") {
        let alone = !has("HEADER") && !has("FOOTER") && !has("BUTTONS");
        unless(
            marketing && alone,
            "CAROUSEL: for marketing, below a BODY alone",
        )?;
    }
    if has("LIMITED_TIME_OFFER") {
        let seen = !matches!(
            template.header_format.as_deref(),
            Some("DOCUMENT" | "LOCATION")
        );
        let short = template.body.chars().count() <= OFFER_BODY;
        let fits = marketing && !has("FOOTER") && seen && template.header.is_none() && short;
        unless(
            fits,
            "LIMITED_TIME_OFFER: for marketing, without a FOOTER, below an image or a video",
        )?;
    }
    Ok(())
}

fn keep_address(components: &mut Value) {
    match components {
        Value::Array(all) => all.iter_mut().for_each(keep_address),
        Value::Object(fields) => {
            if let Some(handles) = fields.get_mut("header_handle") {
                *handles = json!(["https://scontent.whatsapp.test/sample"]);
            }
            fields.values_mut().for_each(keep_address);
        }
        _ => {}
    }
}
