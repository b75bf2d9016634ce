//! What members write into a marketing campaign, and its rules.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use kazi_platform::{Currency, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Amount, Goal, MarketingError, MarketingId, Measure, Objective, store};
use crate::{
    Work,
    violations::{Violation, Violations},
    workspaces,
};

const NAME_LIMIT: usize = 120;
const NOTES_LIMIT: usize = 4_000;
const MAX_TAGS: usize = 20;
const TAG_LIMIT: usize = 50;
/// Minor units, and counts of a goal.
const MAX_AMOUNT: i64 = 1_000_000_000_000;
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// A marketing campaign to be made, or that takes the place of what was written before.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMarketingCampaign {
    /// 1 to 120 characters. No two have the same, in capital or small letters.
    #[schema(example = "Christmas 2026", min_length = 1, max_length = 120)]
    pub name: String,
    pub objective: Objective,
    #[serde(default)]
    pub goal: Option<Goal>,
    /// At most 4,000 characters.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub notes: String,
    /// The first day, on the clocks of the workspace: a draft becomes active. Without it, a member starts it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub starts_on: Option<NaiveDate>,
    /// The last day: after it, an active one ends. Without it, a member ends it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub ends_on: Option<NaiveDate>,
    /// The expenses must have the same currency.
    #[serde(default)]
    pub budget: Option<Amount>,
    /// An active member, who is told of the budget.
    #[serde(default)]
    pub owner_id: Option<UserId>,
    /// At most 20, with at most 50 characters each. They are kept in small letters.
    #[serde(default)]
    #[schema(example = json!(["christmas"]), max_items = 20)]
    pub tags: Vec<String>,
}

impl NewMarketingCampaign {
    /// Checks the rules, and returns what is stored. `id` is the campaign that exists already.
    pub(super) async fn checked(
        &self,
        work: &mut Work,
        id: Option<MarketingId>,
    ) -> Result<Self, MarketingError> {
        let mut violations = Violations::default();
        violations.text("/name", &self.name, 1, NAME_LIMIT);
        violations.text("/notes", &self.notes, 0, NOTES_LIMIT);
        check_day(&mut violations, "/starts_on", self.starts_on);
        check_day(&mut violations, "/ends_on", self.ends_on);
        let ordered = self.starts_on.zip(self.ends_on);
        let ordered = ordered.is_none_or(|(first, last)| first <= last);
        let rule = "must not be before starts_on";
        violations.unless(ordered, "/ends_on", "order", rule);
        let rule = format!("must be at most {MAX_TAGS} tags");
        violations.unless(self.tags.len() <= MAX_TAGS, "/tags", "too_many", rule);
        for (place, tag) in self.tags.iter().take(MAX_TAGS).enumerate() {
            violations.text(&format!("/tags/{place}"), tag, 1, TAG_LIMIT);
        }
        let goal = self
            .goal
            .as_ref()
            .map(|goal| check_goal(&mut violations, goal));
        let budget = self
            .budget
            .as_ref()
            .map(|budget| check_amount(&mut violations, "/budget", budget));
        if let (Some(budget), Some(id)) = (&budget, id) {
            let spent = store::expenses::currencies(work, id).await?;
            if let Some(other) = spent.iter().find(|one| **one != budget.currency) {
                let rule = format!("must be {other}: there are expenses in it");
                violations.add("/budget/currency", ("differs", rule));
            }
        }
        if self.owner_id.is_some() && workspaces::assignee(work, self.owner_id).await?.is_none() {
            let rule = "there is no such active member".to_owned();
            violations.add("/owner_id", ("unknown", rule));
        }
        violations.end()?;
        let tags: BTreeSet<String> = self
            .tags
            .iter()
            .map(|tag| tag.trim().to_lowercase())
            .collect();
        Ok(Self {
            name: self.name.trim().to_owned(),
            goal,
            budget,
            tags: tags.into_iter().collect(),
            ..self.clone()
        })
    }
}

/// Checks that a day is no typing error.
pub(super) fn check_day(violations: &mut Violations, pointer: &str, day: Option<NaiveDate>) {
    let likely = day.is_none_or(|day| YEARS.contains(&day.year()));
    let rule = format!("must be in the years {} to {}", YEARS.start(), YEARS.end());
    violations.unless(likely, pointer, "out_of_range", rule);
}

fn in_range(value: i64) -> Result<i64, Violation> {
    match (1..=MAX_AMOUNT).contains(&value) {
        true => Ok(value),
        false => Err(("out_of_range", format!("must be 1 to {MAX_AMOUNT}"))),
    }
}

fn currency(code: &str) -> Result<Currency, Violation> {
    let rule = "must be a currency of ISO 4217, like KES";
    code.parse()
        .map_err(|_| ("unknown_currency", rule.to_owned()))
}

/// Checks an amount, and returns it with its currency in capital letters.
pub(super) fn check_amount(violations: &mut Violations, pointer: &str, amount: &Amount) -> Amount {
    violations.take(
        &format!("{pointer}/amount_minor"),
        in_range(amount.amount_minor),
    );
    let code = violations.take(&format!("{pointer}/currency"), currency(&amount.currency));
    Amount {
        amount_minor: amount.amount_minor,
        currency: code.map_or_else(String::new, String::from),
    }
}

fn check_goal(violations: &mut Violations, goal: &Goal) -> Goal {
    violations.take("/goal/target", in_range(goal.target));
    let pointer = "/goal/currency";
    let code = match (goal.measure, &goal.currency) {
        (Measure::Revenue, Some(code)) => violations.take(pointer, currency(code)),
        (Measure::Revenue, None) => {
            let rule = "revenue is counted in one currency".to_owned();
            violations.add(pointer, ("missing", rule));
            None
        }
        (_, Some(_)) => {
            let rule = "only revenue has a currency".to_owned();
            violations.add(pointer, ("unexpected", rule));
            None
        }
        (_, None) => None,
    };
    Goal {
        currency: code.map(String::from),
        ..goal.clone()
    }
}
