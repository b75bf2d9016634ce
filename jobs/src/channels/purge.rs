//! Drops old webhook events by whole days, and makes the days to come.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::partitions;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::{EVENTS, store};
use crate::{Context, pools};

/// Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeEvents {}

/// Events are kept for a month.
const EVENTS_DAYS: i64 = 30;
/// Meta repeats itself for 7 days.
const KEYS_DAYS: i64 = 8;

impl Job for PurgeEvents {
    type Context = Context;
    const NAME: &'static str = "channels.purge_events";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut conn = ctx.db.acquire().await?;
        let now = ctx.clock.now();
        crate::make_partitions(&mut conn, now).await?;
        let oldest = now - TimeDelta::days(EVENTS_DAYS);
        partitions::drop_before(&mut conn, EVENTS, partitions::Period::Day, oldest).await?;
        while store::forget_keys(&mut conn, now - TimeDelta::days(KEYS_DAYS)).await? > 0 {}
        Ok(())
    }
}
