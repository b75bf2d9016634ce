//! A workspace's monthly budget for models. A call is checked against the sum of the month before it begins, and its cost
//! is added when it ends. So the limit is passed by the calls in flight at most.

use chrono::{Datelike, NaiveDate};
use kazi_platform::{invalid::Invalid, texts};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{calls::UsageError, prompts::Prompt, store::budgets as store};
use crate::{
    Role, Work,
    audit::Change,
    notifications::{self, Kind, Notification, To},
    violations::Violations,
    workspaces,
};

/// Percent of the budget at which admins are warned.
const WARN_PERCENT: i128 = 80;
/// A million US dollars.
const LIMIT_MICRO: i64 = 1_000_000_000_000;

texts! {
    /// What happens to questions once the budget of the month is spent: `cheaper` asks only the last of the prompt's
    /// models, and `menu` asks none.
    pub enum AtLimit as "AiAtLimit" {
        Cheaper = "cheaper",
        Menu = "menu",
    }
}

texts! {
    /// How much of the budget is spent: less than 80 %, 80 % or more, or all of it.
    pub enum BudgetState as "AiBudgetState" {
        Within = "within",
        Warned = "warned",
        Reached = "reached",
    }
}

/// What a workspace may spend on models in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AiBudget)]
pub struct Budget {
    /// Millionths of a US dollar in a month of the workspace's time zone. `null`: there is no limit.
    #[schema(example = 20_000_000, minimum = 1)]
    pub limit_micro: Option<i64>,
    pub at_limit: AtLimit,
}

impl Budget {
    pub(super) const NONE: Self = Self {
        limit_micro: None,
        at_limit: AtLimit::Menu,
    };

    fn state(self, spent_micro: i64) -> BudgetState {
        let Some(limit) = self.limit_micro.map(i128::from) else {
            return BudgetState::Within;
        };
        let spent = i128::from(spent_micro);
        if spent >= limit {
            BudgetState::Reached
        } else if spent * 100 >= limit * WARN_PERCENT {
            BudgetState::Warned
        } else {
            BudgetState::Within
        }
    }
}

/// The budget, and what is spent of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AiBudgetNow)]
pub struct BudgetView {
    #[serde(flatten)]
    pub budget: Budget,
    /// The first day of this month, in the workspace's time zone.
    #[schema(value_type = String, format = Date)]
    pub month: NaiveDate,
    /// Millionths of a US dollar in this month.
    pub spent_micro: i64,
    pub state: BudgetState,
}

/// The sum of a month, and what admins were told of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Month {
    pub spent_micro: i64,
    pub warned: bool,
    pub reached: bool,
}

/// A part of the budget of which admins are told once a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Warned,
    Reached,
}

impl Month {
    /// The mark that this state reaches for the first time.
    const fn mark(self, state: BudgetState) -> Option<Mark> {
        match state {
            BudgetState::Reached if !self.reached => Some(Mark::Reached),
            BudgetState::Warned if !self.warned => Some(Mark::Warned),
            _ => None,
        }
    }
}

pub(super) fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// Shows the budget.
pub async fn budget(work: &mut Work) -> Result<BudgetView, sqlx::Error> {
    let month = month_of(workspaces::today(work).await?);
    let budget = store::budget(work).await?.unwrap_or(Budget::NONE);
    let spent_micro = store::spent(work, month).await?;
    Ok(BudgetView {
        budget,
        month,
        spent_micro,
        state: budget.state(spent_micro),
    })
}

/// Sets the budget. It holds from the next question on.
pub async fn set_budget(work: &mut Work, budget: Budget) -> Result<BudgetView, UsageError> {
    check(budget)?;
    let before = store::set(work, budget).await?;
    let (action, subject) = ("ai.set_budget", ("ai_budget", work.workspace().uuid()));
    work.audit(&Change::updated(action, subject, &before, &budget))
        .await?;
    let today = workspaces::today(work).await?;
    if before.limit_micro != budget.limit_micro {
        // Admins were told of another limit.
        store::forget_marks(work, month_of(today)).await?;
    }
    // A month that has spent more than the new limit reaches it now, and no later call would tell.
    spend(work, today, 0).await?;
    Ok(self::budget(work).await?)
}

fn check(budget: Budget) -> Result<(), Invalid> {
    let mut violations = Violations::default();
    violations.unless(
        budget
            .limit_micro
            .is_none_or(|limit| (1..=LIMIT_MICRO).contains(&limit)),
        "/limit_micro",
        "out_of_range",
        format!("must be 1 to {LIMIT_MICRO}, or null for no limit"),
    );
    violations.end()
}

/// The budget, if all of it is spent.
async fn reached(work: &mut Work) -> Result<Option<Budget>, sqlx::Error> {
    let Some(budget) = store::budget(work).await? else {
        return Ok(None);
    };
    let month = month_of(workspaces::today(work).await?);
    let state = budget.state(store::spent(work, month).await?);
    Ok((state == BudgetState::Reached).then_some(budget))
}

/// Whether the month's budget is spent. No vector is made then, also where the last of the prompt's models answers.
pub(super) async fn is_spent(work: &mut Work) -> Result<bool, sqlx::Error> {
    Ok(reached(work).await?.is_some())
}

/// The prompt with the models that the budget still allows. `None` when the budget is spent, and customers get the menu.
pub async fn affordable(
    work: &mut Work,
    mut prompt: Prompt,
) -> Result<Option<Prompt>, sqlx::Error> {
    let Some(budget) = reached(work).await? else {
        return Ok(Some(prompt));
    };
    let last = prompt.models.pop();
    Ok(match budget.at_limit {
        AtLimit::Cheaper => last.map(|model| Prompt {
            models: vec![model],
            ..prompt
        }),
        AtLimit::Menu => None,
    })
}

/// Adds a cost to the sum of its month. The sum is locked until the transaction ends, so of two calls that pass a mark
/// only one tells the admins.
pub(super) async fn spend(
    work: &mut Work,
    day: NaiveDate,
    cost_micro: i64,
) -> Result<(), sqlx::Error> {
    let month = month_of(day);
    let sum = store::spend(work, month, cost_micro).await?;
    // Read behind the lock: a budget that was set meanwhile is seen.
    let Some(budget) = store::budget(work).await? else {
        return Ok(());
    };
    let (Some(mark), Some(limit)) = (sum.mark(budget.state(sum.spent_micro)), budget.limit_micro)
    else {
        return Ok(());
    };
    store::told(work, month, mark).await?;
    let (kind, title) = match (mark, budget.at_limit) {
        (Mark::Warned, _) => (
            Kind::AI_BUDGET_WARNED,
            "80 % of this month's AI budget is spent.",
        ),
        (Mark::Reached, AtLimit::Cheaper) => (
            Kind::AI_BUDGET_REACHED,
            "This month's AI budget is spent: only the last model of the prompt answers.",
        ),
        (Mark::Reached, AtLimit::Menu) => (
            Kind::AI_BUDGET_REACHED,
            "This month's AI budget is spent: customers get the menu instead of answers.",
        ),
    };
    let data = json!({"month": month, "limit_micro": limit, "spent_micro": sum.spent_micro});
    let notification = Notification {
        kind,
        title,
        data: &data,
    };
    notifications::notify(work, To::Role(Role::Admin), &notification).await
}

#[cfg(test)]
mod tests;
