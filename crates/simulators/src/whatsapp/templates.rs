//! Message templates: those that an account has, and filling one in.

use std::collections::HashMap;

use axum::http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::errors::Refusal;
use crate::{
    World, lock,
    server::{Call, Reply},
};

/// Meta: characters of a template's body, filled in.
const BODY_LIMIT: usize = 1_024;

/// A message template.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Template {
    /// Lower case letters, digits, underscores.
    pub name: String,
    /// Like `en_US`.
    pub language: String,
    /// `UTILITY`, `MARKETING`, `AUTHENTICATION`.
    pub category: String,
    /// With `{{1}}`, `{{2}}` … for its parameters.
    pub body: String,
    /// `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED`.
    pub status: String,
}

/// A template filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filled {
    pub text: String,
    /// Lower case.
    pub category: String,
}

#[derive(Default)]
pub(crate) struct Templates(HashMap<String, Vec<Template>>);

impl Templates {
    pub fn add(&mut self, business: &str, template: Template) {
        let all = self.0.entry(business.to_owned()).or_default();
        all.retain(|old| old.name != template.name || old.language != template.language);
        all.push(template);
    }

    /// With Meta's sample, which every account has.
    pub fn of(&self, business: &str) -> Vec<Template> {
        let own = self.0.get(business).into_iter().flatten().cloned();
        own.chain([sample()]).collect()
    }

    /// Fills in the template that a request's `template` names.
    pub fn fill(&self, business: &str, asked: &Value) -> Result<Filled, Refusal> {
        let name = asked["name"].as_str().unwrap_or_default();
        let language = asked["language"]["code"].as_str().unwrap_or_default();
        let found = self.of(business).into_iter().find(|template| {
            template.name == name
                && template.language == language
                && !matches!(template.status.as_str(), "PENDING" | "REJECTED")
        });
        let Some(template) = found else {
            let details = format!("template name ({name}) does not exist in {language}");
            return Err(Refusal::new(132_001, details));
        };
        match template.status.as_str() {
            "PAUSED" => return Err(Refusal::new(132_015, "template is paused for low quality")),
            "DISABLED" => return Err(Refusal::new(132_016, "template is disabled")),
            _ => {}
        }
        let parameters = parameters(asked)?;
        let wanted = (1..)
            .take_while(|n| template.body.contains(&format!("{{{{{n}}}}}")))
            .count();
        if parameters.len() != wanted {
            let details = format!(
                "body: number of localizable_params ({}) does not match the expected number of params ({wanted})",
                parameters.len()
            );
            return Err(Refusal::new(132_000, details));
        }
        let text = filled(&template.body, &parameters);
        if text.chars().count() > BODY_LIMIT {
            return Err(Refusal::new(
                132_005,
                format!("body: more than {BODY_LIMIT} characters"),
            ));
        }
        Ok(Filled {
            text,
            category: template.category.to_lowercase(),
        })
    }
}

/// In one pass: a parameter's text is never filled in again.
fn filled(body: &str, parameters: &[String]) -> String {
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let end = after.find("}}");
        let index = end.and_then(|end| after[..end].trim().parse::<usize>().ok());
        let value = index.and_then(|n| parameters.get(n.checked_sub(1)?));
        match (end, value) {
            (Some(end), Some(value)) => {
                text.push_str(value);
                rest = &after[end + 2..];
            }
            _ => {
                text.push_str("{{");
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

/// The text parameters of the body, in order.
fn parameters(asked: &Value) -> Result<Vec<String>, Refusal> {
    let components = asked["components"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let body = components.iter().find(|component| {
        component["type"]
            .as_str()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("body"))
    });
    let given = body.and_then(|body| body["parameters"].as_array());
    let mut texts = Vec::new();
    for parameter in given.into_iter().flatten() {
        if parameter["type"] != "text" {
            return Err(Refusal::new(
                132_012,
                "body: expected a parameter of type text",
            ));
        }
        let text = parameter["text"].as_str().unwrap_or_default();
        if text.is_empty() {
            return Err(Refusal::new(
                131_008,
                "Parameter of type text is missing text value",
            ));
        }
        if text.contains(['\n', '\t']) || text.contains("     ") {
            let details =
                "Param text cannot have new-line/tab characters or more than 4 consecutive spaces";
            return Err(Refusal::new(100, details));
        }
        texts.push(text.to_owned());
    }
    Ok(texts)
}

fn sample() -> Template {
    Template {
        name: "hello_world".into(),
        language: "en_US".into(),
        category: "UTILITY".into(),
        body: "Welcome and congratulations!! This message demonstrates your ability to send a WhatsApp message \
               notification from the Cloud API, hosted by Meta. Thank you for taking the time to test with us."
            .into(),
        status: "APPROVED".into(),
    }
}

/// `GET` and `POST /{account}/message_templates`. What is made is approved at once.
pub(super) fn manage(world: &World, call: &Call, business: &str) -> Reply {
    if call.method == Method::GET {
        let all = lock(&world.templates).of(business);
        let data: Vec<Value> = all
            .iter()
            .map(|template| {
                json!({
                    "name": template.name, "language": template.language, "status": template.status,
                    "category": template.category,
                    "components": [{"type": "BODY", "text": template.body}],
                })
            })
            .collect();
        return Reply::json(200, json!({"data": data, "paging": {}}));
    }
    let text = |key: &str| call.json[key].as_str().unwrap_or_default().to_owned();
    let (name, category) = (text("name"), text("category"));
    let body = call.json["components"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|part| part["type"] == "BODY");
    let body = body
        .and_then(|body| body["text"].as_str())
        .unwrap_or_default();
    let name_fits = (1..=512).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let details = match () {
        () if !name_fits => "name must be lower case letters, digits and underscores, at most 512",
        () if text("language").is_empty() => "language is required",
        () if !["UTILITY", "MARKETING", "AUTHENTICATION"].contains(&category.as_str()) => {
            "category must be one of {UTILITY, MARKETING, AUTHENTICATION}"
        }
        () if !(1..=1_024).contains(&body.chars().count()) => {
            "a BODY of at most 1024 characters is required"
        }
        () => "",
    };
    if !details.is_empty() {
        return Refusal::new(100, details).reply();
    }
    let answer = json!({"id": Uuid::new_v4().as_u128().to_string()[..15], "status": "APPROVED", "category": category});
    let template = Template {
        name,
        language: text("language"),
        category,
        body: body.to_owned(),
        status: "APPROVED".into(),
    };
    lock(&world.templates).add(business, template);
    Reply::json(200, answer)
}
