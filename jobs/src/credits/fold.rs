//! Writes into the ledger what became of reserved credits.

use std::time::Duration;

use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::{books, store};
use crate::{Across, Context, Work, pools};

/// Runs once a minute. Whoever opens the books meanwhile does the same.
#[derive(Debug, Serialize, Deserialize)]
pub struct Fold {}

impl Job for Fold {
    type Context = Context;
    const NAME: &'static str = "credits.fold";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        // Causes appear in any workspace, so one query looks at all of them.
        let mut across = Across::of(ctx).await?;
        let changed = store::changed(across.conn()).await?;
        across.commit().await?;
        let mut failed = None;
        for workspace in changed {
            // One that is locked for long keeps none of the others waiting.
            if let Err(error) = fold(ctx, workspace).await {
                tracing::warn!(workspace.id = %workspace, %error, "the credits of a workspace are not added up");
                failed = Some(error);
            }
        }
        failed.map_or(Ok(()), |error| Err(error.into()))
    }
}

async fn fold(ctx: &Context, workspace: WorkspaceId) -> Result<(), sqlx::Error> {
    let mut work = Work::of(ctx, workspace).await?;
    if let Some(books) = books::open(&mut work).await? {
        books.close(&mut work).await?;
    }
    work.commit().await
}
