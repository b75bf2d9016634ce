//! The credits of a campaign: all planned recipients reserve theirs in one step, or none does.
//!
//! Whoever is left out, or whose message is taken back for good, gives them back in the same statement (`store/recipients`).
//! From the queueing on the message has them.

use kazi_platform::WorkspaceId;
use kazi_queue::JobError;

use super::{
    Campaign, CampaignError, CampaignStatus,
    create::subject,
    run, stop,
    store::{self, credits as held},
};
use crate::{
    Context, Work,
    audit::Change,
    credits::{self, Missing, NO_CREDITS, Quote, Tariff, Use},
    messages::CampaignId,
    templates::Category,
};

/// What the planned recipients cost, and the balance now. Returns `None` when the workspace does not pay with credits.
pub(super) async fn quote(
    work: &mut Work,
    id: CampaignId,
    category: Option<Category>,
) -> Result<Option<Quote>, sqlx::Error> {
    let Some(tariff) = credits::tariff(work).await? else {
        return Ok(None);
    };
    let groups = held::unheld(work, id).await?;
    let price = price(&tariff, category, &groups);
    let available = credits::available(work).await?;
    Ok(Some(Quote::new(price, available)))
}

fn price(tariff: &Tariff, category: Option<Category>, groups: &[(Option<String>, i64)]) -> i64 {
    let of = |(country, recipients): &(Option<String>, i64)| {
        i64::from(tariff.price(country.as_deref(), category)).saturating_mul(*recipients)
    };
    groups.iter().map(of).fold(0, i64::saturating_add)
}

/// Reserves the credits of all planned recipients who have reserved none. The caller holds the campaign's row, and locks
/// nothing of messages afterwards.
pub(super) async fn hold(
    work: &mut Work,
    campaign: &Campaign,
) -> Result<Result<(), Missing>, sqlx::Error> {
    if !campaign.metered {
        return Ok(Ok(()));
    }
    let (id, category) = (campaign.id, campaign.category);
    let groups = held::unheld(work, id).await?;
    let Some(tariff) = credits::tariff(work).await?.filter(|_| !groups.is_empty()) else {
        return Ok(Ok(()));
    };
    // The most that can be needed: some may be left out meanwhile.
    let missing = price(&tariff, category, &groups) - credits::available(work).await?;
    if missing > 0 {
        return Ok(Err(Missing(missing)));
    }
    let prices: Vec<(Option<String>, i32)> = groups
        .into_iter()
        .map(|(country, _)| {
            let credits = tariff.price(country.as_deref(), category);
            (country, credits)
        })
        .collect();
    // The account is locked last: a million rows take their time, and meanwhile others pay from it.
    held::begin(work).await?;
    let (sum, messages) = held::hold(work, id, &prices).await?;
    let of = Use {
        campaign: id,
        automation: None,
        name: &campaign.name,
    };
    let reserved = credits::reserve(work, &of, sum, messages).await?;
    if reserved.is_err() {
        held::undo(work).await?;
    }
    Ok(reserved)
}

/// As [`hold`], for a person who wants to go on now.
pub(super) async fn demand(work: &mut Work, campaign: &Campaign) -> Result<(), CampaignError> {
    let held = hold(work, campaign).await?;
    held.map_err(|Missing(missing)| CampaignError::NoCredits(missing))
}

/// Pauses a campaign until credits come.
pub(super) async fn wait(
    work: &mut Work,
    campaign: &Campaign,
    Missing(missing): Missing,
) -> Result<(), sqlx::Error> {
    let words = format!("credits are missing ({missing}): it goes on after a top-up");
    let why = (NO_CREDITS, words.as_str());
    let waits =
        campaign.status == CampaignStatus::Paused && campaign.reason.as_deref() == Some(NO_CREDITS);
    if waits {
        // The admins know. Only the number is another.
        return store::set_stopped(work, campaign.id, CampaignStatus::Paused, Some(why)).await;
    }
    stop::stop(work, campaign, CampaignStatus::Paused, why).await
}

/// Credits have come: lets the campaigns go on that wait for them, the oldest first. One that needs too many stays paused.
pub(super) async fn go_on(ctx: &Context, workspace: WorkspaceId) -> Result<(), JobError> {
    let mut work = Work::of(ctx, workspace).await?;
    let waiting = held::paused_for(&mut work, NO_CREDITS).await?;
    drop(work);
    for id in waiting {
        // One transaction each: a campaign's row is locked before the account.
        let mut work = Work::of(ctx, workspace).await?;
        let campaign = store::lock(&mut work, id).await?;
        let Some(campaign) = campaign.filter(|campaign| {
            campaign.status == CampaignStatus::Paused
                && campaign.reason.as_deref() == Some(NO_CREDITS)
        }) else {
            continue;
        };
        match run::carry_on(&mut work, &campaign).await {
            Ok(()) => {
                if let Some(after) = store::get(&mut work, id).await?
                    && after.status != CampaignStatus::Paused
                {
                    tracing::info!(campaign.id = %id, "a campaign goes on: credits have come");
                    let (action, subject) = ("campaigns.resume", subject(&campaign));
                    let change = Change::updated(action, subject, &campaign, &after);
                    work.audit(&change).await?;
                }
            }
            Err(CampaignError::NoCredits(missing)) => {
                wait(&mut work, &campaign, Missing(missing)).await?;
            }
            // Its channel does not send: a person resumes it.
            Err(CampaignError::Conflict(_)) => continue,
            Err(error) => return Err(error.into()),
        }
        work.commit().await?;
    }
    Ok(())
}
