//! Deletes single calls of models. The sums of their days and months stay.

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

const KEEP: TimeDelta = TimeDelta::days(90);

impl Job for Purge {
    type Context = Context;
    const NAME: &'static str = "ai.purge";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let before = ctx.clock.now() - KEEP;
        loop {
            job.extend_deadline(Self::TIMEOUT);
            // Of all workspaces; a transaction a batch, so that no lock is held for long.
            let mut tx = database::platform(&ctx.db).await?;
            let gone = store::calls::purge(&mut tx, before).await?;
            tx.commit().await?;
            if gone == 0 {
                return Ok(());
            }
        }
    }
}
