//! Starts a scheduled campaign at its time.

use std::time::Duration;

use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};

use super::{CampaignError, CampaignStatus, run, stop, store, zones};
use crate::{Context, Work, messages::CampaignId, pools};

#[derive(Debug, Serialize, Deserialize)]
pub struct Start {
    pub workspace: WorkspaceId,
    pub campaign: CampaignId,
    /// The start time. After a change of the time, another job starts the campaign.
    pub at: Timestamp,
}

impl Job for Start {
    type Context = Context;
    const NAME: &'static str = "campaigns.start";
    const POOL: Pool = pools::BULK;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(60)).attempts(50);

    fn options(&self) -> Options {
        Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (workspace, now) = (self.workspace, ctx.clock.now());
        let mut work = Work::of(ctx, workspace).await?;
        let campaign = store::lock(&mut work, self.campaign).await?;
        // It was sent by hand, paused or cancelled.
        let campaign = campaign.filter(|campaign| campaign.status == CampaignStatus::Scheduled);
        let Some(campaign) = campaign else {
            return Ok(());
        };
        let Some(at) = zones::starts_at(&mut work, &campaign).await? else {
            return Ok(());
        };
        if now < at {
            // It was scheduled anew, or the workspace has another time zone now. Of two jobs for one time the second finds
            // a campaign that is sent.
            return Err(JobError::snooze_until(at, "it is not time yet"));
        }
        match stop::can_send(&mut work, &campaign).await {
            Ok(()) => run::go(&mut work, campaign.id).await?,
            Err(CampaignError::Conflict(words)) => {
                let why = ("channel_stopped", words.as_str());
                let paused = CampaignStatus::Paused;
                stop::stop(&mut work, &campaign, paused, why).await?;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(work.commit().await?)
    }
}
