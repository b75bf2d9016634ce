//! Makes, changes, starts and ends marketing campaigns.

use super::{
    MarketingCampaign, MarketingError, MarketingId, NewMarketingCampaign, Status, Step, budget,
    store,
};
use crate::{Work, audit::Change, workspaces};

/// What the audit log calls a marketing campaign.
const KIND: &str = "marketing_campaign";
/// The most marketing campaigns of a workspace.
const MAX_CAMPAIGNS: i64 = 1_000;

/// Creates a draft.
pub async fn create(
    work: &mut Work,
    new: &NewMarketingCampaign,
) -> Result<MarketingCampaign, MarketingError> {
    let new = new.checked(work, None).await?;
    if store::count(work).await? >= MAX_CAMPAIGNS {
        let words = format!("a workspace has at most {MAX_CAMPAIGNS} marketing campaigns");
        return Err(MarketingError::Conflict(words));
    }
    let id = MarketingId::at(work.now());
    store::save(work, id, &new).await?;
    let made = found(work, id).await?;
    work.audit(&Change::created("marketing.create", subject(&made), &made))
        .await?;
    Ok(made)
}

/// Replaces what is written of a locked campaign.
pub async fn update(
    work: &mut Work,
    before: &MarketingCampaign,
    new: &NewMarketingCampaign,
) -> Result<MarketingCampaign, MarketingError> {
    not_archived(before)?;
    let new = new.checked(work, Some(before.id)).await?;
    store::save(work, before.id, &new).await?;
    let after = found(work, before.id).await?;
    work.audit(&Change::updated(
        "marketing.update",
        subject(before),
        before,
        &after,
    ))
    .await?;
    if after.budget != before.budget {
        budget::measure_anew(work, &after).await?;
    }
    Ok(after)
}

/// Deletes a locked draft. Its parts stay where they were made.
pub async fn delete(work: &mut Work, before: &MarketingCampaign) -> Result<(), MarketingError> {
    if before.status != Status::Draft {
        let words = format!(
            "this marketing campaign is {}: only a draft can be deleted",
            before.status
        );
        return Err(MarketingError::Conflict(words));
    }
    store::delete(work, before.id).await?;
    work.audit(&Change::deleted(
        "marketing.delete",
        subject(before),
        before,
    ))
    .await?;
    Ok(())
}

/// Starts, ends, archives or restores a locked campaign.
pub async fn step(
    work: &mut Work,
    before: &MarketingCampaign,
    step: Step,
) -> Result<MarketingCampaign, MarketingError> {
    let (action, verb) = match step {
        Step::Activate => ("marketing.activate", "activated"),
        Step::End => ("marketing.end", "ended"),
        Step::Archive => ("marketing.archive", "archived"),
        Step::Restore => ("marketing.restore", "restored"),
    };
    let Some(next) = before.status.after(step) else {
        let words = format!(
            "this marketing campaign is {}: it cannot be {verb}",
            before.status
        );
        return Err(MarketingError::Conflict(words));
    };
    if step == Step::Activate && before.is_over(workspaces::today(work).await?) {
        let words = "its last day is over: give it a later ends_on first".to_owned();
        return Err(MarketingError::Conflict(words));
    }
    store::set_status(work, before.id, next).await?;
    let after = found(work, before.id).await?;
    work.audit(&Change::updated(action, subject(before), before, &after))
        .await?;
    Ok(after)
}

/// Refuses a change of an archived campaign.
pub(super) fn not_archived(campaign: &MarketingCampaign) -> Result<(), MarketingError> {
    match campaign.status {
        Status::Archived => {
            let words = "this marketing campaign is archived: restore it first".to_owned();
            Err(MarketingError::Conflict(words))
        }
        Status::Draft | Status::Active | Status::Ended => Ok(()),
    }
}

async fn found(work: &mut Work, id: MarketingId) -> Result<MarketingCampaign, MarketingError> {
    let found = store::get(work, id).await?;
    found.ok_or(MarketingError::NotFound("marketing campaign"))
}

/// A campaign, as the audit log names it.
pub(super) fn subject(campaign: &MarketingCampaign) -> (&'static str, MarketingId) {
    (KIND, campaign.id)
}
