//! The draft of a template, and its form for Meta.

use kazi_platform::invalid::Invalid;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::Category;
use crate::{channels::ChannelId, violations::Violations};

// The limits are from Meta, "Message templates".
const NAME: usize = 512;
const BODY: usize = 1_024;
const HEADER_FOOTER: usize = 60;
const BUTTONS: usize = 10;
const BUTTON_TEXT: usize = 25;
const URL: usize = 2_000;

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTemplate)]
pub struct NewDraft {
    /// A WhatsApp number of the business account that gets the template.
    #[schema(value_type = String, example = "chn_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub channel: ChannelId,
    /// Small letters, digits, underscores.
    #[schema(
        example = "spring_offer",
        min_length = 1,
        max_length = 512,
        pattern = "^[a-z0-9_]+$"
    )]
    pub name: String,
    /// In Meta's form: `en`, `en_US`.
    #[schema(example = "en")]
    pub language: String,
    /// The category that Meta charges. Meta may change it.
    pub category: Category,
    /// The text above the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<DraftText>,
    /// The text, with variables `{{1}}`, `{{2}}` … and an example for each.
    pub body: DraftText,
    /// The text below the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub footer: Option<String>,
    /// At most 10.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub buttons: Vec<DraftButton>,
}

/// A text with variables, and an example for each.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplateText)]
pub struct DraftText {
    #[schema(example = "Hello {{1}}, everything is cheaper this week.")]
    pub text: String,
    /// In the order of the variables.
    #[serde(default)]
    #[schema(example = json!(["Amina"]))]
    pub examples: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplateButton)]
pub struct DraftButton {
    /// The action of a tap.
    #[serde(rename = "type")]
    pub kind: DraftButtonKind,
    /// 1 to 25 characters.
    #[schema(example = "Shop now", max_length = 25)]
    pub text: String,
    /// For `url`: an https address, with or without `{{1}}` at its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub url: Option<String>,
    /// For a `url` with a variable: an example of the whole address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub example: Option<String>,
    /// For `phone_number`: E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
}

/// The action of a tap on a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TemplateButtonKind)]
pub enum DraftButtonKind {
    /// Sends an answer.
    QuickReply,
    /// Opens an address.
    Url,
    /// Calls a phone.
    PhoneNumber,
}

/// Counts the variables. Returns `None` when they are not `{{1}}`, `{{2}}` … without a gap.
fn variables(text: &str) -> Option<usize> {
    let mark = |n: usize| format!("{{{{{n}}}}}");
    let count = (1..).take_while(|n| text.contains(&mark(*n))).count();
    let all: usize = (1..=count).map(|n| text.matches(&mark(n)).count()).sum();
    (text.matches("{{").count() == all).then_some(count)
}

impl DraftText {
    fn check(
        &self,
        violations: &mut Violations,
        pointer: &str,
        most: usize,
        most_variables: usize,
    ) {
        violations.text(&format!("{pointer}/text"), &self.text, 1, most);
        let Some(count) = variables(&self.text) else {
            let rule = "must count its variables {{1}}, {{2}} … without a gap";
            return violations.unless(false, format!("{pointer}/text"), "variables", rule);
        };
        let trimmed = self.text.trim();
        let inside = !trimmed.starts_with("{{") && !trimmed.ends_with("}}");
        violations.unless(
            inside && count <= most_variables,
            format!("{pointer}/text"),
            "variables",
            "must not begin or end with a variable, nor have more than Meta allows",
        );
        let given = self.examples.len() == count;
        let full = self.examples.iter().all(|text| !text.trim().is_empty());
        violations.unless(
            given && full,
            format!("{pointer}/examples"),
            "examples",
            format!("must have an example of each of the {count} variables"),
        );
    }
}

impl DraftButton {
    fn check(&self, violations: &mut Violations, pointer: &str) {
        violations.text(&format!("{pointer}/text"), &self.text, 1, BUTTON_TEXT);
        match self.kind {
            DraftButtonKind::QuickReply => {}
            DraftButtonKind::PhoneNumber => {
                let phone = self.phone_number.as_deref().unwrap_or_default();
                let fits = kazi_platform::Phone::parse(phone, None).is_ok();
                let rule = "must be a phone number in international form";
                violations.unless(fits, format!("{pointer}/phone_number"), "phone", rule);
            }
            DraftButtonKind::Url => {
                let url = self.url.as_deref().unwrap_or_default();
                let count = variables(url);
                let fits = url.starts_with("https://") && url.len() <= URL;
                let ends = count == Some(0) || count == Some(1) && url.ends_with("{{1}}");
                let rule = "must be an https address, with {{1}} at its end or without";
                violations.unless(fits && ends, format!("{pointer}/url"), "url", rule);
                let example = self.example.as_deref().unwrap_or_default();
                let given = example.starts_with("https://") && example.len() <= URL;
                let rule = "must be the whole address, where it has a variable";
                violations.unless(
                    given || count == Some(0),
                    format!("{pointer}/example"),
                    "example",
                    rule,
                );
            }
        }
    }

    fn component(&self) -> Value {
        match self.kind {
            DraftButtonKind::QuickReply => json!({"type": "QUICK_REPLY", "text": self.text}),
            DraftButtonKind::PhoneNumber => {
                json!({"type": "PHONE_NUMBER", "text": self.text, "phone_number": self.phone_number})
            }
            DraftButtonKind::Url => {
                let mut button = json!({"type": "URL", "text": self.text, "url": self.url});
                let url = self.url.as_deref().unwrap_or_default();
                if variables(url) == Some(1) {
                    button["example"] = json!([self.example]);
                }
                button
            }
        }
    }
}

impl NewDraft {
    /// Checks the rules of Meta that are known.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Violations::default();
        let small = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let name = (1..=NAME).contains(&self.name.len()) && self.name.bytes().all(small);
        let rule = "must be 1 to 512 small letters, digits and underscores";
        violations.unless(name, "/name", "invalid", rule);
        let (first, second) = self
            .language
            .split_once('_')
            .unwrap_or((&self.language, ""));
        let first = (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_lowercase());
        let second = !self.language.contains('_')
            || (2..=4).contains(&second.len()) && second.bytes().all(|b| b.is_ascii_alphabetic());
        let rule = "must be a language like en or en_US";
        violations.unless(first && second, "/language", "invalid", rule);
        if let Some(header) = &self.header {
            header.check(&mut violations, "/header", HEADER_FOOTER, 0);
        }
        self.body.check(&mut violations, "/body", BODY, BODY);
        if let Some(footer) = &self.footer {
            violations.text("/footer", footer, 1, HEADER_FOOTER);
            let plain = !footer.contains("{{");
            violations.unless(plain, "/footer", "variables", "must have no variables");
        }
        let few = self.buttons.len() <= BUTTONS;
        violations.unless(few, "/buttons", "too_many", "must be at most 10");
        for (n, button) in self.buttons.iter().enumerate() {
            button.check(&mut violations, &format!("/buttons/{n}"));
        }
        violations.end()
    }

    /// The parts in Meta's form.
    pub fn components(&self) -> Value {
        let mut all = Vec::new();
        if let Some(header) = &self.header {
            all.push(json!({"type": "HEADER", "format": "TEXT", "text": header.text}));
        }
        let mut body = json!({"type": "BODY", "text": self.body.text});
        if !self.body.examples.is_empty() {
            body["example"] = json!({"body_text": [self.body.examples]});
        }
        all.push(body);
        if let Some(footer) = &self.footer {
            all.push(json!({"type": "FOOTER", "text": footer}));
        }
        if !self.buttons.is_empty() {
            let buttons: Vec<Value> = self.buttons.iter().map(DraftButton::component).collect();
            all.push(json!({"type": "BUTTONS", "buttons": buttons}));
        }
        all.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(body: &str, examples: &[&str]) -> NewDraft {
        NewDraft {
            channel: ChannelId::new(),
            name: "offer".into(),
            language: "en_US".into(),
            category: Category::Marketing,
            header: None,
            body: DraftText {
                text: body.into(),
                examples: examples.iter().map(|e| (*e).to_owned()).collect(),
            },
            footer: None,
            buttons: Vec::new(),
        }
    }

    #[test]
    fn a_draft_that_meta_would_refuse_says_which_field_and_why() {
        for (body, examples, pointer) in [
            ("Hello {{1}}.", &["A"][..], None),
            ("Hello.", &[], None),
            ("", &[], Some("/body/text")),
            ("Hello {{1}}.", &[], Some("/body/examples")),
            ("Hello {{1}}.", &[" "], Some("/body/examples")),
            ("Hello {{2}}.", &["A"], Some("/body/text")),
            ("Hello {{name}}.", &["A"], Some("/body/text")),
            ("{{1}} is here.", &["A"], Some("/body/text")),
            ("Here is {{1}}", &["A"], Some("/body/text")),
        ] {
            let found = draft(body, examples).check().err();
            let found =
                found.and_then(|violations| violations.0.first().map(|f| f.pointer.clone()));
            assert_eq!(found.as_deref(), pointer, "{body:?}");
        }
        let mut bad = draft("Hi.", &[]);
        bad.name = "Big".into();
        bad.language = "english".into();
        bad.footer = Some("{{1}}".into());
        bad.buttons = vec![DraftButton {
            kind: DraftButtonKind::Url,
            text: "Shop".into(),
            url: Some("https://a.test/{{1}}/x".into()),
            example: None,
            phone_number: None,
        }];
        let Err(Invalid(violations)) = bad.check() else {
            panic!("it breaks rules")
        };
        let pointers: Vec<&str> = violations.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/name",
                "/language",
                "/footer",
                "/buttons/0/url",
                "/buttons/0/example"
            ]
        );
    }
}
