//! What a workspace says of itself: name, languages, country, time zone, currency, settings.

use std::collections::BTreeMap;

use kazi_platform::{Currency, Timestamp, WorkspaceId, actor::Actor, invalid::Invalid};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

use super::{WorkspaceError, record, store};
use crate::{audit, faults::Faults, locale::LANGUAGES};

/// The longest name, in characters.
const MAX_NAME: usize = 200;
/// The longest text of a setting, in characters: WhatsApp's limit of a message with buttons.
const MAX_TEXT: usize = 1_024;

/// A workspace as its members describe it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What the business is called: 1 to 200 characters.
    pub name: String,
    /// What it speaks when a contact's language is not known.
    #[serde(default = "english")]
    pub default_language: String,
    /// What it speaks: of `en`, `fr`, `es`, `pt`, `ar`, `hi`; the default among them. Empty: the default alone.
    #[serde(default)]
    pub languages: Vec<String>,
    /// ISO 3166, two letters: how phone numbers without a country are read.
    #[serde(default)]
    pub country: Option<String>,
    /// IANA: `Africa/Nairobi`.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// ISO 4217: `KES`.
    #[serde(default = "dollars")]
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// When nothing is sent that nobody waits for, in the contact's time zone or else the workspace's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
    /// By language: the answer to somebody who wants no more marketing. Without one, the bot's own words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub opt_out_texts: BTreeMap<String, String>,
    /// What a newer program has stored here is kept; what a person sends here is refused.
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

/// From one time of the day to another, over midnight where the second is the earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// `21:00`
    pub from: String,
    /// `08:00`
    pub until: String,
}

/// What is to be changed. What is left out stays as it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// As in [`Profile`].
    pub name: Option<String>,
    /// As in [`Profile`].
    pub default_language: Option<String>,
    /// As in [`Profile`].
    pub languages: Option<Vec<String>>,
    /// As in [`Profile`]; null takes it away.
    #[serde(default, deserialize_with = "given")]
    pub country: Option<Option<String>>,
    /// As in [`Profile`].
    pub time_zone: Option<String>,
    /// As in [`Profile`].
    pub currency: Option<String>,
    /// All of them anew.
    pub settings: Option<Settings>,
}

/// Tells null from nothing.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// A workspace as its members see it.
#[derive(Clone, Debug, Serialize)]
pub struct WorkspaceView {
    /// Its id.
    pub id: WorkspaceId,
    /// As in [`Profile`], and so are those that follow.
    pub name: String,
    /// See [`Profile`].
    pub default_language: String,
    /// See [`Profile`].
    pub languages: Vec<String>,
    /// See [`Profile`].
    pub country: Option<String>,
    /// See [`Profile`].
    pub time_zone: String,
    /// See [`Profile`].
    pub currency: String,
    /// See [`Profile`].
    pub settings: Settings,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed: its version.
    pub updated_at: Timestamp,
}

impl Profile {
    /// The same in its canonical form.
    pub(super) fn checked(&self) -> Result<Self, Invalid> {
        let mut faults = Faults::default();
        faults.text("/name", self.name.trim(), 1, MAX_NAME);
        let mut languages = self.languages.clone();
        if languages.is_empty() {
            languages.push(self.default_language.clone());
        }
        let rule = format!("must be of {}", LANGUAGES.join(", "));
        for (n, language) in languages.iter().enumerate() {
            let known = LANGUAGES.contains(&language.as_str());
            faults.unless(known, format!("/languages/{n}"), "unknown_language", &rule);
            let once = !languages[..n].contains(language);
            faults.unless(
                once,
                format!("/languages/{n}"),
                "repeated",
                "is there twice",
            );
        }
        faults.unless(
            languages.contains(&self.default_language),
            "/default_language",
            "not_spoken",
            "must be one of the languages",
        );
        let country = self.country.as_deref().map(str::to_ascii_uppercase);
        faults.unless(
            country
                .as_deref()
                .is_none_or(kazi_platform::phone::is_country),
            "/country",
            "unknown_country",
            "must be a country of ISO 3166 in two letters, like KE",
        );
        faults.unless(
            self.time_zone.parse::<chrono_tz::Tz>().is_ok(),
            "/time_zone",
            "unknown_time_zone",
            "must be a time zone of the IANA database, like Africa/Nairobi",
        );
        let currency = self.currency.parse::<Currency>();
        faults.unless(
            currency.is_ok(),
            "/currency",
            "unknown_currency",
            "must be a currency of ISO 4217, like KES",
        );
        self.settings.check(&mut faults, &languages);
        faults.end()?;
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
    fn check(&self, faults: &mut Faults, languages: &[String]) {
        for key in self.other.keys() {
            faults.unless(
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
                faults.unless(
                    fits(text),
                    format!("/settings/quiet_hours/{field}"),
                    "time",
                    "must be a time of the day like 21:00",
                );
            }
            faults.unless(
                quiet.from != quiet.until,
                "/settings/quiet_hours/until",
                "empty",
                "must differ from the beginning",
            );
        }
        for (language, text) in &self.opt_out_texts {
            let pointer = format!("/settings/opt_out_texts/{}", escape(language));
            let spoken = languages.contains(language);
            faults.unless(
                spoken,
                &pointer,
                "not_spoken",
                "is not one of the languages",
            );
            faults.text(&pointer, text, 1, MAX_TEXT);
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
pub async fn view(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
) -> Result<WorkspaceView, WorkspaceError> {
    store::view(conn, workspace, false)
        .await?
        .ok_or(WorkspaceError::NotFound("workspace"))
}

/// Changes what a workspace says of itself. With `expected`, only the version of that time.
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn update(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    changes: Changes,
    expected: Option<Timestamp>,
) -> Result<WorkspaceView, WorkspaceError> {
    // Locked: two who change different fields at once do not undo each other's.
    let before = store::view(&mut *conn, workspace, true)
        .await?
        .ok_or(WorkspaceError::NotFound("workspace"))?;
    if expected.is_some_and(|expected| expected != before.updated_at) {
        return Err(WorkspaceError::Changed);
    }
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
    store::update(&mut *conn, workspace, &profile).await?;
    let after = view(&mut *conn, workspace).await?;
    if let Some((was, is)) = audit::difference(&before, &after) {
        record(
            conn,
            workspace,
            actor,
            "workspaces.update",
            Some(&was),
            Some(&is),
        )
        .await?;
    }
    Ok(after)
}
