//! Message templates: the templates of an account, their changes, and how they are filled in.

use std::{collections::HashMap, time::Instant};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    cards::{cards, offer},
    errors::Refusal,
    fill::{buttons, component, header, part},
};
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
    /// `IMAGE`, `VIDEO` or `DOCUMENT`: there is a file above the body, and no text. `LOCATION`: a map.
    #[serde(default)]
    pub header_format: Option<String>,
    /// The text below the body.
    #[serde(default)]
    pub footer: Option<String>,
    /// Buttons in Meta's form: `{"type": "QUICK_REPLY", "text": "Yes"}`.
    #[serde(default)]
    pub buttons: Vec<Value>,
    /// Other parts in Meta's form, like a `CAROUSEL`. Each wants a part of its type in a message.
    #[serde(default)]
    pub more: Vec<Value>,
}

/// A template with Meta's data about it.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub id: String,
    pub template: Template,
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    pub quality: String,
    pub reason: Option<String>,
    /// All parts, as the business has made them.
    pub components: Option<Value>,
    /// `FIRST_PAUSE` or `SECOND_PAUSE`.
    pub paused_for: Option<String>,
    /// The changes while it was approved.
    pub edits: Vec<Instant>,
}

/// A template that a business asks for, with its parts in Meta's form.
pub(crate) struct Made {
    pub template: Template,
    pub components: Value,
}

impl Kept {
    fn new(template: Template) -> Self {
        let digits = Uuid::new_v4().as_u128().to_string();
        Self {
            id: digits.chars().take(15).collect(),
            template,
            quality: "UNKNOWN".into(),
            reason: None,
            components: None,
            paused_for: None,
            edits: Vec::new(),
        }
    }

    /// Returns how the template names its parameters.
    pub fn format(&self) -> &'static str {
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
        if let Some(format) = &template.header_format {
            components.push(json!({"type": "HEADER", "format": format}));
        } else if let Some(header) = &template.header {
            components.push(json!({"type": "HEADER", "format": "TEXT", "text": header}));
        }
        components.push(json!({"type": "BODY", "text": template.body}));
        if let Some(footer) = &template.footer {
            components.push(json!({"type": "FOOTER", "text": footer}));
        }
        if !template.buttons.is_empty() {
            components.push(json!({"type": "BUTTONS", "buttons": template.buttons}));
        }
        components.extend(template.more.iter().cloned());
        let components = match &self.components {
            Some(made) => made.clone(),
            None => components.into(),
        };
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

    /// Adds a template that the business has made. Returns its id.
    pub fn add_made(&mut self, business: &str, made: Made) -> String {
        let id = self.add(business, made.template);
        if let Some(kept) = self.by_id(business, &id) {
            kept.components = Some(made.components);
        }
        id
    }

    /// Finds a template by Meta's id.
    pub fn by_id(&mut self, business: &str, id: &str) -> Option<&mut Kept> {
        self.of(business).iter_mut().find(|kept| kept.id == id)
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
        if let Some(part) = template
            .more
            .iter()
            .find(|part| part["type"] == "CAROUSEL" && component(asked, part).is_none())
        {
            let details = format!(
                "{}: Format mismatch, the component is missing",
                part["type"]
            );
            return Err(Refusal::new(132_012, details));
        }
        let header = header(template, asked)?;
        let text = part("body", &template.body, asked)?;
        if text.chars().count() > BODY_LIMIT_CHARACTERS {
            return Err(Refusal::new(
                132_005,
                format!("body: more than {BODY_LIMIT_CHARACTERS} characters"),
            ));
        }
        let (mut links, mut choices) = buttons(template, asked)?;
        let offer = offer(template, asked)?;
        links.splice(0..0, header.into_iter().chain(offer).chain([text]));
        for card in cards(template, asked)? {
            links.extend(card.lines);
            choices.extend(card.choices);
        }
        Ok(Filled {
            text: links.join("\n"),
            category: template.category.to_lowercase(),
            buttons: choices,
        })
    }
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
