//! Makes the vectors of pieces that have none.

use std::time::{Duration, Instant};

use kazi_clients::openrouter::{Error, Unanswered};
use kazi_platform::{WorkspaceId, database};
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running, Unique};
use serde::{Deserialize, Serialize};

use super::{
    calls::{count, log_call},
    class,
    embeddings::{MOST_PIECES, embedder},
    store::vectors as store,
};
use crate::{Context, Work, pools};

/// Texts of one request. A piece has at most about 1,200 characters.
const BATCH: i64 = 32;

/// Each change of the knowledge enqueues this job in its transaction.
#[derive(Debug, Serialize, Deserialize)]
pub struct Embed {
    pub workspace: WorkspaceId,
}

impl Job for Embed {
    type Context = Context;
    const NAME: &'static str = "ai.embed";
    const POOL: Pool = pools::BULK;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(5), Duration::from_secs(120)).attempts(5);
    const TIMEOUT: Duration = Duration::from_secs(600);

    /// One at a time, so that no piece is paid for twice. A change while one runs enqueues the next.
    fn options(&self) -> Options {
        let key = format!("ai.embed:{}", self.workspace);
        Options::default()
            .tenant(self.workspace)
            .unique(key.clone(), Unique::WhilePending)
            .sequence(key)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let Some(client) = ctx.openrouter() else {
            return Ok(());
        };
        loop {
            let mut work = Work::of(ctx, self.workspace).await?;
            let Some(embedder) = embedder(&mut work).await? else {
                return Ok(());
            };
            let missing = store::missing(&mut work, embedder.model(), MOST_PIECES, BATCH).await?;
            // No connection is held while the model works.
            drop(work);
            if missing.is_empty() {
                return Ok(());
            }
            let (ids, texts) = missing.into_iter().unzip();
            let started = Instant::now();
            let embedded = client.embed(&embedder.request(texts)).await;
            let call = embedder.call(&embedded, started.elapsed());
            count(&call);
            let mut work = Work::of(ctx, self.workspace).await?;
            if let Ok(done) = &embedded {
                store::keep(&mut work, embedder.model(), ids, &done.vectors).await?;
            }
            log_call(&mut work, &call).await?;
            work.commit().await?;
            if let Err(unanswered) = &embedded {
                return give_up(unanswered, job);
            }
        }
    }
}

/// Tries again, or leaves the rest to the next hour.
fn give_up(unanswered: &Unanswered, job: &Running) -> Result<(), JobError> {
    let passes = matches!(
        unanswered.error,
        Error::Busy { .. } | Error::Unavailable(_) | Error::Failed(_)
    );
    if job.is_last_attempt() || !passes {
        tracing::warn!(error = %unanswered, "some knowledge is not searched by meaning yet");
        return Ok(());
    }
    Err(match &unanswered.error {
        Error::Busy { retry_after, .. } => JobError::retry_after(
            retry_after.unwrap_or_default(),
            "model_busy",
            "the model is busy",
        ),
        error => JobError::retry(class(error), error),
    })
}

/// Runs once an hour: a provider that failed is back, or a new month has a budget.
#[derive(Debug, Serialize, Deserialize)]
pub struct EmbedAll {}

impl Job for EmbedAll {
    type Context = Context;
    const NAME: &'static str = "ai.embed_all";
    const POOL: Pool = pools::DEFAULT;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        // Of the platform: it looks for the workspaces whose knowledge misses vectors.
        let mut tx = database::platform(&ctx.db).await?;
        for workspace in store::unfinished(&mut tx, MOST_PIECES).await? {
            Embed { workspace }.enqueue(&mut tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
