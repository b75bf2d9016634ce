//! Takes away what is left of workspaces that were deleted more than 30 days ago.

use std::{iter, time::Duration};

use chrono::TimeDelta;
use kazi_platform::{WorkspaceId, actor::Actor, database};
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::RESTORABLE_DAYS;
use crate::{
    Across, Context,
    audit::{self, Change},
    pools, workspaces,
};

/// Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeDeleted {}

/// Every table with a `workspace_id`; a table stands before those that its foreign keys name. A domain's tables name those
/// of domains below, so the list of domains is gone through from its end. The data keys are the first: from then on
/// nothing that was sealed for the workspace can be read, also not in a back-up made later. The workspace's own row is the
/// last; its column is called `id`.
pub(crate) fn tables() -> impl Iterator<Item = &'static str> {
    let of_domains = crate::DOMAINS.iter().rev().flat_map(|domain| domain.tables);
    iter::once("workspace_keys")
        .chain(of_domains.copied())
        .chain(iter::once("workspaces"))
}

/// Rows of one transaction: it holds their locks, and the vacuum up.
const BATCH: i64 = 2_000;

impl Job for PurgeDeleted {
    type Context = Context;
    const NAME: &'static str = "workspaces.purge_deleted";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(3_600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let before = ctx.clock.now() - TimeDelta::days(RESTORABLE_DAYS);
        // Of the platform: a deleted workspace has nobody who could ask for it.
        let mut tx = database::platform(&ctx.db).await?;
        let deleted = workspaces::deleted_before(&mut tx, before).await?;
        tx.commit().await?;
        for workspace in deleted {
            purge(ctx, workspace).await?;
        }
        Ok(())
    }
}

/// A process may die after any batch: the workspace's own row goes last, so the next night goes on with the rest.
async fn purge(ctx: &Context, workspace: WorkspaceId) -> Result<(), JobError> {
    for table in tables() {
        loop {
            // Of the platform, as above.
            let mut work = Across::of(ctx).await?.within(workspace);
            let gone = workspaces::purge(&mut work, table, BATCH).await?;
            if table == "workspaces" {
                let change = Change {
                    action: "workspaces.purge",
                    subject_kind: "workspace",
                    subject: workspace.uuid(),
                    before: None,
                    after: None,
                };
                // Of no workspace: there is none any more.
                audit::record(work.conn(), None, &Actor::SYSTEM, &change).await?;
            }
            work.commit().await?;
            if gone == 0 || table == "workspaces" {
                break;
            }
        }
    }
    tracing::info!(workspace.id = %workspace, "a deleted workspace is purged");
    Ok(())
}
