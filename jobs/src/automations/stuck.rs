//! A step that nobody can get now: its template is not approved, or its channel, its segment or its tag does not work.

use chrono::TimeDelta;
use kazi_queue::JobError;

use super::{
    AutomationError, AutomationStatus, DoStep, EnrolmentStatus,
    model::{Action, Definition, Step},
    step::{Outcome, conclude},
    stop,
    store::{self, enrolments},
    variables,
};
use crate::{
    Context, Work,
    campaigns::{self, CampaignError, Content, waits_for_template},
    channels::ChannelId,
    workspaces,
};

/// Time until a step asks again whether its channel sends, when that pauses no automation.
const STOPPED: TimeDelta = TimeDelta::minutes(15);
/// Time until a step tries again that can be done again meanwhile.
const SOON: TimeDelta = TimeDelta::seconds(1);

impl DoStep {
    /// Nobody can get the step now. Pauses the automation, and the step waits with it. A step of an earlier revision pauses
    /// nothing: it waits alone, or ends.
    pub(super) async fn stuck(
        &self,
        ctx: &Context,
        definition: &Definition,
        (code, words): (&'static str, &str),
    ) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        if workspaces::is_suspended(work.conn(), self.workspace).await? {
            // That stops its channels, and they send again when it ends.
            return Err(later(&work, STOPPED, "the workspace is suspended"));
        }
        let Some(automation) = store::lock(&mut work, self.automation).await? else {
            return Ok(());
        };
        if automation.status != AutomationStatus::Active {
            return Ok(());
        }
        let step = self.step_of(definition);
        if let Some(Step {
            action:
                Action::Send {
                    channel_id,
                    content,
                },
            ..
        }) = step
            && can_send(&mut work, *channel_id, content).await?
        {
            return Err(later(&work, SOON, "it can be sent again meanwhile"));
        }
        let Some(enrolment) = enrolments::get(&mut work, self.enrolment).await? else {
            return Ok(());
        };
        if enrolment.revision == automation.revision {
            stop::pause_for(&mut work, &automation, (code, words)).await?;
            return Ok(work.commit().await?);
        }
        let Some(mut enrolment) = enrolments::lock(&mut work, self.enrolment).await? else {
            return Ok(());
        };
        if !self.is_next(&enrolment) {
            return Ok(());
        }
        let outcome = match step.map(|step| &step.action) {
            _ if code == "channel_stopped" => {
                return Err(later(&work, STOPPED, "its channel does not send"));
            }
            Some(Action::Send {
                channel_id,
                content,
            }) if waits_for_template(&mut work, *channel_id, content).await? => Outcome::Hold,
            _ => Outcome::End(EnrolmentStatus::Failed, code.to_owned()),
        };
        conclude(&mut work, definition, &mut enrolment, outcome).await?;
        Ok(work.commit().await?)
    }
}

/// Whether a content can be sent now, asked under the automation's lock: a change of its template waits for the lock.
async fn can_send(
    work: &mut Work,
    channel: ChannelId,
    content: &Content,
) -> Result<bool, AutomationError> {
    let content = variables::blank(content);
    match campaigns::check_ready(work, channel, &content).await {
        Ok(()) => Ok(true),
        Err(CampaignError::Conflict(_) | CampaignError::Invalid(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn later(work: &Work, wait: TimeDelta, why: &str) -> JobError {
    JobError::snooze_until(work.now() + wait, why)
}
