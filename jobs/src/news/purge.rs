//! Deletes old articles and digests.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::database;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::store::articles as store;
use crate::{Context, pools};

/// Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

/// Much longer than an article is fresh, so a deleted article is not sent again.
const KEEP: TimeDelta = TimeDelta::days(90);
/// Rows in one transaction. It holds their locks.
const BATCH: i64 = 1_000;

impl Job for Purge {
    type Context = Context;
    const NAME: &'static str = "news.purge";
    const POOL: Pool = pools::BULK;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let before = ctx.clock.now() - KEEP;
        loop {
            // The transaction sees all workspaces, because age is the same in all.
            let mut tx = database::platform(&ctx.db).await?;
            let gone = store::purge(&mut tx, before, BATCH).await?;
            tx.commit().await?;
            if gone == 0 {
                return Ok(());
            }
            job.extend_deadline(Self::TIMEOUT);
        }
    }
}
