//! Message templates: the templates of an account, their changes, and how they are filled in.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::errors::Refusal;
use crate::chats::Choice;

/// The longest body of a filled-in template, in characters (Meta).
const BODY_LIMIT_CHARACTERS: usize = 1_024;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Template {
    /// Lower-case letters, digits and underscores.
    pub name: String,
    /// A code like `en_US`.
    pub language: String,
    /// `UTILITY`, `MARKETING` or `AUTHENTICATION`.
    pub category: String,
    /// The text with `{{1}}`, `{{2}}` … for its parameters.
    pub body: String,
    /// `APPROVED`, `PENDING`, `REJECTED`, `PAUSED` or `DISABLED`.
    pub status: String,
    /// The text above the body.
    #[serde(default)]
    pub header: Option<String>,
    /// The text below the body.
    #[serde(default)]
    pub footer: Option<String>,
    /// Buttons in Meta's form: `{"type": "QUICK_REPLY", "text": "Yes"}`.
    #[serde(default)]
    pub buttons: Vec<Value>,
}

/// A template with Meta's data about it.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub id: String,
    pub template: Template,
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    pub quality: String,
    pub reason: Option<String>,
}

impl Kept {
    fn new(template: Template) -> Self {
        let digits = Uuid::new_v4().as_u128().to_string();
        Self {
            id: digits.chars().take(15).collect(),
            template,
            quality: "UNKNOWN".into(),
            reason: None,
        }
    }

    /// Returns how the template names its parameters.
    fn format(&self) -> &'static str {
        let named = |text: &str| {
            let mut names = text.split("{{").skip(1);
            names.any(|name| {
                name.trim_start()
                    .starts_with(|first: char| first.is_ascii_lowercase())
            })
        };
        let header = self.template.header.as_deref().unwrap_or_default();
        if named(&self.template.body) || named(header) {
            "NAMED"
        } else {
            "POSITIONAL"
        }
    }

    /// Returns the template in the form of a list.
    pub fn view(&self) -> Value {
        let template = &self.template;
        let mut components = Vec::new();
        if let Some(header) = &template.header {
            components.push(json!({"type": "HEADER", "format": "TEXT", "text": header}));
        }
        components.push(json!({"type": "BODY", "text": template.body}));
        if let Some(footer) = &template.footer {
            components.push(json!({"type": "FOOTER", "text": footer}));
        }
        if !template.buttons.is_empty() {
            components.push(json!({"type": "BUTTONS", "buttons": template.buttons}));
        }
        json!({
            "id": self.id, "name": template.name, "language": template.language, "status": template.status,
            "category": template.category, "components": components, "parameter_format": self.format(),
            "rejected_reason": self.reason.as_deref().unwrap_or("NONE"),
            "quality_score": {"score": self.quality},
        })
    }
}

/// A filled-in template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filled {
    pub text: String,
    /// In lower case.
    pub category: String,
    /// The quick replies with the payload that a tap sends.
    pub buttons: Vec<Choice>,
}

#[derive(Default)]
pub(crate) struct Templates(HashMap<String, Vec<Kept>>);

impl Templates {
    /// Adds a template, or replaces the one with the same name and language. Returns its id.
    pub fn add(&mut self, business: &str, template: Template) -> String {
        let all = self.0.entry(business.to_owned()).or_insert_with(sample);
        all.retain(|old| {
            old.template.name != template.name || old.template.language != template.language
        });
        let kept = Kept::new(template);
        let id = kept.id.clone();
        all.push(kept);
        id
    }

    /// Returns the account's templates. A new account has Meta's sample.
    pub fn of(&mut self, business: &str) -> &mut Vec<Kept> {
        self.0.entry(business.to_owned()).or_insert_with(sample)
    }

    /// Finds a template by name and language.
    pub fn find(&mut self, business: &str, name: &str, language: &str) -> Option<&mut Kept> {
        self.of(business)
            .iter_mut()
            .find(|kept| kept.template.name == name && kept.template.language == language)
    }

    /// Fills in the template that the request's `template` names.
    pub fn fill(&mut self, business: &str, asked: &Value) -> Result<Filled, Refusal> {
        let name = asked["name"].as_str().unwrap_or_default();
        let language = asked["language"]["code"].as_str().unwrap_or_default();
        let found = self
            .find(business, name, language)
            .map(|kept| &kept.template)
            .filter(|template| !matches!(template.status.as_str(), "PENDING" | "REJECTED"));
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
        if text.chars().count() > BODY_LIMIT_CHARACTERS {
            return Err(Refusal::new(
                132_005,
                format!("body: more than {BODY_LIMIT_CHARACTERS} characters"),
            ));
        }
        let (mut links, buttons) = buttons(template, asked)?;
        links.insert(0, text);
        if let Some(header) = &template.header {
            links.insert(0, header.clone());
        }
        Ok(Filled {
            text: links.join("\n"),
            category: template.category.to_lowercase(),
            buttons,
        })
    }
}

/// Returns the URLs of the buttons, and the quick replies. Meta makes the button of an authentication template itself.
fn buttons(template: &Template, asked: &Value) -> Result<(Vec<String>, Vec<Choice>), Refusal> {
    let given = |index: usize, kind: &str| {
        let components = asked["components"].as_array().into_iter().flatten();
        let mut own = components.filter(|part| {
            let at = part["index"].as_str().and_then(|at| at.parse().ok());
            part["type"] == "button" && at.or(part["index"].as_u64()) == Some(index as u64)
        });
        own.find(|part| part["sub_type"] == kind)
            .map(|part| part["parameters"][0].clone())
    };
    let (mut links, mut choices) = (Vec::new(), Vec::new());
    for (index, button) in template.buttons.iter().enumerate() {
        let title = button["text"].as_str().unwrap_or_default().to_owned();
        match button["type"].as_str() {
            Some("QUICK_REPLY") => {
                let payload = given(index, "quick_reply");
                let payload = payload.as_ref().and_then(|given| given["payload"].as_str());
                choices.push(Choice {
                    // Meta: without a payload, the button's text comes back.
                    id: payload.unwrap_or(&title).to_owned(),
                    title,
                    description: None,
                });
            }
            Some("URL") => {
                let url = button["url"].as_str().unwrap_or_default();
                let end = given(index, "url");
                let end = end.as_ref().and_then(|given| given["text"].as_str());
                let url = match (url.contains("{{1}}"), end) {
                    (false, _) => url.to_owned(),
                    (true, Some(end)) if !end.is_empty() => url.replace("{{1}}", end),
                    (true, _) => {
                        let details = format!(
                            "buttons: Button at index {index} of type Url requires a parameter"
                        );
                        return Err(Refusal::new(131_008, details));
                    }
                };
                links.push(format!("{title}: {url}"));
            }
            _ => {}
        }
    }
    Ok((links, choices))
}

/// Fills in the parameters in one pass, so that a parameter's text is not filled in again.
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

/// Returns the text parameters of the body, in order.
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

fn sample() -> Vec<Kept> {
    let template = Template {
        name: "hello_world".into(),
        language: "en_US".into(),
        category: "UTILITY".into(),
        body: "Welcome and congratulations!! This message demonstrates your ability to send a WhatsApp message \
               notification from the Cloud API, hosted by Meta. Thank you for taking the time to test with us."
            .into(),
        status: "APPROVED".into(),
        ..Template::default()
    };
    vec![Kept::new(template)]
}
