//! How far campaigns are: to the goal, and into the budget. It counts all that ever happened, whatever period is shown.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    MarketingCampaign, MarketingId, Measure,
    costs::{Amounts, Sum},
    figures::{self, Gathered, Span},
    model::percent,
};
use crate::{Work, campaigns::add_all};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MarketingGoalProgress)]
pub struct GoalProgress {
    /// Of revenue: minor units of the goal's currency. `null`: no part knows it.
    pub reached: Option<i64>,
    /// Of the target, rounded down.
    pub percent: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MarketingBudgetProgress)]
pub struct BudgetProgress {
    /// Messages and expenses in the budget's currency: millionths of the unit.
    pub spent_micros: i64,
    /// Of the budget, rounded down.
    pub percent: i64,
    /// Whether there are costs in other currencies, or messages without a known price: they are not in it.
    pub incomplete: bool,
}

/// How far a campaign is by now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MarketingProgress)]
pub struct Progress {
    /// The number of its parts.
    pub parts: usize,
    pub goal: Option<GoalProgress>,
    pub budget: Option<BudgetProgress>,
}

/// A campaign, and how far it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MarketingCampaignView)]
pub struct WithProgress {
    #[serde(flatten)]
    pub campaign: MarketingCampaign,
    pub progress: Progress,
}

/// Adds to campaigns how far they are.
pub async fn with_progress(
    work: &mut Work,
    campaigns: Vec<MarketingCampaign>,
) -> Result<Vec<WithProgress>, sqlx::Error> {
    let ids: Vec<MarketingId> = campaigns.iter().map(|one| one.id).collect();
    let gathered = figures::gather(work, &ids).await?;
    let all = campaigns.into_iter().map(|campaign| WithProgress {
        progress: of(&campaign, &gathered),
        campaign,
    });
    Ok(all.collect())
}

pub(super) fn of(campaign: &MarketingCampaign, gathered: &Gathered) -> Progress {
    let total = gathered.total(campaign.id, &Span::ALL);
    let mut spent = gathered.expenses(campaign.id, &Span::ALL);
    add_all(&mut spent, &total.costs);
    Progress {
        parts: gathered.parts_of(campaign.id).count(),
        goal: to_goal(campaign, &total),
        budget: of_budget(campaign, &spent, total.unpriced),
    }
}

fn to_goal(campaign: &MarketingCampaign, total: &Sum) -> Option<GoalProgress> {
    let goal = campaign.goal.as_ref()?;
    let reached = match goal.measure {
        Measure::Sent => total.sent,
        Measure::Read => total.read,
        Measure::Clicks => total.clicks,
        Measure::Replies => total.replies,
        Measure::Conversions => total.conversions,
        Measure::Revenue => total.conversions.map(|_| {
            let currency = goal.currency.as_deref().unwrap_or_default();
            total.revenue.get(currency).copied().unwrap_or(0)
        }),
    };
    Some(GoalProgress {
        reached,
        percent: reached.map(|reached| percent(reached, goal.target)),
    })
}

fn of_budget(
    campaign: &MarketingCampaign,
    spent: &Amounts,
    unpriced: i64,
) -> Option<BudgetProgress> {
    let budget = campaign.budget.as_ref()?;
    let spent_micros = spent.get(&budget.currency).copied().unwrap_or(0);
    let elsewhere = spent
        .iter()
        .any(|(other, micros)| *other != budget.currency && *micros > 0);
    Some(BudgetProgress {
        spent_micros,
        percent: percent(spent_micros, budget.micros()),
        incomplete: elsewhere || unpriced > 0,
    })
}
