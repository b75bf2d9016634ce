//! Tells the owner and the admins, once each, when 80 and 100 percent of a budget are used.

use serde_json::json;

use super::{MarketingCampaign, Status, figures, progress, store};
use crate::{
    Role, Work,
    notifications::{self, Kind, Notification, To},
    workspaces,
};

/// The shares that are told, in percent, the highest first.
const SHARES: [i16; 2] = [100, 80];

/// Looks at the budget of a locked campaign, as `warned` was when it was locked.
pub(super) async fn watch(
    work: &mut Work,
    campaign: &MarketingCampaign,
) -> Result<(), sqlx::Error> {
    let all_told = SHARES.first() == Some(&campaign.warned);
    if campaign.budget.is_none() || campaign.status == Status::Archived || all_told {
        return Ok(());
    }
    let share = share(work, campaign).await?;
    note(work, campaign, share.max(campaign.warned)).await
}

/// Looks at a locked campaign whose budget is another one now. A share that is used no more can be told again later.
pub(super) async fn measure_anew(
    work: &mut Work,
    campaign: &MarketingCampaign,
) -> Result<(), sqlx::Error> {
    let share = match campaign.budget {
        Some(_) => share(work, campaign).await?,
        None => 0,
    };
    note(work, campaign, share).await
}

/// Writes the share that is told, and tells it when it is more than before.
async fn note(
    work: &mut Work,
    campaign: &MarketingCampaign,
    share: i16,
) -> Result<(), sqlx::Error> {
    if share != campaign.warned {
        store::set_warned(work, campaign.id, share).await?;
    }
    if share > campaign.warned {
        tell(work, campaign, share).await?;
    }
    Ok(())
}

/// The highest share that is used. 0: none.
async fn share(work: &mut Work, campaign: &MarketingCampaign) -> Result<i16, sqlx::Error> {
    let gathered = figures::gather(work, &[campaign.id]).await?;
    let used = progress::of(campaign, &gathered).budget;
    let used = used.map_or(0, |used| used.percent);
    let mut shares = SHARES.into_iter();
    let used = shares.find(|share| i64::from(*share) <= used);
    Ok(used.unwrap_or(0))
}

async fn tell(
    work: &mut Work,
    campaign: &MarketingCampaign,
    share: i16,
) -> Result<(), sqlx::Error> {
    let data = json!({"marketing_campaign": campaign.id, "percent": share});
    let title = match share {
        100 => "A marketing campaign has used its whole budget.",
        _ => "A marketing campaign has used 80 % of its budget.",
    };
    let notification = Notification {
        kind: Kind::MARKETING_BUDGET,
        title,
        data: &data,
    };
    notifications::notify(work, To::Role(Role::Admin), &notification).await?;
    // An owner who is an admin has been told.
    if let Some(member) = campaign.owner_id
        && let Some(role) = workspaces::role_of(work, member.uuid()).await?
        && role < Role::Admin
    {
        notifications::notify(work, To::User(member.uuid()), &notification).await?;
    }
    metrics::counter!("kazi_marketing_budget_alerts_total", "percent" => share.to_string())
        .increment(1);
    tracing::info!(marketing.id = %campaign.id, budget.percent = share, "a budget is used");
    Ok(())
}
