//! Plans: what contacts can subscribe to.

use kazi_platform::{Money, invalid::Invalid};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::{Period, Plan, PlanId, SubscriptionError, Unit, store::plans as store};
use crate::{Work, audit::Change, catalog::Text, payments, violations::Violations};

/// Characters of a plan's name, which must fit a row of a list.
const NAME_LIMIT: usize = 24;
const DESCRIPTION_LIMIT: usize = 500;
const DAYS_LIMIT: u16 = 366;
const MONTHS_LIMIT: u16 = 24;
const GRACE_LIMIT: i32 = 90;
const REMINDERS_LIMIT: usize = 5;
const REMIND_LIMIT: i32 = 60;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// Texts of up to 24 characters by language, at least one.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "IPTV, one month"}))]
    pub names: Text,
    /// Texts of up to 500 characters by language.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "300 channels"}))]
    pub descriptions: Text,
    /// The price of a period.
    #[schema(value_type = Object, example = json!({"minor": 500, "currency": "USD"}))]
    pub price: Money,
    /// The time that a payment buys. It cannot be changed later, because a plan with another period is another plan.
    pub period: Period,
    /// Days after the end in which a payment continues the subscription from its end.
    #[serde(default = "three")]
    #[schema(minimum = 0, maximum = 90, example = 3)]
    pub grace_days: i32,
    /// Days before the end at which the customer is reminded.
    #[serde(default = "week")]
    #[schema(max_items = 5, example = json!([7, 3, 1]))]
    pub remind_days: Vec<i32>,
}

const fn three() -> i32 {
    3
}

fn week() -> Vec<i32> {
    vec![7, 3, 1]
}

/// Fields that are left out stay. Running subscriptions get the new price with their next payment.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanPatch {
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>, example = json!({"en": "IPTV, one month"}))]
    pub names: Option<Text>,
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>, example = json!({"en": "300 channels"}))]
    pub descriptions: Option<Text>,
    /// The price of a period.
    #[schema(value_type = Option<Object>, example = json!({"minor": 600, "currency": "USD"}))]
    pub price: Option<Money>,
    /// As for a new plan.
    #[schema(minimum = 0, maximum = 90, example = 3)]
    pub grace_days: Option<i32>,
    /// As for a new plan. It holds from the next period on.
    #[schema(max_items = 5, example = json!([7, 3, 1]))]
    pub remind_days: Option<Vec<i32>>,
    /// Whether contacts can subscribe.
    #[schema(example = false)]
    pub active: Option<bool>,
}

fn check(plan: &NewPlan) -> Result<(), Invalid> {
    let mut violations = Violations::default();
    violations.some_language("/names", &plan.names);
    violations.texts("/names", &plan.names, NAME_LIMIT);
    violations.texts("/descriptions", &plan.descriptions, DESCRIPTION_LIMIT);
    if let Some(rule) = payments::refusal(plan.price) {
        violations.add("/price/minor", ("not_payable", rule));
    }
    let most = match plan.period.unit {
        Unit::Day => DAYS_LIMIT,
        Unit::Month => MONTHS_LIMIT,
    };
    violations.unless(
        (1..=most).contains(&plan.period.count),
        "/period/count",
        "range",
        format!("must be 1 to {DAYS_LIMIT} days or 1 to {MONTHS_LIMIT} months"),
    );
    violations.unless(
        (0..=GRACE_LIMIT).contains(&plan.grace_days),
        "/grace_days",
        "range",
        format!("must be 0 to {GRACE_LIMIT}"),
    );
    let days = &plan.remind_days;
    let distinct: std::collections::BTreeSet<_> = days.iter().collect();
    violations.unless(
        days.len() <= REMINDERS_LIMIT
            && distinct.len() == days.len()
            && days.iter().all(|day| (1..=REMIND_LIMIT).contains(day)),
        "/remind_days",
        "range",
        format!("must be up to {REMINDERS_LIMIT} different numbers from 1 to {REMIND_LIMIT}"),
    );
    violations.end()
}

pub async fn create_plan(work: &mut Work, new: &NewPlan) -> Result<Plan, SubscriptionError> {
    check(new)?;
    let id = PlanId::new();
    store::insert(work, id, new).await?;
    let plan = store::plan(work, id)
        .await?
        .ok_or(SubscriptionError::NotFound)?;
    let (action, subject) = ("subscriptions.create_plan", ("plan", id));
    work.audit(&Change::created(action, subject, &plan)).await?;
    Ok(plan)
}

/// Changes a plan that [`lock_plan`](super::lock_plan) has locked.
pub async fn update_plan(
    work: &mut Work,
    before: &Plan,
    patch: PlanPatch,
) -> Result<Plan, SubscriptionError> {
    let wanted = NewPlan {
        names: patch.names.unwrap_or_else(|| before.names.0.clone()),
        descriptions: patch
            .descriptions
            .unwrap_or_else(|| before.descriptions.0.clone()),
        price: patch.price.unwrap_or(before.price),
        period: before.period,
        grace_days: patch.grace_days.unwrap_or(before.grace_days),
        remind_days: patch
            .remind_days
            .unwrap_or_else(|| before.remind_days.clone()),
    };
    check(&wanted)?;
    let after = Plan {
        names: Json(wanted.names),
        descriptions: Json(wanted.descriptions),
        price: wanted.price,
        grace_days: wanted.grace_days,
        remind_days: wanted.remind_days,
        active: patch.active.unwrap_or(before.active),
        ..before.clone()
    };
    store::update(work, &after).await?;
    let after = store::plan(work, before.id)
        .await?
        .ok_or(SubscriptionError::NotFound)?;
    let (action, subject) = ("subscriptions.update_plan", ("plan", before.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}
