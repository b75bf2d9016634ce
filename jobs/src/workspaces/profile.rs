//! The profile of a workspace: name, languages, country, time zone, currency, settings.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use kazi_platform::{Currency, Timestamp, WorkspaceId, invalid::Invalid};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{BusinessClock, BusinessHours, FrequencyCap, WorkspaceError, store};
use crate::{
    Work,
    audit::Change,
    notifications::Business,
    violations::{Violations, member, named},
};

/// The longest name, in characters.
const MAX_NAME: usize = 200;
/// The longest text of a setting, in characters: WhatsApp's limit of a message with buttons.
const MAX_TEXT: usize = 1_024;
/// The longest wait for more lines of a question. A customer who waits longer believes that nobody answers.
const MAX_GATHER_SECONDS: i32 = 10;
/// People who write a question in pieces send the next piece within about this time.
const GATHER_SECONDS: i32 = 3;
/// The same of a text to which the bot adds the opening time.
const MAX_CLOSED_TEXT: usize = 900;

/// Days for which a workspace may keep the files of messages.
const MEDIA_DAYS: RangeInclusive<u32> = 1..=3_650;

/// A workspace as its members describe it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWorkspace)]
pub struct Profile {
    /// The name of the business: 1 to 200 characters.
    #[schema(example = "Zuri Shop", min_length = 1, max_length = 200)]
    pub name: String,
    /// The language for contacts whose own is unknown.
    #[serde(default = "english")]
    #[schema(example = "en")]
    pub default_language: String,
    /// Of `en`, `fr`, `es`, `pt`, `ar`, `hi`; the default must be among them. Empty: the default alone.
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

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = WorkspaceSettings)]
pub struct Settings {
    /// Hours in which Kazi sends only answers, in the contact's time zone or else the workspace's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
    /// When members answer customers. Without hours the business is always open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_hours: Option<BusinessHours>,
    /// By language: the answer to a contact who asks for a person outside the business hours. Without one, the bot uses its
    /// own text. The bot adds when the business opens.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub closed_texts: BTreeMap<String, String>,
    /// By language: the answer to a contact who refuses marketing. Without one, the bot uses its own text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub opt_out_texts: BTreeMap<String, String>,
    /// Seconds without another line of the customer after which a model answers a question. A question of several lines
    /// gets one answer. 0: each line gets its own at once. Without the setting: 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 3, minimum = 0, maximum = 10)]
    pub gather_seconds: Option<i32>,
    /// Days for which Kazi keeps the files of messages. Without a number, and at most: as long as the operator keeps them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3650)]
    pub media_keep_days: Option<u32>,
    /// The most marketing messages that campaigns send to a contact. A campaign may have a cap of its own. Without one:
    /// as many as there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency_cap: Option<FrequencyCap>,
    /// Settings that a newer program has stored. They are kept, and a caller who sends one is refused.
    #[serde(flatten)]
    #[schema(ignore)]
    other: BTreeMap<String, Value>,
}

/// From one time of the day to another. It spans midnight when the second is the earlier one.
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

/// Changes of a profile. A field that is left out stays as it is.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkspacePatch)]
pub struct Changes {
    /// The name of the business: 1 to 200 characters.
    pub name: Option<String>,
    /// The language for contacts whose own is unknown.
    pub default_language: Option<String>,
    /// All languages, in place of the earlier ones.
    pub languages: Option<Vec<String>>,
    /// ISO 3166, two letters; null removes it.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<String>, example = "KE")]
    pub country: Option<Option<String>>,
    /// IANA: `Africa/Nairobi`.
    pub time_zone: Option<String>,
    /// ISO 4217: `KES`.
    pub currency: Option<String>,
    /// All settings, in place of the earlier ones.
    pub settings: Option<Settings>,
}

/// A workspace as its members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WorkspaceView {
    pub id: WorkspaceId,
    /// The name of the business.
    #[schema(example = "Zuri Shop")]
    pub name: String,
    /// The language for contacts whose own is unknown.
    #[schema(example = "en")]
    pub default_language: String,
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
    pub settings: Settings,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The last change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
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
        for (n, language) in languages.iter().enumerate() {
            violations.language(format!("/languages/{n}"), language);
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
            self.time_zone.parse::<Tz>().is_ok(),
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
    /// The time without another line after which a model answers a question.
    pub fn gather(&self) -> TimeDelta {
        TimeDelta::seconds(self.gather_seconds.unwrap_or(GATHER_SECONDS).into())
    }

    fn check(&self, violations: &mut Violations, languages: &[String]) {
        for key in self.other.keys() {
            violations.unless(
                false,
                member("/settings", key),
                "unknown_key",
                "there is no such setting; there are quiet_hours, business_hours, closed_texts, opt_out_texts, gather_seconds, media_keep_days and frequency_cap",
            );
        }
        violations.unless(
            self.media_keep_days
                .is_none_or(|days| MEDIA_DAYS.contains(&days)),
            "/settings/media_keep_days",
            "out_of_range",
            "must be 1 to 3650 days",
        );
        if let Some(cap) = &self.frequency_cap {
            cap.check(violations, "/settings/frequency_cap");
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
        violations.unless(
            self.gather_seconds
                .is_none_or(|seconds| (0..=MAX_GATHER_SECONDS).contains(&seconds)),
            "/settings/gather_seconds",
            "out_of_range",
            format!("must be 0 to {MAX_GATHER_SECONDS}"),
        );
        if let Some(hours) = &self.business_hours {
            hours.check(violations, "/settings/business_hours");
        }
        for (field, texts, most) in [
            ("opt_out_texts", &self.opt_out_texts, MAX_TEXT),
            ("closed_texts", &self.closed_texts, MAX_CLOSED_TEXT),
        ] {
            for (language, text) in texts {
                let pointer = member(&format!("/settings/{field}"), language);
                let spoken = languages.contains(language);
                violations.unless(
                    spoken,
                    &pointer,
                    "not_spoken",
                    "is not one of the languages",
                );
                violations.text(&pointer, text, 1, most);
            }
        }
    }
}

/// One workspace as its members see it.
pub async fn view(work: &mut Work) -> Result<WorkspaceView, WorkspaceError> {
    store::view(work, false)
        .await?
        .ok_or(WorkspaceError::NotFound("workspace"))
}

/// The workspace's time zone. It is also that of a deleted workspace.
pub async fn time_zone(work: &mut Work) -> Result<Tz, sqlx::Error> {
    let zone = store::time_zone(work).await?;
    Ok(zone.parse().unwrap_or(Tz::UTC))
}

/// What a letter to a member says of the workspace.
pub(super) async fn business(work: &mut Work) -> Result<Business, sqlx::Error> {
    let (name, zone) = store::name_and_zone(work).await?;
    Ok(Business {
        name,
        zone: zone.parse().unwrap_or(Tz::UTC),
    })
}

/// When the business answers.
pub async fn business_clock(work: &mut Work) -> Result<BusinessClock, sqlx::Error> {
    let (zone, settings) = store::hours(work).await?;
    Ok(BusinessClock {
        zone: zone.parse().unwrap_or(Tz::UTC),
        hours: settings.business_hours,
    })
}

/// The business's own answer outside its hours, in a language.
pub async fn closed_text(work: &mut Work, language: &str) -> Result<Option<String>, sqlx::Error> {
    let (_, mut settings) = store::hours(work).await?;
    Ok(settings.closed_texts.remove(language))
}

/// The day that it is in the workspace's time zone.
pub async fn today(work: &mut Work) -> Result<NaiveDate, sqlx::Error> {
    let zone = time_zone(work).await?;
    Ok(work.now().with_timezone(&zone).date_naive())
}

/// Like [`view`], and locks the row: two calls that change different fields at once keep each other's changes.
pub async fn lock(work: &mut Work) -> Result<WorkspaceView, WorkspaceError> {
    store::view(work, true)
        .await?
        .ok_or(WorkspaceError::NotFound("workspace"))
}

/// Changes the profile. `before` is the answer of [`lock`] in the same transaction.
pub async fn update(
    work: &mut Work,
    before: WorkspaceView,
    changes: Changes,
) -> Result<WorkspaceView, WorkspaceError> {
    let stored = before.clone();
    let mut settings = changes.settings.unwrap_or_else(|| stored.settings.clone());
    // A setting that a newer program has stored is unknown here, and is not checked.
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
    let (action, subject) = ("workspaces.update", ("workspace", work.workspace()));
    work.audit(&Change::updated(action, subject, &before, &after))
        .await?;
    Ok(after)
}
