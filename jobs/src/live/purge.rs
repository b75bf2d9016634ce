//! Deletes the events that no client comes back for.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::database;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::{hub::KEPT_SECONDS, store};
use crate::{Context, pools};

/// Runs every ten minutes.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

/// A client that comes back at the last moment still finds its events.
const SPARE_SECONDS: i64 = 600;

impl Job for Purge {
    type Context = Context;
    const NAME: &'static str = "live.purge";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let before = ctx.clock.now() - TimeDelta::seconds(KEPT_SECONDS + SPARE_SECONDS);
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
