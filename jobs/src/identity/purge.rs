//! Forgets what has long been of no use: codes, tokens, failed tries.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::database;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::store::{self, Limits};
use crate::{Context, pools};

/// Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeExpired {}

/// After a day a code cannot be asked about any more.
const CODES: TimeDelta = TimeDelta::days(1);
/// A used token that is shown ends its family, so it is remembered for a while after its end.
const TOKENS: TimeDelta = TimeDelta::days(30);
/// By then nothing is left of a count.
const ATTEMPTS: TimeDelta = TimeDelta::days(2);

impl Job for PurgeExpired {
    type Context = Context;
    const NAME: &'static str = "identity.purge_expired";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let now = ctx.clock.now();
        let limits = Limits {
            codes: now - CODES,
            tokens: now - TOKENS,
            attempts: now - ATTEMPTS,
        };
        loop {
            // Of all workspaces and none; a transaction a batch, so that no lock is held for long.
            let mut tx = database::platform(&ctx.db).await?;
            let gone = store::purge(&mut tx, &limits).await?;
            tx.commit().await?;
            if gone == 0 {
                return Ok(());
            }
        }
    }
}
