//! Finds posts past their time that have neither appeared nor failed, and enqueues a job for each. So Kazi notices a
//! lost job before the followers do.

use chrono::TimeDelta;
use kazi_platform::database;
use kazi_queue::{Job, JobError, Pool, Running, Unique, enqueue_all_with};
use serde::{Deserialize, Serialize};

use super::{Publish, store::schedules as store};
use crate::{Context, pools};

/// Runs every ten minutes.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sweep {}

/// Time after which a post should have appeared, or have a job that works on it.
const GRACE: TimeDelta = TimeDelta::minutes(15);
/// Posts in one transaction.
const PAGE: i64 = 500;

impl Job for Sweep {
    type Context = Context;
    const NAME: &'static str = "social.sweep";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> kazi_queue::Options {
        kazi_queue::Options::default().unique("all", Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let before = ctx.clock.now() - GRACE;
        let mut after = None;
        loop {
            // The transaction sees the posts of all workspaces. A job that exists is not enqueued twice, because its
            // key is the schedule and its time.
            let mut tx = database::platform(&ctx.db).await?;
            let page = store::overdue(&mut tx, before, after, PAGE).await?;
            let Some((_, last, _, at)) = page.last() else {
                return Ok(());
            };
            after = Some((*at, *last));
            let jobs = page
                .into_iter()
                .map(|(workspace, schedule, account, due_at)| {
                    let job = Publish {
                        workspace,
                        schedule,
                    };
                    let options = job.options_at(&account.to_string(), due_at);
                    (job, options)
                });
            enqueue_all_with(&mut tx, jobs.collect()).await?;
            tx.commit().await?;
        }
    }
}
