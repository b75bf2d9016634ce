//! Deletes files whose time is over.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::database;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::store;
use crate::{Context, pools};

/// Runs every hour.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

/// Time for which an export is listed. The audit log keeps its record for longer.
const KEEP_ROWS: TimeDelta = TimeDelta::days(90);

impl Job for Purge {
    type Context = Context;
    const NAME: &'static str = "exports.purge";
    const POOL: Pool = pools::BULK;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let now = ctx.clock.now();
        loop {
            job.extend_deadline(Self::TIMEOUT);
            // Of all workspaces; a transaction a file, so that no lock is held for long.
            let mut tx = database::platform(&ctx.db).await?;
            let expired = store::expire_one(&mut tx, now).await?;
            tx.commit().await?;
            if !expired {
                break;
            }
        }
        // Of all workspaces, as above.
        let mut tx = database::platform(&ctx.db).await?;
        store::forget(&mut tx, now - KEEP_ROWS).await?;
        tx.commit().await?;
        Ok(())
    }
}
