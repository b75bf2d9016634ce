//! Deletes expired answers.

use std::time::Duration;

use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use crate::{Context, pools};

/// Runs once an hour.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

impl Job for Purge {
    type Context = Context;
    const NAME: &'static str = "idempotency.purge";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        while super::forget(ctx, ctx.clock.now()).await? {}
        Ok(())
    }
}
