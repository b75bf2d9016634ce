//! Deletes files: those whose row was forgotten, old ones, and those without a row.
//!
//! A row loses its key in the transaction that forgets it. The job that deletes the file is part of the same transaction.

use std::{collections::HashSet, time::Duration};

use chrono::TimeDelta;
use futures_util::{StreamExt, TryStreamExt};
use kazi_platform::{Timestamp, WorkspaceId, database};
use kazi_queue::{EnqueueError, Job, JobError, Options, Pool, Retry, Running, enqueue_all};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{MediaId, MediaReason, PUBLISHED_DAYS, fetch::discard, files::is_key, store};
use crate::{Context, Work, contacts::ContactId, pools, social, workspaces};

/// Files that one query looks at.
const AT_ONCE: usize = 500;
/// A younger file may be one that a run writes, and whose row is not committed.
const ORPHAN_AGE: TimeDelta = TimeDelta::days(1);

/// Deletes a file that has no row any more.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remove {
    pub workspace: WorkspaceId,
    pub key: String,
}

impl Job for Remove {
    type Context = Context;
    const NAME: &'static str = "media.remove";
    const POOL: Pool = pools::MEDIA;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(2), Duration::from_secs(3_600)).attempts(20);

    fn options(&self) -> Options {
        Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let deleted = ctx.files().delete(&self.key).await;
        deleted.map_err(|error| JobError::retry("place", error))
    }
}

async fn remove(work: &mut Work, keys: Vec<String>) -> Result<(), EnqueueError> {
    let workspace = work.workspace();
    let jobs = keys.into_iter().map(|key| Remove { workspace, key });
    let jobs: Vec<_> = jobs.collect();
    enqueue_all(work.conn(), &jobs).await?;
    Ok(())
}

/// Removes the files of a contact.
pub(super) async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    let keys = store::erase(work, contact).await?;
    Ok(remove(work, keys).await?)
}

/// Removes a file. Returns `false` when there is none.
pub(super) async fn forget(
    work: &mut Work,
    id: MediaId,
    reason: MediaReason,
) -> Result<bool, EnqueueError> {
    let Some(key) = store::forget(work, id, reason).await? else {
        return Ok(false);
    };
    remove(work, vec![key]).await?;
    Ok(true)
}

/// Removes files that are kept for long enough. Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Purge {}

impl Job for Purge {
    type Context = Context;
    const NAME: &'static str = "media.purge";
    const POOL: Pool = pools::BULK;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let fallback = ctx.providers.media.keep_days;
        // Of the platform: the purge spans workspaces.
        let mut tx = database::platform(&ctx.db).await?;
        let all = workspaces::media_keep_days(&mut tx).await?;
        tx.commit().await?;
        for (workspace, own) in all {
            // What the operator keeps for a time only, no workspace keeps for longer.
            let days = match (own.unwrap_or_default(), fallback) {
                (0, days) | (days, 0) => days,
                (own, fallback) => own.min(fallback),
            };
            if days == 0 {
                continue;
            }
            let before = ctx.clock.now() - TimeDelta::days(i64::from(days));
            release(ctx, workspace, before).await?;
            loop {
                let mut work = Work::of(ctx, workspace).await?;
                let published = work.now() - TimeDelta::days(PUBLISHED_DAYS);
                let most = AT_ONCE as i64;
                let keys = store::forget_old(&mut work, before, published, most).await?;
                let count = keys.len();
                remove(&mut work, keys).await?;
                work.commit().await?;
                job.extend_deadline(Self::TIMEOUT);
                if count < AT_ONCE {
                    break;
                }
            }
        }
        Ok(())
    }
}

/// Keeps the old files of deleted posts no longer than others.
async fn release(ctx: &Context, workspace: WorkspaceId, before: Timestamp) -> Result<(), JobError> {
    let mut after = MediaId::from(Uuid::nil());
    loop {
        let mut work = Work::of(ctx, workspace).await?;
        let old = store::lasting::next_old(&mut work, before, after, AT_ONCE as i64).await?;
        let Some(last) = old.last() else {
            return Ok(());
        };
        after = *last;
        let names: Vec<String> = old.iter().map(MediaId::to_string).collect();
        let shown = social::shown(&mut work, &names).await?;
        let (old, names) = (old.into_iter(), names.iter());
        let unused = old.zip(names).filter(|(_, name)| !shown.contains(name));
        let unused: Vec<MediaId> = unused.map(|(id, _)| id).collect();
        store::lasting::unmake(&mut work, &unused).await?;
        work.commit().await?;
    }
}

/// Deletes files without a row: a process died between the two, or a deletion failed. Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sweep {}

impl Job for Sweep {
    type Context = Context;
    const NAME: &'static str = "media.sweep";
    const POOL: Pool = pools::BULK;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let files = ctx.files();
        let place = |error: String| JobError::retry("place", error);
        let young = ctx.clock.now() - ORPHAN_AGE;
        files.delete_unfinished(young);
        // Another program's files in the same bucket are none of ours.
        let old = files.list(None).try_filter_map(|(key, time)| async move {
            Ok((time < young && is_key(&key)).then_some(key))
        });
        let mut groups = old.try_chunks(AT_ONCE).boxed();
        let mut swept = 0_u64;
        while let Some(keys) = groups.next().await {
            let keys = keys.map_err(|error| place(error.1))?;
            // Of the platform: the sweep spans workspaces.
            let mut tx = database::platform(&ctx.db).await?;
            let known = store::known_keys(&mut tx, &keys).await?;
            tx.commit().await?;
            let known: HashSet<String> = known.into_iter().collect();
            for key in keys.iter().filter(|key| !known.contains(*key)) {
                discard(&files, key).await;
                swept += 1;
            }
            job.extend_deadline(Self::TIMEOUT);
        }
        metrics::counter!("kazi_media_orphans_total").increment(swept);
        Ok(())
    }
}
