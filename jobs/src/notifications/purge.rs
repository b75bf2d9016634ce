//! Deletes old notifications, read or not.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::database;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::store;
use crate::{Context, pools};

/// Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

/// Kazi deletes notifications that are older than this.
const DAYS: i64 = 90;

impl Job for Purge {
    type Context = Context;
    const NAME: &'static str = "notifications.purge";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let before = ctx.clock.now() - TimeDelta::days(DAYS);
        loop {
            // Of the platform: the purge deletes rows of all workspaces.
            let mut tx = database::platform(&ctx.db).await?;
            let gone = store::purge(&mut tx, before).await?;
            tx.commit().await?;
            if gone == 0 {
                return Ok(());
            }
        }
    }
}
