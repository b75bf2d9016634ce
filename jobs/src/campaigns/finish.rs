//! Completes a campaign when all its messages have left. Later statuses still count.

use std::time::Duration;

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{CampaignStatus, arms, pace, stop, store};
use crate::{
    Context, Role, Work,
    endpoints::{Type, announce},
    messages::{self, CampaignId},
    notifications::{self, Kind, Notification, To},
    pools,
};

const LOOK_AGAIN: Duration = Duration::from_secs(1);

#[derive(Debug, Serialize, Deserialize)]
pub struct Finish {
    pub workspace: WorkspaceId,
    pub campaign: CampaignId,
    /// The number of the start.
    pub run: i32,
}

impl Job for Finish {
    type Context = Context;
    const NAME: &'static str = "campaigns.finish";
    const POOL: Pool = pools::BULK;
    const RETRY: Retry =
        Retry::exponential(Duration::from_millis(500), Duration::from_secs(30)).attempts(1_000);

    fn options(&self) -> Options {
        Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (workspace, now) = (self.workspace, ctx.clock.now());
        let mut work = Work::of(ctx, workspace).await?;
        let campaign = store::lock(&mut work, self.campaign).await?;
        let Some(campaign) = campaign.filter(|campaign| {
            campaign.status == CampaignStatus::Sending && campaign.run == self.run
        }) else {
            return Ok(());
        };
        if messages::waiting(&mut work, campaign.id).await? > 0 {
            if pace::trips(&mut work, &campaign).await? {
                return Ok(work.commit().await?);
            }
            let stopped = stop::check_sender(&mut work, &campaign).await?;
            work.commit().await?;
            return match stopped {
                Some(_) => Err(JobError::snooze_until(
                    now + LOOK_AGAIN,
                    "some messages have not left",
                )),
                None => Ok(()),
            };
        }
        arms::set_sent(&mut work, &campaign).await?;
        let completed = CampaignStatus::Completed;
        store::set_stopped(&mut work, campaign.id, completed, None).await?;
        announce(&mut work, Type::CAMPAIGN_FINISHED, campaign.id).await?;
        metrics::counter!("kazi_campaigns_ended_total", "how" => "completed").increment(1);
        tracing::info!(campaign.id = %campaign.id, "a campaign is sent");
        let title = format!("{} has been sent", campaign.name);
        let notification = Notification {
            kind: Kind::CAMPAIGN_FINISHED,
            title: &title,
            data: &json!({"campaign": campaign.id}),
        };
        notifications::notify(&mut work, To::Role(Role::Admin), &notification).await?;
        Ok(work.commit().await?)
    }
}
