//! Finds the readers of all workspaces whose brief is due, and begins a digest for each.

use std::time::Duration;

use chrono_tz::Tz;
use kazi_platform::database;
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique, enqueue_all_with};
use serde::{Deserialize, Serialize};

use super::{
    Deliver,
    model::{DigestId, LATE},
    store::{
        digests::{self, NewDigest},
        subscriptions,
    },
};
use crate::{Context, pools};

/// Runs every minute.
#[derive(Debug, Serialize, Deserialize)]
pub struct Digest {}

/// Readers in one transaction. It locks their rows.
const BATCH: usize = 500;

impl Job for Digest {
    type Context = Context;
    const NAME: &'static str = "news.digest";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(120);

    fn options(&self) -> Options {
        Options::default().unique("due", Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        while batch(ctx).await? == BATCH {
            job.extend_deadline(Self::TIMEOUT);
        }
        Ok(())
    }
}

/// Handles some readers in one transaction: it writes their digests, the jobs that deliver them, and the readers' next
/// times. So after a crash each brief is begun once or is still due.
async fn batch(ctx: &Context) -> Result<usize, JobError> {
    let now = ctx.clock.now();
    // The transaction sees all workspaces, because one index has all due readers.
    let mut tx = database::platform(&ctx.db).await?;
    let due = subscriptions::due(&mut tx, now, i64::try_from(BATCH).unwrap_or(i64::MAX)).await?;
    let mut new = Vec::with_capacity(due.len());
    let mut next = Vec::with_capacity(due.len());
    for reader in &due {
        let zone: Tz = reader.zone.parse().unwrap_or_default();
        // The first time after now. After a pause, one brief is enough.
        next.push((reader.workspace, reader.id, reader.briefs.next(zone, now)));
        if now - reader.due_at > LATE {
            metrics::counter!("kazi_news_digests_total", "outcome" => "missed").increment(1);
            continue;
        }
        new.push(NewDigest {
            workspace: reader.workspace,
            id: DigestId::at(now),
            contact: reader.contact,
            slot: reader.slot,
            due_at: reader.due_at,
            article: None,
        });
    }
    let begun = digests::begin(&mut tx, &new).await?;
    let jobs = begun.into_iter().map(|(workspace, digest)| {
        let job = Deliver { workspace, digest };
        let options = job.options().tenant(workspace);
        (job, options)
    });
    enqueue_all_with(&mut tx, jobs.collect()).await?;
    subscriptions::advance(&mut tx, &next).await?;
    tx.commit().await?;
    kazi_queue::ring(Deliver::POOL);
    Ok(due.len())
}
