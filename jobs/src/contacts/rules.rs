//! What a contact's fields may be: one function a field, for the API and for imports alike.

use chrono::NaiveDate;
use kazi_platform::Phone;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use utoipa::ToSchema;

use crate::{locale, violations::Violation};

const MAX_NAME: usize = 200;
const MAX_EMAIL: usize = 254;
const MAX_TAG: usize = 50;
const MAX_TEXT: usize = 1_000;
/// A phone may be a link of WhatsApp, with a text behind it.
const MAX_PHONE: usize = 500;

/// One line with single spaces; `None` when nothing is left of it.
pub fn line(text: &str, max: usize) -> Result<Option<String>, Violation> {
    let clean = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.chars().any(char::is_control) {
        return Err((
            "control_character",
            "must not contain control characters".into(),
        ));
    }
    if clean.chars().count() > max {
        return Err(("too_long", format!("must have at most {max} characters")));
    }
    Ok((!clean.is_empty()).then_some(clean))
}

/// Reads a name.
pub fn name(text: &str) -> Result<Option<String>, Violation> {
    line(text, MAX_NAME)
}

/// An address in lower case: something, an @, a domain with a dot.
pub fn email(text: &str) -> Result<Option<String>, Violation> {
    let Some(clean) = line(text, MAX_EMAIL)? else {
        return Ok(None);
    };
    let fits = clean.split_once('@').is_some_and(|(local, domain)| {
        let labels = domain.split('.').all(|label| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
        !local.is_empty()
            && !clean.contains([' ', ',', ';', '<', '>', '"'])
            && domain.contains('.')
            && labels
    });
    if fits {
        Ok(Some(clean.to_lowercase()))
    } else {
        Err((
            "invalid_email",
            "must be an e-mail address like name@example.com".into(),
        ))
    }
}

/// What people call our languages: the language's own name, its names in our other languages, and its codes of three
/// letters. Without accents where spreadsheets lose them.
const LANGUAGE_NAMES: [(&str, &[&str]); 6] = [
    (
        "en",
        &[
            "english",
            "eng",
            "anglais",
            "inglés",
            "ingles",
            "inglês",
            "الإنجليزية",
            "الانجليزية",
            "إنجليزي",
            "انجليزي",
            "إنجليزية",
            "अंग्रेज़ी",
            "अंग्रेजी",
            "englisch",
            "kiingereza",
        ],
    ),
    (
        "fr",
        &[
            "français",
            "francais",
            "french",
            "fra",
            "fre",
            "francés",
            "frances",
            "francês",
            "الفرنسية",
            "فرنسي",
            "فرنسية",
            "फ़्रेंच",
            "फ्रेंच",
            "फ़्रांसीसी",
            "französisch",
            "kifaransa",
        ],
    ),
    (
        "es",
        &[
            "español",
            "espanol",
            "castellano",
            "spanish",
            "spa",
            "espagnol",
            "espanhol",
            "الإسبانية",
            "الاسبانية",
            "إسباني",
            "اسباني",
            "إسبانية",
            "स्पेनिश",
            "स्पैनिश",
            "spanisch",
        ],
    ),
    (
        "pt",
        &[
            "português",
            "portugues",
            "portuguese",
            "por",
            "portugais",
            "portugués",
            "البرتغالية",
            "برتغالي",
            "برتغالية",
            "पुर्तगाली",
            "portugiesisch",
        ],
    ),
    (
        "ar",
        &[
            "العربية",
            "عربي",
            "عربية",
            "عربى",
            "arabic",
            "ara",
            "arabe",
            "árabe",
            "अरबी",
            "arabisch",
            "kiarabu",
        ],
    ),
    (
        "hi",
        &[
            "हिन्दी",
            "हिंदी",
            "hindi",
            "hin",
            "hindî",
            "hindí",
            "híndi",
            "الهندية",
            "هندي",
            "هندية",
        ],
    ),
];

/// Reads a language of ours: by its tag, or by its name.
pub fn language(text: &str) -> Result<Option<String>, Violation> {
    let word = text.trim().to_lowercase();
    // “pt-BR” and “English (UK)”: the region does not matter.
    let base = word.split(['-', '_', ' ', '(', '/', ',']).next();
    let base = base.unwrap_or_default();
    if word.is_empty() {
        return Ok(None);
    }
    let named = || {
        let has = |(_, names): &&(&str, &[&str])| names.contains(&base);
        LANGUAGE_NAMES.iter().find(has).map(|(code, _)| *code)
    };
    let tagged = locale::LANGUAGES.iter().find(|known| **known == base);
    match tagged.copied().or_else(named) {
        Some(known) => Ok(Some(known.to_owned())),
        None => Err((
            "unknown_language",
            format!("must be one of {}", locale::LANGUAGES.join(", ")),
        )),
    }
}

/// A phone. Without a leading + it is one of `country`; else of the country that its digits begin with, as spreadsheets
/// drop the sign.
pub fn phone(text: &str, country: Option<&str>) -> Result<Option<Phone>, Violation> {
    let text = text.trim().trim_start_matches('\'');
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().count() > MAX_PHONE {
        let rule = format!("must have at most {MAX_PHONE} characters");
        return Err(("invalid_phone", rule));
    }
    Phone::parse(text, country)
        .map(Some)
        .map_err(|error| ("invalid_phone", error.to_string()))
}

/// A tag in lower case with single spaces.
pub fn tag(text: &str) -> Result<String, Violation> {
    match line(&text.to_lowercase(), MAX_TAG)? {
        Some(tag) if !tag.contains([',', ';', '|']) => Ok(tag),
        Some(_) => Err((
            "invalid_tag",
            "must not contain a comma, a semicolon or a bar".into(),
        )),
        None => Err(("empty", "must not be empty".into())),
    }
}

kazi_platform::texts! {
    /// What values a custom field has.
    pub enum FieldKind {
        /// Up to 1,000 characters.
        Text = "text",
        /// A JSON number.
        Number = "number",
        /// `2026-11-21`.
        Date = "date",
        /// `true` or `false`.
        Boolean = "boolean",
        /// One of the field's choices.
        Choice = "choice",
    }
}

/// A custom field as its workspace has declared it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Small letters, digits and underscores.
    #[schema(example = "city")]
    pub key: String,
    /// What people call it.
    #[schema(example = "City")]
    pub label: String,
    /// What values it has.
    pub kind: FieldKind,
    /// Of a choice.
    #[serde(default)]
    pub choices: Vec<String>,
}

const YES: [&str; 16] = [
    "true",
    "yes",
    "1",
    "x",
    "oui",
    "vrai",
    "sí",
    "si",
    "verdadero",
    "sim",
    "verdadeiro",
    "نعم",
    "हाँ",
    "हां",
    "ja",
    "wahr",
];
const NO: [&str; 13] = [
    "false",
    "no",
    "0",
    "non",
    "faux",
    "falso",
    "não",
    "nao",
    "لا",
    "नहीं",
    "nahi",
    "nein",
    "falsch",
];

/// Reads a yes or a no in the languages that Kazi speaks, also as spreadsheets write them.
pub fn yes_or_no(text: &str) -> Option<bool> {
    let word = text.to_lowercase();
    let is = |words: &[&str]| words.contains(&word.as_str());
    if is(&YES) {
        Some(true)
    } else {
        is(&NO).then_some(false)
    }
}

impl Field {
    /// A value as it is stored.
    pub fn check(&self, value: &Value) -> Result<Value, Violation> {
        match (self.kind, value) {
            (FieldKind::Number, Value::Number(_)) | (FieldKind::Boolean, Value::Bool(_)) => {
                Ok(value.clone())
            }
            (FieldKind::Text | FieldKind::Date | FieldKind::Choice, Value::String(text)) => {
                self.read(text)
            }
            _ => Err(self.fault()),
        }
    }

    /// A value out of a table, where everything is text.
    pub fn read(&self, text: &str) -> Result<Value, Violation> {
        let text = text.trim();
        let read = match self.kind {
            FieldKind::Text => Some(text)
                .filter(|text| text.chars().count() <= MAX_TEXT && !text.contains('\0'))
                .map(Value::from),
            FieldKind::Number => number(text),
            FieldKind::Date => text
                .parse::<NaiveDate>()
                .ok()
                .filter(|_| text.len() == 10)
                .map(|date| date.to_string().into()),
            FieldKind::Boolean => yes_or_no(text).map(Value::from),
            FieldKind::Choice => {
                let same = |choice: &&String| choice.to_lowercase() == text.to_lowercase();
                self.choices
                    .iter()
                    .find(same)
                    .map(|choice| choice.as_str().into())
            }
        };
        read.ok_or_else(|| self.fault())
    }

    fn fault(&self) -> Violation {
        match self.kind {
            FieldKind::Text => (
                "invalid_text",
                format!("must be a text of at most {MAX_TEXT} characters"),
            ),
            FieldKind::Number => ("invalid_number", "must be a number".into()),
            FieldKind::Date => ("invalid_date", "must be a date like 2026-11-21".into()),
            FieldKind::Boolean => ("invalid_boolean", "must be true or false".into()),
            FieldKind::Choice => (
                "invalid_choice",
                format!("must be one of {}", self.choices.join(", ")),
            ),
        }
    }
}

fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    let fraction = text
        .parse()
        .or_else(|_| text.replacen(',', ".", 1).parse::<f64>());
    Number::from_f64(fraction.ok()?).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_of_a_spreadsheet_is_read_with_and_without_its_sign() {
        for text in [
            "+254712345678",
            "254712345678",
            "0712 345 678",
            "00254712345678",
            "'+254712345678",
        ] {
            assert_eq!(
                phone(text, Some("KE")).unwrap().unwrap().as_str(),
                "+254712345678",
                "{text}"
            );
        }
        assert_eq!(
            phone("33612345678", Some("KE")).unwrap().unwrap().as_str(),
            "+33612345678"
        );
        assert_eq!(phone("  ", None), Ok(None));
        for text in ["12", "seven", "+999123", &"1".repeat(50)] {
            assert_eq!(
                phone(text, Some("KE")).unwrap_err().0,
                "invalid_phone",
                "{text}"
            );
        }
    }

    #[test]
    fn names_tags_and_addresses_are_tidied_or_refused() {
        assert_eq!(
            name("  Amina \t Otieno ").unwrap().as_deref(),
            Some("Amina Otieno")
        );
        assert_eq!(name("a\u{7}b").unwrap_err().0, "control_character");
        assert_eq!(name(&"é".repeat(201)).unwrap_err().0, "too_long");
        assert_eq!(tag(" VIP  Gold ").unwrap(), "vip gold");
        assert_eq!(tag("a,b").unwrap_err().0, "invalid_tag");
        assert_eq!(
            email(" Amina@Example.COM ").unwrap().as_deref(),
            Some("amina@example.com")
        );
        for bad in [
            "amina",
            "@x.com",
            "a@b",
            "a b@x.com",
            "a@x..com",
            "a@x.com,b@x.com",
        ] {
            assert_eq!(email(bad).unwrap_err().0, "invalid_email", "{bad}");
        }
        assert_eq!(language("pt-BR").unwrap().as_deref(), Some("pt"));
        assert_eq!(language("xx").unwrap_err().0, "unknown_language");
    }

    #[test]
    fn a_language_is_read_by_its_tag_and_by_its_names() {
        for (text, code) in [
            ("en-GB", "en"),
            ("pt_BR", "pt"),
            ("English (UK)", "en"),
            ("Español", "es"),
            ("ESPANOL", "es"),
            ("Français", "fr"),
            ("Portuguese", "pt"),
            ("العربية", "ar"),
            ("हिन्दी", "hi"),
            ("anglais", "en"),
        ] {
            assert_eq!(language(text).unwrap().as_deref(), Some(code), "{text}");
        }
        // What the bot itself calls its languages.
        for code in locale::LANGUAGES {
            let name = locale::text(code, "language-name", &[]);
            assert_eq!(language(&name).unwrap().as_deref(), Some(code), "{name}");
        }
        for text in ["Swahili", "sw-KE", "Engl", "?"] {
            assert_eq!(language(text).unwrap_err().0, "unknown_language", "{text}");
        }
    }

    #[test]
    fn a_custom_field_takes_its_own_kind_and_no_other() {
        let field = |kind| Field {
            key: "f".into(),
            label: "F".into(),
            kind,
            choices: vec!["Gold".into(), "Silver".into()],
        };
        for (kind, text, value) in [
            (FieldKind::Number, "12", Value::from(12)),
            (FieldKind::Number, "1,5", Value::from(1.5)),
            (FieldKind::Boolean, "Oui", Value::from(true)),
            (FieldKind::Date, "2026-02-28", Value::from("2026-02-28")),
            (FieldKind::Choice, "gold", Value::from("Gold")),
        ] {
            assert_eq!(field(kind).read(text).unwrap(), value);
            assert_eq!(field(kind).check(&value).unwrap(), value);
        }
        for (kind, text) in [
            (FieldKind::Number, "NaN"),
            (FieldKind::Boolean, "perhaps"),
            (FieldKind::Date, "2026-02-30"),
            (FieldKind::Choice, "bronze"),
        ] {
            assert!(field(kind).read(text).is_err(), "{kind:?}");
            assert!(field(kind).check(&Value::Null).is_err(), "{kind:?}");
        }
    }
}
