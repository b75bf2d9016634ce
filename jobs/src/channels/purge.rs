//! Drops old webhook events by whole days, and creates the partitions of the coming days.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::{database, partitions};
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::{EVENTS, store::events as store};
use crate::{Context, pools};

/// Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeEvents {}

/// Days that events are kept.
const EVENTS_DAYS: i64 = 30;
/// Days that keys are kept. Meta repeats a webhook for 7 days.
const KEYS_DAYS: i64 = 8;

impl Job for PurgeEvents {
    type Context = Context;
    const NAME: &'static str = "channels.purge_events";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        // Only the owner of a table can create and drop its partitions.
        let mut conn = ctx.owner.acquire().await?;
        let now = ctx.clock.now();
        crate::make_partitions(&mut conn, now).await?;
        let oldest = now - TimeDelta::days(EVENTS_DAYS);
        partitions::drop_before(&mut conn, EVENTS, partitions::Period::Day, oldest).await?;
        drop(conn);
        let oldest = now - TimeDelta::days(KEYS_DAYS);
        loop {
            // Keys belong to no workspace.
            let mut tx = database::platform(&ctx.db).await?;
            let forgotten = store::forget_keys(&mut tx, oldest).await?;
            tx.commit().await?;
            if forgotten == 0 {
                return Ok(());
            }
        }
    }
}
