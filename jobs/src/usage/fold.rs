//! Adds what was charged to the rows of its days.

use std::{collections::BTreeMap, time::Duration};

use chrono::NaiveDate;
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::store;
use crate::{Across, Context, pools, workspaces};

/// Causes in one transaction.
const AT_ONCE: i64 = 5_000;

/// Runs once a minute.
#[derive(Debug, Serialize, Deserialize)]
pub struct Fold {}

impl Job for Fold {
    type Context = Context;
    const NAME: &'static str = "usage.fold";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        // Causes appear in any workspace, so one query looks at all of them.
        let mut across = Across::of(ctx).await?;
        let changed = store::changed(across.conn()).await?;
        across.commit().await?;
        for workspace in changed {
            while some(ctx, workspace).await? == AT_ONCE {}
        }
        Ok(())
    }
}

/// Adds up some causes of a workspace, and returns how many there were. They are marked in the same transaction, so each
/// counts once.
async fn some(ctx: &Context, workspace: WorkspaceId) -> Result<i64, sqlx::Error> {
    // The prices are the platform's, and no workspace sees them in a table.
    let mut work = Across::of(ctx).await?.within(workspace);
    let taken = store::take(&mut work, AT_ONCE).await?;
    let zone = workspaces::time_zone(&mut work).await?;
    let mut days: BTreeMap<(NaiveDate, String, i64), i64> = BTreeMap::new();
    for cause in &taken {
        let day = cause.at.with_timezone(&zone).date_naive();
        *days
            .entry((day, cause.kind.clone(), cause.price_micro))
            .or_default() += cause.quantity;
    }
    store::add(&mut work, &days).await?;
    work.commit().await?;
    Ok(i64::try_from(taken.len()).unwrap_or(i64::MAX))
}
