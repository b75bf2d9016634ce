//! Offerings: what can be booked, with which staff, and on which terms.

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

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Offering {
    pub id: OfferingId,
    /// Texts by language.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "Haircut"}))]
    pub names: Json<Text>,
    #[schema(example = 45)]
    pub duration_minutes: i32,
    /// Minutes that the staff stays free after the booking.
    #[schema(example = 15)]
    pub buffer_minutes: i32,
    /// Minutes between the beginnings of two slots.
    #[schema(example = 30)]
    pub step_minutes: i32,
    /// Minor units. `null`: no price is shown.
    #[schema(example = 1500)]
    pub price_minor: Option<i64>,
    /// ISO 4217: the workspace's currency when the price was set.
    #[schema(example = "KES")]
    pub currency: Option<String>,
    /// Minutes before the beginning at which customers are reminded, the longest first.
    #[schema(example = json!([1440, 120]))]
    pub reminder_minutes: Vec<i32>,
    /// Customers must book this many minutes ahead.
    #[schema(example = 60)]
    pub min_ahead_minutes: i32,
    /// Bookings are at most this many days ahead.
    #[schema(example = 30)]
    pub max_ahead_days: i32,
    pub active: bool,
    pub providers: Vec<StaffId>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
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

    /// The name in a language, or else in the workspace's language.
    pub(super) fn name(&self, language: &str, fallback: &str) -> &str {
        in_language(&self.names, language, fallback)
    }
}

/// The text in a language, or else in the workspace's language.
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

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOffering {
    /// Texts by language, at least one.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "Haircut"}))]
    pub names: Text,
    #[schema(example = 45, minimum = 1, maximum = 1440)]
    pub duration_minutes: i32,
    /// Minutes that the staff stays free after the booking.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1440)]
    pub buffer_minutes: i32,
    /// Minutes between the beginnings of two slots, counted from the opening.
    #[serde(default = "slot")]
    #[schema(minimum = 1, maximum = 1440, default = 30)]
    pub step_minutes: i32,
    /// Minor units of the workspace's currency.
    #[schema(example = 1500, minimum = 0)]
    pub price_minor: Option<i64>,
    /// Minutes before the beginning at which customers are reminded, up to five.
    #[serde(default = "day_and_two_hours")]
    #[schema(max_items = 5, default = json!([1440, 120]))]
    pub reminder_minutes: Vec<i32>,
    /// Customers must book this many minutes ahead.
    #[serde(default = "hour")]
    #[schema(minimum = 0, maximum = 43200, default = 60)]
    pub min_ahead_minutes: i32,
    /// Bookings are at most this many days ahead.
    #[serde(default = "month")]
    #[schema(minimum = 1, maximum = 366, default = 30)]
    pub max_ahead_days: i32,
    #[schema(max_items = 50)]
    pub providers: Vec<StaffId>,
}

/// Fields that are left out stay. Existing bookings keep their length, price and reminders.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferingPatch {
    /// Replaces all texts.
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>, example = json!({"en": "Haircut"}))]
    pub names: Option<Text>,
    #[schema(example = 45, minimum = 1, maximum = 1440)]
    pub duration_minutes: Option<i32>,
    /// Minutes that the staff stays free after the booking.
    #[schema(minimum = 0, maximum = 1440)]
    pub buffer_minutes: Option<i32>,
    /// Minutes between the beginnings of two slots.
    #[schema(minimum = 1, maximum = 1440)]
    pub step_minutes: Option<i32>,
    /// Minor units of the workspace's currency.
    #[schema(minimum = 0)]
    pub price_minor: Option<i64>,
    /// Minutes before the beginning, up to five.
    #[schema(max_items = 5)]
    pub reminder_minutes: Option<Vec<i32>>,
    /// Customers must book this many minutes ahead.
    #[schema(minimum = 0, maximum = 43200)]
    pub min_ahead_minutes: Option<i32>,
    /// Bookings are at most this many days ahead.
    #[schema(minimum = 1, maximum = 366)]
    pub max_ahead_days: Option<i32>,
    pub active: Option<bool>,
    /// Replaces the whole list.
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    pub providers: Option<Vec<StaffId>>,
}

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
    let (action, subject) = ("appointments.create_offering", ("offering", offering.id));
    work.audit(&Change::created(action, subject, &offering))
        .await?;
    Ok(offering)
}

/// Changes an offering that [`lock_offering`] has locked.
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
    let (action, subject) = ("appointments.update_offering", ("offering", after.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

/// Sets the workspace's present currency for the price.
async fn price(work: &mut Work, offering: &mut Offering) -> Result<(), sqlx::Error> {
    if offering.price_minor.is_some() {
        offering.currency = Some(workspaces::get(work).await?.currency);
    }
    Ok(())
}

/// The price as a text for people.
pub(super) fn price_words(minor: Option<i64>, currency: Option<&str>) -> Option<String> {
    let currency: Currency = currency?.parse().ok()?;
    let money = kazi_platform::Money {
        minor: minor?,
        currency,
    };
    Some(money.to_string())
}
