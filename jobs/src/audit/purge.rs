//! Drops old months of the log.

use std::time::Duration;

use chrono::Months;
use kazi_platform::partitions;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use crate::{Context, pools};

/// Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

const MONTHS: Months = Months::new(24);

impl Job for Purge {
    type Context = Context;
    const NAME: &'static str = "audit.purge";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let Some(oldest) = ctx.clock.now().checked_sub_months(MONTHS) else {
            return Ok(());
        };
        let mut conn = ctx.owner.acquire().await?;
        partitions::drop_before(&mut conn, "audit_log", partitions::Period::Month, oldest).await?;
        Ok(())
    }
}
