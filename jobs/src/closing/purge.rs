//! Deletes all rows of workspaces that were deleted more than 30 days ago.

use std::{iter, time::Duration};

use chrono::TimeDelta;
use kazi_platform::{WorkspaceId, actor::Actor, database};
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use crate::{
    Across, Context,
    audit::{self, Change},
    domain::offers,
    pools,
    workspaces::{self, RESTORABLE_DAYS},
};

/// Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeDeleted {}

/// Lists every table with a `workspace_id`. A table stands before the tables that its foreign keys point to: tables point to
/// those of lower domains, so the list begins with the highest domain. The data keys come first. Without them the sealed
/// values are unreadable, also in a later back-up. The workspace's own row comes last; its column is called `id`.
pub(crate) fn tables() -> impl Iterator<Item = &'static str> {
    let of_domains = crate::DOMAINS.iter().rev().flat_map(|domain| domain.tables);
    iter::once("workspace_keys")
        .chain(of_domains.copied())
        .chain(iter::once("workspaces"))
}

/// Rows of one transaction. A longer transaction would hold more locks and keep the vacuum waiting.
const BATCH: i64 = 2_000;

impl Job for PurgeDeleted {
    type Context = Context;
    const NAME: &'static str = "workspaces.purge_deleted";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(3_600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let before = ctx.clock.now() - TimeDelta::days(RESTORABLE_DAYS);
        // Of the platform: the purge spans workspaces, and a deleted one has no members.
        let mut tx = database::platform(&ctx.db).await?;
        let deleted = workspaces::deleted_before(&mut tx, before).await?;
        tx.commit().await?;
        for workspace in deleted {
            purge(ctx, workspace).await?;
        }
        Ok(())
    }
}

/// Deletes in batches. The workspace's own row goes last, so the next night finds it and continues if this process dies.
async fn purge(ctx: &Context, workspace: WorkspaceId) -> Result<(), JobError> {
    for outside in offers::<workspaces::Purges>() {
        let purged = (outside.purge)(ctx, workspace).await;
        purged.map_err(|error| JobError::retry("outside", error))?;
    }
    for table in tables() {
        loop {
            // Of the platform, as above.
            let mut work = Across::of(ctx).await?.within(workspace);
            let gone = workspaces::purge(&mut work, table, BATCH).await?;
            if table == "workspaces" {
                // Its fields are purged too, so the log has none of them.
                let change = Change::done("workspaces.purge", ("workspace", workspace));
                // The record belongs to no workspace: this one is gone.
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
