//! Reads the page of a document anew, and replaces its pieces.

use std::time::Duration;

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running, Unique};
use serde::{Deserialize, Serialize};

use super::{
    documents::{DocumentId, DocumentState, PIECES, fits, pieces},
    embeddings,
    page::{Page, Unread, Web},
    store::documents as store,
};
use crate::{Context, Work, pools};

/// A member's wish to read a page enqueues this job in its transaction.
#[derive(Debug, Serialize, Deserialize)]
pub struct FetchPage {
    pub workspace: WorkspaceId,
    pub document: DocumentId,
}

impl Job for FetchPage {
    type Context = Context;
    const NAME: &'static str = "ai.fetch_page";
    const POOL: Pool = pools::BULK;
    /// A member waits for the page, or for the reason: about ten minutes.
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(30), Duration::from_secs(300)).attempts(5);

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.document.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let found = store::find_document(&mut work, self.document).await?;
        // No connection is held while the page answers.
        drop(work);
        let Some(address) = found
            .filter(|document| document.state == DocumentState::Fetching)
            .and_then(|document| document.address)
        else {
            tracing::warn!(document.id = %self.document, "no page to fetch");
            return Ok(());
        };
        let read = ctx.shared::<Web>().read(&address).await;
        match read {
            Err(unread) if unread.again && !job.is_last_attempt() => {
                Err(JobError::retry("page_unread", unread.reason))
            }
            Err(Unread { reason, .. }) => self.fail(ctx, &address, &reason).await,
            Ok(page) => self.keep(ctx, &address, page).await,
        }
    }
}

impl FetchPage {
    /// Replaces text and pieces in one transaction.
    async fn keep(&self, ctx: &Context, address: &str, page: Page) -> Result<(), JobError> {
        if !fits(&page.text) {
            return self.fail(ctx, address, "the page has too much text").await;
        }
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(document) = store::lock_document(&mut work, self.document).await? else {
            return Ok(());
        };
        // Somebody has replaced the document meanwhile.
        if document.address.as_deref() != Some(address) {
            return Ok(());
        }
        let pieces = pieces(&document.title, page.format, &page.text);
        if pieces.is_empty() || pieces.len() > PIECES {
            drop(work);
            let reason = "the page has no text for a reader, or too much";
            return self.fail(ctx, address, reason).await;
        }
        store::fetched(&mut work, self.document, page.format, &page.text).await?;
        store::remove_pieces(&mut work, self.document).await?;
        store::add_pieces(&mut work, self.document, &document.language, &pieces).await?;
        embeddings::wish(&mut work).await?;
        work.commit().await?;
        Ok(())
    }

    /// Tells why. What was read before stays.
    async fn fail(&self, ctx: &Context, address: &str, reason: &str) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        store::failed(&mut work, self.document, address, reason).await?;
        work.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
