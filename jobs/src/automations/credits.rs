//! An automation whose workspace is out of credits pauses. Whoever is in it waits, and goes on when credits come.

use std::time::Duration;

use kazi_platform::WorkspaceId;
use kazi_queue::JobError;

use super::{
    AutomationStatus, DoStep, manage, stop,
    store::{self, enrolments},
};
use crate::{
    Context, Work,
    credits::{self, NO_CREDITS},
};

impl DoStep {
    /// Pauses the automation, and the step waits with it. What is queued has its credits, and is sent. A step of an earlier
    /// revision does the same: all steps of an automation pay from one account.
    pub(super) async fn out_of_credits(&self, ctx: &Context, price: i32) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(automation) = store::lock(&mut work, self.automation).await? else {
            return Ok(());
        };
        if automation.status != AutomationStatus::Active {
            return Ok(());
        }
        let enrolment = enrolments::get(&mut work, self.enrolment).await?;
        if !enrolment.is_some_and(|enrolment| self.is_next(&enrolment)) {
            return Ok(());
        }
        // Paused first, because the account is locked last. Credits that come at this moment wait for this transaction, and
        // then find an automation that is paused.
        let words = "the credits are used up: it goes on after a top-up";
        stop::pause_steps(&mut work, &automation, (NO_CREDITS, words)).await?;
        if credits::lock_available(&mut work).await? >= i64::from(price) {
            work.rollback().await?;
            let soon = Duration::from_secs(1);
            return Err(JobError::snooze(soon, "credits have come meanwhile"));
        }
        Ok(work.commit().await?)
    }
}

/// Credits have come: lets the automations go on that wait for them.
pub(super) async fn go_on(ctx: &Context, workspace: WorkspaceId) -> Result<(), JobError> {
    let mut work = Work::of(ctx, workspace).await?;
    let waiting = store::paused_for(&mut work, NO_CREDITS).await?;
    drop(work);
    for id in waiting {
        let mut work = Work::of(ctx, workspace).await?;
        let automation = store::lock(&mut work, id).await?;
        let Some(automation) = automation.filter(|one| {
            one.status == AutomationStatus::Paused && one.reason.as_deref() == Some(NO_CREDITS)
        }) else {
            continue;
        };
        if credits::tariff(&mut work).await?.is_some() && credits::available(&mut work).await? == 0
        {
            return Ok(());
        }
        tracing::info!(automation.id = %id, "an automation goes on: credits have come");
        manage::go_on(&mut work, &automation).await?;
        work.commit().await?;
    }
    Ok(())
}
