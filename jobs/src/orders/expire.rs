//! Ends orders that were not paid in time: what they held can be sold again.

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

/// So long after its time an order is still waited for: who pays in the last moment is told of by a webhook.
pub(super) const GRACE: TimeDelta = TimeDelta::minutes(10);

/// Between two looks at a payment that takes days.
const SLOW: TimeDelta = TimeDelta::hours(1);

/// Enqueued with the order, for when its time is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct Expire {
    pub workspace: WorkspaceId,
    pub order: OrderId,
}

impl Expire {
    /// Enqueues it for an order that can be paid until then.
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
            // It could be paid for longer than was thought when it was placed.
            return Err(JobError::snooze_until(until, "it can still be paid"));
        }
        if payments::is_processing(&mut work, payment_of(id)).await? {
            // Paid by a way that takes days: what is ordered is kept until the money comes or does not.
            return Err(JobError::snooze_until(
                now + SLOW,
                "its payment is on its way",
            ));
        }
        moves::apply(&mut work, id, &order, Event::Expire).await?;
        // Money that comes nevertheless is given back by payments.
        payments::withdraw(&mut work, payment_of(id)).await?;
        work.commit().await?;
        Ok(())
    }
}
