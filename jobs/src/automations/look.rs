//! Looks for the contacts of the triggers that go by the clock.
//!
//! [`FindDue`] runs every minute and enqueues a [`Look`] for each automation that is due. A look enters its contacts page
//! by page. It sets the next look at its end, so a process may die at any line: the look begins again, and who has entered
//! by the same occurrence does not enter again.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::{Timestamp, WorkspaceId, database};
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running, Unique, enqueue_all};
use serde::{Deserialize, Serialize};

use super::{
    AutomationId, AutomationStatus, clock,
    enter::{self, Found, Place},
    model::Trigger,
    stop, store,
};
use crate::{Context, Work, pools, workspaces};

/// Automations in one transaction.
const AT_ONCE: i64 = 1_000;
/// Time until a look in a suspended workspace asks again.
const SUSPENDED: TimeDelta = TimeDelta::minutes(15);

/// Runs every minute.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindDue {}

impl Job for FindDue {
    type Context = Context;
    const NAME: &'static str = "automations.find_due";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(120);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let now = ctx.clock.now();
        let mut after = None;
        loop {
            // Time passes in all workspaces, so one query looks at all of them.
            let mut tx = database::platform(&ctx.db).await?;
            let found = store::due(&mut tx, now, after, AT_ONCE).await?;
            let Some(&(_, automation, at)) = found.last() else {
                return Ok(());
            };
            after = Some((at, automation));
            let jobs = found.iter().map(|&(workspace, automation, at)| Look {
                workspace,
                automation,
                at,
            });
            // A look that has not ended is not enqueued twice.
            enqueue_all(&mut tx, &jobs.collect::<Vec<_>>()).await?;
            tx.commit().await?;
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Look {
    pub workspace: WorkspaceId,
    pub automation: AutomationId,
    /// The time of the look. After it, the automation has another.
    pub at: Timestamp,
}

impl Job for Look {
    type Context = Context;
    const NAME: &'static str = "automations.look";
    const POOL: Pool = pools::BULK;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(60)).attempts(50);
    const TIMEOUT: Duration = Duration::from_secs(120);

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.automation.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let mut place = Place::default();
        // The same for all pages, so that the next look begins where this one has ended.
        let until = ctx.clock.now();
        loop {
            let mut work = Work::of(ctx, self.workspace).await?;
            if workspaces::is_suspended(work.conn(), self.workspace).await? {
                let later = work.now() + SUSPENDED;
                return Err(JobError::snooze_until(later, "the workspace is suspended"));
            }
            let Some(automation) = store::lock(&mut work, self.automation).await? else {
                tracing::warn!(automation.id = %self.automation, "no such automation to look for");
                return Ok(());
            };
            // It was paused, or this look is done.
            if automation.status != AutomationStatus::Active || automation.next_at != Some(self.at)
            {
                return Ok(());
            }
            // A cron's occurrence is its own time, however late the look is.
            let at = match automation.trigger.is_timed() {
                true => self.at,
                false => until,
            };
            let from = match automation.trigger {
                Trigger::Anniversary { .. } => Some(clock::since(automation.looked_at, at)),
                _ => automation.looked_at,
            };
            match enter::candidates(&mut work, &automation, (from, at), place).await? {
                Found::Contacts(found, next) => {
                    enter::enter(&mut work, &automation, &found).await?;
                    work.commit().await?;
                    place = next;
                    job.extend_deadline(Self::TIMEOUT);
                }
                Found::End => {
                    let zone = workspaces::time_zone(&mut work).await?;
                    // A clock that goes back must not bring a time again that is done.
                    let next = automation.trigger.next(zone, until.max(self.at));
                    let looked_at = automation.looked_at.max(Some(at));
                    store::set_looks(&mut work, automation.id, looked_at, next).await?;
                    return Ok(work.commit().await?);
                }
                Found::Broken(code, words) => {
                    stop::pause_for(&mut work, &automation, (code, &words)).await?;
                    return Ok(work.commit().await?);
                }
            }
        }
    }
}
