//! What a workspace says of itself: name, languages, country, time zone, currency, settings.

use std::collections::BTreeMap;

use kazi_platform::{Currency, Timestamp, WorkspaceId, invalid::Invalid};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{WorkspaceError, record, store};
use crate::{Work, audit, locale::LANGUAGES, violations::Violations};

/// The longest name, in characters.
const MAX_NAME: usize = 200;
/// The longest text of a setting, in characters: WhatsApp's limit of a message with buttons.
const MAX_TEXT: usize = 1_024;

/// A workspace as its members describe it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWorkspace)]
pub struct Profile {
    /// What the business is called: 1 to 200 characters.
    #[schema(example = "Zuri Shop", min_length = 1, max_length = 200)]
    pub name: String,
    /// What it speaks when a contact's language is not known.
    #[serde(default = "english")]
    #[schema(example = "en")]
    pub default_language: String,
    /// What it speaks: of `en`, `fr`, `es`, `pt`, `ar`, `hi`; the default among them. Empty: the default alone.
    #[serde(default)]
    pub languages: Vec<String>,
    /// ISO 3166, two letters: how phone numbers without a country are read.
    #[serde(default)]
    #[schema(example = "KE")]
    pub country: Option<String>,
    /// IANA: `Africa/Nairobi`.
    #[serde(default = "utc")]
    #[schema(example = "Africa/Nairobi")]
    pub time_zone: String,
    /// ISO 4217: `KES`.
    #[serde(default = "dollars")]
    #[schema(example = "KES")]
    pub currency: String,
    /// The rest.
    #[serde(default)]
    pub settings: Settings,
}

fn english() -> String {
    "en".into()
}

fn utc() -> String {
    "UTC".into()
}

fn dollars() -> String {
    "USD".into()
}

/// What can be set beside what every workspace has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = WorkspaceSettings)]
pub struct Settings {
    /// When nothing is sent that nobody waits for, in the contact's time zone or else the workspace's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
    /// By language: the answer to somebody who wants no more marketing. Without one, the bot's own words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub opt_out_texts: BTreeMap<String, String>,
    /// What a newer program has stored here is kept; what a person sends here is refused.
    #[serde(flatten)]
    #[schema(ignore)]
    other: BTreeMap<String, Value>,
}

/// From one time of the day to another, over midnight where the second is the earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// A time of the day.
    #[schema(example = "21:00")]
    pub from: String,
    /// A time of the day.
    #[schema(example = "08:00")]
    pub until: String,
}

/// What is to be changed. What is left out stays as it is.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkspacePatch)]
pub struct Changes {
    /// What the business is called: 1 to 200 characters.
    pub name: Option<String>,
    /// What it speaks when a contact's language is not known.
    pub default_language: Option<String>,
    /// All that it speaks.
    pub languages: Option<Vec<String>>,
    /// As for a new one; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "KE")]
    pub country: Option<Option<String>>,
    /// IANA: `Africa/Nairobi`.
    pub time_zone: Option<String>,
    /// ISO 4217: `KES`.
    pub currency: Option<String>,
    /// All of them anew.
    pub settings: Option<Settings>,
}

/// Tells null from nothing.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// A workspace as its members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WorkspaceView {
    /// Its id.
    pub id: WorkspaceId,
    /// What the business is called.
    #[schema(example = "Zuri Shop")]
    pub name: String,
    /// What it speaks when a contact's language is not known.
    #[schema(example = "en")]
    pub default_language: String,
    /// What it speaks.
    pub languages: Vec<String>,
    /// ISO 3166: how phone numbers without a country are read.
    #[schema(example = "KE")]
    pub country: Option<String>,
    /// IANA.
    #[schema(example = "Africa/Nairobi")]
    pub time_zone: String,
    /// ISO 4217.
    #[schema(example = "KES")]
    pub currency: String,
    /// The rest.
    pub settings: Settings,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last changed: its version.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl Profile {
    /// The same in its canonical form.
    pub(super) fn checked(&self) -> Result<Self, Invalid> {
        let mut violations = Violations::default();
        violations.text("/name", self.name.trim(), 1, MAX_NAME);
        let mut languages = self.languages.clone();
        if languages.is_empty() {
            languages.push(self.default_language.clone());
        }
        let rule = format!("must be of {}", LANGUAGES.join(", "));
        for (n, language) in languages.iter().enumerate() {
            let known = LANGUAGES.contains(&language.as_str());
            violations.unless(known, format!("/languages/{n}"), "unknown_language", &rule);
            let once = !languages[..n].contains(language);
            violations.unless(
                once,
                format!("/languages/{n}"),
                "repeated",
                "is there twice",
            );
        }
        violations.unless(
            languages.contains(&self.default_language),
            "/default_language",
            "not_spoken",
            "must be one of the languages",
        );
        let country = self.country.as_deref().map(str::to_ascii_uppercase);
        violations.unless(
            country
                .as_deref()
                .is_none_or(kazi_platform::phone::is_country),
            "/country",
            "unknown_country",
            "must be a country of ISO 3166 in two letters, like KE",
        );
        violations.unless(
            self.time_zone.parse::<chrono_tz::Tz>().is_ok(),
            "/time_zone",
            "unknown_time_zone",
            "must be a time zone of the IANA database, like Africa/Nairobi",
        );
        let currency = self.currency.parse::<Currency>();
        violations.unless(
            currency.is_ok(),
            "/currency",
            "unknown_currency",
            "must be a currency of ISO 4217, like KES",
        );
        self.settings.check(&mut violations, &languages);
        violations.end()?;
        Ok(Self {
            name: self.name.trim().to_owned(),
            languages,
            country,
            currency: currency.map_or_else(|_| dollars(), |c| c.code().to_owned()),
            ..self.clone()
        })
    }
}

impl Settings {
    fn check(&self, violations: &mut Violations, languages: &[String]) {
        for key in self.other.keys() {
            violations.unless(
                false,
                format!("/settings/{}", escape(key)),
                "unknown_key",
                "there is no such setting; there are quiet_hours and opt_out_texts",
            );
        }
        if let Some(quiet) = &self.quiet_hours {
            let time = |text: &str| chrono::NaiveTime::parse_from_str(text, "%H:%M").ok();
            let fits = |text: &str| text.len() == 5 && time(text).is_some();
            for (field, text) in [("from", &quiet.from), ("until", &quiet.until)] {
                violations.unless(
                    fits(text),
                    format!("/settings/quiet_hours/{field}"),
                    "time",
                    "must be a time of the day like 21:00",
                );
            }
            violations.unless(
                quiet.from != quiet.until,
                "/settings/quiet_hours/until",
                "empty",
                "must differ from the beginning",
            );
        }
        for (language, text) in &self.opt_out_texts {
            let pointer = format!("/settings/opt_out_texts/{}", escape(language));
            let spoken = languages.contains(language);
            violations.unless(
                spoken,
                &pointer,
                "not_spoken",
                "is not one of the languages",
            );
            violations.text(&pointer, text, 1, MAX_TEXT);
        }
    }
}

/// A key in a JSON pointer (RFC 6901), cut short: it is the sender's word.
fn escape(key: &str) -> String {
    let short: String = key.chars().take(50).collect();
    short.replace('~', "~0").replace('/', "~1")
}

/// One workspace as its members see it.
///
/// # Errors
/// The database failed; there is none, or it is deleted.
pub async fn view(work: &mut Work) -> Result<WorkspaceView, WorkspaceError> {
    store::view(work, false)
        .await?
        .ok_or(WorkspaceError::NotFound("workspace"))
}

/// As [`view`], held until the transaction ends: two who change different fields at once do not undo each other's.
///
/// # Errors
/// As of [`view`].
pub async fn lock(work: &mut Work) -> Result<WorkspaceView, WorkspaceError> {
    store::view(work, true)
        .await?
        .ok_or(WorkspaceError::NotFound("workspace"))
}

/// Changes what a workspace says of itself. `before` is what [`lock`] answered in the same transaction.
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn update(
    work: &mut Work,
    before: WorkspaceView,
    changes: Changes,
) -> Result<WorkspaceView, WorkspaceError> {
    let stored = before.clone();
    let mut settings = changes.settings.unwrap_or_else(|| stored.settings.clone());
    // What a newer program has stored is not this one's to judge.
    settings
        .other
        .retain(|key, value| stored.settings.other.get(key) != Some(value));
    let mut profile = Profile {
        name: changes.name.unwrap_or(stored.name),
        default_language: changes.default_language.unwrap_or(stored.default_language),
        languages: changes.languages.unwrap_or(stored.languages),
        country: changes.country.unwrap_or(stored.country),
        time_zone: changes.time_zone.unwrap_or(stored.time_zone),
        currency: changes.currency.unwrap_or(stored.currency),
        settings,
    }
    .checked()?;
    profile.settings.other = stored.settings.other;
    store::update(work, &profile).await?;
    let after = view(work).await?;
    if let Some((was, is)) = audit::difference(&before, &after) {
        record(work, "workspaces.update", Some(&was), Some(&is)).await?;
    }
    Ok(after)
}
