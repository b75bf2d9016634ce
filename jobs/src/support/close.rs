//! Closes a resolved ticket whose customer has not answered.

use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{EnqueueError, Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Status, TicketId, model::REOPENING, moves::log_status, store};
use crate::{
    Context, Work,
    endpoints::{Type, announce},
    pools,
};

/// Due seven days after the ticket was resolved.
#[derive(Debug, Serialize, Deserialize)]
pub struct CloseResolved {
    pub workspace: WorkspaceId,
    pub ticket: TicketId,
    /// The resolution that this job is for. When the ticket was opened again since, the job does nothing.
    pub resolved_at: Timestamp,
}

impl CloseResolved {
    /// Enqueues the closing for its time.
    pub(super) async fn plan(&self, conn: &mut PgConnection) -> Result<(), EnqueueError> {
        let due = self.resolved_at + REOPENING;
        self.enqueue_with(conn, self.options().due(due)).await?;
        Ok(())
    }
}

impl Job for CloseResolved {
    type Context = Context;
    const NAME: &'static str = "support.close_resolved";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> Options {
        let key = format!("{}:{}", self.ticket, self.resolved_at.timestamp_micros());
        Options::default()
            .tenant(self.workspace)
            .unique(key, Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(mut ticket) = store::lock(&mut work, self.ticket).await? else {
            tracing::warn!(ticket.id = %self.ticket, "a resolved ticket is gone");
            return Ok(());
        };
        // The ticket was opened again or closed meanwhile, or this is a second run.
        if ticket.status != Status::Resolved || ticket.resolved_at != Some(self.resolved_at) {
            return Ok(());
        }
        let before = ticket.clone();
        ticket.become_at(Status::Closed, work.now());
        store::save(&mut work, &ticket).await?;
        log_status(&mut work, "support.close", &before, &ticket).await?;
        announce(&mut work, Type::TICKET_CLOSED, ticket.id).await?;
        work.commit().await?;
        Ok(())
    }
}
