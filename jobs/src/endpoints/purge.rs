//! Deletes old events with their deliveries, and deleted endpoints that have none any more.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::database;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::store::{self, removal};
use crate::{Context, pools};

/// Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

/// Kazi deletes events that are older than this. The last attempt comes after four days at most, unless it is replayed.
const DAYS: i64 = 30;

impl Job for Purge {
    type Context = Context;
    const NAME: &'static str = "endpoints.purge";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let before = ctx.clock.now() - TimeDelta::days(DAYS);
        loop {
            // Of the platform: the purge deletes rows of all workspaces.
            let mut tx = database::platform(&ctx.db).await?;
            let gone = removal::purge(&mut tx, before).await?;
            if gone == 0 {
                store::purge(&mut tx).await?;
                tx.commit().await?;
                return Ok(());
            }
            tx.commit().await?;
            job.extend_deadline(Self::TIMEOUT);
        }
    }
}
