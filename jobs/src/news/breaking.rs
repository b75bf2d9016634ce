//! Sends an article to all readers of its topics at once.

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Pool, Priority, Running, enqueue_all_with};
use serde::{Deserialize, Serialize};

use super::{
    Deliver,
    model::{ArticleId, DigestId, Slot},
    store::{
        articles,
        digests::{self, NewDigest},
        subscriptions,
    },
};
use crate::{Context, Work, contacts::ContactId, pools};

/// Begins the digests of some readers, and enqueues the job for the next readers.
#[derive(Debug, Serialize, Deserialize)]
pub struct Breaking {
    pub workspace: WorkspaceId,
    pub article: ArticleId,
    /// The last reader of the previous batch.
    pub after: Option<ContactId>,
}

/// Readers in one transaction.
const BATCH: i64 = 500;

impl Job for Breaking {
    type Context = Context;
    const NAME: &'static str = "news.breaking";
    const POOL: Pool = pools::BULK;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let now = ctx.clock.now();
        let mut work = Work::of(ctx, self.workspace).await?;
        let article = articles::article(&mut work, self.article).await?;
        let Some((article, broken_at)) = article.and_then(|article| {
            let at = article.broken_at?;
            Some((article, at))
        }) else {
            tracing::warn!(article.id = %self.article, "no breaking news to tell");
            return Ok(());
        };
        let workspace = self.workspace;
        let readers = subscriptions::readers(&mut work, &article.topics, self.after, BATCH).await?;
        let new: Vec<NewDigest> = readers
            .iter()
            .map(|contact| NewDigest {
                workspace,
                id: DigestId::at(now),
                contact: *contact,
                slot: Slot::Breaking,
                // The moment makes the digest unique for its reader, so a second run begins none.
                due_at: broken_at,
                article: Some(article.id),
            })
            .collect();
        let begun = digests::begin(work.conn(), &new).await?;
        let jobs = begun.into_iter().map(|(workspace, digest)| {
            let job = Deliver { workspace, digest };
            let options = job.options().tenant(workspace).priority(Priority::High);
            (job, options)
        });
        enqueue_all_with(work.conn(), jobs.collect()).await?;
        // The job for the next readers commits together with these digests.
        if let Some(last) = readers
            .last()
            .filter(|_| i64::try_from(readers.len()) == Ok(BATCH))
        {
            let next = Self {
                workspace,
                article: article.id,
                after: Some(*last),
            };
            let options = next.options().tenant(workspace);
            next.enqueue_with(work.conn(), options).await?;
        }
        work.commit().await?;
        Ok(())
    }
}
