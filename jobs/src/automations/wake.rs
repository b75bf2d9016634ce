//! Lets the enrolments of an automation go on whose steps fell due while it was paused, or while they waited for a template.

use std::time::Duration;

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running, enqueue_all};
use serde::{Deserialize, Serialize};

use super::{AutomationId, AutomationStatus, DoStep, store};
use crate::{Context, Work, pools};

/// Enrolments in one transaction.
const AT_ONCE: i64 = 1_000;

/// A job of a step ends while its automation is paused, or its template is not approved. This one writes new jobs. A step that has two jobs is done once.
#[derive(Debug, Serialize, Deserialize)]
pub struct Wake {
    pub workspace: WorkspaceId,
    pub automation: AutomationId,
}

impl Wake {
    pub(super) fn of(work: &Work, automation: AutomationId) -> Self {
        Self {
            workspace: work.workspace(),
            automation,
        }
    }
}

impl Job for Wake {
    type Context = Context;
    const NAME: &'static str = "automations.wake";
    const POOL: Pool = pools::BULK;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(60)).attempts(50);
    const TIMEOUT: Duration = Duration::from_secs(120);

    fn options(&self) -> Options {
        Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let mut after = None;
        loop {
            let mut work = Work::of(ctx, self.workspace).await?;
            let status = store::hold(&mut work, self.automation).await?;
            if status != Some(AutomationStatus::Active) {
                return Ok(());
            }
            let due = store::enrolments::due(&mut work, self.automation, after, AT_ONCE).await?;
            let Some(&(last, _)) = due.last() else {
                return Ok(());
            };
            after = Some(last);
            let jobs = due.iter().map(|&(enrolment, position)| DoStep {
                workspace: self.workspace,
                automation: self.automation,
                enrolment,
                position,
            });
            enqueue_all(work.conn(), &jobs.collect::<Vec<_>>()).await?;
            work.commit().await?;
            job.extend_deadline(Self::TIMEOUT);
        }
    }
}
