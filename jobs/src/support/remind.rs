//! Reminds the members of a ticket that waits too long.

use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{EnqueueError, Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{TicketId, store, tickets::tell};
use crate::{Context, Work, notifications::Kind, pools};

/// Due four hours after the customer's message.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemindUnanswered {
    pub workspace: WorkspaceId,
    pub ticket: TicketId,
    /// The waiting time that this job is for. An answer clears it, and then the job does nothing.
    pub since: Timestamp,
}

impl RemindUnanswered {
    /// Enqueues the reminder for its time.
    pub(super) async fn plan(
        &self,
        conn: &mut PgConnection,
        due: Timestamp,
    ) -> Result<(), EnqueueError> {
        self.enqueue_with(conn, self.options().due(due)).await?;
        Ok(())
    }
}

impl Job for RemindUnanswered {
    type Context = Context;
    const NAME: &'static str = "support.remind_unanswered";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> Options {
        let key = format!("{}:{}", self.ticket, self.since.timestamp_micros());
        Options::default()
            .tenant(self.workspace)
            .unique(key, Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (workspace, now) = (self.workspace, ctx.clock.now());
        let mut work = Work::of(ctx, workspace).await?;
        let Some(mut ticket) = store::lock(&mut work, self.ticket).await? else {
            tracing::warn!(ticket.id = %self.ticket, "a ticket that waits is gone");
            return Ok(());
        };
        // The ticket was answered or closed meanwhile, or this is a second run.
        if ticket.waiting_since != Some(self.since) || ticket.reminded_at.is_some() {
            return Ok(());
        }
        ticket.reminded_at = Some(now);
        store::save(&mut work, &ticket).await?;
        let title = "A ticket has waited for an answer for four hours.";
        tell(&mut work, &ticket, Kind::TICKET_UNANSWERED, title).await?;
        work.commit().await?;
        metrics::counter!("kazi_support_tickets_unanswered_total").increment(1);
        Ok(())
    }
}
