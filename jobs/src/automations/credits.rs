//! An automation whose workspace is out of credits pauses. Whoever is in it waits, and goes on when there are credits for the
//! message that could not be paid.

use std::time::Duration;

use kazi_platform::WorkspaceId;
use kazi_queue::JobError;

use super::{
    AutomationStatus, DoStep, manage, stop,
    store::{self, credits as stored, enrolments},
};
use crate::{
    Context, Work,
    credits::{self, NO_CREDITS},
    templates::Category,
};

/// A message that could not be paid, by what its price depends on: the platform's staff may change the price meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unpaid {
    pub country: Option<String>,
    /// `None`: an older program has paused the automation.
    pub category: Option<Category>,
}

impl Unpaid {
    /// The credits that it costs now. Returns 0 when the workspace does not pay with credits.
    async fn price(&self, work: &mut Work) -> Result<i64, sqlx::Error> {
        let tariff = credits::tariff(work).await?;
        let price = tariff.map(|tariff| tariff.price(self.country.as_deref(), self.category));
        Ok(price.unwrap_or_default().into())
    }
}

impl DoStep {
    /// Pauses the automation, and the step waits with it. What is queued has its credits, and is sent. A step of an earlier
    /// revision does the same: all steps of an automation pay from one account.
    pub(super) async fn out_of_credits(
        &self,
        ctx: &Context,
        unpaid: &Unpaid,
    ) -> Result<(), JobError> {
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
        stored::set_unpaid(&mut work, automation.id, unpaid).await?;
        let price = unpaid.price(&mut work).await?;
        if credits::lock_available(&mut work).await? >= price {
            work.rollback().await?;
            let soon = Duration::from_secs(1);
            return Err(JobError::snooze(soon, "credits have come meanwhile"));
        }
        Ok(work.commit().await?)
    }
}

/// Credits have come: lets the automations go on that wait for them. One whose message costs more stays paused, and tells
/// nobody again.
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
        let price = stored::unpaid(&mut work, id)
            .await?
            .price(&mut work)
            .await?;
        if credits::available(&mut work).await? < price {
            continue;
        }
        tracing::info!(automation.id = %id, "an automation goes on: credits have come");
        manage::go_on(&mut work, &automation).await?;
        work.commit().await?;
    }
    Ok(())
}
