//! Compares the arms of a test when its wait is over, and chooses the winner if the campaign lets Kazi choose.

use std::time::Duration;

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};

use super::{
    Campaign, CampaignError, CampaignStatus,
    arms::{hold, settle, tell},
    compare,
    experiment::{Choice, DecidedBy, Otherwise},
    stats,
    store::{self, experiment as of_test},
};
use crate::{Context, Work, messages::CampaignId, pools};

#[derive(Debug, Serialize, Deserialize)]
pub struct Decide {
    pub workspace: WorkspaceId,
    pub campaign: CampaignId,
}

impl Job for Decide {
    type Context = Context;
    const NAME: &'static str = "campaigns.decide";
    const POOL: Pool = pools::BULK;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(60)).attempts(50);

    fn options(&self) -> Options {
        Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(campaign) = store::lock(&mut work, self.campaign).await? else {
            tracing::warn!(campaign.id = %self.campaign, "no such campaign to decide about");
            return Ok(());
        };
        if let Some(at) = campaign.experiment_state.decides_at
            && at > work.now()
        {
            return Err(JobError::snooze_until(at, "the wait is not over"));
        }
        evaluate(&mut work, &campaign).await?;
        Ok(work.commit().await?)
    }
}

/// Compares the arms once, and chooses the winner if the campaign lets Kazi choose.
pub(super) async fn evaluate(work: &mut Work, campaign: &Campaign) -> Result<(), CampaignError> {
    let (Some(experiment), state) = (&campaign.experiment, &campaign.experiment_state) else {
        return Ok(());
    };
    let is_over = matches!(
        campaign.status,
        CampaignStatus::Cancelled | CampaignStatus::Failed
    );
    if is_over || state.won.is_some() || state.evaluated_at.is_some() {
        return Ok(());
    }
    of_test::set_evaluated(work, campaign.id).await?;
    let arms = campaign.running_arms();
    let mut found = None;
    if experiment.choice == Choice::Automatic {
        let shares = compare::shares(work, campaign, &arms).await?;
        found = stats::winner(&shares).and_then(|best| arms.get(best).copied());
    }
    if let Some(winner) = found {
        settle(work, campaign, winner, DecidedBy::Difference).await?;
        return Ok(());
    }
    if campaign.status == CampaignStatus::Completed {
        let words = match experiment.choice {
            Choice::Automatic => "no arm of its test is surely better than the others",
            Choice::Member => "its test can be compared",
        };
        return Ok(tell(work, campaign, words).await?);
    }
    let fallback = arms.first().copied().filter(|_| {
        experiment.choice == Choice::Automatic && experiment.otherwise == Otherwise::FirstArm
    });
    match fallback {
        Some(first) => {
            settle(work, campaign, first, DecidedBy::FirstArm).await?;
        }
        None if campaign.status == CampaignStatus::Sending => hold(work, campaign).await?,
        // It is paused for another reason. The others wait when it goes on.
        None => {}
    }
    Ok(())
}
