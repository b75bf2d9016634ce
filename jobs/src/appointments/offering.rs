//! Offerings: what can be booked, with whom, and under which terms.

mod check;

use chrono::TimeDelta;
use kazi_platform::{Currency, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

pub(super) use self::check::EARLIEST_REMINDER;
use self::check::check;
pub use super::store::offerings::{lock_offering, offering, offerings};
use super::{AppointmentError, OfferingId, StaffId, calendar::Length, store::offerings as store};
use crate::{Work, audit::Change, catalog::Text, workspaces};

const DAY: i32 = 1_440;

/// What can be booked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Offering {
    /// Its id.
    pub id: OfferingId,
    /// Language to words.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "Haircut"}))]
    pub names: Json<Text>,
    /// How long it takes.
    #[schema(example = 45)]
    pub duration_minutes: i32,
    /// For so long afterwards its staff takes nobody.
    #[schema(example = 15)]
    pub buffer_minutes: i32,
    /// How far its slots lie apart.
    #[schema(example = 30)]
    pub step_minutes: i32,
    /// Minor units; `null`: it is not said.
    #[schema(example = 1500)]
    pub price_minor: Option<i64>,
    /// ISO 4217: the workspace's when the price was set.
    #[schema(example = "KES")]
    pub currency: Option<String>,
    /// When customers are reminded: minutes before the beginning, the longest first.
    #[schema(example = json!([1440, 120]))]
    pub reminder_minutes: Vec<i32>,
    /// Customers book no later than so many minutes ahead.
    #[schema(example = 60)]
    pub min_ahead_minutes: i32,
    /// Nobody books more than so many days ahead.
    #[schema(example = 30)]
    pub max_ahead_days: i32,
    /// Whether it can be booked.
    pub active: bool,
    /// Who can be booked for it.
    pub providers: Vec<StaffId>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl Offering {
    pub(super) fn length(&self) -> Length {
        let minutes = |count: i32| TimeDelta::minutes(count.into());
        Length {
            duration: minutes(self.duration_minutes),
            buffer: minutes(self.buffer_minutes),
            step: minutes(self.step_minutes),
        }
    }

    /// Its name in a language, else in the workspace's.
    pub(super) fn name(&self, language: &str, fallback: &str) -> &str {
        in_language(&self.names, language, fallback)
    }
}

/// Of an offering's names that in a language, else that in the workspace's.
pub(super) fn in_language<'a>(names: &'a Text, language: &str, fallback: &str) -> &'a str {
    let found = names.get(language).or_else(|| names.get(fallback));
    found
        .or_else(|| names.values().next())
        .map_or("", String::as_str)
}

fn slot() -> i32 {
    30
}

fn day_and_two_hours() -> Vec<i32> {
    vec![DAY, 120]
}

fn hour() -> i32 {
    60
}

fn month() -> i32 {
    30
}

/// An offering to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOffering {
    /// Language to words, one at least.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "Haircut"}))]
    pub names: Text,
    /// How long it takes.
    #[schema(example = 45, minimum = 1, maximum = 1440)]
    pub duration_minutes: i32,
    /// For so long afterwards its staff takes nobody.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1440)]
    pub buffer_minutes: i32,
    /// How far its slots lie apart, from when its staff opens.
    #[serde(default = "slot")]
    #[schema(minimum = 1, maximum = 1440, default = 30)]
    pub step_minutes: i32,
    /// Minor units of the workspace's currency.
    #[schema(example = 1500, minimum = 0)]
    pub price_minor: Option<i64>,
    /// When customers are reminded: minutes before the beginning, up to five.
    #[serde(default = "day_and_two_hours")]
    #[schema(max_items = 5, default = json!([1440, 120]))]
    pub reminder_minutes: Vec<i32>,
    /// Customers book no later than so many minutes ahead.
    #[serde(default = "hour")]
    #[schema(minimum = 0, maximum = 43200, default = 60)]
    pub min_ahead_minutes: i32,
    /// Nobody books more than so many days ahead.
    #[serde(default = "month")]
    #[schema(minimum = 1, maximum = 366, default = 30)]
    pub max_ahead_days: i32,
    /// Who can be booked for it.
    #[schema(max_items = 50)]
    pub providers: Vec<StaffId>,
}

/// What of an offering is to be changed; what is left out stays. What is booked keeps its length, price and reminders.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferingPatch {
    /// All its words.
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>, example = json!({"en": "Haircut"}))]
    pub names: Option<Text>,
    /// How long it takes.
    #[schema(example = 45, minimum = 1, maximum = 1440)]
    pub duration_minutes: Option<i32>,
    /// For so long afterwards its staff takes nobody.
    #[schema(minimum = 0, maximum = 1440)]
    pub buffer_minutes: Option<i32>,
    /// How far its slots lie apart.
    #[schema(minimum = 1, maximum = 1440)]
    pub step_minutes: Option<i32>,
    /// Minor units of the workspace's currency.
    #[schema(minimum = 0)]
    pub price_minor: Option<i64>,
    /// Minutes before the beginning, up to five.
    #[schema(max_items = 5)]
    pub reminder_minutes: Option<Vec<i32>>,
    /// Customers book no later than so many minutes ahead.
    #[schema(minimum = 0, maximum = 43200)]
    pub min_ahead_minutes: Option<i32>,
    /// Nobody books more than so many days ahead.
    #[schema(minimum = 1, maximum = 366)]
    pub max_ahead_days: Option<i32>,
    /// Whether it can be booked.
    pub active: Option<bool>,
    /// Who can be booked for it: all of them.
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    pub providers: Option<Vec<StaffId>>,
}

/// Makes an offering.
///
/// # Errors
/// See [`AppointmentError`].
pub async fn create_offering(
    work: &mut Work,
    new: &NewOffering,
) -> Result<Offering, AppointmentError> {
    let mut offering = Offering {
        id: OfferingId::at(work.now()),
        names: Json(new.names.clone()),
        duration_minutes: new.duration_minutes,
        buffer_minutes: new.buffer_minutes,
        step_minutes: new.step_minutes,
        price_minor: new.price_minor,
        currency: None,
        reminder_minutes: new.reminder_minutes.clone(),
        min_ahead_minutes: new.min_ahead_minutes,
        max_ahead_days: new.max_ahead_days,
        active: true,
        providers: new.providers.clone(),
        created_at: work.now(),
        updated_at: work.now(),
    };
    check(work, &mut offering).await?;
    price(work, &mut offering).await?;
    store::insert(work, &offering).await?;
    store::set_staff(work, &offering).await?;
    record(work, "appointments.create_offering", None, &offering).await?;
    Ok(offering)
}

/// Changes an offering that [`lock_offering`] has locked.
///
/// # Errors
/// See [`AppointmentError`].
pub async fn update_offering(
    work: &mut Work,
    before: &Offering,
    patch: OfferingPatch,
) -> Result<Offering, AppointmentError> {
    let mut after = before.clone();
    after.names = patch.names.map_or(after.names, Json);
    after.duration_minutes = patch.duration_minutes.unwrap_or(after.duration_minutes);
    after.buffer_minutes = patch.buffer_minutes.unwrap_or(after.buffer_minutes);
    after.step_minutes = patch.step_minutes.unwrap_or(after.step_minutes);
    after.reminder_minutes = patch.reminder_minutes.unwrap_or(after.reminder_minutes);
    after.min_ahead_minutes = patch.min_ahead_minutes.unwrap_or(after.min_ahead_minutes);
    after.max_ahead_days = patch.max_ahead_days.unwrap_or(after.max_ahead_days);
    after.active = patch.active.unwrap_or(after.active);
    after.providers = patch.providers.unwrap_or(after.providers);
    let new_price = patch.price_minor.is_some();
    after.price_minor = patch.price_minor.or(after.price_minor);
    check(work, &mut after).await?;
    if new_price {
        price(work, &mut after).await?;
    }
    store::set_staff(work, &after).await?;
    after.updated_at = store::update(work, &after).await?;
    record(work, "appointments.update_offering", Some(before), &after).await?;
    Ok(after)
}

/// A price is of the workspace's currency at the time when it is set.
async fn price(work: &mut Work, offering: &mut Offering) -> Result<(), sqlx::Error> {
    if offering.price_minor.is_some() {
        offering.currency = Some(workspaces::get(work).await?.currency);
    }
    Ok(())
}

/// What something costs, for people.
pub(super) fn price_words(minor: Option<i64>, currency: Option<&str>) -> Option<String> {
    let currency: Currency = currency?.parse().ok()?;
    let money = kazi_platform::Money {
        minor: minor?,
        currency,
    };
    Some(money.to_string())
}

async fn record(
    work: &mut Work,
    action: &'static str,
    before: Option<&Offering>,
    after: &Offering,
) -> Result<(), sqlx::Error> {
    let fields = |offering: &Offering| serde_json::to_value(offering).unwrap_or_default();
    let before = before.map(fields);
    let change = Change {
        action,
        subject_kind: "offering",
        subject: after.id.uuid(),
        before: before.as_ref(),
        after: Some(&fields(after)),
    };
    work.audit(&change).await
}
