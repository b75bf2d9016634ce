//! Finds bookings that have ended without an outcome.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::database;
use kazi_queue::{Job, JobError, Pool, Running, enqueue_all_with};
use serde::{Deserialize, Serialize};

use super::{MarkNoShow, store};
use crate::{Context, pools};

/// Time that a member has to mark a booking as a no-show, before Kazi does.
pub(super) const GRACE: TimeDelta = TimeDelta::hours(2);
/// Bookings in one transaction.
const AT_ONCE: i64 = 1_000;

/// Runs every ten minutes.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindEnded {}

impl Job for FindEnded {
    type Context = Context;
    const NAME: &'static str = "appointments.find_ended";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(300);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let before = ctx.clock.now() - GRACE;
        let mut after = None;
        loop {
            // Time passes in all workspaces, so one query looks at all of them.
            let mut tx = database::platform(&ctx.db).await?;
            let found = store::ended(&mut tx, before, after, AT_ONCE).await?;
            let Some(last) = found.last() else {
                return Ok(());
            };
            after = Some(*last);
            let jobs = found.iter().map(|&(_, workspace, booking)| {
                let job = MarkNoShow { workspace, booking };
                // A job that still waits is not enqueued twice.
                let options = job.options();
                (job, options)
            });
            enqueue_all_with(&mut tx, jobs.collect()).await?;
            tx.commit().await?;
        }
    }
}
