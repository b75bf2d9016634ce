//! Ends orders that were not paid in time, so that their stock can be sold again.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{EnqueueError, Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{
    moves,
    place::payment_of,
    status::{Event, Move},
    store,
};
use crate::{
    Context, Work,
    payments::{self, OrderId},
    pools,
};

/// Time that Kazi still waits after the end, because a payment at the last moment is reported by webhook.
pub(super) const GRACE: TimeDelta = TimeDelta::minutes(10);

/// Time between two looks at a payment that takes days.
const SLOW: TimeDelta = TimeDelta::hours(1);

/// The order enqueues this job for the end of its payment time.
#[derive(Debug, Serialize, Deserialize)]
pub struct Expire {
    pub workspace: WorkspaceId,
    pub order: OrderId,
}

impl Expire {
    /// Enqueues the job for an order that can be paid until `until`.
    pub(super) async fn enqueue_at(
        &self,
        conn: &mut PgConnection,
        expires_at: Timestamp,
    ) -> Result<(), EnqueueError> {
        let options = self.options().due(expires_at + GRACE);
        self.enqueue_with(conn, options).await?;
        Ok(())
    }
}

impl Job for Expire {
    type Context = Context;
    const NAME: &'static str = "orders.expire";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.order.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (workspace, id, now) = (self.workspace, self.order, ctx.clock.now());
        let mut work = Work::of(ctx, workspace).await?;
        let Some(order) = store::lock(&mut work, id).await? else {
            tracing::warn!(order.id = %id, "no such order");
            return Ok(());
        };
        let Move::To { .. } = order.status.after(Event::Expire) else {
            return Ok(());
        };
        let until = order.expires_at + GRACE;
        if now < until {
            // The payment time was longer than planned.
            return Err(JobError::snooze_until(until, "it can still be paid"));
        }
        if payments::is_processing(&mut work, payment_of(id)).await? {
            // The customer has paid in a way that takes days. The stock stays reserved until the outcome is known.
            return Err(JobError::snooze_until(
                now + SLOW,
                "its payment is on its way",
            ));
        }
        moves::apply(&mut work, id, &order, Event::Expire).await?;
        // Payments refunds money that comes nevertheless.
        payments::withdraw(&mut work, payment_of(id)).await?;
        work.commit().await?;
        Ok(())
    }
}
