//! Deletes old calls of tools. Only a job that runs again needs them.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::database;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::store;
use crate::{Context, pools};

/// An operator replays a dead letter within this time.
const KEPT_DAYS: i64 = 30;

/// Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Forget {}

impl Job for Forget {
    type Context = Context;
    const NAME: &'static str = "bot.forget";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let before = ctx.clock.now() - TimeDelta::days(KEPT_DAYS);
        loop {
            // Of the platform: the job deletes rows of all workspaces.
            let mut tx = database::platform(&ctx.db).await?;
            let gone = store::forget(&mut tx, before).await?;
            tx.commit().await?;
            if gone == 0 {
                return Ok(());
            }
        }
    }
}
