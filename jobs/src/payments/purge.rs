//! Deletes old events. Stripe itself keeps them for 30 days.

use chrono::TimeDelta;
use kazi_platform::database;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::store::events;
use crate::{Context, pools};

/// Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeEvents {}

/// Longer than Stripe keeps events, because a reconciliation must find each event that Stripe lists.
const KEPT: TimeDelta = TimeDelta::days(60);
/// Rows in one transaction.
const BATCH: i64 = 5_000;

impl Job for PurgeEvents {
    type Context = Context;
    const NAME: &'static str = "payments.purge_events";
    const POOL: Pool = pools::BULK;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        loop {
            // The transaction sees all workspaces.
            let mut tx = database::platform(&ctx.db).await?;
            let gone = events::purge(&mut tx, ctx.clock.now() - KEPT, BATCH).await?;
            tx.commit().await?;
            if gone == 0 {
                return Ok(());
            }
        }
    }
}
