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

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTemplate)]
pub struct NewDraft {
    /// A WhatsApp number of the business account that gets the template.
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
                let fixed = url.strip_suffix("{{1}}").unwrap_or(url);
                // Behind the host, so that no value of the variable changes it.
                let path = fixed.strip_prefix("https://").unwrap_or(fixed);
                let names_host = fixed == url || path.contains(['/', '?', '#']);
                if fixed.contains("{{") || !names_host {
                    let rule =
                        "must have its variable {{1}} at the end and behind the host, or none";
                    violations.add(format!("{pointer}/url"), ("variables", rule.into()));
                } else {
                    violations.url(&format!("{pointer}/url"), fixed);
                }
                if count != Some(0) {
                    let example = self.example.as_deref().unwrap_or_default();
                    violations.url(&format!("{pointer}/example"), example);
                }
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

    fn opens(url: &str, example: Option<&str>) -> DraftButton {
        DraftButton {
            kind: DraftButtonKind::Url,
            text: "Shop".into(),
            url: Some(url.into()),
            example: example.map(Into::into),
            phone_number: None,
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
        bad.buttons = vec![opens("https://a.test/{{1}}/x", None)];
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

    #[test]
    fn a_button_opens_a_public_address_whatever_its_variable_is() {
        let good = "https://a.test/tea";
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
            let mut draft = draft("Hi.", &[]);
            draft.buttons = vec![opens(url, example)];
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
}
