//! Starts and ends campaigns by their dates, and looks at their budgets: messages cost something when they are delivered.

use std::time::Duration;

use kazi_platform::{WorkspaceId, database};
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique, enqueue_all};
use serde::{Deserialize, Serialize};

use super::{budget, manage, store};
use crate::{Context, Work, pools, workspaces};

/// Workspaces in one transaction.
const AT_ONCE: i64 = 1_000;

/// Runs every hour.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindDue {}

impl Job for FindDue {
    type Context = Context;
    const NAME: &'static str = "marketing.find_due";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(120);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut after = None;
        loop {
            // Days pass in all workspaces, so one query looks at all of them.
            let mut tx = database::platform(&ctx.db).await?;
            let found = store::workspaces_at_work(&mut tx, after, AT_ONCE).await?;
            let Some(&last) = found.last() else {
                return Ok(());
            };
            after = Some(last);
            let jobs: Vec<Keep> = found
                .into_iter()
                .map(|workspace| Keep { workspace })
                .collect();
            enqueue_all(&mut tx, &jobs).await?;
            tx.commit().await?;
        }
    }
}

/// Looks at the campaigns of a workspace that are not over.
#[derive(Debug, Serialize, Deserialize)]
pub struct Keep {
    pub workspace: WorkspaceId,
}

impl Job for Keep {
    type Context = Context;
    const NAME: &'static str = "marketing.keep";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(120);

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.workspace.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let all = store::at_work(&mut work).await?;
        work.rollback().await?;
        for id in all {
            job.extend_deadline(Self::TIMEOUT);
            // A transaction each: nobody waits for all of them.
            let mut work = Work::of(ctx, self.workspace).await?;
            let today = workspaces::today(&mut work).await?;
            let Some(campaign) = store::lock(&mut work, id).await? else {
                continue;
            };
            if let Some(step) = campaign.due(today) {
                manage::step(&mut work, &campaign, step).await?;
            }
            budget::watch(&mut work, &campaign).await?;
            work.commit().await?;
        }
        Ok(())
    }
}
