//! Expenses: what a campaign has cost besides its messages, written down by hand.

use chrono::{NaiveDate, TimeDelta};
use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Amount, ExpenseId, MarketingCampaign, MarketingError, budget, input, manage,
    store::expenses as store,
};
use crate::{Work, audit::Change, violations::Violations, workspaces};

/// What the audit log calls an expense.
const KIND: &str = "marketing_expense";
/// The most expenses of a campaign.
const MAX_EXPENSES: i64 = 1_000;
const DESCRIPTION_LIMIT: usize = 200;
/// An expense further ahead is a typing error.
const FARTHEST: TimeDelta = TimeDelta::days(366);

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MarketingExpense)]
pub struct Expense {
    pub id: ExpenseId,
    #[schema(value_type = String, format = Date)]
    pub spent_on: NaiveDate,
    #[schema(example = "Posters")]
    pub description: String,
    pub amount: Amount,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMarketingExpense)]
pub struct NewExpense {
    /// At most a year ahead.
    #[schema(value_type = String, format = Date)]
    pub spent_on: NaiveDate,
    /// 1 to 200 characters.
    #[schema(example = "Posters", min_length = 1, max_length = 200)]
    pub description: String,
    /// In the currency of the budget, if there is one.
    pub amount: Amount,
}

impl NewExpense {
    async fn checked(
        &self,
        work: &mut Work,
        campaign: &MarketingCampaign,
    ) -> Result<Self, MarketingError> {
        let mut violations = Violations::default();
        violations.text("/description", &self.description, 1, DESCRIPTION_LIMIT);
        input::check_day(&mut violations, "/spent_on", Some(self.spent_on));
        let today = workspaces::today(work).await?;
        let rule = "must be at most a year ahead";
        let near = self.spent_on - today <= FARTHEST;
        violations.unless(near, "/spent_on", "out_of_range", rule);
        let amount = input::check_amount(&mut violations, "/amount", &self.amount);
        let budget = campaign.budget.as_ref();
        if let Some(budget) = budget.filter(|budget| budget.currency != amount.currency)
            && !amount.currency.is_empty()
        {
            let rule = format!("must be {}, as the budget is", budget.currency);
            violations.add("/amount/currency", ("differs", rule));
        }
        violations.end()?;
        Ok(Self {
            spent_on: self.spent_on,
            description: self.description.trim().to_owned(),
            amount,
        })
    }
}

/// Writes an expense of a locked campaign down.
pub async fn create_expense(
    work: &mut Work,
    campaign: &MarketingCampaign,
    new: &NewExpense,
) -> Result<Expense, MarketingError> {
    manage::not_archived(campaign)?;
    let new = new.checked(work, campaign).await?;
    if store::count(work, campaign.id).await? >= MAX_EXPENSES {
        let words = format!("a marketing campaign has at most {MAX_EXPENSES} expenses");
        return Err(MarketingError::Conflict(words));
    }
    let id = ExpenseId::at(work.now());
    store::save(work, campaign.id, id, &new).await?;
    let made = found(work, campaign, id).await?;
    let action = "marketing.create_expense";
    work.audit(&Change::created(action, (KIND, id), &made))
        .await?;
    budget::watch(work, campaign).await?;
    Ok(made)
}

/// Replaces an expense of a locked campaign.
pub async fn update_expense(
    work: &mut Work,
    campaign: &MarketingCampaign,
    before: &Expense,
    new: &NewExpense,
) -> Result<Expense, MarketingError> {
    manage::not_archived(campaign)?;
    let new = new.checked(work, campaign).await?;
    store::save(work, campaign.id, before.id, &new).await?;
    let after = found(work, campaign, before.id).await?;
    let action = "marketing.update_expense";
    work.audit(&Change::updated(action, (KIND, before.id), before, &after))
        .await?;
    budget::watch(work, campaign).await?;
    Ok(after)
}

/// Deletes an expense of a locked campaign.
pub async fn delete_expense(
    work: &mut Work,
    campaign: &MarketingCampaign,
    before: &Expense,
) -> Result<(), MarketingError> {
    manage::not_archived(campaign)?;
    store::delete(work, campaign.id, before.id).await?;
    let action = "marketing.delete_expense";
    work.audit(&Change::deleted(action, (KIND, before.id), before))
        .await?;
    Ok(())
}

async fn found(
    work: &mut Work,
    campaign: &MarketingCampaign,
    id: ExpenseId,
) -> Result<Expense, MarketingError> {
    let found = store::expense(work, campaign.id, id).await?;
    found.ok_or(MarketingError::NotFound("expense"))
}
