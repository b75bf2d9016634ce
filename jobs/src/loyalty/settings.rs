//! The rules by which contacts earn points.

use std::ops::RangeInclusive;

use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LoyaltyError, store};
use crate::{
    Work,
    audit::Change,
    contacts::{self, FieldKind},
    violations::Violations,
};

/// Points of a rule, of a reward or of an adjustment.
pub(super) const MAX_POINTS: i64 = 1_000_000;
const POINTS: RangeInclusive<i32> = 1..=1_000_000;
/// Ten million of most currencies.
const MAX_PER_MINOR: i64 = 1_000_000_000;
const MAX_MONTHS: i32 = 120;
const MAX_WARN_DAYS: i32 = 90;
const FIELD_LIMIT: usize = 50;

/// Points for the amount of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LoyaltyOrderRule)]
pub struct OrderRule {
    #[schema(example = 1, minimum = 1, maximum = 1_000_000)]
    pub points: i32,
    /// For each so many minor units of an order in the workspace's currency. A part of them gives a part of the points; the
    /// sum, with the multiplier of the tier, is rounded down.
    #[schema(example = 100, minimum = 1, maximum = 1_000_000_000)]
    pub per_minor: i64,
}

/// Points on the day of a date, once a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LoyaltyBirthdayRule)]
pub struct BirthdayRule {
    #[schema(example = 50, minimum = 1, maximum = 1_000_000)]
    pub points: i32,
    /// The key of a custom field of the kind `date`.
    #[schema(example = "birthday", max_length = 50)]
    pub field: String,
}

/// The end of points that nobody uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LoyaltyExpiryRule)]
pub struct ExpiryRule {
    /// Months after which points expire, the oldest first.
    #[schema(example = 12, minimum = 1, maximum = 120)]
    pub months: i32,
    /// Days before, when the contact is told. `null`: the contact is not told. The template `points_expire` reaches those
    /// who have not written for 24 hours: `{{1}}` is the number of points, `{{2}}` the day.
    #[serde(default)]
    #[schema(example = 14, minimum = 1, maximum = 90)]
    pub warn_days: Option<i32>,
}

/// A rule that is `null` gives no points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LoyaltySettings)]
pub struct Settings {
    /// Contacts earn points and take rewards. Otherwise points only expire, and codes that are out are still taken.
    pub enabled: bool,
    /// When an order is delivered. A refund takes its points back.
    #[serde(default)]
    pub order: Option<OrderRule>,
    /// When a contact has come to a booking.
    #[serde(default)]
    #[schema(example = 10, minimum = 1, maximum = 1_000_000)]
    pub visit_points: Option<i32>,
    #[serde(default)]
    pub birthday: Option<BirthdayRule>,
    /// It holds for points that are earned from now on. `null`: they never expire.
    #[serde(default)]
    pub expiry: Option<ExpiryRule>,
}

impl Settings {
    /// What holds until a member sets something.
    pub(super) const OFF: Self = Self {
        enabled: false,
        order: None,
        visit_points: None,
        birthday: None,
        expiry: None,
    };

    async fn check(&self, work: &mut Work) -> Result<(), LoyaltyError> {
        let mut violations = Violations::default();
        let points = |violations: &mut Violations, pointer: &str, points: i32| {
            let rule = "must be 1 to 1000000";
            violations.unless(POINTS.contains(&points), pointer, "out_of_range", rule);
        };
        if let Some(order) = &self.order {
            points(&mut violations, "/order/points", order.points);
            violations.unless(
                (1..=MAX_PER_MINOR).contains(&order.per_minor),
                "/order/per_minor",
                "out_of_range",
                format!("must be 1 to {MAX_PER_MINOR}"),
            );
        }
        if let Some(visit) = self.visit_points {
            points(&mut violations, "/visit_points", visit);
        }
        if let Some(birthday) = &self.birthday {
            points(&mut violations, "/birthday/points", birthday.points);
            violations.text("/birthday/field", &birthday.field, 1, FIELD_LIMIT);
            let fields = contacts::fields(work).await?;
            let is_date = fields
                .iter()
                .any(|field| field.key == birthday.field && field.kind == FieldKind::Date);
            let rule = "must be the key of a custom field of the kind date";
            violations.unless(is_date, "/birthday/field", "unknown_field", rule);
        }
        if let Some(expiry) = &self.expiry {
            violations.unless(
                (1..=MAX_MONTHS).contains(&expiry.months),
                "/expiry/months",
                "out_of_range",
                format!("must be 1 to {MAX_MONTHS}"),
            );
            let rule = format!("must be 1 to {MAX_WARN_DAYS}, and shorter than the months");
            let days = expiry.warn_days;
            let fits = days.is_none_or(|days| {
                (1..=MAX_WARN_DAYS).contains(&days) && days < expiry.months.saturating_mul(28)
            });
            violations.unless(fits, "/expiry/warn_days", "out_of_range", rule);
        }
        Ok(violations.end()?)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = LoyaltySettingsNow)]
pub struct SettingsView {
    #[serde(flatten)]
    pub settings: Settings,
    /// `null`: nobody has set them yet.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub updated_at: Option<Timestamp>,
    /// For the ETag.
    #[serde(skip)]
    pub version: i64,
}

pub async fn settings(work: &mut Work) -> Result<SettingsView, sqlx::Error> {
    let found = store::settings::get(work).await?;
    Ok(found.unwrap_or(SettingsView {
        settings: Settings::OFF,
        updated_at: None,
        version: 1,
    }))
}

/// Locks the settings until the transaction ends. Changes of tiers hold them too.
pub async fn lock_settings(work: &mut Work) -> Result<SettingsView, sqlx::Error> {
    store::settings::lock(work).await
}

/// Replaces locked settings.
pub async fn set_settings(
    work: &mut Work,
    before: &SettingsView,
    new: &Settings,
) -> Result<SettingsView, LoyaltyError> {
    new.check(work).await?;
    store::settings::set(work, new).await?;
    let (action, subject) = (
        "loyalty.set_settings",
        ("loyalty_settings", work.workspace().uuid()),
    );
    work.audit(&Change::updated(action, subject, &before.settings, new))
        .await?;
    Ok(settings(work).await?)
}
